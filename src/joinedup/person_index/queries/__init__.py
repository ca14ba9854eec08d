"""Every read of the person index, the viewer first."""

from joinedup.person_index.queries.as_agency import IdentityForAgency, RecordOfAgency, identity_for_agency
from joinedup.person_index.queries.asked import (
    KnownFact,
    OwnRecord,
    facts_known,
    own_organisation,
    own_record,
    own_records,
    records_known_by,
)
from joinedup.person_index.queries.contact import SafeContactAdvice, may_contact, safe_contact_for
from joinedup.person_index.queries.families import FamilyRecord, Mate, families_of, family, household_of
from joinedup.person_index.queries.imports import (
    ImportLine,
    ImportPreview,
    ImportReport,
    import_run,
    import_runs,
    read_ahead,
    rejected_as_csv,
)
from joinedup.person_index.queries.known import KnownAddress, KnownName, KnownRecord, present_homes
from joinedup.person_index.queries.observations import (
    Observed,
    Wanted,
    ethnicity_of,
    observed_of_children,
    observers_of,
    sex_of,
)
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
from joinedup.person_index.queries.restrictions import withheld_among, withheld_people, without_restricted
from joinedup.person_index.queries.said import HouseholdSaid, households_said, records_said
from joinedup.person_index.queries.search import Candidate, SearchQuery, SearchResult, search_people
from joinedup.person_index.queries.suggestions import FamilySuggestion, family_suggestions

__all__ = [
    "Candidate",
    "FamilyRecord",
    "FamilySuggestion",
    "HouseholdSaid",
    "IdentityForAgency",
    "ImportLine",
    "ImportPreview",
    "ImportReport",
    "KeepApartInQuestion",
    "KnownAddress",
    "KnownFact",
    "KnownName",
    "KnownRecord",
    "LinkChoice",
    "Mate",
    "Observed",
    "OwnRecord",
    "PersonName",
    "PersonRecord",
    "RecordInQuestion",
    "RecordOfAgency",
    "SafeContactAdvice",
    "SearchQuery",
    "SearchResult",
    "Wanted",
    "ethnicity_of",
    "facts_known",
    "families_of",
    "family",
    "family_suggestions",
    "grounds_of",
    "household_of",
    "households_said",
    "identity_for_agency",
    "import_run",
    "import_runs",
    "keep_apart_in_question",
    "link_choices",
    "link_in_question",
    "may_contact",
    "observed_of_children",
    "observers_of",
    "own_organisation",
    "own_record",
    "own_records",
    "people_named",
    "person",
    "person_for_change",
    "present_homes",
    "read_ahead",
    "record_in_question",
    "records_known_by",
    "records_said",
    "rejected_as_csv",
    "safe_contact_for",
    "search_people",
    "sex_of",
    "withheld_among",
    "withheld_people",
    "without_restricted",
]
