"""Planning activity, saying what is overhead, and keeping what activity cost in a quarter. The ledger is read and nothing
is ever posted to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import costing, rules
from joinedup.benefits.models import ActivityReport, CostingRole, PlannedActivity
from joinedup.benefits.permissions import KEEP_ACTIVITY_REPORT, PLAN_ACTIVITY
from joinedup.benefits.queries.activity_costs import _year, content_of, quarter_words
from joinedup.benefits.queries.activity_reports import digest_of
from joinedup.benefits.queries.costing import _table
from joinedup.core.formats import date_long
from joinedup.funds.queries import headings_of_spending, places_of_lines

if TYPE_CHECKING:
    from joinedup.funds.models import Fund
    from joinedup.organisations.models import Locality

_MOST_VOLUME = 1_000_000
_MOST_PENCE = 100_000_000


@dataclass(frozen=True)
class PlanSaid:
    """How many units of a kind are planned for a year in a locality (None: in none), and at which price; None for that of
    the table on the year's first day."""

    year: int
    kind: str
    volume: int
    locality: Locality | None = None
    price_pence: int | None = None


@service(PLAN_ACTIVITY, on="fund")
def plan_activity(*, fund: Fund, said: PlanSaid, by: Actor, at: datetime) -> list[PlannedActivity]:
    """Plan a year's activity of one kind in one place, in four quarters as even as they go. What was planned before is
    replaced; nought takes it out. Refused: BN-301, BN-320 to BN-322."""
    if said.kind not in costing.KINDS and not said.kind.startswith(costing.SERVICE):
        raise rules.PRICE_KIND.refused()
    if not 0 <= said.volume <= _MOST_VOLUME:
        raise rules.PLAN_VOLUME.refused()
    kept = ActivityReport.objects.filter(fund=fund, year=said.year).order_by("quarter").first()
    if kept is not None:
        raise rules.PLAN_KEPT.refused(quarter=quarter_words(kept.year, kept.quarter))
    price = said.price_pence
    first = costing.quarter_of(said.year, 1)[0]
    if price is None:
        found = _table().on(said.kind, first)
        if found is None:
            raise rules.PLAN_PRICE.refused(day=date_long(first))
        price = found.pence
    elif not 0 <= price <= _MOST_PENCE:
        raise rules.PRICE_AMOUNT.refused("price")
    place = PlannedActivity.objects.filter(fund=fund, year=said.year, kind=said.kind, locality=said.locality)
    place.delete()
    made = PlannedActivity.objects.bulk_create(
        [
            PlannedActivity(
                fund=fund, year=said.year, quarter=quarter, locality=said.locality, kind=said.kind, volume=volume,
                price_pence=price, planned_at=at, planned_by=by.account_id,
            )
            for quarter, volume in enumerate(costing.by_quarter(said.volume), start=1)
            if said.volume
        ]
    )  # fmt: skip
    note(changed=("plan",), words={"kind": said.kind, "volume": said.volume, "price": price, "year": said.year})
    return made


@dataclass(frozen=True)
class RolesSaid:
    """What is overhead and what is no part of it: ids of budget lines and headings, and kinds of activity that the fund
    does not pay for. Whatever is not named is spent on the work directly."""

    overhead: frozenset[UUID] = frozenset()
    outside: frozenset[UUID] = frozenset()
    outside_kinds: frozenset[str] = frozenset()


@service(PLAN_ACTIVITY, on="fund")
def say_roles(*, fund: Fund, year: int, said: RolesSaid, by: Actor, at: datetime) -> list[CostingRole]:
    """Say which of a year's lines and which headings are overhead, and what is no part of the comparison. Ids of another
    fund are passed over; what is named twice is no part of it."""
    lines = {each.id for each in places_of_lines(by, fund, year=year)}
    headings = {each.id for each in headings_of_spending(by, fund)}
    roles = dict.fromkeys(said.overhead, CostingRole.OVERHEAD) | dict.fromkeys(said.outside, CostingRole.OUTSIDE)
    old = CostingRole.objects.filter(fund=fund)
    (old.filter(line_id__in=lines) | old.filter(line_id__isnull=True)).delete()
    rows = [
        CostingRole(
            fund=fund, line_id=key if key in lines else None, account_id=key if key in headings else None,
            role=role, said_at=at, said_by=by.account_id,
        )
        for key, role in sorted(roles.items(), key=lambda pair: str(pair[0]))
        if key in lines or key in headings
    ]  # fmt: skip
    rows += [
        CostingRole(fund=fund, kind=kind, role=CostingRole.OUTSIDE, said_at=at, said_by=by.account_id)
        for kind in sorted(_known(said.outside_kinds))
    ]
    made = CostingRole.objects.bulk_create(rows)
    note(changed=("roles",), words={"overhead": len(said.overhead), "outside": len(said.outside)})
    return made


def _known(kinds: Collection[str]) -> set[str]:
    return {kind for kind in kinds if kind in costing.KINDS or kind == costing.OTHER_SERVICE}


@service(KEEP_ACTIVITY_REPORT, on="fund")
def keep_activity_report(*, fund: Fund, year: int, quarter: int, by: Actor, at: datetime) -> ActivityReport:
    """Keep what activity cost in a quarter that is over, with a hash: what is put right afterwards shows as change. Kept
    once more, the later report stands beside the first. Refused: BN-330, BN-331."""
    ends = costing.day_before(costing.quarter_of(year, quarter)[1])
    words = quarter_words(year, quarter)
    if timezone.localdate(at) <= ends:
        raise rules.REPORT_OVER.refused(quarter=words, day=date_long(ends))
    found = _year(by, fund, year)
    seen = found.quarters[quarter - 1]
    if seen.is_empty:
        raise rules.REPORT_NOTHING.refused(quarter=words)
    content = content_of(by, found, quarter)
    again = ActivityReport.objects.filter(fund=fund, year=year, quarter=quarter).count() + 1
    content["number"] = again
    report = ActivityReport.objects.create(
        fund=fund, year=year, quarter=quarter, number=again, content=content, digest=digest_of(by, content), kept_at=at,
        kept_by=by.account_id,
    )  # fmt: skip
    note(subject=report, changed=("report",), words={"fund": fund.code, "hash": report.digest})
    return report
