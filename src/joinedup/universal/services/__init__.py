"""Every write of universal services, by noun. Others import from here."""

from joinedup.universal.services.justice import end_justice, record_justice
from joinedup.universal.services.measured import (
    count_participation,
    look_after_participation,
    start_counting_participation,
)
from joinedup.universal.services.participation import Doing, record_participation, take_back_participation
from joinedup.universal.services.participation_files import import_participation
from joinedup.universal.services.programmes import (
    ProgrammeSaid,
    Weekly,
    cancel_session,
    change_programme,
    end_programme,
    open_programme,
    plan_sessions,
)
from joinedup.universal.services.register_files import import_register
from joinedup.universal.services.registers import (
    Newcomer,
    Taken,
    add_newcomer,
    add_to_register,
    finish_register,
    take_register,
    undo_register,
)

__all__ = [
    "Doing",
    "Newcomer",
    "ProgrammeSaid",
    "Taken",
    "Weekly",
    "add_newcomer",
    "add_to_register",
    "cancel_session",
    "change_programme",
    "count_participation",
    "end_justice",
    "end_programme",
    "finish_register",
    "import_participation",
    "import_register",
    "look_after_participation",
    "open_programme",
    "plan_sessions",
    "record_justice",
    "record_participation",
    "start_counting_participation",
    "take_back_participation",
    "take_register",
    "undo_register",
]
