"""A page as its reader gets it: from rows of `Release` alone, each looked at again at every reading, beside who answers for
them and what they wrote themselves."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.casework.queries import who_answers
from joinedup.family_page.models import FamilyMessage, FamilyPage, PageVisit, Release, YoungChoice
from joinedup.family_page.queries.guarding import Guard, World, guard_of, reader_actor, world_of
from joinedup.family_page.queries.pages import PageSeen
from joinedup.family_page.queries.suggestions import KINDS, meetings_to_come
from joinedup.family_page.settings import visit_minutes

_CASE = ("case__team", "case__lead_professional__account", "case__deputy__account", "person")


def digest_of(secret: str) -> str:
    """What is kept of a link or of a browser's secret. Both are random and long, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class Visit:
    """A page open in one browser."""

    row: PageVisit
    page: FamilyPage

    @property
    def id(self) -> UUID:
        """Of the visit."""
        return self.row.pk


def visit_held(viewer: Actor, visit_id: UUID, secret: str) -> Visit | None:
    """The visit of this browser; None once it ended, ran out or is another's. Whether the page is still open is asked when
    it is read."""
    pages = tuple(f"link__page__{each}" for each in _CASE)
    row = PageVisit.objects.select_related(*pages).filter(pk=visit_id, ended_at__isnull=True).first()
    if row is None or not secrets.compare_digest(row.digest, digest_of(secret)):
        return None
    minutes = visit_minutes(timezone.localdate(viewer.at))
    if row.seen_at + timedelta(minutes=minutes) <= viewer.at:
        return None
    if row.link.ended_at is not None or row.link.expires_at <= viewer.at:
        return None
    return Visit(row, row.link.page)


@dataclass(frozen=True)
class Shown:
    """One thing released to this reader, in the words it was released in."""

    id: UUID
    key: str
    kind: str
    title: str
    lines: tuple[str, ...]
    released_at: datetime
    until: datetime | None
    is_over: bool
    is_unsure: bool = False  # a meeting that is not as it was when it was shared


@dataclass(frozen=True)
class OwnMessage:
    """What the reader wrote, and the answers they got."""

    id: UUID
    words: str
    written_at: datetime
    read_by: datetime
    read_at: datetime | None
    answers: tuple[Shown, ...]


@dataclass(frozen=True)
class Helper:
    """Whom to ring: their name, what they are, their number."""

    name: str
    title: str
    phone: str


@dataclass(frozen=True)
class ReaderPage:
    """Everything a reader gets."""

    reader: str
    is_young: bool
    lead: Helper
    is_lead: bool
    deputy: Helper | None
    meetings: tuple[Shown, ...]
    sections: tuple[tuple[str, tuple[Shown, ...]], ...]
    messages: tuple[OwnMessage, ...]

    @property
    def ids(self) -> list[UUID]:
        """Every released thing on it."""
        things = [*self.meetings, *(each for _, several in self.sections for each in several)]
        answers = [answer for message in self.messages for answer in message.answers]
        return [each.id for each in (*things, *answers)]

    @property
    def is_empty(self) -> bool:
        """Nothing has been shared yet."""
        return not self.meetings and not self.sections


def read_page(viewer: Actor, visit: Visit) -> ReaderPage | None:
    """The page of a visit, read by its reader; None where something closes it now. The read is audited."""
    page = visit.page
    they = reader_actor(viewer)
    guard = guard_of(they, page)
    if not guard.is_open:
        return None
    audit.record_read(
        they, subject=(page._meta.label_lower, str(page.pk)), people={page.person_id}, purpose="family page"
    )
    return _page(they, page, guard)


def as_reader(viewer: Actor, seen: PageSeen) -> ReaderPage | None:
    """Exactly what the reader gets now, for a worker whom the page has been shown to; None where it is closed."""
    they = reader_actor(viewer)
    return _page(they, seen.page, seen.guard, with_messages=False) if seen.guard.is_open else None


def _page(they: Actor, page: FamilyPage, guard: Guard, *, with_messages: bool = True) -> ReaderPage:
    answers = who_answers(they, page.case)
    rows = Release.objects.filter(page=page, withdrawn_at__isnull=True).order_by("released_at", "pk")
    now = {each.key: each.digest for each in meetings_to_come(they, page)}
    shown = [(row, _shown(row, they.at, now)) for row in rows if guard.shows(row)]
    said = [each for row, each in shown if row.message_id is None]
    deputy = Helper(answers.deputy, "", answers.deputy_phone) if answers.deputy else None
    return ReaderPage(
        reader=str(page.person),
        is_young=page.is_young,
        lead=Helper(answers.holder.name, answers.holder.title, answers.holder.phone or answers.team_phone),
        is_lead=answers.holder.is_lead,
        deputy=deputy,
        meetings=tuple(sorted((each for each in said if each.kind == "meeting" and not each.is_over), key=_first_due)),
        sections=tuple(_sections(said)),
        messages=_messages(page, shown) if with_messages else (),
    )


def _first_due(each: Shown) -> datetime:
    return each.until or each.released_at


def _shown(row: Release, at: datetime, now: Mapping[str, str] | None = None) -> Shown:
    lines = tuple(line.strip() for line in row.words.splitlines() if line.strip())
    over = row.until is not None and row.until < at
    unsure = row.kind == "meeting" and now is not None and now.get(row.source_key) != row.source_digest
    return Shown(row.pk, row.source_key, row.kind, row.title, lines, row.released_at, row.until, over, unsure)


def _sections(said: list[Shown]) -> Iterable[tuple[str, tuple[Shown, ...]]]:
    for kind in ("plan", "words", "told"):
        found = tuple(each for each in said if each.kind == kind)
        if found:
            yield KINDS[kind], found


def _messages(page: FamilyPage, shown: list[tuple[Release, Shown]]) -> tuple[OwnMessage, ...]:
    answers: dict[UUID, list[Shown]] = {}
    for row, each in shown:
        if row.message_id is not None:
            answers.setdefault(row.message_id, []).append(each)
    return tuple(
        OwnMessage(row.pk, row.words, row.written_at, row.due_at, row.read_at, tuple(answers.get(row.pk, ())))
        for row in FamilyMessage.objects.filter(page=page).order_by("-written_at", "-pk")[:50]
    )


# --- What a young person decides.


@dataclass(frozen=True)
class Decidable:
    """Something a young person was shown or wrote, and which parents they said may see it."""

    key: str
    title: str
    lines: tuple[str, ...]
    chosen: frozenset[UUID]


@dataclass(frozen=True)
class Decisions:
    """What a young person decides upon, and the parents it is about."""

    parents: tuple[tuple[UUID, str], ...]
    things: tuple[Decidable, ...]


def decisions(viewer: Actor, visit: Visit) -> Decisions | None:
    """What a young person may show a parent; None on anybody else's page, or where something closes it now."""
    page, they = visit.page, reader_actor(viewer)
    world = world_of(they, page.case)
    guard = guard_of(they, page, world)
    if not guard.is_open or not page.is_young:
        return None
    audit.record_read(
        they, subject=(page._meta.label_lower, str(page.pk)), people={page.person_id}, purpose="own decisions"
    )
    return decidable(page, guard, world, they.at)


def decidable(page: FamilyPage, guard: Guard, world: World, at: datetime) -> Decisions:
    """As `decisions`, for somebody let in already."""
    chosen: dict[str, set[UUID]] = {}
    for key, parent in YoungChoice.objects.filter(page=page, may_see=True).values_list("source_key", "parent_id"):
        chosen.setdefault(key, set()).add(parent)
    rows = Release.objects.filter(page=page, withdrawn_at__isnull=True).exclude(kind__in=("answer", "told", "meeting"))
    things = [
        (row.source_key, row.title, _shown(row, at).lines)
        for row in rows.order_by("released_at", "pk")
        if guard.shows(row)
    ]
    own = FamilyMessage.objects.filter(page=page).order_by("written_at", "pk")
    things += [(f"message.{row.pk}", "You wrote", tuple(row.words.splitlines())) for row in own]
    adults = [each for each in world.people if each.part != "child" and each.person_id in guard.cleared]
    return Decisions(
        parents=tuple((each.person_id, each.name) for each in adults),
        things=tuple(Decidable(key, title, lines, frozenset(chosen.get(key, ()))) for key, title, lines in things),
    )
