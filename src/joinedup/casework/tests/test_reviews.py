"""A review: begun once, every outcome looked at before it is decided, and nothing asked of what was set after its day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from joinedup.casework import services
from joinedup.casework.models import Case, Plan, PlanOutcome, Review
from joinedup.casework.planning import NeedSaid, OutcomeSaid
from joinedup.casework.queries import evidence
from joinedup.casework.queries.reviews import unread_outcomes
from joinedup.casework.services import Attendance, Decision, Voice
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.outcomes.models import Measure

pytestmark = pytest.mark.django_db
TODAY, HOUR = AT.date(), timedelta(hours=1)


@pytest.fixture
def cast() -> dict[str, Any]:
    """Amira leads a family with one need, whose outcome began at 71; Ben is in another team."""
    north = make_team(name="North team")
    amira, lead = make_post(team=north, name="Amira Testerly")
    ben, _ = make_post(team=make_team(name="South team"), name="Ben Testerson")
    rowan = make_person(given_name="Rowan")
    case = make_case(team=north, family=make_family((rowan, "child")), lead=lead)
    by = actor_of(amira)
    plan = services.open_plan(case=Case.objects.get(pk=case.pk), family_words="Quiet mornings.", by=by, at=AT)
    need = services.add_need(plan=plan, said=NeedSaid("N4", "Late most days"), by=by, at=AT)
    cast = {"amira": by, "ben": actor_of(ben), "plan": plan, "need": need, "rowan": rowan}
    cast["outcome"] = _outcome(cast, on=TODAY - timedelta(days=30))
    return cast


def _outcome(cast: dict[str, Any], *, on: Any) -> PlanOutcome:
    said = OutcomeSaid(
        words=f"Rowan is at school on time, from {on}", measure_id=Measure.objects.get(code="ATTENDANCE").pk,
        value=Decimal(71), on=on, target=Decimal(92), target_on=TODAY + timedelta(days=60),
    )  # fmt: skip
    return services.add_outcome(plan=cast["plan"], need_id=cast["need"].pk, said=said, by=cast["amira"], at=AT)


def _begin(cast: dict[str, Any], *, held_on: Any = TODAY, by: str = "amira") -> Review:
    plan = Plan.objects.get(pk=cast["plan"].pk)
    child = cast["rowan"].pk
    voices = [Voice(each.pk, "said", "It is better.") for each in plan.sections.all()]
    came = Attendance(people={child: True})
    return services.begin_review(plan=plan, held_on=held_on, attendance=came, voices=voices, by=cast[by], at=AT)


def _read(cast: dict[str, Any], review: Review, outcome: PlanOutcome, value: int = 80) -> None:
    services.record_progress(
        plan=Plan.objects.get(pk=cast["plan"].pk), review=review, outcome_id=outcome.pk, value=Decimal(value), words="",
        by=cast["amira"], at=AT,
    )  # fmt: skip


def _decide(cast: dict[str, Any], review: Review, reason: str = "It works.") -> Review:
    review.refresh_from_db()
    decision = Decision("continue", reason)
    return services.decide_review(
        review=review, decision=decision, version=review.version, by=cast["amira"], at=AT + HOUR
    )  # fmt: skip


def test_a_review_is_begun_once_by_whoever_may(cast: dict[str, Any]) -> None:
    with pytest.raises(NotPermitted):
        _begin(cast, by="ben")
    assert _begin(cast).state == "begun"
    with pytest.raises(Refused) as again:
        _begin(cast)
    assert again.value.rule == "CW-332"


def test_who_leads_is_asked_of_the_family_and_counted_by_what_they_said_last(cast: dict[str, Any]) -> None:
    """A review in which nobody asked counts neither way; nobody of no families could name theirs."""
    period = {"since": TODAY - timedelta(days=30), "until": TODAY}
    plan, count = Plan.objects.get(pk=cast["plan"].pk), evidence.families_who_named_their_lead
    voices = [Voice(each.pk, "said", "It is better.") for each in plan.sections.all()]
    said: dict[str, Any] = {"plan": plan, "attendance": Attendance(people={cast["rowan"].pk: True}), "voices": voices}
    with pytest.raises(Refused) as unknown:
        services.begin_review(**said, held_on=TODAY, named_lead="perhaps", by=cast["amira"], at=AT)
    assert unknown.value.rule == "CW-351"
    services.begin_review(**said, held_on=TODAY, named_lead="yes", by=cast["amira"], at=AT)
    assert count(cast["amira"], **period) == evidence.Shared(1, 1)
    for answer, counted in (("no", (0, 1)), ("not_asked", (0, 0)), ("", (0, 0))):
        Review.objects.update(named_lead=answer)
        assert count(cast["amira"], **period) == evidence.Shared(*counted), answer
    assert count(cast["amira"], since=TODAY - timedelta(days=30), until=TODAY - timedelta(days=1)).of == 0


def test_every_outcome_is_looked_at_before_it_is_decided(cast: dict[str, Any]) -> None:
    review = _begin(cast)
    with pytest.raises(Refused) as unread:
        _decide(cast, review)
    assert unread.value.rule == "CW-336"
    assert "Rowan is at school on time" in str(unread.value)
    _read(cast, review, cast["outcome"])
    with pytest.raises(Refused):
        _decide(cast, review, reason=" ")
    decided = _decide(cast, review)
    assert decided.state == "decided"
    assert decided.next_review_on == TODAY + timedelta(weeks=6)


def test_what_was_set_after_the_day_of_the_review_does_not_hold_it_up(cast: dict[str, Any]) -> None:
    """It has no reading from before it began (OC-2), so that a review that asked for one could never be decided."""
    review = _begin(cast, held_on=TODAY - timedelta(days=1))
    later = _outcome(cast, on=TODAY)
    assert [each.pk for each in unread_outcomes(cast["amira"], review)] == [cast["outcome"].pk]
    with pytest.raises(Refused) as refusal:
        _read(cast, review, later)
    assert refusal.value.rule == "OC-2"
    _read(cast, review, cast["outcome"])
    assert _decide(cast, review).state == "decided"
