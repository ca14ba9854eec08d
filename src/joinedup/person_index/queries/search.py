"""Search before create: who in the index may be the person somebody is telling us about, and why."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid5

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.formats import age as age_in_words
from joinedup.core.formats import london
from joinedup.engines.linkage.keys import Said, question_keys
from joinedup.engines.linkage.lookup import Asked, Grade
from joinedup.person_index.alerts import raise_matches
from joinedup.person_index.evidence import Evidence, evidence
from joinedup.person_index.permissions import SEARCH_PEOPLE
from joinedup.person_index.queries.families import Mate, household_of
from joinedup.person_index.queries.known import Known, known_of
from joinedup.person_index.queries.lived_there import Neighbour, lived_with
from joinedup.person_index.queries.lookup import LikelyPerson, look_up_steadily, weighing_at
from joinedup.person_index.queries.restrictions import unseen_among
from joinedup.person_index.queries.sealed import without_other_identity
from joinedup.person_index.queries.why import against_it, chance_in_words, for_it
from joinedup.person_index.restriction_settings import look_alike_points

_NOBODYS_ID = UUID(int=0)
_ONE_HOUR = 3600
_PEOPLE = """
SELECT person.id, person.birth_date, person.given_name, person.family_name, person.known_as, person.sex,
       person.died_on
FROM unnest(%s::uuid[]) WITH ORDINALITY AS likely (id, place) JOIN person_index_person person USING (id)
ORDER BY likely.place
"""


@dataclass(frozen=True)
class SearchQuery:
    """What somebody typed, however little. It is never stored: the audit row keeps a keyed digest of it. `age` in years
    stands in for a date of birth that is not known."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    postcode: str = ""
    nhs_number: str = ""
    upn: str = ""
    address: str = ""
    age: int | None = None
    sex: str = ""

    def asked(self, on: date | None = None) -> Asked:
        """For looking up. An age is an age on a day."""
        said = Said(
            self.given_name, "", self.family_name, self.birth_date, self.sex, self.address, self.postcode,
            self.nhs_number, self.upn,
        )  # fmt: skip
        return Asked(said, self.age if self.birth_date is None else None, on)

    def digest(self) -> str:
        """Says whether two searches were the same to whoever holds the key, and nothing else to anybody."""
        plain = json.dumps({name: value for name, value in asdict(self).items() if value}, default=str, sort_keys=True)
        return salted_hmac("person_index.search", plain, algorithm="sha256").hexdigest()[:40]


@dataclass(frozen=True)
class Candidate:
    """Somebody in the index who may be the person asked for. `probability` says how likely, beside everybody else who
    fits; `grade` whether that is certain, likely or possible; `doubts` what keeps it from being certain. `score` is 0 to
    100: how much evidence there is, whoever else fits."""

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
    grade: Grade
    probability: float
    doubts: tuple[str, ...]
    lived_there: tuple[Neighbour, ...]

    @property
    def chance(self) -> str:
        """How likely it is, in words."""
        return chance_in_words(self.probability)


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
    found = _look(viewer, query, limit)
    audit.record_read(
        viewer, subject=("person_index.person", query.digest()), people=found.shown, purpose=purpose, search=True
    )
    on = london(viewer.at).date()
    raise_matches(
        viewer,
        found.withheld,
        about=about or ("person_index.search", uuid5(_NOBODYS_ID, f"{viewer.account_id}{on}{query.digest()}")),
        purpose=purpose,
        enough=look_alike_points(on),
    )
    return found.result


def likely_as_typed(viewer: Actor, query: SearchQuery, *, purpose: str, form: str, limit: int = 10) -> SearchResult:
    """The same while somebody still types. Everybody shown is audited once for each `form` (a name that the page gave its
    form): the first answer writes a row, a later one only for people whom no row of the form names yet. No guardian is
    told before the search is sent: half a name comes upon everybody.

    Which people a form has named is kept in this process for an hour; where it is forgotten, or another process answers,
    they are named once more.
    """
    check(viewer, SEARCH_PEOPLE)
    found = _look(viewer, query, limit)
    place = f"as-typed:{viewer.account_id}:{form}"
    named: frozenset[UUID] | None = cache.get(place) if form else None
    if named is None or not found.shown <= named:
        new = found.shown - (named or frozenset())
        audit.record_read(
            viewer, subject=("person_index.person", form or query.digest()), people=new,
            purpose=f"{purpose} (as typed)", search=True,
        )  # fmt: skip
        if form:
            now = (named or frozenset()) | new
            transaction.on_commit(lambda: cache.set(place, now, timeout=_ONE_HOUR))
    return found.result


@dataclass(frozen=True)
class _Looked:
    """What a search comes to: what is shown, everybody named in it, and the points of those who are withheld."""

    result: SearchResult
    shown: frozenset[UUID]
    withheld: list[tuple[UUID, int]]


def _look(viewer: Actor, query: SearchQuery, limit: int) -> _Looked:
    """Search. The same statements run whatever is found."""
    on = london(viewer.at).date()
    asked, weighing = query.asked(on), weighing_at(viewer.at)
    found = look_up_steadily(asked, weighing, lambda ids: unseen_among(viewer, ids), limit=limit)
    # The other identity of somebody adopted is neither shown beside them nor its guardians told that they were found.
    gone = without_other_identity([each.person for each in found.seen], [each.person for each in found.withheld])
    seen, met = ([each for each in several if each.person not in gone] for several in (found.seen, found.withheld))
    rows = {row.person_id: row for row in _people([each.person for each in (*seen, *met)])}
    fits = {each: evidence([asked.said], found.said[each], weighing.scorer.model) for each in rows}
    ids = [each.person for each in seen if each.person in rows]
    known, households = known_of(ids or [_NOBODYS_ID]), household_of(ids or [_NOBODYS_ID])
    neighbours = lived_with({person_id: found.said[person_id] for person_id in ids})
    others = {mate.person_id for several in households.values() for mate in several}
    others |= {each.person_id for several in neighbours.values() for each in several}
    apart = unseen_among(viewer, others)
    candidates = tuple(
        _candidate(
            rows[each.person],
            each,
            fits[each.person],
            known[each.person],
            tuple(mate for mate in households[each.person] if mate.person_id not in apart),
            tuple(mate for mate in neighbours[each.person] if mate.person_id not in apart),
            on,
        )
        for each in seen
        if each.person in rows
    )
    shown = {*ids}
    for each in candidates:
        shown |= {mate.person_id for mate in each.household} | {mate.person_id for mate in each.lived_there}
    is_too_little = not question_keys(asked.said)
    sentence = _TOO_LITTLE if is_too_little else _NOBODY if not candidates else ""
    withheld = [(each.person, fits[each.person].points) for each in met if each.person in rows]
    return _Looked(SearchResult(candidates, is_too_little, sentence), frozenset(shown), withheld)


@dataclass(frozen=True)
class _Likely:
    """A row worth comparing."""

    person_id: UUID
    name: str
    known_as: str
    sex: str
    has_died: bool
    birth_date: date | None


def _people(ids: list[UUID]) -> list[_Likely]:
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [ids])
        rows = cursor.fetchall()
    found = []
    for person_id, birth_date, given_name, family_name, known_as, sex, died_on in rows:
        name = f"{given_name} {family_name}".strip() or "Name not known"
        found.append(_Likely(person_id, name, known_as, sex, died_on is not None, birth_date))
    return found


def _candidate(
    row: _Likely,
    likely: LikelyPerson,
    fits: Evidence,
    known: Known,
    household: tuple[Mate, ...],
    lived_there: tuple[Neighbour, ...],
    on: date,
) -> Candidate:
    mates = {mate.person_id for mate in household}
    return Candidate(
        person_id=row.person_id,
        name=row.name,
        known_as=row.known_as,
        birth_date=row.birth_date,
        age=age_in_words(row.birth_date, on),
        sex=row.sex,
        has_died=row.has_died,
        address=known.address_summary,
        agencies=known.agencies,
        score=fits.points,
        reasons=for_it(likely),
        differences=against_it(likely),
        is_possible_twin=fits.is_possible_twin,
        household=household,
        grade=likely.grade,
        probability=likely.probability,
        doubts=tuple(guard.sentence for guard in likely.guards),
        lived_there=tuple(each for each in lived_there if each.person_id not in mates),
    )
