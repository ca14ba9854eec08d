"""Answers that do not come: whoever is to answer is told of each, once, when its time has run out. The messages name nobody of
the family."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.casework.models import Case, CasePerson, Disagreement, LateAnswerChased, Step
from joinedup.casework.permissions import CHASE_LATE_ANSWER
from joinedup.casework.queries.duty import is_in_post, who_answers_for
from joinedup.casework.queries.late_answers import LATE_KINDS, LateAnswer, late_answers
from joinedup.casework.services.steps import holder_in_words, lock, settled_by, tell
from joinedup.core.formats import date_long, date_time, london

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


def chase_late_answers(*, at: datetime) -> int:
    """The keeper tells of each step that has no answer, each stage of a disagreement that is not settled and each withdrawal of
    agreement that is not decided on in time, and of each check after closing whose day has come. Returns of how many."""
    by = system(at)
    found = [each for kind in LATE_KINDS for each in late_answers(by, kind)]
    cases = Case.objects.in_bulk([each.case_id for each in found])
    return sum(chase_late_answer(case=cases[each.case_id], late=each, by=by, at=at) for each in found)


@service(CHASE_LATE_ANSWER)
def chase_late_answer(*, case: Case, late: LateAnswer, by: Actor, at: datetime) -> bool:
    """Tell of one answer that is late; False where it has come meanwhile, somebody has told of it, or there is nobody to
    tell: then it is told as soon as there is."""
    lock(case)
    if late.case_id != case.pk or late not in late_answers(by, late.kind):
        return False
    which = {"kind": late.kind, "about_id": late.about_id, "due_at": late.due_at}
    if LateAnswerChased.objects.filter(**which).exists() or not _TELL[late.kind](case, late, by):
        return False
    LateAnswerChased.objects.create(**which, case=case, chased_at=at)
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    note(people=people, changed=("late_answer_chased",), words={"kind": late.kind}, subject=case)
    return True


def _of_step(case: Case, late: LateAnswer, by: Actor) -> bool:
    """Both teams: the one that answers, and the one that keeps the duty until it does."""
    step = Step.objects.select_related("from_team", "to_team").get(pk=late.about_id)
    asked, keep = step.to_team.name, step.from_team.name
    posts = [*who_answers_for(by, step.to_team_id), *who_answers_for(by, step.from_team_id), *_lead(case, by.at)]
    return tell(
        posts, case, f"No answer yet: {case.reference}",
        f"{keep} asked {asked} to take {case.reference}, and {asked} was to answer by {date_time(late.due_at)}. Until it "
        f"accepts, {keep} keeps the duty. Sign in to Joinedup.", by.at,
    )  # fmt: skip


def _of_stage(case: Case, late: LateAnswer, by: Actor) -> bool:
    """Whoever is named to settle it, and both teams."""
    related = ("step__from_team", "step__to_team", "holder__account")
    stage = Disagreement.objects.select_related(*related).get(pk=late.about_id)
    step = stage.step
    return tell(
        [*settled_by(stage, by.at), *(post for team_id in step.teams for post in who_answers_for(by, team_id))], case,
        f"Disagreement not settled: {case.reference}",
        f"{step.from_team.name} and {step.to_team.name} disagree about {case.reference}. Step {stage.number} was to settle it "
        f"by {date_time(late.due_at)} ({stage.who}), by {holder_in_words(stage, by.at)}. Sign in to Joinedup to write down what "
        "was decided, to take it further, or to name somebody else.", by.at,
    )  # fmt: skip


def _of_withdrawal(case: Case, late: LateAnswer, by: Actor) -> bool:
    due = date_time(late.due_at)
    return tell(
        who_answers_for(by, case.team_id), case,
        f"Overdue decision: agreement withdrawn in {case.reference}",
        f"A family has withdrawn its agreement in case {case.reference}, and what follows was to be decided by {due}. Sign in "
        "to Joinedup and decide.", by.at,
    )  # fmt: skip


def _of_check(case: Case, late: LateAnswer, by: Actor) -> bool:
    """Whoever led to the end, and the team's managers: either may write it down."""
    return tell(
        [*_lead(case, by.at), *who_answers_for(by, case.team_id)], case,
        f"Has the change lasted? {case.reference}",
        f"{case.reference} has closed. Since {date_long(london(late.due_at))} it is time to ask whether the change has lasted. "
        "Sign in to Joinedup to write it down.", by.at,
    )  # fmt: skip


def _lead(case: Case, at: datetime) -> list[Post]:
    lead = case.lead_professional
    return [lead] if lead is not None and is_in_post(lead, at) else []


_TELL = {"step": _of_step, "stage": _of_stage, "withdrawal": _of_withdrawal, "check": _of_check}
