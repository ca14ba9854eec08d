"""The demo is loaded once, whole, and says whom to sign in as."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from joinedup.access.models import AuditEvent
from joinedup.casework.models import CaseNote, Meeting, Panel
from joinedup.cli.demo import load_demo, people
from joinedup.engines.periods import is_working_day
from joinedup.organisations.tests.factories import AT, make_organisation


@pytest.mark.django_db
def test_nothing_is_loaded_where_there_is_something() -> None:
    make_organisation()
    before = AuditEvent.objects.count()
    load_demo(at=AT)
    assert AuditEvent.objects.count() == before
    assert people() == []


@pytest.mark.django_db
def test_loaded_on_a_sunday_at_night_it_meets_and_visits_in_office_hours() -> None:
    at = datetime(2026, 11, 22, 1, 47, tzinfo=ZoneInfo("Europe/London"))
    load_demo(at=at)
    held = [
        *Meeting.objects.values_list("starts_at", flat=True),
        *Panel.objects.values_list("starts_at", flat=True),
        *CaseNote.objects.values_list("happened_at", flat=True),
    ]
    assert len(held) >= 8
    odd = [each for each in map(timezone.localtime, held) if not is_working_day(each.date()) or not 9 <= each.hour < 17]
    assert odd == []
