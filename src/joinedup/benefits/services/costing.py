"""Keeping the prices of activity, and reading a unit cost database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import costing, rules
from joinedup.benefits.costing_file import ReadPrice, prices_in
from joinedup.benefits.models import ActivityPrice, UnitCost, UnitCostFile
from joinedup.benefits.permissions import KEEP_PRICES
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long
from joinedup.core.tabular import UnreadableFile
from joinedup.core.workbook import open_sheet
from joinedup.engines.appraisal.cited import cited_unit_costs
from joinedup.engines.appraisal.tables import price_year_of
from joinedup.engines.appraisal.unit_costs import BadWorkbook, Entry, Problem, read_rows

if TYPE_CHECKING:
    from uuid import UUID

_MOST_PENCE = 100_000_000
_LOCK = 730_101  # two prices of one kind are entered one after the other


@dataclass(frozen=True)
class PriceSaid:
    """What is said of a price: `kind` a code of `costing`, `unit` one of `costing.UNITS`."""

    kind: str
    pence: int
    unit: str
    starts_on: date
    price_year: str
    source: str
    is_verified: bool = False
    is_illustration: bool = False


@service(KEEP_PRICES)
def enter_price(*, said: PriceSaid, by: Actor, at: datetime) -> ActivityPrice:
    """Enter what an activity costs from a day on; the price before it ends the day before. Refused: BN-301 to BN-308."""
    return _enter(said, by.account_id, at)


def _enter(said: PriceSaid, by: UUID | None, at: datetime) -> ActivityPrice:
    _check(said)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    there = ActivityPrice.objects.filter(kind=said.kind)
    last = there.order_by("-starts_on").first()
    if last is not None:
        if last.starts_on >= said.starts_on:
            raise rules.PRICE_BEFORE.refused(day=date_long(last.starts_on))
        if last.ends_on is None or last.ends_on >= said.starts_on:
            last.ends_on, last.ended_at, last.ended_by = costing.day_before(said.starts_on), at, by
            last.save(update_fields=["ends_on", "ended_at", "ended_by"])
    made = ActivityPrice.objects.create(
        kind=said.kind, unit=said.unit, pence=said.pence, starts_on=said.starts_on,
        price_year=str(price_year_of(said.price_year)), source=said.source.strip()[:300], is_verified=said.is_verified,
        is_illustration=said.is_illustration, entered_at=at, entered_by=by,
    )  # fmt: skip
    note(subject=made, changed=("pence",), words={"kind": said.kind, "from": said.starts_on.isoformat()})
    return made


def _check(said: PriceSaid) -> None:
    if said.kind not in costing.KINDS and not (said.kind.startswith(costing.SERVICE) and len(said.kind) > 8):
        raise rules.PRICE_KIND.refused()
    kind = costing.KINDS.get(said.kind)
    if (kind and said.unit != kind.unit) or (kind is None and said.unit not in {"each", "hour"}):
        wanted = costing.UNITS[kind.unit] if kind else "each time or an hour"
        raise rules.PRICE_UNIT.refused(kind=costing.name_of(said.kind), unit=wanted)
    if not 0 <= said.pence <= _MOST_PENCE:
        raise rules.PRICE_AMOUNT.refused()
    if not said.source.strip():
        raise rules.PRICE_SOURCE.refused()
    if price_year_of(said.price_year) is None:
        raise rules.PRICE_YEAR.refused()


@service(KEEP_PRICES)
def end_price(*, price: ActivityPrice, ends_on: date, by: Actor, at: datetime) -> ActivityPrice:
    """Say that a price is in force until a day and that none follows. Refused: BN-306, BN-307."""
    row = ActivityPrice.objects.select_for_update().get(pk=price.pk)
    if row.ends_on is not None:
        raise rules.PRICE_ENDED.refused(day=date_long(row.ends_on))
    if ends_on < row.starts_on:
        raise rules.PRICE_END.refused(day=date_long(row.starts_on))
    row.ends_on, row.ended_at, row.ended_by = ends_on, at, by.account_id
    row.save(update_fields=["ends_on", "ended_at", "ended_by"])
    note(subject=row, changed=("ends_on",))
    return row


@dataclass(frozen=True)
class PricesRead:
    """What became of the rows of a file: taken, there already, and refused with the line and why."""

    taken: int
    same: int
    refused: tuple[tuple[int, str], ...]


@service(KEEP_PRICES)
def import_prices(*, name: str, content: bytes, by: Actor, at: datetime) -> PricesRead:
    """Take the prices of a file, row by row in the order of their days: what is right is taken, what is not is said."""
    try:
        rows, refused = prices_in(content, name)
    except UnreadableFile as wrong:
        raise rules.COSTS_FILE.refused(why=str(wrong)) from wrong
    known = {(row.kind, row.starts_on): row for row in ActivityPrice.objects.all()}
    taken = same = 0
    for row in sorted(rows, key=lambda each: (each.starts_on, each.line)):
        there = known.get((row.kind, row.starts_on))
        if there is not None and (there.pence, there.unit) == (row.pence, row.unit):
            same += 1
            continue
        try:
            _enter(_said(row), by.account_id, at)
        except Refused as wrong:
            refused.append((row.line, wrong.sentence))
        else:
            taken += 1
    note(changed=("prices",), words={"taken": taken, "same": same, "refused": len(refused)})
    return PricesRead(taken, same, tuple(sorted(refused)))


def _said(row: ReadPrice) -> PriceSaid:
    return PriceSaid(row.kind, row.pence, row.unit, row.starts_on, row.price_year, row.source, row.is_verified)


# --- Unit costs of outcomes -------------------------------------------------------------------------------------------


@service(KEEP_PRICES)
def read_unit_costs(*, name: str, content: bytes, by: Actor, at: datetime) -> UnitCostFile:
    """Read a unit cost database (.xlsx): every figure with its own price year, rating and caveat; what could not be read
    is kept with where it stands. The newest is the one to choose from. Refused: BN-310, BN-311."""
    digest = hashlib.sha256(content).hexdigest()
    newest = UnitCostFile.objects.order_by("-read_at", "-pk").first()
    if newest is not None and newest.digest == digest:
        raise rules.COSTS_SAME.refused(day=date_long(timezone.localdate(newest.read_at)))
    try:
        found = read_rows(_sheets(content))
    except (UnreadableFile, BadWorkbook) as wrong:
        raise rules.COSTS_FILE.refused(why=str(wrong)) from wrong
    file = UnitCostFile.objects.create(
        name=name.strip()[:200] or "Unit cost database", digest=digest, licence=found.licence,
        problems=[_problem(each) for each in found.problems], read_at=at, read_by=by.account_id,
    )  # fmt: skip
    _keep(file, found.entries.values())
    note(subject=file, changed=("unit_costs",), words={"read": len(found.entries), "problems": len(found.problems)})
    return file


@service(KEEP_PRICES)
def load_cited_unit_costs(*, by: Actor, at: datetime) -> UnitCostFile:
    """The few figures that ship with the program, each with its source: for a demonstration only."""
    entries = cited_unit_costs()
    digest = hashlib.sha256("\n".join(sorted(entries)).encode()).hexdigest()
    file = UnitCostFile.objects.create(
        name="A few figures quoted one by one, for demonstration", digest=digest, is_illustration=True,
        licence="Quoted from the Unit Cost Database v1.4 of the Greater Manchester Combined Authority (CC BY 4.0).",
        read_at=at, read_by=by.account_id,
    )  # fmt: skip
    _keep(file, entries.values())
    note(subject=file, changed=("unit_costs",))
    return file


def _sheets(content: bytes) -> Mapping[str, list[list[Any]]]:
    """Every sheet's rows, blank ones in their places so that a row has the number the spreadsheet gives it."""
    found: dict[str, list[list[Any]]] = {}
    _, titles, _ = open_sheet(content)
    for title in titles:
        rows: list[list[Any]] = []
        _, _, read = open_sheet(content, title)
        for line, cells in read:
            rows += [[] for _ in range(line - len(rows) - 1)]
            rows.append(list(cells))
        found[title] = rows
    return found


def _keep(file: UnitCostFile, entries: Iterable[Entry]) -> None:
    UnitCost.objects.bulk_create(
        [
            UnitCost(
                file=file, code=each.code[:40], category=each.category[:200], topic=each.topic[:300], detail=each.detail,
                unit=each.unit[:200], agency=each.agency[:200], sub_agency=each.sub_agency[:200],
                prices={
                    kind: [_text(price.value), price.year, None if price.published is None else _text(price.published)]
                    for kind, price in each.prices.items()
                },
                source=each.source, rag=each.rag, caveat=each.caveat, sheet=each.sheet[:100], row=each.row,
            )
            for each in entries
        ],
        batch_size=500,
    )  # fmt: skip


def _text(number: float) -> str:
    """The shortest decimal that is this number, without an exponent."""
    return f"{Decimal(repr(number)):f}"


def _problem(each: Problem) -> list[object]:
    return [each.sheet, each.row, each.field, each.value, each.reason]
