"""Pages of agreements to share money, from the first draft to the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import can, check
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.engines.periods import financial_year
from joinedup.funds import services
from joinedup.funds.forms.agreements import (
    DraftForm,
    HostForm,
    ItemForm,
    PartnerForm,
    ReasonForm,
    SheetForm,
    TermsForm,
)
from joinedup.funds.kept import ITEM, SHEET
from joinedup.funds.permissions import CHANGE_AGREEMENT, DRAFT_AGREEMENT, PUBLISH_SHEET
from joinedup.funds.queries import agreements as queries
from joinedup.funds.services import AgreementTerms, SheetSaid
from joinedup.funds.views.shared import (
    GET_OR_POST,
    asked,
    options,
    posted,
    pressed,
    show,
    uuid_or_missing,
    viewer_of,
    whole,
)
from joinedup.organisations.queries import open_organisations, organisation_with_id

_TERMS = ("title", "power", "starts_on", "review_on", "ends_on", "notice_months", "virement_scheme", "days_to_pay")
_SHEET = ("set_how", "decided_by", "pressures", "savings", "carried", "ring_fences", "ask")


def _page_of(fund_agreement_id: UUID) -> str:
    return reverse("fund_agreement", args=[fund_agreement_id])


def _tasks_of(fund_agreement_id: UUID) -> str:
    return reverse("fund_agreement_tasks", args=[fund_agreement_id])


@login_required
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement and fund of the viewer's organisations."""
    viewer = viewer_of(request)
    rows = queries.agreements(viewer)
    mine = open_organisations(viewer).filter(pk__in=viewer.organisation_ids)
    may_draft = any(can(viewer, DRAFT_AGREEMENT, each) for each in mine)
    return show(request, "funds/agreements.jinja", rows=rows, may_draft=may_draft)


@login_required
@require_safe
def agreement(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """One agreement in full."""
    return show(request, "funds/agreement.jinja", record=queries.agreement(viewer_of(request), fund_agreement_id))


@login_required
@require_safe
def tasks(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """What is there and what is missing before the agreement can be opened."""
    record = queries.agreement(viewer_of(request), fund_agreement_id)
    groups: dict[str, list[Any]] = {}
    for task in record.tasks:
        groups.setdefault(task.group, []).append((task, _where(record, task.code)))
    return show(request, "funds/tasks.jinja", record=record, groups=groups)


def _where(record: queries.AgreementPage, code: str) -> str:
    """The page on which a task is done; empty where the viewer does none."""
    here = [record.id]
    kind, _, name = code.partition(":")
    partner = next((each for each in record.partners if each.name == name), None)
    if kind == "sheet" and partner is not None:
        return reverse("budget_sheet", args=[partner.id])
    if kind == "authorised" and partner is not None:
        return f"{_page_of(record.id)}#authorise" if partner.may_authorise else ""
    if code in {"fund", "balanced", "consents"}:
        return reverse("fund", args=[record.funds[0][0]]) if record.funds else reverse("fund_new", args=here)
    if "change" not in record.may:
        return ""
    if code in {"partners", "eligible"}:
        return reverse("fund_partner_add", args=here)
    if code in {"host", "pool_manager"}:
        return reverse("fund_agreement_host", args=here)
    if code in {"dates", "virement_scheme"}:
        return reverse("fund_agreement_change", args=here)
    return reverse("fund_agreement_item", args=[record.id, code])


def _terms(clean: dict[str, Any]) -> AgreementTerms:
    return AgreementTerms(**{name: clean[name] for name in _TERMS})


@login_required
@require_http_methods(GET_OR_POST)
def draft(request: HttpRequest) -> HttpResponse:
    """Begin an agreement."""
    viewer = viewer_of(request)
    mine = [
        each
        for each in open_organisations(viewer).filter(pk__in=viewer.organisation_ids)
        if can(viewer, DRAFT_AGREEMENT, each)
    ]
    if not mine:
        check(viewer, DRAFT_AGREEMENT)
    first = {"notice_months": 12, "days_to_pay": 30, "organisation": str(mine[0].pk) if len(mine) == 1 else ""}
    form = DraftForm(posted(request), options=options((each.pk, each.name) for each in mine), initial=first)
    made: list[UUID] = []

    def begin() -> None:
        clean = form.cleaned_data
        body = organisation_with_id(viewer, uuid_or_missing(clean["organisation"]))
        made.append(services.draft_agreement(organisation=body, terms=_terms(clean), by=viewer, at=viewer.at).pk)

    return asked(
        request, form, begin, done="The draft is begun. Set the aims and the outcomes first.", then=lambda: _tasks_of(made[0]),
        title="Draft an agreement", submit_text="Save draft", cancel_href=reverse("fund_agreements"),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Change what a draft is called, rests on and runs for."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, CHANGE_AGREEMENT, row)
    form = TermsForm(posted(request), initial={name: getattr(row, name) for name in (*_TERMS, "version")})

    def save() -> None:
        version = whole(form.cleaned_data["version"])
        services.change_terms(agreement=row, terms=_terms(form.cleaned_data), version=version, by=viewer, at=viewer.at)

    return asked(
        request, form, save, done="The terms are saved.", then=_tasks_of(row.pk), title="Terms of the agreement",
        caption=f"{row.reference} {row.title}", submit_text="Save", cancel_href=_tasks_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def item(request: HttpRequest, fund_agreement_id: UUID, clause: str) -> HttpResponse:
    """Say what the agreement says under one item."""
    viewer = viewer_of(request)
    row, shown = queries.item_of(viewer, fund_agreement_id, clause)
    check(viewer, CHANGE_AGREEMENT, row)
    desk = Desk(request, ITEM, f"{fund_agreement_id} {clause}")
    form = ItemForm(**desk.answers(), initial={"words": shown.words})
    form.fields["words"].label = shown.item.asks

    def save() -> None:
        words = form.cleaned_data["words"]
        services.write_item(agreement=row, code=clause, words=words, by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done=f"“{shown.item.name}” is saved.", then=_tasks_of(row.pk),
        template="funds/item.jinja", title=shown.item.name, item=shown.item, caption=f"{row.reference} {row.title}",
        submit_text="Save", cancel_href=_tasks_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def add_partner(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Another organisation takes part."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, CHANGE_AGREEMENT, row)
    record = queries.agreement(viewer, fund_agreement_id)
    there = {each.organisation_id for each in record.partners}
    offered = options((each.pk, each.name) for each in open_organisations(viewer) if each.pk not in there)
    form = PartnerForm(posted(request), options=offered)

    def add() -> None:
        body = organisation_with_id(viewer, uuid_or_missing(form.cleaned_data["organisation"]))
        services.add_partner(agreement=row, organisation=body, by=viewer, at=viewer.at)

    return asked(
        request, form, add, done="The partner is added.", then=_tasks_of(row.pk), title="Add a partner",
        caption=f"{row.reference} {row.title}", submit_text="Add", cancel_href=_tasks_of(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def remove_partner(request: HttpRequest, fund_agreement_id: UUID, partner_id: UUID) -> HttpResponse:
    """An organisation takes no part after all."""
    viewer = viewer_of(request)
    partner = queries.partner_for_change(viewer, fund_agreement_id, partner_id)
    return pressed(
        request, lambda: services.remove_partner(agreement=partner.agreement, partner=partner, by=viewer, at=viewer.at),
        f"{partner.organisation.name} takes no part any more.", _page_of(fund_agreement_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def host(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Name the host and its pool manager."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, CHANGE_AGREEMENT, row)
    found = queries.pool_managers(viewer, row)
    offered = options(
        (post.pk, f"{post.account.name}, {post.title}, {partner.organisation.name}") for partner, post in found
    )
    form = HostForm(posted(request), options=offered, initial={"pool_manager": str(row.pool_manager_id or "")})

    def save() -> None:
        picked = next((each for each in found if str(each[1].pk) == form.cleaned_data["pool_manager"]), None)
        if picked is None:
            raise NotVisible
        services.name_host(agreement=row, host=picked[0], pool_manager=picked[1], by=viewer, at=viewer.at)

    return asked(
        request, form, save, done="The host and the pool manager are named.", then=_tasks_of(row.pk),
        title="Host and pool manager", caption=f"{row.reference} {row.title}", submit_text="Save",
        cancel_href=_tasks_of(row.pk),
    )  # fmt: skip


# --- From draft to open, and back.


@login_required
@require_POST
def ready(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Nothing is missing but the authorisations."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    return pressed(
        request, lambda: services.mark_ready(agreement=row, by=viewer, at=viewer.at),
        "The agreement is complete. The chief finance officers are asked to authorise it.", _page_of(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def authorise(request: HttpRequest, fund_agreement_id: UUID, partner_id: UUID) -> HttpResponse:
    """A chief finance officer authorises for their organisation."""
    viewer = viewer_of(request)
    partner = queries.partner_for_change(viewer, fund_agreement_id, partner_id)
    return pressed(
        request, lambda: services.authorise(partner=partner, by=viewer, at=viewer.at),
        f"Authorised for {partner.organisation.name}.", _page_of(fund_agreement_id),
    )  # fmt: skip


@login_required
@require_POST
def open_it(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Money may move."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    return pressed(
        request, lambda: services.open_agreement(agreement=row, by=viewer, at=viewer.at),
        "The agreement is open. Approve the budget of its funds to begin.", _page_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def take_up(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Back to the draft."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, CHANGE_AGREEMENT, row)
    form = ReasonForm(posted(request))
    return asked(
        request, form,
        lambda: services.take_up_again(agreement=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        done="It is a draft again. What was authorised has lapsed.", then=_tasks_of(row.pk),
        title="Why is the draft taken up again?", submit_text="Take it up again", cancel_href=_page_of(row.pk),
    )  # fmt: skip


# --- How a partner's own budget works.


@login_required
@require_safe
def budget_sheet(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """One partner's sheet, to read and to print."""
    page = queries.budget_sheet(viewer_of(request), partner_id)
    return show(request, "funds/sheet.jinja", page=page)


@login_required
@require_http_methods(GET_OR_POST)
def publish_sheet(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Tell the other partners how one's own budget works."""
    viewer = viewer_of(request)
    page = queries.budget_sheet(viewer, partner_id)
    check(viewer, PUBLISH_SHEET, page.partner)
    desk = Desk(request, SHEET, str(partner_id))
    first = {name: getattr(page.sheet, name) for name in _SHEET} if page.sheet else {}
    if page.sheet:
        first["total"] = f"{page.sheet.total_pence // 100:,}"
    form = SheetForm(**desk.answers(), initial=first)

    def publish() -> None:
        clean = form.cleaned_data
        said = SheetSaid(total_pence=clean["total"], **{name: clean[name] for name in _SHEET})
        year = financial_year(timezone.localdate(viewer.at)).starts_on.year
        services.publish_sheet(partner=page.partner, year=year, said=said, by=viewer, at=viewer.at)

    return asked(
        request, form, publish, desk=desk, done="The sheet is published to every partner.",
        then=reverse("budget_sheet", args=[partner_id]), title="How your budget works",
        caption=page.partner.organisation.name, submit_text="Publish",
        cancel_href=reverse("budget_sheet", args=[partner_id]),
    )  # fmt: skip
