"""The panel: asking it, its papers, its dates and people, each partner's contribution, its decisions, and telling the family
and whoever asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import events, panelling, rules
from joinedup.casework.lifecycle import PANEL_REQUEST_LABELS, MeetingState, PanelRequestState
from joinedup.casework.meeting import Presence, Purpose
from joinedup.casework.models import (
    Case,
    CasePerson,
    Meeting,
    MeetingDecision,
    MeetingPlace,
    Panel,
    PanelContribution,
    PanelDecision,
    PanelRequest,
    PanelSeat,
    PanelService,
)
from joinedup.casework.panelling import Verdict
from joinedup.casework.pathways import PanelTerms
from joinedup.casework.permissions import (
    ASK_PANEL,
    HOLD_PANEL,
    PREPARE_PANEL,
    PURSUE_PANEL,
    WRITE_TO_PANEL,
)
from joinedup.casework.reviewing import due_after
from joinedup.casework.services.meetings import _safe_address
from joinedup.casework.services.panel_steps import (
    _about,
    _chronicle,
    _lock_panel,
    _lock_request,
    _move,
    _terms,
    _write,
    _write_transition,
)
from joinedup.casework.services.steps import lock_open
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version, new_reference
from joinedup.core.notifications import owe_message
from joinedup.organisations.queries import post_of
from joinedup.person_index.queries import may_contact

if TYPE_CHECKING:
    pass

_STATE = PanelRequestState
_LASTS = 15  # minutes for one request, as the meeting of its case says


# --- Asking.


@service(ASK_PANEL, on="case")
def ask_panel(
    *, case: Case, child_id: UUID, words: str, services: Sequence[str], by: Actor, at: datetime
) -> PanelRequest:
    """Ask the panel about a child of the case: one referral, whatever services it is for. The clock starts now. Raises
    Refused (CW-105, CW-620 to CW-622)."""
    lock_open(case)
    terms = _terms(case, at)
    if not CasePerson.objects.filter(case=case, person_id=child_id, part="child").exists():
        raise rules.CHILD_OF_CASE.refused()
    names = list(dict.fromkeys(each.strip()[:80] for each in services if each.strip()))
    if not words.strip() or not names:
        raise rules.REQUEST_SAID.refused()
    request = PanelRequest(
        reference=new_reference("R"), case=case, child_id=child_id, state=_STATE.ASKED, words=words.strip(), asked_at=at,
        asked_by=post_of(by, ASK_PANEL.roles), due_at=due_after(at, terms.working_days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        there = PanelRequest.objects.filter(case=case, child_id=child_id).order_by("-asked_at").first()
        raise rules.ONE_REQUEST.refused(reference=there.reference if there else "a moment ago") from None
    PanelService.objects.bulk_create([PanelService(request=request, name=name) for name in names])
    _write_transition(request, "", _STATE.ASKED, by=by, at=at)
    _chronicle(events.PANEL_ASKED, request, by=by, at=at, words={"services": ", ".join(names)})
    note(changed=("state",))
    return request


@service(PREPARE_PANEL, on="request")
def say_papers(
    *, request: PanelRequest, papers: Collection[str], version: int, by: Actor, at: datetime
) -> PanelRequest:
    """Say which papers are there. With the last of them the request can be put on a list."""
    _lock_request(request)
    terms = _terms(request.case, at)
    if request.state not in {_STATE.ASKED, _STATE.MORE_INFORMATION}:
        raise rules.REQUEST_FORBIDS.refused(state=PANEL_REQUEST_LABELS[_STATE(request.state)].lower())
    claim_version(request, version)
    request.papers = [each.code for each in terms.papers if each.code in papers]
    if not panelling.papers_wanting(terms, request.papers):
        _move(request, _STATE.COMPLETE, by=by, at=at)
        request.complete_at = at
        _chronicle(events.PANEL_PAPERS, request, by=by, at=at)
    request.save(update_fields=["papers", "state", "complete_at"])
    note(people=[request.child_id], changed=("papers",), subject=request)
    return request


@service(WRITE_TO_PANEL, on="request")
def contribute(*, request: PanelRequest, words: str, by: Actor, at: datetime) -> PanelContribution:
    """A partner writes what it knows of the child or can give. Nothing written is changed: more is added."""
    _lock_request(request)
    post = post_of(by, WRITE_TO_PANEL.roles)
    if not words.strip() or post is None:
        raise rules.CONTRIBUTION_SAID.refused()
    if request.state in {_STATE.DECIDED, _STATE.WITHDRAWN}:
        raise rules.REQUEST_FORBIDS.refused(state=PANEL_REQUEST_LABELS[_STATE(request.state)].lower())
    written = PanelContribution.objects.create(
        request=request, organisation_id=post.host_id, post=post, words=words.strip(), at=at
    )
    _chronicle(events.PANEL_CONTRIBUTED, request, by=by, at=at)
    note(changed=("contribution",))
    return written


# --- Deciding.


@dataclass(frozen=True)
class PanelSaid:
    """What a panel decided about one request: who was there, about each service, and what the family is told."""

    came: frozenset[UUID]  # ids of seats
    verdicts: Mapping[UUID, Verdict]  # by service
    words_for_family: str


@service(HOLD_PANEL, on="panel")
def decide_request(
    *, panel: Panel, request: PanelRequest, said: PanelSaid, version: int, by: Actor, at: datetime
) -> PanelRequest:
    """Write down what the panel decided, by service and with who was there, as a meeting of the case. Whoever asked is
    written to, and the family where that is marked safe. Raises Refused (CW-629 to CW-633)."""
    _lock_request(request)
    _lock_panel(panel)
    terms = _terms(request.case, at)
    if request.state != _STATE.LISTED or request.panel_id != panel.pk:
        raise rules.REQUEST_FORBIDS.refused(state=PANEL_REQUEST_LABELS[_STATE(request.state)].lower())
    if panel.starts_at > at:
        raise rules.PANEL_NOT_MET.refused()
    seats = list(panel.seats.select_related("post").order_by("pk"))
    if len([seat for seat in seats if seat.pk in said.came]) < panelling.LEAST_THERE:
        raise rules.PANEL_CAME.refused()
    services = {each.pk: each for each in request.services.order_by("pk")}
    wanted = panelling.services_to_decide(_newest_codes(services), is_again=bool(request.times_disagreed))
    fault = panelling.verdicts_fault(wanted, said.verdicts, terms)
    if fault is not None:
        raise fault.refused()
    if not said.words_for_family.strip():
        raise rules.FAMILY_WORDS.refused()
    claim_version(request, version)
    _write_who_came(seats, said.came)
    meeting = _write_meeting(panel, request, seats, said.came, by, at)
    for pk, verdict in said.verdicts.items():
        _write_verdict(services[pk], verdict, panel, meeting, terms, by, at)
    _settle(request, said, by, at)
    _tell(request, terms, by, at)
    return request


def _newest_codes(services: Iterable[UUID]) -> dict[UUID, str]:
    """The newest decision about each of these services; empty where there is none. Called only inside guarded services."""
    found = dict.fromkeys(services, "")
    rows = PanelDecision.objects.filter(service_id__in=list(found)).order_by("pk")
    return found | dict(rows.values_list("service_id", "code"))


def _write_who_came(seats: Iterable[PanelSeat], came: Collection[UUID]) -> None:
    for seat in seats:
        seat.came = seat.pk in came
        seat.save(update_fields=["came"])


def _write_meeting(
    panel: Panel, request: PanelRequest, seats: Iterable[PanelSeat], came: Collection[UUID], by: Actor, at: datetime
) -> Meeting:
    """The panel stands among the meetings of the case: who was there and what was decided."""
    meeting = Meeting.objects.create(
        reference=new_reference("M"), case=request.case, purpose=Purpose.PANEL, starts_at=panel.starts_at,
        minutes_long=_LASTS, place=panel.place, state=MeetingState.AGREED, planned_by=panel.planned_by,
        planned_at=panel.planned_at, minuted_by=by.account_id, minuted_at=at,
        minutes=f"Request {request.reference}, on the list of panel {panel.reference}.", has_changed_the_work=True,
    )  # fmt: skip
    MeetingPlace.objects.bulk_create(
        [
            MeetingPlace(
                meeting=meeting, post=seat.post, told_by="message", told_at=panel.planned_at,
                presence=Presence.PRESENT if seat.pk in came else Presence.ABSENT,
            )
            for seat in seats
        ]
    )  # fmt: skip
    return meeting


def _write_verdict(
    wanted: PanelService, said: Verdict, panel: Panel, meeting: Meeting, terms: PanelTerms, by: Actor, at: datetime
) -> None:
    PanelDecision.objects.create(
        service=wanted, panel=panel, meeting=meeting, code=said.code, reason=said.reason.strip(),
        instead=said.instead.strip()[:80], at=at, by=by.account_id,
    )  # fmt: skip
    instead = f" ({said.instead.strip()})" if said.instead.strip() else ""
    MeetingDecision.objects.create(
        meeting=meeting, words=f"{wanted.name}: {terms.words_of(said.code)}{instead}. {said.reason.strip()}"[:500],
        decided_at=panel.starts_at, written_by=by.account_id,
    )  # fmt: skip


def _settle(request: PanelRequest, said: PanelSaid, by: Actor, at: datetime) -> None:
    end = panelling.state_after(list(said.verdicts.values()))
    _move(request, end, by=by, at=at)
    request.words_for_family = said.words_for_family.strip()
    request.family_told_at, request.family_told_by = None, ""
    if end is _STATE.DECIDED:
        request.decided_at = request.decided_at or at
    else:
        request.panel = None  # its people read it again when it is on a list again
    request.save()
    codes = ", ".join(sorted({each.code for each in said.verdicts.values()}))
    _chronicle(events.PANEL_DECIDED, request, by=by, at=at, code=end, words={"decided": codes.replace("_", " ")})
    note(changed=("state", "decision"))


def _tell(request: PanelRequest, terms: PanelTerms, by: Actor, at: datetime) -> None:
    """Whoever asked and whoever leads are told that there is a decision, naming nobody; the family in plain words, where
    writing is marked safe for them. Otherwise somebody tells them, and says so."""
    posts = {post.pk: post for post in (request.asked_by, request.case.lead_professional) if post is not None}
    for post in posts.values():
        _write(
            post, f"The panel has decided: {request.reference}",
            f"The panel has gone through request {request.reference}. Sign in to Joinedup to read what it decided and why.",
            at, _about(request),
        )  # fmt: skip
    adults = (
        CasePerson.objects.filter(case=request.case, part="parent").order_by("pk").values_list("person_id", flat=True)
    )
    addresses = {address for person_id in adults if (address := _safe_address(person_id))}
    for address in sorted(addresses):
        body = f"{request.words_for_family}\n\n{_next_words(request, terms)}"
        owe_message(to=address, subject="What the panel decided", body=body, about=_about(request), at=at)
    if addresses:
        request.family_told_by, request.family_told_at = "message", at
        request.save(update_fields=["family_told_by", "family_told_at"])


def _next_words(request: PanelRequest, terms: PanelTerms) -> str:
    return (
        f"If you do not agree, tell whoever works with you within {terms.disagree_days} working days. The panel then looks at "
        f"it again. Your reference is {request.reference}."
    )


@service(PURSUE_PANEL, on="request")
def tell_family_of_decision(*, request: PanelRequest, told_by: str, by: Actor, at: datetime) -> PanelRequest:
    """Write down that the family was told: in person, or by a letter where that is safe (CW-231)."""
    _lock_request(request)
    if not request.words_for_family:
        raise rules.REQUEST_FORBIDS.refused(state=PANEL_REQUEST_LABELS[_STATE(request.state)].lower())
    adults = CasePerson.objects.filter(case=request.case, part="parent").values_list("person_id", flat=True)
    if told_by == "letter" and not any(may_contact(person_id, "letter") for person_id in adults):
        raise rules.NOT_SAFE_THIS_WAY.refused()
    claim_version(request, request.version)
    request.family_told_by, request.family_told_at = told_by, at
    request.save(update_fields=["family_told_by", "family_told_at"])
    _chronicle(events.FAMILY_TOLD, request, by=by, at=at, code=told_by)
    note(changed=("family_told_by",))
    return request


@service(PURSUE_PANEL, on="request")
def disagree_with_panel(*, request: PanelRequest, words: str, by: Actor, at: datetime) -> PanelRequest:
    """The family or whoever asked does not agree: the panel looks at it once more, with a clock of its own. Raises Refused
    (CW-634 to CW-636)."""
    _lock_request(request)
    terms = _terms(request.case, at)
    if not words.strip():
        raise rules.DISAGREE_SAID.refused()
    if request.times_disagreed:
        raise rules.DISAGREE_ONCE.refused()
    codes = _newest_codes(request.services.values_list("pk", flat=True))
    if request.decided_at is None or not panelling.services_to_decide(codes, is_again=True):
        raise rules.REQUEST_FORBIDS.refused(state=PANEL_REQUEST_LABELS[_STATE(request.state)].lower())
    last = due_after(request.decided_at, terms.disagree_days)
    if at > last:
        raise rules.DISAGREE_IN_TIME.refused(day=date_long(last))
    claim_version(request, request.version)
    _move(request, _STATE.DISAGREED, by=by, at=at, reason=words)
    request.times_disagreed, request.disagreed_words = 1, words.strip()
    request.panel, request.due_at = None, due_after(at, terms.working_days)
    request.save()
    _chronicle(events.PANEL_DISAGREED, request, by=by, at=at, words={"reason": words.strip()})
    note(changed=("state",))
    return request


@service(PURSUE_PANEL, on="request")
def withdraw_panel_request(*, request: PanelRequest, reason: str, by: Actor, at: datetime) -> PanelRequest:
    """The panel is asked no more, with the reason; what it decided before stays."""
    _lock_request(request)
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    claim_version(request, request.version)
    _move(request, _STATE.WITHDRAWN, by=by, at=at, reason=reason)
    request.panel, request.ended_reason = None, reason.strip()[:300]
    request.save(update_fields=["state", "panel", "ended_reason"])
    _chronicle(events.PANEL_WITHDRAWN, request, by=by, at=at, words={"reason": reason.strip()})
    note(changed=("state",))
    return request
