"""The pages of the review: who sees which pair, what they say, the next one at once, and undo."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.organisations.tests.factories import AT, make_organisation, make_post, make_team
from joinedup.person_index.judging import Evidence, Judged
from joinedup.person_index.models import LinkProposal, Person, Restriction, RestrictionParty, StaffTie
from joinedup.person_index.services.asking import Asked, _propose
from joinedup.person_index.tests.factories import make_family, make_person, make_record, person_of
from joinedup.person_index.tests.test_pages import get, post, signed_in

pytestmark = pytest.mark.django_db
JUDGED = Judged(
    "possible",
    0.73,
    1.4,
    (
        Evidence("birth", "same", 7.9, "Same date of birth"),
        Evidence("forename", "near", 2.6, "Forename sounds or looks alike"),
        Evidence("surname", "differs", -4.4, "Surname differs"),
    ),
    ("The forenames are not one name",),
    ("twins",),
    "test",
)


@pytest.fixture
def world() -> dict[str, Any]:
    door = make_team(code="DOOR", kind="front_door")
    schools = make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")
    one = make_record(given_name="Rowan", postcode="ZZ1 1AA", address="1 Invented Way")
    other = make_record(
        agency=schools, given_name="Rohan", family_name="Testfield", birth_date=date(2014, 9, 9), postcode="ZZ1 1AB"
    )
    make_family((person_of(one), "child"), (make_person(given_name="Sorrel", birth_date=date(1985, 3, 1)), "parent"))
    proposal = _propose(Asked("possible", person_of(one).pk, person_of(other).pk, JUDGED), at=AT)
    return {
        "faith": make_post(role=Role.SOCIAL_WORKER, team=door)[0],
        "gil": make_post(role=Role.FRONT_DOOR_WORKER, team=door)[0],
        "amira": make_post(role=Role.KEY_WORKER, team=make_team(code="NORTH"))[0],
        "iris": make_post(role=Role.INFORMATION_GOVERNANCE, team=make_team(code="OFFICE"))[0],
        "nia": make_post(role=Role.TEAM_MANAGER, team=make_team(code="SOUTH"))[0],
        "people": [person_of(one), person_of(other)],
        "proposal": proposal,
        "schools": schools,
    }


def restrict(person: Person, guardian: Any, category: str = "high_risk") -> None:
    row = Restriction.objects.create(
        person=person, category=category, reason="Danger", starts_at=AT - timedelta(days=1),
        review_by=AT.date(), allowed_roles=["information_governance"],
    )  # fmt: skip
    RestrictionParty.objects.create(
        restriction=row, part="guardian", post=guardian.posts.get(), added_at=AT - timedelta(days=1)
    )


def body_of(account: Any, name: str, **kwargs: Any) -> str:
    return str(get(signed_in(account), name, **kwargs).content.decode())


def test_the_queue_lists_counts_and_narrows(world: dict[str, Any]) -> None:
    page = body_of(world["faith"], "review_queue")
    assert "Rohan Testfield" in page
    assert "Rowan Testerfield" in page
    assert "May be twins" in page
    assert AuditEvent.objects.filter(kind="search", subject_kind="person_index.linkproposal").count() == 1
    client = signed_in(world["faith"])
    with_query = lambda text: client.get(f"{reverse('review_queue')}?{text}", secure=True).content.decode()  # noqa: E731
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        assert "Rohan" in with_query("kind=possible&agency=SCHOOLS&age=5-11&order=oldest")
        for nothing in ("kind=broken", "age=adult", "second=1"):
            assert "Rohan" not in with_query(nothing)
        assert "Rohan" in with_query("after=nonsense&kind=nonsense")


def test_the_pair_is_blind_until_asked(world: dict[str, Any]) -> None:
    ids = {"proposal_id": world["proposal"].pk}
    page = body_of(world["faith"], "review_pair", **ids)
    for said in ("Are these the same person?", "Testerfield", "Testfield", "Differs", "Sorrel", "1 Invented Way",
                 "Exampleshire Schools", "Show what the model makes of it", "Shortcut: K"):  # fmt: skip
        assert said in page, said
    assert "about 73" not in page
    assert "Same date of birth" not in page
    client = signed_in(world["faith"])
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        page = client.get(reverse("review_pair", kwargs=ids) + "?model=1", secure=True).content.decode()
    assert "about 73 to be one person" in page
    assert "Strong evidence for" in page
    assert "Strong evidence against" in page
    assert "app-weight__bar--8" in page


def test_deciding_brings_the_next_at_once_and_undo_brings_it_back(world: dict[str, Any]) -> None:
    third = make_person(given_name="Rona")
    second = _propose(Asked("possible", world["people"][0].pk, third.pk, JUDGED), at=AT + timedelta(seconds=1))
    assert second is not None
    client, ids = signed_in(world["faith"]), {"proposal_id": world["proposal"].pk}
    answer = post(client, "review_pair", {"outcome": "link"}, **ids)
    assert "Select why they are the same person" in answer.content.decode()
    said = {"outcome": "apart", "reason_apart": "twin", "words": "School confirmed", "version": "1"}
    answer = post(client, "review_pair", said, **ids)
    assert answer.status_code == 302
    assert answer.url == reverse("review_pair", kwargs={"proposal_id": second.pk})
    world["proposal"].refresh_from_db()
    assert world["proposal"].outcome == "apart"
    assert world["proposal"].decisions.get().saw_score is False
    answer = post(client, "review_undo", {})
    assert answer.url == reverse("review_pair", kwargs=ids)
    world["proposal"].refresh_from_db()
    assert world["proposal"].state == "waiting"
    assert get(signed_in(world["gil"]), "review_pair", **ids).status_code == 200
    assert post(signed_in(world["gil"]), "review_undo", {}).url == reverse("review_queue")


def test_a_stale_page_is_told(world: dict[str, Any]) -> None:
    ids = {"proposal_id": world["proposal"].pk}
    said = {"outcome": "second", "reason_second": "not_sure", "version": "1"}
    post(signed_in(world["faith"]), "review_pair", said, **ids)
    answer = post(
        signed_in(world["gil"]), "review_pair", {"outcome": "apart", "reason_apart": "twin", "version": "1"}, **ids
    )
    assert answer.status_code in (200, 409)
    world["proposal"].refresh_from_db()
    assert world["proposal"].state == "second"


def test_whoever_asked_for_a_second_opinion_is_not_asked_again(world: dict[str, Any]) -> None:
    ids = {"proposal_id": world["proposal"].pk}
    client = signed_in(world["faith"])
    answer = post(client, "review_pair", {"outcome": "second", "reason_second": "not_sure", "version": "1"}, **ids)
    assert answer.url == reverse("review_queue")
    page = body_of(world["faith"], "review_pair", **ids)
    assert "somebody else decides" in page
    assert 'name="outcome"' not in page
    other = body_of(world["gil"], "review_pair", **ids)
    assert "second opinion asked" in other
    assert "Ask for a second opinion" not in other


def test_a_pair_with_somebody_restricted_is_their_guardians(world: dict[str, Any]) -> None:
    ids = {"proposal_id": world["proposal"].pk}
    assert get(signed_in(world["nia"]), "review_pair", **ids).status_code == 404  # a guardian of nobody here
    assert "Rohan" not in body_of(world["nia"], "review_queue")
    restrict(world["people"][1], world["nia"])
    for who in ("faith", "gil", "amira"):
        expected = 403 if who == "amira" else 404
        assert get(signed_in(world[who]), "review_pair", **ids).status_code == expected
    page = body_of(world["faith"], "review_queue")
    assert "Rohan" not in page
    assert "Nothing waits for a decision" in page  # nor is it counted
    for who in ("nia", "iris"):
        assert get(signed_in(world[who]), "review_pair", **ids).status_code == 200
        assert "Rohan" in body_of(world[who], "review_queue")
    answer = post(
        signed_in(world["faith"]), "review_pair", {"outcome": "apart", "reason_apart": "twin", "version": "1"}, **ids
    )
    assert answer.status_code == 404
    post(signed_in(world["nia"]), "review_pair", {"outcome": "apart", "reason_apart": "twin", "version": "1"}, **ids)
    world["proposal"].refresh_from_db()
    assert world["proposal"].outcome == "apart"


def test_nobody_decides_about_their_own_family(world: dict[str, Any]) -> None:
    StaffTie.objects.create(account=world["faith"], person=world["people"][0], kind="relative", declared_at=AT)
    ids = {"proposal_id": world["proposal"].pk}
    assert get(signed_in(world["faith"]), "review_pair", **ids).status_code == 404
    assert "Rohan" not in body_of(world["faith"], "review_queue")
    assert "Rohan" in body_of(world["gil"], "review_queue")


def test_the_order_is_the_childs_need_never_the_score(world: dict[str, Any]) -> None:
    adult = [make_person(given_name=name, birth_date=date(1980, 1, 2)) for name in ("Pat", "Patrick")]
    high = Judged("possible", 0.99, 9.0, (), (), (), "test")
    old = _propose(Asked("possible", adult[0].pk, adult[1].pk, high), at=AT - timedelta(days=30))
    assert old is not None
    page = body_of(world["faith"], "review_queue")
    assert page.index("Rohan") < page.index("Patrick")
    LinkProposal.objects.filter(pk=old.pk).update(urgency=0)
    page = body_of(world["faith"], "review_queue")
    assert page.index("Patrick") < page.index("Rohan")


def test_queries_do_not_grow_and_nobody_is_skipped(world: dict[str, Any]) -> None:
    def count(name: str, **kwargs: Any) -> int:
        client = signed_in(world["faith"])
        get(client, name, **kwargs)
        with CaptureQueriesContext(connection) as seen:
            get(client, name, **kwargs)
        return len(seen)

    ids = {"proposal_id": world["proposal"].pk}
    _propose(Asked("possible", world["people"][0].pk, make_person(given_name="Tess").pk, JUDGED), at=AT)
    few = count("review_queue"), count("review_pair", **ids)
    for number in range(30):
        someone = make_person(given_name=f"Tess{number}")
        _propose(Asked("possible", world["people"][0].pk, someone.pk, JUDGED), at=AT + timedelta(seconds=number))
    assert (count("review_queue"), count("review_pair", **ids)) == few
    assert few[0] <= 15
    assert few[1] <= 25
    client = signed_in(world["faith"])
    first = get(client, "review_queue").content.decode()
    ids_on = lambda page: set(re.findall(r"/matches/([0-9a-f-]{36})/", page))  # noqa: E731
    after = html.unescape(re.findall(r'href="(\?after=[^"]+)"', first)[0])
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        rest = client.get(reverse("review_queue") + after, secure=True).content.decode()
    assert len(ids_on(first)) == 25
    assert ids_on(first) | ids_on(rest) == set(map(str, LinkProposal.objects.values_list("pk", flat=True)))


def test_stated_people_show_what_was_told(world: dict[str, Any]) -> None:
    told = make_person(given_name="Rohana", postcode="ZZ7 7AA", address="9 Told Way")
    proposal = _propose(Asked("possible", world["people"][0].pk, told.pk, JUDGED), at=AT)
    assert proposal is not None
    page = body_of(world["faith"], "review_pair", proposal_id=proposal.pk)
    assert "What we were told" in page
    assert "9 Told Way" in page


def test_two_entries_that_families_told_us_otherwise_of_say_what_can_be_done(world: dict[str, Any]) -> None:
    told = [make_person(given_name="Quill", birth_date=date(2014, 9, day)) for day in (9, 10)]
    proposal = _propose(Asked("possible", told[0].pk, told[1].pk, JUDGED), at=AT)
    assert proposal is not None
    assert "These cannot be made one person here" in body_of(world["faith"], "review_pair", proposal_id=proposal.pk)
    assert "These cannot be made one person here" not in body_of(
        world["faith"], "review_pair", proposal_id=world["proposal"].pk
    )
