"""The register of sharing agreements, for information governance."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access import permissions
from joinedup.access.actor import Actor
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.forms.register import (
    EndForm,
    ItemForm,
    PartyForm,
    PostForm,
    RecordsForm,
    ReviewForm,
    SignForm,
    TermsForm,
    first_items,
    items_from,
)
from joinedup.information_sharing.kept import AGREEMENT_END, AGREEMENT_REVIEW, CHANGED_TERMS, TERMS
from joinedup.information_sharing.permissions import (
    CHANGE_DRAFT,
    DRAFT_AGREEMENT,
    END_AGREEMENT,
    NAME_POST,
    REVIEW_AGREEMENT,
    SIGN_AGREEMENT,
    VERIFY_BASIS,
)
from joinedup.information_sharing.views.shared import GET_OR_POST, asked, attempt, posted, pressed, viewer_of
from joinedup.organisations.queries import (
    open_organisations,
    organisation_with_id,
    post_with_id,
    posts_of_organisations,
)


@login_required
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Every agreement."""
    viewer = viewer_of(request)
    may_draft = permissions.can(viewer, DRAFT_AGREEMENT)
    return render(
        request, "information_sharing/agreements.jinja", {"rows": queries.agreements(viewer), "may_draft": may_draft}
    )


@login_required
@require_safe
def agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """One agreement in full."""
    viewer = viewer_of(request)
    context = {
        "record": queries.agreement(viewer, agreement_id),
        "closed": queries.closed_requests(viewer, agreement_id),
    }
    return render(request, "information_sharing/agreement.jinja", context)


@login_required
@require_http_methods(GET_OR_POST)
def draft(request: HttpRequest) -> HttpResponse:
    """Begin an agreement."""
    viewer = viewer_of(request)
    permissions.check(viewer, DRAFT_AGREEMENT)
    desk = Desk(request, TERMS)
    form = TermsForm(**desk.answers())
    form.offer(queries.lawful_bases(viewer))
    made: list[UUID] = []

    def begin() -> None:
        made.append(services.draft_agreement(terms=form.terms(), by=viewer, at=viewer.at).pk)

    return asked(
        request, form, begin, desk=desk, then=lambda: _page_of(made[0]),
        done="The draft is saved. Now say who takes part and what each may share.",
        title="Draft an agreement", submit_text="Save draft", back_href=reverse("agreements"),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Change what a draft says."""
    viewer = viewer_of(request)
    permissions.check(viewer, CHANGE_DRAFT)
    record = queries.agreement(viewer, agreement_id)
    if "change" not in record.may:
        raise NotVisible
    desk = Desk(request, CHANGED_TERMS, str(agreement_id))
    form = TermsForm(**desk.answers(), initial=TermsForm.first(record))
    form.offer(queries.lawful_bases(viewer))

    def save() -> None:
        found = queries.agreement_for_change(viewer, agreement_id)
        version = _version(request, record.version)
        services.change_draft(agreement=found, terms=form.terms(), version=version, by=viewer, at=viewer.at)

    return asked(
        request, form, save, desk=desk, done="The draft is saved.", then=_page_of(agreement_id),
        template="information_sharing/terms.jinja", title="Change the draft", record=record,
    )  # fmt: skip


def _page_of(agreement_id: UUID) -> str:
    return reverse("agreement", args=[agreement_id])


def _version(request: HttpRequest, now: int) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else now


@login_required
@require_http_methods(GET_OR_POST)
def add_party(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """An organisation takes part."""
    viewer = viewer_of(request)
    permissions.check(viewer, CHANGE_DRAFT)
    record = queries.agreement(viewer, agreement_id)
    there = {party.organisation_id for party in record.parties}
    form = PartyForm(posted(request))
    form.offer((str(each.pk), each.name) for each in open_organisations(viewer) if each.pk not in there)
    made: list[UUID] = []

    def add() -> None:
        found = queries.agreement_for_change(viewer, agreement_id)
        chosen = organisation_with_id(viewer, UUID(form.cleaned_data["organisation"]))
        made.append(services.set_party(agreement=found, organisation=chosen, by=viewer, at=viewer.at).pk)

    return asked(
        request, form, add, done="", then=lambda: reverse("agreement_party", args=[agreement_id, made[0]]),
        title="Which organisation takes part?", caption=f"{record.reference} {record.title}",
        cancel_href=_page_of(agreement_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def party(request: HttpRequest, agreement_id: UUID, sharer_id: UUID) -> HttpResponse:
    """What one party may share and may not."""
    viewer = viewer_of(request)
    permissions.check(viewer, CHANGE_DRAFT)
    seen, organisation = queries.party_for_change(viewer, agreement_id, sharer_id)
    items = ItemForm.stack("items", posted(request), initial=first_items(seen), least=0, most=20, noun="item")
    form = RecordsForm(
        posted(request), initial={"records_from": str(seen.records_from_id or "")}, is_being_changed=items.is_changing
    )
    form.offer((str(each.pk), each.name) for each in open_organisations(viewer) if each.pk != seen.organisation_id)
    if request.method == "POST" and form.is_valid() & items.is_valid():
        found = queries.agreement_for_change(viewer, agreement_id)
        source = form.cleaned_data["records_from"]
        call = lambda: services.set_party(  # noqa: E731
            agreement=found, organisation=organisation, items=items_from(items.cleaned),
            records_from=organisation_with_id(viewer, UUID(source)) if source else None, by=viewer, at=viewer.at,
        )  # fmt: skip
        if attempt(form, call) is not None:
            messages.success(request, f"What {seen.organisation} may share is saved.")
            return redirect("agreement", agreement_id=agreement_id)
    has_errors = not items.is_changing and bool(items.errors or form.errors)
    context = {
        "form": form,
        "shared": items,
        "party": seen,
        "agreement_id": agreement_id,
        "page_has_errors": has_errors,
    }
    return render(request, "information_sharing/party.jinja", context)


@login_required
@require_POST
def remove_party(request: HttpRequest, agreement_id: UUID, sharer_id: UUID) -> HttpResponse:
    """An organisation does not take part after all."""
    viewer = viewer_of(request)
    seen, organisation = queries.party_for_change(viewer, agreement_id, sharer_id)
    found = queries.agreement_for_change(viewer, agreement_id)
    return pressed(
        request,
        lambda: services.remove_party(agreement=found, organisation=organisation, by=viewer, at=viewer.at),
        f"{seen.organisation} takes no part any more.",
        reverse("agreement", args=[agreement_id]),
    )


@login_required
@require_http_methods(GET_OR_POST)
def name_post(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """A post may ask or answer."""
    viewer = viewer_of(request)
    permissions.check(viewer, NAME_POST)
    record = queries.agreement(viewer, agreement_id)
    form = PostForm(posted(request))
    form.offer(_posts_of_parties(viewer, {each.organisation_id: each.organisation for each in record.parties}))
    named: list[str] = []

    def name() -> None:
        organisation_id, _, post_id = form.cleaned_data["post"].partition(":")
        post = post_with_id(viewer, UUID(post_id))
        services.name_post(
            agreement=queries.agreement_for_change(viewer, agreement_id),
            organisation=organisation_with_id(viewer, UUID(organisation_id)), post=post,
            part=form.cleaned_data["part"], by=viewer, at=viewer.at,
        )  # fmt: skip
        named.append(post.account.name)

    return asked(
        request, form, name, done=lambda: f"{named[0]} is named.", then=_page_of(agreement_id), title="Name a post",
        caption=f"{record.reference} {record.title}", submit_text="Name this post", cancel_href=_page_of(agreement_id),
    )  # fmt: skip


def _posts_of_parties(viewer: Actor, parties: dict[UUID, str]) -> list[tuple[str, str]]:
    """Every post of the parties: those who are employed elsewhere stand under both organisations."""
    return [
        (f"{organisation_id}:{post.pk}", f"{parties[organisation_id]}: {post.account.name}, {post.title}")
        for organisation_id, post in posts_of_organisations(viewer, parties)
    ]


@login_required
@require_POST
def take_out_post(request: HttpRequest, agreement_id: UUID, named_id: UUID) -> HttpResponse:
    """A post may ask or answer no more."""
    viewer = viewer_of(request)
    named = queries.named_post_for_change(viewer, agreement_id, named_id)
    found = queries.agreement_for_change(viewer, agreement_id)
    return pressed(
        request,
        lambda: services.take_out_post(agreement=found, named=named, by=viewer, at=viewer.at),
        "That post is named no more.",
        reverse("agreement", args=[agreement_id]),
    )


@login_required
@require_http_methods(GET_OR_POST)
def sign(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Record a signature."""
    viewer = viewer_of(request)
    permissions.check(viewer, SIGN_AGREEMENT)
    record = queries.agreement(viewer, agreement_id)
    if "sign" not in record.may:
        raise NotVisible
    form = SignForm(posted(request))
    form.offer((str(each.organisation_id), each.organisation) for each in record.unsigned)
    signed: list[str] = []

    def write_down() -> None:
        told = form.cleaned_data
        organisation = organisation_with_id(viewer, UUID(told["party"]))
        services.record_signature(
            agreement=queries.agreement_for_change(viewer, agreement_id), organisation=organisation, name=told["name"],
            title=told["title"], signed_on=told["signed_on"], by=viewer, at=viewer.at,
        )  # fmt: skip
        signed.append(organisation.name)

    return asked(
        request, form, write_down, done=lambda: f"{signed[0]} has signed.", then=_page_of(agreement_id),
        title="Record a signature", caption=f"{record.reference} {record.title}", submit_text="Record it",
        cancel_href=_page_of(agreement_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def review(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Somebody looked at it again."""
    viewer = viewer_of(request)
    permissions.check(viewer, REVIEW_AGREEMENT)
    found = queries.agreement_for_change(viewer, agreement_id)
    desk = Desk(request, AGREEMENT_REVIEW, str(agreement_id))
    form = ReviewForm(**desk.answers())
    return asked(
        request, form,
        lambda: services.review_agreement(agreement=found, by=viewer, at=viewer.at, **form.cleaned_data),
        desk=desk, done="The review is recorded.", then=_page_of(agreement_id), title="Review this agreement",
        caption=f"{found.reference} {found.title}", submit_text="Record the review", cancel_href=_page_of(agreement_id),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def end(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """End it today."""
    viewer = viewer_of(request)
    permissions.check(viewer, END_AGREEMENT)
    found = queries.agreement_for_change(viewer, agreement_id)
    desk = Desk(request, AGREEMENT_END, str(agreement_id))
    form = EndForm(**desk.answers())
    return asked(
        request, form,
        lambda: services.end_agreement(agreement=found, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        desk=desk, done="The agreement has ended, and whatever was open under it is closed.",
        then=_page_of(agreement_id), title="End this agreement", caption=f"{found.reference} {found.title}",
        submit_text="End it today", cancel_href=_page_of(agreement_id),
    )  # fmt: skip


@login_required
@require_POST
def draft_next(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Begin the agreement that is to follow this one."""
    viewer = viewer_of(request)
    found = queries.agreement_for_change(viewer, agreement_id)
    made = services.draft_next(agreement=found, by=viewer, at=viewer.at)
    messages.success(request, f"This draft says what {found.reference} said. Set its dates; nobody has signed it yet.")
    return redirect("agreement", agreement_id=made.pk)


@login_required
@require_safe
def bases(request: HttpRequest) -> HttpResponse:
    """The lawful bases, and which of them somebody has checked."""
    viewer = viewer_of(request)
    permissions.check(viewer, VERIFY_BASIS)
    return render(request, "information_sharing/bases.jinja", {"bases": queries.lawful_bases(viewer)})


@login_required
@require_POST
def verify_basis(request: HttpRequest, code: str) -> HttpResponse:
    """I checked this one against the law."""
    viewer = viewer_of(request)
    basis = queries.basis_for_change(viewer, code)
    return pressed(
        request,
        lambda: services.verify_basis(basis=basis, by=viewer, at=viewer.at),
        f"“{basis.name}” is marked as checked, by you, today.",
        reverse("lawful_bases"),
    )
