"""Training: recorded by managers of others, current between its days, taken back with a reason; its pages."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.workforce import queries, services
from joinedup.workforce.codes import Course
from joinedup.workforce.models import Training
from joinedup.workforce.rules import is_current, months_after
from joinedup.workforce.tests.factories import make_training

pytestmark = pytest.mark.django_db
_NOW = "joinedup.access.middleware.timezone.now"


@pytest.fixture
def held() -> dict[str, Account]:
    team = make_team(code="NT", name="North team")
    return {
        "manager": make_post(role=Role.TEAM_MANAGER, team=team, name="Nia Testnorth")[0],
        "amira": make_post(role=Role.KEY_WORKER, team=team, name="Amira Testerly")[0],
    }


def test_it_counts_from_the_course_to_its_last_day(held: dict[str, Account]) -> None:
    row = make_training(held["amira"], days_ago=0)
    assert row.valid_until == date(2029, 11, 18)
    manager = actor_of(held["manager"], AT)
    for days, counts in ((0, True), (-1, False), (1096, True), (1097, False)):
        on = AT.date() + timedelta(days=days)
        assert queries.is_trained(manager, held["amira"].pk, Course.COMMON_ASSESSMENT, on) is counts, days
    assert not queries.is_trained(manager, held["amira"].pk, Course.LEAD_PROFESSIONAL, AT.date())
    assert not queries.is_trained(manager, None, Course.COMMON_ASSESSMENT, AT.date())
    assert make_training(held["amira"], days_ago=0).pk == row.pk


def test_a_manager_records_it_of_others_only(held: dict[str, Account]) -> None:
    told = {
        "course": "common_assessment", "trainer": "Robin Testtrainer", "completed_on": AT.date(), "at": AT,
    }  # fmt: skip
    manager, worker = actor_of(held["manager"], AT), actor_of(held["amira"], AT)
    with pytest.raises(NotPermitted):
        services.record_training(account_id=held["amira"].pk, by=worker, **told)
    with pytest.raises(Refused) as own:
        services.record_training(account_id=held["manager"].pk, by=manager, **told)
    assert own.value.rule == "WF-5"
    services.record_training(account_id=held["amira"].pk, by=manager, **told)
    assert Training.objects.get().recorded_by == held["manager"].pk


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"course": "swimming"}, "WF-1"),
        ({"completed_on": AT.date() + timedelta(days=1)}, "WF-2"),
        ({"valid_until": AT.date() - timedelta(days=1)}, "WF-3"),
        ({"trainer": " "}, "WF-4"),
    ],
)
def test_what_is_refused(held: dict[str, Account], change: dict[str, object], rule: str) -> None:
    told = {"course": "common_assessment", "trainer": "Robin", "completed_on": AT.date(), **change}
    with pytest.raises(Refused) as refused:
        services.record_training(account_id=held["amira"].pk, by=actor_of(held["manager"], AT), at=AT, **told)  # type: ignore[arg-type]
    assert refused.value.rule == rule
    assert not Training.objects.exists()


def test_a_record_taken_back_counts_no_more_and_stays_to_be_read(held: dict[str, Account]) -> None:
    row = make_training(held["amira"])
    manager = actor_of(held["manager"], AT)
    with pytest.raises(Refused) as unsaid:
        services.take_back_training(training=row, reason=" ", version=1, by=manager, at=AT)
    assert unsaid.value.rule == "WF-7"
    services.take_back_training(training=row, reason="Somebody else’s.", version=1, by=manager, at=AT)
    assert not queries.is_trained(manager, held["amira"].pk, Course.COMMON_ASSESSMENT, AT.date())
    assert [each.state for each in queries.training_page(manager).rows] == ["taken_back"]


def _client(account: Account) -> Client:
    client = Client()
    with patch(_NOW, return_value=AT):
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_pages(held: dict[str, Account]) -> None:
    manager = _client(held["manager"])
    told = {
        "account": str(held["amira"].pk), "course": "common_assessment", "trainer": "Robin Testtrainer",
        "completed_on-day": "1", "completed_on-month": "11", "completed_on-year": "2026",
    }  # fmt: skip
    with patch(_NOW, return_value=AT):
        assert "Nobody’s training is recorded yet" in manager.get(reverse("training"), secure=True).content.decode()
        assert manager.get(reverse("training_add"), secure=True).status_code == 200
        assert manager.post(reverse("training_add"), told, secure=True).status_code == 302
        page = manager.get(reverse("training"), secure=True).content.decode()
        row = Training.objects.get()
        back = reverse("training_take_back", args=[row.pk])
        assert manager.get(back, secure=True).status_code == 200
        assert manager.post(back, {"version": "1", "reason": "Wrong."}, secure=True).status_code == 302
        assert _client(held["amira"]).get(reverse("training"), secure=True).status_code == 403
    assert "Amira Testerly" in page
    row.refresh_from_db()
    assert row.taken_back_reason == "Wrong."


def test_a_page_at_a_time(held: dict[str, Account]) -> None:
    for days in range(5):
        make_training(held["amira"], days_ago=days)
    manager = actor_of(held["manager"], AT)
    first = queries.training_page(manager, size=3)
    second = queries.training_page(manager, first.next_cursor, size=3)
    assert (len(first.rows), len(second.rows), second.next_cursor) == (3, 2, "")
    assert first.rows[-1].valid_until <= second.rows[0].valid_until


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 1, 1)), st.integers(1, 120))
def test_months_after_lands_in_the_right_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert is_current(day, later, later)
    assert not is_current(day, later, later + timedelta(days=1))
