"""Every write of the person index."""

from joinedup.person_index.services.break_glass import (
    chase_reviews,
    end_emergency,
    open_in_emergency,
    review_emergency,
)
from joinedup.person_index.services.corrections import correct_facts
from joinedup.person_index.services.entries import count_names
from joinedup.person_index.services.facts import work_out_entries
from joinedup.person_index.services.families import (
    NewMember,
    found_family,
    join_family,
    leave_family,
    record_relationship,
)
from joinedup.person_index.services.imports import ImportResult, import_records, remember_mapping
from joinedup.person_index.services.linking_jobs import link_next_part, stop_linkage_run
from joinedup.person_index.services.loading import Loaded, finish_loading, load_people, prepare_tables_for_loading
from joinedup.person_index.services.models import use_model
from joinedup.person_index.services.observation_files import (
    discard_observation_upload,
    keep_observation_upload,
    say_observation_columns,
    start_observation_import,
    start_observation_undo,
)
from joinedup.person_index.services.observations import (
    ObservationImport,
    import_observations,
    record_observations,
    undo_observations,
    withdraw_observation,
)
from joinedup.person_index.services.own_records import OwnFacts, keep_own_record
from joinedup.person_index.services.people import (
    NewPerson,
    add_address,
    add_name,
    change_person,
    create_person,
    end_address,
    record_safe_contact,
)
from joinedup.person_index.services.proposals import decide_proposal, undo_last_decision
from joinedup.person_index.services.records import (
    lift_keep_apart,
    link_record,
    separate_record,
    store_record,
)
from joinedup.person_index.services.reevaluation import keep_matches_in_order, reevaluate, start_reevaluation
from joinedup.person_index.services.reminding import tell_again
from joinedup.person_index.services.restrictions import (
    answer_look_alike,
    answer_restricted_match,
    authorise_restriction,
    end_restriction,
    impose_restriction,
    name_party,
    remove_party,
    review_restriction,
)
from joinedup.person_index.services.restrictions_staff import (
    declare_family_for,
    declare_own_family,
    end_tie,
    find_declared_again,
)
from joinedup.person_index.services.sealed import agree_sealed_file, make_sealed_file, open_sealed_file
from joinedup.person_index.services.undoing import Kept, Undone, undo_import
from joinedup.person_index.services.unsealing import withdraw_sealed_file
from joinedup.person_index.services.uploads import (
    discard_upload,
    keep_upload,
    say_columns,
    start_import,
    start_undo,
)

__all__ = [
    "ImportResult",
    "Kept",
    "Loaded",
    "NewMember",
    "NewPerson",
    "ObservationImport",
    "OwnFacts",
    "Undone",
    "add_address",
    "add_name",
    "agree_sealed_file",
    "answer_look_alike",
    "answer_restricted_match",
    "authorise_restriction",
    "change_person",
    "chase_reviews",
    "correct_facts",
    "count_names",
    "create_person",
    "decide_proposal",
    "declare_family_for",
    "declare_own_family",
    "discard_observation_upload",
    "discard_upload",
    "end_address",
    "end_emergency",
    "end_restriction",
    "end_tie",
    "find_declared_again",
    "finish_loading",
    "found_family",
    "import_observations",
    "import_records",
    "impose_restriction",
    "join_family",
    "keep_matches_in_order",
    "keep_observation_upload",
    "keep_own_record",
    "keep_upload",
    "leave_family",
    "lift_keep_apart",
    "link_next_part",
    "link_record",
    "load_people",
    "make_sealed_file",
    "name_party",
    "open_in_emergency",
    "open_sealed_file",
    "prepare_tables_for_loading",
    "record_observations",
    "record_relationship",
    "record_safe_contact",
    "reevaluate",
    "remember_mapping",
    "remove_party",
    "review_emergency",
    "review_restriction",
    "say_columns",
    "say_observation_columns",
    "separate_record",
    "start_import",
    "start_observation_import",
    "start_observation_undo",
    "start_reevaluation",
    "start_undo",
    "stop_linkage_run",
    "store_record",
    "tell_again",
    "undo_import",
    "undo_last_decision",
    "undo_observations",
    "use_model",
    "withdraw_observation",
    "withdraw_sealed_file",
    "work_out_entries",
]
