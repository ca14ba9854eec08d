"""Whose words are kept longer than they may be: closed cases whose time is over, for whoever answers for that; what goes and what
stays of each, what holds it past its time, and what it waits for. No names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.casework.codes import HOLDS
from joinedup.casework.lifecycle import LIVE_STEPS, CaseState, SentBackState
from joinedup.casework.models import (
    Case,
    CaseAudit,
    CasePerson,
    SentBack,
    Step,
    SustainedCheck,
    WordsDestroyed,
    WordsHold,
)
from joinedup.casework.permissions import DESTROY_WORDS, HOLD_WORDS
from joinedup.casework.reviewing import years_after
from joinedup.casework.settings import keep_words_years
from joinedup.chronology.queries import count_words as count_events
from joinedup.core import keeping
from joinedup.core.errors import NotVisible

_MOST = 100
CASE = "casework.case"


@dataclass(frozen=True)
class WordsDue:
    """A closed case whose words are over time. `waits` are the reasons for which they may not go yet."""

    case_id: UUID
    reference: str
    team: str
    closed_at: datetime
    due_at: datetime
    waits: tuple[str, ...]


@dataclass(frozen=True)
class HoldSeen:
    """What holds the words of a case past their time."""

    id: UUID
    reference: str
    kind: str
    reason: str
    review_on: date
    is_late: bool


@dataclass(frozen=True)
class KeptWords:
    """The cases that are due, those that closed first on top; `years` is how long words are kept."""

    rows: tuple[WordsDue, ...]
    years: int
    holds: tuple[HoldSeen, ...]


@dataclass(frozen=True)
class Preview:
    """What would be destroyed of one case: how many rows of what."""

    due: WordsDue
    years: int
    goes: tuple[tuple[str, int], ...]

    @property
    def n(self) -> int:
        """All together."""
        return sum(count for _, count in self.goes)


def words_due(viewer: Actor) -> KeptWords:
    """The closed cases whose words may be destroyed now and were not, at most a hundred, and what is held; as many statements
    however many there are."""
    check(viewer, DESTROY_WORDS)
    on = timezone.localdate(viewer.at)
    years = keep_words_years(on)
    held = WordsHold.objects.filter(ended_at__isnull=True).select_related("case").order_by("review_on", "pk")[:_MOST]
    audit.record_read(
        viewer, subject=("casework.case", "list"), people=set(), purpose="words whose time is over", search=True
    )
    return KeptWords(tuple(_due(viewer, Q(), years)), years, tuple(_hold(row, on) for row in held))


def words_of_case(viewer: Actor, case_id: UUID) -> tuple[Case, Preview]:
    """One of them with what goes, to hand to a service; any other case does not exist here."""
    check(viewer, DESTROY_WORDS)
    years = keep_words_years(timezone.localdate(viewer.at))
    row = next(iter(_due(viewer, Q(pk=case_id), years)), None)
    if row is None:
        raise NotVisible
    case = Case.objects.get(pk=case_id)
    roots = keeping.roots_of(CASE, [case_id])
    events = count_events(viewer, {case.family_id: row.closed_at})[case.family_id]
    counted = {**keeping.count_words(roots), "the family’s chronology up to the day it closed": events}
    counted |= keeping.count_beside([str(case_id)])
    return case, Preview(row, years, tuple((name, n) for name, n in counted.items() if n))


def may_hold(viewer: Actor) -> None:
    """Whether the viewer may keep words past their time; refuses whoever may not."""
    check(viewer, HOLD_WORDS)


def case_to_hold(viewer: Actor, reference: str) -> Case | None:
    """A case by its reference, open or closed, whose words were not destroyed; None where there is none."""
    check(viewer, HOLD_WORDS)
    gone = WordsDestroyed.objects.filter(case=OuterRef("pk"))
    return Case.objects.filter(~Exists(gone), reference=reference.strip().upper()).first()


def hold_seen(viewer: Actor, hold_id: UUID) -> tuple[WordsHold, HoldSeen]:
    """One hold that goes on, to hand to a service."""
    check(viewer, HOLD_WORDS)
    row = WordsHold.objects.filter(pk=hold_id, ended_at__isnull=True).select_related("case").first()
    if row is None:
        raise NotVisible
    return row, _hold(row, timezone.localdate(viewer.at))


def waits_of(cases: Collection[UUID], at: datetime) -> dict[UUID, list[str]]:
    """Why the words of each of these cases may not go yet; one statement for each reason there can be."""
    found: dict[UUID, list[str]] = {case_id: [] for case_id in cases}
    for stop in keeping.stops() if found else ():
        for case_id in stop.among(cases, at) & set(found):
            found[case_id].append(stop.sentence)
    return found


def _hold(row: WordsHold, on: date) -> HoldSeen:
    return HoldSeen(row.pk, row.case.reference, HOLDS[row.kind], row.reason, row.review_on, row.review_on < on)


def _due(viewer: Actor, which: Q, years: int) -> list[WordsDue]:
    gone = WordsDestroyed.objects.filter(case=OuterRef("pk"))
    over = Q(state=CaseState.CLOSED, closed_at__lte=years_after(viewer.at, -years))
    closed = Case.objects.filter(which, over, ~Exists(gone)).select_related("team").order_by("closed_at", "pk")
    rows = [row for row in closed[:_MOST] if row.closed_at]
    waits = waits_of([row.pk for row in rows], viewer.at)
    return [
        WordsDue(
            row.pk, row.reference, row.team.name, row.closed_at, years_after(row.closed_at, years), tuple(waits[row.pk])
        )
        for row in rows
        if row.closed_at
    ]  # fmt: skip


# --- Why they may not go yet.


def _held(cases: Collection[UUID], at: datetime) -> set[UUID]:
    return set(WordsHold.objects.filter(case__in=cases, ended_at__isnull=True).values_list("case_id", flat=True))


def _open_again(cases: Collection[UUID], at: datetime) -> set[UUID]:
    again = CasePerson.objects.filter(case__in=Case.objects.open()).values("person_id")
    # Whoever left one of these cases stands in what was written of them there, and may be worked with elsewhere today.
    mine = CasePerson.ever.filter(case__in=cases, person_id__in=again)
    theirs = Case.objects.filter(pk__in=cases, family__in=Case.objects.open().values("family_id"))
    return set(mine.values_list("case_id", flat=True)) | set(theirs.values_list("pk", flat=True))


def _unanswered(cases: Collection[UUID], at: datetime) -> set[UUID]:
    """One statement: each of them names its case."""
    checks = SustainedCheck.objects.filter(result="", closure__case__in=cases).values_list(F("closure__case_id"))
    steps = Step.objects.filter(case__in=cases, state__in=[each.value for each in LIVE_STEPS]).values_list("case_id")
    back = SentBack.objects.filter(case__in=cases, state=SentBackState.WAITING).values_list("case_id")
    audits = CaseAudit.objects.filter(case__in=cases, done_at__isnull=True).values_list("case_id")
    return {case_id for (case_id,) in checks.order_by().union(steps.order_by(), back.order_by(), audits.order_by())}


STOPS = (
    keeping.Stop("they are held: a court, a complaint, a request to see the record, or another reason", _held),
    keeping.Stop("somebody in it is in an open case, or the family has one", _open_again),
    keeping.Stop(
        "something in it is still to be answered: a check after closing, a step, a question or an audit", _unanswered
    ),
)
