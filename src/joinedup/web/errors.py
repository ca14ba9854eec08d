"""Pages for what goes wrong before a view is reached."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that had been open too long, or from another site."""
    sentence = "This page had been open too long to send safely. Go back, reload it and send it again."
    return render(request, "403.html", {"sentence": sentence}, status=403)
