"""The first page: what needs this person now, their posts, and what they often do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

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

_ENDING = re.compile(r"\[(?:(\w*)\|)?(\w+)\]")


@dataclass(frozen=True)
class Count:
    """A number that leads to the list behind it. In `words` an ending for more than one stands in brackets: “task[s]”,
    “emergenc[y|ies]”."""

    n: int
    words: str
    href: str
    urgent: bool = False

    @property
    def label(self) -> str:
        """The words for this number."""
        return _ENDING.sub(lambda found: (found[1] or "") if self.n == 1 else found[2], self.words)


@dataclass(frozen=True)
class Action:
    """Something the person often does."""

    text: str
    href: str
    may_be_button: bool = True


@dataclass(frozen=True)
class Home:
    """What the first page shows. The first action is the page's button, unless it is rarely the first thing to do."""

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


def home_of(viewer: Actor) -> Home:
    """The first page of a viewer."""
    return Home(list(_counts(viewer)), list(_actions(viewer)), casework.own_cases(viewer), viewer.standings)


def _counts(viewer: Actor) -> Iterator[Count]:
    if can(viewer, READ_TO_ANSWER):
        to_answer = sharing.count_to_answer(viewer)
        if to_answer["waiting"] or viewer.has_role(Role.REFERRER):
            late = to_answer["overdue"] > 0
            yield Count(to_answer["waiting"], "request[s] to answer", reverse("requests_to_answer"), late)
    if can(viewer, may.READ_DUTY_BOARD):
        yield Count(len(front_door.duty_board(viewer).waiting), "red, not accepted yet", reverse("duty"), True)
    if can(viewer, may.READ_WORKLIST):
        yield from _work(viewer)
    yield from _casework(viewer)
    if can(viewer, may.READ_NOTICES):
        waiting = [row for row in front_door.notices(viewer) if row.acknowledged_at is None]
        yield Count(
            len(waiting), "referral[s] about your cases", reverse("notices"), any(row.is_overdue for row in waiting)
        )
    if can(viewer, may.READ_HANDOVERS):
        new = sum(row.status == "sent" for row in front_door.handovers(viewer))
        yield Count(new, "hand-over[s] to receive", reverse("handovers"), True)
    if can(viewer, may.READ_ALLEGATIONS):
        waiting_for_officer = [row for row in front_door.allegations(viewer) if row.state == "received"]
        late = any(row.is_overdue for row in waiting_for_officer)
        yield Count(len(waiting_for_officer), "allegation[s] to take", reverse("allegations"), late)
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
            yield Count(asked, "sent back by a team, to answer", reverse("sent_back"), unanswered > 0)
    for offer in casework.offers_to(viewer):
        yield Count(1, "case you are asked to lead", reverse("lead_offer", args=[offer.pk]), True)
    if can(viewer, casework_may.READ_CASES) and not can(viewer, casework_may.READ_BOARD):
        due = casework.count_due(viewer)
        yield Count(due.n, "due this week", reverse("this_week"), due.overdue > 0)
    if can(viewer, casework_may.READ_BOARD):
        overdue = casework.count_overdue(viewer)
        yield Count(overdue, "overdue review[s] in your team", f"{reverse('cases')}?list=overdue", overdue > 0)
        if (withdrawn := casework.count_withdrawn(viewer)).n:
            href = f"{reverse('cases')}?list=withdrawn"
            yield Count(withdrawn.n, "agreement[s] withdrawn, to decide", href, withdrawn.overdue > 0)
    supervisions, to_answer = casework.count_supervision(viewer)
    if supervisions:
        yield Count(supervisions, "supervision[s] overdue", reverse("supervisions"), True)
    if to_answer:
        yield Count(to_answer, "supervision[s] for you to answer", reverse("supervisions"))
    if audits := casework.count_audits_to_do(viewer):
        yield Count(audits, "quality audit[s] for you to do", reverse("case_audits"))


def _money(viewer: Actor) -> Iterator[Count]:
    """What is due in the funds somebody looks after, and for the partners they answer for."""
    if can(viewer, READ_FUNDS) and viewer.has_role(
        Role.POOL_MANAGER, Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER
    ):
        due = funds.due_for(viewer)
        yield Count(len(due), "due in shared money", reverse("fund_due"), any(each.is_late for each in due))


def _guarding(viewer: Actor) -> Iterator[Count]:
    """What waits for guardians, for information governance and for a second person; and what somebody undertook."""
    tasks, late_tasks = casework.count_my_tasks(viewer)
    if tasks:
        yield Count(tasks, "your task[s]", reverse("my_tasks"), late_tasks > 0)
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


def _work(viewer: Actor) -> Iterator[Count]:
    """The lists a person works from, each with its number."""
    counts = front_door.worklist_counts(viewer)
    for name in _AT_THE_FRONT_DOOR if viewer.has_role(*FRONT_DOOR) else _IN_A_TEAM:
        if name in counts:
            href = reverse("worklist", kwargs={"name": name})
            yield Count(counts[name], _LABELS[name], href, name in {"red", "overdue"})


_ACTIONS: tuple[tuple[str, str, Permission], ...] = (
    ("Record a visit", "visit_choose", WRITE_VISITS_FIRST),
    ("Write down a phone call", "refer_find", may.TAKE_CALL),
    ("Ask for help for a child or family", "refer_find", may.SUBMIT_REFERRAL),
    ("Record a visit", "visit_choose", WRITE_VISITS),
    ("What you have sent", "sent_contacts", may.READ_SENT_CONTACTS),
    ("Your team’s casework", "casework_board", casework_may.READ_BOARD),
    ("Allocation meeting", "allocations", casework_may.READ_BOARD),
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
