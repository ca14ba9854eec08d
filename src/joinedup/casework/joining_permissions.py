"""Who may bring somebody into a case that is open, and end that they are in it."""

from __future__ import annotations

from joinedup.access.permissions import declare
from joinedup.access.roles import FRONT_DOOR
from joinedup.casework.permissions import ADD_FAMILY

JOIN_CASE = declare(
    "casework.join_case",
    "bring a child or an adult of the family into an open case",
    roles=ADD_FAMILY.roles,
    within=ADD_FAMILY.within,
    within_sentence=ADD_FAMILY.within_sentence,
)
LEAVE_CASE = declare(
    "casework.leave_case",
    "end that somebody is in a case, with the reason",
    roles=ADD_FAMILY.roles,
    within=ADD_FAMILY.within,
    within_sentence=ADD_FAMILY.within_sentence,
)
TAKE_IN_REFERRED = declare(
    "casework.take_in_referred",
    "bring whoever is named in a referral into the case their family has open",
    roles=FRONT_DOOR,
)
