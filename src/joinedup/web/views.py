"""Home, sign-in as an invented person, and the pages that explain the service."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from joinedup.access.fresh import record_sign_in
from joinedup.access.grounds import person_grounds
from joinedup.access.middleware import ViewerRequest
from joinedup.access.navigation import entries_for
from joinedup.access.permissions import declared_permissions
from joinedup.access.roles import Role
from joinedup.access.services import sign_in_demo_person
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import demo_people
from joinedup.web.home import home_of

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
def home(request: ViewerRequest) -> HttpResponse:
    """What needs the viewer now; for a visitor two doors."""
    if not request.viewer.is_signed_in:
        return render(request, "web/welcome.jinja")
    return render(request, "web/home.jinja", {"home": home_of(request.viewer, request.GET.get("as", ""))})


@login_required
@require_GET
def all_pages(request: ViewerRequest) -> HttpResponse:
    """Every list the viewer may open: where "More" leads, for whoever may use more than one line holds."""
    entries = [(entry.text, reverse(entry.url_name)) for entry in entries_for(request.viewer)]
    return render(request, "web/all_pages.jinja", {"entries": entries})


@require_GET
def demo_people_page(request: ViewerRequest) -> HttpResponse:
    """Become another invented person, without signing out first."""
    if not settings.DEMO:
        raise NotVisible()
    return render(request, "web/demo_people.jinja", {"demo_people": demo_people(request.viewer)})


@require_POST
def demo_sign_in(request: ViewerRequest) -> HttpResponse:
    """Sign in as an invented person. The address exists in the demonstration only, and the service looks again."""
    try:
        account_id = UUID(request.POST.get("account", ""))
    except ValueError as error:
        raise NotVisible() from error
    account = sign_in_demo_person(account_id=account_id, by=request.viewer, at=request.viewer.at)
    login(request, account, backend=_BACKEND)
    record_sign_in(request, account, "demo")
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "web/accessibility.jinja")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice, in plain words."""
    return render(request, "web/privacy.jinja")


@require_GET
def who_can_do_what(request: HttpRequest) -> HttpResponse:
    """Roles, permissions and grounds, as they are declared in the code."""
    context = {"roles": list(Role), "permissions": declared_permissions(), "grounds": person_grounds()}
    return render(request, "web/who_can_do_what.jinja", context)


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 once the program can do its job, which needs the database; 503 while it cannot."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "the database cannot be reached"}, status=503)
    return JsonResponse({"status": "ok"})
