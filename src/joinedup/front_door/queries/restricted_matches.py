"""What guardians of restricted records have to answer: the referrals whose details came upon one, and new entries that
look like one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.core.formats import london
from joinedup.front_door.lifecycle import LABELS, UNDECIDED, State
from joinedup.front_door.models import Contact, ContactPerson, Referral
from joinedup.front_door.queries.sent import SentPerson, answers_of, person_as_typed
from joinedup.front_door.settings import rating_label
from joinedup.organisations.queries import posts_with_role
from joinedup.person_index.queries import MatchSeen, is_answer_awaited, match_for_answer, matches_for_guardian

if TYPE_CHECKING:
    from joinedup.organisations.models import Post
    from joinedup.person_index.models import RestrictedMatch

KIND = "front_door.referral"


@dataclass(frozen=True)
class ReferralTold:
    """What a guardian needs of the referral to answer: what was typed, never what anybody found."""

    id: UUID
    reference: str
    received_at: datetime
    decide_by: datetime
    is_overdue: bool
    rating_label: str
    state_label: str
    is_immediate_danger: bool
    held_by: str
    people: tuple[SentPerson, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class GuardianMatch:
    """One search that came upon a restricted record, with the referral it was made for, if it was for one."""

    match: MatchSeen
    referral: ReferralTold | None


@dataclass(frozen=True)
class PostToTake:
    """Somebody at the front door who could take a referral over."""

    post_id: UUID
    name: str
    title: str


def guardian_matches(viewer: Actor) -> list[GuardianMatch]:
    """What waits for the viewer as a guardian, the oldest first, then what was answered lately."""
    found = matches_for_guardian(viewer)
    told = _referrals(viewer, [each.about_id for each in found if each.about_kind == KIND])
    return [GuardianMatch(each, told.get(each.about_id)) for each in found]


def guardian_match(viewer: Actor, match_id: UUID) -> GuardianMatch:
    """One of them, to answer; the read is audited."""
    found = next((each for each in matches_for_guardian(viewer) if each.id == match_id), None)
    if found is None:
        raise NotVisible
    audit.record_read(
        viewer,
        subject=("person_index.restrictedmatch", str(match_id)),
        people=[found.person_id],
        purpose="answering as a guardian",
    )
    return GuardianMatch(found, _referrals(viewer, [found.about_id]).get(found.about_id))


def guardian_match_for_change(viewer: Actor, match_id: UUID) -> tuple[RestrictedMatch, Referral | None]:
    """The match itself and the referral it holds up, to hand to a service."""
    match = match_for_answer(viewer, match_id)
    referral = Referral.objects.filter(pk=match.about_id).first() if match.about_kind == KIND else None
    return match, referral


def posts_to_take(viewer: Actor) -> list[PostToTake]:
    """Who could take a referral over: registered social workers and managers of the front door."""
    posts = [*posts_with_role(viewer, Role.SOCIAL_WORKER), *posts_with_role(viewer, Role.FRONT_DOOR_MANAGER)]
    return [PostToTake(post.pk, post.account.name, post.title) for post in posts]


def post_to_take(viewer: Actor, post_id: UUID) -> Post | None:
    """One of these posts."""
    posts = [*posts_with_role(viewer, Role.SOCIAL_WORKER), *posts_with_role(viewer, Role.FRONT_DOOR_MANAGER)]
    return next((post for post in posts if post.pk == post_id), None)


def is_being_checked(viewer: Actor, referral: Referral) -> bool:
    """A guardian has not answered yet for somebody whom the referral's details came upon."""
    return is_answer_awaited(viewer, KIND, referral.pk)


def _referrals(viewer: Actor, ids: list[UUID]) -> dict[UUID, ReferralTold]:
    rows = list(Referral.objects.filter(pk__in=ids).select_related("contact", "held_by__account"))
    people: dict[UUID, list[ContactPerson]] = {}
    for typed in ContactPerson.objects.filter(contact__referral__in=rows).order_by("position"):
        people.setdefault(typed.contact_id, []).append(typed)
    return {row.pk: _told(viewer, row, row.contact, people.get(row.contact_id, [])) for row in rows}


def _told(viewer: Actor, row: Referral, contact: Contact, people: list[ContactPerson]) -> ReferralTold:
    return ReferralTold(
        id=row.pk,
        reference=row.reference,
        received_at=row.received_at,
        decide_by=row.decide_by,
        is_overdue=State(row.state) in UNDECIDED and row.decide_by < viewer.at,
        rating_label=rating_label(row.rating, london(viewer.at).date()),
        state_label=LABELS[State(row.state)],
        is_immediate_danger=contact.is_immediate_danger,
        held_by=row.held_by.account.name if row.held_by else "",
        people=tuple(person_as_typed(each) for each in people),
        answers=answers_of(contact),
    )
