"""Reading one strand: who sponsored it when and why, what was done to it, its families and how it is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.benefits.lifecycle import MEMBER_SOURCES, STRAND_STEPS, StrandState, StrandStepKind
from joinedup.benefits.models import Programme, Strand, StrandStep
from joinedup.benefits.permissions import NAME_FAMILIES
from joinedup.benefits.queries.cohorts import CohortSeen, cohort_of
from joinedup.benefits.queries.delivery import models_to_take
from joinedup.benefits.queries.groups import CODE
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen, strand_for
from joinedup.casework.queries import case_for_change
from joinedup.outcomes.queries import GroupOutcomes, outcomes_of_group

if TYPE_CHECKING:
    from joinedup.casework.models import Case

NOBODY = "The program"


@dataclass(frozen=True)
class SponsorshipSeen:
    """A partner that sponsors or sponsored the strand."""

    organisation: str
    officer: str
    reason: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class StepSeen:
    """Something that was done to the strand."""

    title: str
    words: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class StrandPage:
    """One strand in full. `outcomes` is None for whoever may not see what outcomes come to."""

    programme: ProgrammeSeen
    id: UUID
    code: str
    name: str
    state: str
    is_open: bool
    is_merged: bool
    is_closed: bool
    merged_into_id: UUID | None
    merged_into: str
    merged_here: tuple[tuple[UUID, str], ...]
    sponsorships: tuple[SponsorshipSeen, ...]
    steps: tuple[StepSeen, ...]
    cohort: CohortSeen
    models: tuple[tuple[UUID, str, str], ...]
    outcomes: GroupOutcomes | None

    @property
    def sponsor(self) -> SponsorshipSeen | None:
        """Who sponsors it now."""
        return next((each for each in self.sponsorships if each.ends_on is None), None)


def strand_page(viewer: Actor, strand_id: UUID) -> StrandPage:
    """One strand for its page; as many statements however many families are in it."""
    row = strand_for(viewer, strand_id)
    sponsors = row.sponsorships.select_related("organisation", "officer__account").order_by("-starts_on", "-pk")
    return StrandPage(
        programme=programme_seen(viewer, row.programme_id), id=row.pk, code=row.code, name=row.name,
        state=row.get_state_display(), is_open=row.state == StrandState.OPEN, is_merged=row.state == StrandState.MERGED,
        is_closed=row.state == StrandState.CLOSED, merged_into_id=row.merged_into_id,
        merged_into=row.merged_into.name if row.merged_into else "",
        merged_here=tuple((each.pk, each.name) for each in row.merged_from.order_by("position")),
        sponsorships=tuple(
            SponsorshipSeen(
                each.organisation.name, each.officer.account.name if each.officer else "", each.reason, each.starts_on,
                each.ends_on,
            )
            for each in sponsors
        ),
        steps=_steps(viewer, row), cohort=cohort_of(viewer, row), models=tuple(models_to_take(viewer, row.pk)),
        outcomes=outcomes_of_group(viewer, f"{CODE}:{row.pk}"),
    )  # fmt: skip


def strands_for_case(viewer: Actor, case_id: UUID) -> tuple[Case, list[Strand]]:
    """A case its viewer works with, and the open strands its family may be put into: of programmes of the viewer's
    organisations. Raises NotVisible for whoever does not work with it."""
    case = case_for_change(viewer, case_id)
    rows = Strand.objects.filter(programme__in=Programme.objects.visible_to(viewer), state=StrandState.OPEN)
    strands = list(rows.select_related("programme").order_by("programme__title", "position"))
    check(viewer, NAME_FAMILIES, *strands[:1])
    return case, strands


def _steps(viewer: Actor, row: Strand) -> tuple[StepSeen, ...]:
    """Newest first, at most sixty."""
    steps = list(row.steps.select_related("other").order_by("-at", "-pk")[:60])
    names = names_of_accounts(viewer, {each.by for each in steps if each.by})
    return tuple(
        StepSeen(
            STRAND_STEPS[StrandStepKind(each.kind)], _words(each), each.reason,
            names.get(each.by, NOBODY) if each.by else NOBODY, each.at,
        )
        for each in steps
    )  # fmt: skip


def _words(step: StrandStep) -> str:
    """What a step changed, in words."""
    said = step.words
    if step.other is not None:
        loses = f"{said['loses']} sponsors it no longer." if said.get("loses") else ""
        return f"{step.other.name}. {loses}".strip()
    if step.kind == StrandStepKind.RENAMED:
        return f"{said['before']} is now {said['after']}."
    if step.kind == StrandStepKind.SPONSORED:
        return f"{said['after']}, after {said['before']}."
    if step.kind == StrandStepKind.FAMILIES:
        return f"{MEMBER_SOURCES.get(said['by'], said['by'])}."
    return ""
