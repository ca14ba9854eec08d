"""The contacts of a whole town over the years, who sent them and what became of them, and today's waiting work.

Every contact has its referral, its moves, its rating and decision, its chronology and the audit rows its services would
have written: tens of thousands of them, so they are written in a few statements and not one by one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from joinedup.access.audit import record_from
from joinedup.chronology.services import record_events_from
from joinedup.core.bulk import fill_temporary, insert_from
from joinedup.core.models import new_id
from joinedup.front_door.events import (
    PERSON_IDENTIFIED,
    REFERRAL_ALLOCATED,
    REFERRAL_CLOSED,
    REFERRAL_DECIDED,
    REFERRAL_RECEIVED,
    REFERRAL_TAKEN,
)
from joinedup.front_door.models import (
    Allocation,
    Contact,
    ContactPerson,
    Decision,
    RatingGiven,
    Referral,
    ReferralPerson,
    ReferralTransition,
)
from joinedup.front_door.settings import decide_by

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post

_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
_YEARS = 12
_COLUMNS = {
    "contact_id": "uuid", "referral_id": "uuid", "reference": "text", "family_id": "uuid", "child_id": "uuid",
    "adult_id": "uuid", "locality_id": "uuid", "at": "timestamptz", "taken_at": "timestamptz",
    "decided_at": "timestamptz", "ended_at": "timestamptz", "decide_by": "timestamptz", "state": "text",
    "rating": "text", "outcome": "text", "level": "int", "channel": "text", "source_code": "text",
    "organisation_id": "uuid", "post_id": "uuid", "sender": "uuid", "worker": "uuid", "worker_post": "uuid",
    "need": "text", "is_concern": "bool", "agrees": "text", "worry": "text", "team_id": "uuid", "case_id": "uuid",
    "manager": "uuid",
}  # fmt: skip

# What people write, and with which primary need.
_WORRIES = (
    ("{child} has been late or away on nine days this half term and is often hungry by ten o'clock.", "N4"),
    ("We were called to the home at night. Nobody was hurt. {child} was in the house.", "N5"),
    ("{child}'s mother is unwell and asks for somebody to talk to about the school run.", "N3"),
    ("{child} has missed two appointments and we could not reach the family by phone.", "N0"),
    ("{child} came to school without a coat for the third week. The family has had its heating cut.", "N7"),
    ("{child} was seen in town late at night with older young people we do not know.", "N6"),
    ("{child} asks for help at home because a parent shouts and throws things.", "N1"),
    ("The family has had a notice about arrears. There are children in the home, {child} among them.", "N7"),
    ("{child} waits for an assessment of needs; the parents are tired and would like short breaks.", "N2"),
    ("{child} and a brother or sister were alone at home until the evening, as the neighbours tell it.", "N8"),
)
# Source code of the census, organisation codes, how it comes in, of a hundred contacts.
_SOURCES: tuple[tuple[str, tuple[str, ...], str, int], ...] = (
    ("6", ("POLICE",), "form", 34),
    ("2A", ("ALDERACADEMY", "BIRCHHIGH", "ELDERPRIMARY", "CEDARSCHOOL", "ALDERPRIMARY"), "form", 22),
    ("3B", ("NHS",), "form", 9),
    ("3A", ("MOCKLANE",), "form", 8),
    ("4", ("HOUSING",), "phone", 6),
    ("8", ("SAMPLERS", "PLACEHOLDER"), "form", 6),
    ("1A", (), "public", 9),
    ("9", (), "phone", 6),
)
_ENDINGS = (("advice", 1, 44), ("no_further_action", 1, 31), ("single_agency", 2, 25))


class Family(Protocol):
    """A family, as `person_index.demo_town` has it."""

    @property
    def family_id(self) -> UUID:
        """Of `person_index.Family`."""
        ...

    @property
    def children(self) -> tuple[tuple[UUID, str, date], ...]:
        """Id, first name and date of birth, the eldest first."""
        ...

    @property
    def adults(self) -> tuple[UUID, ...]:
        """The ids of its adults."""
        ...

    @property
    def district(self) -> int:
        """The number of its postcode district."""
        ...


class Opened(Protocol):
    """A case of the town, as `casework.demo_town` opened it."""

    @property
    def case_id(self) -> UUID:
        """Of `casework.Case`."""
        ...

    @property
    def family(self) -> Family:
        """Whose case it is."""
        ...

    @property
    def child(self) -> tuple[UUID, str, date]:
        """The child it was opened for."""
        ...

    @property
    def team_id(self) -> UUID:
        """The team it was allocated to."""
        ...

    @property
    def locality_id(self) -> UUID | None:
        """Where the family lives."""
        ...

    @property
    def manager(self) -> UUID:
        """The account that allocated it."""
        ...

    @property
    def level(self) -> int:
        """Level of need."""
        ...

    @property
    def need(self) -> str:
        """Primary need of the census."""
        ...

    @property
    def opened_at(self) -> datetime:
        """When it was allocated."""
        ...


@dataclass(frozen=True)
class Office:
    """Who works at the front door, who sends it contacts, and which locality a postcode district lies in."""

    workers: Sequence[Post]
    senders: Mapping[str, Sequence[Post]]
    organisations: Mapping[str, Organisation]
    localities: Mapping[int, UUID]


class _Teller:
    """Tells the story of each contact, as one row."""

    def __init__(self, at: datetime, office: Office, seed: str) -> None:
        self.at, self.office = at, office
        self.chance = random.Random(seed)  # noqa: S311 - invented contacts, not secrets
        self.told: set[str] = set()

    def reference(self) -> str:
        """One nobody else has."""
        while True:
            found = "R-{}{}{}{}-{}{}{}{}".format(*self.chance.choices(_LETTERS, k=8))
            if found not in self.told:
                self.told.add(found)
                return found

    def story(self, family: Family, child: tuple[UUID, str, date], at: datetime, **ends: object) -> tuple[object, ...]:
        """One contact from its arrival to where it stands."""
        office, chance = self.office, self.chance
        code, organisations, channel, _ = chance.choices(_SOURCES, [each[3] for each in _SOURCES])[0]
        where = chance.choice(organisations) if organisations else ""
        worker = chance.choice(office.workers)
        posts = [post for post in office.senders.get(where, ()) if post.starts_at < at]
        post = chance.choice(posts) if posts and channel == "form" else None
        worry, need = chance.choice(_WORRIES)
        said: dict[str, object] = {
            "contact_id": new_id(), "referral_id": new_id(), "reference": self.reference(),
            "family_id": family.family_id, "child_id": child[0], "adult_id": family.adults[0] if family.adults else None,
            "locality_id": office.localities.get(family.district), "at": at, "taken_at": None, "decided_at": None,
            "ended_at": None, "decide_by": at + timedelta(days=1), "state": "received", "rating": "", "outcome": "",
            "level": None, "channel": channel if post or channel == "public" else "phone", "source_code": code,
            "organisation_id": office.organisations[where].pk if where else None, "post_id": post.pk if post else None,
            "sender": post.account_id if post else None, "worker": worker.account_id, "worker_post": worker.pk,
            "need": need, "is_concern": need == "N1", "agrees": chance.choice(("yes", "yes", "not_asked")),
            "worry": worry.format(child=child[1] or "The child"), "team_id": None, "case_id": None, "manager": None,
        }  # fmt: skip
        said |= ends
        return tuple(said[name] for name in _COLUMNS)

    def ended(self, family: Family) -> tuple[object, ...]:
        """A contact of the past years that was closed with advice, with one agency's help or without more."""
        child = self.chance.choice(family.children)
        age = max(2.0, (self.at.date() - child[2]).days * 0.97)
        ago = min(_YEARS * 365.0, age) * self.chance.random() ** 1.3
        at = self._by_day(self.at - timedelta(days=ago + 3))
        outcome, level, _ = self.chance.choices(_ENDINGS, [each[2] for each in _ENDINGS])[0]
        rating = self.chance.choices(("blue", "green", "amber"), (30, 55, 15))[0]
        decided = at + timedelta(hours=self.chance.uniform(0.5, 22))
        return self.story(
            family, child, at, taken_at=at + timedelta(minutes=self.chance.uniform(5, 25)), decided_at=decided,
            ended_at=decided + timedelta(minutes=30), state="closed", rating=rating, outcome=outcome, level=level,
        )  # fmt: skip

    def allocated(self, case: Opened) -> tuple[object, ...]:
        """The referral a case was opened for."""
        at = case.opened_at - timedelta(hours=self.chance.uniform(3, 40))
        return self.story(
            case.family, case.child, at, taken_at=at + timedelta(minutes=30), agrees="yes", state="allocated",
            decided_at=case.opened_at - timedelta(minutes=50), ended_at=case.opened_at, rating="green",
            outcome="family_support" if case.level == 3 else "early_help", level=case.level, need=case.need,
            team_id=case.team_id, case_id=case.case_id, manager=case.manager, locality_id=case.locality_id,
        )  # fmt: skip

    def waiting(self, family: Family) -> tuple[object, ...]:
        """A contact of the last two days that somebody still has to decide."""
        at = self.at - timedelta(hours=self.chance.uniform(0.2, 40))
        child = self.chance.choice(family.children)
        if self.chance.random() < 0.4:
            return self.story(family, child, at, decide_by=decide_by(at, ""))
        rating = self.chance.choices(("blue", "green", "amber"), (30, 55, 15))[0]
        taken = at + timedelta(minutes=11)
        return self.story(family, child, at, taken_at=taken, state="in_triage", rating=rating,
                          decide_by=decide_by(at, rating))  # fmt: skip

    def _by_day(self, at: datetime) -> datetime:
        return at.replace(hour=self.chance.randrange(8, 18), minute=self.chance.randrange(60))


def load(
    *, at: datetime, families: Sequence[Family], cases: Sequence[Opened], office: Office, contacts: int, waiting: int
) -> int:
    """Write the contacts: `contacts` of the past years, one for each case, and `waiting` ones. Returns how many."""
    teller = _Teller(at, office, f"contacts {contacts}")
    fill_temporary("town_contact", _COLUMNS, _stories(teller, families, cases, contacts, waiting))
    for write in (_write_contacts, _write_referrals, _write_decisions, _write_chronology, _write_trail):
        write()
    return len(teller.told)


def _stories(
    teller: _Teller, families: Sequence[Family], cases: Sequence[Opened], contacts: int, waiting: int
) -> Iterator[tuple[object, ...]]:
    """A few families are heard of again and again, most once or never."""
    often = list(families)
    teller.chance.shuffle(often)
    busy = {case.family.family_id for case in cases}
    free = [family for family in often if family.family_id not in busy]
    # Their clocks are settings, read from the database: before the rows begin to flow into it.
    now = [*map(teller.allocated, cases), *map(teller.waiting, free[:waiting])]
    return chain(now, (
        teller.ended(often[int(len(often) * teller.chance.random() ** 1.8)]) for _ in range(contacts if often else 0)
    ))  # fmt: skip


def _write_contacts() -> None:
    is_called = "channel = 'phone'"
    insert_from(Contact, "town_contact ORDER BY at", {
        "id": "contact_id", "reference": "reference", "channel": "channel", "received_at": "at",
        "submitted_by_id": "post_id", "taken_by_id": f"CASE WHEN {is_called} THEN worker_post END",
        "organisation_id": "organisation_id", "source_code": "source_code", "is_anonymous": "source_code = '9'",
        "worry": "worry", "need_code": "need", "is_safeguarding_concern": "is_concern", "family_knows": "agrees",
        "family_agrees": "agrees",
    })  # fmt: skip
    named = (
        "town_contact c CROSS JOIN LATERAL (VALUES (0, 'child', c.child_id), (1, 'parent', c.adult_id)) n (place, part, who)"
        " JOIN person_index_person p ON p.id = n.who"
    )
    insert_from(ContactPerson, named, {
        "contact_id": "c.contact_id", "position": "n.place", "part": "n.part", "given_name": "p.given_name",
        "family_name": "p.family_name", "birth_date": "CASE n.place WHEN 0 THEN p.birth_date END", "sex": "p.sex",
        "postcode": "coalesce(p.known -> 'postcodes' ->> 0, '')",
    })  # fmt: skip


def _write_referrals() -> None:
    insert_from(Referral, "town_contact ORDER BY at", {
        "id": "referral_id", "reference": "reference", "contact_id": "contact_id", "state": "state",
        "received_at": "at", "decide_by": "decide_by", "rating": "rating", "is_safeguarding_concern": "is_concern",
        "family_knows": "agrees", "family_agrees": "agrees", "held_by_id": "CASE WHEN taken_at IS NOT NULL THEN worker_post END",
        "family_id": "CASE WHEN taken_at IS NOT NULL THEN family_id END", "locality_id": "locality_id", "level": "level",
        "outcome": "outcome", "decided_at": "decided_at", "team_id": "team_id", "case_id": "case_id",
    })  # fmt: skip
    people = "town_contact c JOIN front_door_contactperson n ON n.contact_id = c.contact_id"
    is_known = "c.taken_at IS NOT NULL"
    insert_from(ReferralPerson, people, {
        "referral_id": "c.referral_id", "contact_person_id": "n.id", "part": "n.part",
        "person_id": f"CASE WHEN {is_known} THEN CASE n.position WHEN 0 THEN c.child_id ELSE c.adult_id END END",
        "searched_at": "c.taken_at", "searched_by": f"CASE WHEN {is_known} THEN c.worker END",
        "identified_at": "c.taken_at", "identified_by": f"CASE WHEN {is_known} THEN c.worker END",
        "how": f"CASE WHEN {is_known} THEN 'linked' ELSE '' END",
    })  # fmt: skip


def _write_decisions() -> None:
    moves = (
        "town_contact c CROSS JOIN LATERAL (VALUES ('', 'received', c.at, c.sender),"
        " ('received', 'in_triage', c.taken_at, c.worker), ('in_triage', 'decided', c.decided_at, c.worker),"
        " ('decided', c.state, c.ended_at, coalesce(c.manager, c.worker))) m (before, after, moved_at, who)"
        " WHERE m.moved_at IS NOT NULL"
    )
    insert_from(ReferralTransition, moves, {
        "referral_id": "c.referral_id", "start": "m.before", "end": "m.after", "at": "m.moved_at", "by": "m.who",
    })  # fmt: skip
    insert_from(RatingGiven, "town_contact WHERE rating <> ''", {
        "referral_id": "referral_id", "rating": "rating", "decide_by": "decide_by", "at": "taken_at", "by": "worker",
    })  # fmt: skip
    insert_from(Decision, "town_contact WHERE decided_at IS NOT NULL", {
        "id": "gen_random_uuid()", "referral_id": "referral_id", "outcome": "outcome", "level": "level",
        "reason": "'Spoken with whoever sent it, and looked back over earlier contacts.'", "proposed_by": "worker",
        "proposed_at": "decided_at", "decided_by": "worker", "decided_at": "decided_at",
    })  # fmt: skip
    insert_from(Allocation, "town_contact WHERE case_id IS NOT NULL", {
        "id": "gen_random_uuid()", "referral_id": "referral_id", "team_id": "team_id", "case_id": "case_id",
        "rule": "'FD-42'", "reason": "'The team of the locality has room.'", "at": "ended_at", "by": "manager",
    })  # fmt: skip


def _steps(rows: str) -> str:
    return f"town_contact c CROSS JOIN LATERAL (VALUES {rows}) s (kind, action, at, who, code) WHERE s.at IS NOT NULL ORDER BY s.at"


def _write_chronology() -> None:
    ended = f"CASE WHEN c.case_id IS NULL THEN '{REFERRAL_CLOSED.code}' ELSE '{REFERRAL_ALLOCATED.code}' END"
    steps = _steps(
        f"('{REFERRAL_RECEIVED.code}', '', c.at, c.sender, c.channel), ('{REFERRAL_TAKEN.code}', '', c.taken_at, c.worker, ''),"
        f" ('{PERSON_IDENTIFIED.code}', '', c.taken_at, c.worker, ''),"
        f" ('{REFERRAL_DECIDED.code}', '', c.decided_at, c.worker, c.outcome),"
        f" ({ended}, '', c.ended_at, coalesce(c.manager, c.worker), '')"
    )
    record_events_from(steps, {
        "kind": "s.kind", "at": "s.at", "family_id": "CASE WHEN c.taken_at IS NOT NULL THEN c.family_id END",
        # As the services do: nobody is named before somebody said who they are; that event places the rest.
        "people": f"CASE WHEN s.kind <> '{REFERRAL_RECEIVED.code}' AND s.kind <> '{REFERRAL_TAKEN.code}'"
                  " THEN array_remove(ARRAY[c.child_id, c.adult_id], NULL) ELSE '{}' END",
        "source_kind": "'front_door.referral'", "source_id": "c.referral_id::text",
        "organisation_id": "c.organisation_id", "team_id": "c.team_id", "actor_id": "s.who", "code": "s.code",
    })  # fmt: skip


def _write_trail() -> None:
    done = "CASE WHEN c.case_id IS NULL THEN 'front_door.close_referral' ELSE 'front_door.allocate_referral' END"
    steps = _steps(
        "('write', 'front_door.submit_referral', c.at, c.sender, ''),"
        " ('write', 'front_door.take_referral', c.taken_at, c.worker, ''),"
        " ('search', 'person_index.person.search', c.taken_at, c.worker, 'triage'),"
        " ('write', 'front_door.identify_person', c.taken_at, c.worker, ''),"
        " ('read', 'front_door.referral.read', c.taken_at, c.worker, 'triage'),"
        " ('write', 'front_door.rate_referral', c.taken_at, c.worker, ''),"
        " ('write', 'front_door.decide', c.decided_at, c.worker, ''),"
        f" ('write', {done}, c.ended_at, coalesce(c.manager, c.worker), '')"
    )
    record_from(steps, {
        "kind": "s.kind", "action": "s.action", "actor_id": "s.who", "via": "'web'",
        "subject_kind": "'front_door.referral'", "subject_id": "c.referral_id::text", "purpose": "s.code",
        "people": "CASE WHEN s.action = 'front_door.submit_referral' THEN '{}' ELSE ARRAY[c.child_id] END", "at": "s.at",
    })  # fmt: skip
