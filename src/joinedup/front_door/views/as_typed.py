"""Results while somebody types: the page's own form, sent in the background. Without a script there is a button."""

from __future__ import annotations

import re
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from joinedup.core.pace import is_too_fast
from joinedup.front_door.views.shared import viewer_of

_NAME = re.compile(r"[0-9a-f]{32}")
_TOO_FAST = 429


def is_typing(request: HttpRequest) -> bool:
    """Whether the page's script asks, not a person who pressed the button."""
    return request.method == "POST" and request.headers.get("X-Requested-With") == "XMLHttpRequest"


def new_form() -> str:
    """A name for a form about to be shown, by which its live results are audited."""
    return uuid4().hex


def form_of(request: HttpRequest) -> str:
    """The name the page gave its form; blank for anything else, so that nothing somebody made up is kept."""
    found = request.POST.get("form", "")
    return found if _NAME.fullmatch(found) else ""


def too_fast(request: HttpRequest) -> HttpResponse | None:
    """What to answer instead where one account asks for more live results than anybody types for."""
    viewer = viewer_of(request)
    minute, most = int(viewer.at.timestamp()) // 60, settings.LIVE_SEARCHES_PER_MINUTE
    if not is_too_fast("as-typed", viewer.account_id, minute=minute, most=most):
        return None
    return HttpResponse("Too many searches in a minute. Press the search button.", status=_TOO_FAST)
