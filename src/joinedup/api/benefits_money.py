"""What the money bought, for a partner's own system: the investment agreement with its settlements and frozen quarters, the
finance directors' pack, and what activity cost beside what was spent. Read only, in whole pence; the ledger is only read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.funds import Year
from joinedup.api.writes import Addresses, Answers
from joinedup.benefits.queries import (
    BASES,
    activity_costs,
    activity_reports,
    answers,
    as_content,
    investing,
    parameters_of_programme,
)
from joinedup.core.errors import NotVisible


class ParameterOut(Schema):
    """A table of parameters the figures rest on: its source, its date, whether somebody held it against that, whether it is
    in force, and which strands rest on it."""

    title: str
    source: str
    dated: str
    is_verified: bool
    in_force: bool
    note: str
    strands: list[str]


class InvestorOut(Schema):
    """A partner, or another body that only gains: what it puts in and gets out, over all years and by now, and year by year
    after optimism bias, undiscounted."""

    code: str
    name: str
    is_partner: bool
    stake: int
    stake_due: int
    forecast: int
    cashable: int
    due: int
    measured: int
    banked: int
    costs: list[int]
    returns: list[int]


class SettlingOut(Schema):
    """One way of settling: what each partner pays in (below nought: is paid). They add up to nothing. `unmet` is what payers
    would have paid without the cap."""

    method: str
    transfers: dict[str, int]
    unmet: int


class SignedOut(Schema):
    """Who signed for a partner, and where that is minuted."""

    partner: str
    words: str


class SettlementOut(Schema):
    """A version of the agreement; `is_agreed` once every partner with a stake in it has signed."""

    id: UUID
    number: int
    is_agreed: bool
    method: str
    basis: str
    is_capped: bool
    reason: str
    starts_on: date
    decided_on: date
    transfers: dict[str, int]
    unmet: int
    signed: list[SignedOut]
    unsigned: list[str]


class FrozenRef(Schema):
    """A frozen quarter."""

    id: UUID
    number: int
    year: int
    quarter: int
    digest: str


class PackRef(Schema):
    """A frozen pack."""

    id: UUID
    number: int
    meeting_on: date
    digest: str


class InvestmentOut(Schema):
    """Stakes and returns, every way of settling on `basis`, what was agreed, and what was frozen. `without` names the
    strands that have no round yet and are not in the sums."""

    on: date
    is_illustration: bool
    basis: str
    is_capped: bool
    partners: list[InvestorOut]
    ways: list[SettlingOut]
    versions: list[SettlementOut]
    quarters: list[FrozenRef]
    packs: list[PackRef]
    without: list[str]
    parameters: list[ParameterOut]


class ChangedOut(Schema):
    """What is different from the quarter before."""

    words: str
    pence: int


class QuarterOut(Schema):
    """How a programme stood at the end of a quarter, as it was frozen, and what changed since the quarter before."""

    id: UUID
    programme_id: UUID
    number: int
    year: int
    quarter: int
    as_at: date
    digest: str
    is_unchanged: bool
    frozen_at: datetime
    content: dict[str, Any]
    changes: list[ChangedOut]


class PackOut(Schema):
    """What the finance directors were given: the answers for one partner (your own unless another is asked for), then the
    evidence, with proposals only of funds you may see."""

    id: UUID
    programme_id: UUID
    number: int
    meeting_on: date
    partner: str
    digest: str
    is_unchanged: bool
    frozen_at: datetime
    answers: dict[str, list[str]]
    content: dict[str, Any]


class ActivityFundOut(Schema):
    """A fund whose activity can be looked at, and the newest report kept of it."""

    id: UUID
    code: str
    name: str
    year: int
    report_id: UUID | None


class ActivityKindOut(Schema):
    """A kind of activity in a place: planned and recorded units, and pence."""

    kind: str
    name: str
    planned: str | None
    planned_price: int | None
    number: int
    volume: str
    unpriced: int
    planned_pence: int
    pence: int


class ActivityPlaceOut(Schema):
    """A place in a quarter. `volume`, `price`, `unrecorded` and `overhead` add up to `spent` less `planned`. Where `is_over`
    more is unrecorded than may be, and no business case may use it."""

    place: str
    planned: int
    recorded: int
    direct: int
    overhead: int
    spent: int
    difference: int
    volume: int
    price: int
    unrecorded: int
    is_over: bool
    kinds: list[ActivityKindOut]


class ActivityQuarterOut(Schema):
    """A quarter: every place, and all of them together."""

    quarter: int
    starts_on: date
    ends_on: date
    is_over: bool
    report_id: UUID | None
    places: list[ActivityPlaceOut]
    total: ActivityPlaceOut


class ActivityYearOut(Schema):
    """A fund's year of activity beside what was spent. `limit` is how many per cent may be unrecorded."""

    fund_id: UUID
    year: int
    limit: int
    is_invented: bool
    quarters: list[ActivityQuarterOut]


class ActivityReportOut(Schema):
    """A report that was kept, with its hash; `blocked` says why places of it may not be used in a business case."""

    id: UUID
    fund_id: UUID
    year: int
    quarter: int
    number: int
    kept_at: datetime
    digest: str
    is_unchanged: bool
    is_latest: bool
    blocked: list[str]
    content: dict[str, Any]


class SettlingQuery(Schema):
    """By what is settled, and whether nobody pays more than is cashable; as agreed last unless said otherwise."""

    basis: Annotated[str, schemas.OneOf(BASES)] | None = None
    capped: bool | None = None


class PartnerQuery(Schema):
    """Whose page of answers, by the partner's code."""

    partner: schemas.Text60 = ""


class ActivityQuery(Schema):
    """Which financial year, as the calendar year it begins in; the fund's own unless said otherwise."""

    year: Year | None = None


def investment_router(answers: Answers) -> Router:
    """The addresses under /programmes that tell of money."""
    found = Router(tags=["Investment agreement"])
    at = Addresses(found, answers)
    at.reads("/{uuid:programme_id}/investment", InvestmentOut, _investment, "Stakes, returns and settlements")
    at.reads("/quarters/{uuid:position_id}", QuarterOut, _quarter, "A frozen quarter, and what changed")
    at.reads("/packs/{uuid:pack_id}", PackOut, _pack, "A finance directors’ pack")
    return found


def activity_router(answers: Answers) -> Router:
    """The addresses under /activity."""
    found = Router(tags=["What activity cost"])
    at = Addresses(found, answers)
    at.reads("", list[ActivityFundOut], _funds, "Funds whose activity can be looked at")
    at.reads("/{uuid:fund_id}", ActivityYearOut, _year, "What activity cost beside what was spent")
    at.reads("/reports/{uuid:activity_report_id}", ActivityReportOut, _report, "A report that was kept")
    return found


def _partner(each: investing.PartnerSeen) -> dict[str, Any]:
    names = ("stake", "stake_due", "forecast", "cashable", "due", "measured", "banked", "code", "name", "is_partner")
    said = {name: getattr(each, name) for name in names}
    return said | {"costs": list(each.years.costs), "returns": list(each.years.returns)}


def _version(each: investing.VersionSeen) -> dict[str, Any]:
    return each.__dict__ | {
        "transfers": dict(each.transfers), "unsigned": list(each.unsigned),
        "signed": [{"partner": partner, "words": words} for partner, words in each.signed],
    }  # fmt: skip


def _investment(request: HttpRequest, programme_id: UUID, wanted: Query[SettlingQuery]) -> dict[str, Any]:
    """What each partner puts in and gets out, forecast and measured, and what would make that fair."""
    viewer = viewer_of(request)
    page = investing.investment_page(viewer, programme_id, basis=wanted.basis or "", capped=wanted.capped)
    books = page.books
    return {
        "on": books.on, "is_illustration": books.programme.is_illustration, "basis": page.basis,
        "is_capped": page.is_capped, "partners": [_partner(each) for each in books.partners],
        "ways": [
            {"method": each.method, "transfers": dict(each.transfers), "unmet": each.unmet_pence} for each in page.ways
        ],
        "versions": [_version(each) for each in page.versions], "quarters": list(page.positions),
        "packs": list(page.packs), "without": list(books.without),
        "parameters": [each.__dict__ for each in parameters_of_programme(viewer, programme_id).tables],
    }  # fmt: skip


def _quarter(request: HttpRequest, position_id: UUID) -> dict[str, Any]:
    """A frozen quarter with its hash."""
    page = investing.position_page(viewer_of(request), position_id)
    row = page.position
    return {
        "id": row.pk, "programme_id": row.programme_id, "number": row.number, "year": row.year, "quarter": row.quarter,
        "as_at": page.as_at, "digest": row.digest, "is_unchanged": page.is_unchanged, "frozen_at": row.frozen_at,
        "content": row.content, "changes": [{"words": each.words, "pence": each.pence} for each in page.changes],
    }  # fmt: skip


def _pack(request: HttpRequest, pack_id: UUID, wanted: Query[PartnerQuery]) -> dict[str, Any]:
    """One page of answers for a partner, and the evidence, as it was frozen for a meeting."""
    page = investing.pack_page(viewer_of(request), pack_id, wanted.partner)
    row = page.pack
    if row is None:
        raise NotVisible
    return {
        "id": row.pk, "programme_id": row.programme_id, "number": row.number, "meeting_on": row.meeting_on,
        "partner": page.code, "digest": row.digest, "is_unchanged": page.is_unchanged, "frozen_at": row.frozen_at,
        "answers": answers(page.content, page.code) if page.code else {}, "content": page.content,
    }  # fmt: skip


def _place(seen: activity_costs.RowSeen) -> dict[str, Any]:
    names = ("planned", "recorded", "direct", "overhead", "spent", "difference", "volume", "price", "unrecorded")
    said = as_content(seen.row, seen.name)
    return {name: getattr(seen.row, name) for name in names} | {
        "place": seen.name,
        "is_over": seen.is_over,
        "kinds": said["kinds"],
    }


def _funds(request: HttpRequest) -> list[dict[str, Any]]:
    """The funds of the account's organisations."""
    found = activity_costs.costed_funds(viewer_of(request))
    return [each.__dict__ | {"report_id": each.latest.pk if each.latest else None} for each in found]


def _year(request: HttpRequest, fund_id: UUID, wanted: Query[ActivityQuery]) -> dict[str, Any]:
    """Each quarter by locality: the difference between plan and spending in four parts that add back to the penny."""
    viewer = viewer_of(request)
    fund = activity_costs.fund_for_costing(viewer, fund_id)
    found = activity_costs.activity_year(viewer, fund, year=wanted.year or fund.year)
    quarters = [
        {
            "quarter": each.quarter, "starts_on": each.starts_on, "ends_on": each.ends_on, "is_over": each.is_over,
            "report_id": each.report.pk if each.report else None, "places": [_place(row) for row in each.rows],
            "total": _place(each.total),
        }
        for each in found.quarters
    ]  # fmt: skip
    return {
        "fund_id": fund.pk, "year": found.year, "limit": found.limit, "is_invented": found.is_invented, "quarters": quarters
    }  # fmt: skip


def _report(request: HttpRequest, activity_report_id: UUID) -> dict[str, Any]:
    """A kept report as it was, with what a business case may not take from it."""
    seen = activity_reports.activity_report(viewer_of(request), activity_report_id)
    row = seen.report
    return {
        "id": row.pk, "fund_id": row.fund_id, "year": row.year, "quarter": row.quarter, "number": row.number,
        "kept_at": row.kept_at, "digest": row.digest, "is_unchanged": seen.is_unchanged, "is_latest": seen.is_latest,
        "blocked": [each.sentence for each in seen.blocked], "content": row.content,
    }  # fmt: skip
