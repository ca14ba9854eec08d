"""People, agencies' records of them, links, families, and how it is safe to reach somebody."""

from joinedup.person_index.models.families import Family, FamilyMember, Relationship, SafeContact
from joinedup.person_index.models.people import Person, PersonAddress, PersonName, PersonQuerySet, SearchKey
from joinedup.person_index.models.records import AgencyRecord, EarlierVersion, ImportRun, KeepApart, RecordLink

__all__ = [
    "AgencyRecord",
    "EarlierVersion",
    "Family",
    "FamilyMember",
    "ImportRun",
    "KeepApart",
    "Person",
    "PersonAddress",
    "PersonName",
    "PersonQuerySet",
    "RecordLink",
    "Relationship",
    "SafeContact",
    "SearchKey",
]
