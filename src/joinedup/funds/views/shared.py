"""What the views of shared money have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.core.asking import attempt, posted, pressed
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.core.forms import Form, Option
from joinedup.funds.pounds import in_pounds

__all__ = ["attempt", "posted", "pressed"]

GET_OR_POST = ["GET", "HEAD", "POST"]


def show(request: HttpRequest, template: str, **page: Any) -> HttpResponse:
    """A page with money on it, whose figures open to what they are made of."""
    return render(request, template, {"pounds": in_pounds, "behind": behind, **page})


def behind(fund_id: UUID, /, **said: object) -> str:
    """Where the lines behind a figure of a fund are listed."""
    told = {
        name: "yes" if value is True else str(value) for name, value in said.items() if value not in (None, "", False)
    }
    return f"{reverse('fund_ledger_lines', args=[fund_id])}?{urlencode(told)}"


def asked(
    request: HttpRequest,
    form: Form,
    call: Callable[[], object],
    *,
    done: str,
    then: str | Callable[[], str],
    desk: Desk | None = None,
    template: str = "core/question.jinja",
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


def whole(text: object) -> int:
    """A version as a hidden field sends it; nought for anything else."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else 0


def chosen(rows: Iterable[Any], key: object) -> Any:
    """The record somebody chose, or None."""
    return next((each for each in rows if str(each.pk) == str(key or "")), None)


def uuid_or_missing(text: str) -> UUID:
    """An id from a form that offered it."""
    try:
        return UUID(text)
    except ValueError:
        raise NotVisible from None
