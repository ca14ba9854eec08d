"""Every write of casework, by noun. Others import from here."""

from joinedup.casework.golive import COLUMNS, read_extract
from joinedup.casework.services.cases import (
    add_member,
    close_case,
    name_lead_professional,
    open_case,
    remove_member,
)
from joinedup.casework.services.golive import BroughtOver, bring_cases_over

__all__ = [
    "COLUMNS",
    "BroughtOver",
    "add_member",
    "bring_cases_over",
    "close_case",
    "name_lead_professional",
    "open_case",
    "read_extract",
    "remove_member",
]
