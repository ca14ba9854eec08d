"""What every page that asks something does with the answer: read it, make the one call, and say what was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from joinedup.core.errors import NotPermitted, NotVisible, Refused

Result = TypeVar("Result")


class Asks(Protocol):
    """A form, or several on one page, that can show what was refused."""

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal where the person can mend it."""


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form sent; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def attempt(form: Asks, call: Callable[[], Result]) -> Result | None:
    """Make one call; a refusal a person can mend is shown on the form, and None comes back."""
    try:
        return call()
    except (NotVisible, NotPermitted):
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return None


def pressed(request: HttpRequest, call: Callable[[], object], done: str, then: str) -> HttpResponse:
    """A button without a form of its own: do it and go on; a refusal has its sentence and the way back."""
    try:
        call()
    except Refused as refusal:
        if refusal.status != 409:
            raise
        context = {"sentence": refusal.sentence, "rule": refusal.rule, "extra": refusal.extra, "back_href": then}
        return render(request, "core/refused.jinja", context, status=refusal.status)
    messages.success(request, done)
    return redirect(then)
