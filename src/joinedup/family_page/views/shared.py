"""What the pages of this part have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.casework.queries import CaseFrame, cases_shown
from joinedup.casework.tabs import tabs_of
from joinedup.core.asking import attempt
from joinedup.core.desk import address_of
from joinedup.core.drafts import DraftForm, all_at_once, declare_form, ids_in

__all__ = ["attempt"]

GET_OR_POST = ["GET", "HEAD", "POST"]
TAB = "case_family_page"


def kept(name: str, title: str, page: str, *places: str) -> DraftForm:
    """A form of a case that is kept; `places` are the names of the ids in its address."""

    def href(about: str) -> str:
        return reverse(page, kwargs=dict(zip(places, ids_in(about), strict=True)))

    return declare_form(f"family_page.{name}", title, href, shown=all_at_once(cases_shown))


def done(request: HttpRequest, page: str, sentence: str, **where: Any) -> HttpResponseRedirect:
    """Say what was done, on the page it leads to."""
    messages.success(request, sentence)
    return cast(HttpResponseRedirect, redirect(page, **where))


def case_page(request: HttpRequest, template: str, frame: CaseFrame, **more: Any) -> HttpResponse:
    """A page of a case, with its head and tabs."""
    return render(request, template, {"frame": frame, "tabs": tabs_of(frame.id, TAB), **more})


def address_with(request: HttpRequest) -> Callable[[str], str]:
    """Makes the address of a link out of its token."""
    return lambda token: request.build_absolute_uri(reverse("family_link", kwargs={"token": token}))


def back_to(case_id: UUID, page_id: UUID) -> str:
    """The page of one reader, for the team."""
    return reverse("family_page_of", args=[case_id, page_id])


def is_too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count what one internet address does in this hour. Kept by digest only, and forgotten after the hour."""
    seen = f"{settings.SECRET_KEY}{address_of(request)}{viewer_of(request).at:%Y%m%d%H}"
    key = f"family-{what}-{hashlib.sha256(seen.encode()).hexdigest()}"
    cache.add(key, 0, timeout=3600)
    return bool(cache.incr(key) > most)
