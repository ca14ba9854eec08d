"""The rules of capacity, each with its code, the sentence a person reads, and its source. Pure.

CP-1xx are about what is read, CP-2xx about scenarios, CP-3xx about testing phases.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.core.ruling import RuleRow

_SEED = "Cheshire West: end-to-end redesign with practitioners, then a testing phase of 50 cases"


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: how what-if questions are answered here"


FILE_READ = Rule("CP-101", "This file cannot be read: {why}.", "file")
FILE_LARGE = Rule("CP-102", "A file of events holds at most {most}MB.", "file")
FEW_EVENTS = Rule(
    "CP-103", "That is too little to read a flow from: {why}. It takes at least two weeks of contacts, and six families.", "file",
)  # fmt: skip
FILE_NAME = Rule("CP-104", "Enter what the reading is called.", "name")

SCENARIO_NAME = Rule("CP-201", "Enter what the scenario is called.", "name")
CANNOT_COPE = Rule(
    "CP-202", "{sentence}.", source="queueing theory: with a load of one or more a queue never settles",
)  # fmt: skip
MODEL_WRONG = Rule("CP-203", "This model cannot be worked out: {why}.")
NOT_OFFERED_TWICE = Rule("CP-204", "This scenario was put forward for a board’s agenda already, on {day}.")
OFFER_WORDS = Rule("CP-205", "Say what the board is to take from it.", "words")
NO_TARGET = Rule("CP-206", "No station has a target, so there is no least staffing to look for.")

PHASE_NAME = Rule("CP-301", "Enter what the testing phase is called.", "name", source=_SEED)
PHASE_LIMIT = Rule("CP-302", "A cohort is from 6 to 500 families; 50 is usual.", "cohort_limit", source=_SEED)
PHASE_COMPARE = Rule(
    "CP-303", "Say before it begins what it will be compared with.", "comparison",
    source="evaluation practice: a comparison chosen afterwards proves nothing",
)  # fmt: skip
PHASE_HOLD = Rule("CP-304", "Say what must hold before it is scaled.", "must_hold", source=_SEED)
PHASE_TEAM = Rule("CP-305", "{team} has a testing phase already: {phase}.", "team")
PHASE_MOVE = Rule("CP-306", "A phase that is “{start}” cannot become “{end}”.")
PHASE_CONTINUITY = Rule("CP-307", "Enter a percentage from 0 to 100.", "continuity_percent")
HALT_INCIDENT = Rule("CP-311", "Intake halts on the day a serious incident is recorded.", source=_SEED)
HALT_RED = Rule("CP-312", "Intake halts on the day a red referral of the cohort misses its clock.", source=_SEED)
HALT_CONTINUITY = Rule(
    "CP-313", "Intake halts on the day fewer of the cohort keep their lead professional than was set.", source=_SEED
)
COHORT_FULL = Rule(
    "CP-314", "Intake ends when the cohort is full; only the board’s decision opens the gate.", source=_SEED
)
INCIDENT_WORDS = Rule("CP-315", "Say what happened, without naming anybody.", "words")
INCIDENT_DAY = Rule("CP-316", "A serious incident happened today or before, in the phase.", "happened_on")
RESUME_WHY = Rule("CP-317", "Say why families may be taken on again: what was found, and what has changed.", "reason")
GATE_BOARD = Rule("CP-318", "The gate opens when the cohort is full, by a board’s decision.", source=_SEED)
STEP_WHY = Rule("CP-319", "Say why.", "reason")
