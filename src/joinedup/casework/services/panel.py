"""The panel: asking it, its papers, its dates and people, each partner's contribution, its decisions, and telling the family
and whoever asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import events, panelling, rules
from joinedup.casework.lifecycle import PANEL_REQUEST_LABELS, MeetingState, PanelRequestState, may_move_request
from joinedup.casework.meeting import Presence, Purpose
from joinedup.casework.models import (
    Case,
    CaseMember,
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
    PanelTransition,
)
from joinedup.casework.panelling import Verdict
from joinedup.casework.pathways import PanelTerms
from joinedup.casework.permissions import (
    ASK_PANEL,
    CONVENE_PANEL,
    HOLD_PANEL,
    PREPARE_PANEL,
    PURSUE_PANEL,
    WRITE_TO_PANEL,
)
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.reviewing import due_after
from joinedup.casework.services.meetings import _safe_address
from joinedup.casework.services.steps import lock, lock_open
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.formats import date_long, date_with_weekday, time_short
from joinedup.core.models import claim_version, new_reference
from joinedup.core.notifications import owe_message
from joinedup.information_sharing.codes import Information
from joinedup.information_sharing.queries import bases_to_share
from joinedup.organisations.queries import post_of
from joinedup.person_index.queries import may_contact

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team

_STATE = PanelRequestState
LEAST_NAMED = 2
_LASTS = 15  # minutes for one request, as the meeting of its case says


def _terms(case: Case, at: datetime) -> PanelTerms:
    panel = pathway_of(case.pathway, timezone.localdate(at)).panel
    if panel is None:
        raise rules.HAS_PANEL.refused()
    return panel


def _move(request: PanelRequest, end: PanelRequestState, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Change the state in memory and write the row of it; the caller saves. Refuses (CW-623) what the table does not allow."""
    start = PanelRequestState(request.state)
    if not may_move_request(start, end):
        raise rules.REQUEST_FORBIDS.refused(state=PANEL_REQUEST_LABELS[start].lower())
    request.state = end
    _write_transition(request, start, end, by=by, at=at, reason=reason)


def _write_transition(
    request: PanelRequest, start: str, end: PanelRequestState, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    PanelTransition.objects.create(
        request=request, start=start, end=end, at=at, by=by.account_id, reason=reason.strip()[:500]
    )


def _lock_request(request: PanelRequest) -> PanelRequest:
    """The case first and the request after it, as everywhere; the case is open."""
    case = lock_open(request.case)
    lock(request)
    request.case = case
    return request


def _chronicle(
    kind: EventKind,
    request: PanelRequest,
    *,
    by: Actor,
    at: datetime,
    code: str = "",
    words: Mapping[str, str] | None = None,
) -> None:
    """One event about the child, and the child in the audit row."""
    case = request.case
    note(people=[request.child_id], subject=request)
    record_event(
        kind, source=request, by=by, at=at, people=[request.child_id], family_id=case.family_id, team_id=case.team_id,
        code=code, words={"reference": request.reference, **(words or {})},
    )  # fmt: skip


def _about(request: PanelRequest) -> tuple[str, str]:
    return ("casework.case", str(request.case_id))


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


# --- The panel's date and its list.


@service(CONVENE_PANEL, on="team")
def convene_panel(
    *, team: Team, starts_at: datetime, place: str, posts: Iterable[Post], by: Actor, at: datetime
) -> Panel:
    """Name a panel's date and its people: named posts of the partners, who are written to. Raises Refused (CW-4, CW-222,
    CW-625, CW-626)."""
    if starts_at <= at:
        raise rules.PANEL_AHEAD.refused()
    if not place.strip():
        raise rules.PLACE_OR_LINK.refused()
    named = {post.pk: post for post in posts}
    if len([pk for pk in named if pk not in by.post_ids]) < LEAST_NAMED:
        raise rules.PANEL_NAMED.refused()
    if any(not post.is_held_at(at) for post in named.values()):
        raise rules.POST_HELD.refused()
    panel = Panel.objects.create(
        reference=new_reference("B"), team=team, starts_at=starts_at, place=place.strip()[:160], planned_by=by.account_id,
        planned_at=at,
    )  # fmt: skip
    PanelSeat.objects.bulk_create([PanelSeat(panel=panel, post=post) for post in named.values()])
    when = _when(panel)
    for post in named.values():
        _write(
            post,
            f"You are asked to a panel: {panel.reference}",
            f"It meets {when}. Sign in to Joinedup for its list.",
            at,
        )
    note(changed=("panel",), subject=panel)
    return panel


def _when(panel: Panel) -> str:
    local = timezone.localtime(panel.starts_at)
    return f"{date_with_weekday(local.date())} at {time_short(local)}"


def _write(post: Post, subject: str, body: str, at: datetime, about: tuple[str, str] = ("", "")) -> None:
    owe_message(to=post.account.email, subject=subject, body=body, about=about, at=at)


def _lock_panel(panel: Panel) -> Panel:
    lock(panel)
    if panel.cancelled_at is not None:
        raise rules.PANEL_OVER.refused()
    return panel


@service(HOLD_PANEL, on="panel")
def list_request(*, panel: Panel, request: PanelRequest, by: Actor, at: datetime) -> PanelRequest:
    """Put a request on a panel's list: from now on its people read it. Each partner there needs a basis on which this may be
    shared with them (CW-628)."""
    _lock_request(request)
    _lock_panel(panel)
    if request.case.team_id != panel.team_id:
        raise rules.REQUEST_FORBIDS.refused(state="another team’s")
    _refuse_unbased(panel, request, by, at)
    claim_version(request, request.version)
    _move(request, _STATE.LISTED, by=by, at=at)
    request.panel = panel
    request.save(update_fields=["state", "panel"])
    _chronicle(events.PANEL_LISTED, request, by=by, at=at, words={"panel": panel.reference, "when": _when(panel)})
    note(changed=("state",))
    return request


def _refuse_unbased(panel: Panel, request: PanelRequest, by: Actor, at: datetime) -> None:
    """Partners who are in the team around the child already work with the family; of the others each needs a basis."""
    there = set(
        CaseMember.objects.filter(CaseMember.held_at(at), case=request.case).values_list("post__host_id", flat=True)
    )
    there.add(panel.team.host_id)
    hosts = {seat.post.host_id: seat.post.host for seat in panel.seats.select_related("post__host")}
    on = timezone.localdate(at)
    wanting = sorted(
        host.name
        for pk, host in hosts.items()
        if pk not in there and not bases_to_share(by, request.child_id, pk, Information.ASSESSMENT, on=on)
    )
    if wanting:
        raise rules.SHARING_BASED.refused(names="; ".join(wanting))


@service(HOLD_PANEL, on="panel")
def cancel_panel(*, panel: Panel, reason: str, by: Actor, at: datetime) -> Panel:
    """The panel does not meet, with the reason; what was on its list waits for another. The clocks go on."""
    requests = list(
        PanelRequest.objects.filter(panel=panel, state=_STATE.LISTED).select_related("case").order_by("case_id")
    )
    for request in requests:
        lock_open(request.case)
    _lock_panel(panel)
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    if panel.starts_at <= at:
        raise rules.PANEL_OVER.refused()
    claim_version(panel, panel.version)
    panel.cancelled_at, panel.cancelled_reason = at, reason.strip()[:300]
    panel.save(update_fields=["cancelled_at", "cancelled_reason"])
    for request in requests:
        lock(request)
        claim_version(request, request.version)
        _move(request, _STATE.COMPLETE, by=by, at=at, reason=reason)
        request.panel = None
        request.save(update_fields=["state", "panel"])
    for seat in panel.seats.select_related("post__account"):
        _write(seat.post, f"A panel is cancelled: {panel.reference}", f"It was to meet {_when(panel)}.", at)
    note(people=[each.child_id for each in requests], changed=("state",), subject=panel)
    return panel


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
