"""Pages of a fund's risks and outcomes, which its reports carry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.forms import Option
from joinedup.funds.forms.risks import ActualForm, OutcomeForm, RiskCloseForm, RiskForm
from joinedup.funds.permissions import KEEP_RISKS
from joinedup.funds.queries import risks as reading
from joinedup.funds.queries.agreements import finance_posts
from joinedup.funds.queries.seen import fund_for_change
from joinedup.funds.queries.statements import quarter_words
from joinedup.funds.queries.year import funds_shown
from joinedup.funds.services import risks as writing
from joinedup.funds.services.risks import RiskSaid
from joinedup.funds.views.shared import GET_OR_POST, asked, chosen, options, posted, show, viewer_of, whole


def _actual_href(about: str) -> str:
    outcome_id, when = ids_in(about)
    said = {"fund_outcome_id": outcome_id, "year": when.int // 10, "quarter": when.int % 10}
    return reverse("fund_outcome_actual", kwargs=said)


_FUNDS, _RISKS = all_at_once(funds_shown), all_at_once(reading.risks_shown)
RISK_NEW = declare_form(
    "funds.risk_new", "A risk of a fund", lambda about: reverse("fund_risk_new", args=[about]), shown=_FUNDS
)
RISK_CHANGE = declare_form(
    "funds.risk_change", "A risk of a fund", lambda about: reverse("fund_risk_change", args=[about]), shown=_RISKS
)
RISK_CLOSE = declare_form(
    "funds.risk_close", "Close a risk", lambda about: reverse("fund_risk_close", args=[about]), shown=_RISKS
)
ACTUAL = declare_form("funds.outcome_actual", "Where a measure stands", _actual_href)


def _page(fund_id: UUID) -> str:
    return reverse("fund_risks", args=[fund_id])


@login_required
@require_safe
def risks(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What could go wrong, and what was reached."""
    year, _, quarter = request.GET.get("when", "").partition("-")
    named = len(year) == 4 and year.isascii() and year.isdigit() and quarter in {"1", "2", "3", "4"}
    when = {"year": int(year), "quarter": int(quarter)} if named and 2000 <= int(year) <= 2200 else {}
    page = reading.risks_page(viewer_of(request), fund_id, **when)
    quarters = [
        {"text": quarter_words(page.year, each), "href": f"?when={page.year}-{each}", "active": each == page.quarter}
        for each in (1, 2, 3, 4)
    ]
    return show(request, "funds/risks.jinja", page=page, fund=page.fund, quarters=quarters)


def _owners(viewer: Any, fund: Any) -> tuple[list[Any], dict[str, list[Option]]]:
    posts = sorted(finance_posts(viewer, fund.agreement), key=lambda each: (each.account.name, str(each.pk)))
    named = options((each.pk, f"{each.account.name}, {each.title}") for each in posts)
    return posts, {"owner": [Option("", "Choose somebody"), *named]}


def _said(form: RiskForm, posts: list[Any]) -> RiskSaid:
    clean = form.cleaned_data
    texts = {name: clean[name] for name in ("event", "cause", "effect", "likelihood", "action")}
    return RiskSaid(owner=chosen(posts, clean["owner"]), **texts)


@login_required
@require_http_methods(GET_OR_POST)
def risk_new(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Write a risk down."""
    viewer = viewer_of(request)
    fund = fund_for_change(viewer, fund_id)
    check(viewer, KEEP_RISKS, fund)
    posts, offers = _owners(viewer, fund)
    desk = Desk(request, RISK_NEW, about=str(fund_id))
    form = RiskForm(**desk.answers(), offers=offers)
    back = _page(fund_id)
    return asked(
        request, form, lambda: writing.raise_risk(fund=fund, said=_said(form, posts), by=viewer, at=viewer.at), desk=desk,
        done="The risk is written down.", then=back, title="Add a risk", caption=fund.name, submit_text="Save",
        back_href=back, cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def risk_change(request: HttpRequest, fund_risk_id: UUID) -> HttpResponse:
    """Say otherwise what a risk is."""
    viewer = viewer_of(request)
    row = reading.risk_for_change(viewer, fund_risk_id)
    check(viewer, KEEP_RISKS, row.fund)
    posts, offers = _owners(viewer, row.fund)
    desk = Desk(request, RISK_CHANGE, about=str(fund_risk_id))
    names = ("version", "event", "cause", "effect", "likelihood", "action")
    first = {name: getattr(row, name) for name in names} | {"owner": str(row.owner_id)}
    form = RiskForm(**desk.answers(), offers=offers, initial=first)
    back = _page(row.fund_id)

    def save() -> object:
        version = whole(form.cleaned_data["version"])
        return writing.change_risk(
            fund=row.fund, risk=row, said=_said(form, posts), version=version, by=viewer, at=viewer.at
        )

    return asked(
        request, form, save, desk=desk, done="The risk is saved.", then=back, title=f"Change {row}: {row.event}",
        caption=row.fund.name, submit_text="Save", back_href=back, cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def risk_close(request: HttpRequest, fund_risk_id: UUID) -> HttpResponse:
    """Close a risk."""
    viewer = viewer_of(request)
    row = reading.risk_for_change(viewer, fund_risk_id)
    check(viewer, KEEP_RISKS, row.fund)
    desk = Desk(request, RISK_CLOSE, about=str(fund_risk_id))
    form = RiskCloseForm(**desk.answers())
    back = _page(row.fund_id)
    return asked(
        request, form,
        lambda: writing.close_risk(fund=row.fund, risk=row, because=form.cleaned_data["because"], by=viewer, at=viewer.at),
        desk=desk, done="The risk is closed.", then=back, title=f"Close {row}", caption=f"{row}: {row.event}",
        submit_text="Close it", back_href=back, cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def outcome_new(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Say how an aim is measured."""
    viewer = viewer_of(request)
    fund = fund_for_change(viewer, fund_id)
    check(viewer, KEEP_RISKS, fund)
    form = OutcomeForm(posted(request), initial={"starts_on": reading.quarter_begins_on(fund.year, 1)})
    back = _page(fund_id)

    def add() -> object:
        said = {name: form.cleaned_data[name] for name in ("measure", "target", "starts_on")}
        return writing.add_outcome(fund=fund, by=viewer, at=viewer.at, **said)

    return asked(
        request, form, add,
        done="The measure is added. Say each quarter where it stands.", then=back, title="Add a measure", caption=fund.name,
        submit_text="Save", back_href=back, cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def outcome_actual(request: HttpRequest, fund_outcome_id: UUID, year: int, quarter: int) -> HttpResponse:
    """Where a measure stood at the end of a quarter."""
    viewer = viewer_of(request)
    row = reading.outcome_for_change(viewer, fund_outcome_id)
    check(viewer, KEEP_RISKS, row.fund)
    if quarter not in (1, 2, 3, 4) or not 2000 <= year <= 2200:
        raise Http404
    desk = Desk(request, ACTUAL, about=about_of(row.pk, UUID(int=year * 10 + quarter)))
    there = row.actuals.filter(year=year, quarter=quarter).first()
    first = {"actual": there.actual, "narrative": there.narrative} if there else {}
    form = ActualForm(**desk.answers(), initial=first)
    back = f"{_page(row.fund_id)}?when={year}-{quarter}"

    def save() -> object:
        clean = form.cleaned_data
        return writing.say_actual(
            fund=row.fund, outcome=row, year=year, quarter=quarter, actual=clean["actual"],
            narrative=clean["narrative"] or "", by=viewer, at=viewer.at,
        )  # fmt: skip

    return asked(
        request, form, save, desk=desk, done="It is noted.", then=back, title=row.measure,
        caption=f"{quarter_words(year, quarter)}: should be {row.target}", submit_text="Save", back_href=back,
        cancel_href=back,
    )  # fmt: skip
