"""Comparing notes: asking partners, on what footing, what professionals judge, and answers after the decision.

Nothing here stops or moves the decision clock (FD-126).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.casework.queries import who_answers_for
from joinedup.core.errors import NotVisible
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.front_door import comparing, rules
from joinedup.front_door.codes import LEVELS_OF_NEED, Answer
from joinedup.front_door.comparing import Footing
from joinedup.front_door.events import ASKING_NOT_AGREED, ASKING_WAITS, JUDGEMENT_RECORDED, LATE_ANSWER_CAME
from joinedup.front_door.lifecycle import UNDECIDED, State
from joinedup.front_door.models import Asking, Judgement, LateAnswer, Referral
from joinedup.front_door.permissions import (
    AGREE_TO_ASK,
    ASK_PARTNERS,
    RECORD_JUDGEMENT,
    RECORD_LATE_ANSWER,
    WITHDRAW_QUESTION,
)
from joinedup.front_door.queries.judgements import judges_of
from joinedup.front_door.queries.profile import subject_of
from joinedup.front_door.services.steps import _chronicle, _lock, _people_of, _post_id, _require, _said
from joinedup.information_sharing import services as sharing
from joinedup.information_sharing.queries import (
    Askable,
    RequestSeen,
    basis_given_for,
    request_for_change,
    requests_about,
    who_may_be_asked,
)
from joinedup.organisations.queries import posts_with_role

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_COMPARING = (State.IN_TRIAGE, State.PROPOSED)
_DECIDED_REASON = "The referral is decided."


@dataclass(frozen=True)
class Asked:
    """What came of one press: the questions sent, those that were not and why, or that a manager is waited for."""

    asking: Asking
    sent: int
    not_sent: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """A manager is to agree first."""
        return self.asking.waits_for_manager


@service(ASK_PARTNERS, on="referral")
def ask_partners(
    *,
    referral: Referral,
    organisations: Collection[UUID],
    people: Collection[UUID],
    purpose: str,
    level: int | None,
    question: str,
    why: str = "",
    news: str = "",
    by: Actor,
    at: datetime,
) -> Asked:
    """Ask several organisations about several people of the referral at once.

    At levels 1 to 3 this needs the family's agreement as the referral records it, or a manager's basis: without either
    the asking waits and nobody is asked. At level 4, and while the referral is red, nobody waits; `why` is recorded.
    `news` says what is new where somebody who has answered is asked again. Raises Refused when nobody can be asked.
    """
    _lock(referral)
    _require(referral, *_COMPARING)
    chosen = _chosen(referral, organisations, people)
    footing = comparing.footing_for(level, referral.rating, Answer(referral.family_agrees))
    fault = comparing.asking_fault(footing, level, why)
    if fault is not None or level is None:
        raise (fault or comparing.LEVEL_SAID).refused()
    asking = Asking(
        referral=referral, purpose=purpose, level=level, footing=footing,
        question=_said(question, comparing.QUESTION_SAID), why_without_agreement=why.strip(), news=news.strip(),
        organisations=sorted(organisations), people=sorted(chosen), asked_by_id=_post_id(by),
        asked_by_account=by.account_id, asked_at=at,
    )  # fmt: skip
    _settle_waiting(referral, "Partners were asked again.", by=by, at=at)
    note(people=chosen, changed=("askings",))
    given = basis_given_for(by, subject_of(referral.pk), people=chosen, organisations=organisations)
    if footing == Footing.BASIS and given is None:
        _wait_for_manager(referral, asking, by=by, at=at)
        return Asked(asking, 0, ())
    asking.save(force_insert=True)
    sent, not_sent = _ask_each(referral, asking, by=by, at=at)
    if not sent:
        raise comparing.NOBODY_CAN_BE_ASKED.refused(why=" ".join(not_sent))
    return Asked(asking, sent, tuple(not_sent))


def _chosen(referral: Referral, organisations: Collection[UUID], people: Collection[UUID]) -> set[UUID]:
    """The people chosen who are identified in the referral."""
    if not organisations:
        raise comparing.ASK_SOMEBODY.refused()
    chosen = set(people) & set(_people_of(referral))
    if not chosen:
        raise comparing.ABOUT_SOMEBODY.refused()
    return chosen


def _wait_for_manager(referral: Referral, asking: Asking, *, by: Actor, at: datetime) -> None:
    """Nobody is asked until a manager has named a basis; the managers are written to, and the message names nobody."""
    asking.waits_for_manager = True
    asking.save(force_insert=True)
    _chronicle(ASKING_WAITS, referral, by=by, at=at, words={"reason": asking.why_without_agreement})
    for post in posts_with_role(by, Role.FRONT_DOOR_MANAGER):
        owe_message(
            to=post.account.email,
            subject=f"May partners be asked? {referral.reference}",
            body=f"{by.name} wants to ask partners what they know for {referral.reference}, without the family’s "
            "agreement. Sign in to Joinedup to decide. The time to decide the referral runs on.",
            about=("front_door.referral", str(referral.pk)),
            at=at,
        )


def _settle_waiting(referral: Referral, reason: str, *, by: Actor, at: datetime) -> None:
    """An asking that waited for a manager is overtaken."""
    for waiting in Asking.objects.filter(referral=referral, waits_for_manager=True):
        waiting.waits_for_manager = False
        waiting.settled_at, waiting.settled_by, waiting.not_agreed_reason = at, by.account_id, reason
        waiting.save(update_fields=["waits_for_manager", "settled_at", "settled_by", "not_agreed_reason"])


def _ask_each(referral: Referral, asking: Asking, *, by: Actor, at: datetime) -> tuple[int, list[str]]:
    """One question to each organisation about each person, as far as agreements in force allow; how many were sent, and
    a sentence for each that was not."""
    level = comparing.level_asked_at(asking.level, Footing(asking.footing))
    subject = subject_of(referral.pk)
    may_ask = who_may_be_asked(by, asking.people, level=level, subject=subject)
    before = {(each.organisation_id, each.person_id): each for each in requests_about(by, subject) if each.is_live}
    sent, not_sent = 0, []
    for person_id in asking.people:
        for organisation_id in asking.organisations:
            found = _agreement_for(may_ask[person_id], organisation_id, asking.purpose)
            if isinstance(found, str):
                not_sent.append(found)
                continue
            problem = _make_room(before.get((organisation_id, person_id)), asking, by=by, at=at)
            if problem:
                not_sent.append(problem)
                continue
            sharing.ask_for_information(
                asking=sharing.Asking(
                    agreement_id=found.agreement_id, organisation_id=organisation_id, person_id=person_id,
                    purpose=asking.purpose, subject=subject, level=level, reason=asking.question,
                    family_agrees=asking.footing == Footing.AGREED, rating=referral.rating,
                    family_id=referral.family_id,
                ),
                by=by, at=at,
            )  # fmt: skip
            sent += 1
    return sent, list(dict.fromkeys(not_sent))


def _agreement_for(askables: list[Askable], organisation_id: UUID, purpose: str) -> Askable | str:
    """The agreement that lets the asker ask this organisation for this purpose, or why there is none."""
    named = [each for each in askables if each.organisation_id == organisation_id]
    fitting = [each for each in named if purpose in {code for code, _ in each.purposes}]
    allowed = next((each for each in fitting if not each.why_not), None)
    if allowed is not None:
        return allowed
    if fitting:
        return fitting[0].why_not
    return (
        f"The agreement with {named[0].organisation} does not cover this purpose."
        if named
        else "No agreement in force names your post to ask one of those you chose."
    )


def _make_room(before: RequestSeen | None, asking: Asking, *, by: Actor, at: datetime) -> str:
    """A question already open to the same organisation: while nobody has answered it stands, and once answered it gives
    way to a new one where there is something new. Returns why not, or nothing."""
    if before is None:
        return ""
    if before.is_waiting:
        return f"{before.organisation} has this question already and has not answered yet."
    if not asking.news:
        raise comparing.WHY_AGAIN.refused()
    try:
        request = request_for_change(by, before.id)
    except NotVisible:
        return f"{before.organisation} was asked by {before.asked_by}, who can ask again, as can a front door manager."
    sharing.close_request(request=request, reason=f"Asked again: {asking.news}", by=by, at=at)
    return ""


@service(AGREE_TO_ASK, on="asking")
def agree_to_ask(*, asking: Asking, basis: str, reason: str, by: Actor, at: datetime) -> Asked:
    """A manager names the lawful basis (its code) and says why partners are asked without the family's agreement; then
    everybody chosen is asked at once. It holds for these questions alone. Whoever wanted to ask is refused (FD-124)."""
    referral = _waiting(asking, by)
    note(subject=asking, people=asking.people)
    sharing.give_basis(
        subject=subject_of(referral.pk), people=asking.people, organisations=asking.organisations, basis=basis,
        reason=reason, by=by, at=at,
    )  # fmt: skip
    _settle(asking, "", by=by, at=at)
    sent, not_sent = _ask_each(referral, asking, by=by, at=at)
    return Asked(asking, sent, tuple(not_sent))


@service(AGREE_TO_ASK, on="asking")
def refuse_to_ask(*, asking: Asking, reason: str, by: Actor, at: datetime) -> Asking:
    """A manager does not agree: nobody is asked."""
    referral = _waiting(asking, by)
    _settle(asking, _said(reason, comparing.REASON_NOT_AGREED), by=by, at=at)
    _chronicle(ASKING_NOT_AGREED, referral, by=by, at=at, words={"reason": asking.not_agreed_reason})
    return asking


def _waiting(asking: Asking, by: Actor) -> Referral:
    """Lock the referral, then what waits on it."""
    referral = _lock(asking.referral)
    _lock(asking)
    _require(referral, *_COMPARING)
    if not asking.waits_for_manager:
        raise comparing.BASIS_DECIDED.refused()
    if asking.asked_by_account is not None and asking.asked_by_account == by.account_id:
        raise comparing.SECOND_PERSON.refused()
    return referral


def _settle(asking: Asking, reason: str, *, by: Actor, at: datetime) -> None:
    claim_version(asking, asking.version)
    asking.waits_for_manager = False
    asking.settled_at, asking.settled_by, asking.not_agreed_reason = at, by.account_id, reason
    asking.save(update_fields=["waits_for_manager", "settled_at", "settled_by", "not_agreed_reason"])


@service(WITHDRAW_QUESTION, on="referral")
def withdraw_question(*, referral: Referral, request_id: UUID, reason: str, by: Actor, at: datetime) -> Referral:
    """Take back a question of this referral that nobody has answered yet."""
    _lock(referral)
    request = request_for_change(by, request_id)
    if (request.subject_kind, request.subject_id) != subject_of(referral.pk):
        raise NotVisible
    note(people=[request.person_id])
    sharing.withdraw_request(request=request, reason=reason, by=by, at=at)
    return referral


@service(RECORD_JUDGEMENT, on="referral")
def record_judgement(
    *,
    referral: Referral,
    organisation: Organisation | None,
    said_by: str,
    level: int | None,
    words: str,
    differs_because: str = "",
    by: Actor,
    at: datetime,
) -> Judgement:
    """How a professional judges the level of need: an organisation's, as it told the front door, or with none the front
    door's own. The front door's own, where it differs from another's, says why (FD-135)."""
    _lock(referral)
    _require(referral, *_COMPARING)
    if level is None or level not in LEVELS_OF_NEED:
        raise comparing.JUDGEMENT_LEVEL.refused()
    why = differs_because.strip()
    if organisation is None:
        others = comparing.differing_judges(level, judges_of(by, referral))
        if others and not why:
            raise comparing.DIFFERENCE_REASON.refused(others=rules.listed(others))
    judgement = Judgement.objects.create(
        referral=referral, organisation=organisation, level=level, words=_said(words, comparing.JUDGEMENT_WORDS),
        said_by=(said_by.strip() or by.name)[:160], differs_because=why, recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    _chronicle(JUDGEMENT_RECORDED, referral, by=by, at=at, code=str(level), words={"words": judgement.words})
    note(changed=("judgements",))
    return judgement


@service(RECORD_LATE_ANSWER, on="referral")
def record_late_answer(
    *, referral: Referral, request_id: UUID, said_by: str, words: str, as_of: date, by: Actor, at: datetime
) -> LateAnswer:
    """Write down what a partner told the front door after the decision had closed its question. Whoever leads the case
    is written to at once, else whoever answers for its team; the message names nobody."""
    _lock(referral)
    if State(referral.state) in UNDECIDED:
        raise comparing.NOT_LATE_YET.refused()
    request = next((each for each in requests_about(by, subject_of(referral.pk)) if each.id == request_id), None)
    if request is None:
        raise NotVisible
    if request.is_live:
        raise comparing.NOT_LATE_YET.refused()
    if as_of > timezone.localdate(at):
        raise comparing.AS_OF_PAST.refused()
    told = _tell_whoever_leads(referral, request.organisation, by=by, at=at)
    answer = LateAnswer.objects.create(
        referral=referral, request_id=request_id, said_by=_said(said_by, comparing.WHO_SAID)[:160],
        words=_said(words, comparing.LATE_WORDS), as_of=as_of, came_at=at, recorded_by=by.account_id, told=told[:300],
    )  # fmt: skip
    _chronicle(
        LATE_ANSWER_CAME, referral, by=by, at=at, words={"from": request.organisation}, person_id=request.person_id
    )
    return answer


def _tell_whoever_leads(referral: Referral, organisation: str, *, by: Actor, at: datetime) -> str:
    """Write to the lead professional, or whoever answers for the team where nobody leads; says in words to whom."""
    case = referral.case
    if case is None:
        return ""
    lead = case.lead_professional
    leads = lead is not None and lead.is_held_at(at) and lead.account.is_active
    posts = [lead] if lead and leads else who_answers_for(by, case.team_id)
    for post in posts:
        owe_message(
            to=post.account.email,
            subject=f"A partner answered late: {case.reference}",
            body=f"{organisation} has told the front door something about {case.reference} after the referral was "
            "decided. Sign in to Joinedup and open “What partners know” on the case to read it.",
            about=("front_door.referral", str(referral.pk)),
            at=at,
        )
    return rules.listed([post.account.name for post in posts])


# --- Called inside other guarded services, so these carry no permission of their own.


def _close_questions(referral: Referral, reason: str = _DECIDED_REASON, *, by: Actor, at: datetime) -> int:
    """Whatever is still open to partners about a referral ends, and with it what it let anybody see; how many."""
    _settle_waiting(referral, reason, by=by, at=at)
    return sharing.close_requests_about(subject=subject_of(referral.pk), reason=reason, by=by, at=at)


def _close_questions_about(referral: Referral, person_id: UUID, reason: str, *, by: Actor, at: datetime) -> None:
    """Somebody turned out not to be this person: what partners were asked about them is taken back, with everything
    else still open, so that nobody answers about the wrong child."""
    if any(each.is_live and each.person_id == person_id for each in requests_about(by, subject_of(referral.pk))):
        _close_questions(referral, reason, by=by, at=at)
