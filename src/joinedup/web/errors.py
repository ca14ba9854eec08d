"""Pages for what goes wrong before a view is reached, or in it. The API's addresses get JSON."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from joinedup.core.emergency import emergency


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that had been open too long, or from another site."""
    return _page(request, HTTPStatus.FORBIDDEN, "403_csrf.html", "This page was open for too long.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be understood."""
    return _page(request, HTTPStatus.BAD_REQUEST, "400.html", "The request could not be understood.")


def not_permitted(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own refusal; ours carry their sentence and never come here."""
    return _page(request, HTTPStatus.FORBIDDEN, "403.html", "You may not do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    return _page(request, HTTPStatus.NOT_FOUND, "404.html", "There is nothing at this address for you.")


def fault(request: HttpRequest) -> HttpResponse:
    """A bug, or the database is away. Neither may ask the database for anything to say so."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _bare(request, HTTPStatus.SERVICE_UNAVAILABLE, "503.html", "Joinedup is not available at the moment.")
    return _bare(request, HTTPStatus.INTERNAL_SERVER_ERROR, "500.html", "Something went wrong here.")


def _bare(request: HttpRequest, status: HTTPStatus, template: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"message": message, "rule": f"http:{status.value}", "extra": {}}, status=status)
    context = {"emergency": emergency(on=None), "csp_nonce": getattr(request, "csp_nonce", "")}
    return HttpResponse(render_to_string(template, context), status=status)


def _page(request: HttpRequest, status: HTTPStatus, template: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"message": message, "rule": f"http:{status.value}", "extra": {}}, status=status)
    return render(request, template, status=status)
