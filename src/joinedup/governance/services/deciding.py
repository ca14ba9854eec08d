"""Decisions: taken in a meeting, approved by the partners whose power they use, called in, carried out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.benefits import queries as programmes
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import date_long
from joinedup.core.models import new_reference
from joinedup.engines.money import format_pounds
from joinedup.engines.periods import add_working_days
from joinedup.governance import quorum, rules
from joinedup.governance.codes import BOARD_KINDS, NEVER_DECIDES
from joinedup.governance.effects import Approved, Body, Matter, Order, effect_kinds, effect_of
from joinedup.governance.frozen import differences, digest_of
from joinedup.governance.lifecycle import (
    DECISION_LABELS,
    MEETING_LABELS,
    DecisionState,
    MeetingState,
    decision_state,
    may_be_called_in,
)
from joinedup.governance.models import (
    AgendaItem,
    Approval,
    BoardTerms,
    CallIn,
    CallInAnswer,
    Decision,
    DecisionBody,
    Effected,
    EffectRefused,
    Meeting,
    MeetingStep,
    Vote,
)
from joinedup.governance.permissions import (
    APPROVE_FOR_PARTNER,
    CALL_IN_DECISION,
    CARRY_OUT_DECISION,
    RUN_MEETINGS,
)
from joinedup.governance.queries.decisions import decisions_to_carry_out, facts_of
from joinedup.governance.queries.sitting import powers_on, table_for, terms_on
from joinedup.governance.services.plans import judge_before_vote

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class DecisionSaid:
    """What is said of a decision. `maker` is the legal decision-maker; `votes` by appointment; `chosen` answers the questions
    of its effect; `bodies` are the partners whose power a decision in words alone uses."""

    what: str
    why: str
    options: str
    maker: Organisation | None
    votes: Mapping[UUID, str]
    chosen: Mapping[str, str] = field(default_factory=dict)
    bodies: tuple[Body, ...] = ()


@service(RUN_MEETINGS, on="item")
def record_decision(*, item: AgendaItem, said: DecisionSaid, by: Actor, at: datetime) -> Decision:
    """Record what the board decided on an item, with the vote and the evidence as it is at this moment. Refuses outside a held
    meeting (GV-301), out of quorum (GV-302), without the power or beyond it (GV-303, GV-304), for a board that never decides
    (GV-305), twice (GV-307), votes of people who may not (GV-309, GV-310), what waits no more (GV-312), and what is not chosen
    or could not be carried out (GV-313)."""
    meeting = Meeting.objects.select_for_update().select_related("board").get(pk=item.meeting_id)
    if meeting.state != MeetingState.HELD:
        raise rules.DECISION_HELD.refused(state=MEETING_LABELS[MeetingState(meeting.state)].lower())
    if meeting.board.kind in NEVER_DECIDES:
        raise rules.SCRUTINY_RECOMMENDS.refused(kind=BOARD_KINDS[meeting.board.kind].lower())
    if Decision.objects.filter(item=item).exists():
        raise rules.DECISION_ONCE.refused()
    maker = _judge_words(said)
    day = timezone.localdate(meeting.starts_at)
    terms = terms_on(by, meeting.board_id, day)
    counted, result = _voted(by, meeting, item, terms, said.votes)
    matter, bodies = _matter(item, said, at)
    power = _power(by, meeting, item, terms.name, matter, day)
    evidence, chosen = dict(matter.evidence) if matter else {}, _chosen(matter, said)
    until = add_working_days(timezone.localdate(at), terms.call_in_days) if terms.call_in_days else None
    made = Decision.objects.create(
        item=item, board_id=meeting.board_id, reference=new_reference("DN"), what=said.what.strip(), why=said.why.strip(),
        options=said.options.strip(), maker=maker, effect=item.matter_kind if matter else "",
        matter_id=matter.id if matter else None, chosen=chosen, pence=matter.pence if matter else None,
        evidence=evidence, carried=result.carried, vote_words=result.words, quorum_words=counted.words, power_words=power,
        digest=digest_of(evidence, item.matter_kind if matter else "", matter.id if matter else None, chosen),
        call_in_until=until if result.carried else None, decided_at=at, decided_by=by.account_id,
    )  # fmt: skip
    Vote.objects.bulk_create([Vote(decision=made, appointment_id=each, vote=how) for each, how in said.votes.items()])
    DecisionBody.objects.bulk_create([DecisionBody(decision=made, organisation_id=each.id) for each in bodies])
    note(subject=made, changed=("decision",), words={"carried": result.carried, "digest": made.digest})
    _try_effect(made, by=by, at=at)
    return made


def _judge_words(said: DecisionSaid) -> Organisation:
    for words, name in ((said.what, "what"), (said.why, "why"), (said.options, "options")):
        if not words.strip():
            raise rules.DECISION_WORDS.refused(name)
    if said.maker is None:
        raise rules.DECISION_MAKER.refused()
    if not said.votes:
        raise rules.VOTE_NONE.refused()
    return said.maker


def _voted(
    by: Actor, meeting: Meeting, item: AgendaItem, terms: BoardTerms, votes: Mapping[UUID, str]
) -> tuple[quorum.Quorum, quorum.Result]:
    members, table = table_for(by, meeting, item.pk)
    counted = quorum.quorum_of(table, members_needed=terms.quorum_members, bodies_needed=terms.quorum_bodies)
    if not counted.is_met:
        raise rules.NO_QUORUM.refused(words=counted.words)
    there = {each.id: (each, place) for each, place in zip(members, table, strict=True)}
    for appointment in votes:
        found = there.get(appointment)
        if found is None or not found[0].has_vote:
            raise rules.VOTE_ABSENT.refused(name=found[0].name if found else "Somebody who voted")
        if found[1].has_withdrawn:
            raise rules.VOTE_WITHDRAWN.refused(name=found[0].name)
    chair = next((how for each, how in votes.items() if there[each][0].is_chair), "")
    return counted, quorum.result_of(votes.values(), chair)


def _matter(item: AgendaItem, said: DecisionSaid, at: datetime) -> tuple[Matter | None, tuple[Body, ...]]:
    effect = effect_of(item.matter_kind)
    if effect is None or item.matter_id is None:
        return None, said.bodies
    try:
        matter = effect.look(system(at), item.matter_id)
    except NotVisible:
        raise rules.MATTER_GONE.refused(why="it was settled, or changed, since it was put on the agenda.") from None
    for question in matter.questions:
        if said.chosen.get(question.name) not in {key for key, _ in question.options}:
            raise rules.CHOICE_NEEDED.refused(f"chosen_{question.name}", what=question.label)
    if item.matter_kind == "name_sponsor":
        _judge_officer(matter, said.chosen, at)
    if item.matter_kind == "adopt_plan":
        judge_before_vote(matter.id, item.board_id, at)
    return matter, effect.bodies_of(matter, said.chosen)


def _judge_officer(matter: Matter, chosen: Mapping[str, str], at: datetime) -> None:
    """Programmes refuse an officer of another body (BN-114). A decision that could never have effect is not taken."""
    found = programmes.strand_awaiting(system(at), matter.id)
    sponsor = next((each for each in found.partners if str(each.pk) == chosen["sponsor"]), None)
    officer = next((each for each in found.officers if str(each.pk) == chosen["officer"]), None)
    if sponsor is not None and officer is not None and sponsor.pk not in {officer.host_id, officer.employer_id}:
        raise rules.CHOICE_NEEDED.refused("chosen_officer", what=f"an officer who holds a post at {sponsor.name}.")


def _chosen(matter: Matter | None, said: DecisionSaid) -> dict[str, str]:
    """What was chosen, with its words as they were read: partners approve what they can see."""
    found = dict(said.chosen)
    for question in matter.questions if matter else ():
        found[f"{question.name}_words"] = dict(question.options)[said.chosen[question.name]]
    return found


def _power(by: Actor, meeting: Meeting, item: AgendaItem, name: str, matter: Matter | None, day: date) -> str:
    if matter is None:
        return "A decision in words, within the terms of reference."
    what = effect_kinds()[item.matter_kind].lower()
    held = powers_on(by, meeting.board_id, day).get(item.matter_kind)
    if held is None:
        raise rules.NO_POWER.refused(board=name, what=what)
    limit = "without a limit" if held.limit_pence is None else f"up to {format_pounds(held.limit_pence)}"
    if held.limit_pence is not None and matter.pence is not None and matter.pence > held.limit_pence:
        raise rules.BEYOND_POWER.refused(
            amount=format_pounds(matter.pence), board=name, limit=format_pounds(held.limit_pence)
        )
    return f"May {what}, {limit}: {held.source}"[:400]


@service(APPROVE_FOR_PARTNER, on="organisation")
def record_approval(
    *, organisation: Organisation, decision: Decision, agrees: bool, body: str, approved_on: date, minute: str, by: Actor,
    at: datetime,
) -> Approval:  # fmt: skip
    """A partner’s own answer to a decision that uses its power: its body, the day and the minute. With the last one, and no
    call-in to wait for, the decision takes effect. Refuses GV-320 to GV-326."""
    AgendaItem.objects.select_for_update().get(pk=decision.item_id)
    if not DecisionBody.objects.filter(decision=decision, organisation=organisation).exists():
        raise rules.APPROVAL_BODY.refused(organisation=organisation.name)
    if Approval.objects.filter(decision=decision, organisation=organisation).exists():
        raise rules.APPROVAL_ONCE.refused(organisation=organisation.name)
    state = _state(decision, at)
    if state not in {DecisionState.WAITING, DecisionState.CALLED_IN}:
        raise rules.APPROVAL_CLOSED.refused(state=DECISION_LABELS[state].lower())
    if not body.strip() or not minute.strip():
        raise rules.APPROVAL_MINUTE.refused()
    if approved_on > timezone.localdate(at):
        raise rules.APPROVAL_DAY.refused()
    first = _papers_out(decision)
    if first is not None and approved_on < first:
        raise rules.APPROVAL_EARLY.refused(day=date_long(first))
    _require_approver(decision, organisation, by)
    made = Approval.objects.create(
        decision=decision, organisation=organisation, agrees=agrees, body=body.strip()[:160], approved_on=approved_on,
        minute=minute.strip()[:200], recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    note(subject=decision, changed=("approvals",), words={"organisation": organisation.code, "agrees": agrees})
    _try_effect(decision, by=by, at=at)
    return made


def _papers_out(decision: Decision) -> date | None:
    """The day on which a partner could first read what was to be decided: when the meeting was called, or the item was put on
    its agenda after that."""
    item = AgendaItem.objects.get(pk=decision.item_id)
    called = MeetingStep.objects.filter(meeting_id=item.meeting_id, state=MeetingState.CALLED).first()
    return timezone.localdate(max(called.at, item.added_at)) if called is not None else None


def _require_approver(decision: Decision, organisation: Organisation, by: Actor) -> None:
    effect = effect_of(decision.effect)
    if effect is None or by.is_system:
        return
    held = {each.role for each in by.standings if each.organisation_id == organisation.pk}
    if held.isdisjoint(effect.approvers):
        who = " or ".join(sorted(each.value.replace("_", " ") for each in effect.approvers))
        raise rules.APPROVAL_ROLE.refused(role=who, organisation=organisation.name)


@service(CALL_IN_DECISION, on="decision")
def call_in_decision(*, decision: Decision, reason: str, by: Actor, at: datetime) -> CallIn:
    """Scrutiny calls a decision in: it has no effect until whoever decided has looked again. Refuses GV-330, GV-331."""
    AgendaItem.objects.select_for_update().get(pk=decision.item_id)
    if not may_be_called_in(facts_of(by, Decision.objects.get(pk=decision.pk)), timezone.localdate(at)):
        raise rules.CALL_IN_OVER.refused()
    if not reason.strip():
        raise rules.CALL_IN_REASON.refused()
    made = CallIn.objects.create(decision=decision, reason=reason.strip()[:600], called_at=at, called_by=by.account_id)
    note(changed=("call_in",))
    return made


@service(RUN_MEETINGS, on="decision")
def answer_call_in(*, decision: Decision, is_confirmed: bool, words: str, by: Actor, at: datetime) -> CallInAnswer:
    """Whoever decided looked again: the decision is confirmed, and goes on where it stood, or set aside. Refuses GV-332,
    GV-119."""
    AgendaItem.objects.select_for_update().get(pk=decision.item_id)
    if _state(decision, at) != DecisionState.CALLED_IN:
        raise rules.CALL_IN_ANSWERED.refused()
    if not words.strip():
        raise rules.REASON_NEEDED.refused("words")
    made = CallInAnswer.objects.create(
        call_in=CallIn.objects.get(decision=decision), is_confirmed=is_confirmed, words=words.strip()[:600], answered_at=at,
        answered_by=by.account_id,
    )  # fmt: skip
    note(changed=("call_in",), words={"confirmed": is_confirmed})
    _try_effect(decision, by=by, at=at)
    return made


@service(CARRY_OUT_DECISION, on="decision")
def carry_out_decision(*, decision: Decision, by: Actor, at: datetime) -> Effected | EffectRefused:
    """Have a decision take effect that is ready to; done by itself with what it waited for last, and here once more where the
    part concerned refused. Refuses one that is not ready (GV-340); what the part refuses is written down with its rule."""
    AgendaItem.objects.select_for_update().get(pk=decision.item_id)
    state = _state(decision, at)
    if state != DecisionState.READY:
        raise rules.NOT_READY.refused(state=DECISION_LABELS[state].lower())
    return _carry_out(decision, by=by, at=at)


def put_decisions_into_effect(*, at: datetime) -> int:
    """For the keeper: whatever became ready because the days for a call-in are over. Each in a guarded service of its own, so
    that one that fails stops no other; the first failure is raised when all were tried, for the keeper to report. What the
    part concerned refused once waits for somebody to try it again."""
    by = system(at)
    done, failed = 0, None
    for each in decisions_to_carry_out(by):
        try:
            done += isinstance(carry_out_decision(decision=each, by=by, at=at), Effected)
        except Refused:
            continue  # somebody else carried it out, or called it in, meanwhile; the refusal is in the audit trail
        except Exception as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return done


def _state(decision: Decision, at: datetime) -> DecisionState:
    """Read afresh: what the page read with the decision is from before the answer that is being recorded."""
    now = Decision.objects.get(pk=decision.pk)
    return decision_state(facts_of(system(at), now), timezone.localdate(at))


def _try_effect(decision: Decision, *, by: Actor, at: datetime) -> None:
    if _state(decision, at) == DecisionState.READY:
        _carry_out(decision, by=by, at=at)


def _carry_out(decision: Decision, *, by: Actor, at: datetime) -> Effected | EffectRefused:
    """What was done and that it was done stand in one transaction; a refusal leaves neither."""
    try:
        with transaction.atomic():
            words = _effect(decision, by=by, at=at)
            done = Effected.objects.create(decision=decision, words=words[:600], at=at, by=by.account_id)
    except Refused as refusal:
        gone = isinstance(refusal, NotVisible)
        return _not_carried_out(decision, _gone() if gone else refusal, at)
    except IntegrityError as error:
        # Two decisions on one matter at the same moment: both saw it waiting, and the database lets one of them settle it.
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        return _not_carried_out(decision, _gone(), at)
    note(changed=("effect",), words={"decision": decision.reference})
    return done


def _gone() -> Refused:
    return rules.MATTER_GONE.refused(why="it was settled or changed since.")


def _not_carried_out(decision: Decision, why: Refused, at: datetime) -> EffectRefused:
    last = decision.refusals.order_by("-at", "-pk").first()
    if last is not None and (last.rule, last.sentence) == (why.rule, why.sentence[:1000]):
        return last
    note(changed=("effect_refused",), words={"rule": why.rule})
    return EffectRefused.objects.create(decision=decision, rule=why.rule[:60], sentence=why.sentence[:1000], at=at)


def _effect(decision: Decision, *, by: Actor, at: datetime) -> str:
    effect = effect_of(decision.effect)
    if effect is None or decision.matter_id is None:
        return "The decision stands. It changes nothing in the system by itself."
    now = effect.look(system(at), decision.matter_id)
    changed = differences(decision.evidence, now.evidence)
    if changed:
        raise rules.EFFECT_CHANGED.refused(what="; ".join(changed))
    approvals = [
        Approved(each.organisation_id, each.recorded_by, each.minute)
        for each in decision.approvals.order_by("recorded_at")
    ]
    board = terms_on(by, decision.board_id, timezone.localdate(decision.decided_at)).name
    order = Order(decision.pk, decision.reference, board, decision.matter_id, dict(decision.chosen), tuple(approvals))
    return effect.carry_out(order, by=by, at=at)
