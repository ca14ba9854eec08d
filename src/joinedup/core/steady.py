"""Answers whose time tells nothing: a page that searches is never answered sooner than a set moment, so that finding
nobody, finding somebody and coming upon somebody restricted take the same time to whoever waits."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
# Above what a search takes at 50,000 people (docs/measurements/person-search.md); a person does not notice it.
SOONEST = 0.08


def answered_steadily(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorate a view that searches. Whatever it comes to, also an error, a POST is answered no sooner than `SOONEST`
    seconds after it came; the wait costs no processor time."""

    @functools.wraps(view)
    def steady(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        began = time.monotonic()
        try:
            return view(request, *args, **kwargs)
        finally:
            if request.method == "POST":
                time.sleep(max(0.0, began + SOONEST - time.monotonic()))

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", steady)
