"""Reports that were kept of what activity cost: as they were, beside what the same records come to now, and whether a
business case may use them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits import costing, rules
from joinedup.benefits.costing import together
from joinedup.benefits.models import ActivityReport
from joinedup.benefits.permissions import READ_COSTING
from joinedup.benefits.queries.activity_costs import ALL, NOWHERE, RowSeen, _year, quarter_words
from joinedup.benefits.settings import unrecorded_percent
from joinedup.core.errors import NotVisible, Refused
from joinedup.funds.queries import fund_of_organisation, funds_of_organisation


@dataclass(frozen=True)
class ReportSeen:
    """A kept report: its places as they were, whether its hash still holds, and what the same records come to now."""

    report: ActivityReport
    rows: tuple[RowSeen, ...]
    total: RowSeen
    is_unchanged: bool
    changes: tuple[costing.Change, ...]
    is_latest: bool
    blocked: tuple[Refused, ...]

    @property
    def words(self) -> str:
        """`Quarter 2 of 2026/27`."""
        return quarter_words(self.report.year, self.report.quarter)


def activity_report(viewer: Actor, report_id: UUID) -> ReportSeen:
    """One kept report of a fund of the viewer's organisations, held against the records of today."""
    report = report_for_use(viewer, report_id)
    rows, total = rows_of(viewer, report)
    now = _year(viewer, report.fund, report.year).quarters[report.quarter - 1]
    then = {each.name: each.row for each in rows}
    after = {each.name: each.row for each in now.rows}
    limit = unrecorded_percent(timezone.localdate(viewer.at))
    blocked = tuple(why for each in (total, *rows) if (why := why_not(each, limit)) is not None)
    return ReportSeen(
        report, rows, total, digest_of(viewer, report.content) == report.digest, tuple(costing.changes(then, after)),
        now.report is not None and now.report.pk == report.pk, blocked,
    )  # fmt: skip


def report_for_use(viewer: Actor, report_id: UUID) -> ActivityReport:
    """One kept report, to use elsewhere."""
    check(viewer, READ_COSTING)
    found = ActivityReport.objects.select_related("fund__agreement", "fund__host__organisation").filter(pk=report_id)
    report = found.first()
    if report is None:
        raise NotVisible
    fund_of_organisation(viewer, report.fund_id)
    return report


def reports_to_use(viewer: Actor) -> list[ActivityReport]:
    """The newest report of every quarter of the funds of the viewer's organisations: what a business case may take its
    costs from, where `may_use` has nothing against it."""
    check(viewer, READ_COSTING)
    latest: dict[tuple[UUID, int, int], ActivityReport] = {}
    rows = ActivityReport.objects.filter(fund__in=[fund.pk for fund in funds_of_organisation(viewer)])
    for report in rows.select_related("fund").order_by("number"):
        latest[report.fund_id, report.year, report.quarter] = report
    return [latest[key] for key in sorted(latest, key=lambda each: (-each[1], -each[2], str(each[0])))]


def rows_of(viewer: Actor, report: ActivityReport) -> tuple[tuple[RowSeen, ...], RowSeen]:
    """The places of a kept report, and all of them together."""
    limit = unrecorded_percent(timezone.localdate(viewer.at))
    rows = tuple(
        RowSeen(said["name"], row, row.is_over(limit))
        for said in report.content["places"]
        for row in (costing.from_content(said),)
    )
    whole = together([each.row for each in rows])
    return rows, RowSeen("All", whole, whole.is_over(limit))


def may_use(viewer: Actor, report: ActivityReport, place: str = ALL) -> Refused | None:
    """Why the cost of a place (or of all of them) in a kept report may not be used in a business case, or None where it
    may: BN-340 too much of what was spent is unrecorded, BN-341 nothing was spent, BN-342 the report was corrected."""
    newer = ActivityReport.objects.filter(
        fund_id=report.fund_id, year=report.year, quarter=report.quarter, number__gt=report.number
    )
    if newer.exists():
        return rules.REPORT_STALE.refused()
    rows, total = rows_of(viewer, report)
    seen = next((each for each in (*rows, total) if each.row.place == place), None)
    if seen is None:
        return rules.NOTHING_SPENT.refused(place=NOWHERE)
    return why_not(seen, unrecorded_percent(timezone.localdate(viewer.at)))


def why_not(seen: RowSeen, limit: int) -> Refused | None:
    """Why the cost of a place may not be used in a business case: BN-340, BN-341; None where it may."""
    if seen.row.direct <= 0:
        return rules.NOTHING_SPENT.refused(place=seen.name)
    if seen.is_over:
        return rules.UNRECORDED_TOO_MUCH.refused(place=seen.name, share=seen.row.unrecorded_share, limit=limit)
    return None


def digest_of(viewer: Actor, content: Any) -> str:
    """The SHA-256 of a report's content in its one spelling."""
    spelled = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelled.encode()).hexdigest()
