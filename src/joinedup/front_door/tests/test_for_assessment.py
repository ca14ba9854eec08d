"""An assessment begins with what the referral said: limits that fail the build, and what must not travel with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from joinedup.casework.assessing import newest_spec, share_known
from joinedup.casework.models import AssessmentSection, Case
from joinedup.casework.services import name_lead_professional, start_assessment
from joinedup.front_door import services
from joinedup.front_door.codes import Channel
from joinedup.front_door.intake import NewContactPerson
from joinedup.front_door.models import ReferralPerson
from joinedup.front_door.tests.factories import CHILD, PARENT, Partnership, decided, make_partnership
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db

_LEAST = 0.6  # of the questions about the family's situation
_CHILD = replace(CHILD, birth_date=date(2016, 3, 4), sex="F", nhs_number="9990000018", school="Testerfield School")
_PARENTS = (
    replace(PARENT, phone="07700 900123"),
    NewContactPerson(part="parent", given_name="Sky", family_name="Testerfield", relationship="father"),
)
_TOLD = {
    "need_code": "N4", "going_well": "Rowan likes football.", "tried_already": "Breakfast club.",
    "wanted": "Help with mornings.", "childs_words": "I am always hungry.",
    "safe_contact_how": "phone", "safe_contact_details": "07700 900123",
}  # fmt: skip


def known_from(place: Partnership, **facts: object) -> dict[str, dict[str, dict[str, str]]]:
    """What an assessment begins with, made of a referral, triaged, decided and allocated."""
    referral = decided(place, **facts)
    case: Case = services.allocate_referral(
        referral=referral, team=place.north_team, reason="", version=referral.version, by=place.actor("manager"), at=AT
    )
    name_lead_professional(
        case=case, post=place.posts["key_worker"], reason="", by=place.actor("team_manager"), at=AT
    )  # fmt: skip
    child = ReferralPerson.objects.get(referral=referral, part="child")
    assert child.person_id is not None
    row = start_assessment(case=case, child_id=child.person_id, by=place.actor("key_worker"), at=AT)
    return {each.code: each.known for each in AssessmentSection.objects.filter(assessment=row)}


def test_at_least_six_tenths_are_known_from_a_referral() -> None:
    known = known_from(make_partnership(), people=(_CHILD, *_PARENTS), **_TOLD)
    assert share_known(newest_spec(), known) >= _LEAST
    assert known["reason"]["reason"]["value"] == "Rowan comes to school hungry."
    assert known["reason"]["reason"]["source"].startswith("referral R-")
    assert known["reason"]["reason"]["said_on"] == AT.date().isoformat()
    assert known["carers"]["carer1_phone"]["value"] == "07700 900123"
    assert known["home"]["school"]["value"] == "Testerfield School"
    assert "Testerfield School" in known["services"]["services"]["value"]
    assert known["childs_words"]["words"]["value"] == "I am always hungry."


def test_who_asked_stays_with_the_front_door_where_it_was_no_professional() -> None:
    place = make_partnership()
    known = known_from(
        place, channel=Channel.PHONE, sender="worker", source_code="1B", referrer_name="Nosy Testneighbour",
        referrer_phone="01632 960111", people=(_CHILD, PARENT),
    )  # fmt: skip
    assert "Nosy" not in str(known)
    assert "referred_by" not in known["reason"]
    assert known["reason"]["reason"]["value"]
