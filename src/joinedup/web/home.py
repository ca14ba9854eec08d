"""The first page: the role’s three questions with their answers, what else needs this person now, and what they often do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor, Standing
from joinedup.access.approvals import count_waiting
from joinedup.access.permissions import (
    OPEN_ACCOUNT,
    READ_ACCOUNTS,
    READ_APPROVALS,
    READ_AUDIT,
    READ_OUTBOX,
    Permission,
    can,
)
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.casework import permissions as casework_may
from joinedup.casework import queries as casework
from joinedup.casework.permissions import WRITE_VISITS, WRITE_VISITS_FIRST
from joinedup.core import drafts
from joinedup.core.answers import Fact, facts_for, with_ending
from joinedup.front_door import permissions as may
from joinedup.front_door import queries as front_door
from joinedup.funds import queries as funds
from joinedup.funds.permissions import READ_FUNDS, READ_HELD
from joinedup.information_sharing import queries as sharing
from joinedup.information_sharing.permissions import READ_AGREEMENTS, READ_REFUSALS, READ_TO_ANSWER
from joinedup.person_index import queries as person_index
from joinedup.person_index.permissions import (
    BREAK_GLASS,
    DECLARE_FAMILY,
    READ_BREAK_GLASS,
    READ_OBSERVATIONS,
    READ_QUALITY,
)
from joinedup.web.questions import homes_of


@dataclass(frozen=True)
class Count:
    """A number that leads to the list behind it. In `words` an ending for more than one stands in brackets: “task[s]”,
    “emergenc[y|ies]”."""

    n: int
    words: str
    href: str
    urgent: bool = False
    key: str = ""  # which answer of `questions.COUNTS` it belongs to
    note: str = ""

    @property
    def label(self) -> str:
        """The words for this number."""
        return with_ending(self.words, self.n)

    @property
    def shown(self) -> str:
        """The number as a page says it."""
        return f"{self.n:,}"


@dataclass(frozen=True)
class Action:
    """Something the person often does."""

    text: str
    href: str
    may_be_button: bool = True


@dataclass(frozen=True)
class Answered:
    """A question of a role with what answers it."""

    asks: str
    facts: tuple[Count | Fact, ...]


@dataclass(frozen=True)
class Home:
    """What the first page shows: the questions of the role, and what else there is. The first action is the page's button,
    unless it is rarely the first thing to do."""

    role: str
    roles: tuple[tuple[str, str], ...]  # the homes there are for the viewer, where there is a choice
    answered: tuple[Answered, ...]
    counts: list[Count]
    actions: list[Action]
    cases: tuple[casework.OwnCase, ...]
    standings: tuple[Standing, ...]

    @property
    def button(self) -> Action | None:
        """The page's one button."""
        return self.actions[0] if self.actions and self.actions[0].may_be_button else None

    @property
    def links(self) -> list[Action]:
        """What else the person can do."""
        return self.actions[1:] if self.button else self.actions


def home_of(viewer: Actor, role: str = "") -> Home:
    """The first page of a viewer, as one of the roles they hold; the first with questions of its own unless chosen."""
    homes = homes_of(viewer, timezone.localdate(viewer.at))
    chosen = next((each for each in homes if each.role == role), homes[0] if homes else None)
    counts = list(_counts(viewer))
    questions = chosen.questions if chosen else ()
    found = facts_for(viewer, [key for each in questions for key in each.answers])
    answered, taken = [], set[str]()
    for each in questions:
        mine: list[Count | Fact] = []
        for key in each.answers:
            mine += found.get(key, ())
            mine += [count for count in counts if count.key == key and key not in taken]
            taken.add(key)
        answered.append(Answered(each.asks, tuple(mine)))
    return Home(
        chosen.role.value if chosen else "",
        tuple((each.role.value, each.role.value.replace("_", " ")) for each in homes) if len(homes) > 1 else (),
        tuple(answered), [count for count in counts if count.key not in taken], list(_actions(viewer)),
        casework.own_cases(viewer), viewer.standings,
    )  # fmt: skip


def _counts(viewer: Actor) -> Iterator[Count]:
    if can(viewer, READ_TO_ANSWER):
        to_answer = sharing.count_to_answer(viewer)
        if to_answer["waiting"] or viewer.has_role(Role.REFERRER):
            late = to_answer["overdue"] > 0
            yield Count(
                to_answer["waiting"], "request[s] to answer", reverse("requests_to_answer"), late, "work.incoming"
            )
    if can(viewer, may.READ_DUTY_BOARD):
        yield Count(front_door.count_pages(viewer), "red, not accepted yet", reverse("duty"), True, "work.red")
    if can(viewer, may.READ_WORKLIST):
        yield from _work(viewer)
    yield from _casework(viewer)
    if can(viewer, may.READ_NOTICES):
        about_cases, late_about = front_door.count_notices(viewer)
        yield Count(about_cases, "referral[s] about your cases", reverse("notices"), late_about > 0)
    if can(viewer, may.READ_HANDOVERS):
        yield Count(
            front_door.count_handovers(viewer), "hand-over[s] to receive", reverse("handovers"), True, "work.incoming"
        )
    if can(viewer, may.READ_ALLEGATIONS):
        to_take, late_to_take = front_door.count_allegations(viewer)
        yield Count(to_take, "allegation[s] to take", reverse("allegations"), late_to_take > 0, "work.incoming")
    if can(viewer, may.REVIEW_ASKING):
        yield Count(front_door.count_asked_at_once(viewer), "asked at once, to review", reverse("asked_at_once"))
    yield from _guarding(viewer)
    yield from _money(viewer)
    if unfinished := drafts.count_unfinished(drafts.holder_of(viewer.account_id, {}), viewer):
        yield Count(unfinished, "your unfinished form[s]", reverse("drafts"))


def _casework(viewer: Actor) -> Iterator[Count]:
    """Offers of a lead professional's duty, what is due of one's own cases, and what is overdue in one's team."""
    if can(viewer, casework_may.READ_SENT_BACK):
        asked, unanswered = casework.count_sent_back(viewer)
        if asked:
            yield Count(asked, "sent back by a team, to answer", reverse("sent_back"), unanswered > 0, "team.decide")
    offers = casework.offers_to(viewer) if can(viewer, casework_may.READ_CASES) else []
    for offer in offers:
        yield Count(1, "case you are asked to lead", reverse("lead_offer", args=[offer.pk]), True, "case.offers")
    if can(viewer, casework_may.READ_CASES) and not can(viewer, casework_may.READ_BOARD):
        due = casework.count_due(viewer, len(offers))
        yield Count(due.n, "due this week", reverse("this_week"), due.overdue > 0, "case.due")
        yield Count(due.overdue, "overdue of yours", reverse("this_week"), True, "case.late")
    steps, late_steps = casework.count_steps(viewer)
    if steps:
        yield Count(steps, "step[s] up or down waiting for you", reverse("case_duties"), late_steps > 0, "case.steps")
    if can(viewer, casework_may.READ_BOARD):
        in_teams = casework.due_in_teams(viewer)
        overdue, withdrawn = in_teams.overdue_reviews, in_teams.withdrawn
        yield Count(
            overdue, "overdue review[s] in your team", f"{reverse('cases')}?list=overdue", overdue > 0, "team.late"
        )
        if withdrawn.n:
            href = f"{reverse('cases')}?list=withdrawn"
            yield Count(withdrawn.n, "agreement[s] withdrawn, to decide", href, withdrawn.overdue > 0, "team.decide")
    yield from _undertaken(viewer)


def _undertaken(viewer: Actor) -> Iterator[Count]:
    """Supervisions, audits and tasks: whom somebody should have met, and what they were asked for themselves."""
    if supervisions := casework.count_overdue_supervisions(viewer):
        yield Count(supervisions, "supervision[s] overdue", reverse("supervisions"), True, "team.late")
    own = casework.own_work(viewer)
    if own.supervisions:
        yield Count(own.supervisions, "supervision[s] for you to answer", reverse("supervisions"), key="own.tasks")
    if own.audits:
        yield Count(own.audits, "quality audit[s] for you to do", reverse("case_audits"), key="own.tasks")
    if own.tasks:
        yield Count(own.tasks, "your task[s]", reverse("my_tasks"), own.late_tasks > 0, "own.tasks")


def _money(viewer: Actor) -> Iterator[Count]:
    """What is due in the funds somebody looks after, and for the partners they answer for."""
    if _answers_for_money(viewer) and not can(viewer, casework_may.READ_BOARD):
        due = funds.due_for(viewer)
        yield Count(
            len(due), "due in shared money", reverse("fund_due"), any(each.is_late for each in due), "money.due"
        )


def _answers_for_money(viewer: Actor) -> bool:
    """Whether what is due in shared money is theirs. Whoever manages a team as well is led to it without the number: it is
    worked out anew from every fund, and their page has the numbers of the team to show."""
    roles = Role.POOL_MANAGER, Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER
    return can(viewer, READ_FUNDS) and viewer.has_role(*roles)


def _guarding(viewer: Actor) -> Iterator[Count]:
    """What waits for guardians, for information governance and for a second person."""
    if waiting := person_index.count_for_guardian(viewer):
        yield Count(waiting, "search[es] waiting for you as guardian", reverse("guardian"), True)
    if can(viewer, READ_BREAK_GLASS):
        unreviewed, late = person_index.count_emergencies(viewer)
        yield Count(unreviewed, "emergenc[y|ies] to review", reverse("emergencies"), late > 0)
    if can(viewer, READ_APPROVALS):
        yield Count(count_waiting(viewer), "approval[s] waiting for you", reverse("approvals"))
    if can(viewer, READ_AGREEMENTS):
        near = sum(row.is_review_near or row.is_review_late for row in sharing.agreements(viewer))
        yield Count(near, "sharing agreement[s] to review soon", reverse("agreements"))


_AT_THE_FRONT_DOOR = ("red", "overdue", "due_today", "waiting_for_decision", "mine", "replies_owed")
_IN_A_TEAM = ("mine", "my_team")
_LABELS = {
    "red": "rated red",
    "overdue": "overdue",
    "due_today": "due today",
    "waiting_for_decision": "waiting for a decision",
    "replies_owed": "referrer[s] to be told",
    "mine": "referral[s] with you",
    "my_team": "referral[s] with your team",
}
_KEYS = {
    "red": "work.red",
    "overdue": "work.late",
    "replies_owed": "work.late",
    "due_today": "work.due",
    "mine": "work.mine",
    "my_team": "work.mine",
    "waiting_for_decision": "work.decide",
}


def _work(viewer: Actor) -> Iterator[Count]:
    """The lists a person works from, each with its number."""
    counts = front_door.worklist_counts(viewer)
    for name in _AT_THE_FRONT_DOOR if viewer.has_role(*FRONT_DOOR) else _IN_A_TEAM:
        if name in counts:
            href = reverse("worklist", kwargs={"name": name})
            yield Count(counts[name], _LABELS[name], href, name in {"red", "overdue"}, _KEYS[name])


_ACTIONS: tuple[tuple[str, str, Permission], ...] = (
    ("Record a visit", "visit_choose", WRITE_VISITS_FIRST),
    ("Your team’s casework", "casework_board", casework_may.READ_BOARD),
    ("Allocation meeting", "allocations", casework_may.READ_BOARD),
    ("Write down a phone call", "refer_find", may.TAKE_CALL),
    ("Ask for help for a child or family", "refer_find", may.SUBMIT_REFERRAL),
    ("Record a visit", "visit_choose", WRITE_VISITS),
    ("What you have sent", "sent_contacts", may.READ_SENT_CONTACTS),
    ("Who is on duty", "duty", may.READ_DUTY_BOARD),
    ("Shared money", "fund_agreements", READ_FUNDS),
    ("Budgets you hold", "held_budgets", READ_HELD),
    ("Messages on their way out", "outbox", READ_OUTBOX),
    ("What your organisation observed", "observations", READ_OBSERVATIONS),
    ("Sharing agreements", "agreements", READ_AGREEMENTS),
    ("Refusals to share", "refusals", READ_REFUSALS),
    ("Read the audit trail", "audit", READ_AUDIT),
    ("Quality of the records", "quality", READ_QUALITY),
    ("Open an account", "account_open", OPEN_ACCOUNT),
    ("Accounts", "accounts", READ_ACCOUNTS),
    ("Keys of partners’ systems", "api_keys", READ_ACCOUNTS),
    ("Open a record in an emergency", "break_glass", BREAK_GLASS),
    ("Say who belongs to your own family", "my_family", DECLARE_FAMILY),
)
_NEVER_FIRST = {"break_glass", "my_family"}


def _actions(viewer: Actor) -> Iterator[Action]:
    offered: set[str] = set()
    for text, name, permission in _ACTIONS:
        if name not in offered and can(viewer, permission):
            offered.add(name)
            yield Action(text, reverse(name), name not in _NEVER_FIRST)
    if _answers_for_money(viewer) and can(viewer, casework_may.READ_BOARD):
        yield Action("What is due in shared money", reverse("fund_due"))
