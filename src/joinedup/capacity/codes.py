"""Fixed words of this part: where a reading comes from, what kind a run is, and how activities are called. Pure."""

from __future__ import annotations

PARTNERSHIP, FILE = "partnership", "file"
SOURCES = {PARTNERSHIP: "This partnership’s own chronology", FILE: "A file of events"}
QUICK, FULL = "quick", "full"
RUN_KINDS = {QUICK: "When it was kept", FULL: "Worked out in full"}
ILLUSTRATION = "Illustration: inputs invented"

ACTIVITY_WORDS = {
    "contact": "Contact",
    "triage_decision": "Triage decided",
    "referral": "Given to a team",
    "allocation": "Lead named",
    "assessment_start": "Assessment begun",
    "assessment_complete": "Assessment signed",
    "plan_agreed": "Plan begun",
    "tac_meeting": "Team meeting",
    "review": "Review",
    "step_up": "Step up",
    "step_down": "Step down",
    "transfer": "Moved team",
    "closure": "Closed",
    "re_referral": "Referred again",
}


def activity_words(code: str) -> str:
    """An activity in words."""
    return ACTIVITY_WORDS.get(code, code.replace("_", " ").capitalize())
