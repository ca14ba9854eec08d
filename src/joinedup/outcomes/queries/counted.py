"""What Joinedup counts of outcomes by itself: units from the chronology and from families' plans, and the page that says
what a reading counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.audit import record_read
from joinedup.access.permissions import check
from joinedup.chronology.queries import happened
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import localities_by_prefix
from joinedup.outcomes.counting import (
    COUNTERS,
    Counter,
    Someone,
    Terms,
    Unit,
    is_about,
    is_in_group,
    newest,
    place_of,
)
from joinedup.outcomes.measuring import is_better
from joinedup.outcomes.models import Cohort, Reading
from joinedup.outcomes.permissions import READ_SERIES
from joinedup.outcomes.queries.series import PointSeen, SeriesSeen, series_seen
from joinedup.outcomes.settings import attendance_enough, rereferral_months
from joinedup.outcomes.subjects import Belonging, families_in, families_of_subjects
from joinedup.person_index.queries import families_by_person, members_now, named_among, placed

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_ATTENDANCE = "ATTENDANCE"
Groups: TypeAlias = "dict[str, list[Belonging]]"


@dataclass(frozen=True)
class UnitSeen:
    """One thing that is counted and is about somebody the viewer may see."""

    on: date
    words: str
    is_in: bool
    people: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class CountedPage:
    """A reading and what it counts: the units the viewer may see, and how many more there are, which is None where the
    reading itself is hidden."""

    series: SeriesSeen
    point: PointSeen
    counter: Counter
    units: tuple[UnitSeen, ...]
    others: int | None


def units_of(counter: Counter, at: datetime) -> list[Unit]:
    """Everything a counter counts up to a moment, the oldest first; for numbers, and for those who may see some of it."""
    on = timezone.localdate(at)
    terms = Terms(rereferral_months(on), attendance_enough(on))
    if counter.reckon is not None:
        return counter.reckon(happened(system(at), counter.events, since=_FIRST, until=at), terms)
    if counter.code == "distance_travelled":
        return _plan_units("", terms, system(at))
    return _plan_units(_ATTENDANCE, terms, system(at)) if counter.code == "attendance" else []


def _plan_units(code: str, terms: Terms, by: Actor) -> list[Unit]:
    """Every reading of families' plans, of one measure where it is named: whether it is better than the baseline, or of
    attendance whether it is enough."""
    rows = Reading.objects.select_related("baseline__measure").order_by("on", "recorded_at", "pk")
    rows = rows.filter(baseline__measure__code=code) if code else rows
    found, readings = [], list(rows)
    families = families_of_subjects(by, {(each.baseline.subject_kind, each.baseline.subject_id) for each in readings})
    for row in readings:
        start = row.baseline
        family_id = families.get((start.subject_kind, start.subject_id))
        is_in = row.value >= terms.attendance_enough if code else is_better(start.measure, row.value, start.value)
        people = (start.person_id,) if start.person_id else ()
        if code:
            words = "Attends school" if is_in else "Attends less than enough"
        else:
            words = f"{start.measure.name}: {'better than' if is_in else 'not better than'} at the start"
        found.append(Unit(row.on, people, family_id, is_in, words, str(start.pk)))
    return found


def people_in(units: Sequence[Unit], at: datetime) -> dict[UUID, Someone]:
    """Ages and localities of everybody counted; of a family that is counted as a whole, by its id, where its youngest
    member lives."""
    places = {prefix: each.pk for prefix, each in localities_by_prefix(system(at)).items()}
    families = {unit.family_id for unit in units if unit.family_id and not unit.people}
    members = members_now(system(at), families) if families else {}
    ids = {each for unit in units for each in unit.people} | {each for some in members.values() for each in some}
    found = {
        person_id: Someone(said.birth_date, place_of(said.postcode, places))
        for person_id, said in placed(system(at), ids).items()
    }
    for family_id, some in members.items():
        homes = sorted((found[each] for each in some if each in found), key=lambda each: each.birth_date or date.min)
        if homes:
            found[family_id] = Someone(None, homes[-1].place)
    return found


def groups_of(units: Sequence[Unit], keys: Collection[str], at: datetime) -> tuple[Groups, dict[UUID, frozenset[UUID]]]:
    """Who was in these groups of families, by key, and for people whose units name no family the families they are in."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}, {}
    alone = {each for unit in units if not unit.family_id for each in unit.people}
    return families_in(system(at), wanted), families_by_person(system(at), alone)


def counted(viewer: Actor, series_id: UUID, ends_on: date) -> CountedPage:
    """What one reading counts, by name where the viewer may see somebody, and the rest as a number."""
    check(viewer, READ_SERIES)
    seen = series_seen(viewer, series_id)
    point = next((each for each in seen.readings if each.ends_on == ends_on), None)
    counter = COUNTERS.get(seen.counter)
    if point is None or counter is None or counter.page:
        raise NotVisible
    cohort = Cohort.objects.get(pk=seen.cohort_id)
    within = newest([each for each in units_of(counter, viewer.at) if point.starts_on <= each.on <= point.ends_on])
    people = people_in(within, viewer.at)
    groups, homes = groups_of(within, [cohort.group], viewer.at)
    about = [
        each for each in within
        if is_about(each, people, place=seen.area_id, youngest=cohort.youngest, oldest=cohort.oldest)
        and is_in_group(each, groups.get(cohort.group), homes)
    ]  # fmt: skip
    names = named_among(viewer, {each for unit in about for each in unit.people})
    if names:
        record_read(viewer, subject=("outcomes.series", str(seen.id)), people=names, purpose="outcomes")
    shown = [_seen(each, names) for each in about if not names.keys().isdisjoint(each.people)]
    return CountedPage(seen, point, counter, tuple(shown), None if point.is_hidden else len(about) - len(shown))


def _seen(unit: Unit, names: dict[UUID, str]) -> UnitSeen:
    people = tuple((each, names[each]) for each in unit.people if each in names)
    return UnitSeen(unit.on, unit.words, unit.is_in, people)
