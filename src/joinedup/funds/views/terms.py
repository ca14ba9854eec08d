"""Pages of what happens to an agreement once it is open: variations, novation, secondments, authority, notice and end."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.funds import services
from joinedup.funds.forms.agreements import (
    AuthorityForm,
    NoticeForm,
    NovationForm,
    PostForm,
    ReasonForm,
    VariationForm,
)
from joinedup.funds.kept import VARIATION
from joinedup.funds.permissions import (
    ATTACH_SECONDMENT,
    END_AGREEMENT,
    NAME_AUTHORITY,
    NOVATE_AGREEMENT,
    VARY_AGREEMENT,
)
from joinedup.funds.queries import agreements as queries
from joinedup.funds.views.shared import (
    GET_OR_POST,
    asked,
    chosen,
    options,
    posted,
    pressed,
    show,
    uuid_or_missing,
    viewer_of,
)
from joinedup.funds.virement_schemes import SCHEMES
from joinedup.organisations.queries import open_organisations, organisation_with_id


def _page_of(fund_agreement_id: UUID) -> str:
    return reverse("fund_agreement", args=[fund_agreement_id])


@login_required
@require_http_methods(GET_OR_POST)
def variation_new(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Propose a variation."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, VARY_AGREEMENT, row)
    desk = Desk(request, VARIATION, str(fund_agreement_id))
    form = VariationForm(**desk.answers())

    def propose() -> None:
        clean = form.cleaned_data
        services.propose_variation(
            agreement=row, words=clean["words"], effective_on=clean["effective_on"], by=viewer, at=viewer.at
        )

    return asked(
        request, form, propose, desk=desk, done="The variation is proposed. Every partner’s chief finance officer authorises it.",
        then=_page_of(row.pk), title="Vary the agreement", caption=f"{row.reference} {row.title}", submit_text="Propose",
        cancel_href=_page_of(row.pk),
    )  # fmt: skip


@login_required
@require_safe
def variation(request: HttpRequest, fund_agreement_id: UUID, variation_id: UUID) -> HttpResponse:
    """One variation: what changes for whom, and who has authorised it."""
    record = queries.agreement(viewer_of(request), fund_agreement_id)
    found = next((each for each in record.variations if each.id == variation_id), None)
    if found is None:
        raise NotVisible
    return show(request, "funds/variation.jinja", record=record, variation=found)


@login_required
@require_POST
def variation_authorise(
    request: HttpRequest, fund_agreement_id: UUID, variation_id: UUID, partner_id: UUID
) -> HttpResponse:
    """A chief finance officer authorises a variation for their organisation."""
    viewer = viewer_of(request)
    partner = queries.partner_for_change(viewer, fund_agreement_id, partner_id)
    row = queries.variation_for_change(viewer, fund_agreement_id, variation_id)
    then = reverse("fund_variation", args=[fund_agreement_id, variation_id])
    return pressed(
        request, lambda: services.authorise_variation(partner=partner, variation=row, by=viewer, at=viewer.at),
        f"Authorised for {partner.organisation.name}.", then,
    )  # fmt: skip


@login_required
@require_POST
def variation_withdraw(request: HttpRequest, fund_agreement_id: UUID, variation_id: UUID) -> HttpResponse:
    """It is not to be after all."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    found = queries.variation_for_change(viewer, fund_agreement_id, variation_id)
    return pressed(
        request, lambda: services.withdraw_variation(agreement=row, variation=found, by=viewer, at=viewer.at),
        "The variation is withdrawn.", _page_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def novate(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """A successor body takes a partner's place."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, NOVATE_AGREEMENT, row)
    record = queries.agreement(viewer, fund_agreement_id)
    there = {each.organisation_id for each in (*record.partners, *record.former)}
    form = NovationForm(
        posted(request), options=options((each.id, each.name) for each in record.partners),
        successors=options((each.pk, each.name) for each in open_organisations(viewer) if each.pk not in there),
    )  # fmt: skip

    def save() -> None:
        clean = form.cleaned_data
        before = queries.partner_for_change(viewer, fund_agreement_id, uuid_or_missing(clean["predecessor"]))
        after = organisation_with_id(viewer, uuid_or_missing(clean["successor"]))
        services.novate_agreement(
            agreement=row, predecessor=before, successor=after, on=clean["on"], decision=clean["decision"], by=viewer, at=viewer.at
        )  # fmt: skip

    return asked(
        request, form, save, done="The successor has taken its place. What was posted before stays as it was.",
        then=_page_of(row.pk), title="Move the agreement to a successor body", caption=f"{row.reference} {row.title}",
        submit_text="Move it", cancel_href=_page_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def secondment_add(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """A secondment stands under this agreement."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, ATTACH_SECONDMENT, row)
    found = queries.secondments_to_choose(viewer, row)
    form = PostForm(posted(request), options=options((each.pk, f"{each.account.name}, {each.title}") for each in found))

    def attach() -> None:
        post = chosen(found, form.cleaned_data["post"])
        services.attach_secondment(agreement=row, post=post, by=viewer, at=viewer.at)

    return asked(
        request, form, attach, done="The secondment stands under this agreement.", then=_page_of(row.pk),
        title="Which secondment?", caption=f"{row.reference} {row.title}", submit_text="Attach", cancel_href=_page_of(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def secondment_end(request: HttpRequest, fund_agreement_id: UUID, secondment_id: int) -> HttpResponse:
    """It stands under this agreement no longer."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    found = queries.secondment_for_change(viewer, fund_agreement_id, secondment_id)
    return pressed(
        request, lambda: services.detach_secondment(agreement=row, secondment=found, by=viewer, at=viewer.at),
        "The secondment stands under this agreement no longer.", _page_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def authority_add(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Name who may approve virements."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, NAME_AUTHORITY, row)
    found = queries.finance_posts(viewer, row)
    scheme = SCHEMES.get(row.virement_scheme)
    form = AuthorityForm(
        posted(request), options=options((each.pk, f"{each.account.name}, {each.title}") for each in found),
        levels=options((band.level, band.words) for band in (scheme.bands if scheme else ())),
    )  # fmt: skip

    def name() -> None:
        post = chosen(found, form.cleaned_data["post"])
        services.name_authority(agreement=row, level=form.cleaned_data["level"], post=post, by=viewer, at=viewer.at)

    return asked(
        request, form, name, done="They may approve virements up to that level.", then=_page_of(row.pk),
        title="Who may approve virements?", caption=f"{row.reference} {row.title}", submit_text="Save",
        cancel_href=_page_of(row.pk),
    )  # fmt: skip


@login_required
@require_POST
def authority_end(request: HttpRequest, fund_agreement_id: UUID, authority_id: UUID) -> HttpResponse:
    """A post approves no more at that level."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    found = queries.authority_for_change(viewer, fund_agreement_id, authority_id)
    return pressed(
        request, lambda: services.end_authority(agreement=row, authority=found, by=viewer, at=viewer.at),
        "They approve no more at that level.", _page_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def notice(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """Give notice."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, END_AGREEMENT, row)
    form = NoticeForm(posted(request))

    def give() -> None:
        clean = form.cleaned_data
        services.give_notice(agreement=row, ends_on=clean["ends_on"], reason=clean["reason"], by=viewer, at=viewer.at)

    return asked(
        request, form, give, done="Notice is given. The agreement goes on until its last day.", then=_page_of(row.pk),
        title="Give notice", caption=f"{row.reference} {row.title}", submit_text="Give notice", cancel_href=_page_of(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def end(request: HttpRequest, fund_agreement_id: UUID) -> HttpResponse:
    """End it, or give the draft up."""
    viewer = viewer_of(request)
    row = queries.agreement_for_change(viewer, fund_agreement_id)
    check(viewer, END_AGREEMENT, row)
    form = ReasonForm(posted(request))
    return asked(
        request, form,
        lambda: services.end_agreement(agreement=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        done="The agreement has ended. What was posted stays.", then=_page_of(row.pk), title="Why does it end?",
        submit_text="End it", cancel_href=_page_of(row.pk),
    )  # fmt: skip
