"""What the pages of boards have in common: their sections, and the page that asks one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.forms import Form, Option

__all__ = ["attempt", "posted", "pressed"]

GET_OR_POST = ["GET", "HEAD", "POST"]
SECTIONS: tuple[tuple[str, str], ...] = (
    ("Boards", "boards"),
    ("Forward plan", "forward_plan"),
    ("Action log", "board_actions"),
    ("Scrutiny", "recommendations"),
    ("Risks", "risks"),
    ("Progress", "progress_reports"),
    ("Plans", "plans"),
)


def show(request: HttpRequest, template: str, *, here: str = "", **page: Any) -> HttpResponse:
    """A page of this part; with `here`, the name of a section’s address, it carries the sections."""
    if here:
        page["sections"] = [{"text": text, "href": reverse(name), "active": name == here} for text, name in SECTIONS]
    return render(request, template, page)


def asked(
    request: HttpRequest,
    form: Form,
    call: Callable[[], object],
    *,
    done: str,
    then: str | Callable[[], str],
    desk: Desk | None = None,
    template: str = "governance/question.jinja",
    **page: Any,
) -> HttpResponse:
    """A page that asks and then does one thing: shown, shown again with what is wrong, or done and on to `then`."""
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: (call(),)) is not None:
        if desk is not None:
            desk.done()
        messages.success(request, done)
        return redirect(then() if callable(then) else then)
    return show(request, template, **{"form": form, "desk": desk, **page})


def options(pairs: Iterable[tuple[object, str]]) -> list[Option]:
    """Choices of records."""
    return [Option(str(key), words) for key, words in pairs]


def chosen(rows: Iterable[Any], key: object) -> Any:
    """The record somebody chose, or None."""
    return next((each for each in rows if str(each.pk) == str(key or "")), None)


def whole(text: object) -> int:
    """A version as a hidden field sends it; nought for anything else."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else 0
