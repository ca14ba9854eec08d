"""Pages of a fund: what a finance director reads before a board, and how its budget is set up and handed on."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment
from joinedup.core.spreadsheet import SPREADSHEET
from joinedup.engines.periods import financial_year
from joinedup.funds import services
from joinedup.funds.codes import Place
from joinedup.funds.forms.funds import (
    ApproveForm,
    CommitForm,
    ConsentForm,
    FundForm,
    LineForm,
    PlaceForm,
    PoolingForm,
    SchemeForm,
)
from joinedup.funds.kept import POOLING
from joinedup.funds.permissions import COMMIT_BUDGET, CONSENT_TO_STREAM, HAND_ON_BUDGET, SET_BUDGET, VARY_AGREEMENT
from joinedup.funds.plan_book import plan_book
from joinedup.funds.queries import agreements as agreement_queries
from joinedup.funds.queries import funds as queries
from joinedup.funds.queries.commitments import held_budgets, possible_holders
from joinedup.funds.queries.plan import plan_of
from joinedup.funds.queries.seen import fund_for_change, year_words
from joinedup.funds.services import LineSaid, PartSaid
from joinedup.funds.spending_kinds import SPENDING_KINDS, kind_words
from joinedup.funds.views.shared import GET_OR_POST, asked, chosen, options, posted, show, viewer_of, whole
from joinedup.organisations.queries import clusters, localities


@login_required
@require_safe
def fund(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """One fund in the year now open."""
    return show(request, "funds/fund.jinja", fund=queries.fund(viewer_of(request), fund_id))


@login_required
@require_safe
def plan_file(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """The plan of the open year, or of another, as a workbook with live formulas."""
    said = request.GET.get("year", "")
    year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else None
    found = plan_of(viewer_of(request), fund_id, year=year)
    return attachment(plan_book(found), SPREADSHEET, f"{found.fund.code}-{found.year}-plan.xlsx")


@login_required
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """The budgets somebody holds."""
    return show(request, "funds/held.jinja", rows=held_budgets(viewer_of(request)))


@login_required
@require_http_methods(GET_OR_POST)
def fund_new(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """A fund under an agreement."""
    viewer = viewer_of(request)
    row = agreement_queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, SET_BUDGET, row)
    partners = queries.partners_of(viewer, row.pk)
    day = max(filter(None, (row.starts_on, timezone.localdate(viewer.at))))
    first = {"year": financial_year(day).starts_on.year, "host": str(row.host_id or "")}
    form = FundForm(
        posted(request), offers={"host": options((each.pk, each.organisation.name) for each in partners)}, initial=first
    )
    made: list[UUID] = []

    def begin() -> None:
        clean = form.cleaned_data
        said = {name: clean[name] for name in ("code", "name", "model", "year")}
        host = chosen(partners, clean["host"])
        made.append(services.open_fund(agreement=row, host=host, by=viewer, at=viewer.at, **said).pk)

    return asked(
        request, form, begin, done="The fund is there. Add its services and lines.",
        then=lambda: reverse("fund", args=[made[0]]), title="Add a fund", caption=f"{row.reference} {row.title}",
        submit_text="Save", cancel_href=reverse("fund_agreement", args=[row.pk]),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def scheme_new(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """A service the fund pays for."""
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    check(viewer, SET_BUDGET, row.agreement)
    partners = queries.partners_of(viewer, row.agreement_id)
    form = SchemeForm(posted(request), offers={"lead": options((each.pk, each.organisation.name) for each in partners)})

    def add() -> None:
        clean = form.cleaned_data
        services.add_scheme(
            agreement=row.agreement, fund=row, code=clean["code"], name=clean["name"], outputs=clean["outputs"],
            lead=chosen(partners, clean["lead"]), by=viewer, at=viewer.at,
        )  # fmt: skip

    back = reverse("fund", args=[row.pk])
    return asked(
        request, form, add, done="The service is added.", then=back, title="Add a service", caption=row.name,
        submit_text="Save", cancel_href=back,
    )  # fmt: skip


def _line_form(request: HttpRequest, fund_id: UUID, **kwargs: Any) -> tuple[LineForm, Any]:
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    partners = queries.partners_of(viewer, row.agreement_id)
    streams = [each for each in queries.streams_to_choose(viewer) if each.is_ring_fenced]
    posts = agreement_queries.finance_posts(viewer, row.agreement)
    offers = {
        "partner": options((each.pk, each.organisation.name) for each in partners),
        "stream": options((each.pk, each.name) for each in streams),
        "holder": options((each.pk, f"{each.account.name}, {each.title}") for each in posts),
        "planned_kind": options(SPENDING_KINDS.items()),
    }
    form = LineForm(posted(request), offers=offers, **kwargs)

    def said() -> LineSaid:
        clean = form.cleaned_data
        return LineSaid(
            code=clean["code"], name=clean["name"], partner=chosen(partners, clean["partner"]), pence=clean["amount"],
            tier=clean["tier"], stream=chosen(streams, clean["stream"]), is_capital=clean["is_capital"],
            is_recurrent=not clean["is_once"], holder=chosen(posts, clean["holder"]),
            planned_kind=clean["planned_kind"] or "",
        )  # fmt: skip

    return form, said


@login_required
@require_http_methods(GET_OR_POST)
def line_new(request: HttpRequest, fund_id: UUID, scheme_id: UUID) -> HttpResponse:
    """A budget line in a scheme."""
    viewer = viewer_of(request)
    scheme = queries.scheme_for_change(viewer, fund_id, scheme_id)
    check(viewer, SET_BUDGET, scheme.fund.agreement)
    form, said = _line_form(request, fund_id)
    back = reverse("fund", args=[fund_id])
    return asked(
        request, form,
        lambda: services.add_line(
            agreement=scheme.fund.agreement, scheme=scheme, year=scheme.fund.year, said=said(), by=viewer, at=viewer.at
        ),
        done="The line is added.", then=back, title="Add a line", caption=scheme.name, submit_text="Save", cancel_href=back,
    )  # fmt: skip


@login_required
@require_safe
def line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """One line."""
    return show(request, "funds/line.jinja", page=queries.line(viewer_of(request), line_id), kind_words=kind_words)


@login_required
@require_http_methods(GET_OR_POST)
def line_change(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Say otherwise what a line is."""
    viewer = viewer_of(request)
    row = queries.line_for_change(viewer, line_id)
    check(viewer, SET_BUDGET, row.fund.agreement)
    first = {
        "version": row.version, "name": row.name, "code": row.code, "partner": str(row.partner_id), "tier": row.tier,
        "amount": f"{row.budget_pence // 100:,}.{row.budget_pence % 100:02d}", "stream": str(row.stream_id or ""),
        "holder": str(row.holder_id or ""), "is_capital": row.is_capital, "is_once": not row.is_recurrent,
        "planned_kind": row.planned_kind,
    }  # fmt: skip
    form, said = _line_form(request, row.fund_id, initial=first)
    back = reverse("fund_line", args=[row.pk])

    def save() -> None:
        version = whole(form.cleaned_data["version"])
        services.change_line(
            agreement=row.fund.agreement, line=row, said=said(), version=version, by=viewer, at=viewer.at
        )

    return asked(
        request, form, save, done="The line is saved.", then=back, title=f"Change {row.name}", submit_text="Save",
        cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def consent(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Record the consent to use ring-fenced money."""
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    check(viewer, CONSENT_TO_STREAM, row)
    streams = [each for each in queries.streams_to_choose(viewer) if each.is_ring_fenced]
    schemes = queries.schemes_of(viewer, row)
    offers = {
        "stream": options((each.pk, each.name) for each in streams),
        "schemes": options((each.pk, each.name) for each in schemes),
    }
    form = ConsentForm(posted(request), offers=offers)

    def save() -> None:
        clean = form.cleaned_data
        wanted = {each: clean["why"] for each in schemes if str(each.pk) in clean["schemes"]}
        services.record_consent(
            fund=row, stream=chosen(streams, clean["stream"]), schemes=wanted, consented_by=clean["consented_by"],
            consented_on=clean["consented_on"], written=clean["written"], by=viewer, at=viewer.at,
        )  # fmt: skip

    back = reverse("fund", args=[row.pk])
    return asked(
        request, form, save, done="The consent is recorded.", then=back, title="Consent to use ring-fenced money",
        caption=row.name, submit_text="Save", cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def approve(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Approve the budget of the year that is open, or of the next one once its lines are there."""
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    check(viewer, SET_BUDGET, row.agreement)
    form = ApproveForm(posted(request))
    year = row.year + 1 if request.GET.get("year") == str(row.year + 1) else row.year
    back = reverse("fund", args=[row.pk])
    return asked(
        request, form,
        lambda: services.approve_budget(
            agreement=row.agreement, fund=row, year=year, decision=form.cleaned_data["decision"], by=viewer, at=viewer.at
        ),
        done="The budget is approved and in the ledger.", then=back,
        title="Approve the budget of the year" if year == row.year else f"Approve the budget of {year_words(year)}",
        caption=row.name, submit_text="Approve", cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def hand_on(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Cut a budget for a locality or a cluster from a line."""
    viewer = viewer_of(request)
    row = queries.line_for_change(viewer, line_id)
    check(viewer, HAND_ON_BUDGET, row)
    posts = possible_holders(viewer, row)
    places, groups = localities(viewer), clusters(viewer)
    offers = {
        "locality": options((each.pk, each.name) for each in places),
        "cluster": options((each.pk, each.name) for each in groups),
        "holder": options((each.pk, f"{each.account.name}, {each.title}") for each in posts),
    }
    form = PlaceForm(posted(request), offers=offers)
    made: list[UUID] = []

    def cut() -> None:
        clean = form.cleaned_data
        is_place = clean["place"] == Place.LOCALITY
        said = PartSaid(
            clean["code"], clean["name"], clean["amount"], clean["place"],
            chosen(places, clean["locality"]) if is_place else None,
            None if is_place else chosen(groups, clean["cluster"]), None, chosen(posts, clean["holder"]), clean["limit"] or None,
        )  # fmt: skip
        made.append(services.hand_on_budget(line=row, said=said, by=viewer, at=viewer.at).pk)

    return asked(
        request, form, cut, done="The budget is handed on.", then=lambda: reverse("fund_line", args=[made[0]]),
        title="Hand on a part of this budget", caption=row.name, submit_text="Hand on",
        cancel_href=reverse("fund_line", args=[row.pk]),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def commit(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Promise money from a budget one holds."""
    viewer = viewer_of(request)
    row = queries.line_for_change(viewer, line_id)
    check(viewer, COMMIT_BUDGET, row)
    form = CommitForm(posted(request), initial={"key": str(uuid4())})

    def promise() -> None:
        clean = form.cleaned_data
        services.commit_from_budget(
            line=row,
            pence=clean["amount"],
            what=clean["what"],
            key=clean["key"] or str(uuid4()),
            by=viewer,
            at=viewer.at,
        )

    back = reverse("fund_line", args=[row.pk])
    return asked(
        request, form, promise, done="The money is set aside.", then=back, title="Promise money", caption=row.name,
        submit_text="Set it aside", cancel_href=back,
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def pooling(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """What changes for each partner when an aligned fund is pooled, and the proposal to do it."""
    viewer = viewer_of(request)
    row = fund_for_change(viewer, fund_id)
    check(viewer, VARY_AGREEMENT, row.agreement)
    desk = Desk(request, POOLING, str(fund_id))
    form = PoolingForm(**desk.answers())

    def propose() -> None:
        clean = form.cleaned_data
        services.propose_pooling(
            agreement=row.agreement, fund=row, words=clean["words"], effective_on=clean["effective_on"], by=viewer, at=viewer.at
        )  # fmt: skip

    return asked(
        request, form, propose, desk=desk, done="The move is proposed. Every partner’s chief finance officer authorises it.",
        then=reverse("fund_agreement", args=[row.agreement_id]), template="funds/pooling.jinja",
        title="From aligned to pooled", caption=row.name, fund=row, effects=queries.effects(viewer, row),
        submit_text="Propose it", cancel_href=reverse("fund", args=[row.pk]),
    )  # fmt: skip
