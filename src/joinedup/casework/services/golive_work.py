"""Bringing the work of an old system over: plans, needs, outcomes, actions, reviews, agreements of the family, assessments.

Good rows land in one transaction, at their true dates; every other row is reported. Doing it again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.casework import assessing_v1, events, rules  # noqa: F401 - registers the first version
from joinedup.casework.assessing import HIGHEST, LOWEST, newest_spec
from joinedup.casework.golive import Fault
from joinedup.casework.golive_work import Legacy, Work, WorkExtract
from joinedup.casework.lifecycle import ENDED_ACTIONS, AssessmentState, PlanState, ReviewState
from joinedup.casework.meeting import next_review_by
from joinedup.casework.models import (
    Assessment,
    AssessmentSection,
    AssessmentTransition,
    Case,
    CaseBroughtOver,
    CasePerson,
    Plan,
    PlanAction,
    PlanChild,
    PlanNeed,
    PlanOutcome,
    Review,
    WorkBroughtOver,
)
from joinedup.casework.pathways import EARLY_HELP
from joinedup.casework.permissions import BRING_WORK_OVER
from joinedup.casework.queries.pathways import weeks_to_review
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.errors import Refused
from joinedup.core.models import new_reference
from joinedup.information_sharing.services import (
    Said,
    Scope,
    record_help_agreed,
    record_sharing_agreed,
    record_sharing_declined,
)
from joinedup.organisations.queries import open_organisations, posts_of_address
from joinedup.outcomes.queries import baseline_of, measure_with_id, measures
from joinedup.outcomes.services import record_baseline, record_reading
from joinedup.person_index.queries import people_by_reference

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post
    from joinedup.person_index.models import Person

Progress = Callable[[int, int], None]
_TARGETS: dict[Work, type[models.Model]] = {
    Work.PLANS: Plan, Work.NEEDS: PlanNeed, Work.OUTCOMES: PlanOutcome, Work.ACTIONS: PlanAction, Work.REVIEWS: Review,
    Work.ASSESSMENTS: Assessment,
}  # fmt: skip


@dataclass
class WorkBrought:
    """What became of every row of a file."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    ended: int = 0
    rejected: list[Fault] = field(default_factory=list)
    rejected_rows: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """They add up: read is everything else together."""
        return {
            "read": self.read, "created": self.created, "unchanged": self.unchanged, "ended": self.ended,
            "rejected": self.rejected_rows,
        }  # fmt: skip


@service(BRING_WORK_OVER)
def bring_work_over(
    *, agency: Organisation, extract: WorkExtract, by: Actor, at: datetime, progress: Progress | None = None
) -> WorkBrought:
    """Bring over every row of a file of one kind that can be, all in one transaction; the others are reported, each with its
    row and reason. What was brought over before stays as it is: doing it again changes nothing."""
    result = WorkBrought(read=extract.read, ended=extract.ended, rejected=list(extract.faults))
    known = Known(agency, extract.kind, by, at)
    groups = _groups(extract)
    for place, group in enumerate(groups, start=1):
        try:
            result.created += len(group) if _bring(extract.kind, group, known) else 0
        except Refused as refusal:
            name = refusal.field if refusal.field in group[0].raw else "reference"
            result.rejected += [
                Fault(each.row, name.replace("_", " "), each.raw.get(name, "")[:200], refusal.sentence)
                for each in group
            ]
        if progress is not None:
            progress(place, len(groups))
    WorkBroughtOver.objects.bulk_create(known.brought, batch_size=1_000)
    result.rejected.sort(key=lambda fault: (fault.row, fault.field))
    result.rejected_rows = len({fault.row for fault in result.rejected})
    result.unchanged = result.read - result.ended - result.created - result.rejected_rows
    note(subject=agency, changed=(extract.kind.value,), words=result.counts)
    return result


def _groups(extract: WorkExtract) -> list[list[Legacy]]:
    """The rows that land together: one by one, but of an assessment all its elements."""
    found: dict[str, list[Legacy]] = defaultdict(list)
    for each in extract.rows:
        found[each.reference].append(each)
    return list(found.values())


class Known:
    """What the rows speak of, looked up once for the whole file."""

    def __init__(self, agency: Organisation, kind: Work, by: Actor, at: datetime) -> None:
        self.agency, self.kind, self.by, self.at = agency, kind, by, at
        self.on = timezone.localdate(at)
        # What other parts keep is written by the program itself, inside this one guarded service.
        self.inside = system(at)
        self.before = dict(WorkBroughtOver.objects.filter(agency=agency, kind=kind).values_list("reference", "digest"))
        self.brought: list[WorkBroughtOver] = []  # written together, at the end
        self._ids: dict[Work, dict[str, UUID]] = {}
        self._targets: dict[tuple[Work, str], Any] = {}  # nothing in a file of one kind changes what it hangs on
        self._cases: dict[str, Case] | None = None
        self._people: dict[UUID, dict[UUID, Person]] = {}
        self._posts: dict[str, Post | None] = {}
        self.measures = {each.code: each.id for each in measures(self.inside)}

    def case(self, reference: str) -> Case:
        """The open case that was brought over under a reference; refused (CW-661) where there is none."""
        if self._cases is None:
            rows = CaseBroughtOver.objects.filter(agency=self.agency).select_related("case__lead_professional__account")
            self._cases = {each.reference: each.case for each in rows if each.case.state != "closed"}
        found = self._cases.get(reference)
        if found is None:
            raise rules.CASE_BROUGHT.refused()
        return found

    def target(self, kind: Work, reference: str, rule: rules.Rule) -> Any:
        """A record that was brought over before; refused where it was not."""
        if (kind, reference) in self._targets:
            return self._targets[kind, reference]
        if kind not in self._ids:
            rows = WorkBroughtOver.objects.filter(agency=self.agency, kind=kind)
            self._ids[kind] = dict(rows.values_list("reference", "target_id"))
        related = {
            Work.PLANS: ("case",), Work.NEEDS: ("plan__case", "section"),
            Work.OUTCOMES: ("need__plan__case__lead_professional__account",),
        }[kind]  # fmt: skip
        found = (
            _TARGETS[kind]._default_manager.select_related(*related).filter(pk=self._ids[kind].get(reference)).first()
        )
        if found is None:
            raise rule.refused()
        self._targets[kind, reference] = found
        return found

    def person(self, case: Case, reference: str) -> Person:
        """Somebody of a case by the agency's own reference; refused (CW-664) where nobody there has it."""
        if case.pk not in self._people:
            rows = CasePerson.objects.filter(case=case).select_related("person")
            self._people[case.pk] = {each.person_id: each.person for each in rows}
        found = people_by_reference(self.inside, self.agency.pk, {reference}).get(reference)
        if found is None or found.person.pk not in self._people[case.pk]:
            raise rules.PERSON_IN_CASE.refused()
        return self._people[case.pk][found.person.pk]

    def post(self, address: str) -> Post:
        """The post somebody with this address holds now; refused (CW-666) where nobody does."""
        if address not in self._posts:
            self._posts[address] = next(iter(posts_of_address(self.inside, address)), None)
        found = self._posts[address]
        if found is None:
            raise rules.OWNER_HERE.refused()
        return found


def _bring(kind: Work, group: list[Legacy], known: Known) -> bool:
    """One record; False where it was brought over before and nothing has changed."""
    first = group[0]
    digest = first.digest if len(group) == 1 else _digest_of(group)
    before = known.before.get(first.reference)
    if before is not None:
        if before != digest:
            raise rules.BROUGHT_BEFORE.refused()
        return False
    try:
        with transaction.atomic():
            target, case = _MAKERS[kind](group, known)
    except IntegrityError:
        raise rules.PLAN_HERE.refused() from None
    row = WorkBroughtOver(
        agency=known.agency, kind=kind, reference=first.reference, target_kind=target._meta.label_lower,
        target_id=target.pk, case=case, as_supplied=dict(first.raw) if len(group) == 1 else [dict(each.raw) for each in group],
        digest=digest, brought_at=known.at,
    )  # fmt: skip
    known.brought.append(row)
    return True


def _digest_of(group: list[Legacy]) -> str:
    import hashlib

    return hashlib.sha256("".join(sorted(each.digest for each in group)).encode()).hexdigest()


def _moment(day: date, known: Known) -> datetime:
    """Nine in the morning of a day, never after now."""
    return min(timezone.make_aware(datetime.combine(day, time(9))), known.at)


def _chronicle(
    kind: EventKind, source: models.Model, case: Case, known: Known, *, at: datetime, code: str = "", **words: str
) -> None:
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    note(people=people)
    reason = f"Brought over from {known.agency.name}."
    record_event(
        kind, source=source, by=known.by, at=at, people=people, family_id=case.family_id, team_id=case.team_id, code=code,
        words={**{name: said for name, said in words.items() if said}, "brought": reason},
    )  # fmt: skip


def _plan(group: list[Legacy], known: Known) -> tuple[models.Model, Case]:
    said = group[0].said
    case = known.case(said["case"])
    opened_at = max(_moment(said["opened_on"], known), case.opened_at)
    if said["opened_on"] < timezone.localdate(case.opened_at):
        raise rules.NOT_BEFORE_CASE.refused()
    if Plan.objects.filter(family_id=case.family_id, state=PlanState.OPEN).exists():
        raise rules.PLAN_HERE.refused()
    plan = Plan.objects.create(
        reference=new_reference("P"), family_id=case.family_id, case=case, state=PlanState.OPEN, opened_at=opened_at,
        family_words=said["family_words"], contingency=said["contingency"],
    )  # fmt: skip
    children = CasePerson.objects.filter(case=case, part="child").order_by("pk").values_list("person_id", flat=True)
    for person_id in children:
        taken = PlanChild.objects.filter(person_id=person_id, leads=True, ended_at__isnull=True).exists()
        PlanChild.objects.create(plan=plan, person_id=person_id, leads=not taken)
    _chronicle(events.PLAN_OPENED, case, case, known, at=opened_at, code=plan.reference)
    _chronicle(events.WORK_BROUGHT_OVER, case, case, known, at=known.at, code="plan", reference=plan.reference)
    return plan, case


def _need(group: list[Legacy], known: Known) -> tuple[models.Model, Case]:
    said = group[0].said
    plan: Plan = known.target(Work.PLANS, said["plan"], rules.PLAN_BROUGHT)
    section = None
    if said["person"]:
        person = known.person(plan.case, said["person"])
        section = PlanChild.objects.filter(plan=plan, person=person).first()
        if section is None:
            raise rules.PERSON_IN_CASE.refused()
    ended_at = _moment(said["ended_on"] or known.on, known) if said["end_code"] else None
    need = PlanNeed.objects.create(
        plan=plan, section=section, code=said["code"], words=said["words"], end_code=said["end_code"],
        end_words=said["end_words"] if said["end_code"] else "", ended_at=max(ended_at, plan.opened_at) if ended_at else None,
    )  # fmt: skip
    _chronicle(events.NEED_ADDED, plan.case, plan.case, known, at=plan.opened_at, code=need.code, need=need.words)
    if need.ended_at is not None:
        _chronicle(
            events.NEED_ENDED, plan.case, plan.case, known, at=need.ended_at, code=need.end_code, need=need.words
        )
    return need, plan.case


def _outcome(group: list[Legacy], known: Known) -> tuple[models.Model, Case]:
    said = group[0].said
    need: PlanNeed = known.target(Work.NEEDS, said["need"], rules.NEED_BROUGHT)
    measure_id = known.measures.get(said["measure"])
    if measure_id is None:
        raise rules.MEASURE_KNOWN.refused()
    measure = measure_with_id(known.inside, measure_id)
    if said["target_on"] <= said["on"]:
        raise rules.TARGET_TO_COME.refused()
    outcome = PlanOutcome.objects.create(
        need=need, words=said["words"], measure=measure, target=said["target"], target_on=said["target_on"]
    )
    person = need.section.person_id if need.section else None
    people = [person] if person else []
    record_baseline(
        measure=measure, subject=outcome, person_id=person, value=said["value"], on=said["on"], people=people, by=known.inside,
        at=known.at,
    )  # fmt: skip
    if said["latest"] is not None:
        baseline = baseline_of(known.inside, PlanOutcome._meta.label_lower, str(outcome.pk))
        record_reading(
            baseline=baseline, value=said["latest"], on=said["latest_on"] or known.on, words="", source=outcome, people=people,
            by=known.inside, at=known.at,
        )  # fmt: skip
    return outcome, need.plan.case


def _action(group: list[Legacy], known: Known) -> tuple[models.Model, Case]:
    said = group[0].said
    outcome: PlanOutcome = known.target(Work.OUTCOMES, said["outcome"], rules.OUTCOME_BROUGHT)
    case = outcome.need.plan.case
    post = known.post(said["owner"].lower()) if said["owner"] else case.lead_professional
    if post is None:
        raise rules.ONE_OWNER.refused()
    is_ended = said["status"] in {state.value for state in ENDED_ACTIONS}
    action = PlanAction.objects.create(
        outcome=outcome, words=said["words"], post=post, agency_id=post.host_id, service=said["service"], due_on=said["due_on"],
        evidence=said["evidence"], status=said["status"], ended_on=(said["ended_on"] or known.on) if is_ended else None,
    )  # fmt: skip
    return action, case


def _review(group: list[Legacy], known: Known) -> tuple[models.Model, Case]:
    said = group[0].said
    plan: Plan = known.target(Work.PLANS, said["plan"], rules.PLAN_BROUGHT)
    case = plan.case
    if said["held_on"] < timezone.localdate(case.opened_at):
        raise rules.NOT_BEFORE_CASE.refused()
    held_at = max(_moment(said["held_on"], known), case.opened_at)
    following = said["next_review_on"] or next_review_by(said["held_on"], weeks_to_review(case.pathway, known.on))
    review = Review.objects.create(
        plan=plan, state=ReviewState.DECIDED, held_on=said["held_on"], begun_at=held_at, decision=said["decision"],
        reason=said["reason"], decided_at=held_at, next_review_on=following,
    )  # fmt: skip
    later = Review.objects.filter(plan=plan, held_on__gt=said["held_on"]).exists()
    if said["next_review_on"] and not later:
        Case.objects.filter(pk=case.pk).update(review_due_on=said["next_review_on"])
    _chronicle(events.REVIEW_HELD, case, case, known, at=held_at, code=said["decision"], reason=said["reason"])
    return review, case


def _consent(group: list[Legacy], known: Known) -> tuple[models.Model, Case]:
    said = group[0].said
    case = known.case(said["case"])
    person = known.person(case, said["person"])
    voice = Said(said["given_by"], said["capacity"], said["evidence"], said["given_on"], said["reasons"])
    about: dict[str, Any] = {
        "person": person, "subject": (Case._meta.label_lower, str(case.pk)), "said": voice, "by": known.inside, "at": known.at,
    }  # fmt: skip
    if said["kind"] == "help":
        return record_help_agreed(expires_on=said["expires_on"], **about), case
    scope = _scope(said, known)
    if said["kind"] == "declined":
        return record_sharing_declined(words=said["words"] or "Not said.", scope=scope, **about), case
    return record_sharing_agreed(scope=scope, **about), case


def _scope(said: Any, known: Known) -> Scope:
    codes = {each.strip().upper() for each in said["organisations"].replace(",", ";").split(";") if each.strip()}
    rows = dict(open_organisations(known.inside, on=known.on).filter(code__in=codes).values_list("code", "pk"))
    if codes - set(rows):
        raise Refused(f"No organisation has this code: {', '.join(sorted(codes - set(rows)))}.", field="organisations")
    information = {each.strip().lower() for each in said["information"].replace(",", ";").split(";") if each.strip()}
    return Scope(list(rows.values()), sorted(information), said["expires_on"])


def _assessment(group: list[Legacy], known: Known) -> tuple[models.Model, Case]:
    """An assessment as history: its scores and words under the newest spec. A newer one supersedes it."""
    said = group[0].said
    case = known.case(said["case"])
    child = known.person(case, said["person"])
    spec = newest_spec()
    elements = {each.code: each for each in spec.elements}
    names = {each.title.lower(): each.code for each in spec.elements}
    answers: dict[str, dict[str, Any]] = {}
    for each in group:
        code = names.get(each.said["element"].lower(), each.said["element"].lower())
        score = each.said["score"]
        if code not in elements:
            raise Refused(f"The assessment has no element “{each.said['element']}”.", field="element")
        if score != score.to_integral_value() or not LOWEST <= score <= HIGHEST:
            raise Refused(f"A score is a whole number from {LOWEST} to {HIGHEST}.", field="score")
        answers[code] = {"score": int(score), **({"needs": each.said["words"]} if each.said["words"] else {})}
        if (each.said["assessed_on"], each.said["person"]) != (said["assessed_on"], said["person"]):
            raise Refused("The rows of one assessment say different days or children.", field="assessed_on")
    signed_at = _moment(said["assessed_on"], known)
    there = Assessment.objects.filter(case=case, child=child, state=AssessmentState.SIGNED).first()
    is_newest = there is None or (there.signed_at or signed_at) <= signed_at
    if there is not None and is_newest:
        there.state = AssessmentState.SUPERSEDED
        there.save(update_fields=["state"])
        AssessmentTransition.objects.create(
            assessment=there,
            start=AssessmentState.SIGNED,
            end=AssessmentState.SUPERSEDED,
            at=known.at,
            by=known.by.account_id,
        )
    earlier = Assessment.objects.filter(child=child, signed_at__lt=signed_at).order_by("-signed_at").first()
    row = Assessment.objects.create(
        reference=new_reference("A"), case=case, child=child, spec_version=spec.version, pathway=EARLY_HELP, pathway_version=1,
        state=AssessmentState.SIGNED if is_newest else AssessmentState.SUPERSEDED, previous=earlier, started_at=signed_at,
        signed_at=signed_at, seen_on=said["assessed_on"],
    )  # fmt: skip
    AssessmentSection.objects.bulk_create(
        [
            AssessmentSection(
                assessment=row, code=section.code, answers=answers.get(section.code, {}),
                saved_at=signed_at if section.code in answers else None,
            )
            for section in spec.sections
        ]
    )  # fmt: skip
    AssessmentTransition.objects.create(
        assessment=row, start="", end=row.state, at=signed_at, by=known.by.account_id, reason="Brought over."
    )
    _chronicle(
        events.ASSESSMENT_SIGNED, row, case, known, at=max(signed_at, case.opened_at), code=f"version_{spec.version}",
        reference=row.reference,
    )  # fmt: skip
    return row, case


_MAKERS: dict[Work, Callable[[list[Legacy], Known], tuple[models.Model, Case]]] = {
    Work.PLANS: _plan, Work.NEEDS: _need, Work.OUTCOMES: _outcome, Work.ACTIONS: _action, Work.REVIEWS: _review,
    Work.CONSENTS: _consent, Work.ASSESSMENTS: _assessment,
}  # fmt: skip
