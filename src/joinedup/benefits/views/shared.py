"""What the pages of programmes have in common: the sub-navigation of a programme, and the page that asks one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.benefits.pounds import in_pounds, in_short, in_whole
from joinedup.benefits.queries.parameters import parameters_of_programme
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.forms import Form, Option

__all__ = ["attempt", "posted", "pressed"]

GET_OR_POST = ["GET", "HEAD", "POST"]

# The sub-navigation of a programme: what a section is called and the name of its address, which takes `programme_id`.
# Whoever adds a section adds one line here, in the order a person reads them.
SECTIONS: tuple[tuple[str, str], ...] = (
    ("Overview", "programme"),
    ("Overlap", "programme_overlap"),
    ("Delivery", "programme_delivery"),
    ("Business cases", "business_cases"),
    ("Activity", "programme_activity"),
    ("Benefits", "benefits_of_programme"),
    ("Investment agreement", "investment"),
    ("Directors’ pack", "directors_pack"),
)  # fmt: skip


# Sections whose pages show results of business cases: beneath stand the tables of parameters they rest on.
_WITH_RESULTS = frozenset({"programme", "business_cases", "benefits_of_programme", "investment", "directors_pack"})


def sections_of(programme_id: object, here: str) -> list[dict[str, object]]:
    """The sections of a programme for `sub_navigation`; `here` is the name of the section one is in."""
    return [
        {"text": text, "href": reverse(page, args=[programme_id]), "active": page == here} for text, page in SECTIONS
    ]


def show(request: HttpRequest, template: str, *, programme: Any = None, here: str = "", **page: Any) -> HttpResponse:
    """A page of this part. With a `programme` (its id, title and is_illustration) it carries the programme's
    sub-navigation and stamp: its template extends `benefits/programme_page.jinja`."""
    found: dict[str, Any] = {"pounds": in_pounds, "short_pounds": in_short, "whole_pounds": in_whole, **page}
    if programme is not None:
        found |= {"programme": programme, "sections": sections_of(programme.id, here)}
        if here in _WITH_RESULTS and not page.get(
            "has_own_parameters"
        ):  # asked for by `benefits/parameters.jinja`, where a page shows results
            found["parameters_of"] = partial(parameters_of_programme, viewer_of(request), programme.id)
    return render(request, template, found)


def asked(
    request: HttpRequest,
    form: Form,
    call: Callable[[], object],
    *,
    done: str,
    then: str | Callable[[], str],
    desk: Desk | None = None,
    template: str = "benefits/question.jinja",
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
