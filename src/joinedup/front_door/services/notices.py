"""A contact about a family with an open case goes straight to its lead professional and manager, with a clock (FD-70)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.queries import open_case_of, who_answers_for
from joinedup.core.formats import date_time
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message
from joinedup.core.partnership import value
from joinedup.front_door import rules
from joinedup.front_door.codes import Rating
from joinedup.front_door.events import NOTICE_ACKNOWLEDGED, REFERRAL_PASSED, REFERRAL_RETURNED
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import CaseNotice, LeadOffer, Referral
from joinedup.front_door.permissions import ACKNOWLEDGE_NOTICE, PASS_TO_CASE, RETURN_TO_FRONT_DOOR
from joinedup.front_door.services.duty import _accept_pages
from joinedup.front_door.services.notes import _close_questions
from joinedup.front_door.services.registering import _decline_offer, _take_up_offer
from joinedup.front_door.services.replies import _owe_reply
from joinedup.front_door.services.steps import _chronicle, _claim, _lock, _move, _require, _said
from joinedup.front_door.settings import DUTY_EMAIL, NOTICE_CLOCK, due_after
from joinedup.organisations.queries import post_with_id

if TYPE_CHECKING:
    from joinedup.casework.queries import OpenCase


@service(PASS_TO_CASE, on="referral")
def pass_to_case(*, referral: Referral, by: Actor, at: datetime) -> CaseNotice:
    """Pass the referral to the family's open case. Called by itself as soon as the family is known; by hand for red,
    which is told to the case at once but stays at the front door until somebody there has decided."""
    _lock(referral)
    _require(referral, State.RECEIVED, State.IN_TRIAGE)
    _claim(referral)
    notice = _tell_the_case(referral, by=by, at=at, stays=False, again=True)
    if notice is None:
        raise rules.NO_OPEN_CASE.refused()
    _accept_pages(referral, by=by, at=at)
    return notice


def _tell_the_case(
    referral: Referral, *, by: Actor, at: datetime, stays: bool, again: bool = False
) -> CaseNotice | None:
    """Tell the family's open case, if it has one, of a claimed referral, and pass it on unless it `stays`. What the
    case has returned is passed `again` only by hand."""
    if referral.family_id is None or State(referral.state) not in {State.RECEIVED, State.IN_TRIAGE}:
        return None
    case = open_case_of(by, referral.family_id)
    before = CaseNotice.objects.filter(referral=referral).first()
    if case is None or (before is not None and not again):
        return None
    notice = _keep_notice(referral, case, before, at)
    referral.case_id = case.id
    if not stays:
        _move(referral, State.PASSED_TO_CASE, by=by, at=at, reason=rules.GOES_TO_CASE.sentence)
        _close_questions(referral, rules.GOES_TO_CASE.sentence, by=by, at=at)
        _owe_reply(referral, by=by, at=at)
    referral.save(update_fields=["case", "state"])
    _write_to_case(referral, case, notice, by=by, at=at)
    _chronicle(REFERRAL_PASSED, referral, by=by, at=at, code=referral.rating)
    note(changed=("case", "state"))
    return notice


def _keep_notice(referral: Referral, case: OpenCase, before: CaseNotice | None, at: datetime) -> CaseNotice:
    notice = before or CaseNotice(referral=referral)
    if before is not None:
        claim_version(before, before.version)
    notice.case_id = case.id
    notice.sent_at, notice.acknowledge_by = at, due_after(at, NOTICE_CLOCK)
    notice.acknowledged_at, notice.acknowledged_by, notice.returned_at, notice.returned_by = None, None, None, None
    notice.save()
    return notice


def _write_to_case(referral: Referral, case: OpenCase, notice: CaseNotice, *, by: Actor, at: datetime) -> None:
    """An e-mail to the lead professional and to whoever answers for the team, else to the duty address; it names nobody."""
    managers = who_answers_for(by, case.team_id)
    lead = post_with_id(by, case.lead_professional_id) if case.lead_professional_id else None
    posts = [*([lead] if lead and lead.is_held_at(at) else []), *managers]
    red = "It is rated red and the front door is deciding it. " if referral.rating == Rating.RED else ""
    nobody = str(value(DUTY_EMAIL, on=timezone.localdate(at)))
    for address in dict.fromkeys([post.account.email for post in posts] or [nobody]):
        owe_message(
            to=address,
            subject=f"New contact about your case {case.reference}: {referral.reference}",
            body=(
                f"The front door has received a contact, {referral.reference}, about the family in case "
                f"{case.reference}. {red}Sign in to Joinedup to read it and say what you will do by "
                f"{date_time(notice.acknowledge_by)}."
            ),
            about=(CaseNotice._meta.label_lower, str(notice.pk)),
            at=at,
        )


@service(ACKNOWLEDGE_NOTICE, on="notice")
def acknowledge_notice(
    *, notice: CaseNotice, response: str, joins: bool | None = None, by: Actor, at: datetime
) -> CaseNotice:
    """The lead professional or manager takes it on, saying what they will do. The referral closes, unless the front
    door still has it to decide. Where whoever sent it registered an assessment with it, `joins` says whether they join the
    team around the child (FD-75), or lead where nobody does; they are told."""
    referral = _answerable(notice)
    is_registered = LeadOffer.objects.filter(contact_id=referral.contact_id, taken_as="").exists()
    if is_registered and joins is None:
        raise rules.JOINS_OR_NOT.refused()
    notice.response = _said(response, rules.RESPONSE_SAID)
    notice.acknowledged_at, notice.acknowledged_by = at, by.account_id
    notice.save(update_fields=["response", "acknowledged_at", "acknowledged_by"])
    if State(referral.state) == State.PASSED_TO_CASE:
        _claim(referral)
        _move(referral, State.CLOSED, by=by, at=at, reason=notice.response)
        referral.save(update_fields=["state"])
    if joins:
        _take_up_offer(referral, notice.case, by=by, at=at)
    elif is_registered:
        _decline_offer(referral, notice.case, at=at)
    _chronicle(NOTICE_ACKNOWLEDGED, referral, by=by, at=at, words={"response": notice.response})
    note(changed=("acknowledged_at", "response"), words={"response": notice.response})
    return notice


@service(RETURN_TO_FRONT_DOOR, on="notice")
def return_to_front_door(*, notice: CaseNotice, reason: str, by: Actor, at: datetime) -> Referral:
    """Send it back to be decided at the front door, with the reason."""
    referral = _answerable(notice)
    _require(referral, State.PASSED_TO_CASE)
    notice.return_reason = _said(reason)
    notice.returned_at, notice.returned_by = at, by.account_id
    notice.save(update_fields=["return_reason", "returned_at", "returned_by"])
    _claim(referral)
    _move(referral, State.IN_TRIAGE, by=by, at=at, reason=notice.return_reason)
    referral.save(update_fields=["state"])
    _chronicle(REFERRAL_RETURNED, referral, by=by, at=at, words={"reason": notice.return_reason})
    note(changed=("state", "returned_at"))
    return referral


def _answerable(notice: CaseNotice) -> Referral:
    """Lock the referral, then the notice; refuse what was answered already."""
    referral = _lock(notice.referral)
    _lock(notice)
    if notice.acknowledged_at is not None or notice.returned_at is not None:
        raise rules.ANSWERED_ALREADY.refused()
    claim_version(notice, notice.version)
    return referral
