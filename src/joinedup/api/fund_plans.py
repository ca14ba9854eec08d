"""What a fund plans and reports beside its money, for a partner's own system: next year's lines, risks, where measures stand,
kinds of spending. The rules and the permissions are those of the pages; everything that is sent names its fund."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.access.permissions import check
from joinedup.api import schemas
from joinedup.api.writes import Addresses, taken
from joinedup.core.errors import NotVisible
from joinedup.funds import services
from joinedup.funds.codes import LIKELIHOODS
from joinedup.funds.permissions import KEEP_RISKS, PREPARE_NEXT_YEAR
from joinedup.funds.queries import agreements, buying, fund_to_read, next_year, risks

_ID = "0192f0c4-0000-7000-8000-000000000001"
PlanYear = Annotated[StrictInt, Field(ge=2000, le=2200)]
Quarter = Annotated[StrictInt, Field(ge=1, le=4)]


class NextLineOut(Schema):
    """One line of this year with what it comes to next year; the parts add up to `pence`. Rates are in hundredths of a per
    cent; `made_id` is the line that was made."""

    id: UUID
    code: str
    name: str
    partner: str
    before_pence: int
    once_pence: int
    recurrent_pence: int
    uplift: int
    uplift_pence: int
    planned_pence: int
    efficiency: int
    efficiency_pence: int
    pence: int
    why: str
    made_id: UUID | None


class NextYearOut(Schema):
    """Next year's lines as they would be made, or as they were (`made_at`). `digest` is what is sent to make them; the sums
    are of the lines under the agreement."""

    fund_id: UUID
    year: int
    before_pence: int
    pence: int
    digest: str
    made_at: datetime | None
    lines: list[NextLineOut]


class NextYearIn(Schema):
    """The lines that were read, known by their `digest`, are made."""

    model_config = taken(year=2027, digest="0" * 64)

    year: PlanYear
    digest: Annotated[str, Field(min_length=64, max_length=64, pattern="^[0-9a-f]*$")]


class FundRiskOut(Schema):
    """A risk of a fund. `likelihood` is low, medium, high or now."""

    id: UUID
    version: int
    reference: str
    event: str
    cause: str
    effect: str
    likelihood: str
    owner: str
    action: str
    raised_on: date
    closed_on: date | None
    closed_because: str


class FundRiskIn(Schema):
    """A risk; `owner_post_id` is a post in finance of a partner."""

    model_config = taken(
        event="Equipment arrives late", cause="One supplier delivers all of it.", effect="Short breaks are missed.",
        likelihood="medium", owner_post_id=_ID, action="A second supplier from April.",
    )  # fmt: skip

    event: schemas.Text200
    cause: schemas.Text4000
    effect: schemas.Text4000
    likelihood: Annotated[str, schemas.OneOf(LIKELIHOODS)]
    owner_post_id: UUID
    action: schemas.Text4000


class RiskClosedIn(Schema):
    """Why it is closed."""

    model_config = taken(because="The second supplier delivers.")

    because: schemas.Text4000


class FundOutcomeOut(Schema):
    """A measure of the agreement's aims and where it stood at the end of the quarter; empty where nobody has said."""

    id: UUID
    year: int
    quarter: int
    measure: str
    target: str
    actual: str
    narrative: str


class OutcomeActualIn(Schema):
    """Where a measure stood at the end of a quarter."""

    model_config = taken(year=2026, quarter=2, actual="84%", narrative="Two localities began in autumn.")

    year: PlanYear
    quarter: Quarter
    actual: schemas.Text200
    narrative: schemas.Text4000 = ""


class PermittedKindOut(Schema):
    """A kind of spending an agreement permits from a day on, until the day on which it no longer does. What ends on its first
    day was written in error; `ended_written` is where the partners say that it ends."""

    id: UUID
    kind: str
    starts_on: date
    ends_on: date | None
    written: str
    ended_written: str


class OutcomeQuery(Schema):
    """Which quarter; the latest of the open year that is over unless said otherwise."""

    year: Annotated[int, Field(ge=2000, le=2200)] | None = None
    quarter: Annotated[int, Field(ge=1, le=4)] | None = None


def add_plans(at: Addresses) -> None:
    """The addresses under /funds of plans, risks and outcomes."""
    fund = "/{uuid:fund_id}"
    at.reads(f"{fund}/next-year", NextYearOut, _next_year, "Next year’s lines")
    at.writes(f"{fund}/next-year/lines", NextYearOut, _make, "Make next year’s lines")
    at.reads(f"{fund}/risks", list[FundRiskOut], _risks, "What could go wrong")
    at.writes(f"{fund}/risks/raised", FundRiskOut, _raise, "Write a risk down")
    at.writes(f"{fund}/risks/{{uuid:fund_risk_id}}/closed", FundRiskOut, _close, "Close a risk")
    at.reads(f"{fund}/outcomes", list[FundOutcomeOut], _outcomes, "What was reached")
    at.writes(f"{fund}/outcomes/{{uuid:fund_outcome_id}}/actuals", FundOutcomeOut, _actual, "Where a measure stands")
    at.reads(
        "/agreements/{uuid:fund_agreement_id}/kinds", list[PermittedKindOut], _kinds, "Kinds of spending it permits"
    )


# --- Next year's lines.


def _line(each: next_year.NextLine) -> dict[str, Any]:
    sums = each.worked
    names = (
        "before_pence", "once_pence", "recurrent_pence", "uplift_pence", "planned_pence", "efficiency_pence", "pence"
    )  # fmt: skip
    return {name: int(getattr(sums, name)) for name in names} | {
        "id": each.id, "code": each.code, "name": each.name, "partner": each.partner, "uplift": sums.said.uplift,
        "efficiency": sums.said.efficiency, "why": sums.said.why, "made_id": each.made.pk if each.made else None,
    }  # fmt: skip


def _plan(page: next_year.NextYearPage) -> dict[str, Any]:
    return {
        "fund_id": page.fund.pk, "year": page.year, "before_pence": page.inside.before, "pence": page.inside.pence,
        "digest": page.digest, "made_at": page.made.at if page.made else None,
        "lines": [_line(each) for each in page.lines],
    }  # fmt: skip


def _next_year(request: HttpRequest, fund_id: UUID) -> dict[str, Any]:
    """This year's lines with what each comes to next year, step by step."""
    return _plan(next_year.next_year_page(viewer_of(request), fund_id))


def _make(request: HttpRequest, fund_id: UUID, sent: NextYearIn) -> dict[str, Any]:
    """The lines that were read are made, once; the same digest again changes nothing."""
    viewer = viewer_of(request)
    fund = next_year.next_year_page(viewer, fund_id).fund
    check(viewer, PREPARE_NEXT_YEAR, fund)
    services.make_next_year(fund=fund, year=sent.year, digest=sent.digest, by=viewer, at=viewer.at)
    return _plan(next_year.next_year_page(viewer, fund_id))


# --- Risks and outcomes.


def _risk(each: risks.RiskShown) -> dict[str, Any]:
    names = [name for name in FundRiskOut.model_fields if name != "version"]
    return {name: getattr(each, name) for name in names} | {"version": each.row.version}


def _every(viewer: Actor, fund_id: UUID) -> list[risks.RiskShown]:
    page = risks.risks_page(viewer, fund_id)
    return [*page.risks, *page.closed]


def _one(viewer: Actor, row: Any) -> dict[str, Any]:
    return next(_risk(each) for each in _every(viewer, row.fund_id) if each.id == row.pk)


def _risks(request: HttpRequest, fund_id: UUID) -> list[dict[str, Any]]:
    """The risks of a fund, those that are closed last."""
    return [_risk(each) for each in _every(viewer_of(request), fund_id)]


def _keeps(viewer: Actor, fund_id: UUID) -> Any:
    fund = fund_to_read(viewer, fund_id)
    check(viewer, KEEP_RISKS, fund)
    return fund


def _raise(request: HttpRequest, fund_id: UUID, sent: FundRiskIn) -> dict[str, Any]:
    """A risk is written down; the next report carries it."""
    viewer = viewer_of(request)
    fund = _keeps(viewer, fund_id)
    owner = next(
        (each for each in agreements.finance_posts(viewer, fund.agreement) if each.pk == sent.owner_post_id), None
    )
    said = services.RiskSaid(owner=owner, **sent.model_dump(exclude={"owner_post_id"}))
    return _one(viewer, services.raise_risk(fund=fund, said=said, by=viewer, at=viewer.at))


def _close(request: HttpRequest, fund_id: UUID, fund_risk_id: UUID, sent: RiskClosedIn) -> dict[str, Any]:
    """It can go wrong no longer, or has and is dealt with."""
    viewer = viewer_of(request)
    fund = _keeps(viewer, fund_id)
    row = next((each.row for each in _every(viewer, fund_id) if each.id == fund_risk_id), None)
    if row is None:
        raise NotVisible
    return _one(viewer, services.close_risk(fund=fund, risk=row, because=sent.because, by=viewer, at=viewer.at))


def _outcomes(request: HttpRequest, fund_id: UUID, wanted: Query[OutcomeQuery]) -> list[dict[str, Any]]:
    """Every measure with where it stood at the end of a quarter."""
    page = risks.risks_page(viewer_of(request), fund_id, year=wanted.year, quarter=wanted.quarter)
    return [
        _measured(each.row, page.year, page.quarter, each.actual.actual if each.actual else "",
                  each.actual.narrative if each.actual else "")
        for each in page.outcomes
    ]  # fmt: skip


def _measured(row: Any, year: int, quarter: int, actual: str, narrative: str) -> dict[str, Any]:
    return {
        "id": row.pk, "year": year, "quarter": quarter, "measure": row.measure, "target": row.target, "actual": actual,
        "narrative": narrative,
    }  # fmt: skip


def _actual(request: HttpRequest, fund_id: UUID, fund_outcome_id: UUID, sent: OutcomeActualIn) -> dict[str, Any]:
    """Where a measure stood; said again it takes the place of what was said."""
    viewer = viewer_of(request)
    fund = _keeps(viewer, fund_id)
    page = risks.risks_page(viewer, fund_id, year=sent.year, quarter=sent.quarter)
    row = next((each.row for each in page.outcomes if each.id == fund_outcome_id), None)
    if row is None:
        raise NotVisible
    made = services.say_actual(fund=fund, outcome=row, **sent.model_dump(), by=viewer, at=viewer.at)
    return _measured(row, made.year, made.quarter, made.actual, made.narrative)


# --- Kinds of spending.


def _kinds(request: HttpRequest, fund_agreement_id: UUID) -> list[dict[str, Any]]:
    """Every kind of spending an agreement permits or has permitted, with its days."""
    viewer = viewer_of(request)
    agreement = agreements.agreement_for_change(viewer, fund_agreement_id)
    names = ("kind", "starts_on", "ends_on", "written", "ended_written")
    return [
        {name: getattr(each, name) for name in names} | {"id": each.pk}
        for each in buying.kinds_of(viewer, agreement.pk)
    ]
