"""The cases of a whole town: as many children a year as such a town's teams work with, open and closed, with their lead
professionals, the teams around the children, their chronology and their audit trail. Written in a few statements."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from joinedup.access.audit import record_from
from joinedup.casework import demo_town_trail as trail
from joinedup.casework import demo_town_work as work
from joinedup.casework import demo_town_writing as writing
from joinedup.casework.assessing import newest_spec
from joinedup.casework.demo_town_work import Led
from joinedup.casework.events import CASE_CLOSED, CASE_OPENED, LEAD_PROFESSIONAL_NAMED
from joinedup.casework.models import Case, CaseMember, CasePerson, CaseTransition
from joinedup.casework.permissions import CLOSE_CASE, NAME_LEAD_PROFESSIONAL, OPEN_CASE
from joinedup.chronology.services import record_events_from
from joinedup.core.bulk import fill_temporary, insert_from
from joinedup.core.models import new_id

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team

_ENDING = "The family has what it needs and knows whom to ring."
_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
_COLUMNS = {
    "case_id": "uuid", "reference": "text", "family_id": "uuid", "team_id": "uuid", "locality_id": "uuid",
    "level": "int", "opened_at": "timestamptz", "led_at": "timestamptz", "closed_at": "timestamptz", "lead_id": "uuid",
    "lead_account": "uuid", "manager": "uuid", "only_child": "uuid",
    "review_due_on": "date",
}  # fmt: skip


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


@dataclass(frozen=True)
class Place:
    """A team, the locality it serves a district for, its manager's account and its key workers."""

    team: Team
    locality_id: UUID | None
    manager: UUID
    key_workers: Sequence[Post]
    room: int | None


@dataclass(frozen=True)
class TownCase:
    """A case of the town, for the part above to make the referral that led to it."""

    case_id: UUID
    family: Family
    child: tuple[UUID, str, date]
    team_id: UUID
    locality_id: UUID | None
    manager: UUID
    level: int
    need: str
    opened_at: datetime
    closed_at: datetime | None


class _Maker:
    """Opens cases until a town has its number of children in them."""

    def __init__(self, at: datetime, families: Sequence[Family], seed: str) -> None:
        self.at, self.chance = at, random.Random(seed)  # noqa: S311 - invented cases, not secrets
        self.waiting = list(families)
        self.chance.shuffle(self.waiting)
        self.rows: list[tuple[object, ...]] = []
        self.found: list[TownCase] = []
        self.turns: dict[UUID, int] = defaultdict(int)

    def add(self, family: Family, place: Place, opened: datetime, closed: datetime | None, level: int, need: str,
            only: tuple[UUID, str, date] | None = None) -> None:  # fmt: skip
        """One case, led by the key workers of the team in turn."""
        self.turns[place.team.pk] += 1
        lead = place.key_workers[self.turns[place.team.pk] % len(place.key_workers)]
        reference = "C-{}{}{}{}-{}{}{}{}".format(*self.chance.choices(_LETTERS, k=8))
        led = opened + timedelta(hours=self.chance.uniform(1, 30))
        case_id = new_id()
        self.rows.append(
            (case_id, reference, family.family_id, place.team.pk, place.locality_id, level, opened,
             min(led, closed or self.at), closed, lead.pk, lead.account_id, place.manager, only[0] if only else None,
             None if closed else self._review_due_on(opened))
        )  # fmt: skip
        self.found.append(
            TownCase(case_id, family, only or family.children[0], place.team.pk, place.locality_id, place.manager,
                     level, need, opened, closed)
        )  # fmt: skip

    def _review_due_on(self, opened: datetime) -> date:
        """Six weeks after the last of the reviews held every six weeks; of one case in nine it was not held."""
        into = (self.at - opened).days % 42
        late = into if self.chance.random() < 1 / 9 else 0
        return (self.at + timedelta(days=42 - into - (42 if late else 0))).date()

    def targeted(self, places: Mapping[int, Sequence[Place]], children: int) -> None:
        """Families the teams have worked with in the last year: so many children, about a quarter of them now."""
        room = {place.team.pk: place.room or 0 for several in places.values() for place in several}
        left = children
        while left > 0 and self.waiting:
            family = self.waiting.pop()
            place = self.chance.choice(places[family.district])
            left -= len(family.children)
            is_open = room[place.team.pk] > 0 and self.chance.random() < 0.5
            level = self.chance.choice((2, 2, 3))
            need = self.chance.choice(("N1", "N3", "N4", "N4", "N5", "N5", "N6", "N7"))
            if is_open:
                room[place.team.pk] -= 1
                self.add(family, place, self.at - timedelta(days=self.chance.uniform(1, 130)), None, level, need)
            else:
                opened = self.at - timedelta(days=self.chance.uniform(70, 364))
                lasted = timedelta(days=self.chance.uniform(25, 150))
                self.add(family, place, opened, min(opened + lasted, self.at - timedelta(days=1)), level, need)

    def open_now(self, places: Mapping[int, Sequence[Place]], cases: int) -> None:
        """Further cases until so many are open: most for less than half a year, a few for more than a year."""
        teams = {place.team.pk: place for several in places.values() for place in several}
        filled = sum(case.closed_at is None for case in self.found)
        for _ in range(min(cases - filled, len(self.waiting))):
            family = self.waiting.pop()
            place = self.chance.choice(places[family.district] or list(teams.values()))
            days = self.chance.uniform(1, 180) if self.chance.random() < 0.8 else self.chance.uniform(180, 400)
            need = self.chance.choice(("N1", "N3", "N4", "N4", "N5", "N5", "N6", "N7"))
            self.add(family, place, self.at - timedelta(days=days), None, self.chance.choice((2, 2, 3)), need)

    def disabled(self, place: Place, children: int) -> None:
        """Disabled children, each with a key worker for years."""
        for _ in range(min(children, len(self.waiting))):
            family = self.waiting.pop()
            opened = self.at - timedelta(days=self.chance.uniform(10, 410))
            self.add(family, place, opened, None, 3, "N2", self.chance.choice(family.children))


def load(
    *, at: datetime, families: Sequence[Family], places: Mapping[int, Sequence[Place]], disabled: Place,
    targeted_children: int, disabled_children: int, open_cases: int,
) -> list[TownCase]:  # fmt: skip
    """Write the cases, so many of them open, and the work in each. `places` are the teams for each postcode district."""
    maker = _Maker(at, families, f"cases {len(families)}")
    maker.targeted(places, targeted_children)
    maker.disabled(disabled, disabled_children)
    maker.open_now(places, open_cases)
    fill_temporary("town_case", _COLUMNS, maker.rows)
    _write_cases()
    _write_trail()
    _write_work(maker)
    return maker.found


def _write_work(maker: _Maker) -> None:
    """What was done in the cases."""
    asked = ("case_id", "opened_at", "led_at", "closed_at", "review_due_on", "lead_account", "manager", "level")
    rows = (dict(zip(_COLUMNS, row, strict=True)) for row in maker.rows)
    work.tell([Led(**{name: row[name] for name in asked}) for row in rows], at=maker.at)  # type: ignore[arg-type]
    writing.write_plans()
    writing.write_reviews()
    writing.write_meetings()
    writing.write_notes()
    writing.write_assessments(newest_spec().version)
    writing.write_endings()
    writing.write_what_waits()
    trail.write_trail()


def _write_cases() -> None:
    everybody = (
        "town_case c JOIN person_index_familymember m ON m.family_id = c.family_id AND m.ends_on IS NULL"
        " AND (c.only_child IS NULL OR m.part <> 'child' OR m.person_id = c.only_child)"
    )
    state = "CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END"
    insert_from(Case, "town_case", {
        "id": "case_id", "reference": "reference", "family_id": "family_id", "team_id": "team_id",
        "locality_id": "locality_id", "level": "level", "state": state, "lead_professional_id": "lead_id",
        "opened_at": "opened_at", "closed_at": "closed_at", "review_due_on": "review_due_on",
    })  # fmt: skip
    insert_from(CasePerson, everybody, {
        "case_id": "c.case_id", "person_id": "m.person_id",
        "part": "CASE m.part WHEN 'child' THEN 'child' WHEN 'parent' THEN 'parent' ELSE 'other' END",
    })  # fmt: skip
    insert_from(CaseMember, "town_case", {
        "id": "gen_random_uuid()", "case_id": "case_id", "post_id": "lead_id", "part": "'lead'", "joined_at": "led_at",
        "left_at": "closed_at",
    })  # fmt: skip
    # Another partner's post joins most teams around a child: whoever else works there.
    others = (
        "town_case c CROSS JOIN LATERAL (SELECT p.id FROM organisations_post p WHERE p.role IN ('referrer', 'key_worker')"
        " AND p.id <> c.lead_id AND p.starts_at < c.led_at AND p.ends_at IS NULL"
        " ORDER BY md5(p.id::text || c.reference) LIMIT 2) p"
    )
    insert_from(CaseMember, others, {
        "id": "gen_random_uuid()", "case_id": "c.case_id", "post_id": "p.id", "part": "'member'",
        "joined_at": "c.led_at + interval '1 hour'", "left_at": "c.closed_at",
    })  # fmt: skip
    for start, end, moment, who, reason in (
        ("''", "'waiting_for_lead'", "opened_at", "manager", "'Allocated by the front door.'"),
        ("'waiting_for_lead'", "'open'", "led_at", "manager", "''"),
        ("'open'", "'closed'", "closed_at", "lead_account", f"'{_ENDING}'"),
    ):
        source = "town_case" if end != "'closed'" else "town_case WHERE closed_at IS NOT NULL"
        columns = {"case_id": "case_id", "start": start, "end": end, "at": moment, "by": who, "reason": reason}
        insert_from(CaseTransition, source, columns)


def _write_trail() -> None:
    """The chronology of each case, and the audit rows that its services would have written."""
    people = (
        "(SELECT array_agg(p.person_id ORDER BY p.person_id) FROM casework_caseperson p WHERE p.case_id = c.case_id)"
    )
    steps = (
        "town_case c CROSS JOIN LATERAL (VALUES"
        f" ('{CASE_OPENED.code}', '{OPEN_CASE.name}', c.opened_at, c.manager, 'level_' || c.level),"
        f" ('{LEAD_PROFESSIONAL_NAMED.code}', '{NAME_LEAD_PROFESSIONAL.name}', c.led_at, c.manager, ''),"
        f" ('{CASE_CLOSED.code}', '{CLOSE_CASE.name}', c.closed_at, c.manager, '')"
        ") step (kind, action, at, who, code) WHERE step.at IS NOT NULL ORDER BY step.at"
    )
    record_events_from(steps, {
        "kind": "step.kind", "at": "step.at", "family_id": "c.family_id", "people": people,
        "source_kind": "'casework.case'", "source_id": "c.case_id::text", "team_id": "c.team_id",
        "actor_id": "step.who", "code": "step.code",
    })  # fmt: skip
    record_from(steps, {
        "kind": "'write'", "action": "step.action", "actor_id": "step.who", "via": "'web'",
        "subject_kind": "'casework.case'", "subject_id": "c.case_id::text", "people": people, "at": "step.at",
    })  # fmt: skip
