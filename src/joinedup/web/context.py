"""What every page carries: the viewer, the navigation, the name of the partnership, and what to do in danger."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from joinedup.access import sign_on
from joinedup.access.actor import Actor, public
from joinedup.access.navigation import entries_for
from joinedup.core.emergency import emergency
from joinedup.core.partnership import partnership_name
from joinedup.organisations.queries import demo_people
from joinedup.person_index.queries import SESSION_KEY, open_record


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. Navigation holds only what the viewer may use; nothing here reads a child's record."""
    viewer = getattr(request, "viewer", None) or public(timezone.now())
    on = timezone.localdate(viewer.at)
    here = request.path
    context = {
        "viewer": viewer,
        "navigation": _navigation(viewer, here),
        "service_name": "Joinedup",
        "partnership_name": partnership_name(on),
        "demo": settings.DEMO,
        "printed_at": viewer.at,
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "emergency": emergency(on=on),
        "opened": _opened(request, viewer),
    }
    if here == reverse(settings.LOGIN_URL):
        only = bool(sign_on.button()) and settings.OIDC_ONLY
        context |= {"sso": sign_on.button(), "sso_only": only}
        context["passwords"] = not only or bool(settings.OIDC_PASSWORD_FOR)
        context["demo_people"] = demo_people(viewer) if settings.DEMO else []
    return context


# As many as stand in one line on a laptop's screen; whoever may use more finds them all one step away.
_IN_ONE_LINE = 8


def _navigation(viewer: Actor, here: str) -> list[dict[str, Any]]:
    """What the viewer may use, in order. Where that is more than one line holds, the last place leads to all of it, and
    the page that is open keeps a place of its own."""
    entries = entries_for(viewer)
    items = [{"text": entry.text, "href": reverse(entry.url_name), "active": False} for entry in entries]
    for item in items:
        item["active"] = _is_here(here, str(item["href"]))
    if len(items) <= _IN_ONE_LINE:
        return items
    first = items[: _IN_ONE_LINE - 1]
    open_now = [item for item in items[_IN_ONE_LINE - 1 :] if item["active"]]
    if open_now:
        first = [*first[:-1], open_now[0]]
    all_pages = reverse("all_pages")
    return [*first, {"text": "More", "href": all_pages, "active": here == all_pages}]


def _opened(request: HttpRequest, viewer: Actor) -> dict[str, Any] | None:
    """The record the viewer has open in an emergency, for the banner. Only a session that opened one is asked."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session or not viewer.is_signed_in:
        return None
    found = open_record(viewer)
    if found is None:
        return None
    return {
        "ends_at": found.ends_at,
        "minutes_left": found.minutes_left,
        "href": reverse("person", kwargs={"person_id": found.person_id}),
        "end_href": reverse("break_glass_end", kwargs={"emergency_id": found.id}),
    }


def _is_here(here: str, href: str) -> bool:
    return here == href if href == "/" else here.startswith(href)
