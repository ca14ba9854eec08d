"""Every write of the person index."""

from joinedup.person_index.services.families import (
    NewMember,
    found_family,
    join_family,
    leave_family,
    record_relationship,
)
from joinedup.person_index.services.imports import ImportResult, import_records, remember_mapping
from joinedup.person_index.services.observations import ObservationImport, import_observations
from joinedup.person_index.services.people import (
    NewPerson,
    add_address,
    add_name,
    change_person,
    create_person,
    end_address,
    record_safe_contact,
)
from joinedup.person_index.services.records import (
    lift_keep_apart,
    link_record,
    separate_record,
    store_record,
)

__all__ = [
    "ImportResult",
    "NewMember",
    "NewPerson",
    "ObservationImport",
    "add_address",
    "add_name",
    "change_person",
    "create_person",
    "end_address",
    "found_family",
    "import_observations",
    "import_records",
    "join_family",
    "leave_family",
    "lift_keep_apart",
    "link_record",
    "record_relationship",
    "record_safe_contact",
    "remember_mapping",
    "separate_record",
    "store_record",
]
