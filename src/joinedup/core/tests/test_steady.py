"""A page that searches takes its time, whatever it found."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from joinedup.core import steady


class Clock:
    """Time that passes only when somebody works or sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += seconds


@pytest.mark.parametrize(
    ("works_for", "took"), [(0.0, steady.SOONEST), (0.03, steady.SOONEST), (steady.SOONEST * 2, steady.SOONEST * 2)]
)
@pytest.mark.parametrize("fails", [False, True])
def test_a_post_is_never_answered_sooner(monkeypatch: Any, works_for: float, took: float, fails: bool) -> None:
    clock = Clock()
    monkeypatch.setattr(steady, "time", clock)

    @steady.answered_steadily
    def view(request: HttpRequest) -> HttpResponse:
        clock.now += works_for
        if fails:
            raise ValueError
        return HttpResponse("found")

    request = HttpRequest()
    request.method = "POST"
    try:
        view(request)
    except ValueError:
        assert fails
    assert clock.now - 100.0 == pytest.approx(took)


def test_reading_a_page_does_not_wait(monkeypatch: Any) -> None:
    clock = Clock()
    monkeypatch.setattr(steady, "time", clock)
    request = HttpRequest()
    request.method = "GET"
    steady.answered_steadily(lambda asked: HttpResponse("form"))(request)
    assert clock.slept == 0.0
