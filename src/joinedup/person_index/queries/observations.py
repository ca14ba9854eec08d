"""What agencies observed of children, for the parts above that have agreed to look at it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max, Q

from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.person_index.models import AgencyRecord, Observation, ObservationRun, Person, withheld_ids
from joinedup.person_index.queries.known import known_of

_OLDEST_CHILD = 18
_ETHNICITY = ("Ethnicity", "Ethnic group", "ethnicity")


class Observed(NamedTuple):
    """One observation of one child, and who made it. A tuple, because a town has thousands to look through."""

    id: UUID
    person_id: UUID
    birth_date: date | None
    kind: str
    happened_on: date
    value: Decimal | None
    detail: str
    agency_id: UUID
    agency: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Observations of a kind since a day, `below` or `above` a value where only those can matter."""

    since: date
    below: Decimal | None = None
    above: Decimal | None = None


def observed_of_children(
    viewer: Actor,
    wanted: Mapping[str, Wanted],
    *,
    agencies: Mapping[str, Collection[UUID]],
    people: Collection[UUID] | None = None,
) -> list[Observed]:
    """The observations that can matter, of everybody under eighteen or of some people, by kind from the agencies that
    share that kind. Whoever is withheld from the viewer is left out. The caller has let the viewer in by an agreement
    and audits the read."""
    which = Q(pk__in=[])
    for kind, asked in wanted.items():
        one = Q(kind=kind, happened_on__gte=asked.since, record__agency_id__in=list(agencies.get(kind, ())))
        if asked.below is not None:
            one &= Q(value__lt=asked.below)
        if asked.above is not None:
            one &= Q(value__gte=asked.above)
        which |= one
    today = viewer.at.date()
    born_after = today.replace(year=today.year - _OLDEST_CHILD, day=min(today.day, 28))
    rows = Observation.objects.filter(
        which, replaced_at__isnull=True, record__links__separated_at__isnull=True,
        record__links__person__birth_date__gt=born_after, record__links__person__died_on__isnull=True,
    )  # fmt: skip
    if people is not None:
        rows = rows.filter(record__links__person_id__in=list(people))
    if not viewer.is_system:
        rows = rows.exclude(record__links__person_id__in=withheld_ids(viewer))
    columns = (
        "pk", "record__links__person_id", "record__links__person__birth_date", "kind", "happened_on", "value", "detail",
        "record__agency_id", "record__agency__name",
    )  # fmt: skip
    return [Observed._make(row) for row in rows.order_by("-happened_on", "pk").values_list(*columns)]


def ethnicity_of(viewer: Actor, people: Collection[UUID]) -> dict[UUID, str]:
    """What an agency's own record says of people's ethnic group, where one does: only ever counted in bands, to see
    whether anybody is wronged. The caller has let the viewer in; whoever is withheld is left out."""
    rows = AgencyRecord.objects.filter(
        links__person_id__in=list(people), links__separated_at__isnull=True, as_supplied__has_any_keys=list(_ETHNICITY)
    )
    if not viewer.is_system:
        rows = rows.exclude(links__person_id__in=withheld_ids(viewer))
    found: dict[UUID, str] = {}
    for person_id, said in rows.order_by("-supplied_at").values_list("links__person_id", "as_supplied"):
        group = next((str(said[title]).strip() for title in _ETHNICITY if said.get(title)), "")
        if group:
            found.setdefault(person_id, group)
    return found


def sex_of(viewer: Actor, people: Collection[UUID]) -> dict[UUID, str]:
    """Sex in words, only ever counted: to see whether anybody is wronged. As `ethnicity_of`."""
    rows = Person.objects.filter(pk__in=list(people)).not_withheld_from(viewer)
    labels = dict(Person.Sex.choices)
    return {person_id: str(labels[sex]) for person_id, sex in rows.values_list("pk", "sex")}


def observers_of(viewer: Actor) -> list[tuple[str, date]]:
    """Each agency that has sent observations, and the day of its newest one; names nobody."""
    rows = ObservationRun.objects.values_list("agency__name").annotate(newest=Max("observations__happened_on"))
    return [(name, newest) for name, newest in rows.order_by("agency__name") if newest is not None]


@dataclass(frozen=True)
class ChildFacts:
    """What a referral says of who a child is, so that nobody types it again."""

    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    address: str
    postcode: str
    nhs_number: str
    upn: str


def child_facts(viewer: Actor, person_id: UUID) -> ChildFacts:
    """Who a child is, as the index has it, for a guarded caller that has let the viewer in and audits the read.
    NotVisible where they are withheld from the viewer."""
    row = Person.objects.filter(pk=person_id).not_withheld_from(viewer).first()
    if row is None:
        raise NotVisible
    home = next(iter(known_of([person_id])[person_id].present_addresses), None)
    return ChildFacts(
        row.given_name, row.family_name, row.birth_date, row.sex, home.lines if home else "",
        home.postcode if home else "", row.nhs_number, row.upn,
    )  # fmt: skip
