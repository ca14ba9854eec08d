"""Pages of risk share: what each partner bears at the end of the year, and what it would bear under another rule or forecast."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.charts import bars
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment
from joinedup.core.drafts import all_at_once, declare_form
from joinedup.core.figures import Figure, Table
from joinedup.engines.money import format_pounds
from joinedup.engines.riskshare import BadCase
from joinedup.funds import sharing_terms
from joinedup.funds.forecasting import Method
from joinedup.funds.forms.sharing import AS_AGREED, KEPT, DecideForm, RuleForm, TryForm
from joinedup.funds.permissions import POST_RISK_SHARE, SET_RISK_SHARE
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries import sharing as reading
from joinedup.funds.queries.forecasts import with_case_flow
from joinedup.funds.queries.sharing import Shared
from joinedup.funds.queries.statements import quarter_words
from joinedup.funds.queries.year import FundYear, fund_to_read, fund_year, funds_shown, year_words
from joinedup.funds.services import sharing as writing
from joinedup.funds.services.sharing import RuleSaid
from joinedup.funds.settling import SETTLEMENTS, Settlement, quarter_ends_on
from joinedup.funds.views.shared import GET_OR_POST, asked, posted, pressed, show, viewer_of

SET = declare_form(
    "funds.risk_share_set", "Who bears what is over", lambda about: reverse("fund_risk_share_set", kwargs={"fund_id": about}),
    shown=all_at_once(funds_shown),
)  # fmt: skip


def _known(year: FundYear) -> dict[str, Any]:
    """What the forms know of a fund."""
    codes = {each.place.pk: each.code for each in year.partners}
    return {
        "partners": [(each.code, each.name) for each in year.partners],
        "schemes": [(each.code, each.name) for each in year.schemes],
        "leads": {each.code: codes.get(each.lead_id, "") for each in year.schemes},
    }


def _agreed(year: FundYear, terms: str) -> Shared | None:
    try:
        return reading.shared_out(year, year.forecast(), terms)
    except BadCase:
        return None


@login_required
@require_safe
def risk_share(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Change the rule or the forecast, and see every partner's year-end number move. Nothing is posted."""
    return show(request, "funds/risk_share.jinja", **_looked(request, fund_id))


@login_required
@require_safe
def tried(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """The same figures alone, for a page whose answers are being changed."""
    return show(request, "funds/risk_share_result.jinja", **_looked(request, fund_id))


def _quarter_asked(text: str) -> tuple[int, int] | None:
    """A year and a quarter of it, as `2026-2`."""
    found = re.fullmatch(r"(2[01][0-9]{2})-([1-4])", text)
    return (int(found[1]), int(found[2])) if found else None


def _looked(request: HttpRequest, fund_id: UUID) -> dict[str, Any]:
    """What the address asks for, worked out by the function that posts: as it is now, or as statements of a quarter have it."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    if (when := _quarter_asked(request.GET.get("at", ""))) is not None:
        year = fund_year(viewer, fund, year=when[0], month=3 * when[1])
        rule = reading.rule_on(viewer, fund, quarter_ends_on(*when))
    else:
        year = with_case_flow(viewer, fund_year(viewer, fund))
        rule = reading.rule_on(viewer, fund, timezone.localdate(viewer.at))
    agreed = _agreed(year, rule.terms) if rule else None
    form = TryForm(
        request.GET if "method" in request.GET else None, **_known(year), as_agreed=rule.terms if rule and agreed else "",
        has_kept=year.kept is not None, initial={"method": AS_AGREED if agreed else "proportional"},
    )  # fmt: skip
    then = _tried(form, year) if form.is_valid() and when is None else None
    page = _page(request, year, rule, agreed, then, form) | {"at_words": quarter_words(*when) if when else ""}
    return page | {"may_post": False} if when else page


def _tried(form: TryForm, year: FundYear) -> Shared | None:
    said = form.cleaned_data["forecast"]
    outturns = year.forecast() if said == KEPT else year.outturns(Method(said))
    try:
        return reading.shared_out(year, outturns, form.terms(), form.changes())
    except BadCase as bad:
        for fault in bad.faults:
            form.add_error(None, f"This does not fit: {fault.sentence}.")
        return None


def _says(year: FundYear, agreed: Shared | None, then: Shared | None) -> str:
    """What each partner would bear, in a sentence."""
    if then is None:
        return ""
    found = []
    for each in reading.moved(year, agreed, then):
        pence = each.then or 0
        moved = each.moved
        by = f" ({'+' if moved > 0 else ''}{in_pounds(moved)})" if moved else ""
        found.append(f"{each.name}: {in_pounds(abs(pence))}{' back' if pence < 0 else ''}{by}")
    return "; ".join(found)


def _slider_most(year: FundYear) -> int:
    """How far a slider reaches, in pounds: a tenth of the largest service, to the nearest ten thousand."""
    budgets: dict[str, int] = {}
    for each in year.spending:
        budgets[each.scheme] = budgets.get(each.scheme, 0) + each.budget_pence
    return max(max(budgets.values(), default=0) // 10_000_000, 1) * 10_000


def _page(
    request: HttpRequest, year: FundYear, rule: Any, agreed: Shared | None, then: Shared | None, form: TryForm
) -> dict[str, Any]:
    viewer = viewer_of(request)
    runs = reading.runs_of(viewer, year.fund)
    shown = then or agreed
    is_over = timezone.localdate(viewer.at) > quarter_ends_on(year.year, 4)
    is_posted = any((run.year, run.quarter) == (year.year, 4) for run in runs)
    return {
        "year": year, "year_words": year_words(year.year), "rule": rule, "agreed": agreed, "then": then, "shown": shown,
        "form": form, "rows": reading.moved(year, agreed, then), "runs": runs, "figure": _figure(year, shown),
        "words": sharing_terms.in_words(shown.method, year.names) if shown else [],
        "settles": SETTLEMENTS[Settlement(rule.settlement)] if rule else "",
        "steps": _steps(year, shown), "unallocated": reading.unallocated(viewer, year.fund, year.year),
        "may_set": can(viewer, SET_RISK_SHARE, year.fund), "may_decide": can(viewer, POST_RISK_SHARE, year.fund),
        "may_post": bool(agreed) and is_over and not is_posted and can(viewer, POST_RISK_SHARE, year.fund),
        "year_words_of": year_words, "month_words": _month_words(year), "says": _says(year, agreed, then),
        "faults": [str(fault) for faults in form.errors.values() for fault in faults] if form.is_bound else [],
        "slider_most": _slider_most(year),
    }  # fmt: skip


def _month_words(year: FundYear) -> str:
    """The last month with figures: `October 2026`."""
    if not year.month:
        return f"no month yet of {year_words(year.year)}"
    number = year.month + 3 if year.month <= 9 else year.month - 9
    return f"{date(year.year + (year.month > 9), number, 1):%B %Y}"


def _steps(year: FundYear, shown: Shared | None) -> Table | None:
    """Step by step, where there are several."""
    if shown is None or len(shown.result.steps) < 2:
        return None
    columns = ("Step", "Amount", *(each.name for each in year.partners), "Nobody’s or contingency")
    rows = tuple(
        (
            f"{place}. {sharing_terms.METHODS.get(step.method, step.method.capitalize())}", in_pounds(step.pence),
            *(in_pounds(step.shares[each.code]) for each in year.partners),
            in_pounds(step.unallocated + step.contingency),
        )
        for place, step in enumerate(shown.result.steps, start=1)
    )  # fmt: skip
    return Table(columns, rows, "Step by step")


def _figure(year: FundYear, shown: Shared | None) -> Figure | None:
    """A bar for each partner in whole pounds; none where some bear and others get back, which bars cannot say."""
    if shown is None:
        return None
    sums = [(each.name, shown.result.shares[each.code]) for each in year.partners]
    sums += [("The contingency", shown.result.contingency), ("Nobody yet", shown.result.unallocated)]
    known = [(name, pence) for name, pence in sums if pence]
    if not known or len({pence > 0 for _, pence in known}) > 1:
        return None
    title = "Who bears the overspend" if known[0][1] > 0 else "Who gets the underspend back"
    return bars(title, [(name, (abs(pence) + 50) // 100) for name, pence in known], unit="Pounds")


@login_required
@require_safe
def as_csv(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """The numbers as agreed, for a spreadsheet."""
    viewer = viewer_of(request)
    year = fund_year(viewer, fund_to_read(viewer, fund_id))
    rule = reading.rule_on(viewer, year.fund, timezone.localdate(viewer.at))
    agreed = _agreed(year, rule.terms) if rule else None
    rows = tuple(
        (each.name, _plain(each.contributed), "" if each.agreed is None else _plain(each.agreed))
        for each in reading.moved(year, agreed, None)
    )
    table = Table(("Partner", "Opening contribution", "Bears or gets back"), rows, "Risk share")
    return attachment(table.as_csv(), "text/csv; charset=utf-8", f"risk-share-{year.fund.code}-{year.year}.csv")


def _plain(pence: int) -> str:
    return format_pounds(pence).replace("£", "").replace(",", "")


@login_required
@require_http_methods(GET_OR_POST)
def set_rule(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Set the rule of a fund from a day on, with the agreement's own words."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, SET_RISK_SHARE, fund)
    year = fund_year(viewer, fund)
    rule = reading.rule_on(viewer, fund, timezone.localdate(viewer.at))
    desk = Desk(request, SET, about=str(fund.pk))
    form = RuleForm(
        **desk.answers(), **_known(year),
        initial={"method": "proportional", "settlement": rule.settlement if rule else Settlement.YEAR_END.value},
    )  # fmt: skip
    back = reverse("fund_risk_share", kwargs={"fund_id": fund.pk})

    def call() -> object:
        clean = form.cleaned_data
        said = RuleSaid(form.terms(), clean["clause"], clean["settlement"], clean["starts_on"])
        return writing.set_risk_share_rule(fund=fund, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, call, done="The rule is set.", then=back, desk=desk, back_href=back, cancel_href=back,
        title="Who bears what is over, and who gets back what is under", caption=fund.name, submit_text="Set the rule",
    )  # fmt: skip


@login_required
@require_POST
def post(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Post what each partner bears of the year that is over."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    back = reverse("fund_risk_share", kwargs={"fund_id": fund.pk})
    call = lambda: writing.post_risk_share(fund=fund, year=fund.year, by=viewer, at=viewer.at)  # noqa: E731
    return pressed(request, call, "Posted. What went in, what came out and the hash are below.", back)


@login_required
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Record the board's decision on what nobody had to bear."""
    viewer = viewer_of(request)
    fund = fund_to_read(viewer, fund_id)
    check(viewer, POST_RISK_SHARE, fund)
    year = fund_year(viewer, fund)
    left = reading.unallocated(viewer, fund, year.year)
    partners = [(str(each.place.pk), each.name) for each in year.partners if each.place.left_on is None]
    form = DecideForm(posted(request), partners=partners)
    back = reverse("fund_risk_share", kwargs={"fund_id": fund.pk})

    def call() -> object:
        borne = {UUID(key): pence for key, pence in form.borne().items()}
        decision = form.cleaned_data["decision"]
        return writing.decide_unallocated(
            fund=fund, year=year.year, borne=borne, decision=decision, by=viewer, at=viewer.at
        )

    return asked(
        request, form, call, done="The decision is posted.", then=back, back_href=back, cancel_href=back,
        title=f"{in_pounds(left)} is nobody’s yet", caption=fund.name, submit_text="Post the decision",
    )  # fmt: skip
