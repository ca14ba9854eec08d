"""Sharing something with a named reader, in the words somebody has read over, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.queries import case_frame
from joinedup.core.models import new_id
from joinedup.family_page import rules
from joinedup.family_page.events import ITEM_RELEASED
from joinedup.family_page.models import FamilyPage, Release
from joinedup.family_page.permissions import RELEASE
from joinedup.family_page.queries.guarding import Guard, World, guards_of, world_of
from joinedup.family_page.queries.suggestions import (
    OWN_WORDS,
    Suggestion,
    suggestion_called,
    suggestions,
    young_readers,
)
from joinedup.family_page.reading import may_show_parent
from joinedup.family_page.services.steps import (
    chronicle,
    lock,
    lock_page,
    refuse_faults,
    say_there_is_news,
    take_back_rows,
    tell_young,
    write_release,
)
from joinedup.family_page.wording import Traces, named_in


@dataclass(frozen=True)
class Chosen:
    """Something to share, in the words the reader will read. `key` is that of a suggestion, or `OWN_WORDS`."""

    key: str
    title: str
    words: str


@service(RELEASE, on="page")
def release_items(
    *, page: FamilyPage, items: Sequence[Chosen], reason: str = "", by: Actor, at: datetime
) -> list[Release]:
    """Share things with this one reader, each frozen in the words given. Refused where they give somebody away (FP-7, FP-8),
    are about somebody the page is not for (FP-20), or about a young person who has not said yes, without a reason (FP-9)."""
    if not items:
        raise rules.SOMETHING_CHOSEN.refused()
    case_frame(by, page.case_id, purpose="sharing with a member of the family")
    world = world_of(by, page.case)
    guard = lock_page(page, by, world)
    found = suggestions(by, page, guard, world)
    made = [_release(each, page, guard, world, found, reason, by, at) for each in items]
    say_there_is_news(page, world.sends_to(page.person_id), at=at)
    note(people=[page.person_id, *(person for row in made for person in row.concerns)], changed=("released",))
    chronicle(ITEM_RELEASED, page, by=by, at=at, code=",".join(sorted({row.kind for row in made})))
    return made


def _release(
    chosen: Chosen, page: FamilyPage, guard: Guard, world: World, found: tuple[Suggestion, ...], reason: str, by: Actor,
    at: datetime,
) -> Release:  # fmt: skip
    title, words = chosen.title.strip(), chosen.words.strip()
    if not title or not words:
        raise rules.WORDS_NEEDED.refused()
    there = suggestion_called(found, chosen.key)
    if there is None and chosen.key != OWN_WORDS:
        raise rules.KNOWN_ITEM.refused()
    if there is not None and there.is_about_others:
        raise rules.ABOUT_NOBODY_ELSE.refused()
    refuse_faults(guard, world, by, title, words)
    young = young_readers(page)
    concerns = (there.concerns if there else frozenset[UUID]()) | _named(world, guard, young, page, title, words)
    waiting = sorted(concerns & young.keys()) if not page.is_young else []
    yes = there is not None and not there.waits_for_young and concerns == there.concerns
    if not may_show_parent(concerns_young=bool(waiting), has_said_yes=yes, reason=reason):
        raise rules.YOUNG_PERSON_DECIDES.refused()
    overridden = bool(waiting) and not yes
    if overridden:
        _tell(waiting, young, world, page.person_id, reason, by, at)
    return write_release(
        page, kind=there.kind if there else "words", key=there.key if there else f"{OWN_WORDS}.{new_id()}", title=title,
        words=words, concerns=concerns, digest=there.digest if there else "", until=there.until if there else None,
        reason=reason.strip() if overridden else "", by=by, at=at,
    )  # fmt: skip


def _named(world: World, guard: Guard, young: dict[UUID, UUID], page: FamilyPage, *texts: str) -> frozenset[UUID]:
    """The young people with a space of their own whose first names stand in the words: it is about them, too."""
    said = "\n".join(texts)
    found = set()
    for person_id in young.keys() - {page.person_id}:
        given = world.around.given.get(person_id)
        surnames = {name.split()[-1] for name in (world.name_of(person_id),) if name}
        names = frozenset((given.names if given else set()) - surnames)
        if named_in(said, Traces(names=names)):
            found.add(person_id)
    return frozenset(found)


def _tell(
    waiting: Sequence[UUID], young: dict[UUID, UUID], world: World, parent: UUID, reason: str, by: Actor, at: datetime
) -> None:
    pages = {
        row.pk: row
        for row in FamilyPage.objects.select_related("case").filter(pk__in=[young[each] for each in waiting])
    }
    guards = guards_of(by, list(pages.values()), world)
    for page_id, row in pages.items():
        tell_young(row, guards[page_id], world, parent, reason, by=by, at=at)


@service(RELEASE, on="page")
def take_back(*, page: FamilyPage, release: Release, reason: str, by: Actor, at: datetime) -> Release:
    """Take something back from a reader, at once. That they may have read it already stays written down."""
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    lock(release)
    if release.withdrawn_at is not None or release.page_id != page.pk:
        raise rules.TAKEN_BACK.refused()
    take_back_rows(Release.objects.filter(pk=release.pk), reason=reason.strip(), by=by, at=at)
    return lock(release)
