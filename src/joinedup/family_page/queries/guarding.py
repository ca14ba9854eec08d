"""What may stand on one page at one moment: whether it is open, whom it may be about, and what would give others away."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.casework.queries import PersonInCase, abuse_facts, people_of_case
from joinedup.family_page.models import AbuseMark, FamilyPage, PageClearance, Release
from joinedup.family_page.reading import Piece, Standing, Why, is_shown, where_to, why_closed
from joinedup.family_page.settings import text_gateway
from joinedup.family_page.wording import Traces, named_in
from joinedup.person_index.queries import (
    Around,
    Given,
    SafeContactAdvice,
    around,
    withheld_among,
)

if TYPE_CHECKING:
    from joinedup.casework.models import Case


def reader_actor(viewer: Actor) -> Actor:
    """Somebody of the family at their own page: no account, no post, and nobody restricted is open to them."""
    return Actor(account_id=None, name="Member of the family", at=viewer.at, via="family")


@dataclass(frozen=True)
class World:
    """A case as the guard of its pages sees it at one moment. Read once for all its pages."""

    people: tuple[PersonInCase, ...]
    around: Around
    restricted: frozenset[UUID]
    abuse: frozenset[str]
    gateway: str
    is_closed: bool

    def name_of(self, person_id: UUID) -> str:
        """Somebody's name as the case has it; empty for somebody who is not in it."""
        return next((each.name for each in self.people if each.person_id == person_id), "")

    def part_of(self, person_id: UUID) -> str:
        """Child, parent or other; empty for somebody who is not in it."""
        return next((each.part for each in self.people if each.person_id == person_id), "")

    def sends_to(self, person_id: UUID) -> str:
        """Where a link or a code for somebody goes; empty where nothing is safe."""
        advice = self.around.advice.get(person_id)
        return where_to(advice.how, advice.details, self.gateway) if advice else ""

    def advice_of(self, person_id: UUID) -> SafeContactAdvice:
        """How it is safe to reach somebody."""
        found = self.around.advice.get(person_id)
        return found or SafeContactAdvice(person_id, "", "", "", "", None, "")


def world_of(viewer: Actor, case: Case, people: tuple[PersonInCase, ...] | None = None) -> World:
    """Everything the guard asks about a case; some twelve statements, however large the family is. `people` are those of the
    case, where the caller has read them already."""
    people = people_of_case(viewer, case.pk) if people is None else people
    ids = {each.person_id for each in people}
    found = around(viewer, ids, family_id=case.family_id)
    everybody = set(found.given) | ids
    return World(
        people=people,
        around=found,
        restricted=frozenset(withheld_among(reader_actor(viewer), everybody)),
        abuse=_abuse(viewer, case.pk, found, ids),
        gateway=text_gateway(timezone.localdate(viewer.at)),
        is_closed=case.state == "closed",
    )


def _abuse(viewer: Actor, case_id: UUID, found: Around, people: Collection[UUID]) -> frozenset[str]:
    """Every fact that says domestic abuse is a factor, as a key: what a worker recorded, what an assessment says, and that
    somebody may not be reached, or not through another."""
    marks = AbuseMark.objects.filter(case_id=case_id, ended_at__isnull=True).values_list("pk", flat=True)
    careful = {key for key in found.careful if UUID(key.split(".")[1]) in people}
    return frozenset({f"mark.{each}" for each in marks} | abuse_facts(viewer, case_id) | careful)


@dataclass(frozen=True)
class Guard:
    """One page at one moment."""

    page_id: UUID
    reader_id: UUID
    why: Why | None
    cleared: frozenset[UUID]
    lost: frozenset[UUID]  # whom it was about and may not be any more
    traces: Traces
    allowed: Traces

    @property
    def is_open(self) -> bool:
        """Nothing closes it."""
        return self.why is None

    def faults(self, *texts: str) -> tuple[str, ...]:
        """What in these words gives somebody away whom this reader is not to read of."""
        return named_in("\n".join(texts), self.traces, allowed=self.allowed)

    def shows(self, row: Release) -> bool:
        """Whether the reader gets a released thing now."""
        piece = Piece(
            page_id=row.page_id,
            is_withdrawn=row.withdrawn_at is not None,
            concerns=frozenset(row.concerns),
            names_nobody_else=not self.faults(row.title, row.words),
        )
        return is_shown(piece, page_id=self.page_id, why=self.why, cleared=self.cleared)


def guard_of(viewer: Actor, page: FamilyPage, world: World | None = None) -> Guard:
    """The guard of one page now; the page comes with its case."""
    return guards_of(viewer, [page], world or world_of(viewer, page.case))[page.pk]


def guards_of(viewer: Actor, pages: Collection[FamilyPage], world: World) -> dict[UUID, Guard]:
    """The guards of several pages of one case; one statement."""
    clearances: dict[UUID, list[PageClearance]] = {}
    for row in PageClearance.objects.filter(page__in=[page.pk for page in pages]):
        clearances.setdefault(row.page_id, []).append(row)
    return {page.pk: _guard(page, clearances.get(page.pk, []), world) for page in pages}


def _guard(page: FamilyPage, clearances: Iterable[PageClearance], world: World) -> Guard:
    reader = page.person_id
    in_case = {each.person_id for each in world.people}
    given_up = {
        row.person_id
        for row in clearances
        if row.by_responsibility and (reader, row.person_id) not in world.around.responsible
    }
    asked = {row.person_id for row in clearances} | {reader}
    lost = {each for each in asked if each not in in_case or each in world.restricted or each in given_up}
    cleared = frozenset(asked - lost)
    standing = Standing(
        is_withdrawn=page.closed_at is not None,
        is_case_closed=world.is_closed,
        is_in_case=reader in in_case,
        has_left_family=world.around.members.get(reader, True) is False,
        has_died=reader in world.around.died,
        is_restricted=reader in world.restricted,
        has_safe_contact=bool(world.sends_to(reader)),
        has_lost_responsibility=bool(given_up),
        has_new_abuse=not world.abuse <= set(page.abuse_weighed),
    )
    return Guard(page.pk, reader, why_closed(standing), cleared, frozenset(lost), *words_about(world, reader, cleared))


def words_about(world: World, reader: UUID, cleared: Collection[UUID]) -> tuple[Traces, Traces]:
    """What a reader must not read, and what of it they may all the same: the names of those their page is about, and their
    own home and numbers. Nobody else's home or number is theirs to read, not even a child's whom the page is about."""
    traces, allowed = Traces(), Traces()
    for person_id, given in world.around.given.items():
        traces |= _homes(given) if person_id in cleared else _homes(given) | Traces(names=frozenset(given.names))
        if person_id in cleared:
            allowed |= Traces(names=frozenset(given.names))
        if person_id == reader:
            allowed |= Traces(
                places=frozenset(given.homes_now), postcodes=frozenset(given.postcodes_now),
                numbers=frozenset(given.numbers), emails=frozenset(given.emails),
            )  # fmt: skip
    # A home they share with somebody restricted is not said here, even to them.
    for person_id in world.restricted & set(world.around.given):
        given = world.around.given[person_id]
        allowed = replace(
            allowed, places=allowed.places - given.homes, postcodes=allowed.postcodes - given.postcodes,
            numbers=allowed.numbers - given.numbers, emails=allowed.emails - given.emails,
        )  # fmt: skip
    return traces, allowed


def _homes(given: Given) -> Traces:
    return Traces(
        places=frozenset(given.homes), postcodes=frozenset(given.postcodes), numbers=frozenset(given.numbers),
        emails=frozenset(given.emails),
    )  # fmt: skip
