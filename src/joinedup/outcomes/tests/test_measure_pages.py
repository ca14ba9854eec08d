"""Pages of the measures of plans: added, chosen from, ended, by those who keep them."""

from __future__ import annotations

import pytest

from joinedup.access.roles import Role
from joinedup.casework.tests.test_views import Visitor, words
from joinedup.organisations.tests.factories import make_post
from joinedup.outcomes.models import Measure

pytestmark = pytest.mark.django_db
SAID = {"name": "Tea together", "question": "How often?", "code": "tea", "unit": "days a week", "direction": "up",
        "least": "0", "most": "7", "places": "0"}  # fmt: skip


def test_a_measure_is_added_and_ended_by_those_who_keep_them() -> None:
    keeper = Visitor(make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard")[0])
    worker = Visitor(make_post(name="Amira Testerly")[0])
    assert worker.open("plan_measures").status_code == worker.open("plan_measure_new").status_code == 403
    wrong = keeper.send("plan_measure_new", {**SAID, "most": "0"})
    assert "must be less than the highest" in words(wrong)
    assert keeper.send("plan_measure_new", SAID).status_code == 302
    made = Measure.objects.get(code="TEA")
    assert (made.least, made.most, made.direction, made.unit) == (0, 7, "up", "days a week")
    assert "already" in words(keeper.send("plan_measure_new", SAID))
    assert "Tea together TEA How often? days a week from 0 to 7 more" in words(keeper.open("plan_measures"))
    assert worker.send("plan_measure_end", {}, plan_measure_id=made.pk).status_code == 403
    assert keeper.send("plan_measure_end", {}, plan_measure_id=made.pk).status_code == 302
    assert "Tea together" not in words(keeper.open("plan_measures"))
    assert "ended already" in words(keeper.send("plan_measure_end", {}, plan_measure_id=made.pk))
