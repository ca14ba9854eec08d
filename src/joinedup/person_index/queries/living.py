"""How many people live where and how old they are, and who among them, for parts that count or ask after people.

Every function leaves out whoever is withheld from the viewer; the caller has let the viewer in and audits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, DateField, Func, IntegerField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from joinedup.access.actor import Actor
from joinedup.person_index.models import Person, RecordLink, withheld_ids
from joinedup.person_index.queries.entries import owners_of_entries


class Peopled(NamedTuple):
    """So many people of an age in a postcode sector; the sector is empty where no postcode is known."""

    sector: str
    age: int
    people: int


class Living(NamedTuple):
    """Somebody of a list, with where they live as far as a postcode says it."""

    person_id: UUID
    name: str
    birth_date: date
    postcode: str


@dataclass(frozen=True)
class Area:
    """Postcodes that begin with one of `prefixes` and with none of `less`. No prefix at all is nowhere."""

    prefixes: tuple[str, ...]
    less: tuple[str, ...] = ()

    def condition(self) -> Q:
        """As a filter of people annotated with their `postcode`."""
        found = Q(pk__in=[])
        for prefix in self.prefixes:
            found |= Q(postcode__startswith=prefix)
        for prefix in self.less:
            found &= ~Q(postcode__startswith=prefix)
        return found


def postcode_of(known: str) -> KeyTextTransform:
    """The first postcode of what is known of somebody (the name of, or the way to, `Person.known`), in the database; an
    expression."""
    return KeyTextTransform(0, KeyTransform("postcodes", known))


def sector_of(postcode: Any) -> Func:
    """The postcode without its last two letters, in the database; an expression."""
    return Func(postcode, Value(-2), function="LEFT", output_field=CharField())


def age_on(birth_date: str, on: date) -> Func:
    """Whole years on a day, in the database; an expression."""
    day = Value(on, output_field=DateField())
    return Func(day, birth_date, template="EXTRACT(YEAR FROM AGE(%(expressions)s))::int", output_field=IntegerField())


def population(viewer: Actor, *, on: date, youngest: int, oldest: int) -> list[Peopled]:
    """Everybody alive of these ages on a day, by sector and age; one statement, some thousands of groups for a town."""
    rows = _alive(viewer, *_born(on, youngest, oldest)).annotate(sector=sector_of(postcode_of("known")))
    groups = rows.annotate(age=age_on("birth_date", on)).values_list("sector", "age").annotate(people=Count("pk"))
    return [Peopled(sector or "", age, people) for sector, age, people in groups.order_by()]


def _born(on: date, youngest: int, oldest: int) -> tuple[date, date]:
    return _years_before(on, oldest + 1), _years_before(on, youngest)


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _alive(viewer: Actor, after: date, until: date) -> QuerySet[Person]:
    """Each once: an entry that another person continues is that person."""
    rows = Person.objects.filter(
        birth_date__gt=after, birth_date__lte=until, died_on__isnull=True, continued_by__isnull=True
    )
    return rows.not_withheld_from(viewer)


def people_of_age(
    viewer: Actor,
    *,
    on: date,
    youngest: int,
    oldest: int,
    area: Area | None = None,
    without: QuerySet[Any, Any] | None = None,
    only: Collection[UUID] | None = None,
    after: tuple[date, UUID] | None = None,
    size: int = 50,
) -> list[Living]:
    """People of these ages in an area, or some people wherever they live, the eldest first: a page of them, from after a
    date of birth and an id. `without` is a subquery of person ids."""
    rows: QuerySet[Person] = _alive(viewer, *_born(on, youngest, oldest)).annotate(postcode=postcode_of("known"))
    rows = rows.filter(area.condition()) if area is not None else rows
    rows = rows.filter(pk__in=only) if only is not None else rows
    rows = rows.exclude(pk__in=without) if without is not None else rows
    if after is not None:
        rows = rows.filter(Q(birth_date__gt=after[0]) | Q(birth_date=after[0], pk__gt=after[1]))
    found = rows.order_by("birth_date", "pk").only("given_name", "family_name", "birth_date")[:size]
    return [
        Living(row.pk, str(row), row.birth_date, getattr(row, "postcode", "") or "") for row in found if row.birth_date
    ]


def people_of_records(viewer: Actor, record_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Whose each of these records is now, for a caller that shows the records as their own agency has them."""
    ids = list(record_ids)
    if not ids:
        return {}
    live = RecordLink.objects.filter(record_id__in=ids, separated_at__isnull=True)
    return {
        record: continued or person
        for record, person, continued in live.values_list("record_id", "person_id", "person__continued_by_id")
    }


def records_of(viewer: Actor, person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The records of these people, each with its person, for a viewer who has been let in to them; two statements."""
    owners = owners_of_entries(person_ids)
    live = RecordLink.objects.filter(person_id__in=list(owners), separated_at__isnull=True)
    return {record: owners[person] for record, person in live.values_list("record_id", "person_id")}


def records_with_reference(viewer: Actor, agency_id: UUID, references: Iterable[str]) -> dict[str, UUID]:
    """Whom an agency means by its own references, for those who answer for its records; one statement."""
    live = RecordLink.objects.filter(
        record__agency_id=agency_id, record__agency_reference__in=sorted(set(references)), separated_at__isnull=True
    )
    if not viewer.is_system:
        live = live.exclude(person_id__in=withheld_ids(viewer))
    columns = ("record__agency_reference", "person_id", "person__continued_by_id")
    return {reference: continued or person for reference, person, continued in live.values_list(*columns)}
