"""Search before create: who each person in a referral is, and which family it is about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from joinedup.access import permissions
from joinedup.access.actor import Actor
from joinedup.core.desk import Desk
from joinedup.core.steady import answered_steadily
from joinedup.front_door import queries, services
from joinedup.front_door.forms.identity import NewPersonForm, SamePersonForm, SearchForm, UndoForm
from joinedup.front_door.forms.triage import FamilyForm
from joinedup.front_door.kept import NEW_PERSON, TAKE_BACK, of_place
from joinedup.front_door.permissions import CHOOSE_FAMILY, SEARCH_FOR, UNDO_IDENTIFICATION
from joinedup.front_door.queries import Place, ReferralRecord
from joinedup.front_door.settings import strong_match
from joinedup.front_door.views.as_typed import form_of, is_typing, new_form, too_fast
from joinedup.front_door.views.referral import referral_page
from joinedup.front_door.views.shared import attempt, posted, viewer_of
from joinedup.person_index.queries import SearchQuery, SearchResult

_GET_OR_POST = ["GET", "HEAD", "POST"]
_NEW_FAMILY = "new"


def _record(request: HttpRequest, referral_id: UUID, permission: permissions.Permission) -> ReferralRecord:
    viewer = viewer_of(request)
    record = queries.referral(viewer, referral_id, purpose="identify people")
    permissions.check(viewer, permission, record)
    return record


def _place(record: ReferralRecord, place_id: int) -> Place:
    found = next((place for place in record.places if place.id == place_id), None)
    if found is None:
        raise Http404
    return found


def _as_typed(place: Place) -> dict[str, Any]:
    """What was typed, to start the search with."""
    names = ("given_name", "family_name", "birth_date", "postcode")
    return {name: getattr(place, name) for name in names} | {"number": place.nhs_number or place.upn}


def _query_of(place: Place) -> SearchQuery:
    """Search for what was typed, as it was typed."""
    names = ("given_name", "family_name", "birth_date", "postcode", "nhs_number", "upn")
    return SearchQuery(**{name: getattr(place, name) for name in names})


def _context(viewer: Actor, place: Place, form: SearchForm, result: SearchResult | None, desk: Desk) -> dict[str, Any]:
    """What the search page shows. `strong` is from how many points of evidence a match counts as strong here."""
    return {
        "place": place,
        "search": form,
        "result": result,
        "same": SamePersonForm(),
        "create": NewPersonForm(**desk.answers()),
        "desk": desk,
        "strong": strong_match(viewer.at),
        "form_name": new_form(),
    }


@login_required
@require_http_methods(_GET_OR_POST)
@answered_steadily
def search(request: HttpRequest, referral_id: UUID, place_id: int) -> HttpResponse:
    """What was typed beside who it could be. Searching is a POST, so no name is ever in an address."""
    if is_typing(request):
        return _while_typing(request, referral_id, place_id)
    viewer = viewer_of(request)
    record = _record(request, referral_id, SEARCH_FOR)
    place = _place(record, place_id)
    today = timezone.localdate(viewer.at)
    form = SearchForm(request.POST if "given_name" in request.POST else None, initial=_as_typed(place), today=today)
    result = None
    if request.method == "POST" and (form.is_valid() or not form.is_bound):
        target = queries.place_for_change(viewer, referral_id, place_id)
        query = form.query() if form.is_bound else _query_of(place)
        result = services.search_for(place=target, query=query, by=viewer, at=viewer.at)
    desk = _kept_reason(request, referral_id, place_id)
    context = _context(viewer, place, form, result, desk)
    return referral_page(request, "referral_search", record, tab="people", **context)


def _while_typing(request: HttpRequest, referral_id: UUID, place_id: int) -> HttpResponse:
    """The likely people alone. What is not whole yet is left out, and it counts as no search."""
    viewer = viewer_of(request)
    place = queries.place_for_change(viewer, referral_id, place_id)
    if (refused := too_fast(request)) is not None:
        return refused
    form = SearchForm(request.POST, today=timezone.localdate(viewer.at))
    form.is_valid()
    result = queries.likely_in_referral_as_typed(viewer, place, form.query(), form=form_of(request))
    shown = {"id": place.pk, "name": str(place.contact_person)}
    context = {
        "place": shown,
        "may_choose": place.searched_at is not None,
        "result": result,
        "record": {"id": referral_id},
        "same": SamePersonForm(),
    }
    desk = _kept_reason(request, referral_id, place_id)
    context |= {"create": NewPersonForm(**desk.answers()), "desk": desk}
    return render(request, "front_door/likely_people.jinja", context)


@login_required
@require_POST
@answered_steadily
def identify(request: HttpRequest, referral_id: UUID, place_id: int) -> HttpResponse:
    """This known person is the one in the referral."""
    viewer = viewer_of(request)
    form = SamePersonForm(request.POST)
    try:
        person_id = UUID(request.POST.get("person_id", ""))
    except ValueError:
        raise Http404 from None
    if form.is_valid():
        target = queries.place_for_change(viewer, referral_id, place_id)
        reason = form.cleaned_data["reason"]
        if attempt(
            form,
            lambda: services.identify_person(place=target, person_id=person_id, reason=reason, by=viewer, at=viewer.at),
        ):
            _kept_reason(request, referral_id, place_id).done()
            messages.success(request, "Saved. You can take this back on this page.")
            return redirect("referral_people", referral_id=referral_id)
    return _search_again(
        request, referral_id, place_id, _kept_reason(request, referral_id, place_id), same=form, chosen=person_id
    )


@login_required
@require_POST
@answered_steadily
def create(request: HttpRequest, referral_id: UUID, place_id: int) -> HttpResponse:
    """None of the likely people: somebody new."""
    viewer = viewer_of(request)
    desk = Desk(request, NEW_PERSON, of_place(referral_id, place_id))
    form = NewPersonForm(request.POST)
    if form.is_valid():
        target = queries.place_for_change(viewer, referral_id, place_id)
        despite = form.cleaned_data["despite"]
        if attempt(form, lambda: services.create_person_for(place=target, despite=despite, by=viewer, at=viewer.at)):
            desk.done()
            messages.success(request, "Entered as somebody new. You can take this back on this page.")
            return redirect("referral_people", referral_id=referral_id)
    return _search_again(request, referral_id, place_id, desk, create=form)


def _kept_reason(request: HttpRequest, referral_id: UUID, place_id: int) -> Desk:
    """Why somebody is new, where the other form of the page was sent."""
    return Desk(request, NEW_PERSON, of_place(referral_id, place_id), is_sent=False)


def _search_again(request: HttpRequest, referral_id: UUID, place_id: int, desk: Desk, **forms: Any) -> HttpResponse:
    """After a refusal: the same page with the likely people once more, and the sentence."""
    viewer = viewer_of(request)
    record = _record(request, referral_id, SEARCH_FOR)
    place = _place(record, place_id)
    result = None
    if place.is_searched:
        target = queries.place_for_change(viewer, referral_id, place_id)
        result = services.search_for(place=target, query=_query_of(place), by=viewer, at=viewer.at)
    search_form = SearchForm(None, initial=_as_typed(place), today=timezone.localdate(viewer.at))
    context = _context(viewer, place, search_form, result, desk)
    bound = next(form for form in forms.values() if hasattr(form, "is_bound"))
    return referral_page(
        request, "referral_search", record, tab="people", **(context | forms), page_has_errors=bool(bound.errors)
    )


@login_required
@require_http_methods(_GET_OR_POST)
def undo(request: HttpRequest, referral_id: UUID, place_id: int) -> HttpResponse:
    """It was somebody else after all."""
    viewer = viewer_of(request)
    record = _record(request, referral_id, UNDO_IDENTIFICATION)
    place = _place(record, place_id)
    desk = Desk(request, TAKE_BACK, of_place(referral_id, place_id))
    form = UndoForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        target = queries.place_for_change(viewer, referral_id, place_id)
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.undo_identification(place=target, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            messages.success(request, "Taken back. Search again to say who this is.")
            return redirect("referral_people", referral_id=referral_id)
    return referral_page(request, "referral_undo", record, tab="people", place=place, form=form, desk=desk)


@login_required
@require_http_methods(_GET_OR_POST)
def family(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Which family the referral is about: one somebody in it belongs to, or a new one."""
    viewer = viewer_of(request)
    record = _record(request, referral_id, CHOOSE_FAMILY)
    choices = [(str(each.family_id), each.name) for each in record.families] + [(_NEW_FAMILY, "A new family")]
    form = FamilyForm(posted(request), families=choices, initial={"family": str(record.family_id or "")})
    if request.method == "POST" and form.is_valid():
        referral = queries.referral_for_change(viewer, referral_id)
        chosen = form.cleaned_data["family"]
        family_id = None if chosen == _NEW_FAMILY else UUID(chosen)
        if attempt(
            form, lambda: services.choose_family(referral=referral, family_id=family_id, by=viewer, at=viewer.at)
        ):
            messages.success(request, "The family is saved.")
            return redirect("referral_people", referral_id=referral_id)
    return referral_page(request, "referral_family", record, tab="people", form=form)
