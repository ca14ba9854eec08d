"""Rules of the test machine: who leads, the plan, its reviews, steps between levels, closing and coming back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from joinedup.casework import services
from joinedup.casework.codes import NEED_ENDS
from joinedup.casework.lifecycle import LIVE_STEPS, STEP_MOVES, ActionState, StepState
from joinedup.casework.models import Case, PlanAction, PlanNeed, PlanOutcome, ReReferral, Review, StatutoryPlan
from joinedup.casework.planning import ActionSaid, NeedEnd, NeedSaid, OutcomeSaid, StatutorySaid
from joinedup.casework.queries.plans import OUTCOME_KIND
from joinedup.casework.queries.reviews import unread_outcomes
from joinedup.casework.reviewing import Journey, StepSaid, after_refusal, step_fault, step_move_fault
from joinedup.casework.services import Attendance, Decision, Voice
from joinedup.casework.tests.factories import make_case
from joinedup.casework.tests.machine_holds import Holds
from joinedup.casework.tests.machine_world import TEAMS, WHICH
from joinedup.organisations.models import Post, Team
from joinedup.outcomes.queries import subjects_begun_after

LEVELS = st.sampled_from([2, 3, 4])
NUMBER = st.integers(0, 3)


class PlanRules(Holds):
    """Lead, plan, reviews, steps, closing."""

    # --- Who leads.

    def wrong_lead(self, post: Post) -> set[str]:
        """Why a post may not lead the case as it is."""
        row = self.row()
        plain = row.level < 4 and not self.has_social_work()
        may = post.team_id == row.team_id and (plain or post.team_id == self.world.teams["statutory"].pk)
        return set() if may else {"CW-3", "CW-202"}

    @rule(which=WHICH, number=NUMBER)
    def name_lead(self, which: str, number: int) -> None:
        post = self.post_in(which, number)
        if not self.model.is_open:
            rules = {"CW-11"}
        elif self.model.lead:
            rules = {"CW-6", "CW-201"}
        else:
            rules = self.wrong_lead(post)
        if self.expect(rules, services.name_lead_professional, case=self.row(), post=post, reason="Next."):
            self.model = replace(self.model, lead=post.account.name)

    @precondition(lambda self: self.model.is_open)
    @rule()
    def lead_falls_ill(self) -> None:
        if self.expect(set() if self.model.lead else {"CW-207"}, services.take_duty, case=self.row(), reason="Ill."):
            self.model = replace(self.model, lead="")

    # --- The plan.

    @rule()
    def open_plan(self) -> None:
        rules = {"CW-11"} if not self.model.is_open else {"CW-301"} if self.model.has_open_plan else set()
        if self.expect(rules, services.open_plan, case=self.row(), family_words="Quiet."):
            self.model = replace(self.model, has_open_plan=True, plans=self.model.plans + 1, open_needs=0)

    @precondition(lambda self: self.model.has_open_plan)
    @rule(value=st.integers(1, 9), of_child=st.booleans(), is_removed=st.booleans())
    def write_in_plan(self, value: int, *, of_child: bool, is_removed: bool) -> None:
        """A need with an outcome and an action; perhaps taken out again."""
        plan = self.plan()
        assert plan is not None
        section = plan.sections.filter(ended_at=None).order_by("pk").last() if of_child else None
        said = NeedSaid("N4", f"Need {value}", section.pk if section else None)
        self.expect(set(), services.add_need, plan=plan, said=said)
        need = PlanNeed.objects.filter(plan=plan).latest("pk")
        on = self.at.date()
        aim = OutcomeSaid("Better", self.world.measure.pk, Decimal(value), on, Decimal(10), on + timedelta(days=30))
        self.expect(set(), services.add_outcome, plan=plan, need_id=need.pk, said=aim)
        outcome = PlanOutcome.objects.filter(need=need).latest("pk")
        action = ActionSaid("Walk", on + timedelta(days=7), post_id=self.world.leads["north"].pk)
        self.expect(set(), services.add_action, plan=plan, outcome_id=outcome.pk, said=action)
        self.model = replace(self.model, open_needs=self.model.open_needs + 1)
        if is_removed:
            self.expect(set(), services.remove_item, plan=plan, kind="need", item_id=need.pk)
            self.model = replace(self.model, open_needs=self.model.open_needs - 1)

    @precondition(lambda self: self.model.has_open_plan)
    @rule(kind=st.sampled_from(["child_in_need", "education_health_care"]), ends=st.booleans())
    def statutory_work(self, kind: str, *, ends: bool) -> None:
        """A statutory plan is linked, or the one that is ends; whoever leads leads on, and the keeper tells the manager."""
        plan, on = self.plan(), self.at.date()
        assert plan is not None
        linked = StatutoryPlan.objects.filter(section__plan=plan, kind=kind, ends_on=None).first()
        said = StatutorySaid(
            kind, on - timedelta(days=2), "Council", "So", ends_on=on - timedelta(days=1) if ends else None
        )
        if linked is None:
            section = plan.sections.order_by("pk")[0]
            self.expect(set(), services.link_statutory_plan, plan=plan, section_id=section.pk, said=said)
        else:
            facts: dict[str, Any] = {"link_id": linked.pk, "said": said, "version": linked.version}
            self.expect(set(), services.read_statutory_plan, plan=plan, **facts)
        services.chase_qualified_leads(at=self.at)

    @precondition(lambda self: self.model.has_open_plan)
    @rule(end=st.sampled_from(sorted(NEED_ENDS)))
    def end_a_need(self, end: str) -> None:
        plan = self.plan()
        need = PlanNeed.objects.filter(plan=plan, removed_at=None, ended_at=None).first()
        if need is not None:
            facts: dict[str, Any] = {"need_id": need.pk, "end": NeedEnd(end, "So."), "version": need.version}
            self.expect(set(), services.end_need, plan=plan, **facts)
            self.model = replace(self.model, open_needs=self.model.open_needs - 1)

    @precondition(lambda self: self.model.has_open_plan)
    @rule(status=st.sampled_from(list(ActionState)))
    def mark_an_action(self, status: ActionState) -> None:
        alive = {"outcome__removed_at": None, "outcome__need__removed_at": None, "removed_at": None}
        action = PlanAction.objects.filter(outcome__need__plan=self.plan(), status="to_do", **alive).first()
        if action is not None and status is not ActionState.TO_DO:
            facts: dict[str, Any] = {"action_id": action.pk, "status": status, "words": "", "version": action.version}
            self.expect(set(), services.mark_action, plan=self.plan(), **facts)

    # --- Reviews.

    @precondition(lambda self: self.model.has_open_plan)
    @rule()
    def begin_review(self) -> None:
        plan = self.plan()
        assert plan is not None
        begun = plan.reviews.filter(state="begun").exists()
        empty = not PlanNeed.objects.filter(plan=plan, removed_at=None).exists()
        voices = [Voice(each.pk, "said", "Yes.") for each in plan.sections.all()]
        came = Attendance(people={plan.sections.all()[0].person_id: True})
        self.expect(
            {"CW-347"} if empty else {"CW-332"} if begun else set(), services.begin_review,
            plan=plan, held_on=self.at.date(), attendance=came, voices=voices,
        )  # fmt: skip

    @precondition(lambda self: self.model.has_open_plan)
    @rule(
        code=st.sampled_from(["continue", "close", "step"]), level=LEVELS, which=WHICH, is_read=st.booleans(),
        is_immediate=st.booleans(),
    )  # fmt: skip
    def decide_review(self, code: str, level: int, which: str, *, is_read: bool, is_immediate: bool) -> None:
        review = Review.objects.filter(plan=self.plan(), state="begun").first()
        if review is None:
            return
        live = {"removed_at": None, "need__removed_at": None, "need__ended_at": None}
        outcomes = list(PlanOutcome.objects.filter(need__plan=review.plan_id, **live)) if is_read else []
        later = subjects_begun_after(self.by, OUTCOME_KIND, [str(each.pk) for each in outcomes], review.held_on)
        for outcome in (each for each in outcomes if str(each.pk) not in later):
            services.record_progress(
                plan=review.plan, review=review, outcome_id=outcome.pk, value=Decimal(5), words="", by=self.by, at=self.at
            )  # fmt: skip
        team, row = self.world.teams[which], self.row()
        decision = Decision(code, "So.")
        rules = {"CW-336"} if unread_outcomes(self.by, review) else set()
        if code == "step":
            decision = Decision(
                "step_up" if level > row.level else "step_down", "So.", to_level=level, to_team=team,
                is_immediate=is_immediate,
            )  # fmt: skip
            rules = rules or self.step_rules(level, team, is_immediate=is_immediate)
        done = self.expect(rules, services.decide_review, review=review, decision=decision, version=review.version)
        if done and code == "step":
            self.step_asked(level, team, is_immediate=is_immediate)

    # --- Steps.

    def step_rules(self, level: int, team: Team, *, is_immediate: bool) -> set[str]:
        """Why a step may not be asked for."""
        said = StepSaid(self.row().level, level, team.kind, "Why.", is_immediate)
        fault = step_fault(said, has_step=self.step() is not None)
        return {"CW-11"} if not self.model.is_open else {fault.code} if fault else set()

    def step_asked(self, level: int, team: Team, *, is_immediate: bool) -> None:
        """It takes effect at once within a team, and where somebody is in danger."""
        if team.pk == self.team_before:
            self.model = replace(self.model, step="accepted", level=level, stage=0)
        elif is_immediate:
            self.model = replace(self.model, step="accepted", level=level, lead="", stage=0)
        else:
            self.model = replace(self.model, step="waiting", stage=0)

    @property
    def team_before(self) -> Any:
        """The team that had the family when the newest step was asked for."""
        return self.ask(
            "SELECT from_team_id FROM casework_step WHERE case_id = %s ORDER BY asked_at DESC LIMIT 1", self.case.pk
        )[0][0]

    @rule(level=LEVELS, which=WHICH, is_immediate=st.booleans())
    def ask_step(self, level: int, which: str, *, is_immediate: bool) -> None:
        team = self.world.teams[which]
        asked = {"to_level": level, "to_team": team, "reason": "Why.", "is_immediate": is_immediate}
        rules = self.step_rules(level, team, is_immediate=is_immediate)
        if self.expect(rules, services.ask_step, case=self.row(), **asked):
            self.step_asked(level, team, is_immediate=is_immediate)

    @precondition(lambda self: self.model.step in LIVE_STEPS)
    @rule(
        act=st.sampled_from(["accept", "refuse", "again", "withdraw", "onwards", "stays", "moves"]),
        is_named=st.booleans(),
    )
    def answer_step(self, act: str, *, is_named: bool) -> None:
        step = self.step()
        assert step is not None
        state = StepState(step.state)
        lead = self.world.leads[next(name for name in TEAMS if self.world.teams[name].pk == step.to_team_id)]
        ends = {
            "accept": StepState.ACCEPTED, "refuse": after_refusal(step.refusals + 1), "again": StepState.ASKED_AGAIN,
            "withdraw": StepState.WITHDRAWN, "onwards": StepState.DISAGREED, "stays": StepState.WITHDRAWN,
            "moves": StepState.ACCEPTED,
        }  # fmt: skip
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            "accept": (services.accept_step, {"lead": lead}), "refuse": (services.refuse_step, {"reason": "Full."}),
            "again": (services.ask_step_again, {"reason": "Look again."}),
            "withdraw": (services.withdraw_step, {"reason": "Not now."}),
        }  # fmt: skip
        end = ends[act]
        if act in calls:
            service, facts = calls[act]
            allowed = end in STEP_MOVES[state]
            assert (step_move_fault(state, end) is None) is allowed
            rules = set() if allowed else {"CW-326"}
        else:
            service = services.settle_disagreement
            facts = {"number": self.model.stage, "outcome": act, "words": "Said.", "lead": lead}
            is_last = act == "onwards" and self.model.stage == 3
            rules = {"CW-326"} if state is not StepState.DISAGREED else {"CW-329"} if is_last else set()
            if act == "onwards":
                facts["holder"] = self.world.settlers["Dora Testdirector"] if is_named else None
                rules = rules or (set() if is_named else {"CW-349"})  # of two directors somebody says which
        if not rules and end is StepState.ACCEPTED and self.has_social_work() and not lead.is_registered_social_worker:
            rules = {"CW-202"}
        asked = act in {"accept", "refuse", "onwards", "stays", "moves"}
        account = self.manager_of(step.to_team_id) if asked else None
        if not self.expect(rules, service, account, step=step, **facts):
            return
        stage = self.model.stage + 1 if end is StepState.DISAGREED else 0
        self.model = replace(self.model, step=end.value, stage=stage)
        if end is StepState.ACCEPTED:
            self.model = replace(self.model, level=step.to_level, lead=lead.account.name)

    @precondition(lambda self: self.model.step in LIVE_STEPS)
    @rule(name=st.sampled_from([*TEAMS, "Dora Testdirector", "Nolan Mockdirector"]))
    def name_holder(self, name: str) -> None:
        """For the first step of a disagreement somebody who answers for one of the two teams, for the later ones a director."""
        step, post = self.step(), self.world.settlers[name]
        assert step is not None
        fits = post.team_id in {step.from_team_id, step.to_team_id} if self.model.stage == 1 else name not in TEAMS
        rules = {"CW-330"} if step.state != StepState.DISAGREED else set() if fits else {"CW-349"}
        facts: dict[str, Any] = {"number": self.model.stage, "holder": post, "reason": "They know both."}
        account = self.manager_of(step.to_team_id)
        if self.expect(rules, services.name_holder, account, step=step, **facts):
            assert step.disagreements.get(ended_at=None).holder_id == post.pk

    # --- Closing, and coming back.

    @rule(is_said=st.booleans())
    def close(self, *, is_said: bool) -> None:
        row = self.row()
        needs = PlanNeed.objects.filter(plan=self.plan(), removed_at=None, ended_at=None) if self.plan() else []
        said = {need.pk: NeedEnd("met") for need in needs} if is_said else {}
        rules: set[str] = set()
        if not self.model.is_open:
            rules = {"CW-11"}
        elif self.step() is not None:
            rules = {"CW-320"}
        elif Review.objects.filter(plan__case=row, state="begun").exists():
            rules = {"CW-341"}
        elif self.model.open_needs and not is_said:
            rules = {"CW-340"}
        facts: dict[str, Any] = {"code": "RC7", "reason": "Well.", "needs": said, "version": row.version}
        if self.expect(rules, services.close_case, case=row, **facts):
            self.model = replace(self.model, is_open=False, has_open_plan=False, open_needs=0)

    @precondition(lambda self: not self.model.is_open)
    @rule()
    def come_back(self) -> None:
        """A new referral opens a new case; the earlier plan stays as it was. What the front door took back did not begin."""
        self.at += timedelta(days=20)
        self.has_acted = True
        began = Case.objects.filter(family_id=self.family.pk).exclude(sent_back__state="taken_back")
        earlier = began.order_by("-closed_at", "-pk").first()
        self.case = make_case(team=self.world.teams["north"], family=self.family, at=self.at)
        self.model = Journey(is_open=True, level=3, plans=self.model.plans)
        if earlier is None:
            assert not ReReferral.objects.filter(case=self.case).exists()
        elif self.at - earlier.closed_at < timedelta(days=360):
            assert self.case.re_referral.earlier_id == earlier.pk
