"""Every write of casework, by noun. Others import from here."""

from joinedup.casework.golive import COLUMNS, read_extract
from joinedup.casework.services.assessments import save_section, sign_assessment, start_assessment
from joinedup.casework.services.cases import (
    add_member,
    close_case,
    name_lead_professional,
    open_case,
    remove_member,
)
from joinedup.casework.services.consents import withdraw_family_agreement
from joinedup.casework.services.duty import (
    chase_case_reviews,
    chase_review,
    end_places_of_leaver,
    set_next_review,
    write_down_leavers,
)
from joinedup.casework.services.golive import BroughtOver, bring_cases_over
from joinedup.casework.services.team import (
    accept_handover,
    add_family,
    decline_handover,
    name_deputy,
    propose_handover,
    remove_family,
    take_duty,
    withdraw_handover,
)

__all__ = [
    "COLUMNS",
    "BroughtOver",
    "accept_handover",
    "add_family",
    "add_member",
    "bring_cases_over",
    "chase_case_reviews",
    "chase_review",
    "close_case",
    "decline_handover",
    "end_places_of_leaver",
    "name_deputy",
    "name_lead_professional",
    "open_case",
    "propose_handover",
    "read_extract",
    "remove_family",
    "remove_member",
    "save_section",
    "set_next_review",
    "sign_assessment",
    "start_assessment",
    "take_duty",
    "withdraw_family_agreement",
    "withdraw_handover",
    "write_down_leavers",
]
