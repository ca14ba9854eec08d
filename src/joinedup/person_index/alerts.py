"""Telling guardians at once that a search or a new entry came upon a restricted person.

The same statements run whether there is anything to tell or not, so that the time a search takes tells nothing. Called
inside the transaction of the search or the service that came upon them; like the audit trail, these rows are written by
reads as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from joinedup.access.actor import Actor
from joinedup.access.roles import Role

MATCH_KIND = "person_index.restrictedmatch"
LOOK_ALIKE_KIND = "person_index.lookalike"
EMERGENCY_KIND = "person_index.breakglass"
RESTRICTION_KIND = "person_index.restriction"

_LIVE = """
  live (id, person) AS (
    SELECT r.id, r.person_id FROM person_index_restriction r
    WHERE r.starts_at <= %(at)s AND (r.ended_at IS NULL OR r.ended_at > %(at)s)
    UNION
    SELECT n.restriction, n.id FROM live s CROSS JOIN LATERAL (
      SELECT s.id AS restriction, e.continued_by_id AS id FROM person_index_person e
      WHERE e.id = s.person AND e.continued_by_id IS NOT NULL
      UNION ALL SELECT s.id, e.id FROM person_index_person e WHERE e.continued_by_id = s.person
    ) n
  )
"""
_MATCH = f"""
WITH RECURSIVE {_LIVE}, known (id, person) AS (
  SELECT id, person FROM live
  UNION SELECT restriction_id, person_id FROM person_index_lookalike WHERE answer <> 'different'
    AND restriction_id IN (SELECT id FROM live)
)
INSERT INTO person_index_restrictedmatch
  (id, version, restriction_id, person_id, about_kind, about_id, score, holds, at, by, via, purpose, answer, words)
SELECT gen_random_uuid(), 1, r.id, r.person_id, %(kind)s, %(about)s, max(found.score),
       max(found.score) >= %(enough)s, %(at)s, %(by)s, %(via)s, %(purpose)s, '', ''
FROM unnest(%(people)s::uuid[], %(scores)s::int[]) AS found (person, score) JOIN known ON known.person = found.person
JOIN person_index_restriction r ON r.id = known.id
GROUP BY r.id, r.person_id
ON CONFLICT (restriction_id, person_id, about_kind, about_id) DO UPDATE
  SET holds = person_index_restrictedmatch.holds OR EXCLUDED.holds, score = EXCLUDED.score
  WHERE person_index_restrictedmatch.answer = '' AND NOT person_index_restrictedmatch.holds AND EXCLUDED.holds
RETURNING id, restriction_id
"""  # noqa: S608 - put together from fixed texts
_TELL = """
INSERT INTO core_outboxmessage
  (id, version, "to", subject, body, about_kind, about_id, created_at, attempts, problem, next_try_at)
SELECT gen_random_uuid(), 1, account.email, %(subject)s, %(body)s, %(kind)s, told.about::text, %(at)s, 0, '', %(at)s
FROM unnest(%(restrictions)s::uuid[], %(abouts)s::uuid[]) AS told (restriction, about)
JOIN person_index_restriction r ON r.id = told.restriction
JOIN organisations_post post ON post.starts_at <= %(at)s AND (post.ends_at IS NULL OR post.ends_at > %(at)s)
  AND CASE WHEN EXISTS (
    SELECT 1 FROM person_index_restrictionparty p JOIN organisations_post held ON held.id = p.post_id
    WHERE p.restriction_id = r.id AND p.part = 'guardian' AND p.ended_at IS NULL
      AND held.starts_at <= %(at)s AND (held.ends_at IS NULL OR held.ends_at > %(at)s)
  ) THEN EXISTS (
    SELECT 1 FROM person_index_restrictionparty p
    WHERE p.restriction_id = r.id AND p.post_id = post.id AND p.part = 'guardian' AND p.ended_at IS NULL
  ) ELSE post.role = %(fallback)s END
JOIN access_account account ON account.id = post.account_id AND account.is_active
GROUP BY account.email, told.about
"""
_LOOK_ALIKES = f"""
WITH RECURSIVE {_LIVE}
SELECT DISTINCT live.id, live.person, held.person_id
FROM live
JOIN person_index_searchkey theirs ON theirs.person_id = live.person
JOIN person_index_searchkey held ON held.key = theirs.key AND held.person_id <> live.person
WHERE (held.person_id = ANY (%(people)s::uuid[]) OR live.person = ANY (%(people)s::uuid[]))
  AND held.person_id NOT IN (SELECT person FROM live)
"""  # noqa: S608
_KEEP = """
INSERT INTO person_index_lookalike (id, version, restriction_id, person_id, found_at, answer, reason)
SELECT gen_random_uuid(), 1, found.restriction, found.person, %(at)s, '', ''
FROM unnest(%(restrictions)s::uuid[], %(people)s::uuid[]) AS found (restriction, person)
ON CONFLICT (restriction_id, person_id) DO NOTHING
RETURNING id, restriction_id
"""


def raise_matches(
    viewer: Actor, found: Iterable[tuple[UUID, int]], *, about: tuple[str, UUID], purpose: str, enough: int
) -> None:
    """A search would have shown these people, with so many points each: one row and one message for each guardian, the
    first time for what it was about. Two statements, however many there are, also for none."""
    pairs = list(found)
    values: dict[str, Any] = {
        "people": [person for person, _ in pairs],
        "scores": [score for _, score in pairs],
        "kind": about[0],
        "about": about[1],
        "enough": enough,
        "at": viewer.at,
        "by": viewer.account_id,
        "via": viewer.via,
        "purpose": purpose[:80],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, values)
        raised = cursor.fetchall()
    tell_guardians(
        raised,
        kind=MATCH_KIND,
        subject="A restricted record: please answer now",
        body="Somebody's work has come upon a record that you are a guardian of. It cannot be finished until you have "
        "answered. Sign in to Joinedup and open the page /guardian/.",
        at=viewer.at,
    )


def tell_guardians(raised: Iterable[tuple[UUID, UUID]], *, kind: str, subject: str, body: str, at: datetime) -> None:
    """A message to every guardian in post of each (about, restriction); to information governance where there is none.
    It names nobody. One statement."""
    pairs = list(raised)
    values: dict[str, Any] = {
        "abouts": [about for about, _ in pairs],
        "restrictions": [restriction for _, restriction in pairs],
        "kind": kind,
        "subject": subject,
        "body": body,
        "at": at,
        "fallback": Role.INFORMATION_GOVERNANCE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)


def pairs_to_compare(people: Iterable[UUID], *, at: datetime) -> list[tuple[UUID, UUID, UUID]]:
    """(restriction, restricted person, other entry) for every entry that shares a key with a restricted person, where
    either is among `people`. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_ALIKES, {"people": list(people), "at": at})
        return list(cursor.fetchall())


def keep_look_alikes(found: Iterable[tuple[UUID, UUID]], *, at: datetime) -> None:
    """Shield each (restriction, entry) until a guardian has said who it is, and tell the guardians. Two statements."""
    pairs = list(found)
    values: dict[str, Any] = {
        "restrictions": [pair[0] for pair in pairs],
        "people": [pair[1] for pair in pairs],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        raised = cursor.fetchall()
    tell_guardians(
        raised,
        kind=LOOK_ALIKE_KIND,
        subject="A new entry that may be somebody restricted",
        body="An entry in Joinedup may be somebody whose record you are a guardian of. It stays unseen until you have "
        "said whether it is. Sign in to Joinedup and open the page /guardian/.",
        at=at,
    )
