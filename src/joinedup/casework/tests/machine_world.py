"""The world of the test machines of a case, and their tools: who works there, who asks, and what a service may answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from joinedup.access.actor import Actor, system
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.casework.lifecycle import LIVE_STEPS
from joinedup.casework.models import Case, LeadHandover, Plan, PlanNeed, Step
from joinedup.casework.reviewing import Journey
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.chronology.models import Event
from joinedup.core.errors import Refused
from joinedup.organisations.models import Organisation, Post, Team
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.outcomes.models import Measure
from joinedup.workforce.tests.factories import make_training

TEAMS = ("north", "south", "statutory")
WHICH = st.sampled_from(TEAMS)
BORN = date(2016, 3, 4)


class World:
    """Three teams, with who leads and who manages in each; an agency to share with; somebody outside. Made once."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {
            "north": make_team(name="North team"), "south": make_team(name="South team"),
            "statutory": make_team(kind="statutory", name="Assessment team"),
        }  # fmt: skip
        self.leads: dict[str, Post] = {}
        self.managers: dict[str, Account] = {}
        self.settlers: dict[
            str, Post
        ] = {}  # who could be named to settle a disagreement, for one of its steps or another
        self.accounts: list[Account] = []
        for name, team in self.teams.items():
            account, post = self.worker(name, f"Lead {name.title()}")
            manager, managing = make_post(role=Role.TEAM_MANAGER, team=team, name=f"Manager {name.title()}")
            make_training(manager)
            self.settlers[name] = managing
            self.leads[name], self.managers[name] = post, manager
            self.accounts += [account, manager]
        self.measure = Measure.objects.get(code="SCALE")
        self.partner: Organisation = make_organisation(code="NHS", name="Exampleshire Board", kind="nhs")
        outsider, self.outside = make_post(
            role=Role.REFERRER, employer=self.partner, host=self.partner, name="Cara Testwell"
        )
        self.front_door, _ = make_post(
            role=Role.FRONT_DOOR_MANAGER, team=make_team(kind="front_door", name="Front door"), name="Marlow Testington"
        )
        self.accounts += [outsider, self.front_door]
        for name in ("Dora Testdirector", "Nolan Mockdirector"):
            director, self.settlers[name] = make_post(role=Role.DIRECTOR, name=name)
            self.accounts.append(director)

    def worker(self, which: str, name: str) -> tuple[Account, Post]:
        """Somebody who may lead in a team."""
        role = Role.STATUTORY_OFFICER if which == "statutory" else Role.KEY_WORKER
        return make_post(role=role, team=self.teams[which], name=name, is_registered_social_worker=which == "statutory")


class Tools(RuleBasedStateMachine):
    """One family from the first case on. `model` is what the machine itself expects; `seers` are who could see the case when
    the step began."""

    world: World
    steps_taken = calls = refusals = 0  # of all machines of the run; a step that found nothing to do is none

    def __init__(self) -> None:
        super().__init__()
        self.at = AT
        self.model = Journey()
        self.hired: list[tuple[str, Account, Post]] = []
        self.is_person = False
        self.seers: set[UUID] = set()
        self.asked: dict[str, set[UUID]] = {}
        self.last_audit = 0
        self.has_acted = False  # since the last step was counted

    @initialize()
    def begin(self) -> None:
        """A family with two children, whose case nobody leads yet."""
        facts: dict[str, Any] = {"birth_date": BORN, "sex": "F"}
        self.children = [make_person(given_name="Rowan", **facts), make_person(given_name="Wren", **facts)]
        self.parent = make_person(given_name="Ash")
        people = [(child, "child") for child in self.children]
        self.family = make_family(*people, (self.parent, "parent"))
        self.case = make_case(team=self.world.teams["north"], family=self.family)
        self.model = Journey(is_open=True, level=3)
        newest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
        self.last_audit = newest or 0
        self.look_who_may_see(self.who_may_see())
        self.who_else_there_is()

    def who_else_there_is(self) -> None:
        """Who could join the case besides."""

    # --- What the rules ask of the tables.

    @property
    def by(self) -> Actor:
        """The program itself: for what is prepared, not tried."""
        return system(self.at)

    @property
    def accounts(self) -> list[Account]:
        """Everybody who could come by."""
        return [*self.world.accounts, *(account for _, account, _ in self.hired)]

    def row(self) -> Case:
        """The case as it is now."""
        return Case.objects.select_related("lead_professional__account", "team").get(pk=self.case.pk)

    def plan(self) -> Plan | None:
        """The open plan."""
        return Plan.objects.filter(case=self.case, state="open").first()

    def step(self) -> Step | None:
        """The step that waits for something."""
        return Step.objects.filter(case=self.case, state__in=[state.value for state in LIVE_STEPS]).first()

    def has_social_work(self) -> bool:
        """Whether a child of the family is in need by a plan that is in force, as the tables say."""
        sql = (
            "SELECT 1 FROM casework_statutoryplan s JOIN casework_planchild c ON c.id = s.section_id JOIN casework_plan p"
            " ON p.id = c.plan_id WHERE p.family_id = %s AND p.state = 'open' AND s.kind = 'child_in_need'"
            " AND s.removed_at IS NULL AND (s.ends_on IS NULL OR s.ends_on >= %s)"
        )
        return bool(self.ask(sql, self.family.pk, self.at.date()))

    def offer(self) -> LeadHandover | None:
        """The offer of the duty that nobody has answered."""
        return LeadHandover.objects.filter(case=self.case, state="proposed").first()

    @staticmethod
    def live_needs(plan: Plan | None) -> int:
        """Needs that are worked on."""
        return PlanNeed.objects.filter(plan=plan, removed_at=None, ended_at=None).count()

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from the tables."""
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    # --- Who acts.

    def post_in(self, which: str, number: int = 0) -> Post:
        """Somebody of a team who may lead: one of those who never leave, or somebody hired since."""
        posts = [self.world.leads[which], *(post for team, _, post in self.hired if team == which)]
        return posts[number % len(posts)]

    def manager_of(self, team_id: UUID) -> Account:
        """Who manages a team."""
        return next(self.world.managers[name] for name, team in self.world.teams.items() if team.pk == team_id)

    def actor(self, account: Account | None = None) -> Actor:
        """In every second example people act, by default the manager of the case's team; in the others the program does."""
        if not self.is_person:
            return system(self.at)
        return actor_of(account or self.manager_of(self.row().team_id), self.at)

    def expect(self, rules: Collection[str], service: Any, account: Account | None = None, **facts: Any) -> bool:
        """Call a service; it may be refused by one of these rules and by no other. True when it was done."""
        self.at += timedelta(hours=3)
        self.has_acted, refused = True, ""
        Tools.calls += 1
        try:
            service(**facts, by=self.actor(account), at=self.at)
        except Refused as refusal:
            refused = refusal.rule
            Tools.refusals += 1
        assert refused in (set(rules) or {""}), f"{service.__name__}: {refused or 'done'}, expected {rules or 'done'}"
        return not refused

    # --- Who may see the case, and who was asked something about it: worked out from the rows alone.

    def who_may_see(self) -> set[UUID]:
        """Accounts in the team around the child now, or managing its team, in posts held now."""
        held = (
            "p.starts_at <= %(at)s AND (p.ends_at IS NULL OR p.ends_at > %(at)s) AND EXISTS"
            " (SELECT 1 FROM access_account a WHERE a.id = p.account_id AND a.is_active)"
        )
        sql = (
            "SELECT p.account_id FROM organisations_post p JOIN casework_casemember m ON m.post_id = p.id"
            f" WHERE m.case_id = %(case)s AND m.joined_at <= %(at)s AND (m.left_at IS NULL OR m.left_at > %(at)s) AND {held}"
            " UNION SELECT p.account_id FROM organisations_post p JOIN casework_case c ON c.team_id = p.team_id"
            f" WHERE c.id = %(case)s AND p.role IN ('team_manager', 'statutory_officer') AND {held}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, {"case": self.case.pk, "at": self.at})
            return {account for (account,) in cursor.fetchall()}

    def look_who_may_see(self, seers: set[UUID]) -> None:
        """Keep it for the next step: whoever acts in it must have had the ground when it began."""
        self.seers = seers
        offered = self.ask(
            "SELECT p.account_id FROM casework_leadhandover h JOIN organisations_post p ON p.id = h.to_post_id"
            " WHERE h.case_id = %s AND h.state = 'proposed'", self.case.pk,
        )  # fmt: skip
        answering = self.ask(
            "SELECT p.account_id FROM casework_step s JOIN organisations_post p ON p.team_id = s.to_team_id"
            " AND p.role IN ('team_manager', 'statutory_officer') WHERE s.case_id = %s AND s.ended_at IS NULL", self.case.pk,
        )  # fmt: skip
        receivers = {account for (account,) in answering}
        settling = self.ask(
            "SELECT p.account_id FROM casework_disagreement d JOIN casework_step s ON s.id = d.step_id JOIN organisations_post p"
            " ON p.id = d.holder_id WHERE s.case_id = %s AND d.ended_at IS NULL", self.case.pk,
        )  # fmt: skip
        settlers = receivers | self.seers | {account for (account,) in settling}
        self.asked = {
            "casework.answer_handover": {account for (account,) in offered},
            "casework.answer_step": receivers,
            "casework.decide_allocation": receivers,
            "casework.answer_sent_back": {self.world.front_door.pk},
            "casework.settle_disagreement": settlers,
            "casework.name_holder": settlers,
        }

    def new_events(self) -> list[Event]:
        """Of the family, the oldest first."""
        return list(Event.objects.filter(family_id=self.family.pk).select_related("words").order_by("id"))
