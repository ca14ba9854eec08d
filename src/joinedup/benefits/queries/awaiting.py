"""What of programmes waits for a board: the newest rounds of business cases, and strands whose sponsor may be named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits.models import BusinessCase, Programme, ProgrammePartner, Round, Strand
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.benefits.queries.programmes import officers_to_choose, partners_of
from joinedup.core.errors import NotVisible

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post


@dataclass(frozen=True)
class RoundAwaiting:
    """The newest round of a business case that was not withdrawn, with the partners of its programme. `net_pence` is its net
    public value, a forecast."""

    row: Round
    case: BusinessCase
    partners: tuple[tuple[UUID, str], ...]
    net_pence: int


@dataclass(frozen=True)
class StrandAwaiting:
    """An open strand, the partners that may sponsor it, and the officers of each who may answer for it."""

    row: Strand
    partners: tuple[Organisation, ...]
    officers: tuple[Post, ...]


def rounds_awaiting(viewer: Actor) -> list[RoundAwaiting]:
    """The newest round of every case the viewer may see, the newest first."""
    check(viewer, READ_PROGRAMMES)
    cases = BusinessCase.objects.filter(
        strand__programme__in=Programme.objects.visible_to(viewer), withdrawn_at=None, strand__state="open"
    )
    whole = cases.select_related("strand__programme").prefetch_related("rounds")
    partners = _partners(viewer)
    found = [
        _round(case, max(case.rounds.all(), key=lambda each: each.number), partners.get(case.programme_id, ()))
        for case in whole
        if case.rounds.all()
    ]
    return sorted(found, key=lambda each: each.row.kept_at, reverse=True)


def round_awaiting(viewer: Actor, round_id: UUID) -> RoundAwaiting:
    """One of them; NotVisible when there is a newer one, or the case was withdrawn."""
    found = next((each for each in rounds_awaiting(viewer) if each.row.pk == round_id), None)
    if found is None:
        raise NotVisible
    return found


def invented_rounds(viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these rounds whose programme is an illustration, the newest or not; one statement, none for no rounds."""
    check(viewer, READ_PROGRAMMES)
    seen = Programme.objects.visible_to(viewer).filter(is_illustration=True)
    rows = Round.objects.filter(pk__in=ids, case__strand__programme__in=seen)
    return frozenset(rows.values_list("pk", flat=True)) if ids else frozenset()


def invented_strands(viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these strands whose programme is an illustration, open or not; one statement, none for no strands."""
    check(viewer, READ_PROGRAMMES)
    seen = Programme.objects.visible_to(viewer).filter(is_illustration=True)
    rows = Strand.objects.filter(pk__in=ids, programme__in=seen)
    return frozenset(rows.values_list("pk", flat=True)) if ids else frozenset()


def _round(case: BusinessCase, row: Round, partners: tuple[tuple[UUID, str], ...]) -> RoundAwaiting:
    return RoundAwaiting(row, case, partners, round(float(row.results.get("npv_public") or 0) * 100))


def _partners(viewer: Actor) -> dict[UUID, tuple[tuple[UUID, str], ...]]:
    rows = ProgrammePartner.objects.filter(programme__in=Programme.objects.visible_to(viewer)).order_by("position")
    found: dict[UUID, tuple[tuple[UUID, str], ...]] = {}
    for programme, organisation, name in rows.values_list("programme_id", "organisation_id", "organisation__name"):
        found[programme] = (*found.get(programme, ()), (organisation, name))
    return found


def strands_awaiting(viewer: Actor) -> list[Strand]:
    """Every open strand of the programmes the viewer may see; whichever of them, a board may name its sponsor."""
    check(viewer, READ_PROGRAMMES)
    rows = Strand.objects.filter(programme__in=Programme.objects.visible_to(viewer), state="open")
    return list(
        rows.select_related("programme", "sponsor", "officer__account").order_by("programme__title", "position")
    )


def strand_awaiting(viewer: Actor, strand_id: UUID) -> StrandAwaiting:
    """One of them with whom it could be given to; NotVisible when it is not open."""
    row = next((each for each in strands_awaiting(viewer) if each.pk == strand_id), None)
    if row is None:
        raise NotVisible
    partners = partners_of(viewer, row.programme)
    return StrandAwaiting(row, tuple(partners), tuple(officers_to_choose(viewer, partners)))
