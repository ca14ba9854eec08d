"""Every write of the directory, by noun."""

from joinedup.directory.services.advising import approve_advice, write_advice
from joinedup.directory.services.assurance import check_item, confirm_entry, draw_sample, keep_records_true
from joinedup.directory.services.corrections import answer_correction, receive_correction
from joinedup.directory.services.counting import count_search
from joinedup.directory.services.duplicates import (
    decide_different,
    decide_same,
    look_for_duplicates,
    undo_duplicate,
)
from joinedup.directory.services.harvest import Harvested, add_source, harvest
from joinedup.directory.services.held import (
    approve_source,
    check_again,
    decide_secrecy,
    leave_record,
    mend_record,
    trust_source,
)
from joinedup.directory.services.keeping import (
    archive_entry,
    bring_back,
    close_for_now,
    open_again,
    return_to_version,
    schedule_entry,
    set_trust,
    withdraw_version,
)
from joinedup.directory.services.records import (
    ProviderSaid,
    TermSaid,
    add_postcodes,
    add_provider,
    add_taxonomy,
    assure_entry,
    decide_version,
    write_record,
)
from joinedup.directory.services.room import say_capacity
from joinedup.directory.services.young import (
    answer_question,
    ask_question,
    end_answerer,
    hold_question,
    look_after_young_questions,
    name_answerer,
    set_away,
)

__all__ = [
    "Harvested",
    "ProviderSaid",
    "TermSaid",
    "add_postcodes",
    "add_provider",
    "add_source",
    "add_taxonomy",
    "answer_correction",
    "answer_question",
    "approve_advice",
    "approve_source",
    "archive_entry",
    "ask_question",
    "assure_entry",
    "bring_back",
    "check_again",
    "check_item",
    "close_for_now",
    "confirm_entry",
    "count_search",
    "decide_different",
    "decide_same",
    "decide_secrecy",
    "decide_version",
    "draw_sample",
    "end_answerer",
    "harvest",
    "hold_question",
    "keep_records_true",
    "leave_record",
    "look_after_young_questions",
    "look_for_duplicates",
    "mend_record",
    "name_answerer",
    "open_again",
    "receive_correction",
    "return_to_version",
    "say_capacity",
    "schedule_entry",
    "set_away",
    "set_trust",
    "trust_source",
    "undo_duplicate",
    "withdraw_version",
    "write_advice",
    "write_record",
]
