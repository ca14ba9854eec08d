"""The whole loop in numbers: each is what a fresh count finds, small ones are kept back, and everybody reads the evidence."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import product
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from joinedup.access.roles import Role
from joinedup.casework.tests.factories import make_case
from joinedup.chronology.models import Event
from joinedup.core.formats import LONDON
from joinedup.engines.periods import financial_year
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.web.loop import STEPS, YEAR, Period, loop_page, numbers_of, station_page
from tests.support.statements import statements_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.parametrize("months", [*product((0, 3, 9), repeat=4), (1, 1, 1, 40), (5, 0, 0, 0)])
def test_a_small_month_is_neither_shown_nor_worked_out(months: tuple[int, ...]) -> None:
    """Of a quarter that is shown, no small month is the only one hidden; nought and what is large enough is said."""
    numbers = numbers_of((*months, *(20,) * 8), 6)
    for n in range(1, 13):
        count = numbers.counts[("month", n)]
        assert (numbers.shown(("month", n)) is None) or not 0 < count < 6
    for quarter in range(1, 5):
        parts = [("month", n) for n in range(quarter * 3 - 2, quarter * 3 + 1)]
        hidden = [part for part in parts if numbers.shown(part) is None]
        if numbers.shown(("quarter", quarter)) is not None:
            assert len(hidden) != 1
    assert numbers_of((20,) * 12, 6).words(YEAR) == "240"


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period(2026, 0), "2026-04-01", "2027-03-31"),
        (Period(2026, 1), "2026-04-01", "2026-06-30"),
        (Period(2026, 4), "2027-01-01", "2027-03-31"),
        (Period(2026, 1).before, "2026-01-01", "2026-03-31"),
    ],
)
def test_a_period_is_whole_months_of_the_financial_year(period: Period, first: str, last: str) -> None:
    assert (str(period.starts_on), str(period.ends_on)) == (first, last)


@pytest.mark.django_db
def test_the_numbers_are_those_of_a_fresh_count_and_take_as_many_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.access.middleware.timezone", SimpleNamespace(now=lambda: AT))
    account, post = make_post(role=Role.TEAM_MANAGER, team=make_team(code="NT", name="North team"))
    _, leads = make_post(role=Role.KEY_WORKER, team=post.team)
    director, _ = make_post(role=Role.DIRECTOR)
    period = Period(financial_year(AT.date()).starts_on.year, 0)
    client = Client()
    client.force_login(director, backend=BACKEND)

    def opened() -> tuple[int, str]:
        client.get("/loop/")
        with CaptureQueriesContext(connection) as ran:
            page = client.get("/loop/").content.decode()
        return statements_of(ran), page

    few, _ = opened()
    for n in range(9):
        make_case(team=post.team, lead=leads, at=AT - timedelta(minutes=n + 1))
    many, page = opened()
    assert few == many <= 24, (few, many)
    since = datetime(period.year, 4, 1, tzinfo=LONDON)
    found = {each.key: each for each in loop_page(actor_of(director), period).stations}
    for step in STEPS:
        number = Event.objects.filter(kind=step.kind, at__gte=since, at__lte=AT + timedelta(days=1)).count()
        said = found[step.key].headline
        assert said == f"{number:,}" or 0 < number < 6, (step.key, said, number)
    assert re.findall(r'href="/loop/(\w+)/\?year=', page)
    for key in found:
        assert client.get(f"/loop/{key}/").status_code == 200
    assert client.get("/loop/nothing/").status_code == 404
    # Whoever may open cases sees those they may open; a director sees numbers alone.
    assert station_page(actor_of(account), "lead", period).has_cases
    assert not station_page(actor_of(director), "lead", period).has_cases
    worker, _ = make_post(role=Role.KEY_WORKER)
    client.force_login(worker, backend=BACKEND)
    assert client.get("/loop/").status_code == 403
