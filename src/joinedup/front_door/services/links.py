"""A professional without an account: a link to their work address opens one unfinished referral, in one browser."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core import drafts
from joinedup.core.models import OutboxMessage
from joinedup.core.notifications import owe_message
from joinedup.core.partnership import value
from joinedup.front_door import rules
from joinedup.front_door.codes import Channel
from joinedup.front_door.intake import NewContact
from joinedup.front_door.models import Contact, ReferralLink
from joinedup.front_door.permissions import REFER_BY_LINK
from joinedup.front_door.queries.links import link_with, organisation_of_address
from joinedup.front_door.services.contacts import _Sender, _take_in
from joinedup.front_door.settings import LINK_DAYS, LINKS_AN_HOUR
from joinedup.front_door.telling import is_address, kind_of_referrer

_KIND = "front_door.referrallink"
_OTHER_AGENCY = "8"


@service(REFER_BY_LINK)
def send_link(*, email: str, address_of: Callable[[str], str], by: Actor, at: datetime) -> None:
    """Send a new link to a work address of a partner; what they have open stays open until they open the new one.
    `address_of` makes the web address of a link. Whether anything was sent is never told: every answer is the same."""
    email = email.strip().lower()
    if not is_address(email):
        raise rules.EMAIL_RIGHT.refused("email")
    organisation = organisation_of_address(by, email)
    if organisation is None or _is_too_many(email, at):
        return
    token = secrets.token_urlsafe(32)
    days = int(value(LINK_DAYS, on=timezone.localdate(at)))
    link = ReferralLink.objects.create(
        email=email,
        organisation=organisation,
        digest=digest_of(token),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    owe_message(
        to=email,
        subject="Your link to refer a child or family",
        body=_MESSAGE.format(address=address_of(token), days=days),
        about=(_KIND, str(link.pk)),
        at=at,
    )
    note(subject=link)


_MESSAGE = """You asked for a link to refer a child or family to the front door.

{address}

It opens your own referral, in the browser you open it in first, and works for {days} days. What you type is kept, and
you can ask for a new link at any time: this one stops working once you open the new one.

If you did not ask for this, you need do nothing, and a link you use already goes on working. If a child is in danger now, call 999.
"""


def digest_of(token: str) -> str:
    """What is kept of a link or of a browser's secret. Both are random and long, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _live(email: str) -> QuerySet[ReferralLink]:
    return ReferralLink.objects.filter(email=email, ended_at__isnull=True, contact__isnull=True)


def _is_too_many(email: str, at: datetime) -> bool:
    most = int(value(LINKS_AN_HOUR, on=timezone.localdate(at)))
    return ReferralLink.objects.filter(email=email, created_at__gt=at - timedelta(hours=1)).count() >= most


@service(REFER_BY_LINK)
def open_link(*, token: str, secret: str, by: Actor, at: datetime) -> ReferralLink:
    """Open a link in this browser, which holds `secret` in its session. Refused (FD-65) when it has run out, a newer one
    was opened, or it was opened in another browser. Opened first, it ends the earlier ones of the address and takes
    their unfinished referrals over."""
    link = _locked_with_its_address(digest_of(token))
    if link is None or link.ended_at is not None or link.expires_at <= at:
        raise rules.LINK_ENDED.refused()
    note(subject=link)
    if link.contact_id is not None:
        return link
    if link.opened_at is not None and not secrets.compare_digest(link.session_digest, digest_of(secret)):
        raise rules.LINK_TAKEN.refused()
    if link.opened_at is None:
        link.opened_at, link.session_digest = at, digest_of(secret)
        _live(link.email).exclude(pk=link.pk).filter(
            Q(created_at__lte=link.created_at) | Q(opened_at__isnull=False)
        ).update(ended_at=at)
        link.save(update_fields=["opened_at", "session_digest"])
        earlier = ReferralLink.objects.filter(email=link.email).exclude(pk=link.pk).values_list("pk", flat=True)
        drafts.move_drafts([f"link:{each}" for each in earlier], f"link:{link.pk}")
    return link


def _locked_with_its_address(digest: str) -> ReferralLink | None:
    """The link, with every link of its address locked in one order: of two opened at the same moment one comes second."""
    email = ReferralLink.objects.filter(digest=digest).values("email")
    locked = list(ReferralLink.objects.select_for_update().filter(email__in=email).order_by("pk"))
    return next((each for each in locked if each.digest == digest), None)


@service(REFER_BY_LINK)
def renew_link(*, token: str, address_of: Callable[[str], str], by: Actor, at: datetime) -> None:
    """A new link to the address an old one went to. Knowing the old link gives nothing: the new one goes by e-mail."""
    link = ReferralLink.objects.filter(digest=digest_of(token)).first()
    if link is not None:
        send_link(email=link.email, address_of=address_of, by=by, at=at)


@service(REFER_BY_LINK)
def submit_by_link(*, contact: NewContact, link: ReferralLink, by: Actor, at: datetime) -> Contact:
    """Take in what somebody wrote behind a link. The address and the organisation are those the link was sent to."""
    if contact.channel != Channel.FORM:
        raise ValueError("a link opens the referral form")
    held = link_with(by, link.pk)
    if held.contact is not None:
        return held.contact
    if held.ended_at is not None or held.expires_at <= at:
        raise rules.LINK_ENDED.refused()
    code = held.organisation.referral_source
    code = code if kind_of_referrer(code) == "professional" else _OTHER_AGENCY
    known = replace(contact, referrer_email=held.email, source_code=code, is_anonymous=False)
    row = _take_in(known, _Sender(organisation_id=held.organisation_id), by=by, at=at)
    held.contact = row
    held.save(update_fields=["contact"])
    note(subject=row)
    return row


def tidy_links(*, at: datetime) -> int:
    """The keeper's duty: a link that was sent does not stay in the outbox. In the demonstration it is read there."""
    if settings.DEMO:
        return 0
    sent = OutboxMessage.objects.filter(about_kind=_KIND, sent_at__isnull=False).exclude(body="")
    return sent.update(body="")
