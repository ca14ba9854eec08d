"""The daily run: what fell due is called, what is overdue is reminded of, the pool manager hears what is late, and twice is once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.models import OutboxMessage, new_id
from joinedup.core.models.jobs import Job
from joinedup.core.running import RunningJob
from joinedup.funds import services
from joinedup.funds.models import Entry, FundDay, Instalment
from joinedup.funds.queries.due import due_for
from joinedup.funds.services.daily import DAY, look_after_funds
from joinedup.funds.tests.factories import YEAR, Shared, make_open, make_person
from joinedup.funds.tests.visiting import Visitor

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
SPRING = datetime(YEAR, 4, 1, 6, 0, tzinfo=LONDON)


@pytest.fixture
def shared() -> Shared:
    return make_open(at=datetime(YEAR, 3, 20, 10, 0, tzinfo=LONDON))


def run(shared: Shared, at: datetime) -> FundDay:
    assert shared.fund is not None
    return services.run_fund_day(fund=shared.fund, by=system(at), at=at)


def test_what_falls_due_is_called_once_however_often_the_day_is_run(shared: Shared) -> None:
    first = run(shared, SPRING)
    entries = Entry.objects.count()
    assert (first.called, first.reminded, first.late) == (2, 0, [])
    assert run(shared, SPRING + timedelta(hours=9)) == first
    assert (Entry.objects.count(), FundDay.objects.count(), OutboxMessage.objects.count()) == (entries, 1, 0)
    assert run(shared, SPRING + timedelta(days=1)).called == 0


def test_partners_are_reminded_once_and_the_pool_manager_hears_what_has_become_late(shared: Shared) -> None:
    run(shared, SPRING)
    late = SPRING + timedelta(days=31)  # thirty days to pay
    day = run(shared, late)
    assert day.reminded == 2
    assert [each["what"].partition(" owes ")[2] for each in day.late] == [
        "£5,000,000 of instalment 1",
        "£2,000,000 of instalment 1",
    ]
    subjects = sorted(OutboxMessage.objects.values_list("subject", flat=True))
    assert subjects == [*["Commissioning pool: contribution overdue"] * 4, "Commissioning pool: late"]
    run(shared, late + timedelta(hours=1))
    following = run(shared, late + timedelta(days=1))
    assert (following.reminded, len(following.late)) == (0, 2)
    assert OutboxMessage.objects.count() == 5  # still late, and not told again
    month = run(shared, SPRING + timedelta(days=50))  # April should be closed by now
    assert [each["what"] for each in month.late][-1] == "Close April 2026"
    assert OutboxMessage.objects.filter(subject="Commissioning pool: late").count() == 2


def test_the_keeper_asks_for_the_day_once_and_not_at_night(shared: Shared) -> None:
    look_after_funds(at=SPRING - timedelta(hours=3))
    assert Job.objects.count() == 0
    look_after_funds(at=SPRING)
    look_after_funds(at=SPRING + timedelta(minutes=10))
    assert list(Job.objects.values_list("kind", flat=True)) == [DAY.name]
    run(shared, SPRING + timedelta(days=1))
    look_after_funds(at=SPRING + timedelta(days=1, hours=1))
    assert Job.objects.count() == 1  # somebody has looked after every fund today
    look_after_funds(at=SPRING + timedelta(days=2))
    assert Job.objects.count() == 2


def test_the_job_looks_after_every_fund(shared: Shared) -> None:
    running = RunningJob(new_id(), system(SPRING), SPRING)
    result = DAY.function(running)
    assert result is not None
    assert result.words == "2 instalments fell due, 0 reminders written, 0 things are late."
    assert Instalment.objects.filter(entry_id__isnull=False).count() == 2
    again = DAY.function(running)
    assert again == result
    assert FundDay.objects.count() == 1


def test_the_list_of_what_is_due_is_each_ones_own(shared: Shared) -> None:
    run(shared, SPRING)
    at = datetime(YEAR, 7, 25, 10, 0, tzinfo=LONDON)
    from dataclasses import replace

    manager = replace(shared.pool_manager, at=at)  # type: ignore[type-var]
    said = [each.what for each in due_for(manager)]
    assert "Report on quarter 1 of 2026/27" in said
    assert "Close April 2026" in said
    assert not any(each.startswith("Agree or dispute") for each in said)
    director = replace(shared.directors["nhs"], at=at)
    assert [each.what for each in due_for(director)] == [
        "Agree or dispute the balances of quarter 1 for Exampleshire Integrated Care Board"
    ]
    outsider = make_person(Role.KEY_WORKER, shared.council, "Amira Testerly")
    assert due_for(outsider) == []
    page = Visitor(shared.pool_manager, at=at).see("fund_due")  # type: ignore[arg-type]
    assert "Report on quarter 1" in page
    assert "overdue" in page
    assert Visitor(outsider).see("fund_due", status=403)
