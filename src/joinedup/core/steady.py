"""Answers whose time tells nothing: a page that searches is never answered sooner than a set moment, so that finding
nobody, finding somebody and coming upon somebody restricted take the same time to whoever waits."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
# Above what a search takes at 50,000 people (docs/measurements/person-search.md); a person does not notice it.
SOONEST = 0.08


@contextmanager
def steadily() -> Iterator[None]:
    """What is done in here takes at least `SOONEST` seconds, whatever it comes to; the wait costs no processor time."""
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, began + SOONEST - time.monotonic()))


def answered_steadily(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorate a view that searches. Whatever it comes to, also an error, a POST is answered no sooner than `SOONEST`
    seconds after it came."""

    @functools.wraps(view)
    def steady(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with steadily() if request.method == "POST" else nullcontext():
            return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", steady)
