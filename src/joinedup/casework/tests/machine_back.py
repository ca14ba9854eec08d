"""Rules of the test machine: what an allocation meeting sends back, to the front door or to the team that asks, and what the
front door answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from joinedup.access.models import Account
from joinedup.casework.allocating import Decided
from joinedup.casework.lifecycle import SentBackState, StepState
from joinedup.casework.models import CaseMember, Review, SentBack
from joinedup.casework.reviewing import after_refusal
from joinedup.casework.services.allocating import begin_allocation, decide_allocation, end_allocation
from joinedup.casework.services.sent_back import settle_sent_back
from joinedup.casework.tests.machine_plan import PlanRules
from joinedup.casework.tests.machine_world import WHICH
from joinedup.organisations.models import Team

_BACK = Decided("back", "Not ours.")
_ANSWERS = st.sampled_from([SentBackState.STAYS, SentBackState.MOVED, SentBackState.TAKEN_BACK])
_ASKED = {StepState.WAITING.value, StepState.ASKED_AGAIN.value}


class BackRules(PlanRules):
    """“Back” at an allocation meeting."""

    @property
    def sent(self) -> SentBack | None:
        """The newest time the family was sent back."""
        found = SentBack.objects.filter(case=self.case).select_related("case__team", "team")
        return found.order_by("-sent_at", "-pk").first()

    def sent_back_at(self, team: Team, rules: set[str], account: Account | None = None) -> bool:
        """A meeting of the team is held for this one decision."""
        meeting = begin_allocation(team=team, by=self.by, at=self.at)
        done = self.expect(rules, decide_allocation, account, meeting=meeting, case=self.row(), said=_BACK)
        meeting.refresh_from_db()
        end_allocation(meeting=meeting, present="", words="", version=meeting.version, by=self.by, at=self.at)
        return done

    @precondition(lambda self: self.model.is_open and not self.model.lead)
    @rule()
    def allocation_sends_back(self) -> None:
        """A new family goes to the front door, once; one that was led before stays with the manager."""
        row, sent = self.row(), self.sent
        is_new = not CaseMember.objects.filter(case=row, part="lead").exists()
        rules: set[str] = set()
        if sent is not None and sent.team_id == row.team_id:
            rules = {"CW-529"} if sent.state == "waiting" else {"CW-530"} if is_new and sent.state == "stays" else set()
        before = SentBack.objects.filter(case=row).count()
        if self.sent_back_at(row.team, rules):
            assert SentBack.objects.filter(case=row, state="waiting").count() == int(is_new)
            assert SentBack.objects.filter(case=row).count() == before + int(is_new)

    @precondition(lambda self: self.model.step in _ASKED)
    @rule()
    def allocation_refuses_a_step(self) -> None:
        step = self.step()
        assert step is not None
        if self.sent_back_at(step.to_team, set(), self.manager_of(step.to_team_id)):
            end = after_refusal(step.refusals + 1)
            stage = self.model.stage + 1 if end is StepState.DISAGREED else 0
            self.model = replace(self.model, step=end.value, stage=stage)

    @rule(end=_ANSWERS, which=WHICH)
    def front_door_answers(self, end: SentBackState, which: str) -> None:
        sent = self.sent
        if sent is None:
            return
        team = self.world.teams[which]
        facts: dict[str, Any] = {"sent_back": sent, "end": end, "words": "So.", "team": team}
        rules = self._answer_rules(sent, end, team)
        if self.expect(rules, settle_sent_back, self.world.front_door, **facts):
            if end is SentBackState.TAKEN_BACK:
                self.model = replace(self.model, is_open=False, has_open_plan=False, open_needs=0)
            assert end is not SentBackState.MOVED or self.row().team_id == team.pk

    def _answer_rules(self, sent: SentBack, end: SentBackState, team: Team) -> set[str]:
        row = self.row()
        fits = team.kind == ("statutory" if row.level >= 4 else "case_management")
        if not self.model.is_open:
            return {"CW-11"}
        if sent.state != "waiting":
            return {"CW-531"}
        if end is SentBackState.MOVED:
            return {"CW-533"} if team.pk == row.team_id or not fits else {"CW-320"} if self.step() else set()
        return self._close_rules() if end is SentBackState.TAKEN_BACK else set()

    def _close_rules(self) -> set[str]:
        if self.step() is not None:
            return {"CW-320"}
        if Review.objects.filter(plan__case=self.case, state="begun").exists():
            return {"CW-341"}
        return {"CW-340"} if self.model.open_needs else set()

    @invariant()
    def the_front_door_is_asked_only_while_nobody_leads(self) -> None:
        assert self.ask(
            "SELECT s.id FROM casework_sentback s JOIN casework_case c ON c.id = s.case_id WHERE c.family_id = %s AND s.state ="
            " 'waiting' AND (c.state <> 'waiting_for_lead' OR c.team_id <> s.team_id)", self.family.pk,
        ) == []  # fmt: skip
