"""The roles a post can carry, in the field's words. Pure: what each may do is declared in the parts' permissions."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role is held through a post, from a day to a day; a person may hold several posts."""

    REFERRER = "referrer"
    FRONT_DOOR_WORKER = "front_door_worker"
    SOCIAL_WORKER = "social_worker"
    FRONT_DOOR_MANAGER = "front_door_manager"
    TEAM_MANAGER = "team_manager"
    KEY_WORKER = "key_worker"
    STATUTORY_OFFICER = "statutory_officer"
    DESIGNATED_OFFICER = "designated_officer"
    DATA_LEAD = "data_lead"
    INFORMATION_GOVERNANCE = "information_governance"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    FINANCE_DIRECTOR = "finance_director"
    CHIEF_FINANCE_OFFICER = "chief_finance_officer"
    POOL_MANAGER = "pool_manager"
    BUDGET_HOLDER = "budget_holder"
    AUDITOR = "auditor"
    PROGRAMME_MANAGER = "programme_manager"
    COMMISSIONER = "commissioner"
    DIRECTOR = "director"
    BOARD_MEMBER = "board_member"
    SCRUTINY_MEMBER = "scrutiny_member"
    GOVERNANCE_OFFICER = "governance_officer"
    DIRECTORY_EDITOR = "directory_editor"
    DIRECTORY_MANAGER = "directory_manager"

    @property
    def sentence(self) -> str:
        """What the role is, for the page that says who can do what."""
        return _SENTENCES[self]


_SENTENCES = {
    Role.REFERRER: "A professional in any partner agency, or a school, who may ask the front door for help.",
    Role.FRONT_DOOR_WORKER: "Works at the front door: receives contacts, compares notes, rates and proposes.",
    Role.SOCIAL_WORKER: "A registered social worker at the front door: decides what a worker may only propose.",
    Role.FRONT_DOOR_MANAGER: "Runs the front door: decides, allocates, and watches the clocks.",
    Role.TEAM_MANAGER: "Runs a case-management team: names lead professionals and supervises their work.",
    Role.KEY_WORKER: "Works with families in a team and may be their lead professional.",
    Role.STATUTORY_OFFICER: "Receives hand-overs in the council's statutory social care service.",
    Role.DESIGNATED_OFFICER: "Receives allegations against people who work with children.",
    Role.DATA_LEAD: "Answers for the records and observations their own organisation sends, and sees nothing else.",
    Role.INFORMATION_GOVERNANCE: "Reads the audit trail and answers for who saw what.",
    Role.SYSTEM_ADMINISTRATOR: "Keeps accounts, posts and settings; sees no child's record.",
    Role.FINANCE_DIRECTOR: "Answers for what one partner puts into shared budgets and what it gets out of them.",
    Role.CHIEF_FINANCE_OFFICER: "A partner's chief finance officer, in a council the section 151 officer: authorises shared money.",
    Role.POOL_MANAGER: "Manages a shared fund from day to day for its host, and reports on it to every partner.",
    Role.BUDGET_HOLDER: "Answers for single lines of a shared budget.",
    Role.AUDITOR: "Reads everything about shared money and changes nothing.",
    Role.PROGRAMME_MANAGER: "Runs a programme of several partners: its strands, business cases and benefits.",
    Role.COMMISSIONER: "Plans and buys services for children and families, and answers for whether they help.",
    Role.DIRECTOR: "Leads a partner or a service of it, sits on boards and answers there for what it agreed.",
    Role.BOARD_MEMBER: "Sits on a board: a lead member, a political leader, a non-executive.",
    Role.SCRUTINY_MEMBER: "A councillor on a scrutiny committee, who looks at what others decide and recommends.",
    Role.GOVERNANCE_OFFICER: "Keeps boards, their agendas, minutes and decisions.",
    Role.DIRECTORY_EDITOR: "Keeps what the directory says of their own organisation’s services, and sees nothing else.",
    Role.DIRECTORY_MANAGER: "Keeps the directory true: approves what providers write, and makes sure that it is so.",
}

FINANCE = frozenset(
    {Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER, Role.POOL_MANAGER, Role.BUDGET_HOLDER, Role.AUDITOR}
)
FRONT_DOOR = frozenset({Role.FRONT_DOOR_WORKER, Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER})
PROFESSIONALS = frozenset(
    {
        Role.REFERRER,
        Role.FRONT_DOOR_WORKER,
        Role.SOCIAL_WORKER,
        Role.FRONT_DOOR_MANAGER,
        Role.TEAM_MANAGER,
        Role.KEY_WORKER,
        Role.STATUTORY_OFFICER,
        Role.DESIGNATED_OFFICER,
    }
)
