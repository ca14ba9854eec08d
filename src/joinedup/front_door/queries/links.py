"""E-mailed links: which organisation an address belongs to, and what the holder of a link may see."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.core.partnership import value
from joinedup.front_door.models import ReferralLink
from joinedup.front_door.queries.sent import standing_of
from joinedup.front_door.settings import REFERRAL_DOMAINS
from joinedup.organisations.queries import open_organisations

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

# Mail that anybody can have is nobody's work address, whatever an organisation gives as its own.
_ANYBODYS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.co.uk",
        "live.com",
        "live.co.uk",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "icloud.com",
        "me.com",
        "aol.com",
        "btinternet.com",
        "sky.com",
        "virginmedia.com",
        "talktalk.net",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "mail.com",
    ]
)


def organisation_of_address(viewer: Actor, email: str) -> Organisation | None:
    """The open partner a work address belongs to: by the setting, else by the domain of the organisation's own
    address where only one open organisation has it."""
    domain = email.rpartition("@")[2].lower()
    if not domain or domain in _ANYBODYS:
        return None
    named = value(REFERRAL_DOMAINS, on=timezone.localdate(viewer.at)).get(domain)
    rows = open_organisations(viewer)
    if named:
        return rows.filter(code=named).first()
    found = list(rows.filter(email__iendswith=f"@{domain}")[:2])
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class LinkHeld:
    """A link as its holder sees it: whose it is and, once sent, one line of what became of it."""

    id: UUID
    email: str
    organisation: str
    expires_at: datetime
    reference: str
    standing: str
    told_at: datetime | None


def link_held(viewer: Actor, link_id: UUID, secret: str) -> LinkHeld | None:
    """The link open in this browser; None once it has run out, was replaced, or is another browser's."""
    link = ReferralLink.objects.select_related("organisation", "contact__referral__reply").filter(pk=link_id).first()
    if link is None or link.ended_at is not None or link.expires_at <= viewer.at:
        return None
    if link.contact is None:
        same = secrets.compare_digest(link.session_digest, hashlib.sha256(secret.encode()).hexdigest())
        if not link.session_digest or not same:
            return None
    standing, _, told_at = standing_of(link.contact) if link.contact else ("", "", None)
    reference = link.contact.reference if link.contact else ""
    return LinkHeld(link.pk, link.email, link.organisation.name, link.expires_at, reference, standing, told_at)


def link_with(viewer: Actor, link_id: UUID) -> ReferralLink:
    """The row, locked, for the service that takes in what was written behind it."""
    rows = ReferralLink.objects.select_for_update(of=("self",)).select_related("organisation", "contact")
    link = rows.filter(pk=link_id).first()
    if link is None:
        raise NotVisible
    return link


def link_for_change(viewer: Actor, link_id: UUID, secret: str) -> ReferralLink:
    """The link open in this browser, for the service that sends what was written."""
    if link_held(viewer, link_id, secret) is None:
        raise NotVisible
    return ReferralLink.objects.get(pk=link_id)
