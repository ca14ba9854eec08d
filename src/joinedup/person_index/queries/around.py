"""Everybody around somebody, and what is known that would give them away: for keeping words off a page, never for showing
them. The caller has let the viewer in to the person it is about; whoever is withheld is in it on purpose."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.person_index.models import SafeContact
from joinedup.person_index.queries.contact import SafeContactAdvice, advice_of

# Who is around somebody: everybody in any family of theirs, now or once, everybody related to any of those, and the entries
# that continue one another. Places, bonds and entries come in one answer, each row saying what it is.
_WHO = """
WITH RECURSIVE asked (id) AS (SELECT unnest(%(people)s::uuid[])),
families (id) AS (
  SELECT family_id FROM person_index_familymember WHERE person_id IN (SELECT id FROM asked) UNION SELECT %(family)s::uuid
),
places AS (
  SELECT family_id, person_id, ends_on FROM person_index_familymember WHERE family_id IN (SELECT id FROM families)
),
near (id) AS (SELECT id FROM asked UNION SELECT person_id FROM places),
bonds AS (
  SELECT id, person_id, other_id, has_parental_responsibility, ends_on FROM person_index_relationship
   WHERE person_id IN (SELECT id FROM near)
  UNION
  SELECT id, person_id, other_id, has_parental_responsibility, ends_on FROM person_index_relationship
   WHERE other_id IN (SELECT id FROM near)
),
everybody (id) AS (SELECT id FROM near UNION SELECT person_id FROM bonds UNION SELECT other_id FROM bonds),
entry (id, person) AS (
  SELECT id, id FROM person_index_person WHERE id IN (SELECT id FROM everybody)
  UNION
  SELECT before.id, entry.person FROM person_index_person before JOIN entry ON before.continued_by_id = entry.id
)
SELECT 'place', family_id, person_id, ends_on, false FROM places
UNION ALL SELECT 'bond', person_id, other_id, ends_on, coalesce(has_parental_responsibility, false) FROM bonds
UNION ALL SELECT 'entry', id, person, NULL, false FROM entry
"""
# What is known of each entry that would give it away: as the index says it, as it was stated, as agencies' records say it and
# said it before; and how it is safe to reach them.
_SAID = """
SELECT 'person', id, jsonb_build_object('given_name', given_name, 'family_name', family_name, 'known_as', known_as,
       'known', known, 'nhs_number', nhs_number, 'has_died', died_on IS NOT NULL)
  FROM person_index_person WHERE id = ANY(%(entries)s)
UNION ALL
SELECT 'said', person_id, jsonb_build_object('given_name', given_name, 'family_name', family_name)
  FROM person_index_personname WHERE person_id = ANY(%(entries)s)
UNION ALL
SELECT 'said', person_id, jsonb_build_object('lines', lines, 'postcode', postcode, 'is_now', ends_on IS NULL)
  FROM person_index_personaddress WHERE person_id = ANY(%(entries)s)
UNION ALL
SELECT 'said', link.person_id, jsonb_build_object('given_name', record.given_name, 'family_name', record.family_name,
       'lines', record.address, 'postcode', record.postcode, 'is_now', true, 'phone', record.phone)
  FROM person_index_recordlink link JOIN person_index_agencyrecord record ON record.id = link.record_id
 WHERE link.person_id = ANY(%(entries)s) AND link.separated_at IS NULL
UNION ALL
SELECT 'said', link.person_id, jsonb_build_object('given_name', before.given_name, 'family_name', before.family_name,
       'lines', before.address, 'postcode', before.postcode, 'is_now', false)
  FROM person_index_recordlink link JOIN person_index_earlierversion before ON before.record_id = link.record_id
 WHERE link.person_id = ANY(%(entries)s) AND link.separated_at IS NULL
UNION ALL
SELECT 'contact', person_id, jsonb_build_object('id', id, 'how', how, 'details', details, 'when', "when",
       'not_through', not_through, 'recorded_at', recorded_at, 'source', source)
  FROM person_index_safecontact WHERE person_id = ANY(%(entries)s)
"""


@dataclass
class Given:
    """What would give somebody away: every name, home and number known of them, now or once. `homes_now` are where they
    live now, by their own account or an agency's."""

    names: set[str] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)
    homes_now: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)
    postcodes_now: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Around:
    """Everybody around some people, themselves included, with what would give each away. Entries that are one person count
    as one."""

    given: dict[UUID, Given]
    advice: dict[UUID, SafeContactAdvice]  # how it is safe to reach each, as it stands now
    died: frozenset[UUID]
    responsible: frozenset[tuple[UUID, UUID]]  # who has parental responsibility for whom, today
    members: dict[UUID, bool]  # of the family asked about: whether somebody's place in it still lasts

    @property
    def careful(self) -> frozenset[str]:
        """Of whom it is recorded that they may not be reached, or not through somebody: a key for each, to tell a new one."""
        return frozenset(
            f"contact.{person_id}.{'none' if each.is_do_not_contact else 'not_through'}"
            for person_id, each in self.advice.items()
            if each.is_do_not_contact or each.not_through
        )


def around(viewer: Actor, person_ids: Collection[UUID], *, family_id: UUID) -> Around:
    """Everybody in any family of these people, now or once, and everybody related to any of them, with what is known of
    them; two statements, however many they are."""
    on = timezone.localdate(viewer.at)
    who = _rows(_WHO, people=list(person_ids), family=family_id)
    owners: dict[UUID, UUID] = {}
    for kind, entry, person, _, _ in who:
        if kind == "entry" and (entry not in owners or entry != person):  # what continues an entry owns it
            owners[entry] = person
    given: dict[UUID, Given] = defaultdict(Given)
    died: set[UUID] = set()
    contacts: list[tuple[UUID, dict[str, Any]]] = []
    for kind, entry, text in _rows(_SAID, entries=list(owners)):
        said = json.loads(text)
        if kind == "contact":
            contacts.append((owners[entry], said))
            continue
        _say(given[owners[entry]], said)
        if said.get("has_died"):
            died.add(owners[entry])
    return Around(
        given=dict(given),
        advice=_contacts(given, owners, contacts),
        died=frozenset(died),
        responsible=frozenset(
            (owners[person], owners[other])
            for kind, person, other, ends_on, responsible in who
            if kind == "bond" and responsible and (ends_on is None or ends_on > on)
        ),
        members=_members(who, owners, family_id, on),
    )


def _rows(sql: str, **asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())


def _members(who: list[tuple[Any, ...]], owners: dict[UUID, UUID], family_id: UUID, on: date) -> dict[UUID, bool]:
    """Of the family asked about: whether somebody's place in it still lasts."""
    members: dict[UUID, bool] = {}
    for kind, family, person, ends_on, _ in who:
        if kind == "place" and family == family_id:
            owner = owners.get(person, person)
            members[owner] = members.get(owner, False) or ends_on is None or ends_on > on
    return members


def _say(given: Given, said: dict[str, Any]) -> None:
    known = said.get("known") or {}
    given.names |= {said.get(name) or "" for name in ("given_name", "family_name", "known_as")}
    given.names |= {*known.get("forenames", ()), *known.get("surnames", ())}
    given.homes.add(said.get("lines") or "")
    given.postcodes |= {said.get("postcode") or "", *known.get("postcodes", ())}
    given.numbers |= {said.get("nhs_number") or "", said.get("phone") or ""}
    if said.get("is_now"):
        given.homes_now.add(said.get("lines") or "")
        given.postcodes_now.add(said.get("postcode") or "")
    for several in (given.names, given.homes, given.homes_now, given.postcodes, given.postcodes_now, given.numbers):
        several.discard("")


def _contacts(
    given: dict[UUID, Given], owners: dict[UUID, UUID], contacts: list[tuple[UUID, dict[str, Any]]]
) -> dict[UUID, SafeContactAdvice]:
    """How it is safe to reach each, by what was recorded last."""
    newest: dict[UUID, SafeContact] = {}
    rows = [(owner, _contact(said)) for owner, said in contacts]
    for owner, row in sorted(rows, key=lambda each: (each[1].recorded_at, str(each[1].pk))):
        newest[owner] = row
        if "@" in row.details:
            given[owner].emails.add(row.details.strip())
        elif row.details:
            given[owner].numbers.add(row.details)
    return {owner: advice_of(owner, newest.get(owner)) for owner in set(owners.values())}


def _contact(said: dict[str, Any]) -> SafeContact:
    return SafeContact(**said | {"id": UUID(said["id"]), "recorded_at": datetime.fromisoformat(said["recorded_at"])})
