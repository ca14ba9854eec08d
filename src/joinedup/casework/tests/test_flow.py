"""What case work counts for the forecasts of shared money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joinedup.access.actor import system
from joinedup.casework.queries.flow import children_helped_on, open_cases_on
from joinedup.casework.tests.factories import make_case
from joinedup.funds.case_flow import measure
from joinedup.organisations.tests.factories import AT, make_team

pytestmark = pytest.mark.django_db


def test_open_cases_and_their_children_are_counted_by_day() -> None:
    by, today = system(AT), AT.date()
    make_case(team=make_team())
    days = [today - timedelta(days=400), today]
    assert open_cases_on(by, days) == [0, 1]
    (before, now) = children_helped_on(by, days)
    assert before == 0
    assert now >= 1
    known = measure("casework.open_cases")
    assert known is not None
    assert list(known.count(by, days)) == [0, 1]
