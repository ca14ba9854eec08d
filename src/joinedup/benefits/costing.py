"""What case activity costs, set beside what was spent, and why the two are apart. Pure; every sum in whole pence.

In one place (a locality, or none) and quarter, for every kind of activity k: planned volume V₀ at planned price p₀,
recorded volume V₁ at the prices of its days, which come to R. Spent on the work directly is S, on overhead O. Then

    spent − planned = volume + price + unrecorded + overhead, where
    volume     = Σ (V₁·p₀ − V₀·p₀)     more or less was done than planned
    price      = Σ (R − V₁·p₀)          it cost more or less a time than planned
    overhead   = O                      the plan prices activity, so all of it is apart from the plan
    unrecorded = S − Σ R                spent, and no recorded activity explains it

Each product is rounded to the penny once, before it is taken away from the next, so the parts add back exactly. What a
kind without a plan costs is volume. What has no price on its day adds nothing to R, and so is unrecorded; it is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any

from joinedup.engines.money import share

SOURCE = (
    "local: standard-cost variance analysis, with overhead and what nobody recorded kept apart from volume and price"
)
WHOLE = ""
"""The place of what belongs to no locality."""


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """A kind of activity with a price: the events of the chronology that are counted as one of it."""

    code: str
    name: str
    unit: str
    events: tuple[str, ...] = ()


PROCESS: tuple[ActivityKind, ...] = (
    ActivityKind("contact", "Contact by phone", "each", ("casework.call_made",)),
    ActivityKind("referral", "Referral received", "each", ("front_door.referral_received",)),
    ActivityKind("triage", "Triage", "each", ("front_door.referral_taken",)),
    ActivityKind("assessment", "Assessment", "each", ("casework.assessment_signed",)),
    ActivityKind("meeting", "Meeting", "each", ("casework.meeting_held",)),
    ActivityKind("visit", "Visit", "each", ("casework.visit_made",)),
    ActivityKind("review", "Review", "each", ("casework.review_held",)),
    ActivityKind("month", "Month of support by a lead professional", "month"),
)
"""What the program counts by itself. A month counts where a case was open under a lead professional at noon on its 15th."""
KINDS: Mapping[str, ActivityKind] = {each.code: each for each in PROCESS}
KIND_OF_EVENT: Mapping[str, str] = {event: each.code for each in PROCESS for event in each.events}
SERVICE = "service:"
OTHER_SERVICE = "service:*"
SELDOM = "service:+"
"""Help of several kinds, each given too few times in some place to be shown by its name (see `pooled`)."""
UNITS: Mapping[str, str] = {"each": "each time", "month": "a month", "hour": "an hour"}


def service_kind(name: str) -> str:
    """The kind of help that was given, by the name of its service: capitals and spaces around it make no difference."""
    return f"{SERVICE}{' '.join(name.split()).casefold()}"


def name_of(kind: str) -> str:
    """What a kind is called."""
    if kind in KINDS:
        return KINDS[kind].name
    if kind == OTHER_SERVICE:
        return "Any other help given"
    if kind == SELDOM:
        return "Help of kinds given too seldom to show each"
    said = kind.removeprefix(SERVICE)
    return f"Help given: {said}"


def order_of(kind: str) -> tuple[int, str]:
    """Process kinds in the order they happen, then services by name."""
    if kind in KINDS:
        return list(KINDS).index(kind), ""
    return len(KINDS) + (kind == OTHER_SERVICE) + 2 * (kind == SELDOM), kind


# --- Prices -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Price:
    """What a unit of a kind costs from a day to a day, both included."""

    kind: str
    pence: int
    unit: str
    starts_on: date
    ends_on: date | None = None


class PriceTable:
    """Dated prices by kind; a service without one of its own has that of any other help."""

    def __init__(self, prices: Iterable[Price]) -> None:
        self._by: dict[str, list[Price]] = {}
        for each in sorted(prices, key=lambda one: (one.kind, one.starts_on)):
            self._by.setdefault(each.kind, []).append(each)

    def on(self, kind: str, day: date) -> Price | None:
        """The price on a day."""
        for code in (kind, OTHER_SERVICE) if kind.startswith(SERVICE) else (kind,):
            for each in self._by.get(code, ()):
                if each.starts_on <= day and (each.ends_on is None or day <= each.ends_on):
                    return each
        return None


# --- Recorded ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """What was recorded in a place on a day: how many, and of help in hours how many hours and how often without any."""

    place: str
    kind: str
    day: date
    number: int
    hours: Decimal = Decimal()
    without_hours: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A kind in a place, priced: how many times, how many units had a price and what they come to, exactly; and how many
    times had none."""

    number: int = 0
    volume: Decimal = Decimal()
    pence: Decimal = Decimal()
    unpriced: int = 0

    def __add__(self, other: Recorded) -> Recorded:
        return Recorded(
            self.number + other.number, self.volume + other.volume, self.pence + other.pence, self.unpriced + other.unpriced
        )  # fmt: skip


def priced(counted: Iterable[Counted], table: PriceTable) -> dict[tuple[str, str], Recorded]:
    """By place and kind. Help that is priced by the hour and has no hours is counted as without a price."""
    found: dict[tuple[str, str], Recorded] = {}
    for each in counted:
        price = table.on(each.kind, each.day)
        if price is None:
            one = Recorded(each.number, unpriced=each.number)
        elif price.unit == "hour":
            one = Recorded(each.number, each.hours, each.hours * price.pence, each.without_hours)
        else:
            one = Recorded(each.number, Decimal(each.number), Decimal(each.number * price.pence))
        key = (each.place, each.kind)
        found[key] = found.get(key, Recorded()) + one
    return found


def plain(volume: Decimal) -> str:
    """A volume without the noughts behind its point."""
    text = f"{volume:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_pence(exact: Decimal) -> int:
    """Rounded to the penny, a half away from nought."""
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


# --- The split --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned of a kind: units, and pence for one."""

    volume: Decimal
    price_pence: int


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind in one place: planned, recorded, and what makes the difference. `parts` are the kinds that were put together
    in it."""

    kind: str
    planned: Planned | None
    recorded: Recorded
    planned_pence: int
    at_planned_price: int  # what was recorded would have cost at the planned price
    pence: int
    parts: tuple[str, ...] = ()

    @property
    def volume(self) -> int:
        """More or less was done than planned."""
        return self.at_planned_price - self.planned_pence

    @property
    def price(self) -> int:
        """A unit cost more or less than planned."""
        return self.pence - self.at_planned_price


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place (or all of them together): what was planned, recorded and spent, and the four parts of the difference.
    `shared_direct` and `shared_overhead` are its share of what was booked for the whole fund, and part of `direct` and
    `overhead`."""

    place: str
    direct: int
    overhead: int
    shared_direct: int
    shared_overhead: int
    kinds: tuple[KindRow, ...]

    @property
    def spent(self) -> int:
        """Directly and on overhead."""
        return self.direct + self.overhead

    @property
    def planned(self) -> int:
        """Planned activity at planned prices."""
        return sum(each.planned_pence for each in self.kinds)

    @property
    def recorded(self) -> int:
        """Recorded activity at the prices of its days."""
        return sum(each.pence for each in self.kinds)

    @property
    def difference(self) -> int:
        """Spent above (below nought: under) the plan."""
        return self.spent - self.planned

    @property
    def volume(self) -> int:
        """The first part."""
        return sum(each.volume for each in self.kinds)

    @property
    def price(self) -> int:
        """The second."""
        return sum(each.price for each in self.kinds)

    @property
    def unrecorded(self) -> int:
        """The third: below nought where recorded activity comes to more than was spent on it."""
        return self.direct - self.recorded

    @property
    def unpriced(self) -> int:
        """How many times something was recorded that has no price."""
        return sum(each.recorded.unpriced for each in self.kinds)

    def is_over(self, percent: int) -> bool:
        """Whether more than so much of what was spent directly is unrecorded."""
        return self.unrecorded * 100 > percent * self.direct if self.direct > 0 else False

    @property
    def unrecorded_share(self) -> str:
        """For a person: `23 %` of what was spent directly; empty where nothing was."""
        if self.direct <= 0:
            return ""
        tenths = in_pence(Decimal(self.unrecorded * 1000) / self.direct)
        return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10} %"


@dataclass(frozen=True, slots=True)
class Spent:
    """What was booked, in pence: by place directly and on overhead, and for the whole fund."""

    direct: Mapping[str, int] = field(default_factory=dict)
    overhead: Mapping[str, int] = field(default_factory=dict)
    whole_direct: int = 0
    whole_overhead: int = 0


def split(
    planned: Mapping[tuple[str, str], Planned], recorded: Mapping[tuple[str, str], Recorded], spent: Spent
) -> tuple[PlaceRow, ...]:
    """A row for every place, in order, the one without a locality last. What was booked for the whole fund is shared by
    what recorded activity cost in each place, largest remainder, the earlier place first; with nothing recorded it stays
    without a locality."""
    places = {place for place, _ in [*planned, *recorded]} | set(spent.direct) | set(spent.overhead)
    kinds = {place: _kinds_of(place, planned, recorded) for place in places}
    weights = {place: max(sum(each.pence for each in rows), 0) for place, rows in kinds.items()}
    if (spent.whole_direct or spent.whole_overhead) and not any(weights.values()):
        kinds.setdefault(WHOLE, ())
        weights = {WHOLE: 1}
    order = sorted(kinds, key=lambda place: (place == WHOLE, place))
    parts = [weights.get(place, 0) for place in order]
    shares = [
        share(pence, parts) if pence else [0] * len(order) for pence in (spent.whole_direct, spent.whole_overhead)
    ]
    return tuple(
        PlaceRow(
            place, spent.direct.get(place, 0) + shares[0][at], spent.overhead.get(place, 0) + shares[1][at],
            shares[0][at], shares[1][at], kinds[place],
        )
        for at, place in enumerate(order)
    )  # fmt: skip


def _kinds_of(
    place: str, planned: Mapping[tuple[str, str], Planned], recorded: Mapping[tuple[str, str], Recorded]
) -> tuple[KindRow, ...]:
    codes = {kind for at, kind in [*planned, *recorded] if at == place}
    found = []
    for kind in sorted(codes, key=order_of):
        plan, done = planned.get((place, kind)), recorded.get((place, kind), Recorded())
        pence = in_pence(done.pence)
        wanted = in_pence(plan.volume * plan.price_pence) if plan else 0
        at_planned = in_pence(done.volume * plan.price_pence) if plan else pence
        found.append(KindRow(kind, plan, done, wanted, at_planned, pence))
    return tuple(found)


def together(rows: Sequence[PlaceRow], place: str = "all") -> PlaceRow:
    """All places as one; every part is the sum of theirs."""
    kinds: dict[str, KindRow] = {}
    for each in (kind for row in rows for kind in row.kinds):
        kinds[each.kind] = _added(kinds[each.kind], each) if each.kind in kinds else each
    return PlaceRow(
        place, sum(row.direct for row in rows), sum(row.overhead for row in rows), sum(row.shared_direct for row in rows),
        sum(row.shared_overhead for row in rows), tuple(kinds[code] for code in sorted(kinds, key=order_of)),
    )  # fmt: skip


def _added(one: KindRow, other: KindRow) -> KindRow:
    plans = [each.planned for each in (one, other) if each.planned is not None]
    plan = None
    if plans:  # the price of several plans together is only shown where they agree
        volume = sum((each.volume for each in plans), Decimal())
        plan = Planned(volume, plans[0].price_pence if len({each.price_pence for each in plans}) == 1 else 0)
    return KindRow(
        one.kind, plan, one.recorded + other.recorded, one.planned_pence + other.planned_pence,
        one.at_planned_price + other.at_planned_price, one.pence + other.pence, tuple(sorted({*one.parts, *other.parts})),
    )  # fmt: skip


def pooled(rows: Sequence[PlaceRow], least: int) -> list[PlaceRow]:
    """The places of one quarter with no small number of a service in them: what help is called can say what is the matter, so
    a service given fewer than `least` times in any place is put together with the others like it, in every place, and where
    it is the only one with the next rarest. Every sum stays as it was, to the penny. Contacts, visits and meetings say how
    much was done and nothing of anybody: they are shown however few."""
    given = [each for row in rows for each in row.kinds if each.kind.startswith(SERVICE)]
    seldom = {each.kind for each in given if 0 < each.recorded.number < least}
    if not seldom:
        return list(rows)
    others = {each.kind: sum(one.recorded.number for one in given if one.kind == each.kind) for each in given}
    if len(seldom) == 1 and len(others) > 1:
        seldom.add(min((kind for kind in others if kind not in seldom), key=lambda kind: (others[kind], kind)))
    return [replace(row, kinds=_pooled(row.kinds, seldom)) for row in rows]


def _pooled(kinds: Sequence[KindRow], seldom: Set[str]) -> tuple[KindRow, ...]:
    shown = [each for each in kinds if each.kind not in seldom]
    hidden = [replace(each, kind=SELDOM, parts=(each.kind,)) for each in kinds if each.kind in seldom]
    return (*shown, reduce(_added, hidden)) if hidden else tuple(shown)


# --- A quarter, and the report kept of it -----------------------------------------------------------------------------


def quarter_of(year: int, quarter: int) -> tuple[date, date]:
    """The first day of a quarter of a financial year, and the first after it."""
    month = 4 + 3 * (quarter - 1)
    ends = month + 3
    return _first(year, month), _first(year, ends)


def _first(year: int, month: int) -> date:
    return date(year, month, 1) if month <= 12 else date(year + 1, month - 12, 1)


def quarter_on(day: date) -> tuple[int, int]:
    """The financial year and quarter a day lies in."""
    year = day.year if day.month >= 4 else day.year - 1
    return year, ((day.month - 4) % 12) // 3 + 1


def months_counted(year: int, quarter: int) -> list[date]:
    """The days on which a month of support is counted: the 15th of each."""
    first, _ = quarter_of(year, quarter)
    return [_first(year, first.month + step + (12 if first.month < 4 else 0)).replace(day=15) for step in range(3)]


def by_quarter(volume: int) -> list[int]:
    """A year's volume as four quarters, the earlier ones larger by one where it does not go evenly."""
    return [int(each) for each in share(volume, [1, 1, 1, 1])]


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


def as_content(row: PlaceRow, name: str) -> dict[str, Any]:
    """A place as a kept report holds it, whole pence and volumes as text."""
    return {
        "place": row.place, "name": name, "direct": row.direct, "overhead": row.overhead,
        "shared_direct": row.shared_direct, "shared_overhead": row.shared_overhead,
        "kinds": [
            {
                "kind": each.kind, "name": name_of(each.kind), "planned": str(each.planned.volume) if each.planned else None,
                "planned_price": each.planned.price_pence if each.planned else None, "number": each.recorded.number,
                "volume": str(each.recorded.volume), "exact": str(each.recorded.pence), "unpriced": each.recorded.unpriced,
                "planned_pence": each.planned_pence, "at_planned_price": each.at_planned_price, "pence": each.pence,
            }
            for each in row.kinds
        ],
    }  # fmt: skip


def from_content(said: Mapping[str, Any]) -> PlaceRow:
    """The same read back."""
    return PlaceRow(
        said["place"], said["direct"], said["overhead"], said["shared_direct"], said["shared_overhead"],
        tuple(
            KindRow(
                each["kind"],
                Planned(Decimal(each["planned"]), each["planned_price"]) if each["planned"] is not None else None,
                Recorded(each["number"], Decimal(each["volume"]), Decimal(each["exact"]), each["unpriced"]),
                each["planned_pence"], each["at_planned_price"], each["pence"],
            )
            for each in said["kinds"]
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What a figure was when a report was kept, and what the same records come to now."""

    place: str
    what: str
    then: int
    now: int


_SHOWN = (
    ("planned", "Planned"), ("recorded", "Recorded activity"), ("direct", "Spent directly"), ("overhead", "Overhead"),
    ("unrecorded", "Unrecorded"),
)  # fmt: skip


def changes(then: Mapping[str, PlaceRow], now: Mapping[str, PlaceRow]) -> list[Change]:
    """What is different now, by name of the place."""
    empty = PlaceRow("", 0, 0, 0, 0, ())
    found = []
    for place in sorted({*then, *now}):
        old, new = then.get(place, empty), now.get(place, empty)
        for attribute, words in _SHOWN:
            before, after = getattr(old, attribute), getattr(new, attribute)
            if before != after:
                found.append(Change(place, words, before, after))
    return found
