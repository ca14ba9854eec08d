"""The pages of what partners know: what they show, who sees what, and that they cost the same for one child or six."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.models import AuditEvent
from joinedup.casework import services as casework
from joinedup.core.partnership import forget
from joinedup.front_door import services
from joinedup.front_door.codes import Answer
from joinedup.front_door.models import Asking, LateAnswer, Referral
from joinedup.front_door.queries.profile import profile
from joinedup.front_door.queries.profile_records import CardState
from joinedup.front_door.tests import factories
from joinedup.front_door.tests.factories import AT, CHILD, PARENT, decide
from joinedup.front_door.tests.pages import Visitor, errors, heading, primary_buttons, words
from joinedup.front_door.tests.partners import (
    Partners,
    answer,
    ask,
    make_partners,
    people_in,
    question_to,
    referral_of,
    refuse,
)
from joinedup.information_sharing.models import InformationRequest

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def partners() -> Partners:
    return make_partners()


@pytest.fixture
def worker(partners: Partners) -> Visitor:
    return Visitor(partners.place.accounts["worker"], LATER)


def answered(partners: Partners) -> Referral:
    """The school is involved, the surgery found nothing, the police refuse; nobody has been forgotten."""
    referral = referral_of(partners)
    ask(partners, referral, "school", "surgery", "police", people=people_in(referral))
    answer(
        partners, "school", items={"attendance": "82% this term", "address": "9 Other Road, ZZ2 2BB"},
        level_of_need=3, judgement="He is hungry most mornings.",
    )  # fmt: skip
    refuse(partners, "police", reason_code="live_investigation", words="Ring the unit.")
    return referral


def allocated(partners: Partners, referral: Referral) -> Referral:
    decide(partners.place, referral)
    referral.refresh_from_db()
    services.allocate_referral(
        referral=referral, team=partners.place.north_team, reason="", version=referral.version,
        by=partners.by("manager"), at=AT,
    )  # fmt: skip
    referral.refresh_from_db()
    return referral


class TestTheProfile:
    def test_side_by_side(self, partners: Partners, worker: Visitor) -> None:
        referral = answered(partners)
        page = worker.open("referral_partners", referral_id=referral.pk)
        said = words(page)
        assert heading(page) == "What partners know"
        assert primary_buttons(page) == 1
        for text in (
            "Testerfield School", "Otto Testworker", "01632 960 011", "82% this term", "Involved now",
            "Refused to share", "It would get in the way of an investigation", "Ring the unit.", "Not answered yet",
            "He is hungry most mornings.", "Level 3: multiple or complex", "Current since 18 November 2025",
        ):  # fmt: skip
            assert text in said, text
        assert "Sources have 2 different addresses for Rowan Testerfield" in said
        assert "Waiting for them does not stop the clock" in said
        assert 'class="app-picture__bar"' in page.content.decode()

    def test_the_read_names_everybody_shown(self, partners: Partners, worker: Visitor) -> None:
        referral = answered(partners)
        worker.open("referral_partners", referral_id=referral.pk)
        row = AuditEvent.objects.filter(kind="read", subject_id=str(referral.pk), purpose="compare notes").get()
        assert set(people_in(referral)) <= set(row.people)

    def test_nothing_asked_yet(self, partners: Partners, worker: Visitor) -> None:
        page = worker.open("referral_partners", referral_id=referral_of(partners).pk)
        assert "No partner has been asked what they know." in words(page)
        assert "Ask partners what they know" in words(page)

    def test_old_answers_are_marked(self, partners: Partners) -> None:
        referral = answered(partners)
        day = AT + timedelta(days=29)
        found = profile(partners.by("worker", day), referral.pk)
        cards = {(card.request.organisation, card.state): card for card in found.cards}
        assert cards["Testerfield School", CardState.INVOLVED].is_old
        assert not profile(partners.by("worker", AT + timedelta(days=28)), referral.pk).cards[-1].is_old

    def test_asked_again_keeps_the_answer_before(self, partners: Partners) -> None:
        referral = answered(partners)
        ask(partners, referral, "school", news="A neighbour rang.", at=LATER)
        card = next(
            card for card in profile(partners.by("worker", LATER), referral.pk).cards
            if card.request.organisation == "Testerfield School"
        )  # fmt: skip
        assert (card.state, card.is_answer_before) == (CardState.WAITING, True)
        assert card.answer is not None
        assert card.answer.worker == "Otto Testworker"

    def test_the_same_number_of_queries_for_more(self, partners: Partners) -> None:
        one = answered(partners)
        children = tuple(
            replace(CHILD, given_name=name, birth_date=date(2014, 1, 2)) for name in ("Ada", "Bo", "Cy", "Di", "Ed")
        )
        six = referral_of(partners, people=(*children, replace(PARENT, birth_date=date(1985, 1, 1))))
        ask(partners, six, "school", "surgery", "police", people=people_in(six))
        for person in people_in(six)[:3]:
            answer(partners, "surgery", narrow={"person_id": person})
            services.record_judgement(
                referral=six, organisation=partners.organisations["surgery"], said_by="Dr", level=2, words="Why.",
                by=partners.by("worker"), at=AT,
            )  # fmt: skip
        counts = []
        for referral in (one, six):
            forget()  # settings are kept for five seconds: ask for them each time
            with CaptureQueriesContext(connection) as ran:
                assert profile(partners.by("worker", LATER), referral.pk).cards
            counts.append(len(ran))
        assert counts[0] == counts[1] <= 20

    def test_print_is_marked_and_has_nothing_to_press(self, partners: Partners, worker: Visitor) -> None:
        referral = answered(partners)
        page = worker.open("referral_profile_print", referral_id=referral.pk)
        main = page.content.decode().split("<main", 1)[1]
        assert "OFFICIAL-SENSITIVE" in main
        assert "<button" not in main
        assert "82% this term" in main


class TestAsking:
    def press(self, worker: Visitor, partners: Partners, referral: Referral, *names: str, **facts: Any) -> Any:
        told = {
            "organisations": [str(each) for each in partners.ids(*names)],
            "people": [str(people_in(referral)[0])],
            "level": "2",
            "purpose": "decide_help",
            "question": "Do you work with them?",
        }
        return worker.send("referral_ask_partners", told | facts, referral_id=referral.pk)

    def test_choices_and_why_others_cannot_be_asked(self, partners: Partners, worker: Visitor) -> None:
        referral = referral_of(partners)
        said = words(worker.open("referral_ask_partners", referral_id=referral.pk))
        assert "The family agrees, as the referral records." in said
        assert "Mock Lane Surgery" in said
        assert "it is shown from" not in said
        assert "Rowan Testerfield: it is shared from the age of 18" in said
        assert "without a sharing agreement that names your post" in said

    def test_one_press(self, partners: Partners, worker: Visitor) -> None:
        referral = referral_of(partners)
        page = self.press(worker, partners, referral, "school", "surgery")
        assert page.status_code == 302
        assert InformationRequest.objects.count() == 2
        assert "2 questions sent." in words(worker.open("referral_partners", referral_id=referral.pk))

    def test_without_agreement_a_manager_decides_first(self, partners: Partners, worker: Visitor) -> None:
        referral = referral_of(partners, family_knows=Answer.NOT_ASKED, family_agrees=Answer.NOT_ASKED)
        assert errors(self.press(worker, partners, referral, "school")) == [
            "Enter why they are asked without the family’s agreement"
        ]
        assert self.press(worker, partners, referral, "school", why="Nobody opens.").status_code == 302
        said = words(worker.open("referral_partners", referral_id=referral.pk))
        assert "Nobody has been asked yet" in said
        assert "Decide whether they are asked" not in said
        manager = Visitor(partners.place.accounts["manager"], LATER)
        assert "Decide whether they are asked" in words(manager.open("referral_partners", referral_id=referral.pk))
        asking = {"asking_id": Asking.objects.get().pk}
        assert worker.open("referral_agree_to_ask", **asking).status_code == 403
        assert (
            Visitor(partners.place.accounts["key_worker"], LATER).open("referral_agree_to_ask", **asking).status_code
            == 404
        )
        page = manager.open("referral_agree_to_ask", **asking)
        assert "Nobody opens." in words(page)
        assert manager.send("referral_agree_to_ask", {"how": "yes"}, **asking).status_code == 200
        told = {"how": "yes", "yes-basis": "safeguarding", "yes-reason": "Waiting could harm the child."}
        assert manager.send("referral_agree_to_ask", told, **asking).status_code == 302
        assert manager.open("referral_agree_to_ask", **asking).status_code == 302  # decided already
        assert InformationRequest.objects.count() == 1

    def test_a_manager_says_no(self, partners: Partners, worker: Visitor) -> None:
        referral = referral_of(partners, family_knows=Answer.NOT_ASKED, family_agrees=Answer.NOT_ASKED)
        self.press(worker, partners, referral, "school", why="Nobody opens.")
        manager = Visitor(partners.place.accounts["manager"], LATER)
        asking = {"asking_id": Asking.objects.get().pk}
        page = manager.send("referral_agree_to_ask", {"how": "no", "no-reason": ""}, **asking)
        assert errors(page) == ["Enter why they are not to be asked"]
        told = {"how": "no", "no-reason": "Ask the mother first."}
        assert manager.send("referral_agree_to_ask", told, **asking).status_code == 302
        assert "Ask the mother first." in words(worker.open("referral_partners", referral_id=referral.pk))
        assert Asking.objects.get().settled_at is not None

    def test_nothing_chosen_and_nobody_to_ask(self, partners: Partners, worker: Visitor) -> None:
        referral = referral_of(partners)
        page = worker.send("referral_ask_partners", {}, referral_id=referral.pk)
        assert set(errors(page)) >= {"Select at least one organisation", "Select at least one person"}
        page = self.press(worker, partners, referral, "school", organisations=["not-an-id"])
        assert page.status_code == 200

    def test_withdrawing(self, partners: Partners, worker: Visitor) -> None:
        referral = referral_of(partners)
        self.press(worker, partners, referral, "school")
        request = question_to(partners, "school")
        parts = {"referral_id": referral.pk, "question_id": request.pk}
        assert errors(worker.send("referral_withdraw_question", {}, **parts)) == ["Enter why the question is withdrawn"]
        assert worker.send("referral_withdraw_question", {"reason": "Wrong school."}, **parts).status_code == 302
        assert "Question withdrawn" in words(worker.open("referral_partners", referral_id=referral.pk))


class TestJudgementPage:
    def test_own_and_an_agencys(self, partners: Partners, worker: Visitor) -> None:
        referral = answered(partners)
        page = worker.open("referral_judgement", referral_id=referral.pk)
        assert "Testerfield School (level 3)" in words(page)
        told = {"whose": "front_door", "level": "2", "words": "Food parcels have started."}
        page = worker.send("referral_judgement", told, referral_id=referral.pk)
        assert "Say why, so that they can read it" in errors(page)[0]
        told["differs_because"] = "The school has not seen the parcels."
        assert worker.send("referral_judgement", told, referral_id=referral.pk).status_code == 302
        police = str(partners.organisations["police"].pk)
        told = {"whose": "agency", "organisation": police, "said_by": "PC Testlow", "level": "2", "words": "Quiet."}
        assert worker.send("referral_judgement", told, referral_id=referral.pk).status_code == 302
        said = words(worker.open("referral_partners", referral_id=referral.pk))
        assert "The school has not seen the parcels." in said
        assert "PC Testlow" in said
        assert "Professionals judge the level of need differently" in said


class TestAfterTheDecision:
    def test_late_answer_reaches_the_lead_professional_alone(self, partners: Partners, worker: Visitor) -> None:
        referral = allocated(partners, answered(partners))
        case = referral.case
        assert case is not None
        place = partners.place
        casework.name_lead_professional(
            case=case, post=place.posts["key_worker"], reason="", by=partners.by("team_manager"), at=AT
        )
        casework.add_member(case=case, post=place.posts["teacher"], by=partners.by("key_worker"), at=AT)
        parts = {"referral_id": referral.pk, "question_id": question_to(partners, "surgery").pk}
        assert "Closed without an answer" in words(worker.open("referral_partners", referral_id=referral.pk))
        told = {
            "said_by": "Dr Testwell",
            "words": "Seen twice for asthma.",
            "as_of-day": "18",
            "as_of-month": "11",
            "as_of-year": "2026",
        }
        assert worker.send("referral_late_answer", told, **parts).status_code == 302
        assert LateAnswer.objects.get().told == "Key worker Testerly"
        for who, sees in (("key_worker", True), ("team_manager", True), ("teacher", False)):
            said = words(Visitor(place.accounts[who], LATER).open("case_partners", case_id=case.pk))
            assert ("Seen twice for asthma." in said) is sees, who
            assert "Otto Testworker" in said
            for kept in ("82% this term", "hungry most mornings", "Ring the unit.", "What was asked."):
                assert kept not in said, (who, kept)

    def test_what_partners_answered_ends_for_the_front_door_with_the_referral(self, partners: Partners) -> None:
        """The ground to read an answer ends: a worker sees that it was answered, a manager keeps the record."""
        referral = answered(partners)
        worker, manager = (Visitor(partners.place.accounts[who], LATER) for who in ("worker", "manager"))
        for page in ("referral_partners", "referral_profile_print"):
            assert "82% this term" in words(worker.open(page, referral_id=referral.pk)), page
        allocated(partners, referral)
        for page in ("referral_partners", "referral_profile_print"):
            said = words(worker.open(page, referral_id=referral.pk))
            assert "Answered, no longer shown" in said, page
            for over in ("82% this term", "Otto Testworker", "Ring the unit."):
                assert over not in said, (page, over)
            assert "82% this term" in words(manager.open(page, referral_id=referral.pk)), page

    def test_lead_professional_gets_the_referral_page_shortened(self, partners: Partners) -> None:
        referral = allocated(partners, answered(partners))
        said = words(
            Visitor(partners.place.accounts["team_manager"], LATER).open("referral_partners", referral_id=referral.pk)
        )
        assert "Otto Testworker" in said
        assert "82% this term" not in said
        assert "How professionals judge it" not in said


PAGES = ("referral_partners", "referral_profile_print", "referral_ask_partners", "referral_judgement")


class TestWhoSeesWhat:
    @pytest.mark.parametrize(
        "who", ["teacher", "key_worker", "other_key_worker", "team_manager", "statutory", "designated"]
    )
    def test_nothing_there_for_outsiders(self, partners: Partners, who: str) -> None:
        referral = answered(partners)
        outsider = Visitor(partners.place.accounts[who], LATER)
        for page in PAGES:
            assert outsider.open(page, referral_id=referral.pk).status_code == 404, page
        parts = {"referral_id": referral.pk, "question_id": question_to(partners, "school").pk}
        for page in ("referral_withdraw_question", "referral_late_answer"):
            assert outsider.open(page, **parts).status_code == 404, page

    def test_whoever_answers_sees_neither_the_referral_nor_the_profile(self, partners: Partners) -> None:
        referral = answered(partners)
        school = Visitor(partners.accounts["school"], LATER)
        for page in PAGES:
            assert school.open(page, referral_id=referral.pk).status_code == 404, page

    def test_another_team_finds_no_case(self, partners: Partners) -> None:
        referral = allocated(partners, answered(partners))
        for who, expected in (("team_manager", 200), ("other_key_worker", 404), ("worker", 404), ("teacher", 404)):
            page = Visitor(partners.place.accounts[who], LATER).open("case_partners", case_id=referral.case_id)
            assert page.status_code == expected, who

    def test_every_page_has_one_heading_and_one_primary_button(self, partners: Partners, worker: Visitor) -> None:
        referral = answered(partners)
        for name in ("referral_partners", "referral_ask_partners", "referral_judgement"):
            page = worker.open(name, referral_id=referral.pk)
            assert heading(page), name
            assert primary_buttons(page) == 1, name
        assert factories.AT == AT
