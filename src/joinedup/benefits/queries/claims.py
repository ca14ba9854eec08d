"""Reading the register of published figures: what stands beside what, searched and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits.lifecycle import CLAIM_BASES, CLAIM_HOWS
from joinedup.benefits.models import Claim, ClaimSubject, Programme
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.benefits.pounds import in_pounds, in_short
from joinedup.core.errors import NotVisible
from joinedup.core.figures import Table


@dataclass(frozen=True)
class ClaimSeen:
    """A figure as it was published."""

    id: UUID
    figure: str
    figure_in_full: str
    what: str
    basis: str
    how: str
    is_measured: bool
    price_year: str
    period: str
    area: str
    source: str
    published: str
    words: str
    is_live: bool
    why_not: str
    recorded_at: datetime


@dataclass(frozen=True)
class SubjectSeen:
    """What several figures are about, with all of them. `programme` is one's own that they are about or read beside."""

    id: UUID
    title: str
    programme_id: UUID | None
    programme: str
    explains: str
    claims: tuple[ClaimSeen, ...]

    @property
    def live(self) -> tuple[ClaimSeen, ...]:
        """Those neither corrected nor withdrawn."""
        return tuple(each for each in self.claims if each.is_live)

    @property
    def conflicts(self) -> tuple[str, ...]:
        """On which footing (gross, net, cost …) two figures differ that are both said of it, over one unit."""
        found: dict[str, set[str]] = {}
        for each in self.live:
            found.setdefault(each.basis, set()).add(each.figure_in_full)
        return tuple(basis for basis, figures in found.items() if len(figures) > 1)


def claim_subjects(viewer: Actor, *, text: str = "", programme_id: UUID | None = None) -> list[SubjectSeen]:
    """The register: what figures are about, by title, each with its figures. With `text` those of which every word is in
    the subject, the figure's words, area or source; three statements however many there are."""
    check(viewer, READ_PROGRAMMES)
    rows = _visible(viewer)
    rows = rows.filter(programme_id=programme_id) if programme_id else rows
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(title__icontains=word) | Q(claims__what__icontains=word) | Q(claims__area__icontains=word)
            | Q(claims__source__icontains=word) | Q(claims__period__icontains=word) | Q(explains__icontains=word)
        )  # fmt: skip
    found = rows.distinct().select_related("programme").prefetch_related("claims__corrected_by").order_by("title", "pk")
    return [_subject(each) for each in found]


def subject_seen(viewer: Actor, claim_subject_id: UUID) -> SubjectSeen:
    """One subject with its figures side by side."""
    return _subject(subject_for(viewer, claim_subject_id))


def subject_for(viewer: Actor, claim_subject_id: UUID) -> ClaimSubject:
    """One subject, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    rows = _visible(viewer).select_related("programme").prefetch_related("claims__corrected_by")
    found = rows.filter(pk=claim_subject_id).first()
    if found is None:
        raise NotVisible
    return found


def claim_for(viewer: Actor, claim_id: UUID) -> Claim:
    """One figure, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    found = Claim.objects.select_related("subject").filter(pk=claim_id, subject__in=_visible(viewer)).first()
    if found is None:
        raise NotVisible
    return found


def table_of_claims(subjects: Iterable[SubjectSeen]) -> Table:
    """The register for a spreadsheet, one row a figure, with everything needed to read it."""
    columns = (
        "About", "Figure", "What", "Gross or net", "Measured or forecast", "Price year", "Period", "Area", "Source",
        "Published", "Note", "Stands", "Beside the programme",
    )  # fmt: skip
    rows = tuple(
        (
            subject.title, each.figure_in_full, each.what, each.basis, each.how, each.price_year, each.period, each.area,
            each.source, each.published, each.words, "yes" if each.is_live else each.why_not,
            subject.programme,
        )
        for subject in subjects
        for each in subject.claims
    )  # fmt: skip
    return Table(columns, rows, "Published figures")


def _visible(viewer: Actor) -> QuerySet[ClaimSubject]:
    """What was published about anybody, and about one's own programmes."""
    mine = Programme.objects.visible_to(viewer)
    return ClaimSubject.objects.filter(Q(programme__isnull=True) | Q(programme__in=mine))


def _subject(row: ClaimSubject) -> SubjectSeen:
    order = list(CLAIM_BASES)
    claims = sorted(row.claims.all(), key=lambda each: (order.index(each.basis), each.recorded_at, each.pk))
    return SubjectSeen(
        row.pk, row.title, row.programme_id, _programme(row), row.explains,
        tuple(_claim(each) for each in claims),
    )  # fmt: skip


def _programme(row: ClaimSubject) -> str:
    """What the figures are read beside. What was published stays what it is; the programme may be an illustration."""
    if row.programme is None:
        return ""
    return (
        f"{row.programme.title} (illustration: inputs invented)"
        if row.programme.is_illustration
        else row.programme.title
    )


def _claim(row: Claim) -> ClaimSeen:
    corrected = getattr(row, "corrected_by", None)
    why_not = "corrected by another row" if corrected else ""
    if row.withdrawn_at:
        why_not = f"withdrawn: {row.withdrawn_reason}"
    return ClaimSeen(
        row.pk, _figure(row, in_full=False), _figure(row, in_full=True), row.what, CLAIM_BASES[row.basis],
        CLAIM_HOWS[row.how], row.how == "measured", row.price_year, row.period, row.area, row.source, row.published,
        row.words, not why_not, why_not, row.recorded_at,
    )  # fmt: skip


def _figure(row: Claim, *, in_full: bool) -> str:
    if row.pence is not None:
        said = in_pounds(row.pence) if in_full else in_short(row.pence)
    else:
        said = f"{Decimal(row.number or 0).normalize():,f}"
    return f"{said} {row.unit}".strip()
