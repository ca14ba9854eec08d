"""The pages of a family as its team sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.casework.queries import CaseFrame, case_frame
from joinedup.core.errors import NotVisible
from joinedup.core.formats import age_years
from joinedup.family_page.models import AbuseMark, FamilyMessage, FamilyPage, PageLink, Release
from joinedup.family_page.permissions import MARK_ABUSE, OPEN_PAGE, READ_MESSAGES, READ_PAGES, RELEASE
from joinedup.family_page.queries.guarding import Guard, World, guards_of, world_of
from joinedup.family_page.queries.suggestions import Suggestion, suggestions
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
    pages = newest_pages(frame.id)
    guards = guards_of(viewer, list(pages.values()), world)
    live_links = PageLink.objects.filter(page__in=pages_ids(pages), ended_at__isnull=True).order_by("created_at", "pk")
    links = {row.page_id: row for row in live_links}
    released: dict[UUID, list[datetime | None]] = {}
    live = Release.objects.filter(page__in=pages_ids(pages), withdrawn_at__isnull=True)
    for page_id, seen_at in live.values_list("page_id", "last_seen_at"):
        released.setdefault(page_id, []).append(seen_at)
    unread: dict[UUID, int] = {}
    for page_id in FamilyMessage.objects.filter(page__in=pages_ids(pages), read_at__isnull=True).values_list(
        "page_id", flat=True
    ):
        unread[page_id] = unread.get(page_id, 0) + 1
    on = timezone.localdate(viewer.at)
    rows = []
    for person in sorted(frame.people, key=lambda each: each.part == "child"):
        page = pages.get(person.person_id)
        why = guards[page.pk].why if page else None
        link = links.get(page.pk) if page else None
        seen = [each for each in released.get(page.pk, []) if each] if page else []
        rows.append(
            ReaderRow(
                person_id=person.person_id, name=person.name, part=person.part,
                age=_age(person.birth_date, on), page_id=page.pk if page else None,
                state=state_of(
                    exists=page is not None, why=why, link_ends_at=link.expires_at if link else None,
                    has_entered=bool(link and link.entered_at), at=viewer.at,
                ),
                why=_why(page, why), has_safe_contact=bool(world.sends_to(person.person_id)),
                contact=world.advice_of(person.person_id).sentence,
                released=len(released.get(page.pk, [])) if page else 0, unread=unread.get(page.pk, 0) if page else 0,
                last_seen_at=max(seen, default=None),
            )
        )  # fmt: skip
    return tuple(rows)


def _why(page: FamilyPage | None, why: Why | None) -> str:
    if page is None or why is None:
        return ""
    return WHY_LABELS[Why(page.closed_code)] if page.closed_at else WHY_LABELS[why]


def _age(born: date | None, on: date) -> int | None:
    return None if born is None else age_years(born, on)


def newest_pages(case_id: UUID) -> dict[UUID, FamilyPage]:
    """The newest page of each reader of a case."""
    rows = FamilyPage.objects.filter(case_id=case_id).select_related("case").order_by("opened_at", "pk")
    return {row.person_id: row for row in rows}


def pages_ids(pages: dict[UUID, FamilyPage]) -> list[UUID]:
    """Their ids."""
    return [page.pk for page in pages.values()]


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


def page_seen(viewer: Actor, case_id: UUID, page_id: UUID, *, with_suggestions: bool = True) -> PageSeen:
    """One reader's page: what was shared, what they saw and when, and, for whoever covers it, what they wrote; and what could
    be shared, where the page shows it."""
    frame = case_frame(viewer, case_id, purpose="family pages")
    check(viewer, READ_PAGES)
    page = _page(frame, page_id)
    world = world_of(viewer, frame.row, frame.people)
    guard = guards_of(viewer, [page], world)[page.pk]
    rows = {each.person_id: each for each in reader_rows(viewer, frame, world)}
    if page.person_id not in rows:
        raise NotVisible
    found = suggestions(viewer, frame, page, guard, world) if with_suggestions and can(viewer, RELEASE, page) else ()
    releases = _releases(page, guard, found)
    asked = {"release": RELEASE, "messages": READ_MESSAGES}
    may = frozenset(name for name, permission in asked.items() if can(viewer, permission, page))
    return PageSeen(
        frame=frame,
        page=page,
        row=rows[page.person_id],
        guard=guard,
        about=tuple(world.name_of(each) for each in guard.cleared if each != page.person_id),
        link=PageLink.objects.filter(page=page, ended_at__isnull=True).order_by("-created_at", "-pk").first(),
        releases=tuple(each for each in releases if each.withdrawn_at is None),
        taken_back=tuple(each for each in releases if each.withdrawn_at is not None),
        messages=_messages(viewer, page) if "messages" in may else (),
        suggestions=found,
        may=may,
    )


def _releases(page: FamilyPage, guard: Guard, found: tuple[Suggestion, ...]) -> list[ReleaseRow]:
    now = {each.key: each for each in found}
    return [
        ReleaseRow(
            id=row.pk, row=row, kind=row.kind, title=row.title, words=row.words, released_at=row.released_at,
            first_seen_at=row.first_seen_at, last_seen_at=row.last_seen_at, withdrawn_at=row.withdrawn_at,
            override_reason=row.override_reason, is_held_back=row.withdrawn_at is None and not guard.shows(row),
            newer=_newer(row, now),
        )
        for row in Release.objects.filter(page=page).exclude(kind="answer").order_by("-released_at", "-pk")
    ]  # fmt: skip


def _newer(row: Release, now: dict[str, Suggestion]) -> Suggestion | None:
    there = now.get(row.source_key)
    return there if there and row.source_digest and there.digest != row.source_digest else None


def _messages(viewer: Actor, page: FamilyPage) -> tuple[MessageRow, ...]:
    rows = FamilyMessage.objects.filter(page=page).prefetch_related("answers").order_by("-written_at", "-pk")
    return tuple(message_row(viewer, row) for row in rows)


def message_row(viewer: Actor, row: FamilyMessage) -> MessageRow:
    """A message with its answers, which have been read with it."""
    answers = sorted(row.answers.all(), key=lambda each: each.released_at)
    late = row.read_at is None and row.due_at < viewer.at
    return MessageRow(
        row.pk, row, row.words, row.written_at, row.due_at, row.read_at, late,
        tuple(each for each in answers if each.withdrawn_at is None),
    )  # fmt: skip


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
