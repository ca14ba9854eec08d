"""Every read of the person index, the viewer first."""

from joinedup.person_index.queries.contact import SafeContactAdvice, may_contact, safe_contact_for
from joinedup.person_index.queries.families import FamilyRecord, Mate, family, household_of
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
    "LinkChoice",
    "Mate",
    "PersonName",
    "PersonRecord",
    "RecordInQuestion",
    "SafeContactAdvice",
    "SearchQuery",
    "SearchResult",
    "family",
    "grounds_of",
    "household_of",
    "keep_apart_in_question",
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
