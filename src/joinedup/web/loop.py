"""The whole loop in numbers, from contact to decision: what happened in a period, what came of it, and what is behind each.

The early stations are counted from the chronology, the others are said by their parts (`core.stations`). Nobody is named. A
number between nought and the smallest that is shown is hidden, and others with it where it could be worked out from them,
over the months, quarters and localities of a year together, so that no two periods tell what one keeps back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Case, UUIDField, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.casework.permissions import READ_CASES
from joinedup.casework.queries import cases_of_families, families_seen, locality_of_family
from joinedup.chronology.queries import count_events, events_counted
from joinedup.core.errors import NotVisible
from joinedup.core.formats import LONDON
from joinedup.core.stations import Evidence, Row, stations
from joinedup.engines.disclosure import NOT_SHOWN, Decision, Whole, decide
from joinedup.engines.periods import financial_year
from joinedup.front_door.queries import locality_of_referral
from joinedup.organisations.queries import localities
from joinedup.outcomes.settings import smallest_shown
from joinedup.web.permissions import READ_LOOP

Key = tuple[str, int]
YEAR: Key = ("year", 0)


@dataclass(frozen=True)
class Step:
    """A station that the chronology counts: one kind of event."""

    key: str
    title: str
    words: str
    kind: str


STEPS: tuple[Step, ...] = (
    Step("contact", "Contacts", "times somebody asked for help", "front_door.referral_received"),
    Step("referral", "Referrals", "referrals decided", "front_door.referral_decided"),
    Step("assessment", "Assessments", "common assessments signed", "casework.assessment_signed"),
    Step("lead", "Lead and team", "lead professionals named", "casework.lead_professional_named"),
    Step("plan", "Plans", "family plans begun", "casework.plan_opened"),
    Step("review", "Reviews", "reviews held", "casework.review_held"),
    Step("step", "Steps", "steps up or down", "casework.level_changed"),
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """A financial year, or one quarter of it; `quarter` is nought for the year."""

    year: int
    quarter: int

    @property
    def starts_on(self) -> date:
        """The first day."""
        return _month_on(self.year, (self.quarter - 1) * 3 if self.quarter else 0)

    @property
    def ends_on(self) -> date:
        """The last day."""
        return _month_on(self.year, self.quarter * 3 if self.quarter else 12) - timedelta(days=1)

    @property
    def words(self) -> str:
        """`Quarter 2 of 2026/27`."""
        year = f"{self.year}/{(self.year + 1) % 100:02d}"
        return f"Quarter {self.quarter} of {year}" if self.quarter else f"The year {year}"

    @property
    def query(self) -> str:
        """What an address says of it."""
        return f"year={self.year}&quarter={self.quarter}"

    @property
    def before(self) -> Period:
        """The period before of the same length."""
        if not self.quarter:
            return Period(self.year - 1, 0)
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)

    @property
    def key(self) -> Key:
        """Its place among the numbers of its year."""
        return ("quarter", self.quarter) if self.quarter else YEAR


def period_of(viewer: Actor, year: str, quarter: str) -> Period:
    """The period an address says; the quarter that runs where it says none."""
    day = timezone.localdate(viewer.at)
    now = financial_year(day).starts_on.year
    if not year:
        return Period(now, (_place_of(day, now) + 2) // 3)
    found = int(year) if year.isascii() and year.isdigit() and now - 5 <= int(year[:4]) <= now else now
    return Period(found, int(quarter) if quarter in {"1", "2", "3", "4"} else 0)


def periods_to_choose(viewer: Actor) -> list[Period]:
    """This year and the one before, each with the quarters that have begun."""
    day = timezone.localdate(viewer.at)
    now = financial_year(day).starts_on.year
    every = [Period(year, quarter) for year in (now, now - 1) for quarter in range(5)]
    return [each for each in every if each.starts_on <= day]


def _month_on(year: int, months: int) -> date:
    """The first day of a month of a financial year; April is nought."""
    place = 3 + months
    return date(year + place // 12, place % 12 + 1, 1)


@dataclass(frozen=True)
class Numbers:
    """The numbers of one station in one year: months, quarters and the year, and which are shown."""

    counts: Mapping[Key, int]
    decision: Decision[Key]
    least: int

    def words(self, key: Key) -> str:
        """As a page says it."""
        return self.decision.words(key, self.counts.get(key, 0), self.least)

    def shown(self, key: Key) -> int | None:
        """The number; None where it is hidden."""
        return None if key in self.decision.hidden else self.counts.get(key, 0)


@lru_cache(maxsize=256)
def numbers_of(months: tuple[int, ...], least: int) -> Numbers:
    """What twelve months come to, and what of it is shown."""
    counts: dict[Key, int] = {("month", n): months[n - 1] for n in range(1, 13)}
    wholes: list[Whole[Key]] = []
    for quarter in range(1, 5):
        parts: tuple[Key, ...] = tuple(("month", n) for n in range(quarter * 3 - 2, quarter * 3 + 1))
        counts[("quarter", quarter)] = sum(counts[part] for part in parts)
        wholes.append(Whole(("quarter", quarter), parts))
    counts[YEAR] = sum(months)
    wholes.append(Whole(YEAR, tuple(("quarter", n) for n in range(1, 5))))
    return Numbers(counts, decide(counts, wholes, threshold=least), least)


@dataclass(frozen=True)
class StationSeen:
    """A station in the picture and in the table."""

    key: str
    title: str
    headline: str
    words: str
    before: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class LoopPage:
    """The whole loop in one period."""

    period: Period
    choices: tuple[Period, ...]
    stations: tuple[StationSeen, ...]
    least: int
    is_hidden: bool


def loop_page(viewer: Actor, period: Period) -> LoopPage:
    """The loop as it went in a period, with the period before; one statement for what the chronology counts."""
    check(viewer, READ_LOOP)
    least = smallest_shown(timezone.localdate(viewer.at))
    found = _counted(viewer, [each.kind for each in STEPS], period.before.year, period.year)
    seen = []
    for each in STEPS:
        now, then = (numbers_of(found[each.kind, one.year], least) for one in (period, period.before))
        href = f"{reverse('loop_station', args=[each.key])}?{period.query}"
        seen.append(
            StationSeen(each.key, each.title, now.words(period.key), each.words, then.words(period.before.key), href)
        )
    for other in stations():
        evidence = other.give(viewer, period.starts_on, period.ends_on)
        href = f"{reverse('loop_station', args=[other.key])}?{period.query}"
        seen.append(StationSeen(other.key, other.title, evidence.headline, evidence.words, "", href, evidence.note))
    hidden = any(not each.headline[:1].isdigit() and each.key in {one.key for one in STEPS} for each in seen)
    return LoopPage(period, tuple(periods_to_choose(viewer)), tuple(seen), least, hidden)


def steps_counted(viewer: Actor, steps: list[Step], period: Period) -> list[tuple[Step, str, str]]:
    """Single stations in a period and the one before, as they are shown; one statement."""
    check(viewer, READ_LOOP)
    least = smallest_shown(timezone.localdate(viewer.at))
    found = _counted(viewer, [each.kind for each in steps], period.before.year, period.year)
    now, then = (
        {each.key: numbers_of(found[each.kind, one.year], least) for each in steps} for one in (period, period.before)
    )
    return [(each, now[each.key].words(period.key), then[each.key].words(period.before.key)) for each in steps]


@dataclass(frozen=True)
class Behind:
    """A case behind a number, for those who may open it."""

    on: date
    reference: str
    href: str


@dataclass(frozen=True)
class StationPage:
    """What is behind one number of the loop."""

    key: str
    title: str
    words: str
    headline: str
    period: Period
    choices: tuple[Period, ...]
    evidence: Evidence
    places: tuple[tuple[str, str], ...]
    cases: tuple[Behind, ...]
    has_cases: bool
    least: int


def station_page(viewer: Actor, key: str, period: Period) -> StationPage:
    """The evidence of one station; raises NotVisible for one there is not."""
    check(viewer, READ_LOOP)
    choices = tuple(periods_to_choose(viewer))
    step = next((each for each in STEPS if each.key == key), None)
    least = smallest_shown(timezone.localdate(viewer.at))
    if step is None:
        other = next((each for each in stations() if each.key == key), None)
        if other is None:
            raise NotVisible
        said = other.give(viewer, period.starts_on, period.ends_on)
        return StationPage(key, other.title, said.words, said.headline, period, choices, said, (), (), False, least)
    since, until = _moment(_month_on(period.year, 0)), _moment(_month_on(period.year, 12))
    case = locality_of_family(viewer)
    place = Case(
        When(source_kind="front_door.referral", then=Coalesce(locality_of_referral(viewer), case)), default=case,
        output_field=UUIDField(),
    )  # fmt: skip
    rows = count_events(viewer, kinds=[step.kind], since=since, until=until, place=place)
    months, of_place = Counter[int](), Counter[UUID | None]()
    for row in rows:
        months[_place_of(row.day, period.year)] += row.number
        of_place[row.place] += row.number
    numbers = numbers_of(tuple(months[n] for n in range(1, 13)), least)
    return StationPage(
        key, step.title, step.words, numbers.words(period.key), period, choices, _by_month(period, numbers),
        _by_place(viewer, of_place, numbers), *_cases(viewer, step, period), least,
    )  # fmt: skip


def _by_month(period: Period, numbers: Numbers) -> Evidence:
    rows = [
        Row(f"{_month_on(period.year, n - 1):%B %Y}", (numbers.words(("month", n)),))
        for n in range(1, 13)
        if not period.quarter or (n + 2) // 3 == period.quarter
    ]
    rows.append(Row(period.words, (numbers.words(period.key),)))
    return Evidence(numbers.words(period.key), "", ("Month", "How many"), tuple(rows))


def _by_place(viewer: Actor, of_place: Mapping[UUID | None, int], numbers: Numbers) -> tuple[tuple[str, str], ...]:
    """Localities of the whole year. Where the year itself is hidden, or would have to be to guard them, none is shown."""
    names: dict[UUID | None, str] = {each.pk: each.name for each in localities(viewer)}
    names[None] = "No locality"
    keys: dict[Key, UUID | None] = {
        ("place", n): pk for n, pk in enumerate(names) if pk is not None or of_place.get(pk)
    }
    counts = {key: of_place.get(pk, 0) for key, pk in keys.items()} | {YEAR: numbers.counts[YEAR]}
    if sum(of_place.get(pk, 0) for pk in keys.values()) != counts[YEAR]:
        return ()
    found = decide(counts, [Whole(YEAR, tuple(keys))], threshold=numbers.least)
    is_shut = YEAR in found.hidden or YEAR in numbers.decision.hidden
    return tuple(
        (names[pk], NOT_SHOWN if is_shut and counts[key] else found.words(key, counts[key], numbers.least))
        for key, pk in keys.items()
    )


def _cases(viewer: Actor, step: Step, period: Period) -> tuple[tuple[Behind, ...], bool]:
    """The cases behind a number that the viewer may open themselves, the newest first."""
    if not can(viewer, READ_CASES):
        return (), False
    events = events_counted(
        viewer, kinds=[step.kind], since=_moment(period.starts_on), until=_moment(period.ends_on + timedelta(days=1)),
        place=Value(None, output_field=UUIDField()), at_place=None, families=families_seen(viewer), limit=50,
    )  # fmt: skip
    cases = cases_of_families(viewer, {family for _, _, family in events})
    return tuple(
        Behind(timezone.localdate(at), cases[family].reference, reverse("case", args=[cases[family].case_id]))
        for _, at, family in events
        if family in cases
    ), True


def _counted(viewer: Actor, kinds: list[str], first: int, last: int) -> dict[tuple[str, int], tuple[int, ...]]:
    """By kind and financial year: the twelve months."""
    years = range(min(first, last), last + 1)
    since, until = _moment(_month_on(years[0], 0)), _moment(_month_on(last, 12))
    nowhere = Value(None, output_field=UUIDField())
    months: Counter[tuple[str, int, int]] = Counter()
    for row in count_events(viewer, kinds=kinds, since=since, until=until, place=nowhere):
        year = row.day.year if row.day.month >= 4 else row.day.year - 1
        months[row.kind, year, _place_of(row.day, year)] += row.number
    return {(kind, year): tuple(months[kind, year, n] for n in range(1, 13)) for kind in kinds for year in years}


def _place_of(day: date, year: int) -> int:
    """Which month of a financial year a day lies in; April is 1."""
    return (day.year - year) * 12 + day.month - 3


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
