"""What the pages of the partnership's outcomes show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.core.figures import Figure, Table
from joinedup.engines.disclosure import NOT_SHOWN
from joinedup.engines.spc import Chart
from joinedup.organisations.queries import clusters, localities
from joinedup.outcomes.codes import WHOLE
from joinedup.outcomes.counting import COUNTERS, Counter
from joinedup.outcomes.models import (
    Cohort,
    FrameworkEntry,
    PartnershipMeasure,
    PartnershipOutcome,
    SeriesBaseline,
    SeriesImport,
    SeriesReading,
)
from joinedup.outcomes.permissions import IMPORT_READINGS, KEEP_SERIES, READ_SERIES
from joinedup.outcomes.picturing import (
    Looks,
    Shown,
    effect_picture,
    limits_of,
    run_chart,
    signals_in_words,
    small_picture,
)
from joinedup.outcomes.queries.effects import EffectSeen, effect_seen
from joinedup.outcomes.queries.series import PointSeen, SeriesSeen, book, series_seen
from joinedup.outcomes.settings import signal_rules
from joinedup.outcomes.suppressing import is_small
from joinedup.outcomes.trajectory import STANDINGS, TONES, expected_on
from joinedup.outcomes.writing import period

if TYPE_CHECKING:
    from joinedup.organisations.models import Cluster, Locality

# --- One series in a list.


@dataclass(frozen=True)
class Row:
    """A series in a list, with its small picture."""

    series: SeriesSeen
    picture: Figure | None

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        return STANDINGS[self.series.standing]

    @property
    def tone(self) -> str:
        """The colour beside the words."""
        return TONES[self.series.standing]

    @property
    def latest_when(self) -> str:
        """The period of the newest reading."""
        latest = self.series.latest
        return period(latest.starts_on, latest.ends_on) if latest else ""


def shown_of(points: Sequence[PointSeen]) -> list[Shown]:
    """The readings that may be drawn."""
    return [Shown(each.starts_on, each.ends_on, float(each.value)) for each in points if each.value is not None]


def row_of(series: SeriesSeen) -> Row:
    """With its picture, described in words."""
    target = series.target.value if series.target else None
    words = f"Newest {series.say_point(series.latest)}."
    if target is not None:
        words += f" Dashed: the target, {series.say(target)}."
    name = f"{series.name}, {series.area}: the readings so far"
    return Row(series, small_picture(name, shown_of(series.readings), target, words))


# --- The list of outcomes.


@dataclass(frozen=True)
class MeasureRow:
    """A measure in the list: its first series of the whole partnership, or none."""

    id: UUID
    name: str
    stamp: str
    row: Row | None


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome with its measures."""

    id: UUID
    name: str
    words: str
    framework: str
    measures: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class OutcomeList:
    """Everything the partnership wants to change."""

    outcomes: tuple[OutcomeRow, ...]
    may_keep: bool
    may_import: bool

    @property
    def smallest(self) -> int:
        """The smallest number of people that is shown, where some value is kept back; else nought."""
        rows = [each.row.series for outcome in self.outcomes for each in outcome.measures if each.row]
        return max((each.smallest for each in rows if each.latest and each.latest.is_hidden), default=0)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """How many measures stand how, the worst first; only those there are."""
        rows = [each.row for outcome in self.outcomes for each in outcome.measures if each.row]
        order = [("behind", "red"), ("on_course", "green"), ("reached", "green"), ("not_begun", "blue")]
        found = [(STANDINGS[key], tone, sum(row.series.standing == key for row in rows)) for key, tone in order]  # type: ignore[index]
        return [each for each in found if each[2]]


def outcome_list(viewer: Actor) -> OutcomeList:
    """Every outcome with its measures in use; seven statements however many."""
    check(viewer, READ_SERIES)
    day = timezone.localdate(viewer.at)
    in_use = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    first: dict[UUID, SeriesSeen] = {}
    for series in book(viewer, Q(area_kind=WHOLE)):
        here = first.get(series.measure_id)
        if here is None or (series.readings and not here.readings) or series.cohort == "Everybody":
            first[series.measure_id] = series
    measures: dict[UUID, list[MeasureRow]] = {}
    for each in PartnershipMeasure.objects.filter(in_use).order_by("name", "pk"):
        row = row_of(first[each.pk]) if each.pk in first else None
        measures.setdefault(each.outcome_id, []).append(MeasureRow(each.pk, each.name, each.stamp, row))
    outcomes = PartnershipOutcome.objects.filter(in_use).select_related("entry").order_by("name", "pk")
    return OutcomeList(
        tuple(
            OutcomeRow(each.pk, each.name, each.words, each.entry.name if each.entry else "", tuple(measures.get(each.pk, ())))
            for each in outcomes
        ),
        can(viewer, KEEP_SERIES), can(viewer, IMPORT_READINGS),
    )  # fmt: skip


# --- One measure, area by area.


@dataclass(frozen=True)
class MeasurePage:
    """A measure and every series of it."""

    measure: PartnershipMeasure
    counter: Counter | None
    rows: tuple[Row, ...]
    may_keep: bool

    def table(self) -> Table:
        """Every reading that is shown, of every area and cohort."""
        columns = (
            "Measure",
            "Area",
            "Cohort",
            "From",
            "To",
            "Value",
            "How many",
            "Of how many",
            "Unit",
            "Source",
            "Way",
        )
        rows = tuple(line for row in self.rows for line in lines_of(row.series))
        return Table(columns, rows, stamped(self.measure.stamp, self.measure.name))


def stamped(stamp: str, words: str) -> str:
    """A caption with the stamp before it, where there is one."""
    return f"{stamp}. {words}" if stamp else words


def lines_of(series: SeriesSeen) -> list[tuple[str, ...]]:
    """The readings of a series as lines of a table; what is hidden says so."""
    return [
        (
            stamped(series.stamp, series.name), series.area, series.cohort, each.starts_on.isoformat(), each.ends_on.isoformat(),
            series.say_point(each) if each.is_hidden else _bare(each.value), _bare(each.numerator),
            "" if each.denominator is None else str(each.denominator), series.unit, each.source, each.way_words,
        )
        for each in series.readings
    ]  # fmt: skip


def _bare(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measure_page(viewer: Actor, measure_id: UUID) -> MeasurePage:
    """One measure, its areas side by side; five statements."""
    measure = partnership_measure(viewer, measure_id)
    found = book(viewer, Q(measure_id=measure_id))
    order = {"partnership": 0, "locality": 1, "cluster": 2}
    found.sort(key=lambda each: (order[each.area_kind], each.area, each.cohort))
    return MeasurePage(
        measure, COUNTERS.get(measure.counter), tuple(row_of(each) for each in found), can(viewer, KEEP_SERIES)
    )


def partnership_measure(viewer: Actor, measure_id: UUID) -> PartnershipMeasure:
    """One measure, to show or to hand to a service."""
    check(viewer, READ_SERIES)
    found = PartnershipMeasure.objects.select_related("outcome").filter(pk=measure_id).first()
    if found is None:
        raise NotVisible
    return found


def partnership_outcome(viewer: Actor, outcome_id: UUID) -> PartnershipOutcome:
    """One outcome, to hand to a service."""
    check(viewer, READ_SERIES)
    found = PartnershipOutcome.objects.filter(pk=outcome_id).first()
    if found is None:
        raise NotVisible
    return found


# --- One series.


@dataclass(frozen=True)
class ReadingRow:
    """A reading in the table of a series."""

    point: PointSeen
    when: str
    value: str
    of: str
    expected: str
    by: str
    is_counted: bool


@dataclass(frozen=True)
class SeriesPage:
    """One series in full."""

    series: SeriesSeen
    row: Row
    counter: Counter | None
    chart: Chart | None
    figure: Figure
    signals: tuple[str, ...]
    readings: tuple[ReadingRow, ...]  # the newest first
    effect: EffectSeen | None
    effect_figure: Figure | None
    effect_by: str
    may_keep: bool
    is_to_come: bool  # the return begins on a later day


def series_page(viewer: Actor, series_id: UUID) -> SeriesPage:
    """One series with its chart, signals, readings and comparison; about a dozen statements."""
    seen = series_seen(viewer, series_id)
    effect = effect_seen(viewer, seen)
    shown = shown_of(seen.readings)
    chart = limits_of(seen.form, shown, seen.starts_on, signal_rules(timezone.localdate(viewer.at)))
    looks = Looks(seen.name, seen.unit, seen.places, seen.form, seen.direction)
    first = seen.baseline.mark if seen.baseline else None
    title = stamped(seen.stamp, f"{seen.name}, {seen.area}")
    figure = run_chart(looks, title, shown, chart, seen.marks, first)
    who = {each.recorded_by for each in seen.readings if each.recorded_by}
    who |= {effect.recorded_by} if effect and effect.recorded_by else set()
    names = names_of_accounts(viewer, who)
    counter = COUNTERS.get(seen.counter)
    return SeriesPage(
        series=seen, row=row_of(seen), counter=counter, chart=chart, figure=figure,
        signals=tuple(signals_in_words(looks, shown, chart)) if chart else (),
        readings=tuple(_reading(seen, each, names, counter) for each in reversed(seen.readings)), effect=effect,
        effect_figure=_effect_figure(seen, effect), effect_by=names.get(effect.recorded_by, "") if effect and effect.recorded_by else "",
        may_keep=can(viewer, KEEP_SERIES),
        is_to_come=seen.starts_on is not None and seen.starts_on > timezone.localdate(viewer.at),
    )  # fmt: skip


def _reading(seen: SeriesSeen, each: PointSeen, names: dict[UUID, str], counter: Counter | None) -> ReadingRow:
    first = seen.baseline.mark if seen.baseline else None
    wanted = expected_on(each.ends_on, first, seen.marks, seen.starts_on)
    of = ""
    if each.numerator is not None and each.denominator is not None:
        of = f"{_bare(each.numerator)} of {each.denominator:,}"
    return ReadingRow(
        each, period(each.starts_on, each.ends_on), seen.say_point(each), of, "" if wanted is None else seen.say(wanted),
        names.get(each.recorded_by, "") if each.recorded_by else "Joinedup",
        counter is not None and not counter.page and each.way == "computed",
    )  # fmt: skip


def _effect_figure(seen: SeriesSeen, effect: EffectSeen | None) -> Figure | None:
    if effect is None or effect.low is None or effect.high is None or effect.difference is None:
        return None
    unit = "percentage points" if seen.form == "share" else seen.unit
    title = stamped(seen.stamp, "How much more changed here than where it is compared with")
    return effect_picture(float(effect.low), float(effect.high), float(effect.difference), unit, title)


@dataclass(frozen=True)
class Earlier:
    """A row of a reading or baseline that another took the place of, or that stands."""

    when: str
    value: str
    at: datetime
    by: str
    reason: str


def history(viewer: Actor, series_id: UUID) -> list[Earlier]:
    """Everything ever written of a series' readings and baseline, the newest first. What is not shown elsewhere is not here;
    nor is any earlier value of a period in which some area's or cohort's is not shown: the step between two values of a
    whole can be the one family that came to a part."""
    seen = series_seen(viewer, series_id)
    standing = {each.id for each in seen.readings} | ({seen.baseline.id} if seen.baseline else set())
    hidden = {each.id for each in (*seen.readings, seen.baseline) if each and each.is_hidden}
    rows: list[tuple[str, SeriesReading | SeriesBaseline]] = []
    rows += [("", each) for each in SeriesReading.objects.filter(series_id=series_id)]
    rows += [("Baseline, ", each) for each in SeriesBaseline.objects.filter(series_id=series_id)]
    rows.sort(key=lambda each: (each[1].recorded_at, each[1].pk), reverse=True)
    names = names_of_accounts(viewer, {each.recorded_by for _, each in rows if each.recorded_by})
    return [
        Earlier(
            f"{what}{period(each.starts_on, each.ends_on)}", _value_then(seen, each, standing, hidden), each.recorded_at,
            names.get(each.recorded_by, "") if each.recorded_by else "Joinedup", each.reason,
        )
        for what, each in rows
    ]  # fmt: skip


def _value_then(seen: SeriesSeen, each: SeriesReading | SeriesBaseline, standing: set[UUID], hidden: set[UUID]) -> str:
    if each.value is None:
        return "Taken back"
    if each.pk in standing:
        return NOT_SHOWN if each.pk in hidden else seen.say(each.value)
    few = is_small(seen.form, each.value, each.numerator, each.denominator, smallest=seen.smallest)
    return NOT_SHOWN if few or each.ends_on in seen.guarded else seen.say(each.value)


# --- What forms offer.


@dataclass(frozen=True)
class Offers:
    """What a new measure or series is chosen from."""

    entries: tuple[FrameworkEntry, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    localities: tuple[Locality, ...] = ()
    clusters: tuple[Cluster, ...] = ()


def offers(viewer: Actor) -> Offers:
    """Outcomes of the frameworks, cohorts and areas."""
    check(viewer, READ_SERIES)
    return Offers(
        tuple(FrameworkEntry.objects.order_by("framework", "position")), tuple(Cohort.objects.order_by("name")),
        tuple(localities(viewer)), tuple(clusters(viewer)),
    )  # fmt: skip


def comparable(viewer: Actor, series_id: UUID) -> list[SeriesSeen]:
    """The other series of the same measure."""
    seen = series_seen(viewer, series_id)
    return [each for each in book(viewer, Q(measure_id=seen.measure_id)) if each.id != series_id]


# --- Files that were brought in.


@dataclass(frozen=True)
class ImportSeen:
    """One file, with what was not used of it."""

    id: UUID
    file_name: str
    at: datetime
    by: str
    counts: dict[str, int]
    rejected: tuple[dict[str, str], ...]


def reading_imports(viewer: Actor) -> list[ImportSeen]:
    """The newest fifty files."""
    check(viewer, IMPORT_READINGS)
    rows = list(SeriesImport.objects.order_by("-imported_at", "-pk")[:50])
    names = names_of_accounts(viewer, {each.imported_by for each in rows if each.imported_by})
    return [_import(each, names) for each in rows]


def reading_import(viewer: Actor, import_id: UUID) -> ImportSeen:
    """One file."""
    check(viewer, IMPORT_READINGS)
    row = SeriesImport.objects.filter(pk=import_id).first()
    if row is None:
        raise NotVisible
    return _import(row, names_of_accounts(viewer, {row.imported_by} if row.imported_by else set()))


def _import(row: SeriesImport, names: dict[UUID, str]) -> ImportSeen:
    by = names.get(row.imported_by, "") if row.imported_by else "Joinedup"
    return ImportSeen(row.pk, row.file_name, row.imported_at, by, row.counts, tuple(row.rejected))
