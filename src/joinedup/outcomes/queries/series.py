"""Series: one measure in one area for one cohort, with its baseline, trajectory and readings.

A number that tells of too few people, or from which such a one could be worked out, comes as None with `is_hidden`,
everywhere and for everybody (OC-20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.engines.disclosure import NOT_SHOWN, fewer_than
from joinedup.outcomes.codes import AREA_KINDS, EVERYBODY, WAYS, WHOLE
from joinedup.outcomes.models import Series, SeriesBaseline, SeriesReading, SeriesTarget
from joinedup.outcomes.permissions import READ_SERIES
from joinedup.outcomes.settings import smallest_shown
from joinedup.outcomes.suppressing import Group, Hidden, Told, hidden_of, numbers_behind
from joinedup.outcomes.trajectory import Mark, Standing, expected_on, standing
from joinedup.outcomes.writing import number


@dataclass(frozen=True)
class PointSeen:
    """A value of a period. `value`, `numerator` and `denominator` are None where they are not shown (`is_hidden`): too few
    people are behind them, which may be said (`is_few`), or such a number follows from them. `is_corrected` where another
    value stood there before."""

    id: UUID
    starts_on: date
    ends_on: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: int | None
    is_hidden: bool
    is_few: bool
    source: str
    way: str
    reason: str
    is_corrected: bool
    recorded_at: datetime
    recorded_by: UUID | None

    @property
    def way_words(self) -> str:
        """How it came; empty of a baseline."""
        return WAYS.get(self.way, "")

    @property
    def mark(self) -> Mark | None:
        """For the arithmetic; None where it is hidden."""
        return None if self.value is None else Mark(self.ends_on, self.value)


@dataclass(frozen=True)
class TargetSeen:
    """A point of the trajectory."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class SeriesChoice:
    """A series as one chooses it from a list."""

    id: UUID
    words: str
    measure: str
    code: str
    area: str
    cohort: str
    unit: str
    direction: str


@dataclass(frozen=True)
class SeriesSeen:
    """One series as pages show it; readings the oldest first, those taken back left out."""

    id: UUID
    version: int
    measure_id: UUID
    code: str
    name: str
    outcome_id: UUID
    outcome: str
    definition: str
    form: str
    unit: str
    direction: str
    places: int
    source: str
    frequency: str
    counter: str
    stamp: str
    area_kind: str
    area: str
    area_id: UUID | None
    cohort_id: UUID
    cohort: str
    starts_on: date | None
    smallest: int
    baseline: PointSeen | None = None
    targets: tuple[TargetSeen, ...] = ()
    readings: tuple[PointSeen, ...] = field(default=())
    guarded: frozenset[date] = frozenset()
    """Last days of periods in which some value of the measure is not shown, here or elsewhere: of those nothing is said of
    what stood there before."""

    @property
    def latest(self) -> PointSeen | None:
        """The newest reading, hidden or not."""
        return self.readings[-1] if self.readings else None

    @property
    def target(self) -> TargetSeen | None:
        """Where the trajectory ends."""
        return self.targets[-1] if self.targets else None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The trajectory for the arithmetic."""
        return tuple(Mark(each.on, each.value) for each in self.targets)

    @property
    def standing(self) -> Standing:
        """How the newest reading that is shown stands against the trajectory."""
        shown = [each.mark for each in self.readings if each.mark]
        if self.readings and not shown:
            return Standing.TOO_FEW
        first = self.baseline.mark if self.baseline else None
        return standing(self.direction, shown[-1] if shown else None, first, self.marks, self.starts_on)

    @property
    def expected(self) -> Decimal | None:
        """What the newest reading should have come to by its day."""
        first = self.baseline.mark if self.baseline else None
        return expected_on(self.latest.ends_on, first, self.marks, self.starts_on) if self.latest else None

    @property
    def words(self) -> str:
        """What it is a series of."""
        return f"{self.name}: {self.area}, {self.cohort}"

    def say(self, value: Decimal | None) -> str:
        """A value with its unit, such as “6.5%” or “23 families”; a dash for none."""
        return number(value, self.places, self.unit)

    def say_point(self, point: PointSeen | None) -> str:
        """As `say`, or that too few are behind it, or that it is not shown."""
        if point is None:
            return number(None, self.places, self.unit)
        if point.is_hidden:
            return fewer_than(self.smallest) if point.is_few else NOT_SHOWN
        return self.say(point.value)


def series_seen(viewer: Actor, series_id: UUID) -> SeriesSeen:
    """One series with everything there is of it; raises NotVisible where there is none."""
    check(viewer, READ_SERIES)
    measure_id = Series.objects.filter(pk=series_id).values_list("measure_id", flat=True).first()
    if measure_id is None:
        raise NotVisible
    return next(each for each in book(viewer, Q(measure_id=measure_id)) if each.id == series_id)


def latest_reading(viewer: Actor, series_id: UUID) -> PointSeen | None:
    """The newest reading of a series; None where it was never read."""
    return series_seen(viewer, series_id).latest


def series_to_choose(viewer: Actor) -> list[SeriesChoice]:
    """Every series of a measure in use, by measure and area; one statement."""
    check(viewer, READ_SERIES)
    day = timezone.localdate(viewer.at)
    rows = _series(Q(measure__ends_on__isnull=True) | Q(measure__ends_on__gt=day))
    return [
        SeriesChoice(
            row.pk, str(row), row.measure.name, row.measure.code, row.area_name, row.cohort.name, row.measure.unit,
            row.measure.direction,
        )
        for row in rows
    ]  # fmt: skip


def series_for_change(viewer: Actor, series_id: UUID) -> Series:
    """One series, to hand to a service."""
    check(viewer, READ_SERIES)
    found = _series(Q(pk=series_id)).first()
    if found is None:
        raise NotVisible
    return found


def book(viewer: Actor, which: Q) -> list[SeriesSeen]:
    """The series asked for with all that was said of them; four statements however many. The other series of the same
    measures are read with them: what must be hidden hangs on the areas and cohorts beside it. The caller has checked the
    viewer."""
    beside = _series(Q(measure_id__in=Series.objects.filter(which).values("measure_id")))
    everything = list(beside.annotate(is_asked=ExpressionWrapper(which, BooleanField())))
    ids = [row.pk for row in everything]
    smallest = smallest_shown(timezone.localdate(viewer.at))
    baselines = {
        row.series_id: row for row in SeriesBaseline.objects.filter(series_id__in=ids).order_by("recorded_at", "id")
    }
    rows = [row for row in everything if row.is_asked]
    targets: dict[UUID, dict[date, Decimal | None]] = defaultdict(dict)
    for target in SeriesTarget.objects.filter(series__in=rows).order_by("on", "recorded_at", "id"):
        targets[target.series_id][target.on] = target.value
    readings: dict[UUID, dict[date, SeriesReading]] = defaultdict(dict)
    corrected: set[tuple[UUID, date]] = set()
    for each in _said(SeriesReading.objects.filter(series_id__in=ids)):
        if each.ends_on in readings[each.series_id]:
            corrected.add((each.series_id, each.ends_on))
        readings[each.series_id][each.ends_on] = each
    hidden = _hidden(everything, readings, baselines, smallest)
    return [
        _seen(
            row, smallest, _baseline(row, baselines.get(row.pk), hidden),
            tuple(TargetSeen(on, value) for on, value in targets[row.pk].items() if value is not None),
            tuple(
                _point(each, row.pk, hidden[row.measure_id, each.ends_on], each.way, (row.pk, each.ends_on) in corrected)
                for each in readings[row.pk].values() if each.value is not None
            ),
            frozenset(day for (measure_id, day), found in hidden.items() if measure_id == row.measure_id and found.keys),
        )
        for row in rows
    ]  # fmt: skip


def _series(which: Q) -> QuerySet[Series]:
    rows = Series.objects.filter(which).select_related("measure__outcome", "cohort", "locality", "cluster")
    return rows.order_by(
        "measure__outcome__name", "measure__name", "measure_id", "cohort__name", "cohort_id",
        "locality__name", "cluster__name", "pk",
    )  # fmt: skip


def _said(rows: QuerySet[SeriesReading]) -> QuerySet[SeriesReading]:
    """The oldest period first, and of one period the newest row last."""
    return rows.order_by("ends_on", "recorded_at", "id")


def _hidden(
    rows: Iterable[Series],
    readings: dict[UUID, dict[date, SeriesReading]],
    baselines: dict[UUID, SeriesBaseline],
    smallest: int,
) -> dict[tuple[UUID, date], Hidden]:
    """What is not shown of each measure and period. A baseline stands beside the readings of its period: each area is judged
    with its reading, and again with its baseline where it has one."""
    told: dict[tuple[UUID, date], list[Told]] = defaultdict(list)
    before: dict[tuple[UUID, date], dict[UUID, Told]] = defaultdict(dict)
    for row in rows:
        for day, said in readings[row.pk].items():
            if said.value is not None:
                told[row.measure_id, day].append(_told(row, said))
        first = baselines.get(row.pk)
        if first is not None and first.value is not None:
            before[row.measure_id, first.ends_on][row.pk] = _told(row, first)
    found: dict[tuple[UUID, date], Hidden] = {}
    for key in {*told, *before}:
        found[key] = hidden_of(tuple(told[key]), smallest)
        if key in before:
            others = [each for each in told[key] if each.key not in before[key]]
            again = hidden_of((*others, *before[key].values()), smallest)
            plain = (found[key].keys | again.keys) - found[key].few - again.few
            found[key] = Hidden(found[key].keys | again.keys, (found[key].few | again.few) - plain)
    return found


def _told(row: Series, said: SeriesReading | SeriesBaseline) -> Told:
    cohort, measure = row.cohort, row.measure
    return Told(
        key=row.pk, area_kind=row.area_kind, area=row.locality_id or row.cluster_id,
        within=row.cluster.locality_id if row.cluster else None,
        group=Group(
            cohort.pk, cohort.youngest, cohort.oldest, is_everybody=cohort.code == EVERYBODY,
            is_part=bool(measure.counter),
        ),
        numbers=numbers_behind(measure.form, said.value, said.numerator, said.denominator),
    )  # fmt: skip


def _baseline(row: Series, said: SeriesBaseline | None, hidden: dict[tuple[UUID, date], Hidden]) -> PointSeen | None:
    if said is None or said.value is None:
        return None
    return _point(said, row.pk, hidden[row.measure_id, said.ends_on], "", False)


def _point(
    said: SeriesReading | SeriesBaseline, series_id: UUID, found: Hidden, way: str, is_corrected: bool
) -> PointSeen:
    is_hidden = series_id in found.keys
    value, numerator, denominator = (None,) * 3 if is_hidden else (said.value, said.numerator, said.denominator)
    return PointSeen(
        said.pk, said.starts_on, said.ends_on, value, numerator, denominator, is_hidden, series_id in found.few,
        said.source, way, said.reason, is_corrected, said.recorded_at, said.recorded_by,
    )  # fmt: skip


def _seen(
    row: Series, smallest: int, baseline: PointSeen | None, targets: tuple[TargetSeen, ...],
    readings: tuple[PointSeen, ...], guarded: frozenset[date],
) -> SeriesSeen:  # fmt: skip
    measure, place = row.measure, row.locality or row.cluster
    return SeriesSeen(
        id=row.pk, version=row.version, measure_id=measure.pk, code=measure.code, name=measure.name,
        outcome_id=measure.outcome_id, outcome=measure.outcome.name, definition=measure.definition, form=measure.form,
        unit=measure.unit, direction=measure.direction, places=measure.places, source=measure.source,
        frequency=measure.frequency, counter=measure.counter, stamp=measure.stamp, area_kind=row.area_kind,
        area=place.name if place else AREA_KINDS[WHOLE], area_id=place.pk if place else None, cohort_id=row.cohort_id,
        cohort=row.cohort.name, starts_on=row.starts_on, smallest=smallest, baseline=baseline, targets=targets,
        readings=readings, guarded=guarded,
    )  # fmt: skip
