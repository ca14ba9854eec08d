"""Random families, pages, releases and turns of events: whatever happens, a reader gets the words of live releases to them and
nothing else, and nobody whom their page is not for is named. Every other field of the case holds a word that must not appear."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from joinedup.access.actor import system
from joinedup.casework.models import CasePerson
from joinedup.core.errors import Refused
from joinedup.family_page import queries, services
from joinedup.family_page.models import FamilyPage, Release
from joinedup.family_page.queries import Visit, reader_actor
from joinedup.family_page.services import Chosen
from joinedup.family_page.tests.factories import Home, address_of, enter, make_home, mark_safe
from joinedup.organisations.tests.factories import AT
from joinedup.person_index import services as index
from joinedup.person_index.models import FamilyMember, Person, Relationship
from joinedup.person_index.queries import SearchQuery

# Told only as the secret of a field that no page of a family shows; in no name a reader is cleared for.
SENTINELS = {"family": "Qsentinelfamily", "reason": "Qsentinelreason", "note": "Qsentinelnote", "mark": "Qsentinelmark"}
HOMES = {"mary": ("1 Imaginary Mews", "ZZ1 1AA"), "john": ("2 Pretend Parade", "ZZ2 2BB"), "rowan": ("1 Imaginary Mews", "ZZ1 1AA"),
         "wren": ("3 Secret Strand", "ZZ3 3CC")}  # fmt: skip
WORDS = [
    "Bring the letter.", "Mary comes.", "John comes.", "Rowan likes it.", "Wren likes it.", "Come to 1 Imaginary Mews.",
    "Come to 2 Pretend Parade.", "It is in ZZ3 3CC.", "Write to john@home.example.", "See you on Monday.",
]  # fmt: skip


@dataclass
class World:
    home: Home
    people: dict[str, Person]
    at: Any = AT
    pages: dict[str, list[FamilyPage]] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    restricted: set[str] = field(default_factory=set)


class Pages(RuleBasedStateMachine):
    """What a team, a family and the world can do; what must hold is looked at after each step, independently of the guard."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic: Any = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        home = make_home()
        people = {"mary": home.mary, "john": home.john, "rowan": home.rowan, "wren": home.wren}
        for name, (lines, postcode) in HOMES.items():
            index.add_address(person=people[name], lines=lines, postcode=postcode, source="test", by=system(AT), at=AT)
        mark_safe(home.wren, "wren@home.example", at=AT - timedelta(hours=1))
        home.case.family.name = SENTINELS["family"]
        home.case.family.save()
        self.world = World(home, people)

    def later(self) -> Any:
        self.world.at += timedelta(minutes=1)
        return self.world.at

    @rule(who=st.sampled_from(sorted(HOMES)), about=st.sets(st.sampled_from(sorted(HOMES))), reason=st.booleans())
    def open_page(self, who: str, about: set[str], reason: bool) -> None:
        world, at = self.world, self.later()
        try:
            page = services.open_page(
                case=world.home.case, person_id=world.people[who].pk, cleared=[world.people[each].pk for each in about - {who}],
                understanding=SENTINELS["reason"], abuse_reason=SENTINELS["reason"] if reason else "",
                address_of=address_of, by=world.home.by(at), at=at,
            )  # fmt: skip
        except Refused:
            return
        world.pages.setdefault(who, []).append(page)
        world.visits[who] = enter(page, at=at)

    @precondition(lambda self: any(self.world.pages.values()))
    @rule(
        who=st.sampled_from(sorted(HOMES)),
        words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
        told=st.booleans(),
    )
    def share(self, who: str, words: list[str], told: bool) -> None:
        if who not in self.world.pages:
            return
        at, page = self.later(), self.world.pages[who][-1]
        with_reason = "Somebody has to know." if told else ""
        try:
            services.release_items(
                page=page, items=[Chosen("own", "For you", "\n".join(words))], reason=with_reason,
                by=self.world.home.by(at), at=at,
            )  # fmt: skip
        except Refused:
            return

    @rule(number=st.integers(0, 20))
    def take_back(self, number: int) -> None:
        rows = list(Release.objects.filter(withdrawn_at=None).exclude(kind="told").order_by("pk"))
        if rows:
            at, row = self.later(), rows[number % len(rows)]
            services.take_back(page=row.page, release=row, reason=SENTINELS["note"], by=self.world.home.by(at), at=at)

    @rule(who=st.sampled_from(sorted(HOMES)), words=st.sampled_from(WORDS))
    def write(self, who: str, words: str) -> None:
        if who in self.world.visits:
            at = self.later()
            try:
                services.write_message(visit=self.world.visits[who], words=words, by=reader_actor(system(at)), at=at)
            except Refused:
                return

    @rule(who=st.sampled_from(["mary", "john"]), words=st.sampled_from(WORDS))
    def answer(self, who: str, words: str) -> None:
        page = self.world.pages.get(who, [None])[-1]
        message = page.messages.order_by("-written_at").first() if page else None
        if message is not None:
            at = self.later()
            try:
                services.answer_message(page=page, message=message, words=words, by=self.world.home.managing(at), at=at)
            except Refused:
                return

    @rule(parent=st.sampled_from(["mary", "john"]), number=st.integers(0, 10), yes=st.booleans())
    def choose(self, parent: str, number: int, yes: bool) -> None:
        visit = self.world.visits.get("rowan")
        at = self.later()
        there = queries.decisions(reader_actor(system(at)), visit) if visit else None
        if visit is None or there is None or not there.things:
            return
        key, who = there.things[number % len(there.things)].key, self.world.people[parent].pk
        try:
            services.choose_for_parents(
                visit=visit, chosen={key: {who} if yes else set()}, by=reader_actor(system(at)), at=at
            )
        except Refused:
            return

    @rule(parent=st.sampled_from(["mary", "john"]))
    def share_what_is_offered(self, parent: str) -> None:
        page = self.world.pages.get(parent, [None])[-1]
        if page is None:
            return
        at = self.later()
        seen = queries.page_seen(self.world.home.by(at), self.world.home.case.pk, page.pk)
        items = [Chosen(each.key, each.title, each.words) for each in seen.suggestions if each.is_ticked]
        try:
            services.release_items(page=seen.page, items=items, by=self.world.home.by(at), at=at)
        except Refused:
            return

    # --- What happens in the world, without anybody thinking of pages.

    @rule(who=st.sampled_from(["john", "wren"]))
    def becomes_restricted(self, who: str) -> None:
        if who in self.world.restricted:
            return
        at, person = self.later(), self.world.people[who]
        index.impose_restriction(
            query=SearchQuery(given_name=person.given_name, family_name=person.family_name, birth_date=person.birth_date),
            category="high_risk", reason=SENTINELS["note"], guardians=[self.world.home.manager],
            allowed=[self.world.home.lead], by=system(at), at=at,
        )  # fmt: skip
        self.world.restricted.add(who)

    @rule(parent=st.sampled_from(["mary", "john"]), child=st.sampled_from(["rowan", "wren"]))
    def loses_responsibility(self, parent: str, child: str) -> None:
        at = self.later()
        rows = Relationship.objects.filter(person=self.world.people[parent], other=self.world.people[child])
        rows.update(has_parental_responsibility=False, ends_on=at.date())

    @rule(who=st.sampled_from(["mary", "john"]))
    def leaves_the_family(self, who: str) -> None:
        FamilyMember.objects.filter(person=self.world.people[who]).update(ends_on=date(2026, 11, 17))

    @rule(who=st.sampled_from(["mary", "john", "rowan"]))
    def leaves_the_case(self, who: str) -> None:
        CasePerson.objects.filter(case=self.world.home.case, person=self.world.people[who]).delete()

    @rule()
    def domestic_abuse_is_recorded(self) -> None:
        at = self.later()
        try:
            services.mark_abuse(case=self.world.home.case, reason=SENTINELS["mark"], by=self.world.home.by(at), at=at)
        except Refused:
            return

    @rule(who=st.sampled_from(["mary", "john", "wren"]))
    def may_not_be_contacted(self, who: str) -> None:
        mark_safe(self.world.people[who], how="none", at=self.later())

    # --- What must hold.

    @invariant()
    def a_reader_gets_live_releases_to_them_and_nothing_else(self) -> None:
        if not hasattr(self, "world"):
            return
        at = self.world.at
        for who, visit in self.world.visits.items():
            read = queries.read_page(reader_actor(system(at)), visit)
            if read is not None:
                self.check(who, read)
        for who, visit in self.world.visits.items():
            there = queries.decisions(reader_actor(system(at)), visit)
            if there is not None:
                own = self.texts_of_own(who) | self.live_texts(who) | {"You wrote"}
                assert {text for each in there.things for text in (each.title, *each.lines)} <= own

    def live_texts(self, who: str) -> set[str]:
        rows = Release.objects.filter(page=self.world.pages[who][-1], withdrawn_at=None)
        return {text for row in rows for text in (row.title, *row.words.splitlines())}

    def texts_of_own(self, who: str) -> set[str]:
        return {line for row in self.world.pages[who][-1].messages.all() for line in row.words.splitlines()}

    def check(self, who: str, read: queries.ReaderPage) -> None:
        things = [*read.meetings, *(each for _, several in read.sections for each in several)]
        things += [answer for message in read.messages for answer in message.answers]
        said = {text for each in things for text in (each.title, *each.lines)}
        assert said <= self.live_texts(who), f"{who} reads what was not released to them"
        assert {line for each in read.messages for line in each.words.splitlines()} <= self.texts_of_own(who)
        page = self.world.pages[who][-1]
        assert page.closed_at is None or not FamilyPage.objects.filter(pk=page.pk, closed_at=None).exists()
        cleared = {each.person_id for each in page.clearances.all()} | {page.person_id}
        for name, person in self.world.people.items():
            if person.pk in cleared and name not in self.world.restricted:
                continue
            assert not any(name in text.casefold().split() for text in self.plain(said)), f"{who} reads of {name}"
        self.check_homes(who, said)
        assert not any(secret in text for text in said for secret in SENTINELS.values())

    def plain(self, said: set[str]) -> list[str]:
        return ["".join(sign if sign.isalnum() else " " for sign in text) for text in said]

    def check_homes(self, who: str, said: set[str]) -> None:
        for name, (lines, postcode) in HOMES.items():
            same = HOMES[who] == HOMES[name]
            shared_with_restricted = any(HOMES[each] == HOMES[name] for each in self.world.restricted)
            if not same or shared_with_restricted:
                assert not any(lines in text or postcode in text for text in said), f"{who} reads where {name} lives"
            assert name == who or not any(f"{name}@home.example" in text for text in said)


@pytest.mark.django_db
def test_nothing_of_anybody_else_ever_reaches_a_reader() -> None:
    run_state_machine_as_test(
        Pages,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
