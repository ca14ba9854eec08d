"""What a reader does without an account: asks for a link or a code, opens their page, leaves it, decides what parents see."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.notifications import owe_message
from joinedup.family_page import rules
from joinedup.family_page.events import YOUNG_PERSON_CHOSE
from joinedup.family_page.models import FamilyPage, PageCode, PageLink, PageVisit, Release, YoungChoice
from joinedup.family_page.permissions import USE_OWN_PAGE
from joinedup.family_page.queries.guarding import guard_of, world_of
from joinedup.family_page.queries.reader import Visit, decidable, digest_of
from joinedup.family_page.services.steps import (
    LINK_KIND,
    AddressOf,
    chronicle,
    lock,
    new_link,
    take_back_rows,
)
from joinedup.family_page.settings import code_minutes, codes_an_hour

_MOST_TRIES = 5
_LINKS_AN_HOUR = 3
_CODE = """Your code is {code}

It works once, for {minutes} minutes. If you did not ask for it, you need do nothing. Nobody will ever ring you for it.
"""


def code_digest(link_id: UUID, code: str) -> str:
    """What is kept of a code: nobody who reads the table can try the million codes there are without the program's key."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{link_id}{code}".encode(), hashlib.sha256).hexdigest()


@service(USE_OWN_PAGE)
def ask_for_link(*, contact: str, address_of: AddressOf, by: Actor, at: datetime) -> None:
    """Send a new link for each open page that this contact is the safe one of. Whether there is any is never told."""
    told = contact.strip()
    if not told:
        return
    rows = FamilyPage.objects.filter(closed_at__isnull=True, person__safe_contacts__details__iexact=told)
    for page in rows.select_related("case").distinct().order_by("pk")[:5]:
        world = world_of(by, page.case)
        to = world.sends_to(page.person_id)
        said = world.advice_of(page.person_id).details.strip()
        recent = PageLink.objects.filter(page=page, created_at__gt=at - timedelta(hours=1)).count()
        if said.casefold() == told.casefold() and guard_of(by, page, world).is_open and recent < _LINKS_AN_HOUR:
            new_link(page, to, address_of, at=at)
            note(people=[page.person_id], subject=page, changed=("link",))


@service(USE_OWN_PAGE)
def send_code(*, token: str, by: Actor, at: datetime) -> None:
    """Send a code to the contact that is safe now. A wrong link, a closed page and too many codes come to the same: nothing
    is told."""
    link = PageLink.objects.select_related("page__case").filter(_live(at), digest=digest_of(token)).first()
    if link is None:
        return
    lock(link)
    on = timezone.localdate(at)
    if PageCode.objects.filter(link=link, sent_at__gt=at - timedelta(hours=1)).count() >= codes_an_hour(on):
        return
    world = world_of(by, link.page.case)
    if not guard_of(by, link.page, world).is_open:
        return
    code, minutes = f"{secrets.randbelow(1_000_000):06d}", code_minutes(on)
    PageCode.objects.create(
        link=link, digest=code_digest(link.pk, code), sent_at=at, expires_at=at + timedelta(minutes=minutes)
    )
    body = _CODE.format(code=code, minutes=minutes)
    owe_message(
        to=world.sends_to(link.page.person_id), subject="Your code", body=body, about=(LINK_KIND, str(link.pk)), at=at
    )
    note(people=[link.page.person_id], subject=link.page, changed=("code",))


def _live(at: datetime) -> Q:
    return Q(ended_at__isnull=True, expires_at__gt=at, page__closed_at__isnull=True)


@service(USE_OWN_PAGE)
def enter(*, token: str, code: str, secret: str, by: Actor, at: datetime) -> PageVisit | None:
    """Open the page in the browser that holds `secret`. None for a wrong link, a wrong or old code, a code tried too often and
    a closed page alike; a try is counted even so. Opened, the link ends the earlier ones."""
    link = PageLink.objects.select_related("page__case").filter(_live(at), digest=digest_of(token)).first()
    if link is None:
        hmac.compare_digest(code_digest(UUID(int=0), code), code_digest(UUID(int=0), ""))
        return None
    lock(link)
    sent = (
        PageCode.objects.filter(link=link, used_at__isnull=True, expires_at__gt=at).order_by("-sent_at", "-pk").first()
    )
    if sent is None or sent.tries >= _MOST_TRIES:
        return None
    if not hmac.compare_digest(sent.digest, code_digest(link.pk, code)):
        sent.tries += 1
        sent.save(update_fields=["tries"])
        return None
    if not guard_of(by, link.page).is_open:
        return None
    sent.used_at = at
    sent.save(update_fields=["used_at"])
    link.entered_at = link.entered_at or at
    link.save(update_fields=["entered_at"])
    earlier = PageLink.objects.filter(page=link.page, ended_at__isnull=True, created_at__lt=link.created_at)
    earlier.exclude(pk=link.pk).update(ended_at=at)
    note(people=[link.page.person_id], subject=link.page, changed=("visit",))
    return PageVisit.objects.create(link=link, digest=digest_of(secret), began_at=at, seen_at=at)


@service(USE_OWN_PAGE)
def note_reading(*, visit: Visit, shown: Collection[UUID], by: Actor, at: datetime) -> None:
    """Write down what the reader saw and when, and keep their visit from running out."""
    PageVisit.objects.filter(pk=visit.id, ended_at__isnull=True).update(seen_at=at)
    rows = Release.objects.filter(page=visit.page, pk__in=list(shown), withdrawn_at__isnull=True)
    rows.update(first_seen_at=Coalesce("first_seen_at", Value(at)), last_seen_at=at)
    note(people=[visit.page.person_id], subject=visit.page, changed=("seen",))


@service(USE_OWN_PAGE)
def leave(*, visit: Visit, by: Actor, at: datetime) -> None:
    """End the visit of this browser."""
    PageVisit.objects.filter(pk=visit.id, ended_at__isnull=True).update(ended_at=at)
    note(people=[visit.page.person_id], subject=visit.page, changed=("visit",))


@service(USE_OWN_PAGE)
def choose_for_parents(*, visit: Visit, chosen: Mapping[str, Collection[UUID]], by: Actor, at: datetime) -> int:
    """A young person says, for each thing they were shown or wrote, which parents may see it. What a parent sees without their
    yes any more is taken back at once, unless a worker showed it with a recorded reason. Returns how many answers changed."""
    page = visit.page
    lock(page)
    world = world_of(by, page.case)
    guard = guard_of(by, page, world)
    if not guard.is_open:
        raise rules.PAGE_CLOSED.refused()
    if not page.is_young:
        raise rules.PARENTS_ONLY.refused()
    there = decidable(page, guard, world, at)
    parents = {person_id for person_id, _ in there.parents}
    keys = {thing.key for thing in there.things}
    if not set(chosen) <= keys or any(not set(several) <= parents for several in chosen.values()):
        raise rules.NOT_YOURS.refused()
    changed = 0
    for thing in there.things:
        wanted = set(chosen.get(thing.key, ()))
        for parent in sorted(parents):
            if (parent in wanted) != (parent in thing.chosen):
                _choose(page, thing.key, parent, parent in wanted, by, at)
                changed += 1
    if changed:
        chronicle(YOUNG_PERSON_CHOSE, page, by=by, at=at)
    note(people=[page.person_id], subject=page, changed=("choices",))
    return changed


def _choose(page: FamilyPage, key: str, parent: UUID, may_see: bool, by: Actor, at: datetime) -> None:
    YoungChoice.objects.update_or_create(
        page=page, source_key=key, parent_id=parent, defaults={"may_see": may_see, "chosen_at": at}
    )
    if not may_see:
        rows = Release.objects.filter(
            page__case_id=page.case_id,
            page__person_id=parent,
            source_key=key,
            withdrawn_at__isnull=True,
            override_reason="",
        )
        take_back_rows(rows, reason="The young person said no", by=by, at=at)
