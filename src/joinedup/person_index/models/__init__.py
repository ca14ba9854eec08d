"""People, agencies' records of them, links, families, and how it is safe to reach somebody."""

from joinedup.person_index.models.entries import Entry, NameShare, SearchKey, Spelling
from joinedup.person_index.models.families import Family, FamilyMember, Relationship, SafeContact
from joinedup.person_index.models.imports import ImportChange, RememberedMapping
from joinedup.person_index.models.linkage import (
    KeptBeside,
    LinkageModel,
    LinkageRun,
    LinkDecision,
    LinkProposal,
    QualityFigure,
)
from joinedup.person_index.models.observations import Observation, ObservationRun
from joinedup.person_index.models.people import Person, PersonAddress, PersonName, PersonQuerySet
from joinedup.person_index.models.records import AgencyRecord, EarlierVersion, ImportRun, KeepApart, RecordLink
from joinedup.person_index.models.restrictions import (
    BreakGlass,
    LookAlike,
    RestrictedMatch,
    Restriction,
    RestrictionParty,
    RestrictionReview,
    StaffDeclaration,
    StaffTie,
)
from joinedup.person_index.models.sealed import SealedFile, SealedMark, SealedReader
from joinedup.person_index.models.uploads import ImportUpload
from joinedup.person_index.models.withheld import withheld_array, withheld_ids

__all__ = [
    "AgencyRecord",
    "BreakGlass",
    "EarlierVersion",
    "Entry",
    "Family",
    "FamilyMember",
    "ImportChange",
    "ImportRun",
    "ImportUpload",
    "KeepApart",
    "KeptBeside",
    "LinkDecision",
    "LinkProposal",
    "LinkageModel",
    "LinkageRun",
    "LookAlike",
    "NameShare",
    "Observation",
    "ObservationRun",
    "Person",
    "PersonAddress",
    "PersonName",
    "PersonQuerySet",
    "QualityFigure",
    "RecordLink",
    "Relationship",
    "RememberedMapping",
    "RestrictedMatch",
    "Restriction",
    "RestrictionParty",
    "RestrictionReview",
    "SafeContact",
    "SealedFile",
    "SealedMark",
    "SealedReader",
    "SearchKey",
    "Spelling",
    "StaffDeclaration",
    "StaffTie",
    "withheld_array",
    "withheld_ids",
]
