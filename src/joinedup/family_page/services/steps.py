"""Steps of the services of the family's page, called only inside guarded services: they carry no permission of their own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.models import AnyRecord, new_id
from joinedup.core.notifications import owe_message
from joinedup.family_page import rules
from joinedup.family_page.events import ITEM_TAKEN_BACK, PAGE_CLOSED
from joinedup.family_page.models import FamilyPage, PageLink, PageVisit, Release
from joinedup.family_page.queries.guarding import Guard, World, guard_of
from joinedup.family_page.queries.reader import digest_of
from joinedup.family_page.reading import Why
from joinedup.family_page.settings import link_days

AddressOf = Callable[[str], str]
LINK_KIND = "family_page.pagelink"


def lock(record: AnyRecord) -> AnyRecord:
    """Read the record afresh and keep others from changing it until this transaction ends."""
    record.refresh_from_db(from_queryset=type(record)._default_manager.select_for_update(of=("self",)))
    return record


def lock_page(page: FamilyPage, by: Actor, world: World | None = None) -> Guard:
    """Lock the page and look at it now; refuses (FP-6) when something closes it."""
    lock(page)
    guard = guard_of(by, page, world)
    if not guard.is_open:
        raise rules.PAGE_CLOSED.refused()
    return guard


def chronicle(kind: EventKind, page: FamilyPage, *, by: Actor, at: datetime, code: str = "") -> None:
    """One event about the reader of a page, and the reader named in the audit row. What was said stays on the page."""
    note(people=[page.person_id], subject=page)
    record_event(
        kind, source=page, by=by, at=at, people=[page.person_id], family_id=page.case.family_id, team_id=page.case.team_id,
        code=code,
    )  # fmt: skip


def refuse_faults(guard: Guard, world: World, by: Actor, *texts: str) -> None:
    """Refuses (FP-7) words that give somebody away; where it is somebody restricted, without saying who or what (FP-8)."""
    found = guard.faults(*texts)
    if not found:
        return
    kept = {name for each in world.restricted for name in _said_of(world, each)}
    if kept & set(found):
        raise rules.NAMES_SOMEBODY.refused()
    raise rules.NAMES_OTHERS.refused(found=", ".join(found))


def _said_of(world: World, person_id: UUID) -> set[str]:
    given = world.around.given.get(person_id)
    return set() if given is None else given.names | given.homes | given.postcodes | given.numbers | given.emails


def write_release(
    page: FamilyPage, *, kind: str, key: str, title: str, words: str, concerns: Collection[UUID], by: Actor, at: datetime,
    digest: str = "", until: datetime | None = None, reason: str = "",
) -> Release:  # fmt: skip
    """One released thing; what stood there of the same source is taken back."""
    live_of(page, key).update(
        withdrawn_at=at, withdrawn_by=by.account_id, withdrawn_reason="A newer version was shared"
    )
    return Release.objects.create(
        page=page, kind=kind, source_key=key, source_digest=digest, title=title, words=words, concerns=sorted(concerns),
        until=until, override_reason=reason, released_at=at, released_by=by.account_id,
    )  # fmt: skip


def live_of(page: FamilyPage, key: str) -> QuerySet[Release]:
    """What stands on a page of one source."""
    return Release.objects.filter(page=page, source_key=key, withdrawn_at__isnull=True)


def take_back_rows(rows: QuerySet[Release], *, reason: str, by: Actor, at: datetime) -> int:
    """Take released things back, with an event for each page. Returns how many."""
    pages = {row.page_id: row.page for row in rows.select_related("page__case")}
    gone = rows.update(withdrawn_at=at, withdrawn_by=by.account_id, withdrawn_reason=reason[:300])
    for page in pages.values():
        chronicle(ITEM_TAKEN_BACK, page, by=by, at=at)
    return gone


def tell_young(
    page: FamilyPage, guard: Guard, world: World, parent: UUID, reason: str, *, by: Actor, at: datetime
) -> None:
    """A young person reads that something about them was shown to a parent without their yes, and why."""
    who = world.name_of(parent) if parent in guard.cleared else "a parent"
    title = f"We showed {who} something about you"
    refuse_faults(guard, world, by, title, reason)
    write_release(
        page, kind="told", key=f"told.{new_id()}", title=title, words=reason.strip(), concerns=(), by=by, at=at
    )


def end_page(page: FamilyPage, why: Why, *, reason: str, by: Actor, at: datetime) -> None:
    """Close a page with its links and visits; what was released stays as history."""
    page.closed_at, page.closed_by, page.closed_code, page.closed_reason = at, by.account_id, why.value, reason
    page.save(update_fields=["closed_at", "closed_by", "closed_code", "closed_reason"])
    PageLink.objects.filter(page=page, ended_at__isnull=True).update(ended_at=at)
    PageVisit.objects.filter(link__page=page, ended_at__isnull=True).update(ended_at=at)
    chronicle(PAGE_CLOSED, page, by=by, at=at, code=why.value)


def new_link(page: FamilyPage, to: str, address_of: AddressOf, *, at: datetime) -> PageLink:
    """A new link, on its way to the contact that is safe. The message names nobody and nothing."""
    token, days = secrets.token_urlsafe(32), link_days(timezone.localdate(at))
    link = PageLink.objects.create(
        page=page, digest=digest_of(token), created_at=at, expires_at=at + timedelta(days=days)
    )
    body = _LINK.format(address=address_of(token), days=days)
    owe_message(to=to, subject="Your link", body=body, about=(LINK_KIND, str(link.pk)), at=at)
    return link


_LINK = """Here is your link.

{address}

It works for {days} days. It asks for a code, which comes to you in the same way as this message.
If you were not expecting this, you need do nothing.
"""
_NEWS = """There is something new behind the link you have. Open it whenever you like.

If you have lost the link, you can ask for another on the page where you would type it.
"""


def say_there_is_news(page: FamilyPage, to: str, *, at: datetime) -> None:
    """A message that there is something new, which says nothing of what; at most one in an hour."""
    link = PageLink.objects.filter(page=page, ended_at__isnull=True, expires_at__gt=at).order_by("-created_at").first()
    since = at - timedelta(hours=1)
    told = page.releases.filter(released_at__gt=since, released_at__lt=at).exists()
    if link is not None and to and not told and link.created_at < since:
        owe_message(to=to, subject="Something new for you", body=_NEWS, about=(LINK_KIND, str(link.pk)), at=at)
