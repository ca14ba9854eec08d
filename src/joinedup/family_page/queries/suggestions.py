"""What of a case could be shared with one reader, in the words it would be shared in; and what it says of people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.casework.queries import MeetingOfMember, OutcomeToShare, meetings_of_member, plan_to_share
from joinedup.core.formats import date_long, date_with_weekday, time_short
from joinedup.family_page.models import FamilyMessage, FamilyPage, Release, YoungChoice
from joinedup.family_page.queries.guarding import Guard, World

OWN_WORDS = "own"
KINDS: dict[str, str] = {
    "meeting": "Your next meeting",
    "plan": "Our plan",
    "words": "What was said and agreed",
    "answer": "An answer",
    "told": "What your worker decided",
}


@dataclass(frozen=True)
class OfPage:
    """What has been read of a page and its case: whose young readers' pages there are, and what is shared on this one."""

    young: dict[UUID, UUID]
    shared: set[str]


@dataclass(frozen=True)
class Suggestion:
    """Something that could be shared. `is_ticked` where it concerns the reader and gives nobody away; `faults` is what in it
    would; `waits_for_young` where a young person has not said yes."""

    key: str
    kind: str
    what: str  # for the worker
    title: str
    words: str
    concerns: frozenset[UUID]
    until: datetime | None = None
    is_ticked: bool = True
    faults: tuple[str, ...] = ()
    is_about_others: bool = False
    waits_for_young: bool = False
    is_shared: bool = False

    @property
    def digest(self) -> str:
        """Of what it says now."""
        return hashlib.sha256(f"{self.title}\n{self.words}".encode()).hexdigest()


def suggestions(
    viewer: Actor, page: FamilyPage, guard: Guard, world: World, read: OfPage | None = None
) -> tuple[Suggestion, ...]:
    """Everything of a case that could be shared with this reader, the next meeting first. The caller has shown the viewer
    the case; `read` is what it has read of the page already. Six statements, however much there is."""
    read = read or OfPage(young_readers(page), _live_keys(page))
    choices = _choices(page)
    said_yes = {key for key, _ in choices}
    found = [*_meetings(viewer, page), *_plan(viewer, page), *_from_young(page, world, choices)]
    return tuple(_judged(each, page, guard, read.young, said_yes, read.shared) for each in found)


def _live_keys(page: FamilyPage) -> set[str]:
    return set(Release.objects.filter(page=page, withdrawn_at__isnull=True).values_list("source_key", flat=True))


def _choices(page: FamilyPage) -> list[tuple[str, UUID]]:
    """What young people of this case said that this reader may see, and who said it."""
    chosen = YoungChoice.objects.filter(
        page__case_id=page.case_id, page__closed_at__isnull=True, parent_id=page.person_id, may_see=True
    )
    return list(chosen.order_by("pk").values_list("source_key", "page__person_id"))


def suggestion_called(found: tuple[Suggestion, ...], key: str) -> Suggestion | None:
    """One of them."""
    return next((each for each in found if each.key == key), None)


def _judged(
    each: Suggestion, page: FamilyPage, guard: Guard, young: dict[UUID, UUID], said_yes: set[str], shared: set[str]
) -> Suggestion:
    faults = guard.faults(each.title, each.words)
    others = not each.concerns <= guard.cleared
    waits = not page.is_young and not young.keys().isdisjoint(each.concerns) and each.key not in said_yes
    fine = each.is_ticked and not faults and not others and not waits and each.key not in shared
    return Suggestion(
        key=each.key, kind=each.kind, what=each.what, title=each.title, words=each.words, concerns=each.concerns,
        until=each.until, is_ticked=fine, faults=faults, is_about_others=others, waits_for_young=waits,
        is_shared=each.key in shared,
    )  # fmt: skip


def young_readers(page: FamilyPage) -> dict[UUID, UUID]:
    """The young people of this case who have a space of their own, each with their page."""
    pages = FamilyPage.objects.filter(case_id=page.case_id, is_young=True, closed_at__isnull=True)
    return dict(pages.values_list("person_id", "pk"))


def meetings_to_come(viewer: Actor, page: FamilyPage) -> tuple[Suggestion, ...]:
    """The meetings to come that a reader was asked to, as they stand now: to see whether one has changed since."""
    return tuple(each for each in _meetings(viewer, page) if each.kind == "meeting")


def _meetings(viewer: Actor, page: FamilyPage) -> Iterator[Suggestion]:
    for row in meetings_of_member(viewer, page.case_id, page.person_id):
        ends = row.starts_at + timedelta(minutes=row.minutes_long)
        if row.is_to_come:
            yield Suggestion(
                key=f"meeting.{row.id}", kind="meeting", what=f"Meeting on {date_long(row.starts_at)}",
                title=f"Meeting on {date_with_weekday(row.starts_at)}", words=_when(row), concerns=frozenset(), until=ends,
            )  # fmt: skip
        elif row.decided or row.undertaken:
            said = [*row.decided, *(f"You said you will: {_lowered(each)}" for each in row.undertaken)]
            yield Suggestion(
                key=f"decided.{row.id}", kind="words", what=f"Decided on {date_long(row.starts_at)}",
                title=f"What was decided on {date_long(row.starts_at)}", words="\n".join(said), concerns=frozenset(),
            )  # fmt: skip


def _when(row: MeetingOfMember) -> str:
    lines = [
        f"{date_with_weekday(row.starts_at)} at {time_short(row.starts_at)}, for about {row.minutes_long} minutes."
    ]
    lines += [f"Where: {row.place}"] if row.place else []
    lines += [f"By video: {row.link}"] if row.link else []
    return "\n".join([*lines, *([row.note] if row.note else [])])


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _plan(viewer: Actor, page: FamilyPage) -> Iterator[Suggestion]:
    plan = plan_to_share(viewer, page.case_id)
    if plan is None:
        return
    if plan.family_words:
        yield _said("family_words", str(plan.id), "What the family wants", "What your family wants", plan.family_words)
    for section in plan.sections:
        if section.words:
            own = section.person_id == page.person_id
            yield _said(
                "child_words", str(section.id), f"{section.name}’s own words",
                "What you told us" if own else f"What {section.name} told us", section.words,
                about=section.person_id, is_ticked=own,
            )  # fmt: skip
    for need in plan.needs:
        about = frozenset({need.person_id}) if need.person_id else frozenset[UUID]()
        yield Suggestion(f"need.{need.id}", "plan", f"Need: {need.label}", "What we are working on", need.words, about)
        for outcome in need.outcomes:
            yield from _outcome(outcome, about, page)
    if plan.contingency:
        yield _said(
            "contingency", str(plan.id), "If things get worse", "If things get worse", plan.contingency, is_ticked=False
        )


def _outcome(outcome: OutcomeToShare, about: frozenset[UUID], page: FamilyPage) -> Iterator[Suggestion]:
    yield Suggestion(
        f"outcome.{outcome.id}", "plan", "Outcome", "What will be different",
        f"{outcome.words}\nBy {date_long(outcome.target_on)}.", about,
    )  # fmt: skip
    for action in outcome.actions:
        is_theirs = action.person_id is not None and action.person_id == page.person_id
        owner = frozenset({action.person_id}) if action.person_id else frozenset[UUID]()
        yield Suggestion(
            f"action.{action.id}", "plan", "Action", "What happens next",
            f"{action.words}\nWho: {'You' if is_theirs else action.owner}\nBy {date_long(action.due_on)}.", about | owner,
        )  # fmt: skip


def _said(
    name: str, record: str, what: str, title: str, words: str, *, about: UUID | None = None, is_ticked: bool = True
) -> Suggestion:
    concerns = frozenset({about}) if about else frozenset[UUID]()
    return Suggestion(f"{name}.{record}", "words", what, title, words, concerns, is_ticked=is_ticked)


def _from_young(page: FamilyPage, world: World, choices: list[tuple[str, UUID]]) -> Iterator[Suggestion]:
    """What a young person wrote and said this parent may see. Nothing else they wrote is ever offered."""
    ids = [key.partition(".")[2] for key, _ in choices if key.startswith("message.")]
    if page.is_young or not ids:
        return
    for row in (
        FamilyMessage.objects.filter(pk__in=ids, page__case_id=page.case_id).select_related("page").order_by("pk")
    ):
        name = world.name_of(row.page.person_id)
        yield Suggestion(
            f"message.{row.pk}", "words", f"{name} wrote this and says this reader may see it", f"From {name}", row.words,
            frozenset({row.page.person_id}),
        )  # fmt: skip
