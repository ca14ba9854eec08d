"""The team's side: who of a family has a page, opening and closing it, and seeing it as its reader does."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.core.forms import Option
from joinedup.family_page import queries, services
from joinedup.family_page.forms import OpenForm, ReasonForm
from joinedup.family_page.permissions import CLOSE_PAGE, MARK_ABUSE
from joinedup.family_page.views.shared import (
    GET_OR_POST,
    TAB,
    address_with,
    attempt,
    back_to,
    case_page,
    done,
    kept,
    viewer_of,
)

OPENING = kept("opening", "Open a family page", "family_page_open", "case_id", "reader_id")
CLOSING = kept("closing", "Close a family page", "family_page_close", "case_id", "family_page_id")
MARKING = kept("abuse_mark", "Domestic abuse is a factor", "family_abuse_mark", "case_id")
UNMARKING = kept("abuse_mark_end", "Domestic abuse is not a factor", "family_abuse_mark_end", "case_id")


@login_required
@require_safe
def pages(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Everybody in the case, and how their page stands."""
    seen = queries.family_pages(viewer_of(request), case_id)
    return case_page(request, "family_page/pages.jinja", seen.frame, seen=seen)


@login_required
@require_http_methods(GET_OR_POST)
def open_(request: HttpRequest, case_id: UUID, reader_id: UUID) -> HttpResponse:
    """What is asked before somebody gets a page."""
    viewer = viewer_of(request)
    asked = queries.opening(viewer, case_id, reader_id)
    desk = Desk(request, OPENING, about_of(case_id, reader_id))
    others = [Option(str(person_id), name) for person_id, name, _ in asked.others]
    form = OpenForm(
        **desk.answers(), others=others, asks_abuse=asked.asks_abuse, asks_understanding=asked.asks_understanding,
        asks_to_keep=bool(asked.shared_about),
        initial={"cleared": [str(person_id) for person_id, _, is_about in asked.others if is_about]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        page = attempt(
            form,
            lambda: services.open_page(
                case=asked.frame.row, person_id=reader_id, **form.opening(), address_of=address_with(request), by=viewer,
                at=viewer.at,
            ),
        )  # fmt: skip
        if page is not None:
            desk.done()
            said = f"The link is on its way to {asked.row.name}. Share something, so that the page is not empty."
            return done(request, "family_page_of", said, case_id=case_id, family_page_id=page.pk)
    context = {"asked": asked, "form": form, "desk": desk, "back_href": reverse(TAB, args=[case_id])}
    return case_page(request, "family_page/open.jinja", asked.frame, **context)


@login_required
@require_safe
def page(request: HttpRequest, case_id: UUID, family_page_id: UUID) -> HttpResponse:
    """One reader's page: what was shared, what they saw, what they wrote."""
    seen = queries.page_seen(viewer_of(request), case_id, family_page_id)
    return case_page(request, "family_page/page_of.jinja", seen.frame, seen=seen)


@login_required
@require_safe
def as_reader(request: HttpRequest, case_id: UUID, family_page_id: UUID) -> HttpResponse:
    """Exactly what the reader sees now."""
    viewer = viewer_of(request)
    seen = queries.page_seen(
        viewer, case_id, family_page_id, with_suggestions=False, purpose="family page as its reader sees it"
    )
    shown = queries.as_reader(viewer, seen)
    return case_page(request, "family_page/as_reader.jinja", seen.frame, seen=seen, shown=shown)


@login_required
@require_POST
def link(request: HttpRequest, case_id: UUID, family_page_id: UUID) -> HttpResponse:
    """Renew the link: the earlier ones end."""
    viewer = viewer_of(request)
    page = queries.page_for_change(viewer, case_id, family_page_id)
    services.send_link(page=page, address_of=address_with(request), by=viewer, at=viewer.at)
    where = {"case_id": case_id, "family_page_id": family_page_id}
    return done(request, "family_page_of", "A new link is on its way. The earlier ones do not open any more.", **where)


@login_required
@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, case_id: UUID, family_page_id: UUID) -> HttpResponse:
    """Close a page, with why."""
    viewer = viewer_of(request)
    seen = queries.page_seen(viewer, case_id, family_page_id, with_suggestions=False)
    check(viewer, CLOSE_PAGE, seen.page)
    if seen.page.closed_at is not None:
        return redirect(back_to(case_id, family_page_id))
    desk = Desk(request, CLOSING, about_of(case_id, family_page_id))
    form = ReasonForm(**desk.answers(), label="Why is this page closed?", hint="The family does not read this")
    if request.method == "POST" and form.is_valid():
        closed = attempt(
            form,
            lambda: services.close_page(page=seen.page, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at),
        )
        if closed is not None:
            desk.done()
            return done(request, TAB, "The page is closed. Its link does not open any more.", case_id=case_id)
    context = {
        "form": form, "desk": desk, "title": f"Close the page of {seen.row.name}", "submit_text": "Close the page",
        "is_warning": True, "back_href": back_to(case_id, family_page_id), "back_text": "Back to the page",
    }  # fmt: skip
    return case_page(request, "family_page/question.jinja", seen.frame, **context)


@login_required
@require_http_methods(GET_OR_POST)
def mark(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Record that domestic abuse is a factor: every page of the family closes."""
    viewer = viewer_of(request)
    seen = queries.family_pages(viewer, case_id)
    if "mark" not in seen.may:
        raise NotPermitted("You may not do that with this case as it is now.", rule=f"permission:{MARK_ABUSE.name}")
    desk = Desk(request, MARKING, str(case_id))
    form = ReasonForm(**desk.answers(), label="How do you know?", hint="Nobody of the family reads this")
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            lambda: services.mark_abuse(
                case=seen.frame.row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
            ),
        )
        if row is not None:
            desk.done()
            return done(request, TAB, "It is recorded, and every page of this family is closed.", case_id=case_id)
    context = {
        "form": form, "desk": desk, "title": "Domestic abuse is a factor", "submit_text": "Record it and close every page",
        "is_warning": True, "back_href": reverse(TAB, args=[case_id]), "back_text": "Back to family pages",
        "intro": "Every page of this family closes at once. Each is opened again only when somebody says why it is safe for "
        "that reader.",
    }  # fmt: skip
    return case_page(request, "family_page/question.jinja", seen.frame, **context)


@login_required
@require_http_methods(GET_OR_POST)
def end_mark(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take that record back, with why."""
    viewer = viewer_of(request)
    seen = queries.family_pages(viewer, case_id)
    if "mark" not in seen.may:
        raise NotPermitted("You may not do that with this case as it is now.", rule=f"permission:{MARK_ABUSE.name}")
    if seen.mark is None:
        raise NotVisible
    mark_there = seen.mark
    desk = Desk(request, UNMARKING, str(case_id))
    form = ReasonForm(**desk.answers(), label="Why is it no longer recorded?", hint="Nobody of the family reads this")
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            lambda: services.end_abuse_mark(
                case=seen.frame.row, mark=mark_there, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at
            ),
        )
        if row is not None:
            desk.done()
            return done(request, TAB, "It is taken back. No page opens by itself.", case_id=case_id)
    context = {
        "form": form, "desk": desk, "title": "Take back that domestic abuse is a factor", "submit_text": "Take it back",
        "back_href": reverse(TAB, args=[case_id]), "back_text": "Back to family pages",
    }  # fmt: skip
    return case_page(request, "family_page/question.jinja", seen.frame, **context)
