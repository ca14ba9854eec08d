"""A case on Early Support has a key worker, and no page, letter or paper of it says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from joinedup.access.roles import Role
from joinedup.casework.models import Case, LeadHandover
from joinedup.casework.services import change_pathway
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.casework.tests.test_views import Visitor, words
from joinedup.core.models import OutboxMessage
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team

pytestmark = pytest.mark.django_db
ORDINARY = "lead professional"


@pytest.fixture
def cast() -> dict[str, Any]:
    north = make_team(name="North team")
    (nia, _), (amira, lead), (ben, ben_post) = (
        make_post(role=Role.TEAM_MANAGER, team=north, name="Nia Testnorth"),
        make_post(team=north, name="Amira Testerly", phone="01632 960 101"),
        make_post(team=north, name="Ben Testerson"),
    )
    family = make_family((make_person(given_name="Rowan"), "child"), (make_person(given_name="Ash"), "parent"))
    case = Case.objects.get(pk=make_case(team=north, family=family, lead=lead, level=3).pk)
    change_pathway(
        case=case, pathway="early_support", reason="Rowan’s needs.", version=case.version, by=actor_of(nia), at=AT
    )
    return {"case": case, "nia": Visitor(nia), "amira": Visitor(amira), "ben": Visitor(ben), "ben_post": ben_post}


PAGES = (
    ("case", {}), ("case_team", {}), ("case_plan", {}), ("case_handover", {}), ("case_deputy", {}), ("case_step", {}),
    ("case_sessions", {}), ("case_chronology_file", {"form": "page"}), ("case_take_duty", {}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_no_page_of_it_says_lead_professional(cast: dict[str, Any], name: str, more: dict[str, str]) -> None:
    page = cast["nia"].open(name, case_id=cast["case"].pk, **more)
    assert page.status_code == 200
    shown = (
        words(page).lower().replace("lead professional named", "")
    )  # what the chronology calls that entry, everywhere
    assert ORDINARY not in shown
    assert "key worker" in shown or name in {"case_handover", "case_take_duty"}


def test_asking_answering_and_taking_the_duty(cast: dict[str, Any]) -> None:
    nia, amira, ben, case = cast["nia"], cast["amira"], cast["ben"], cast["case"].pk
    offered = {"post": str(cast["ben_post"].pk), "reason": "Nearer to the school."}
    assert amira.send("case_handover", offered, case_id=case).status_code == 302
    written = OutboxMessage.objects.get(subject__startswith="You are asked")
    assert written.subject.startswith("You are asked to be key worker")
    assert "the key worker of" in written.body
    offer = LeadHandover.objects.get().pk
    asked = words(ben.open("lead_offer", offer_id=offer))
    assert "You are asked to be key worker" in asked
    assert "Will you lead?" in asked
    assert ORDINARY not in asked
    declined = {"answer": "decline", "why_not": "I know the family."}
    assert ben.send("lead_offer", declined, offer_id=offer).status_code == 302
    assert OutboxMessage.objects.filter(subject__startswith="Declined: key worker of").count() == 1
    assert nia.send("case_take_duty", {"reason": "Amira is ill."}, case_id=case).status_code == 302
    page = words(nia.open("case_lead", case_id=case))
    assert "Name the key worker" in page
    assert "Who will lead?" in page
    assert ORDINARY not in page
    named = nia.send("case_lead", {"post": str(cast["ben_post"].pk)}, case_id=case)
    assert named.headers["Location"] == reverse("case", kwargs={"case_id": case})
    assert "The key worker is named." in words(nia.open("case", case_id=case))
