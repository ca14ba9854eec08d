"""Clocks and thresholds of casework that differ between partnerships."""

from __future__ import annotations

from datetime import date

from joinedup.casework.auditing import Grade, grades_of
from joinedup.casework.noting import Limits
from joinedup.casework.pathways import override_fault
from joinedup.casework.reviewing import Stage, stages_of
from joinedup.core.partnership import between, declare_setting, value

REVIEW_WEEKS = declare_setting(
    "casework.review_weeks",
    "The most weeks between the start of a case and its first review, and between one review and the next.",
    6,
    source="Swindon: a review in six weeks, with the same people around the table",
    check=between(1, 26),
)
CASELOAD_CAP = declare_setting(
    "casework.caseload_cap", "How many open cases one person leads before the manager’s board says it is too many.", 15,
    check=between(1, 200),
)  # fmt: skip

ASSESSMENT_NAME = declare_setting(
    "casework.assessment_name", "What the common assessment is called on screen and on paper.", "Early help assessment"
)


def assessment_name(on: date) -> str:
    """What the common assessment is called on a day."""
    return str(value(ASSESSMENT_NAME, on=on))


def review_weeks(on: date) -> int:
    """The most weeks to the next review, as it stands on a day."""
    return int(value(REVIEW_WEEKS, on=on))


def caseload_cap(on: date) -> int:
    """How many cases one person leads at most before it is said."""
    return int(value(CASELOAD_CAP, on=on))


STEP_ANSWER_DAYS = declare_setting(
    "casework.step_answer_days", "Within how many working days a receiving team answers a step up or down.", 2,
    check=between(1, 20),
)  # fmt: skip
DISAGREEMENT_STEPS = declare_setting(
    "casework.disagreement_steps",
    "Who settles a disagreement between two teams about a step, one after the other, each within so many working days. For each "
    "step one person is named who holds one of its roles; managers and statutory officers are those of the two teams.",
    [
        {"who": "The managers of the two teams", "working_days": 1, "roles": ["team_manager", "statutory_officer"]},
        {"who": "The heads of the two services", "working_days": 2, "roles": ["director"]},
        {"who": "The partnership’s safeguarding leads", "working_days": 5, "roles": ["designated_officer", "director"]},
    ],
    source="local: professional-disagreement procedure",
    check=stages_of,
)
SUSTAINED_MONTHS = declare_setting(
    "casework.sustained_months", "How many months after closing it is checked whether the change has lasted.", 6,
    source="Supporting Families: sustained for six months", check=between(1, 24),
)  # fmt: skip
RE_REFERRAL_MONTHS = declare_setting(
    "casework.re_referral_months", "Within how many months of closing a family that comes back counts as re-referred.", 12,
    check=between(1, 60),
)  # fmt: skip


def step_answer_days(on: date) -> int:
    """Within how many working days a receiving team answers."""
    return int(value(STEP_ANSWER_DAYS, on=on))


def disagreement_stages(on: date) -> tuple[Stage, ...]:
    """The professional-disagreement steps, as they stand on a day."""
    return stages_of(value(DISAGREEMENT_STEPS, on=on))


def sustained_months(on: date) -> int:
    """How many months after closing the check is due."""
    return int(value(SUSTAINED_MONTHS, on=on))


def re_referral_months(on: date) -> int:
    """Within how many months coming back counts as a re-referral."""
    return int(value(RE_REFERRAL_MONTHS, on=on))


NOTE_FILE_MEGABYTES = declare_setting(
    "casework.note_file_megabytes",
    "How large one file beside a case note may be, in megabytes.",
    10,
    check=between(1, 25),
)
NOTE_FILES = declare_setting("casework.note_files", "How many files one case note may have.", 10, check=between(1, 50))
KEEP_WORDS_YEARS = declare_setting(
    "casework.keep_words_years",
    "How many years after a case has closed its words may be destroyed. What happened when stays, without words.",
    25,
    check=between(1, 100),
)


HOLD_REVIEW_MONTHS = declare_setting(
    "casework.hold_review_months",
    "Within how many months it is looked at again whether the words of a case are still held past their time.",
    12,
    check=between(1, 60),
)


def hold_review_months(on: date) -> int:
    """Within how many months a hold is looked at again."""
    return int(value(HOLD_REVIEW_MONTHS, on=on))


def note_limits(on: date) -> Limits:
    """How much may be added to one note, as it stands on a day."""
    return Limits(int(value(NOTE_FILE_MEGABYTES, on=on)), int(value(NOTE_FILES, on=on)))


def keep_words_years(on: date) -> int:
    """How many years the words of a closed case are kept."""
    return int(value(KEEP_WORDS_YEARS, on=on))


# --- The manager's half: supervision, allocation, quality audit.

SUPERVISION_WEEKS = declare_setting(
    "casework.supervision_weeks", "The most weeks between one supervision of a worker and the next.", 4,
    check=between(1, 26),
)  # fmt: skip
ALLOCATION_DAYS = declare_setting(
    "casework.allocation_days", "Within how many working days a family that waits for a team has somebody who leads.", 5,
    check=between(1, 30),
)  # fmt: skip
SENT_BACK_DAYS = declare_setting(
    "casework.sent_back_days",
    "Within how many working days the front door answers a team that sends a new family back.",
    1,
    check=between(1, 10),
)
HOLD_DAYS = declare_setting(
    "casework.hold_days",
    "For how many days at most an allocation meeting holds a family back.",
    28,
    check=between(1, 90),
)
AUDIT_DAYS = declare_setting(
    "casework.audit_days", "For how many days an auditor may read the cases of a sample.", 14, check=between(1, 60)
)
AUDIT_GRADES = declare_setting(
    "casework.audit_grades", "The grades of a quality audit and the least percentage for each.",
    [
        {"name": "Very good", "least": 85},
        {"name": "Good", "least": 70},
        {"name": "Requires improvement", "least": 50},
        {"name": "Not good enough", "least": 0},
    ],
    check=grades_of,
)  # fmt: skip


def supervision_weeks(on: date) -> int:
    """The most weeks to the next supervision, as it stands on a day."""
    return int(value(SUPERVISION_WEEKS, on=on))


def allocation_days(on: date) -> int:
    """Within how many working days somebody leads."""
    return int(value(ALLOCATION_DAYS, on=on))


def sent_back_days(on: date) -> int:
    """Within how many working days the front door answers a team."""
    return int(value(SENT_BACK_DAYS, on=on))


def hold_days(on: date) -> int:
    """For how many days a meeting holds a family back at most."""
    return int(value(HOLD_DAYS, on=on))


def audit_days(on: date) -> int:
    """For how many days an auditor may read."""
    return int(value(AUDIT_DAYS, on=on))


def audit_grades(on: date) -> tuple[Grade, ...]:
    """The grades of an audit, the best first."""
    return grades_of(value(AUDIT_GRADES, on=on))


QUALIFIED_LEAD_DAYS = declare_setting(
    "casework.qualified_lead_days",
    "Within how many working days a registered social worker leads, once statutory social work is open for a child of a case.",
    2,
    check=between(1, 20),
)


def qualified_lead_days(on: date) -> int:
    """Within how many working days a registered social worker leads."""
    return int(value(QUALIFIED_LEAD_DAYS, on=on))


# --- Pathways.

PATHWAYS = declare_setting(
    "casework.pathways",
    "What differs here from the pathways that come with the program or were added: by the pathway’s code, its name, what the "
    "lead professional, the assessment and the plan are called, review_weeks, panel_working_days, and is_off.",
    {},
    check=override_fault,
)  # fmt: skip


def pathway_changes(on: date) -> dict[str, dict[str, object]]:
    """What a partnership changed of each pathway, as it stands on a day."""
    found: dict[str, dict[str, object]] = value(PATHWAYS, on=on)
    return found
