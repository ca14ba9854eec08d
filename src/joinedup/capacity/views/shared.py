"""What the pages of capacity have in common: their sections, and the page that asks one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.capacity.codes import ILLUSTRATION
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.forms import Form

__all__ = ["attempt", "posted", "pressed"]

GET_OR_POST = ["GET", "HEAD", "POST"]
SECTIONS: tuple[tuple[str, str], ...] = (
    ("How cases flow", "flow_map"),
    ("What if", "what_if"),
    ("Scenarios", "scenarios"),
    ("Testing phases", "testing_phases"),
    ("Readings", "flow_readings"),
)


def show(request: HttpRequest, template: str, *, here: str = "", **page: Any) -> HttpResponse:
    """A page of this part; with `here`, the name of a section’s address, it carries the sections."""
    if here:
        page["sections"] = [{"text": text, "href": reverse(name), "active": name == here} for text, name in SECTIONS]
    return render(request, template, {"illustration": ILLUSTRATION, **page})


def asked(
    request: HttpRequest,
    form: Form,
    call: Callable[[], object],
    *,
    done: str,
    then: str | Callable[[], str],
    desk: Desk | None = None,
    **page: Any,
) -> HttpResponse:
    """A page that asks and then does one thing: shown, shown again with what is wrong, or done and on to `then`."""
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: (call(),)) is not None:
        if desk is not None:
            desk.done()
        messages.success(request, done)
        return redirect(then() if callable(then) else then)
    return show(request, "core/question.jinja", form=form, desk=desk, **page)
