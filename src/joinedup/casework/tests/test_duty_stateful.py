"""Whatever happens to posts, accounts and offers: while a case is open, exactly one holds the duty at every moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from joinedup.access.actor import system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.access.services import close_account
from joinedup.casework import queries, services
from joinedup.casework.models import Case, CaseMember, LeadHandover
from joinedup.casework.queries.duty import duty_holders
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import Refused
from joinedup.organisations.models import Post
from joinedup.organisations.services import end_post
from joinedup.organisations.tests.factories import AT, make_post, make_team

WHO = st.integers(0, 30)
STEP = st.sampled_from([timedelta(minutes=1), timedelta(hours=3), timedelta(days=2)])


class Duty(RuleBasedStateMachine):
    """Two teams with managers who come and go, workers who come and go, and cases that are led, offered and taken."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic: Any = transaction.atomic()
        self.atomic.__enter__()
        self.at: datetime = AT
        self.workers: list[Post] = []
        self.managers: list[Post] = []
        self.cases: list[Case] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.team = make_team(phone="01632 960 300")
        self.managers = [make_post(role=Role.TEAM_MANAGER, team=self.team)[1] for _ in range(2)]
        self.workers = [make_post(team=self.team)[1] for _ in range(3)]
        self.cases = [make_case(team=self.team) for _ in range(2)]

    def try_to(self, function: Any, **arguments: Any) -> None:
        """A refusal changes nothing; anything else that is raised is a fault."""
        try:
            function(**arguments, at=self.at)
        except Refused:
            return

    def case(self, place: int) -> Case:
        return Case.objects.get(pk=self.cases[place % len(self.cases)].pk)

    @rule(place=WHO, who=WHO)
    def name(self, place: int, who: int) -> None:
        post = self.workers[who % len(self.workers)]
        self.try_to(services.name_lead_professional, case=self.case(place), post=post, reason="", by=system(self.at))

    @rule(place=WHO, who=WHO)
    def offer(self, place: int, who: int) -> None:
        post = self.workers[who % len(self.workers)]
        self.try_to(
            services.propose_handover, case=self.case(place), post=post, reason="It changes.", by=system(self.at)
        )

    @rule(which=WHO, how=st.sampled_from(["accept", "decline", "withdraw"]))
    def answer(self, which: int, how: str) -> None:
        offers = list(LeadHandover.objects.order_by("proposed_at", "pk"))
        if not offers:
            return
        offered = offers[which % len(offers)]
        call = {"accept": services.accept_handover, "withdraw": services.withdraw_handover}.get(how)
        if call is None:
            self.try_to(services.decline_handover, handover=offered, answer="No.", by=system(self.at))
        else:
            self.try_to(call, handover=offered, by=system(self.at))

    @rule(place=WHO)
    def take(self, place: int) -> None:
        self.try_to(services.take_duty, case=self.case(place), reason="At once.", by=system(self.at))

    @rule(who=WHO, is_manager=st.booleans(), later=st.sampled_from([0, 1, 60, 3000]))
    def leave(self, who: int, is_manager: bool, later: int) -> None:
        """A post ends now, or on a moment set beforehand, of which nothing is written when it comes."""
        posts = self.managers if is_manager else self.workers
        post = Post.objects.get(pk=posts[who % len(posts)].pk)
        ends_at = self.at + timedelta(minutes=later)
        self.try_to(end_post, post=post, ends_at=ends_at, reason="Left.", version=post.version, by=system(self.at))

    @rule(who=WHO, is_manager=st.booleans())
    def suspend(self, who: int, is_manager: bool) -> None:
        posts = self.managers if is_manager else self.workers
        account = Account.objects.get(pk=posts[who % len(posts)].account_id)
        self.try_to(close_account, account=account, reason="Suspended.", by=system(self.at))

    @rule(is_manager=st.booleans(), lasts=st.sampled_from([None, 30, 5000]))
    def come(self, is_manager: bool, lasts: int | None) -> None:
        ends_at = None if lasts is None else self.at + timedelta(minutes=lasts)
        role = Role.TEAM_MANAGER if is_manager else Role.KEY_WORKER
        post = make_post(role=role, team=self.team, starts_at=self.at, ends_at=ends_at, at=self.at)[1]
        (self.managers if is_manager else self.workers).append(post)

    @rule(step=STEP)
    def time_goes_on(self, step: timedelta) -> None:
        self.at += step

    @rule()
    def the_keeper_goes_round(self) -> None:
        services.write_down_leavers(at=self.at)

    @precondition(lambda self: self.cases)
    @invariant()
    def one_holds_the_duty(self) -> None:
        rows = list(Case.objects.open().select_related("lead_professional__account", "team"))
        found = duty_holders(system(self.at), rows)
        assert set(found) == {row.pk for row in rows}
        for row in rows:
            self._check_holder(row, found[row.pk])

    def _check_holder(self, row: Case, holder: Any) -> None:
        """Worked out here from the rows alone, in another way than the program does."""
        places = list(CaseMember.objects.filter(case=row, part="lead").select_related("post__account"))
        led = [
            each.post_id
            for each in places
            if each.joined_at <= self.at
            and (each.left_at is None or each.left_at > self.at)
            and (each.post.ends_at is None or each.post.ends_at > self.at)
            and each.post.account.is_active
        ]
        managers = [
            post.pk
            for post in Post.objects.filter(team=row.team, role=Role.TEAM_MANAGER).select_related("account")
            if post.starts_at <= self.at and (post.ends_at is None or post.ends_at > self.at) and post.account.is_active
        ]
        assert len(led) <= 1
        if led:
            assert (holder.kind, holder.post_id) == ("lead", led[0])
        elif managers:
            assert holder.kind == "manager"
            assert holder.post_id in managers
        else:
            assert (holder.kind, holder.phone) == ("team", "01632 960 300")

    @precondition(lambda self: self.cases)
    @invariant()
    def the_history_has_no_gap_and_no_overlap(self) -> None:
        for row in Case.objects.all():
            by = system(self.at)
            periods = queries.team_around(by, queries.case_frame(by, row.pk, purpose="test")).duties
            assert periods[0].starts_at == row.opened_at
            assert all(before.ends_at == after.starts_at for before, after in pairwise(periods))
            last = periods[-1].ends_at
            assert last is None or last > self.at

    @precondition(lambda self: self.cases)
    @invariant()
    def at_most_one_offer_waits(self) -> None:
        for row in self.cases:
            assert LeadHandover.objects.filter(case=row, state="proposed").count() <= 1


@pytest.mark.django_db
def test_exactly_one_holds_the_duty() -> None:
    run_state_machine_as_test(
        Duty,
        settings=settings(
            max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
        ),
    )  # fmt: skip
