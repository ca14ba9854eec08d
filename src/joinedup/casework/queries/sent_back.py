"""Families that teams sent back to the front door: the front door reads which, why, and by when it answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.casework.lifecycle import SENT_BACK_LABELS, SentBackState
from joinedup.casework.models import CasePerson, SentBack
from joinedup.casework.permissions import READ_SENT_BACK
from joinedup.casework.queries.duty import DutyHolder, duty_holders
from joinedup.core.errors import NotVisible
from joinedup.person_index.queries import withheld_people

_LATEST = 20


@dataclass(frozen=True)
class SentBackSeen:
    """A family sent back, for the front door: nothing of the work itself. `duty` is who answers for the family now; empty
    once the case is closed. `row` is for a service."""

    row: SentBack
    id: UUID
    case_id: UUID
    reference: str
    level: int
    team_id: UUID
    team: str
    reason: str
    sent_at: datetime
    sent_by: str
    answer_by: datetime
    is_late: bool
    is_waiting: bool
    state_label: str
    to_team: str
    words: str
    answered_at: datetime | None
    answered_by: str
    duty: DutyHolder | None


def sent_back_to_answer(viewer: Actor) -> list[SentBackSeen]:
    """Those that wait, the soonest clock first, then the last answered; five statements however many. The caller says whom
    they are about, and audits it."""
    rows = _visible(viewer)
    waiting = list(rows.filter(state=SentBackState.WAITING).order_by("answer_by", "pk"))
    done = list(rows.exclude(state=SentBackState.WAITING).order_by("-answered_at", "-pk")[:_LATEST])
    return _seen(viewer, [*waiting, *done])


def sent_back_of(viewer: Actor, sent_back_id: UUID) -> SentBackSeen:
    """One of them."""
    found = _seen(viewer, list(_visible(viewer).filter(pk=sent_back_id)))
    if not found:
        raise NotVisible
    return found[0]


def count_sent_back(viewer: Actor) -> tuple[int, int]:
    """How many wait for the front door's answer, and how many of those are late."""
    due = list(_visible(viewer).filter(state=SentBackState.WAITING).values_list("answer_by", flat=True))
    return len(due), sum(each < viewer.at for each in due)


def sent_back_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these that the viewer may see. No read row: only ids are looked at."""
    return set(_visible(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def _visible(viewer: Actor) -> QuerySet[SentBack]:
    """All but those about somebody withheld from the viewer."""
    check(viewer, READ_SENT_BACK)
    withheld = CasePerson.ever.filter(person_id__in=withheld_people(viewer)).values("case_id")
    related = ("case__team", "case__lead_professional__account", "team", "to_team")
    return SentBack.objects.exclude(case_id__in=withheld).select_related(*related)


def _seen(viewer: Actor, rows: list[SentBack]) -> list[SentBackSeen]:
    names = names_of_accounts(viewer, {each for row in rows for each in (row.sent_by, row.answered_by) if each})
    duty = duty_holders(viewer, [row.case for row in rows if row.state == SentBackState.WAITING])
    return [_one(viewer, row, names, duty.get(row.case_id)) for row in rows]


def _one(viewer: Actor, row: SentBack, names: dict[UUID, str], duty: DutyHolder | None) -> SentBackSeen:
    is_waiting = row.state == SentBackState.WAITING
    return SentBackSeen(
        row=row, id=row.pk, case_id=row.case_id, reference=row.case.reference, level=row.case.level, team_id=row.team_id,
        team=row.team.name, reason=row.reason, sent_at=row.sent_at, sent_by=names.get(row.sent_by, "") if row.sent_by else "",
        answer_by=row.answer_by, is_late=is_waiting and row.answer_by < viewer.at, is_waiting=is_waiting,
        state_label=SENT_BACK_LABELS[SentBackState(row.state)], to_team=row.to_team.name if row.to_team else "",
        words=row.words, answered_at=row.answered_at,
        answered_by=names.get(row.answered_by, "") if row.answered_by else "", duty=duty,
    )  # fmt: skip
