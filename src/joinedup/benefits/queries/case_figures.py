"""Figures a business case may take: what activity was measured to cost in a kept report, and unit costs of a database that
was read, each with everything that must stand beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.benefits import case_measured, rules
from joinedup.benefits.case_measured import MeasuredUnit, Origin
from joinedup.benefits.models import ActivityReport, UnitCost
from joinedup.benefits.permissions import READ_COSTING
from joinedup.benefits.queries.activity_costs import RowSeen, quarter_words
from joinedup.benefits.queries.activity_reports import (
    digest_of,
    may_use,
    report_for_use,
    reports_to_use,
    rows_of,
    why_not,
)
from joinedup.benefits.queries.costing import UnitCostList, unit_costs
from joinedup.benefits.settings import unrecorded_percent
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import date_long
from joinedup.funds.queries import funds_of_organisation

if TYPE_CHECKING:
    from joinedup.benefits.queries.cases import CasePage

_REPORTS = 12  # three years of one fund, or a year of three


@dataclass(frozen=True)
class PlaceToTake:
    """A place of a kept report: how much of what was spent there is unrecorded, and why it may not be used, if it may not."""

    place: str
    name: str
    unrecorded: str
    refused: Refused | None


@dataclass(frozen=True)
class ReportToTake:
    """The newest report of a quarter of a fund, with its places."""

    id: UUID
    fund: str
    words: str
    kept_on: str
    is_invented: bool
    places: tuple[PlaceToTake, ...]


@dataclass(frozen=True)
class MeasuredPlace:
    """One place of one report, with every unit whose cost was measured, and what stands beside a figure that is taken."""

    report: ActivityReport
    place: str
    origin: Origin
    units: tuple[MeasuredUnit, ...]

    def unit(self, kind: str) -> MeasuredUnit:
        """One of them. Refuses what is not there (BN-343)."""
        found = next((each for each in self.units if each.kind == kind), None)
        if found is None:
            raise rules.MEASURED_NOTHING.refused()
        return found


def reports_to_take(viewer: Actor) -> list[ReportToTake]:
    """The newest report of each of the last quarters, with every place and whether its costs may be used; as many
    statements however many reports."""
    limit = unrecorded_percent(timezone.localdate(viewer.at))
    found = []
    for report in reports_to_use(viewer)[:_REPORTS]:
        rows, total = rows_of(viewer, report)
        places = tuple(
            PlaceToTake(each.row.place, each.name, each.row.unrecorded_share, why_not(each, limit))
            for each in ((total, *rows) if len(rows) > 1 else rows)
        )
        found.append(
            ReportToTake(
                report.pk, report.fund.name, quarter_words(report.year, report.quarter),
                date_long(timezone.localdate(report.kept_at)), bool(report.content.get("is_invented")), places,
            )
        )  # fmt: skip
    return found


def measured_place(viewer: Actor, report_id: UUID, place: str) -> MeasuredPlace:
    """The measured costs of one place of a report. Refuses what a business case may not use: too much unrecorded (BN-340),
    nothing spent (BN-341), a report that was corrected (BN-342) or that does not have its hash any more (BN-344)."""
    report = report_for_use(viewer, report_id)
    refused = may_use(viewer, report, place)
    if refused is not None:
        raise refused
    if digest_of(viewer, report.content) != report.digest:
        raise rules.MEASURED_BROKEN.refused()
    rows, total = rows_of(viewer, report)
    seen = next(each for each in (*rows, total) if each.row.place == place)
    return MeasuredPlace(report, place, _origin(viewer, report, seen), case_measured.units_of(seen.row))


def _origin(viewer: Actor, report: ActivityReport, seen: RowSeen) -> Origin:
    return Origin(
        report.fund.name, report.fund.code, "all places" if seen.name == "All" else seen.name,
        quarter_words(report.year, report.quarter), f"{report.year}/{(report.year + 1) % 100:02d}",
        date_long(timezone.localdate(report.kept_at)), report.digest, seen.row.unrecorded_share,
        unrecorded_percent(timezone.localdate(viewer.at)), seen.row.unpriced, bool(report.content.get("is_invented")),
    )  # fmt: skip


@dataclass(frozen=True)
class TakenFrom:
    """A line of a case and the report its figure was taken from; no `report_id` where the viewer sees no such report."""

    line: str
    report_id: UUID | None
    words: str
    is_corrected: bool


def reports_taken(viewer: Actor, model: Mapping[str, Any]) -> tuple[TakenFrom, ...]:
    """Which reports of what activity cost a case or a round took figures from, line by line; no statement where it took none,
    else a few, however many lines."""
    named = case_measured.reports_named(model)
    if not named or not can(viewer, READ_COSTING):
        return ()
    funds = {fund.pk: fund for fund in funds_of_organisation(viewer)}
    begins = Q()
    for short in {each for _, _, each in named}:
        begins |= Q(digest__startswith=short)
    newest: dict[tuple[UUID, int, int], int] = {}
    known = {}
    for row in ActivityReport.objects.filter(fund__in=list(funds)).filter(begins).defer("content"):
        known[row.digest[:12]] = row
    for row in ActivityReport.objects.filter(fund__in={row.fund_id for row in known.values()}).defer("content"):
        key = (row.fund_id, row.year, row.quarter)
        newest[key] = max(row.number, newest.get(key, 0))
    found = []
    for _, line, short in named:
        seen = known.get(short)
        words = f"{funds[seen.fund_id].name}, {quarter_words(seen.year, seen.quarter)}" if seen else ""
        is_corrected = seen is not None and newest[seen.fund_id, seen.year, seen.quarter] > seen.number
        found.append(TakenFrom(line, seen.pk if seen else None, words, is_corrected))
    return tuple(found)


# --- From a unit cost database ----------------------------------------------------------------------------------------


def unit_costs_to_take(viewer: Actor, page: CasePage, search: str, after: UUID | None) -> UnitCostList:
    """The unit costs of the database read last, brought to the prices of a case by the case's own index; where the index
    does not know the case's year, to the latest it knows."""
    deflator = case_measured.deflator_of(page.row.model)
    base = str(page.row.model.get("price_year") or "")
    if not base or deflator.index(base) is None:
        base = max(deflator.values)
    return unit_costs(viewer, search, base_year=base, after=after, limit=25, deflator=deflator)


def unit_cost_for_use(viewer: Actor, unit_cost_id: UUID) -> UnitCost:
    """One unit cost of the newest database, to hand to a service."""
    check(viewer, READ_COSTING)
    row = UnitCost.objects.select_related("file").filter(pk=unit_cost_id).first()
    if row is None:
        raise NotVisible
    return row


def worth_of(row: UnitCost, model: dict[str, Any], this_year: int) -> dict[str, Any]:
    """What a line of benefit holds once a unit cost is taken: its values at their own prices, source, rating and caveat, and
    what there is to warn of. Refuses one without a value (BN-346)."""
    if not row.prices:
        raise rules.UNIT_COST_EMPTY.refused()
    values, year, warned = case_measured.from_database(row.prices, model, this_year)
    stated, _ = case_measured.brought(model, year)
    source = ", ".join(each for each in (row.source, f"{row.code} of {row.file.name}") if each)
    caveat = " ".join([*([row.caveat] if row.caveat else []), *warned])
    return {
        **dict.fromkeys(("fiscal", "economic", "social")), **values, "price_year": stated, "source": source,
        "rag": {"R": "red", "A": "amber", "G": "green"}.get(row.rag) or None, "caveat": caveat or None,
    }  # fmt: skip
