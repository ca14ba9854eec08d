"""Search before create: who in the index may be the person somebody is telling us about, and why."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid5

from django.db import connection
from django.utils.crypto import salted_hmac

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.formats import age as age_in_words
from joinedup.core.formats import london
from joinedup.engines.linkage.keys import PersonFacts, Said, question_keys
from joinedup.engines.linkage.matching import Comparison, Verdict, rank
from joinedup.person_index.alerts import raise_matches
from joinedup.person_index.keys import key_number
from joinedup.person_index.permissions import SEARCH_PEOPLE
from joinedup.person_index.queries.families import Mate, household_of
from joinedup.person_index.queries.known import Known, known_of
from joinedup.person_index.queries.restrictions import unseen_among
from joinedup.person_index.restriction_settings import look_alike_points

_MOST_COMPARED = 500
_NOBODYS_ID = UUID(int=0)
_CANDIDATES = """
SELECT person.id, person.birth_date, person.nhs_number, person.upn, person.known, person.given_name,
       person.family_name, person.known_as, person.sex, person.died_on
FROM (
  WITH hit AS MATERIALIZED (
    SELECT asked.key, held.person_id FROM unnest(%s::bigint[]) AS asked (key)
    CROSS JOIN LATERAL (
      SELECT k.person_id FROM person_index_searchkey k WHERE k.key = asked.key ORDER BY k.person_id LIMIT 1000
    ) held
  ), rare AS (SELECT key, 24 - log(2, count(*)) AS bits FROM hit GROUP BY key)
  SELECT hit.person_id, sum(rare.bits) AS weight FROM hit JOIN rare USING (key)
  GROUP BY hit.person_id ORDER BY weight DESC, hit.person_id LIMIT %s
) likely
JOIN person_index_person person ON person.id = likely.person_id
ORDER BY likely.weight DESC, person.id
"""


@dataclass(frozen=True)
class SearchQuery:
    """What somebody typed, however little. It is never stored: the audit row keeps a keyed digest of it."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    postcode: str = ""
    nhs_number: str = ""
    upn: str = ""

    def facts(self) -> PersonFacts:
        """For the linkage engine."""
        return PersonFacts(
            forenames=(self.given_name,) if self.given_name.strip() else (),
            surnames=(self.family_name,) if self.family_name.strip() else (),
            birth_date=self.birth_date,
            postcodes=(self.postcode,) if self.postcode.strip() else (),
            nhs_number=self.nhs_number or None,
            upn=self.upn or None,
        )

    def said(self) -> Said:
        """For finding whom to compare."""
        return Said(
            self.given_name, "", self.family_name, self.birth_date, "", "", self.postcode, self.nhs_number, self.upn
        )

    def digest(self) -> str:
        """Says whether two searches were the same to whoever holds the key, and nothing else to anybody."""
        plain = json.dumps(asdict(self), default=str, sort_keys=True)
        return salted_hmac("person_index.search", plain, algorithm="sha256").hexdigest()[:40]


@dataclass(frozen=True)
class Candidate:
    """Somebody in the index who may be the person asked for. `score` is 0 to 100: how much evidence, not how likely."""

    person_id: UUID
    name: str
    known_as: str
    birth_date: date | None
    age: str
    sex: str
    has_died: bool
    address: str
    agencies: tuple[str, ...]
    score: int
    reasons: tuple[str, ...]
    differences: tuple[str, ...]
    is_possible_twin: bool
    household: tuple[Mate, ...]


@dataclass(frozen=True)
class SearchResult:
    """Candidates, the best first. `sentence` says what the page says when there are none."""

    candidates: tuple[Candidate, ...]
    is_too_little: bool
    sentence: str


_TOO_LITTLE = (
    "That is too little to search on. Give a first and last name, or a name with a date of birth or postcode, or an "
    "NHS number or pupil number."
)
_NOBODY = (
    "Nobody in the index looks like this person. They may be known under another name or date of birth: try a former "
    "name, another spelling or the postcode before you add them."
)


def search_people(
    viewer: Actor,
    query: SearchQuery,
    *,
    purpose: str,
    limit: int = 10,
    about: tuple[str, UUID] | None = None,
) -> SearchResult:
    """The likely people, the best first, with why, who knows them and their household. One audit row names all shown.

    Whoever is withheld from the viewer is not among them; their guardians are told at once, with what the search was
    `about` (kind and id of a record). The same statements run whether anybody is found, or withheld, or not, so that
    the time taken tells nothing.
    """
    check(viewer, SEARCH_PEOPLE)
    asked = query.facts()
    likely = likely_people(query)
    hidden = unseen_among(viewer, [row.person_id for row in likely])
    ranked = rank(asked, [(row, row.facts) for row in likely if row.person_id not in hidden], limit=limit)
    met = rank(asked, [(row, row.facts) for row in likely if row.person_id in hidden], limit=limit)
    ids = [row.person_id for row, _ in ranked]
    known, households = known_of(ids or [_NOBODYS_ID]), household_of(ids or [_NOBODYS_ID])
    apart = unseen_among(viewer, {mate.person_id for several in households.values() for mate in several})
    on = london(viewer.at).date()
    candidates = tuple(
        _candidate(
            row,
            found,
            known[row.person_id],
            tuple(mate for mate in households[row.person_id] if mate.person_id not in apart),
            on,
        )
        for row, found in ranked
    )
    shown = {*ids, *(mate.person_id for each in candidates for mate in each.household)}
    audit.record_read(
        viewer, subject=("person_index.person", query.digest()), people=shown, purpose=purpose, search=True
    )
    raise_matches(
        viewer,
        [(row.person_id, found.score) for row, found in met],
        about=about or ("person_index.search", uuid5(_NOBODYS_ID, f"{viewer.account_id}{on}{query.digest()}")),
        purpose=purpose,
        enough=look_alike_points(on),
    )
    sentence = _TOO_LITTLE if not question_keys(query.said()) else _NOBODY if not candidates else ""
    return SearchResult(candidates, not question_keys(query.said()), sentence)


@dataclass(frozen=True)
class _Likely:
    """A row worth comparing."""

    person_id: UUID
    name: str
    known_as: str
    sex: str
    has_died: bool
    facts: PersonFacts


def likely_people(query: SearchQuery) -> list[_Likely]:
    """At most 500 people who share a key, those who share most first; one query."""
    keys = [key_number(key) for key in question_keys(query.said())]
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [keys, _MOST_COMPARED])
        rows = cursor.fetchall()
    found = []
    for person_id, birth_date, nhs_number, upn, known, given_name, family_name, known_as, sex, died_on in rows:
        every = json.loads(known) if isinstance(known, str) else known
        facts = PersonFacts(
            forenames=tuple(every.get("forenames", ())),
            surnames=tuple(every.get("surnames", ())),
            birth_date=birth_date,
            postcodes=tuple(every.get("postcodes", ())),
            nhs_number=nhs_number or None,
            upn=upn or None,
        )
        name = f"{given_name} {family_name}".strip() or "Name not known"
        found.append(_Likely(person_id, name, known_as, sex, died_on is not None, facts))
    return found


def _candidate(row: _Likely, found: Comparison, known: Known, household: tuple[Mate, ...], on: date) -> Candidate:
    for_it = [reason.sentence for reason in found.reasons if reason.verdict in (Verdict.AGREES, Verdict.CLOSE)]
    against = [reason.sentence for reason in found.reasons if reason.verdict is Verdict.DIFFERS]
    return Candidate(
        person_id=row.person_id,
        name=row.name,
        known_as=row.known_as,
        birth_date=row.facts.birth_date,
        age=age_in_words(row.facts.birth_date, on),
        sex=row.sex,
        has_died=row.has_died,
        address=known.address_summary,
        agencies=known.agencies,
        score=found.score,
        reasons=tuple(dict.fromkeys(for_it)),
        differences=tuple(dict.fromkeys(against)),
        is_possible_twin=found.is_possible_twin,
        household=household,
    )
