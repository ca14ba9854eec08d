"""One referral, with everything its page shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery, Window
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import FRONT_DOOR
from joinedup.casework.queries import OpenCase, open_cases_of
from joinedup.core.errors import NotVisible
from joinedup.front_door.codes import CHANNEL_LABELS, OUTCOME_LABELS, Channel, Outcome
from joinedup.front_door.lifecycle import LABELS, OWNERS, UNDECIDED, State
from joinedup.front_door.models import (
    Decision,
    DutyPage,
    RatingGiven,
    Referral,
    ReferralPerson,
    ReferralTransition,
)
from joinedup.front_door.queries.changes import visible_referrals
from joinedup.front_door.queries.households import FamilyAbout, families_about
from joinedup.front_door.queries.look_back import earlier_referrals
from joinedup.front_door.queries.moves import Situation, moves_for
from joinedup.front_door.queries.records import EarlierContact, FamilyChoice, LookBack, ReferralRecord
from joinedup.front_door.queries.shown import (
    contact_said,
    decision_row,
    handover_seen,
    notice_seen,
    place_seen,
    rating_row,
    referrer_seen,
    reply_seen,
    transition_row,
)
from joinedup.front_door.rules import LOOK_BACK, is_look_back_forced
from joinedup.front_door.settings import look_back_rule, rating_label

_MOST_EARLIER = 10
_RELATED = (
    "contact__organisation",
    "contact__taken_by__account",
    "held_by__account",
    "family",
    "locality",
    "team",
    "case",
    "allocation",
    "handover",
    "reply",
    "case_notice__case__team",
    "case_notice__case__lead_professional__account",
)


def referral(viewer: Actor, referral_id: UUID, *, purpose: str) -> ReferralRecord:
    """The referral for its page. The read is audited with its purpose and the people shown on it."""
    waiting = DutyPage.objects.filter(referral=OuterRef("pk"), accepted_at__isnull=True).order_by("-paged_at")
    rows = visible_referrals(viewer).select_related(*_RELATED).annotate(waiting_page=Subquery(waiting.values("pk")[:1]))
    row = rows.filter(pk=referral_id).first()
    if row is None:
        raise NotVisible
    places = list(
        ReferralPerson.objects.filter(referral=row)
        .select_related("contact_person", "person")
        .order_by("contact_person__position")
    )
    families, cases = _families(viewer, places)
    people = {place.person_id for place in places if place.person_id}
    audit.record_read(
        viewer,
        subject=("front_door.referral", str(row.pk)),
        people=people.union(*(family.shown for family in families)),
        purpose=purpose,
    )
    return _record(viewer, row, places, families, cases)


def _families(viewer: Actor, places: list[ReferralPerson]) -> tuple[list[FamilyAbout], dict[UUID, OpenCase]]:
    """The families to choose from and their open cases; only the front door chooses."""
    if not viewer.has_role(*FRONT_DOOR) and not viewer.is_system:
        return [], {}
    families = families_about(viewer, [place.person_id for place in places if place.person_id])
    return families, open_cases_of(viewer, [family.family_id for family in families]) if families else {}


def _record(
    viewer: Actor,
    row: Referral,
    places: list[ReferralPerson],
    families: list[FamilyAbout],
    cases: dict[UUID, OpenCase],
) -> ReferralRecord:
    ratings = list(RatingGiven.objects.filter(referral=row).order_by("-at", "-pk"))
    decisions = list(Decision.objects.filter(referral=row).select_related("agency").order_by("-proposed_at", "-pk"))
    transitions = list(ReferralTransition.objects.filter(referral=row).order_by("at", "pk"))
    handover = getattr(row, "handover", None)
    reply, notice = getattr(row, "reply", None), getattr(row, "case_notice", None)
    names = _Names(viewer, places, ratings, decisions, transitions, reply, notice)
    agency = next((each.agency.name for each in decisions if each.decided_at and each.agency), "")
    situation = Situation(
        page_waits=getattr(row, "waiting_page", None) is not None,
        proposal=next((each for each in decisions if each.decided_at is None and each.sent_back_at is None), None),
        reply=reply,
        has_unsearched=any(place.searched_at is None for place in places),
        has_child=any(place.part == "child" and place.person_id for place in places),
        has_open_case=bool(row.family_id and row.family_id in cases),
        is_passed=notice is not None and notice.returned_at is None and row.state == State.PASSED_TO_CASE,
    )
    on = timezone.localdate(viewer.at)
    return ReferralRecord(
        **_facts(row),
        **_standing(viewer, row, situation),
        said=contact_said(row.contact),
        referrer=referrer_seen(row.contact),
        places=tuple(place_seen(place, names.of) for place in places),
        ratings=tuple(rating_row(each, names.of, on, is_in_force=each is ratings[0]) for each in ratings),
        decisions=tuple(decision_row(each, names.of) for each in decisions),
        transitions=tuple(transition_row(each, names.of) for each in transitions),
        look_back=_look_back(viewer, row),
        families=tuple(_family_choice(family, cases) for family in families),
        notice=notice_seen(notice, names.of, viewer.at) if notice else None,
        handover=handover_seen(handover) if handover else None,
        reply=reply_seen(reply, row, names.of, viewer.at, agency) if reply else None,
        moves=moves_for(viewer, row, situation),
    )


def _facts(row: Referral) -> dict[str, Any]:
    """What the referral itself says, whoever looks."""
    allocation = getattr(row, "allocation", None)
    same = (
        "version", "reference", "received_at", "decide_by", "decided_at", "rating", "is_safeguarding_concern",
        "family_knows", "family_agrees", "agreement_reason", "family_id", "level", "outcome", "case_id",
    )  # fmt: skip
    return {name: getattr(row, name) for name in same} | {
        "id": row.pk,
        "channel": row.contact.channel,
        "channel_label": CHANNEL_LABELS[Channel(row.contact.channel)],
        "is_immediate_danger": row.contact.is_immediate_danger,
        "family_name": row.family.name if row.family else "",
        "locality": row.locality.name if row.locality else "",
        "outcome_label": OUTCOME_LABELS[Outcome(row.outcome)] if row.outcome else "",
        "team": row.team.name if row.team else "",
        "case_reference": row.case.reference if row.case else "",
        "allocation_rule": allocation.rule if allocation else "",
        "allocation_reason": allocation.reason if allocation else "",
    }


def _standing(viewer: Actor, row: Referral, situation: Situation) -> dict[str, Any]:
    """Where it stands at the viewer's moment, and in whose hands."""
    state = State(row.state)
    return {
        "state": state,
        "state_label": LABELS[state],
        "next_move_is_with": OWNERS[state],
        "is_overdue": is_overdue(row, viewer.at, page_waits=situation.page_waits),
        "rating_label": rating_label(row.rating, timezone.localdate(viewer.at)),
        "page_waiting_id": getattr(row, "waiting_page", None),
        "held_by": row.held_by.account.name if row.held_by else "",
        "is_held_by_viewer": row.held_by_id in viewer.post_ids,
    }


class _Names:
    """Every account named on the page, in one query."""

    def __init__(self, viewer: Actor, places: list[ReferralPerson], *others: object) -> None:
        ids = {getattr(place, name) for place in places for name in ("searched_by", "identified_by")}
        fields = ("by", "proposed_by", "decided_by", "sent_back_by", "told_by", "acknowledged_by")
        for other in others:
            for each in other if isinstance(other, list) else [other]:
                ids |= {getattr(each, name, None) for name in fields}
        self._names = names_of_accounts(viewer, {each for each in ids if each})

    def of(self, account_id: UUID | None) -> str:
        """The name; the program itself where nobody acted."""
        return self._names.get(account_id, "") if account_id else "Joinedup"


def is_overdue(row: Referral, at: datetime, *, page_waits: bool = False) -> bool:
    """Undecided after its clock has run out; red is overdue from the start until a named person accepts it."""
    return page_waits or (row.state in UNDECIDED and row.decide_by < at)


def _family_choice(family: FamilyAbout, cases: dict[UUID, OpenCase]) -> FamilyChoice:
    case = cases.get(family.family_id)
    return FamilyChoice(family.family_id, family.name, family.members, case.reference if case else "")


def _look_back(viewer: Actor, row: Referral) -> LookBack:
    threshold, months = look_back_rule(viewer.at)
    earlier = earlier_referrals(viewer, row, viewer.at).annotate(how_many=Window(Count("pk")))
    rows = list(earlier.order_by("-received_at", "-pk")[:_MOST_EARLIER])
    count = (rows[0].how_many if rows else 0) + 1
    is_forced = is_look_back_forced(count, threshold)
    return LookBack(
        earlier=tuple(
            EarlierContact(
                each.pk,
                each.reference,
                each.received_at,
                each.rating,
                LABELS[State(each.state)],
                OUTCOME_LABELS[Outcome(each.outcome)] if each.outcome else "",
                each.level,
            )
            for each in rows
        ),
        count=count,
        threshold=threshold,
        months=months,
        is_forced=is_forced,
        sentence=LOOK_BACK.sentence.format(count=count, months=months) if is_forced else "",
    )
