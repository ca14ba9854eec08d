"""What the views of information sharing have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.core.asking import attempt, posted
from joinedup.core.desk import Desk
from joinedup.core.errors import Refused
from joinedup.core.forms import Form

__all__ = ["attempt", "posted"]

GET_OR_POST = ["GET", "HEAD", "POST"]


def asked(
    request: HttpRequest,
    form: Form,
    call: Callable[[], object],
    *,
    done: str | Callable[[], str],
    then: str | Callable[[], str],
    desk: Desk | None = None,
    template: str = "core/question.jinja",
    **page: Any,
) -> HttpResponse:
    """A page that asks and then does one thing: shown, shown again with what is wrong, or done and on to `then`. What
    can only be said once it is done may be a function. `page` is what the template shows beside the form."""
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: (call(),)) is not None:
        if desk is not None:
            desk.done()
        said = done() if callable(done) else done
        if said:
            messages.success(request, said)
        return redirect(then() if callable(then) else then)
    return render(request, template, {"form": form, "desk": desk, **page})


def pressed(request: HttpRequest, call: Callable[[], object], done: str, then: str) -> HttpResponse:
    """A button without a form of its own: do it and go on; a refusal has its sentence and the way back."""
    try:
        call()
    except Refused as refusal:
        if refusal.status != 409:
            raise
        context = {"sentence": refusal.sentence, "rule": refusal.rule, "extra": refusal.extra, "back_href": then}
        return render(request, "core/refused.jinja", context, status=refusal.status)
    if done:
        messages.success(request, done)
    return redirect(then)
