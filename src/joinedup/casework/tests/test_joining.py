"""Who joins a case and who has left it, and which brothers and sisters no plan names: who sees whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import system
from joinedup.casework import queries, services
from joinedup.casework.models import Case, CasePerson, PlanChild
from joinedup.casework.services import Leaving
from joinedup.casework.tests.assessed import Work, make_work
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.errors import NotVisible, Refused
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import Person, Restriction, RestrictionParty
from joinedup.person_index.services import join_family

pytestmark = pytest.mark.django_db
BORN = date(2019, 5, 6)


@pytest.fixture
def work() -> Work:
    """Amira leads, Nia manages, Noor and Cara are in the team; a plan is open for Rowan."""
    found = make_work()
    services.open_plan(case=found.case, family_words="Calm mornings.", by=found.actor("amira"), at=AT)
    return found


def sibling(work: Work, name: str = "Bay") -> Person:
    """A brother at home, in no case."""
    person = make_person(given_name=name, birth_date=BORN)
    join_family(family=work.case.family, person=person, part="child", by=system(AT), at=AT)
    return person


def restrict(person: Person, *may_see: Any) -> None:
    """Their record is open to these posts only."""
    row = Restriction.objects.create(
        person=person, category="high_risk", reason="Danger", starts_at=AT - timedelta(days=1), review_by=AT.date(),
        allowed_roles=["information_governance"],
    )  # fmt: skip
    for post in may_see:
        RestrictionParty.objects.create(restriction=row, part="guardian", post=post, added_at=AT - timedelta(days=1))


def page_of(work: Work, who: str, address: str) -> str:
    client = Client()
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        client.force_login(work.accounts[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        return str(client.get(address, secure=True).content.decode())


def listed(work: Work, who: str) -> tuple[int, list[str], int]:
    """The number on the list of whoever looks, the names of it, and how many of them they may bring in."""
    viewer = work.actor(who)
    chosen = queries.list_chosen(viewer, "siblings")
    assert chosen is not None
    rows = queries.cases(viewer, narrow=chosen.narrow).rows
    named = [
        each for several in queries.siblings_left_out(viewer, [row.id for row in rows]).values() for each in several
    ]
    return len(rows), [each.name for each in named], sum(each.may_join for each in named)


def join(work: Work, person: Person, who: str = "amira") -> CasePerson:
    case = Case.objects.get(pk=work.case.pk)
    return services.join_case(
        case=case, person_id=person.pk, part="child", reason="Lives there.", version=case.version, by=work.actor(who), at=AT
    )  # fmt: skip


def leave(work: Work, person: Person, why: str) -> None:
    case = Case.objects.get(pk=work.case.pk)
    said = Leaving(why, "Lives with an aunt.", AT.date(), {})
    services.leave_case(case=case, person_id=person.pk, said=said, version=case.version, by=work.actor("amira"), at=AT)


def test_a_sibling_without_a_plan_is_named_until_they_join(work: Work) -> None:
    assert listed(work, "amira") == (0, [], 0)
    bay = sibling(work)
    assert listed(work, "amira") == listed(work, "manager") == (1, [str(bay)], 1)
    assert listed(work, "noor") == (1, [str(bay)], 0)  # who is in the team and does not lead adds nobody
    assert listed(work, "ben") == (0, [], 0)
    assert queries.siblings_left_out(work.actor("ben"), [work.case.pk]) == {}  # nor by asking for the case directly
    page = page_of(work, "manager", "/cases/?list=siblings")
    assert f"/cases/{work.case.pk}/join/{bay.pk}/" in page
    with CaptureQueriesContext(connection) as one:
        listed(work, "manager")
    for name in ("Fern", "Moss", "Reed"):
        sibling(work, name)
    with CaptureQueriesContext(connection) as four:
        assert len(listed(work, "manager")[1]) == 4
    assert len(four) == len(one)
    join(work, bay)
    assert str(bay) not in listed(work, "amira")[1]


def test_a_child_of_the_case_without_a_section_is_named_and_not_to_be_added_again(work: Work) -> None:
    PlanChild.objects.filter(person=work.child).update(ended_at=AT)
    assert listed(work, "amira") == (1, [str(work.child)], 0)


def test_a_restricted_sibling_is_neither_named_nor_counted_nor_to_be_brought_in(work: Work) -> None:
    bay = sibling(work)
    restrict(bay, work.posts["manager"])
    assert listed(work, "amira") == (0, [], 0)
    with pytest.raises(NotVisible):
        queries.one_to_join(
            work.actor("amira"), queries.case_frame(work.actor("amira"), work.case.pk, purpose="t"), bay.pk
        )
    with pytest.raises(NotVisible):
        join(work, bay)  # as if there were nobody
    assert listed(work, "manager") == (1, [str(bay)], 1)
    with pytest.raises(Refused) as blind:
        join(work, bay, "manager")  # would take the case from the sight of Amira, Noor and Cara
    assert blind.value.rule == "CW-21"
    assert not CasePerson.ever.filter(person=bay).exists()


def test_a_child_in_the_plan_of_the_other_household_is_not_without_a_plan(work: Work) -> None:
    bay = sibling(work)
    other = make_case(
        team=work.posts["ben"].team, family=make_family((bay, "child"), (make_person(given_name="Fay"), "parent")),
        lead=work.posts["ben"],
    )  # fmt: skip
    assert listed(work, "amira")[1] == [str(bay)]
    services.open_plan(case=other, family_words="Ours.", by=work.actor("ben"), at=AT)
    assert listed(work, "amira") == (0, [], 0)
    assert listed(work, "ben") == (0, [], 0)  # Rowan is of the other household
    join(work, bay)
    led = PlanChild.objects.filter(person=bay, ended_at=None).order_by("plan__case__reference")
    assert {(each.plan.case_id, each.leads) for each in led} == {(other.pk, True), (work.case.pk, False)}


def test_whoever_a_later_referral_names_joins_the_open_case(work: Work) -> None:
    bay, by = sibling(work), system(AT)
    case = Case.objects.get(pk=work.case.pk)
    said = {work.child.pk: "child", bay.pk: "child"}
    (place,) = services.take_in_referred(case=case, people=said, reason="Named in R-1.", by=by, at=AT)
    assert (place.person_id, place.part) == (bay.pk, "child")
    assert PlanChild.objects.filter(plan__case=case, person=bay, ended_at=None).exists()
    assert services.take_in_referred(case=case, people=said, reason="Named in R-2.", by=by, at=AT) == []
    moss = sibling(work, "Moss")
    restrict(moss, work.posts["manager"])
    with pytest.raises(Refused) as blind:
        services.take_in_referred(case=case, people={moss.pk: "child"}, reason="Named in R-3.", by=by, at=AT)
    assert blind.value.rule == "CW-21"


def test_who_has_left_is_named_on_the_case_and_in_the_plan(work: Work) -> None:
    bay, sky = sibling(work), sibling(work, "Sky")
    join(work, bay)
    join(work, sky)
    leave(work, bay, "moved")
    leave(work, sky, "error")  # was never of this family: nowhere named again
    viewer = work.actor("noor")
    frame = queries.case_frame(viewer, work.case.pk, purpose="t")
    (left,) = queries.have_left(viewer, frame)
    assert (left.person_id, left.left_on, left.why_in_words) == (bay.pk, AT.date(), "Moved to another household")
    case = page_of(work, "noor", f"/cases/{work.case.pk}/")
    plan = page_of(work, "noor", f"/cases/{work.case.pk}/plan/")
    assert f"<strong>{bay}</strong>, on " in case
    assert "Lives with an aunt." in case
    assert "In this case no more since" in plan
    assert f"<strong>{sky}</strong>" not in case
    assert f"{sky} <strong" not in plan
    join(work, bay)
    assert queries.have_left(viewer, queries.case_frame(viewer, work.case.pk, purpose="t")) == ()
