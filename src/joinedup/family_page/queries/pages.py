"""The pages of a family as its team sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.casework.queries import CaseFrame, PersonInCase, case_frame
from joinedup.core.errors import NotVisible
from joinedup.core.formats import age_years
from joinedup.family_page.models import AbuseMark, FamilyMessage, FamilyPage, PageLink, Release
from joinedup.family_page.permissions import MARK_ABUSE, OPEN_PAGE, READ_MESSAGES, READ_PAGES, RELEASE
from joinedup.family_page.queries.guarding import Guard, World, guards_of, world_of
from joinedup.family_page.queries.suggestions import OfPage, Suggestion, suggestions
from joinedup.family_page.reading import STATE_LABELS, WHY_LABELS, State, Why, is_of_age, state_of
from joinedup.family_page.settings import young_person_age


@dataclass(frozen=True)
class ReaderRow:
    """Somebody of the family, and how their page stands."""

    person_id: UUID
    name: str
    part: str
    age: int | None
    page_id: UUID | None
    state: State
    why: str
    has_safe_contact: bool
    contact: str  # what is recorded about reaching them, in a sentence
    released: int
    unread: int
    last_seen_at: datetime | None

    @property
    def label(self) -> str:
        """Not offered, offered, open, run out or closed."""
        return STATE_LABELS[self.state]


@dataclass(frozen=True)
class FamilyPages:
    """The tab of a case: who of the family has a page."""

    frame: CaseFrame
    rows: tuple[ReaderRow, ...]
    abuse: bool
    mark: AbuseMark | None
    may: frozenset[str]


@dataclass(frozen=True)
class Opening:
    """What is asked before somebody's page is opened."""

    frame: CaseFrame
    row: ReaderRow
    contact: str
    others: tuple[tuple[UUID, str, bool], ...]  # person, name, whether the page is about them unless somebody says no
    asks_abuse: bool
    asks_understanding: bool
    least_age: int
    shared_about: int  # what parents can see about this young person now


@dataclass(frozen=True)
class ReleaseRow:
    """Something released to a reader, for the team. `is_held_back` where the reader does not get it now."""

    id: UUID
    row: Release
    kind: str
    title: str
    words: str
    released_at: datetime
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    withdrawn_at: datetime | None
    override_reason: str
    is_held_back: bool
    newer: Suggestion | None


@dataclass(frozen=True)
class MessageRow:
    """What a reader wrote, for whoever reads it."""

    id: UUID
    row: FamilyMessage
    words: str
    written_at: datetime
    due_at: datetime
    read_at: datetime | None
    is_late: bool
    answers: tuple[Release, ...]


@dataclass(frozen=True)
class PageSeen:
    """One reader's page, for the team."""

    frame: CaseFrame
    page: FamilyPage
    row: ReaderRow
    guard: Guard
    about: tuple[str, ...]
    link: PageLink | None
    releases: tuple[ReleaseRow, ...]
    taken_back: tuple[ReleaseRow, ...]
    messages: tuple[MessageRow, ...]
    suggestions: tuple[Suggestion, ...]
    may: frozenset[str]


def family_pages(viewer: Actor, case_id: UUID) -> FamilyPages:
    """Who of a family has a page; the read is audited with the head of the case."""
    frame = case_frame(viewer, case_id, purpose="family pages")
    check(viewer, READ_PAGES)
    world = world_of(viewer, frame.row, frame.people)
    return FamilyPages(
        frame=frame,
        rows=reader_rows(viewer, frame, world),
        abuse=bool(world.abuse),
        mark=AbuseMark.objects.filter(case=frame.row, ended_at__isnull=True).first(),
        may=_may_case(viewer, frame),
    )


def _may_case(viewer: Actor, frame: CaseFrame) -> frozenset[str]:
    asked = {"open": OPEN_PAGE, "mark": MARK_ABUSE}
    return frozenset(name for name, permission in asked.items() if frame.is_open and can(viewer, permission, frame.row))


def reader_rows(viewer: Actor, frame: CaseFrame, world: World) -> tuple[ReaderRow, ...]:
    """Everybody in the case with how their page stands, adults first; five statements."""
    pages = newest_pages(frame)
    guards = guards_of(viewer, list(pages.values()), world)
    ids = [page.pk for page in pages.values()]
    live_links = PageLink.objects.filter(page__in=ids, ended_at__isnull=True).order_by("created_at", "pk")
    links = {row.page_id: row for row in live_links}
    seen: dict[UUID, list[datetime | None]] = {}
    for page_id, seen_at in Release.objects.filter(page__in=ids, withdrawn_at__isnull=True).values_list(
        "page_id", "last_seen_at"
    ):
        seen.setdefault(page_id, []).append(seen_at)
    unread = Counter(FamilyMessage.objects.filter(page__in=ids, read_at__isnull=True).values_list("page_id", flat=True))
    rows = []
    for person in sorted(frame.people, key=lambda each: each.part == "child"):
        page = pages.get(person.person_id)
        guard, key = (guards[page.pk], page.pk) if page else (None, None)
        of_page = _OfReader(page, guard, links.get(key), seen.get(key, []), unread[key]) if key else _OfReader()
        rows.append(_reader_row(viewer, person, of_page, world))
    return tuple(rows)


@dataclass(frozen=True)
class _OfReader:
    """A reader's newest page, its link, when each thing shared on it was seen last, and how many messages are unread."""

    page: FamilyPage | None = None
    guard: Guard | None = None
    link: PageLink | None = None
    seen: Sequence[datetime | None] = ()
    unread: int = 0


def _reader_row(viewer: Actor, person: PersonInCase, of: _OfReader, world: World) -> ReaderRow:
    why = of.guard.why if of.guard else None
    return ReaderRow(
        person_id=person.person_id, name=person.name, part=person.part,
        age=_age(person.birth_date, timezone.localdate(viewer.at)), page_id=of.page.pk if of.page else None,
        state=state_of(
            exists=of.page is not None, why=why, link_ends_at=of.link.expires_at if of.link else None,
            has_entered=bool(of.link and of.link.entered_at), at=viewer.at,
        ),
        why=_why(of.page, why), has_safe_contact=bool(world.sends_to(person.person_id)),
        contact=world.advice_of(person.person_id).sentence, released=len(of.seen), unread=of.unread,
        last_seen_at=max((each for each in of.seen if each), default=None),
    )  # fmt: skip


def _why(page: FamilyPage | None, why: Why | None) -> str:
    if page is None or why is None:
        return ""
    return WHY_LABELS[Why(page.closed_code)] if page.closed_at else WHY_LABELS[why]


def _age(born: date | None, on: date) -> int | None:
    return None if born is None else age_years(born, on)


def _pages_of(frame: CaseFrame) -> list[FamilyPage]:
    """Every page of a case, the oldest first, each with its reader and the case as the frame has it."""
    rows = list(FamilyPage.objects.filter(case_id=frame.id).select_related("person").order_by("opened_at", "pk"))
    for row in rows:
        row.case = frame.row
    return rows


def newest_pages(frame: CaseFrame) -> dict[UUID, FamilyPage]:
    """The newest page of each reader of a case."""
    return {row.person_id: row for row in _pages_of(frame)}


def opening(viewer: Actor, case_id: UUID, person_id: UUID) -> Opening:
    """What is asked before a page is opened for somebody in a case."""
    frame = case_frame(viewer, case_id, purpose="family pages")
    check(viewer, OPEN_PAGE, frame.row)
    world = world_of(viewer, frame.row, frame.people)
    row = next((each for each in reader_rows(viewer, frame, world) if each.person_id == person_id), None)
    if row is None or not frame.is_open:
        raise NotVisible
    least = young_person_age(timezone.localdate(viewer.at))
    about = Release.objects.filter(
        page__case_id=case_id, page__is_young=False, withdrawn_at__isnull=True, concerns__contains=[person_id]
    )
    return Opening(
        frame=frame,
        row=row,
        contact=world.advice_of(person_id).sentence,
        others=tuple(
            (each.person_id, each.name, _is_about(world, person_id, row.part, each.person_id))
            for each in frame.people
            if each.person_id != person_id and each.person_id not in world.restricted
        ),
        asks_abuse=bool(world.abuse),
        asks_understanding=row.part == "child" and not is_of_age(row.age, least=least, understanding=""),
        least_age=least,
        shared_about=about.count() if row.part == "child" else 0,
    )


def _is_about(world: World, reader: UUID, part: str, other: UUID) -> bool:
    """Whom a page is about unless somebody says otherwise: the children a reader has parental responsibility for, and for a
    young person whoever has it for them. Never one adult on another's page."""
    if part == "child":
        return (other, reader) in world.around.responsible
    return (reader, other) in world.around.responsible


def page_for_change(viewer: Actor, case_id: UUID, page_id: UUID) -> FamilyPage:
    """A page of a case that the viewer sees, to hand to a service."""
    frame = case_frame(viewer, case_id, purpose="family pages")
    return _page(frame, page_id)


def _page(frame: CaseFrame, page_id: UUID) -> FamilyPage:
    page = FamilyPage.objects.select_related("case", "person").filter(pk=page_id, case_id=frame.id).first()
    if page is None:
        raise NotVisible
    return page


def page_seen(
    viewer: Actor, case_id: UUID, page_id: UUID, *, with_suggestions: bool = True, purpose: str = "family pages"
) -> PageSeen:
    """One reader's page: what was shared, what they saw and when, and, for whoever covers it, what they wrote; and what could
    be shared, where the page shows it. At most sixteen statements beside those of the frame, however much there is."""
    frame = case_frame(viewer, case_id, purpose=purpose)
    check(viewer, READ_PAGES)
    pages = _pages_of(frame)
    page = next((each for each in pages if each.pk == page_id), None)
    person = frame.person(page.person_id) if page else None
    if page is None or person is None:
        raise NotVisible
    world = world_of(viewer, frame.row, frame.people)
    guard = guards_of(viewer, [page], world)[page.pk]
    released = list(Release.objects.filter(page=page).order_by("-released_at", "-pk"))
    live = [row for row in released if row.withdrawn_at is None]
    link = PageLink.objects.filter(page=page, ended_at__isnull=True).order_by("-created_at", "-pk").first()
    written = list(FamilyMessage.objects.filter(page=page).order_by("-written_at", "-pk"))
    found: tuple[Suggestion, ...] = ()
    if with_suggestions and can(viewer, RELEASE, page):
        young = {each.person_id: each.pk for each in pages if each.is_young and each.closed_at is None}
        read = OfPage(young, {row.source_key for row in live})
        found = suggestions(viewer, page, guard, world, read)
    things = _releases(released, guard, found)
    asked = {"release": RELEASE, "messages": READ_MESSAGES}
    may = frozenset(name for name, permission in asked.items() if can(viewer, permission, page))
    unread = sum(row.read_at is None for row in written)
    return PageSeen(
        frame=frame,
        page=page,
        row=_reader_row(
            viewer, person, _OfReader(page, guard, link, [row.last_seen_at for row in live], unread), world
        ),
        guard=guard,
        about=tuple(world.name_of(each) for each in guard.cleared if each != page.person_id),
        link=link,
        releases=tuple(each for each in things if each.withdrawn_at is None),
        taken_back=tuple(each for each in things if each.withdrawn_at is not None),
        messages=tuple(_message_row(viewer, row, live) for row in written) if "messages" in may else (),
        suggestions=found,
        may=may,
    )


def _releases(released: list[Release], guard: Guard, found: tuple[Suggestion, ...]) -> list[ReleaseRow]:
    now = {each.key: each for each in found}
    return [
        ReleaseRow(
            id=row.pk, row=row, kind=row.kind, title=row.title, words=row.words, released_at=row.released_at,
            first_seen_at=row.first_seen_at, last_seen_at=row.last_seen_at, withdrawn_at=row.withdrawn_at,
            override_reason=row.override_reason, is_held_back=row.withdrawn_at is None and not guard.shows(row),
            newer=_newer(row, now),
        )
        for row in released
        if row.kind != "answer"
    ]  # fmt: skip


def _newer(row: Release, now: dict[str, Suggestion]) -> Suggestion | None:
    there = now.get(row.source_key)
    return there if there and row.source_digest and there.digest != row.source_digest else None


def _message_row(viewer: Actor, row: FamilyMessage, live: list[Release]) -> MessageRow:
    """A message with what was answered to it, the oldest answer first."""
    answers = sorted((each for each in live if each.message_id == row.pk), key=lambda each: each.released_at)
    late = row.read_at is None and row.due_at < viewer.at
    return MessageRow(row.pk, row, row.words, row.written_at, row.due_at, row.read_at, late, tuple(answers))


def release_for_change(viewer: Actor, case_id: UUID, release_id: UUID) -> Release:
    """Something released, to hand to a service."""
    frame = case_frame(viewer, case_id, purpose="family pages")
    rows = Release.objects.select_related("page__case", "page__person")
    row = rows.filter(pk=release_id, page__case_id=frame.id, withdrawn_at__isnull=True).first()
    if row is None:
        raise NotVisible
    return row


def message_for_change(viewer: Actor, case_id: UUID, message_id: UUID) -> FamilyMessage:
    """A message, to hand to a service; for whoever covers the case."""
    frame = case_frame(viewer, case_id, purpose="messages from families")
    rows = FamilyMessage.objects.select_related("page__case", "page__person")
    row = rows.filter(pk=message_id, page__case_id=frame.id).first()
    if row is None:
        raise NotVisible
    check(viewer, READ_MESSAGES, row.page)
    return row
