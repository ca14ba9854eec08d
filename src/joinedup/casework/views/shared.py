"""What the pages of casework have in common."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.access.permissions import Permission, can
from joinedup.casework import queries
from joinedup.casework.tabs import tabs_of
from joinedup.core.asking import attempt, posted
from joinedup.core.errors import NotPermitted
from joinedup.core.forms import Form

__all__ = ["attempt", "posted"]

GET_OR_POST = ["GET", "HEAD", "POST"]


def done(request: HttpRequest, page: str, sentence: str, **where: Any) -> HttpResponseRedirect:
    """Say what was done, on the page it leads to."""
    messages.success(request, sentence)
    return cast(HttpResponseRedirect, redirect(page, **where))


def case_page(request: HttpRequest, template: str, frame: queries.CaseFrame, *, tab: str, **more: Any) -> HttpResponse:
    """A page of a case: a template that extends ``casework/case_page.jinja``, with the head and the tabs."""
    return render(request, template, {"frame": frame, "tabs": tabs_of(frame.id, tab), **more})


def frame_to(request: HttpRequest, case_id: UUID, permission: Permission) -> queries.CaseFrame:
    """The head of a case for a page that changes it; refused where it is closed, or this viewer may not, now."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="casework")
    if not frame.is_open or not can(viewer, permission, frame.row):
        raise NotPermitted("You may not do that with this case as it is now.", rule=f"permission:{permission.name}")
    return frame


def question(request: HttpRequest, frame: queries.CaseFrame, form: Form, title: str, **more: Any) -> HttpResponse:
    """One question about a case, with its head."""
    return render(request, "casework/question.jinja", {"frame": frame, "form": form, "title": title, **more})
