"""Assessments that trained professionals registered with the front door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.errors import NotVisible
from joinedup.front_door.models import Contact, LeadOffer
from joinedup.front_door.permissions import READ_SENT_CONTACTS, REGISTER_ASSESSMENT
from joinedup.workforce.codes import Course
from joinedup.workforce.queries import is_trained


@dataclass(frozen=True)
class Registration:
    """Who will assess and lead, and what the allocation made of it: lead, member, or nothing yet."""

    name: str
    title: str
    organisation: str
    offered_at: datetime
    taken_as: str


def registration_of_referral(viewer: Actor, referral_id: UUID) -> Registration | None:
    """For a viewer who has been let in to the referral, and whose reading is audited."""
    return _registration(Q(contact__referral=referral_id))


def registration_of_sent(viewer: Actor, contact_id: UUID) -> Registration | None:
    """What a post of the viewer's registered itself. What became of it they learn when they are told of the referral."""
    return _registration(Q(contact_id=contact_id, post_id__in=viewer.post_ids))


def _registration(which: Q) -> Registration | None:
    row = LeadOffer.objects.filter(which).select_related("post__account", "post__host").first()
    if row is None:
        return None
    post = row.post
    return Registration(post.account.name, post.title, post.host.name, row.offered_at, row.taken_as)


def may_register(viewer: Actor) -> bool:
    """Whether the viewer's training lets them register an assessment today."""
    on = timezone.localdate(viewer.at)
    is_allowed = not REGISTER_ASSESSMENT.roles.isdisjoint(viewer.roles)
    return is_allowed and is_trained(viewer, viewer.account_id, Course.COMMON_ASSESSMENT, on)


def sent_contact_for_change(viewer: Actor, contact_id: UUID) -> Contact:
    """A contact that a post of the viewer's sent, to hand to a service."""
    row = Contact.objects.filter(pk=contact_id, submitted_by_id__in=viewer.post_ids).first()
    if row is None or not can(viewer, READ_SENT_CONTACTS):
        raise NotVisible
    return row
