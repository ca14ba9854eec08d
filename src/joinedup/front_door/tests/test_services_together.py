"""Two people at once, and every order of steps: real commits where they matter, and a walk through the lifecycle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import connection, connections, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from joinedup.access.actor import Actor
from joinedup.access.models import AuditEvent
from joinedup.casework.models import Case
from joinedup.core.errors import NotPermitted, Refused
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Answer, Outcome, Rating
from joinedup.front_door.lifecycle import MOVES, UNDECIDED, State
from joinedup.front_door.models import (
    Allocation,
    Contact,
    Decision,
    DutyPage,
    Handover,
    Referral,
    ReferralPerson,
    ReferralTransition,
    ReferrerReply,
)
from joinedup.front_door.rules import needs_two_people
from joinedup.front_door.tests.factories import (
    decide,
    decided,
    identify_all,
    make_partnership,
    new_contact,
    receive,
    search_all,
    set_duty,
)
from joinedup.organisations.tests.factories import AT


def together(*calls: Callable[[], object]) -> list[object]:
    """Each call in a thread and on a connection of its own, all let go at once; what each gave, or its refusal."""
    gate = threading.Barrier(len(calls))
    given: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            given[place] = call()
        except Refused as refusal:
            given[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return given


def refusals(given: list[object]) -> list[str]:
    return [each.rule for each in given if isinstance(each, Refused)]


def test_two_people_at_once(fresh_database: object) -> None:
    """One wins, the other is told; nothing is done twice. One database serves all, since making one takes a while."""
    place = make_partnership()

    # Two managers allocate the same referral, as they both saw it, to two teams.
    referral = decided(place)
    seen, by = referral.version, place.actor("manager")

    def allocate(team: object) -> Callable[[], object]:
        mine = Referral.objects.get(pk=referral.pk)
        return lambda: services.allocate_referral(
            referral=mine, team=team, reason="Nearest.", version=seen, by=by, at=AT
        )

    given = together(allocate(place.north_team), allocate(place.south_team))
    assert refusals(given) == ["FD-40"]
    assert (Case.objects.count(), Allocation.objects.count()) == (1, 1)
    assert [each for each in given if isinstance(each, Case)] == [Case.objects.get()]
    assert AuditEvent.objects.filter(kind="refusal", rule="FD-40").count() == 1

    # Two workers take the same new referral.
    new = receive(place)

    def take(who: str) -> Callable[[], object]:
        mine, actor = Referral.objects.get(pk=new.pk), place.actor(who)
        return lambda: services.take_referral(referral=mine, by=actor, at=AT)

    assert refusals(together(take("worker"), take("colleague"))) == ["FD-15"]
    assert ReferralTransition.objects.filter(referral=new, end=State.IN_TRIAGE).count() == 1

    # Two people rate it as they both saw it: the second is shown both texts.
    new.refresh_from_db()

    def rate(who: str, rating: Rating) -> Callable[[], object]:
        mine, actor = Referral.objects.get(pk=new.pk), place.actor(who)
        return lambda: services.rate_referral(
            referral=mine, rating=rating, reason="As I see it.", version=new.version, by=actor, at=AT
        )

    assert refusals(together(rate("worker", Rating.BLUE), rate("colleague", Rating.AMBER))) == ["CO-1"]

    # A form sent twice is one contact.
    contact, teacher = new_contact(idempotency_key="pressed twice"), place.actor("teacher")
    send = lambda: services.submit_referral(contact=contact, by=teacher, at=AT)  # noqa: E731
    sent = together(send, send, send)
    assert len({each.pk for each in sent if isinstance(each, Contact)}) == 1
    assert Contact.objects.filter(idempotency_key="pressed twice").count() == 1

    # Two keepers page for the same unaccepted red referral.
    set_duty(place, "worker", "social_worker")
    red = receive(place, is_immediate_danger=True)
    due = DutyPage.objects.get(referral=red).repeat_at
    keep = lambda: services.page_overdue(at=due)  # noqa: E731
    assert sum(each for each in together(keep, keep) if isinstance(each, int)) == 1
    assert DutyPage.objects.filter(referral=red).count() == 2


# --- Any order of steps.

_NAMES = st.sampled_from(["worker", "colleague", "social_worker", "manager"])
_OUTCOMES = st.sampled_from(
    [
        (Outcome.ADVICE, 1),
        (Outcome.EARLY_HELP, 2),
        (Outcome.FAMILY_SUPPORT, 3),
        (Outcome.STATUTORY, 4),
        (Outcome.NO_FURTHER_ACTION, 1),
        (Outcome.STATUTORY, 2),
        (Outcome.ADVICE, 4),
    ]
)


# Refusals of somebody who does what the page offers: these would mean that it offered what cannot be done.
_OUT_OF_PLACE = {"FD-14", "FD-15", "FD-23", "FD-31", "FD-39", "FD-41", "FD-60", "FD-80"}


class ReferralWalk(RuleBasedStateMachine):
    """Anybody tries anything in any order. Whatever is refused changes nothing; whatever passes keeps the promises."""

    def __init__(self) -> None:
        super().__init__()
        self._outer = transaction.atomic()
        self._outer.__enter__()
        self.place = make_partnership()

    @initialize(danger=st.booleans(), concern=st.booleans(), agrees=st.sampled_from(Answer))
    def arrive(self, danger: bool, concern: bool, agrees: Answer) -> None:
        self.referral = receive(
            self.place,
            is_immediate_danger=danger,
            is_safeguarding_concern=concern,
            family_agrees=agrees,
            agreement_reason="A reason.",
        )

    def attempt(self, call: Callable[[], object]) -> None:
        before = self._picture()
        self.referral.refresh_from_db()
        try:
            call()
        except Refused:
            assert self._picture() == before
        self.referral.refresh_from_db()

    def _picture(self) -> tuple[object, ...]:
        return (
            *Referral.objects.filter(pk=self.referral.pk).values_list("state", "version", "outcome", "held_by")[0],
            ReferralTransition.objects.count(),
            Decision.objects.filter(decided_at__isnull=False).count(),
            AuditEvent.objects.filter(kind="write").count(),
        )

    @rule(who=_NAMES, choice=st.integers(0, 9))
    def follow(self, who: str, choice: int) -> None:
        """Do what the page offers somebody. It may ask for more to be known first, but it is never out of place."""
        self.referral.refresh_from_db()
        seen = queries.referral(self.place.actor(who), self.referral.pk, purpose="test")
        offered = [move.code for move in seen.moves if move.is_allowed]
        if not offered:
            return
        refusal = None
        try:
            self._do(offered[choice % len(offered)], seen, self.place.actor(who))
        except Refused as caught:
            refusal = caught
        assert not isinstance(refusal, NotPermitted)
        assert refusal is None or refusal.rule not in _OUT_OF_PLACE
        self.referral.refresh_from_db()

    also_follow = follow
    follow_again = follow

    def _do(self, code: str, seen: queries.ReferralRecord, by: Actor) -> None:
        referral = queries.referral_for_change(by, self.referral.pk)
        kind = (Outcome.STATUTORY, 4) if seen.rating == "red" else (Outcome.EARLY_HELP, 2)
        decision = {
            "referral": referral, "outcome": kind[0], "level": kind[1], "reason": "So.", "version": seen.version,
        }  # fmt: skip
        calls: dict[str, Callable[[], object]] = {
            "accept_page": lambda: services.accept_page(
                page=queries.page_for_change(by, seen.page_waiting_id), by=by, at=AT
            ),
            "take_referral": lambda: services.take_referral(referral=referral, by=by, at=AT),
            "rate_referral": lambda: services.rate_referral(
                referral=referral, rating=Rating.GREEN, reason="So.", version=seen.version, by=by, at=AT
            ),
            "search_for": lambda: identify_all(self.place, referral),
            "choose_family": lambda: services.choose_family(referral=referral, family_id=None, by=by, at=AT),
            "record_agreement": lambda: services.record_agreement(
                referral=referral, knows=Answer.YES, agrees=Answer.YES, reason="", by=by, at=AT
            ),
            "decide": lambda: services.decide(**decision, by=by, at=AT),
            "propose_decision": lambda: services.propose_decision(**decision, by=by, at=AT),
            "confirm_decision": lambda: services.confirm_decision(
                decision=queries.decision_for_change(by, referral.pk), version=seen.version, by=by, at=AT
            ),
            "send_back_decision": lambda: services.send_back_decision(
                decision=queries.decision_for_change(by, referral.pk), reason="Ask more.", by=by, at=AT
            ),
            "allocate_referral": lambda: services.allocate_referral(
                referral=referral, team=self.place.north_team, reason="", version=seen.version, by=by, at=AT
            ),
            "hand_over": lambda: services.hand_over(referral=referral, by=by, at=AT),
            "close_referral": lambda: services.close_referral(referral=referral, by=by, at=AT),
            "tell_referrer": lambda: services.tell_referrer(referral=referral, how="phone", text="", by=by, at=AT),
        }
        calls[code]()

    @rule(who=_NAMES)
    def take(self, who: str) -> None:
        self.attempt(lambda: services.take_referral(referral=self.referral, by=self.place.actor(who), at=AT))

    @rule(who=_NAMES, rating=st.sampled_from(Rating), reason=st.sampled_from(["", "New facts."]))
    def rate(self, who: str, rating: Rating, reason: str) -> None:
        self.attempt(
            lambda: services.rate_referral(
                referral=self.referral,
                rating=rating,
                reason=reason,
                version=self.referral.version,
                by=self.place.actor(who),
                at=AT,
            )
        )

    @precondition(lambda self: self.referral.state in UNDECIDED)
    @rule(who=_NAMES)
    def search(self, who: str) -> None:
        search_all(self.place, self.referral, who=who)

    @precondition(lambda self: self.referral.state in UNDECIDED)
    @rule()
    def identify(self) -> None:
        if not ReferralPerson.objects.filter(referral=self.referral, person__isnull=False).exists():
            identify_all(self.place, self.referral)

    @rule(who=_NAMES)
    def choose_family(self, who: str) -> None:
        self.attempt(
            lambda: services.choose_family(referral=self.referral, family_id=None, by=self.place.actor(who), at=AT)
        )

    @rule(who=_NAMES, kind=_OUTCOMES, alone=st.booleans())
    def propose_or_decide(self, who: str, kind: tuple[Outcome, int], alone: bool) -> None:
        act = services.decide if alone else services.propose_decision
        self.attempt(
            lambda: act(
                referral=self.referral,
                outcome=kind[0],
                level=kind[1],
                reason="As it stands.",
                advice_given="Some.",
                version=self.referral.version,
                by=self.place.actor(who),
                at=AT,
            )
        )

    @rule(who=_NAMES, sends_back=st.booleans())
    def answer(self, who: str, sends_back: bool) -> None:
        for decision in Decision.objects.filter(decided_at__isnull=True, sent_back_at__isnull=True):
            by = self.place.actor(who)
            if sends_back:
                self.attempt(lambda: services.send_back_decision(decision=decision, reason="Ask more.", by=by, at=AT))  # noqa: B023
            else:
                self.attempt(
                    lambda: services.confirm_decision(decision=decision, version=self.referral.version, by=by, at=AT)  # noqa: B023
                )

    @rule(who=_NAMES, step=st.sampled_from(["allocate", "hand_over", "close", "pass"]))
    def go_on(self, who: str, step: str) -> None:
        by, referral = self.place.actor(who), self.referral
        calls: dict[str, Callable[[], object]] = {
            "allocate": lambda: services.allocate_referral(
                referral=referral, team=self.place.north_team, reason="", version=referral.version, by=by, at=AT
            ),
            "hand_over": lambda: services.hand_over(referral=referral, by=by, at=AT),
            "close": lambda: services.close_referral(referral=referral, by=by, at=AT),
            "pass": lambda: services.pass_to_case(referral=referral, by=by, at=AT),
        }
        self.attempt(calls[step])

    @rule(who=_NAMES, how=st.sampled_from(["email", "phone", "pigeon"]))
    def tell(self, who: str, how: str) -> None:
        self.attempt(
            lambda: services.tell_referrer(referral=self.referral, how=how, text="", by=self.place.actor(who), at=AT)
        )

    @invariant()
    def the_history_is_a_walk_along_the_table(self) -> None:
        if not hasattr(self, "referral"):
            return
        moves = list(ReferralTransition.objects.order_by("pk").values_list("start", "end"))
        assert moves[0] == ("", State.RECEIVED)
        for (_, here), (start, end) in pairwise(moves):
            assert here == start
            assert State(end) in MOVES[State(start)]
        assert moves[-1][1] == self.referral.state

    @invariant()
    def a_decision_keeps_its_promises(self) -> None:
        if not hasattr(self, "referral"):
            return
        for decision in Decision.objects.filter(decided_at__isnull=False):
            concern = self.referral.is_safeguarding_concern
            if needs_two_people(Outcome(decision.outcome), decision.level, is_safeguarding_concern=concern):
                assert decision.decided_by != decision.proposed_by
            assert (decision.level == 4) == (decision.outcome == Outcome.STATUTORY)
        state = State(self.referral.state)
        assert bool(self.referral.outcome) == (state not in UNDECIDED)
        assert Allocation.objects.count() == Case.objects.count() == (state == State.ALLOCATED)
        assert Handover.objects.count() == (state == State.HANDED_OVER)
        assert ReferrerReply.objects.count() == (state not in UNDECIDED)

    @invariant()
    def red_is_always_paged_or_taken_on(self) -> None:
        if hasattr(self, "referral") and self.referral.rating == Rating.RED:
            assert DutyPage.objects.exists()
            if self.referral.state not in UNDECIDED:
                assert not DutyPage.objects.filter(accepted_at__isnull=True).exists()

    def teardown(self) -> None:
        connection.set_rollback(True)
        self._outer.__exit__(None, None, None)


@pytest.mark.django_db
def test_any_order_of_steps_keeps_the_promises() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        ReferralWalk, settings=settings(max_examples=5, stateful_step_count=20, deadline=None, derandomize=True)
    )


@pytest.mark.deep
@pytest.mark.django_db
def test_any_order_of_steps_at_length() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(ReferralWalk, settings=settings(max_examples=300, stateful_step_count=40, deadline=None))


@pytest.mark.django_db
def test_two_deciders_meet_one_proposal() -> None:
    """The proposal is decided once, whatever the order of the answers."""
    place = make_partnership()
    referral = decided(place, Outcome.STATUTORY, 4)
    with pytest.raises(Refused):
        decide(place, referral, Outcome.STATUTORY, 4)
    assert Decision.objects.count() == 1
