"""Reading programmes and strands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits.models import Programme, Strand
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.core.errors import NotVisible


@dataclass(frozen=True)
class StrandSeen:
    """A strand as a page shows it."""

    id: UUID
    code: str
    name: str
    sponsor: str
    state: str


@dataclass(frozen=True)
class ProgrammeSeen:
    """A programme with its partners (code and name, in their order) and strands."""

    id: UUID
    reference: str
    title: str
    purpose: str
    starts_on: date
    years: int
    is_illustration: bool
    partners: tuple[tuple[str, str], ...]
    strands: tuple[StrandSeen, ...]


def programmes_of(viewer: Actor) -> list[ProgrammeSeen]:
    """Every programme of the viewer's organisations, by title; three statements however many there are."""
    check(viewer, READ_PROGRAMMES)
    rows = Programme.objects.visible_to(viewer).order_by("title", "pk")
    return [_seen(row) for row in rows.prefetch_related("partners__organisation", "strands__sponsor")]


def programme_seen(viewer: Actor, programme_id: UUID) -> ProgrammeSeen:
    """One programme for its page."""
    return _seen(programme_for(viewer, programme_id))


def programme_for(viewer: Actor, programme_id: UUID) -> Programme:
    """One programme, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    found = Programme.objects.visible_to(viewer).filter(pk=programme_id).first()
    if found is None:
        raise NotVisible
    return found


def strand_for(viewer: Actor, strand_id: UUID) -> Strand:
    """One strand, to hand to a service; its programme is read with it."""
    check(viewer, READ_PROGRAMMES)
    found = Strand.objects.select_related("programme", "sponsor").filter(
        pk=strand_id, programme__in=Programme.objects.visible_to(viewer)
    )
    strand = found.first()
    if strand is None:
        raise NotVisible
    return strand


def _seen(row: Programme) -> ProgrammeSeen:
    partners = sorted(row.partners.all(), key=lambda each: each.position)
    strands = sorted(row.strands.all(), key=lambda each: each.position)
    return ProgrammeSeen(
        row.pk, row.reference, row.title, row.purpose, row.starts_on, row.years, row.is_illustration,
        tuple((each.organisation.code, each.organisation.name) for each in partners),
        tuple(StrandSeen(each.pk, each.code, each.name, each.sponsor.name, each.get_state_display()) for each in strands),
    )  # fmt: skip
