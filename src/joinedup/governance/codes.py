"""The closed lists of boards, seats and agendas. Pure."""

from __future__ import annotations

BOARD_KINDS: dict[str, str] = {
    "public_services": "Public services board",
    "strategy": "Strategy board of political leaders",
    "trust": "Children’s trust board",
    "executive": "Executive of a board",
    "working_group": "Working group",
    "safeguarding": "Safeguarding partners",
    "finance": "Finance directors",
    "commissioning": "Joint commissioning unit",
    "scrutiny": "Scrutiny committee",
}
# Scrutiny looks at what others decide and recommends; a working group prepares. Neither decides anything that has effects.
NEVER_DECIDES = frozenset({"scrutiny", "working_group"})
SCRUTINY = "scrutiny"

SEAT_KINDS: dict[str, str] = {
    "director": "Director",
    "lead_member": "Lead member",
    "political_leader": "Political leader",
    "chief_officer": "Chief officer",
    "finance": "Finance director",
    "non_executive": "Non-executive",
    "officer": "Officer of a partner",
    "young_people": "Representative of young people",
    "councillor": "Councillor",
}
ITEM_KINDS: dict[str, str] = {
    "decision": "For decision",
    "report": "Report",
    "action": "Actions",
    "other": "Other business",
}
# What stands beside every figure and title of a programme whose inputs are invented, in the words of the programme’s pages.
ILLUSTRATION = "Illustration: inputs invented"
ATTENDANCE: dict[str, str] = {"present": "Present", "apologies": "Apologies", "absent": "Absent"}
VOTES: dict[str, str] = {"for": "For", "against": "Against", "abstained": "Abstained"}
MONTHS_BETWEEN: dict[str, str] = {
    "1": "Every month",
    "2": "Every two months",
    "3": "Every quarter",
    "6": "Twice a year",
    "12": "Once a year",
}
