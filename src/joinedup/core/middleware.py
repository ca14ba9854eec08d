"""Two small middlewares: nothing sensitive is cached, and a refusal becomes a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from joinedup.core.errors import NotPermitted, NotVisible, Refused


class NothingSensitiveCached:
    """Every page is `no-store` and closed to other sites (ASVS 14.3.2); fingerprinted static files keep theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefusalsBecomePages:
    """A `Refused` that no form caught is shown as a page with its sentence and the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Handle one request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only the family of `Refused`; a bug stays a bug."""
        if isinstance(exception, NotVisible):
            return render(request, "404.html", {"sentence": exception.sentence}, status=404)
        if isinstance(exception, NotPermitted):
            return render(request, "403.html", {"sentence": exception.sentence}, status=403)
        if isinstance(exception, Refused):
            context = {"sentence": exception.sentence, "rule": exception.rule, "extra": exception.extra}
            return render(request, "core/refused.jinja", context, status=exception.status)
        return None
