"""The one referral form, its check page, and what a professional has sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access import permissions
from joinedup.access.actor import Actor
from joinedup.core import drafts
from joinedup.core.desk import Desk, as_sent
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.steady import answered_steadily
from joinedup.front_door import queries, services
from joinedup.front_door.forms.answers import referral_contact, referral_sections
from joinedup.front_door.forms.identity import FindChildForm, SearchForm
from joinedup.front_door.forms.refer import ReferralPage
from joinedup.front_door.kept import CALL_ABOUT, REFERRAL
from joinedup.front_door.permissions import SUBMIT_REFERRAL, TAKE_CALL
from joinedup.front_door.views.as_typed import form_of, is_typing, new_form, too_fast
from joinedup.front_door.views.shared import attempt, checking, posted, viewer_of
from joinedup.person_index.queries import confirm_after

_CHECKING = "referral_checking"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answered_steadily
def find(request: HttpRequest) -> HttpResponse:
    """Is the child one we know? Professionals look in their own sources only, the front door in the whole index when
    somebody rings. The search is a POST."""
    viewer = viewer_of(request)
    permissions.check(viewer, SUBMIT_REFERRAL)
    today, is_call = timezone.localdate(viewer.at), permissions.can(viewer, TAKE_CALL)
    form = (SearchForm if is_call else FindChildForm)(posted(request), today=today)
    if is_call and is_typing(request):
        return _while_typing(request, form)
    found = None
    if request.method == "POST" and form.is_valid():
        look = queries.likely_callers_child if is_call else queries.likely_children
        found = look(viewer, form.query())
    unsent = drafts.count_unfinished(drafts.holder_of(viewer.account_id, request.session), viewer)
    page = "front_door/call_find.jinja" if is_call else "front_door/refer_find.jinja"
    return render(request, page, {"form": form, "found": found, "unsent": unsent, "form_name": new_form()})


def _while_typing(request: HttpRequest, form: SearchForm | FindChildForm) -> HttpResponse:
    """Whom a call may be about, alone. What is not whole yet is left out."""
    if (refused := too_fast(request)) is not None:
        return refused
    form.is_valid()
    found = queries.likely_callers_child_as_typed(viewer_of(request), form.query(), form=form_of(request))
    return render(request, "front_door/call_found.jinja", {"found": found})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest) -> HttpResponse:
    """The form, on one page. Adding a child is a button of the same form, so it works without scripts."""
    viewer = viewer_of(request)
    permissions.check(viewer, SUBMIT_REFERRAL)
    return _write_down(request, viewer, Desk(request, REFERRAL, reopen="known" not in request.GET))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refer_about(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same form for a call about somebody found in the index, with what is known filled in. What was kept of it
    goes when they are withheld, like their record."""
    viewer = viewer_of(request)
    if not permissions.can(viewer, TAKE_CALL):
        raise NotVisible
    return _write_down(request, viewer, Desk(request, CALL_ABOUT, str(person_id)), about=f"index:{person_id}")


def _write_down(request: HttpRequest, viewer: Actor, desk: Desk, about: str = "") -> HttpResponse:
    data = request.POST if request.method == "POST" else desk.typed
    key = about or _known_key(request, data)
    page = _page(
        viewer, data, key=key, is_unjudged=request.method != "POST", must_be_seen=bool(about) and not desk.is_sent
    )
    is_sent = request.method == "POST" and not page.is_changing
    if is_sent and page.is_valid() and page.stands(referral_contact(page, key="")):
        desk.keep()
        request.session[_CHECKING] = str(desk.id)
        return redirect("refer_check")
    return _form(request, page, desk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The answers said back, then sent."""
    viewer = viewer_of(request)
    permissions.check(viewer, SUBMIT_REFERRAL)
    kept = checking(request, _CHECKING)
    if kept is None:
        return redirect("refer")
    data = as_sent(kept.typed)
    form = CALL_ABOUT if kept.form == CALL_ABOUT.name else REFERRAL
    page = _page(viewer, data, key=f"index:{kept.about}" if form is CALL_ABOUT else data.get("known", ""))
    back = f"{form.href(kept.about)}?draft={kept.pk}"
    if not page.is_valid():
        return redirect(back)
    if request.method != "POST":
        context = {"sections": referral_sections(page, back=back), "page": page, "back": back}
        return render(request, "front_door/refer_check.jinja", context)
    contact = referral_contact(page, key=kept.pk.hex)
    sent = attempt(page, lambda: services.submit_referral(contact=contact, shown=page.shown(), by=viewer, at=viewer.at))
    desk = Desk(request, form, kept.about, reopen=False)
    if sent is None:
        return _form(request, page, desk)
    desk.done(kept.pk)
    request.session.pop(_CHECKING, None)
    messages.success(request, f"Sent. Your reference is {sent.reference}.")
    return redirect("sent_contact", contact_id=sent.pk)


def _known_key(request: HttpRequest, data: QueryDict | None) -> str:
    """Which record or earlier contact the form began from: chosen just now, or when it was begun."""
    return data.get("known", "") if data is not None else request.GET.get("known", "")


def _page(
    viewer: Actor, data: QueryDict | None, *, key: str, is_unjudged: bool = False, must_be_seen: bool = False
) -> ReferralPage:
    today = timezone.localdate(viewer.at)
    known = None
    if key:
        try:
            known = queries.known_before(viewer, key)
        except NotVisible:
            if data is None or must_be_seen:  # a link to somebody else's; what was typed is never lost with its source
                raise
    return ReferralPage(
        data,
        today=today,
        is_call=permissions.can(viewer, TAKE_CALL),
        known=known,
        confirm_after=confirm_after(viewer),
        is_unjudged=is_unjudged and data is not None,
    )


def _form(request: HttpRequest, page: ReferralPage, desk: Desk) -> HttpResponse:
    context = {"page": page, "page_has_errors": page.has_errors, "standings": viewer_of(request).standings}
    return render(request, "front_door/refer.jinja", context | {"desk": desk})


@login_required
@require_safe
def sent_list(request: HttpRequest) -> HttpResponse:
    """What I have sent, newest first."""
    rows, next_cursor = queries.sent_contacts(viewer_of(request), request.GET.get("after"))
    return render(request, "front_door/sent_list.jinja", {"rows": rows, "next_cursor": next_cursor})


@login_required
@require_safe
def sent(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """One of them: the receipt, and what I was told. Nothing here says whether anybody is known."""
    viewer = viewer_of(request)
    contact = queries.sent_contact(viewer, contact_id)
    registered = queries.registration_of_sent(viewer, contact_id)
    may_register = registered is None and queries.may_register(viewer)
    more = {"contact": contact, "registered": registered, "may_register": may_register}
    return render(request, "front_door/sent.jinja", more)


@login_required
@require_POST
def register(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """I am trained: I assess the child and lead. The front door looks whether the family is known."""
    viewer = viewer_of(request)
    contact = queries.sent_contact_for_change(viewer, contact_id)
    try:
        services.register_assessment(contact=contact, by=viewer, at=viewer.at)
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, "Your assessment is registered. You will find the case among yours once it is opened."
        )
    return redirect("sent_contact", contact_id=contact_id)
