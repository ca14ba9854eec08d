"""Asking partners and what follows: footing, the clock, withdrawing, judgements, late answers. Success and refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from joinedup.access.models import AuditEvent
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.front_door import services
from joinedup.front_door.codes import Answer, Outcome, Rating
from joinedup.front_door.models import Asking, Judgement, LateAnswer, Referral
from joinedup.front_door.tests import factories
from joinedup.front_door.tests.factories import AT, decide, places_of
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
from joinedup.information_sharing.models import BasisGiven, InformationRequest
from joinedup.information_sharing.queries import request_to_answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners() -> Partners:
    return make_partners()


@contextmanager
def refused(rule: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.rule == rule


def no_agreement(partners: Partners, **facts: object) -> Referral:
    """A referral whose family has not been asked."""
    return referral_of(partners, family_knows=Answer.NOT_ASKED, family_agrees=Answer.NOT_ASKED, **facts)


class TestAsking:
    def test_one_press_asks_all(self, partners: Partners) -> None:
        referral = referral_of(partners)
        done = ask(partners, referral, "school", "surgery")
        assert (done.sent, done.not_sent, done.waits) == (2, (), False)
        requests = InformationRequest.objects.filter(subject_id=str(referral.pk))
        assert {each.organisation_id for each in requests} == set(partners.ids("school", "surgery"))
        assert all(each.family_agrees and each.level == 2 and each.state == "asked" for each in requests)
        asking = Asking.objects.get()
        assert (asking.footing, asking.level, asking.asked_by_account) == (
            "agreed", 2, partners.place.accounts["worker"].pk,
        )  # fmt: skip
        row = AuditEvent.objects.filter(action="front_door.ask_partners").get()
        assert set(row.people) == {places_of(referral)[0].person_id}

    def test_what_an_agreement_does_not_allow_is_said_and_the_rest_is_asked(self, partners: Partners) -> None:
        referral = referral_of(partners)
        done = ask(partners, referral, "school", "police", people=people_in(referral))
        assert done.sent == 2  # the school about the child, the police about the parent
        assert any("from the age of 18" in why for why in done.not_sent)
        assert any("up to the age of 20" in why for why in done.not_sent)

    def test_nobody_to_ask_is_refused(self, partners: Partners) -> None:
        referral = referral_of(partners)
        with refused("FD-128"):
            ask(partners, referral, "police")
        assert not Asking.objects.exists()
        assert AuditEvent.objects.filter(kind="refusal", rule="FD-128").count() == 1

    def test_an_agreement_that_has_expired_lets_nobody_ask(self, partners: Partners) -> None:
        referral = referral_of(partners)
        later = AT + timedelta(days=275)
        with refused("FD-128"):
            ask(partners, referral, "school", at=later)

    @pytest.mark.parametrize(
        ("facts", "rule"),
        [
            ({"level": None}, "FD-130"),
            ({"level": 7}, "FD-130"),
            ({"question": "  "}, "FD-136"),
            ({"people": ()}, "FD-121"),
        ],
    )
    def test_what_is_missing_is_refused(self, partners: Partners, facts: dict[str, object], rule: str) -> None:
        referral = referral_of(partners)
        with refused(rule):
            ask(partners, referral, "school", **facts)  # type: ignore[arg-type]
        with refused("FD-120"):
            ask(partners, referral)

    def test_somebody_elses_child_cannot_be_slipped_in(self, partners: Partners) -> None:
        referral = referral_of(partners)
        other = referral_of(partners, people=(factories.child_called("Other"),))
        with refused("FD-121"):
            ask(partners, referral, "school", people=people_in(other))

    def test_asked_twice_stands_once(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        done = ask(partners, referral, "school", "surgery")
        assert done.sent == 1
        assert any("has not answered yet" in why for why in done.not_sent)

    def test_asking_again_needs_something_new_and_closes_the_question_before(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        answer(partners, "school")
        before = question_to(partners, "school")
        with refused("FD-131"):
            ask(partners, referral, "school", at=AT + timedelta(hours=1))
        done = ask(partners, referral, "school", news="A neighbour has rung since.", at=AT + timedelta(hours=1))
        assert done.sent == 1
        before.refresh_from_db()
        assert before.state == "closed"
        assert question_to(partners, "school").pk != before.pk

    def test_not_after_the_decision(self, partners: Partners) -> None:
        referral = referral_of(partners)
        decide(partners.place, referral)
        with refused("FD-14"):
            ask(partners, referral, "school")

    @pytest.mark.parametrize("who", ["teacher", "key_worker", "team_manager", "statutory"])
    def test_only_the_front_door_asks(self, partners: Partners, who: str) -> None:
        referral = referral_of(partners)
        with pytest.raises(NotPermitted):
            ask(partners, referral, "school", who=who)
        assert not InformationRequest.objects.exists()


class TestWithoutAgreement:
    def test_at_levels_1_to_3_nobody_is_asked_before_a_manager_agrees(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        done = ask(partners, referral, "school", level=3, why="Nobody opens the door.")
        assert done.waits
        assert not InformationRequest.objects.exists()
        message = OutboxMessage.objects.filter(to=partners.place.accounts["manager"].email).get()
        assert "Rowan" not in message.subject + message.body
        later = AT + timedelta(minutes=20)
        agreed = services.agree_to_ask(
            asking=done.asking, basis="safeguarding", reason="Waiting could harm the child.",
            by=partners.by("manager", later), at=later,
        )  # fmt: skip
        assert agreed.sent == 1
        request = InformationRequest.objects.get()
        assert request.basis_given is not None
        assert request.basis_given.reason == "Waiting could harm the child."
        assert (request.level, request.family_agrees) == (3, False)
        assert Asking.objects.get().settled_by == partners.place.accounts["manager"].pk

    def test_the_basis_holds_for_what_it_was_given_for_and_no_other_question(self, partners: Partners) -> None:
        """The attack: a manager agrees to ask the school about the child; everybody is asked about everybody."""
        referral = no_agreement(partners)
        first = ask(partners, referral, "school", level=3, why="Nobody opens the door.").asking
        services.agree_to_ask(asking=first, basis="safeguarding", reason="Why.", by=partners.by("manager"), at=AT)
        answer(partners, "school")
        again = ask(partners, referral, "school", level=3, why="As before.", news="She rang.", who="manager")
        assert (again.sent, BasisGiven.objects.count()) == (1, 1)
        assert ask(partners, referral, "surgery", level=3, why="As before.").waits
        assert ask(partners, referral, "school", "surgery", level=3, why="As before.").waits
        assert ask(partners, referral, "police", people=people_in(referral), level=3, why="As before.").waits

    def test_the_basis_ends_and_a_manager_decides_anew(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        first = ask(partners, referral, "school", level=3, why="Nobody opens the door.").asking
        services.agree_to_ask(asking=first, basis="safeguarding", reason="Why.", by=partners.by("manager"), at=AT)
        answer(partners, "school")
        late = AT + timedelta(days=29)
        assert ask(partners, referral, "school", level=3, why="As before.", news="The mother rang.", at=late).waits

    def test_a_reason_is_needed(self, partners: Partners) -> None:
        with refused("FD-123"):
            ask(partners, no_agreement(partners), "school", level=3)

    def test_nobody_agrees_to_their_own(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        asking = ask(partners, referral, "school", level=2, why="Why.", who="manager").asking
        with refused("FD-124"):
            services.agree_to_ask(asking=asking, basis="safeguarding", reason="Why.", by=partners.by("manager"), at=AT)
        assert not InformationRequest.objects.exists()

    @pytest.mark.parametrize("who", ["worker", "social_worker", "team_manager", "teacher"])
    def test_only_a_front_door_manager_agrees(self, partners: Partners, who: str) -> None:
        asking = ask(partners, no_agreement(partners), "school", level=2, why="Why.").asking
        with pytest.raises(NotPermitted):
            services.agree_to_ask(asking=asking, basis="safeguarding", reason="Why.", by=partners.by(who), at=AT)

    def test_a_basis_has_a_name_and_a_reason(self, partners: Partners) -> None:
        asking = ask(partners, no_agreement(partners), "school", level=2, why="Why.").asking
        for basis, reason in (("because", "Why."), ("safeguarding", " ")):
            with refused("IS-11"):
                services.agree_to_ask(asking=asking, basis=basis, reason=reason, by=partners.by("manager"), at=AT)
        assert Asking.objects.get().waits_for_manager

    def test_a_manager_says_no(self, partners: Partners) -> None:
        asking = ask(partners, no_agreement(partners), "school", level=2, why="Why.").asking
        with refused("FD-132"):
            services.refuse_to_ask(asking=asking, reason="", by=partners.by("manager"), at=AT)
        services.refuse_to_ask(asking=asking, reason="Ask the mother first.", by=partners.by("manager"), at=AT)
        assert not InformationRequest.objects.exists()
        with refused("FD-129"):
            services.agree_to_ask(asking=asking, basis="safeguarding", reason="Why.", by=partners.by("manager"), at=AT)

    def test_at_level_4_nobody_waits_and_the_reason_is_kept(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        with refused("FD-123"):
            ask(partners, referral, "school", level=4)
        done = ask(partners, referral, "school", level=4, why="The child says they are being hurt.", purpose="protect")
        assert done.sent == 1
        assert Asking.objects.get().why_without_agreement == "The child says they are being hurt."
        assert InformationRequest.objects.get().basis_given is None

    def test_red_is_asked_about_as_level_4(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        by = partners.by("worker")
        services.rate_referral(referral=referral, rating=Rating.RED, reason="", version=referral.version, by=by, at=AT)
        done = ask(partners, referral, "school", "police", people=people_in(referral), level=2, why="Red.")
        assert done.sent == 2
        assert {each.level for each in InformationRequest.objects.all()} == {4}

    def test_agreement_recorded_meanwhile_takes_the_place_of_waiting(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        ask(partners, referral, "school", level=2, why="Why.")
        services.record_agreement(
            referral=referral, knows=Answer.YES, agrees=Answer.YES, reason="", by=partners.by("worker"), at=AT
        )
        assert ask(partners, referral, "school").sent == 1
        assert not Asking.objects.filter(waits_for_manager=True).exists()


class TestTheClock:
    def test_asking_waiting_and_answers_leave_it_where_it_was(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        before = referral.decide_by
        asking = ask(partners, referral, "school", "surgery", level=3, why="Why.").asking
        services.agree_to_ask(asking=asking, basis="safeguarding", reason="Why.", by=partners.by("manager"), at=AT)
        answer(partners, "school", at=AT + timedelta(hours=3))
        refuse(partners, "surgery", at=AT + timedelta(hours=4))
        referral.refresh_from_db()
        assert referral.decide_by == before

    @pytest.mark.parametrize(("minutes", "late"), [(-1, False), (0, False), (1, True)])
    def test_overdue_at_the_minute_with_answers_out(self, partners: Partners, minutes: int, late: bool) -> None:
        from joinedup.front_door.queries.profile import profile

        referral = referral_of(partners)
        ask(partners, referral, "school")
        at = referral.decide_by + timedelta(minutes=minutes)
        found = profile(partners.by("worker", at), referral.pk)
        assert found.is_overdue is late
        assert [card.request.organisation for card in found.outstanding] == ["Testerfield School"]
        assert found.time_left == {-1: "1 minute left", 0: "0 minutes left", 1: "overdue by 1 minute"}[minutes]

    def test_decided_with_answers_out_which_end_with_it(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school", "surgery")
        answer(partners, "surgery")
        waiting = question_to(partners, "school")
        assert request_to_answer(partners.by("school"), waiting.pk, purpose="answer") is not None
        decide(partners.place, referral)
        assert {each.state for each in InformationRequest.objects.all()} == {"closed"}
        for name in ("school", "surgery"):
            with pytest.raises(NotVisible):
                request_to_answer(partners.by(name), question_to(partners, name).pk, purpose="answer")

    def test_what_waits_for_a_manager_ends_with_the_decision(self, partners: Partners) -> None:
        referral = no_agreement(partners)
        ask(partners, referral, "school", level=3, why="Why.")
        decide(partners.place, referral, Outcome.ADVICE, 1)
        asking = Asking.objects.get()
        assert not asking.waits_for_manager
        assert asking.not_agreed_reason == "The referral is decided."

    def test_somebody_else_after_all_takes_the_questions_back(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        services.undo_identification(place=places_of(referral)[0], reason="A cousin.", by=partners.by("worker"), at=AT)
        assert question_to(partners, "school").state == "closed"


class TestWithdrawing:
    def test_who_asked_takes_it_back(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        request = question_to(partners, "school")
        services.withdraw_question(
            referral=referral, request_id=request.pk, reason="Wrong school.", by=partners.by("worker"), at=AT
        )
        request.refresh_from_db()
        assert request.state == "withdrawn"
        with pytest.raises(NotVisible):
            request_to_answer(partners.by("school"), request.pk, purpose="answer")

    def test_not_by_way_of_another_referral(self, partners: Partners) -> None:
        one = referral_of(partners)
        ask(partners, one, "school")
        other = referral_of(partners, people=(factories.child_called("Other"),))
        with pytest.raises(NotVisible):
            services.withdraw_question(
                referral=other, request_id=question_to(partners, "school").pk, reason="Why.",
                by=partners.by("worker"), at=AT,
            )  # fmt: skip

    def test_not_once_answered(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        answer(partners, "school")
        with refused("IS-20"):
            services.withdraw_question(
                referral=referral, request_id=question_to(partners, "school").pk, reason="Why.",
                by=partners.by("worker"), at=AT,
            )  # fmt: skip


class TestJudgements:
    def test_an_agencys_and_the_front_doors_own(self, partners: Partners) -> None:
        referral = referral_of(partners)
        by = partners.by("worker")
        services.record_judgement(
            referral=referral, organisation=partners.organisations["police"], said_by="PC Testlow", level=3,
            words="Called out three times.", by=by, at=AT,
        )  # fmt: skip
        with refused("FD-135"):
            services.record_judgement(
                referral=referral, organisation=None, said_by="", level=2, words="Quieter now.", by=by, at=AT
            )
        own = services.record_judgement(
            referral=referral, organisation=None, said_by="", level=2, words="Quieter now.",
            differs_because="The last call was in spring.", by=by, at=AT,
        )  # fmt: skip
        assert own.said_by == by.name
        assert Event.objects.filter(kind="front_door.judgement_recorded").count() == 2

    def test_a_level_in_an_answer_counts_as_a_judgement(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        answer(partners, "school", level_of_need=3, judgement="He is often hungry.")
        with refused("FD-135"):
            services.record_judgement(
                referral=referral, organisation=None, said_by="", level=2, words="Why.", by=partners.by("worker"), at=AT
            )

    @pytest.mark.parametrize(
        ("level", "words", "rule"), [(None, "Why.", "FD-133"), (9, "Why.", "FD-133"), (2, " ", "FD-134")]
    )
    def test_a_level_and_words(self, partners: Partners, level: int | None, words: str, rule: str) -> None:
        with refused(rule):
            services.record_judgement(
                referral=referral_of(partners), organisation=None, said_by="", level=level, words=words,
                by=partners.by("worker"), at=AT,
            )  # fmt: skip
        assert not Judgement.objects.exists()


class TestLateAnswers:
    def allocated(self, partners: Partners) -> Referral:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        decide(partners.place, referral)
        referral.refresh_from_db()
        services.allocate_referral(
            referral=referral, team=partners.place.north_team, reason="", version=referral.version,
            by=partners.by("manager"), at=AT,
        )  # fmt: skip
        referral.refresh_from_db()
        return referral

    def record(self, partners: Partners, referral: Referral, **facts: object) -> LateAnswer:
        given = {"said_by": "The school secretary", "words": "He has a place at breakfast club.", "as_of": AT.date()}
        return services.record_late_answer(
            referral=referral, request_id=question_to(partners, "school").pk, by=partners.by("worker"), at=AT,
            **(given | facts),
        )  # type: ignore[arg-type]  # fmt: skip

    def test_it_stands_as_late_and_the_team_is_told(self, partners: Partners) -> None:
        referral = self.allocated(partners)
        late = self.record(partners, referral)
        assert late.told == "Team manager Testerly"
        message = OutboxMessage.objects.filter(subject__startswith="A partner answered late").get()
        assert message.to == partners.place.accounts["team_manager"].email
        assert "Rowan" not in message.body
        assert "breakfast" not in message.body
        assert Event.objects.filter(kind="front_door.late_answer_came").count() == 1

    def test_not_while_the_partner_can_still_answer(self, partners: Partners) -> None:
        referral = referral_of(partners)
        ask(partners, referral, "school")
        with refused("FD-137"):
            self.record(partners, referral)

    def test_no_day_in_the_future_and_words(self, partners: Partners) -> None:
        referral = self.allocated(partners)
        for facts, rule in (
            ({"as_of": date(2027, 1, 1)}, "FD-138"),
            ({"words": " "}, "FD-140"),
            ({"said_by": ""}, "FD-139"),
        ):
            with refused(rule):
                self.record(partners, referral, **facts)
        assert not LateAnswer.objects.exists()

    def test_only_about_a_question_of_this_referral(self, partners: Partners) -> None:
        referral = self.allocated(partners)
        other = referral_of(partners, people=(factories.child_called("Other"),))
        decide(partners.place, other)
        other.refresh_from_db()
        with pytest.raises(NotVisible):
            self.record(partners, other)
        assert referral.late_answers.count() == 0
