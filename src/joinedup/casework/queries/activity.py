"""What case work did, counted for whoever works out what it costs: numbers by locality and day, and nobody's name. Which
cases are behind a number only those learn who may see the case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db.models import CharField, Count, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Lower, Trim

from joinedup.access.actor import Actor
from joinedup.casework.models import Case, CaseMember, Intervention
from joinedup.core.formats import LONDON


@dataclass(frozen=True)
class HelpCounted:
    """Help that began on a day: how many times, hours as far as they were recorded, and how many have none."""

    service: str
    day: date
    locality_id: UUID | None
    number: int
    hours: Decimal
    without_hours: int


@dataclass(frozen=True)
class CaseBehind:
    """A case behind a number, for those who may see it."""

    case_id: UUID
    reference: str
    day: date
    words: str = ""


def locality_of_family(viewer: Actor) -> Subquery:
    """The locality of the newest case of the family that a row's `family_id` names: a piece of a statement of whoever
    counts by locality."""
    cases = Case.objects.filter(family_id=OuterRef("family_id")).order_by("-opened_at", "-pk")
    return Subquery(cases.values("locality_id")[:1])


def help_counted(viewer: Actor, *, since: date, until: date) -> list[HelpCounted]:
    """Help given that began from a day up to, but not on, another; by service, day and locality; one statement."""
    rows = Intervention.objects.filter(starts_on__gte=since, starts_on__lt=until, taken_back_at=None)
    found = (
        rows.annotate(name=_service_name())
        .values_list("name", "starts_on", "case__locality_id")
        .annotate(number=Count("pk"), given=Sum("hours"), bare=Count("pk", filter=Q(hours=None)))
        .order_by("name", "starts_on", "case__locality_id")
    )
    return [
        HelpCounted(name, day, place, number, hours or Decimal(), bare)
        for name, day, place, number, hours, bare in found
    ]


def cases_led_on(viewer: Actor, days: Sequence[date]) -> dict[tuple[date, UUID | None], int]:
    """How many cases were open under a lead professional at noon of each day, by locality; one statement."""
    if not days:
        return {}
    counts = {f"on_{place}": Count("case_id", filter=_led_at(day), distinct=True) for place, day in enumerate(days)}
    ever = _led_at(days[0])
    for day in days[1:]:
        ever |= _led_at(day)
    rows = CaseMember.objects.filter(ever).order_by("case__locality_id").values_list("case__locality_id")
    return {
        (day, locality): number
        for locality, *numbers in rows.annotate(**counts)
        for day, number in zip(days, numbers, strict=True)
        if number
    }


def _led_at(day: date) -> Q:
    noon = datetime.combine(day, time(12), LONDON)
    is_open = Q(case__closed_at__isnull=True) | Q(case__closed_at__gt=noon)
    return Q(CaseMember.held_at(noon), part="lead") & is_open


def families_seen(viewer: Actor) -> QuerySet[Case, UUID]:
    """The families of the cases the viewer may see: a piece of a statement."""
    return Case.objects.visible_to(viewer).values_list("family_id", flat=True)


def cases_of_families(viewer: Actor, families: Collection[UUID]) -> dict[UUID, CaseBehind]:
    """The newest case of each of these families, of those the viewer may see; one statement."""
    rows = Case.objects.visible_to(viewer).filter(family_id__in=list(families)).order_by("opened_at", "pk")
    return {row.family_id: CaseBehind(row.pk, row.reference, row.opened_at.date()) for row in rows}


def help_behind(
    viewer: Actor, *, since: date, until: date, locality_id: UUID | None, service: str = ""
) -> list[CaseBehind]:
    """Help that was counted, in the cases the viewer may see; the newest first, at most two hundred."""
    rows = Intervention.objects.filter(
        _there(locality_id), starts_on__gte=since, starts_on__lt=until, taken_back_at=None,
        case__in=Case.objects.visible_to(viewer),
    ).annotate(name=_service_name())  # fmt: skip
    if service:
        rows = rows.filter(name=service)
    found = rows.select_related("case").order_by("-starts_on", "-pk")[:200]
    return [CaseBehind(row.case_id, row.case.reference, row.starts_on, row.service) for row in found]


def led_behind(viewer: Actor, *, days: Sequence[date], locality_id: UUID | None) -> list[CaseBehind]:
    """The cases counted as led on these days that the viewer may see; at most two hundred."""
    found: list[CaseBehind] = []
    for day in days:
        rows = CaseMember.objects.filter(_led_at(day), _there(locality_id))
        seen = rows.filter(case__in=Case.objects.visible_to(viewer)).select_related("case").order_by("case__reference")
        found += [CaseBehind(row.case_id, row.case.reference, day) for row in seen[:200]]
    return found[:200]


def _service_name() -> Lower:
    """The name of a service however it was typed: small letters, single spaces."""
    single = Func(F("service"), Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace")
    return Lower(Trim(single, output_field=CharField()))


def _there(locality_id: UUID | None) -> Q:
    return Q(case__locality_id=locality_id) if locality_id else Q(case__locality_id__isnull=True)
