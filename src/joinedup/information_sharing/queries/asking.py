"""Whom one may ask about people, what was asked about a matter, and the requests a post asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import rules
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, PURPOSES, Part
from joinedup.information_sharing.lifecycle import LIVE
from joinedup.information_sharing.models import (
    Agreement,
    AgreementItem,
    AgreementParty,
    AgreementPost,
    BasisGiven,
    InformationRequest,
    LawfulBasis,
)
from joinedup.information_sharing.permissions import ASK_FOR_INFORMATION, CLOSE_REQUEST, READ_ASKED, READ_CLOSED
from joinedup.information_sharing.queries.records import Askable, BasisChoice, BasisSeen, RequestSeen
from joinedup.information_sharing.queries.shown import RELATED, not_withheld, requests_shown, without_answer
from joinedup.information_sharing.settings import basis_ends_on
from joinedup.organisations.queries import names_of_posts, open_organisations
from joinedup.person_index.queries import people_named

MOST_ASKED = 100


def who_may_be_asked(
    viewer: Actor, people: Collection[UUID], *, level: int, subject: tuple[str, str]
) -> dict[UUID, list[Askable]]:
    """For each of these people, whom the viewer's own named post may ask about them at this level, under which
    agreement in force, by organisation. An organisation with nothing to share about somebody of that age is listed with
    the reason. The caller has let the viewer in to the people. Empty where no agreement names a post of the viewer."""
    parties = _parties_to_ask(viewer)
    if not parties:
        return {person_id: [] for person_id in people}
    asked = {
        (each.organisation_id, each.person_id): each.reference
        for each in InformationRequest.objects.live_at(viewer.at).filter(
            subject_kind=subject[0], subject_id=subject[1], person_id__in=list(people)
        )
    }
    named = people_named(people)
    day = timezone.localdate(viewer.at)
    found: dict[UUID, list[Askable]] = {}
    for person_id in people:
        age = rules.age_on(named[person_id].birth_date, day) if person_id in named else None
        found[person_id] = [
            _askable(party, age=age, level=level, asked=asked.get((party.organisation_id, person_id), ""))
            for party in parties
        ]
    return found


def _parties_to_ask(viewer: Actor) -> list[AgreementParty]:
    """The parties with somebody to answer in the agreements in force that name a post of the viewer to ask."""
    if not can(viewer, ASK_FOR_INFORMATION):
        return []
    day = timezone.localdate(viewer.at)
    posts = AgreementPost.objects.filter(AgreementPost.is_named_at(viewer.at))
    mine = posts.filter(part=Part.ASKS, post_id__in=viewer.post_ids).values("agreement_id")
    answering = set(
        posts.filter(part=Part.ANSWERS, agreement_id__in=mine).values_list("agreement_id", "organisation_id")
    )
    rows = AgreementParty.objects.filter(Agreement.is_in_force(day, "agreement__"), agreement_id__in=mine)
    rows = rows.select_related("agreement", "organisation").prefetch_related("items")
    ordered = rows.order_by("organisation__name", "agreement__reference")
    return [row for row in ordered if (row.agreement_id, row.organisation_id) in answering]


def _askable(party: AgreementParty, *, age: int | None, level: int, asked: str) -> Askable:
    items = sorted(party.items.all(), key=lambda item: (item.position, item.pk))
    reasons: list[tuple[AgreementItem, str]] = [
        (item, rules.why_not(item.rule, age=age, level=level)) for item in items
    ]
    shared = tuple(item.name for item, why in reasons if not why)
    whole = next((why for item, why in reasons if item.code == INVOLVEMENT_ITEM), "nothing is agreed.")
    sentence = rules.SOMETHING_TO_SHARE.sentence.format(organisation=party.organisation.name, why=whole)
    why_not = sentence if whole else ""
    return Askable(
        agreement_id=party.agreement_id,
        agreement=party.agreement.reference,
        title=party.agreement.title,
        organisation_id=party.organisation_id,
        organisation=party.organisation.name,
        organisation_kind=party.organisation.kind,
        purposes=tuple((code, PURPOSES[code]) for code in PURPOSES if code in party.agreement.purposes),
        items=shared,
        left_out=tuple((item.name, why) for item, why in reasons if why),
        why_not=why_not,
        open_request=asked,
    )


def requests_about(viewer: Actor, subject: tuple[str, str]) -> list[RequestSeen]:
    """Everything asked about a matter, with every answer and refusal, by organisation and time. The caller, a part
    above, has let the viewer in to the matter and audits the read with the people on it. At most eight queries."""
    rows = InformationRequest.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    return requests_shown(viewer, rows.select_related(*RELATED).order_by("organisation__name", "asked_at", "pk"))


def requests_about_many(viewer: Actor, kind: str, ids: Collection[str]) -> dict[str, list[RequestSeen]]:
    """As `requests_about`, for several matters of one kind, by id; for lists."""
    rows = InformationRequest.objects.filter(subject_kind=kind, subject_id__in=list(ids))
    found: dict[str, list[RequestSeen]] = defaultdict(list)
    for each in requests_shown(viewer, rows.select_related(*RELATED).order_by("organisation__name", "asked_at")):
        found[each.subject[1]].append(each)
    return found


def basis_given_for(
    viewer: Actor, subject: tuple[str, str], *, people: Collection[UUID] = (), organisations: Collection[UUID] = ()
) -> BasisSeen | None:
    """The manager's reason that holds today for asking about a matter without the family's agreement, for whoever the
    caller has let in to the matter; with people and organisations, only one that holds for all these questions."""
    rows = BasisGiven.covering(subject, people, organisations, timezone.localdate(viewer.at))
    row = rows.select_related("basis").first()
    if row is None:
        return None
    by = names_of_posts(viewer, [row.post_id])[row.post_id] if row.post_id else ""
    names = open_organisations(viewer).filter(pk__in=row.organisations).values_list("name", flat=True)
    return BasisSeen(
        row.pk, row.basis.name, row.basis.is_verified, row.reason, row.given_at, by, tuple(names), row.ends_on
    )


def days_a_basis_holds(viewer: Actor) -> int:
    """For how many days what a manager agrees to now will hold."""
    day = timezone.localdate(viewer.at)
    return (basis_ends_on(viewer.at) - day).days


def lawful_bases(viewer: Actor) -> list[BasisChoice]:
    """Every lawful basis there is to choose from, by name."""
    return [
        BasisChoice(row.code, row.name, row.words, row.source, row.is_verified)
        for row in LawfulBasis.objects.order_by("name")
    ]


# --- The asker's own pages and the record to hand to a service.


def requests_asked(viewer: Actor, *, with_ended: bool = False) -> list[RequestSeen]:
    """The requests the viewer's own posts asked, what waits longest first. One row in the trail names the people."""
    check(viewer, READ_ASKED)
    rows = InformationRequest.objects.asked_by_posts_of(viewer)
    rows = rows if with_ended else rows.live_at(viewer.at)
    rows = not_withheld(viewer, rows)
    shown = requests_shown(viewer, rows.select_related(*RELATED).order_by("-asked_at", "-pk")[:MOST_ASKED])
    found = [each if each.is_live else without_answer(each) for each in shown]
    found.sort(key=lambda each: (not each.is_waiting, each.due_at if each.is_waiting else each.asked_at))
    found = _named(found)
    people = {each.person_id for each in found if each.is_live}
    audit.record_read(
        viewer, subject=(InformationRequest._meta.label_lower, ""), people=people, purpose="requests they asked"
    )
    return found


def asked_request(viewer: Actor, request_id: UUID, *, purpose: str) -> RequestSeen:
    """One request for whoever asked it; the read is audited. Its answers are shown while it is open. Once it is closed they
    are a record for information governance and the front door's managers alone. NotVisible for everybody else."""
    rows = not_withheld(viewer, InformationRequest.objects.all()).select_related(*RELATED)
    row = rows.filter(pk=request_id).first()
    if row is None:
        raise NotVisible
    seen, is_kept = requests_shown(viewer, [row])[0], can(viewer, READ_CLOSED)
    is_own = can(viewer, READ_ASKED) and (viewer.is_system or row.asked_by_id in viewer.post_ids)
    if not is_own and (seen.is_live or not is_kept):
        raise NotVisible
    audit.record_read(viewer, subject=(row._meta.label_lower, str(row.pk)), people=[row.person_id], purpose=purpose)
    return _named([seen if seen.is_live or is_kept else without_answer(seen)])[0]


@dataclass(frozen=True)
class ClosedSeen:
    """A closed request in the list of an agreement; it names nobody."""

    id: UUID
    reference: str
    organisation: str
    asked_at: datetime
    ended_at: datetime | None


def closed_requests(viewer: Actor, agreement_id: UUID) -> list[ClosedSeen]:
    """The closed requests under an agreement, newest first, for those who may look at their record."""
    if not can(viewer, READ_CLOSED):
        return []
    rows = not_withheld(viewer, InformationRequest.objects.filter(agreement_id=agreement_id).exclude(state__in=LIVE))
    return [
        ClosedSeen(row.pk, row.reference, row.organisation.name, row.asked_at, row.ended_at)
        for row in rows.select_related("organisation").order_by("-asked_at", "-pk")[:MOST_ASKED]
    ]


def _named(found: list[RequestSeen]) -> list[RequestSeen]:
    """With the name of whom each is about, while it is live: once it is closed, the reference must do."""
    names = people_named({each.person_id for each in found if each.is_live})
    return [
        replace(each, person_name=names[each.person_id].name) if each.is_live and each.person_id in names else each
        for each in found
    ]


def request_for_change(viewer: Actor, request_id: UUID) -> InformationRequest:
    """A request to hand to the service that withdraws or closes it, for those who may; NotVisible for others."""
    rows = InformationRequest.objects.select_related("asked_by", "agreement", "organisation")
    row = not_withheld(viewer, rows).filter(pk=request_id).first()
    if row is None or not can(viewer, CLOSE_REQUEST, row):
        raise NotVisible
    return row


def people_asked_about(viewer: Actor) -> QuerySet[InformationRequest, UUID] | None:
    """The ground `information_sharing.open_request`: those somebody's own post asked a partner about, while the answer
    is still awaited and the agreement is in force."""
    if not viewer.post_ids or not can(viewer, ASK_FOR_INFORMATION):
        return None
    waiting = InformationRequest.objects.waiting_at(viewer.at).filter(asked_by_id__in=viewer.post_ids)
    return waiting.values_list("person_id", flat=True)
