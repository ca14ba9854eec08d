"""Every read of the person index, the viewer first."""

from joinedup.person_index.queries.contact import SafeContactAdvice, may_contact, safe_contact_for
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.queries.families import FamilyRecord, Mate, families_of, family, household_of
from joinedup.person_index.queries.known import Known, KnownAddress, KnownName, KnownRecord, known_of
from joinedup.person_index.queries.people import (
    PersonName,
    PersonRecord,
    grounds_of,
    people_named,
    person,
    person_for_change,
)
from joinedup.person_index.queries.records import (
    KeepApartInQuestion,
    LinkChoice,
    RecordInQuestion,
    keep_apart_in_question,
    link_choices,
    link_in_question,
    record_in_question,
)
from joinedup.person_index.queries.search import Candidate, SearchQuery, SearchResult, search_people

__all__ = [
    "Candidate",
    "FamilyRecord",
    "KeepApartInQuestion",
    "Known",
    "KnownAddress",
    "KnownName",
    "KnownRecord",
    "LinkChoice",
    "Mate",
    "PersonName",
    "PersonRecord",
    "RecordInQuestion",
    "SafeContactAdvice",
    "SearchQuery",
    "SearchResult",
    "entries_of",
    "families_of",
    "family",
    "grounds_of",
    "household_of",
    "keep_apart_in_question",
    "known_of",
    "link_choices",
    "link_in_question",
    "may_contact",
    "people_named",
    "person",
    "person_for_change",
    "record_in_question",
    "safe_contact_for",
    "search_people",
]
