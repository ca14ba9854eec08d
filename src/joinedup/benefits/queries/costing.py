"""Reading unit costs: of outcomes, with what their source says of them and brought to today's prices by one deflator, and
of activity, from day to day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits import costing
from joinedup.benefits.costing import Price, PriceTable
from joinedup.benefits.models import ActivityPrice, UnitCost, UnitCostFile
from joinedup.benefits.permissions import READ_COSTING
from joinedup.core.errors import NotVisible
from joinedup.engines.appraisal.tables import DEFLATORS, OLD_PRICE, USUAL_DEFLATOR, Deflator, first_year
from joinedup.engines.appraisal.unit_costs import RAGS

PAGE = 50


@dataclass(frozen=True)
class ValueSeen:
    """One value of a unit cost (fiscal, economic or social): as its source gives it, and brought to `base_year` by the
    deflator; None where the deflator does not know a year. `age` in years on the day it is looked at."""

    kind: str
    pence: int
    price_year: str
    uprated_pence: int | None
    base_year: str
    age: int

    @property
    def is_old(self) -> bool:
        """Over five years old."""
        return self.age > OLD_PRICE


@dataclass(frozen=True)
class UnitCostSeen:
    """The unit cost of one outcome with everything that must stand beside it."""

    id: UUID
    code: str
    category: str
    topic: str
    detail: str
    unit: str
    agency: str
    sub_agency: str
    values: tuple[ValueSeen, ...]
    source: str
    rag: str
    caveat: str

    @property
    def rag_words(self) -> str:
        """How its source rates it: red, amber, green, or that it does not."""
        return RAGS.get(self.rag, "not rated")

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know before using it."""
        old = [
            f"The {each.kind} value is at {each.price_year} prices, {each.age} years old."
            for each in self.values
            if each.is_old
        ]
        rated = [f"The source rates it {self.rag_words}."] if self.rag in {"R", "A"} else []
        return (*old, *rated, *([self.caveat] if self.caveat else []))

    def value(self, kind: str) -> ValueSeen | None:
        """Its fiscal, economic or social value."""
        return next((each for each in self.values if each.kind == kind), None)


@dataclass(frozen=True)
class UnitCostList:
    """Unit costs found, where they are from, and by which deflator they are uprated. `after` names the next page."""

    rows: tuple[UnitCostSeen, ...]
    total: int
    file: UnitCostFile | None
    deflator: Deflator
    base_year: str
    after: UUID | None


def unit_costs(
    viewer: Actor,
    search: str = "",
    *,
    base_year: str = "",
    after: UUID | None = None,
    limit: int = PAGE,
    deflator: Deflator = DEFLATORS[USUAL_DEFLATOR],
) -> UnitCostList:
    """The unit costs of the newest database that was read, of which every word of `search` is in the code, the words or
    the agency; brought to `base_year`, the latest year the deflator knows unless another is named. Three statements."""
    check(viewer, READ_COSTING)
    file = UnitCostFile.objects.order_by("-read_at", "-pk").first()
    base = base_year or latest_price_year(viewer)
    if file is None:
        return UnitCostList((), 0, None, deflator, base, None)
    rows = UnitCost.objects.filter(file=file)
    for word in search.split()[:8]:
        fields = ("code", "category", "topic", "detail", "agency", "sub_agency")
        wanted = Q()
        for field in fields:
            wanted |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(wanted)
    total = rows.count()
    later = rows.filter(pk__gt=after) if after else rows
    found = list(later.order_by("pk")[: limit + 1])
    shown = tuple(_seen(row, deflator, base, timezone.localdate(viewer.at)) for row in found[:limit])
    return UnitCostList(shown, total, file, deflator, base, found[limit - 1].pk if len(found) > limit else None)


def unit_cost(viewer: Actor, unit_cost_id: UUID, *, base_year: str = "") -> UnitCostSeen:
    """One unit cost, of whichever database: a business case keeps what it chose."""
    check(viewer, READ_COSTING)
    row = UnitCost.objects.filter(pk=unit_cost_id).first()
    if row is None:
        raise NotVisible
    return _seen(row, DEFLATORS[USUAL_DEFLATOR], base_year or latest_price_year(viewer), timezone.localdate(viewer.at))


def latest_price_year(viewer: Actor) -> str:
    """The latest year the deflator knows: prices are brought to it unless another is named."""
    return max(DEFLATORS[USUAL_DEFLATOR].values)


def _seen(row: UnitCost, deflator: Deflator, base: str, today: date) -> UnitCostSeen:
    values = tuple(
        _value(kind, row.prices[kind], deflator, base, today)
        for kind in ("fiscal", "economic", "social")
        if kind in row.prices
    )
    return UnitCostSeen(
        row.pk, row.code, row.category, row.topic, row.detail, row.unit, row.agency, row.sub_agency, values, row.source,
        row.rag, row.caveat,
    )  # fmt: skip


def _value(kind: str, said: list[Any], deflator: Deflator, base: str, today: date) -> ValueSeen:
    pounds, year = Decimal(said[0]), str(said[1])
    old, new = deflator.index(year), deflator.index(base)
    uprated = None
    if old is not None and new is not None:
        uprated = _pence(pounds * Decimal(str(new)) / Decimal(str(old)))
    return ValueSeen(kind, _pence(pounds), year, uprated, base, costing.quarter_on(today)[0] - first_year(year))


def _pence(pounds: Decimal) -> int:
    return int((pounds * 100).quantize(Decimal(1), ROUND_HALF_UP))


# --- Of activity ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PriceSeen:
    """A dated price of a kind of activity."""

    id: UUID
    kind: str
    name: str
    unit: str
    pence: int
    starts_on: date
    ends_on: date | None
    price_year: str
    source: str
    is_verified: bool
    is_illustration: bool
    is_in_force: bool
    age: int

    @property
    def is_old(self) -> bool:
        """Its price year is over five years ago."""
        return self.age > OLD_PRICE


def activity_prices(viewer: Actor, *, on: date, with_history: bool = False) -> list[PriceSeen]:
    """The prices of activity, in the order things happen, the newest of a kind first: those in force on a day or to come,
    or every one there ever was. One statement."""
    check(viewer, READ_COSTING)
    rows = ActivityPrice.objects.all()
    if not with_history:
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    found = sorted(rows, key=lambda row: (costing.order_of(row.kind), -row.starts_on.toordinal()))
    return [_price(row, on) for row in found]


def prices_behind(viewer: Actor, kinds: Iterable[str], *, since: date, until: date) -> list[PriceSeen]:
    """The prices some kinds of activity had at any time from one day to another, in the order things happen; help without a
    price of its own has that of any other. One statement."""
    check(viewer, READ_COSTING)
    wanted = set(kinds)
    if any(each.startswith(costing.SERVICE) for each in wanted):
        wanted.add(costing.OTHER_SERVICE)
    named = Q(kind__in=wanted)
    if costing.SELDOM in wanted:  # which services these are is not said, so every price of help stands beside them
        named |= Q(kind__startswith=costing.SERVICE)
    rows = ActivityPrice.objects.filter(named, starts_on__lte=until)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))
    found = sorted(rows, key=lambda row: (costing.order_of(row.kind), row.starts_on))
    return [_price(row, until) for row in found]


def price_for_change(viewer: Actor, price_id: UUID) -> ActivityPrice:
    """One price, to hand to a service."""
    check(viewer, READ_COSTING)
    row = ActivityPrice.objects.filter(pk=price_id).first()
    if row is None:
        raise NotVisible
    return row


def kinds_without_price(viewer: Actor, prices: Iterable[PriceSeen]) -> list[str]:
    """The kinds that the program counts by itself and that have no price now."""
    there = {each.kind for each in prices if each.is_in_force}
    return [each.name for each in costing.PROCESS if each.code not in there]


def _price(row: ActivityPrice, on: date) -> PriceSeen:
    in_force = row.starts_on <= on and (row.ends_on is None or on <= row.ends_on)
    age = costing.quarter_on(on)[0] - first_year(row.price_year)
    return PriceSeen(
        row.pk, row.kind, costing.name_of(row.kind), costing.UNITS[row.unit], row.pence, row.starts_on, row.ends_on,
        row.price_year, row.source, row.is_verified, row.is_illustration, in_force, age,
    )  # fmt: skip


def _table() -> PriceTable:
    return PriceTable(
        Price(row.kind, row.pence, row.unit, row.starts_on, row.ends_on) for row in ActivityPrice.objects.all()
    )


def has_invented_prices(viewer: Actor) -> bool:
    """Whether any price of activity was invented for the demonstration: pages and exports then say so."""
    return ActivityPrice.objects.filter(is_illustration=True).exists()


def name_of_price(viewer: Actor, price: ActivityPrice) -> str:
    """What the activity of a price is called."""
    return costing.name_of(price.kind)
