"""From the worklist to a decision: pages, refusals, and who finds nothing there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from joinedup.front_door import services
from joinedup.front_door.codes import Answer, Outcome, Rating
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Referral
from joinedup.front_door.tests.factories import (
    AT,
    Partnership,
    child_called,
    decide,
    decided,
    identify_all,
    make_partnership,
    places_of,
    receive,
    search_all,
    triage,
    with_family,
)
from joinedup.front_door.tests.pages import Visitor, errors, heading, primary_buttons, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


@pytest.fixture
def worker(place: Partnership) -> Visitor:
    return Visitor(place.accounts["worker"])


def fresh(referral: Referral) -> Referral:
    referral.refresh_from_db()
    return referral


class TestWorklists:
    def test_lists_with_their_counts(self, place: Partnership, worker: Visitor) -> None:
        referral = receive(place)
        page = worker.open("worklist", name="front_door")
        assert heading(page) == "All open"
        assert referral.reference in words(page)
        assert reverse("worklist", kwargs={"name": "overdue"}) in page.content.decode()

    def test_each_person_lands_on_their_own(self, place: Partnership, worker: Visitor) -> None:
        assert worker.open("worklists").url == "/worklist/front_door/"
        assert Visitor(place.accounts["key_worker"]).open("worklists").url == "/worklist/mine/"

    def test_filters_are_codes_in_the_address(self, place: Partnership, worker: Visitor) -> None:
        receive(place)
        page = worker.open("worklist", name="front_door", query="?rating=red&state=received&channel=nonsense")
        assert "Nothing fits these filters" in words(page)
        assert "Remove filter Red" in words(page)
        assert "nonsense" not in words(page)
        assert 'href="/worklist/front_door/?state=received"' in page.content.decode()

    def test_pages_follow_by_key(self, place: Partnership, worker: Visitor) -> None:
        for number in range(27):
            receive(place, people=(child_called(f"Rowan{chr(97 + number % 26)}"),))
        first = worker.open("worklist", name="front_door")
        link = next(part for part in first.content.decode().split('"') if "after=" in part)
        assert "Rowan" not in link
        second = worker.open("worklist", name="front_door", query=link[link.index("?") :].replace("&amp;", "&"))
        assert "Rowan" in words(second)
        assert second.content.decode().count('scope="row"') == 2

    def test_no_more_queries_for_more_rows(self, place: Partnership, worker: Visitor) -> None:
        for number in range(20):
            receive(place, people=(child_called(f"Rowan{chr(97 + number)}"),))
        assert worker.open("worklist", name="front_door").status_code == 200  # `open` counts

    def test_replies_owed(self, place: Partnership, worker: Visitor) -> None:
        assert "Every referrer has been told" in words(worker.open("worklist", name="replies_owed"))
        referral = decided(place)
        page = worker.open("worklist", name="replies_owed")
        assert referral.reference in words(page)
        assert "Teacher Testerly" in words(page)

    @pytest.mark.parametrize("who", ["teacher", "statutory", "designated"])
    def test_nothing_there_for_outsiders(self, place: Partnership, who: str) -> None:
        assert Visitor(place.accounts[who]).open("worklist", name="front_door").status_code == 404

    def test_no_such_list(self, worker: Visitor) -> None:
        assert worker.open("worklist", name="everybody").status_code == 404


REFERRAL_PAGES = [
    "referral", "referral_people", "referral_triage", "referral_history", "referral_rating", "referral_agreement",
    "referral_decision",
]  # fmt: skip


class TestTheReferral:
    def test_every_page_has_one_heading_and_one_primary_button(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        for name in REFERRAL_PAGES:
            page = worker.open(name, referral_id=referral.pk)
            assert page.status_code == 200, name
            assert heading(page), name
            assert primary_buttons(page) == 1, name
            assert f"{referral.reference} – Joinedup</title>" in page.content.decode(), name

    def test_nothing_there_for_outsiders(self, place: Partnership) -> None:
        referral = triage(place)
        for who in ("teacher", "key_worker", "team_manager", "statutory", "designated"):
            outsider = Visitor(place.accounts[who])
            for name in REFERRAL_PAGES:
                assert outsider.open(name, referral_id=referral.pk).status_code == 404, (who, name)

    def test_what_was_said_stays_as_it_was_typed(self, place: Partnership, worker: Visitor) -> None:
        referral = receive(place, worry="Rowan <b>is</b> hungry.\nEvery day.")
        page = worker.open("referral", referral_id=referral.pk)
        assert "Rowan &lt;b&gt;is&lt;/b&gt; hungry.&#10;Every day." in page.content.decode()
        assert "Nothing is known to be safe." in words(page)

    def test_take(self, place: Partnership, worker: Visitor) -> None:
        referral = receive(place)
        assert "Start triage" in words(worker.open("referral", referral_id=referral.pk))
        assert worker.send("referral_take", referral_id=referral.pk).url.endswith("/triage/")
        assert fresh(referral).state == State.IN_TRIAGE
        assert "You are working on this referral." in words(worker.open("referral_triage", referral_id=referral.pk))

    def test_what_a_colleague_holds_is_refused_with_its_sentence(self, place: Partnership) -> None:
        referral = triage(place)
        page = Visitor(place.accounts["colleague"]).send("referral_take", referral_id=referral.pk)
        assert page.status_code == 409
        assert "Worker Testerly is working on this referral" in words(page)

    def test_history(self, place: Partnership, worker: Visitor) -> None:
        referral = with_family(place)
        decide(place, referral, Outcome.STATUTORY, 4)
        text = words(worker.open("referral_history", referral_id=referral.pk))
        assert "Proposed: Statutory social care, level 4" in text
        assert "Decided: Statutory social care" in text


class TestRating:
    def told(self, referral: Referral, **more: Any) -> dict[str, Any]:
        return {"rating": "amber", "version": str(fresh(referral).version), **more}

    def test_rated(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        assert "Decide by 18 November 2026 at 2pm" in words(worker.open("referral_rating", referral_id=referral.pk))
        assert worker.send("referral_rating", self.told(referral), referral_id=referral.pk).status_code == 302
        assert fresh(referral).rating == Rating.AMBER

    def test_changed_without_a_reason(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        worker.send("referral_rating", self.told(referral), referral_id=referral.pk)
        page = worker.send("referral_rating", self.told(referral, rating="blue"), referral_id=referral.pk)
        assert errors(page) == ["Enter why the rating changes"]

    def test_somebody_else_was_quicker(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        stale = self.told(referral, rating="blue", reason="Nothing new")
        services.rate_referral(
            referral=fresh(referral), rating=Rating.RED, reason="Danger", version=referral.version,
            by=place.actor("manager"), at=AT,
        )  # fmt: skip
        page = worker.send("referral_rating", stale, referral_id=referral.pk)
        assert page.status_code == 200
        assert fresh(referral).rating == Rating.RED
        text = words(page)
        assert "What was saved meanwhile" in text
        assert "Nothing new" in text
        assert f'name="version" value="{fresh(referral).version}"' in page.content.decode()


class TestAgreement:
    def test_saved(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        told = {"knows": "no", "why_not_told": "It could put Rowan at risk."}
        assert worker.send("referral_agreement", told, referral_id=referral.pk).status_code == 302
        assert (fresh(referral).family_knows, referral.agreement_reason) == (Answer.NO, told["why_not_told"])

    def test_a_no_without_its_reason(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        page = worker.send("referral_agreement", {"knows": "yes", "agrees": "no"}, referral_id=referral.pk)
        assert errors(page) == ["Enter why the family does not agree"]


class TestSearchBeforeCreate:
    def page_of(self, place: Partnership, referral: Referral) -> dict[str, Any]:
        return {"referral_id": referral.pk, "place_id": places_of(referral)[0].pk}

    def test_nobody_can_be_entered_before_a_search(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        here = self.page_of(place, referral)
        page = worker.open("referral_search", **here)
        assert "as somebody new" not in words(page)
        refused = worker.send("referral_create", {}, **here)
        assert errors(refused) == ["Search for Rowan Testerfield before you say who they are."]

    def test_one_press_searches_for_what_was_typed(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        here = self.page_of(place, referral)
        page = worker.send("referral_search", {}, **here)
        assert page.status_code == 200
        assert "Enter Rowan Testerfield as somebody new" in words(page)
        assert places_of(referral)[0].searched_at is not None

    def test_new(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        here = self.page_of(place, referral)
        worker.send("referral_search", {}, **here)
        assert worker.send("referral_create", {}, **here).url.endswith("/people/")
        assert places_of(referral)[0].how == "created"

    def test_likely_people_while_typing_are_a_fragment(self, place: Partnership, worker: Visitor) -> None:
        identify_all(place, triage(place))
        referral = triage(place)
        told = {"given_name": "Rowan", "family_name": "Testerfield", "birth_date-day": "3", "postcode": "ZZ1"}
        fragment = worker.send("referral_search", told, typing=True, **self.page_of(place, referral))
        text = fragment.content.decode()
        assert "<html" not in text
        assert 'data-count="' in text
        assert "Same surname" in words(fragment)
        assert "Lives with" not in text or "Testerfield" in text

    def test_a_pressed_button_says_what_is_wrong(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        told = {"given_name": "Rowan", "birth_date-day": "31", "birth_date-month": "2", "birth_date-year": "2019"}
        page = worker.send("referral_search", told, **self.page_of(place, referral))
        assert errors(page) == ["Date of birth must be a real date"]

    def test_the_same_person_and_taking_it_back(self, place: Partnership, worker: Visitor) -> None:
        known = places_of(identify_all(place, triage(place)))[0].person_id
        referral = triage(place)
        search_all(place, referral)
        here = self.page_of(place, referral)
        missing = worker.send("referral_identify", {"person_id": str(known), "reason": ""}, **here)
        assert "Enter why this is the same person" in words(missing)
        done = worker.send("referral_identify", {"person_id": str(known), "reason": "Same name and home"}, **here)
        assert done.status_code == 302
        assert "Rowan" not in done.url
        assert places_of(referral)[0].person_id == known
        undo = worker.open("referral_undo", **here)
        assert heading(undo) == "Rowan Testerfield is not Rowan Testerfield"
        assert worker.send("referral_undo", {"reason": "Another Rowan"}, **here).status_code == 302
        assert places_of(referral)[0].person_id is None

    def test_somebody_who_looks_alike_needs_a_reason(self, place: Partnership, worker: Visitor) -> None:
        identify_all(place, triage(place))
        referral = triage(place)
        search_all(place, referral)
        here = self.page_of(place, referral)
        refused = worker.send("referral_create", {}, **here)
        assert any("looks like Rowan Testerfield" in each for each in errors(refused))
        assert worker.send("referral_create", {"despite": "A cousin of that name"}, **here).status_code == 302

    def test_a_person_that_is_no_id(self, place: Partnership, worker: Visitor) -> None:
        referral = triage(place)
        told = {"person_id": "x", "reason": "Same"}
        assert worker.send("referral_identify", told, **self.page_of(place, referral)).status_code == 404

    def test_the_family(self, place: Partnership, worker: Visitor) -> None:
        referral = identify_all(place, triage(place))
        page = worker.open("referral_family", referral_id=referral.pk)
        assert "A new family" in words(page)
        assert worker.send("referral_family", {"family": "new"}, referral_id=referral.pk).status_code == 302
        assert fresh(referral).family_id


class TestDeciding:
    def told(self, referral: Referral, **more: Any) -> dict[str, Any]:
        whole = {"level": "2", "outcome": "early_help", "reason": "Breakfast.\nAnd mornings."}
        return {**whole, "version": str(fresh(referral).version), **more}

    def test_alone(self, place: Partnership, worker: Visitor) -> None:
        referral = with_family(place)
        sent = worker.send("referral_decision", self.told(referral), referral_id=referral.pk)
        assert sent.url.endswith("/decision/check/")
        check = worker.open("referral_decision_check", referral_id=referral.pk)
        assert "Early help (common assessment)" in words(check)
        assert primary_buttons(check) == 1
        assert "Ask a colleague to decide" in words(check)
        done = worker.send("referral_decision_check", {"how": "decide"} | self.told(referral), referral_id=referral.pk)
        assert done.status_code == 302
        assert fresh(referral).state == State.DECIDED

    def test_level_four_is_only_proposed(self, place: Partnership, worker: Visitor) -> None:
        referral = with_family(place)
        told = self.told(referral, level="4", outcome="statutory")
        worker.send("referral_decision", told, referral_id=referral.pk)
        check = words(worker.open("referral_decision_check", referral_id=referral.pk))
        assert "A registered social worker or a front door manager decides this" in check
        assert "Propose this decision" in check
        refused = worker.send("referral_decision_check", {"how": "decide"}, referral_id=referral.pk)
        assert any("Nobody decides these alone" in each for each in errors(refused))
        assert worker.send("referral_decision_check", {"how": "propose"}, referral_id=referral.pk).status_code == 302
        assert fresh(referral).state == State.PROPOSED

    def test_what_the_rules_refuse_is_shown_at_its_question(self, place: Partnership, worker: Visitor) -> None:
        referral = with_family(place)
        worker.send("referral_decision", self.told(referral, level="4"), referral_id=referral.pk)
        refused = worker.send("referral_decision_check", {"how": "propose"}, referral_id=referral.pk)
        assert "Level 4 goes to statutory social care, and only level 4 does." in errors(refused)
        assert "Breakfast." in words(refused)

    def test_a_third_contact_asks_to_look_back(self, place: Partnership, worker: Visitor) -> None:
        first = with_family(place)
        decide(place, first, Outcome.ADVICE, 1)
        services.close_referral(referral=fresh(first), by=place.actor("worker"), at=AT)
        person = places_of(first)[0].person_id
        for _ in range(2):
            referral = triage(place)
            search_all(place, referral)
            services.identify_person(
                place=places_of(referral)[0], person_id=person, reason="Same", by=place.actor("worker"), at=AT
            )
        page = worker.open("referral_decision", referral_id=referral.pk)
        assert "There were 3 contacts about this household in 12 months" in words(page)
        assert first.reference in words(page)
        nothing = self.told(referral, level="1", outcome="no_further_action")
        assert "Enter what you found when you looked back" in errors(
            worker.send("referral_decision", nothing, referral_id=referral.pk)
        )

    def test_the_second_person(self, place: Partnership) -> None:
        referral = with_family(place)
        services.propose_decision(
            referral=referral, outcome=Outcome.STATUTORY, level=4, reason="Harm is likely.",
            version=fresh(referral).version, by=place.actor("worker"), at=AT,
        )  # fmt: skip
        worker, second = Visitor(place.accounts["worker"]), Visitor(place.accounts["social_worker"])
        assert worker.open("referral_confirm", referral_id=referral.pk).status_code == 403
        page = second.open("referral_confirm", referral_id=referral.pk)
        assert "Harm is likely." in words(page)
        assert primary_buttons(page) == 1
        missing = second.send("referral_confirm", {"how": "send_back", "reason": ""}, referral_id=referral.pk)
        assert errors(missing) == ["Enter what must be looked at again"]
        second.send("referral_confirm", {"how": "send_back", "reason": "Ask the school"}, referral_id=referral.pk)
        assert fresh(referral).state == State.IN_TRIAGE
        assert "Ask the school" in words(worker.open("referral_triage", referral_id=referral.pk))
        assert "Harm is likely." in words(worker.open("referral_decision", referral_id=referral.pk))

    def test_decided_as_proposed(self, place: Partnership) -> None:
        referral = with_family(place)
        services.propose_decision(
            referral=referral, outcome=Outcome.STATUTORY, level=4, reason="Harm is likely.",
            version=fresh(referral).version, by=place.actor("worker"), at=AT,
        )  # fmt: skip
        second = Visitor(place.accounts["social_worker"])
        done = second.send("referral_confirm", {"version": str(fresh(referral).version)}, referral_id=referral.pk)
        assert done.status_code == 302
        assert fresh(referral).state == State.DECIDED
        assert second.open("referral_confirm", referral_id=referral.pk).status_code == 302
