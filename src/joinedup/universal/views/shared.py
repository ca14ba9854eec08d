"""What the pages of this part have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from joinedup.access.middleware import viewer_of as viewer_of  # handed on to the views of this part
from joinedup.core.asking import attempt
from joinedup.core.forms import Option

__all__ = ["attempt"]

GET_OR_POST = ["GET", "HEAD", "POST"]


def done(request: HttpRequest, page: str, sentence: str, **where: Any) -> HttpResponse:
    """Say what was done, on the page it leads to."""
    messages.success(request, sentence)
    return cast(HttpResponse, redirect(page, **where))


def whole(text: object) -> int | None:
    """A number as a plain field sends it; None for anything else."""
    plain = str(text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 8 else None


def options(pairs: Iterable[tuple[UUID, str]]) -> list[Option]:
    """Choices of records."""
    return [Option(str(key), words) for key, words in pairs]


def day_of(text: str) -> date | None:
    """A day in an address, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
