"""An unfinished form about somebody who is withheld meanwhile: no title, no link, no number, and nothing behind it."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.access.roles import Role
from joinedup.core.drafts import about_of, ids_in
from joinedup.core.models import Draft
from joinedup.front_door.models import ReferralPerson
from joinedup.front_door.tests.factories import identify_all, make_partnership, places_of, triage
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.front_door.tests.test_views_kept import hidden, save
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index import services as index
from joinedup.person_index.models import Restriction
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.tests.factories import make_person, nhs_number

pytestmark = pytest.mark.django_db


def test_what_one_was_writing_about_somebody_withheld_is_gone_from_ones_list() -> None:
    place = make_partnership()
    worker = Visitor(place.accounts["worker"])
    one, two = triage(place), triage(place)
    for referral in (one, two):
        save(worker, hidden(worker.open("referral_rating", referral_id=referral.pk)), reason="A young carer.")
    assert words(worker.open("drafts")).count("A young carer.") == 2
    assert "2 your unfinished forms" in words(worker.open("home"))
    wren = make_person(
        given_name="Wren", family_name="Hiddenfield", birth_date=date(2014, 5, 6), nhs_number=nhs_number(4711)
    )
    ReferralPerson.objects.filter(referral=one, part="child").update(person_id=wren.pk, searched_at=AT)
    guardian, post = make_post(role=Role.INFORMATION_GOVERNANCE, name="Gwen Testward", title="Caldicott guardian")
    second, _ = make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard", title="Information governance")
    index.impose_restriction(
        query=SearchQuery(
            given_name="Wren", family_name="Hiddenfield", birth_date=date(2014, 5, 6), nhs_number=nhs_number(4711)
        ),
        category="high_risk", reason="An invented reason.", guardians=[post], by=actor_of(second, AT), at=AT,
    )  # fmt: skip
    page = worker.open("drafts")
    assert words(page).count("A young carer.") == 1
    assert str(one.pk) not in page.content.decode()
    assert "1 your unfinished form" in words(worker.open("home"))
    kept = Draft.objects.get(about=str(one.pk))
    assert worker.open("referral_rating", referral_id=one.pk, query=f"?draft={kept.pk}").status_code == 404
    # A guardian's own draft never says in a list whom it is about.
    gwen = Visitor(guardian)
    row = Restriction.objects.get(person=wren)
    save(gwen, hidden(gwen.open("restriction_review", restriction_id=row.pk)), words="Wren is still at risk.")
    listed = words(gwen.open("drafts"))
    assert "Review a restriction" in listed
    assert "Wren" not in listed


def test_two_ids_make_one_name_of_what_a_form_is_about() -> None:
    place = make_partnership()
    one, two = triage(place), triage(place)
    assert ids_in(about_of(one.pk, two.pk)) == [one.pk, two.pk]
    assert len(about_of(one.pk, two.pk)) <= 60
    assert ids_in(str(one.pk)) == [one.pk]


def test_why_somebody_is_new_is_kept_beside_the_likely_people() -> None:
    place = make_partnership()
    identify_all(place, triage(place))
    here = {"referral_id": (two := triage(place)).pk, "place_id": places_of(two)[0].pk}
    worker = Visitor(place.accounts["worker"])
    found = worker.send("referral_search", **here)
    assert save(worker, hidden(found), despite="A cousin of that name.").status_code == 200
    assert "A cousin of that name." in words(worker.send("referral_search", **here))
    listed = worker.open("drafts")
    assert "Why somebody is new" in words(listed)
    assert "cousin" not in words(listed)
    told = hidden(found) | {"despite": "A cousin of that name."}
    assert worker.send("referral_create", told, **here).status_code == 302
    assert not Draft.objects.exists()
