"""The rules of the front door, each with its code, the sentence a person reads, and its source. Pure.

A check returns what is broken, never raises; services turn it into a refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joinedup.core.errors import Refused
from joinedup.core.ruling import RuleRow
from joinedup.engines.periods import OFFICE_HOURS, Clock, ClockKind, WorkingHours, due_by
from joinedup.front_door.codes import Answer, Outcome

_LOCAL = "local: front door practice"
_WORKING_TOGETHER = "guidance: Working Together to Safeguard Children 2023, decision within one working day"


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = _LOCAL


# --- Coming in (checked in `intake`).
WORRY_SAID = Rule("FD-1", "Say what is worrying you.", "worry")
SOMEBODY_TO_FIND = Rule("FD-2", "Give the name of a child, or the address where they live.", "people")
CALLER_NAMED = Rule("FD-3", "Give the caller’s name, or say that they want to stay anonymous.", "referrer_name")
SOURCE_KNOWN = Rule(
    "FD-4", "Choose who this comes from.", "source_code", "guidance: children in need census, referral source"
)
ANONYMOUS_MEANS_IT = Rule(
    "FD-5", "Somebody who stays anonymous leaves no name, phone number or e-mail address.", "is_anonymous"
)
BORN_IN_TIME = Rule(
    "FD-6", "A date of birth cannot be in the future. For an unborn child give the date expected.", "birth_date"
)
EXPECTED_SOON = Rule(
    "FD-7", "A child is expected within the next 10 months, and has no date of birth yet.", "expected_on"
)
NUMBER_RIGHT = Rule("FD-8", "{fault}", "nhs_number")
REASON_FOR_NO = Rule(
    "FD-9", "Say why the family does not know of this, or does not agree to it.", "agreement_reason",
    "guidance: Working Together to Safeguard Children 2023, seek agreement unless that puts a child at risk", False,
)  # fmt: skip
SAFE_WAY_GIVEN = Rule("FD-10", "Give one safe way for us to reach you.", "safe_contact_how")
CODE_KNOWN = Rule("FD-11", "Choose one of the listed answers.")
NOT_TOO_LONG = Rule("FD-12", "This must be {most:,} characters or less.")
DANGER_NEVER_WAITS = Rule(
    "FD-13",
    "Immediate danger is red at once and pages the person on duty, whatever else is missing, at any hour.",
    source="local: red never waits for a form, an answer or office hours",
)

# --- Triage.
STATE_FORBIDS = Rule("FD-14", "This referral is “{state}”, so that cannot be done now.")
HELD_BY_ANOTHER = Rule("FD-15", "{name} is working on this referral. A front door manager can pass it over.")
RERATING_REASON = Rule(
    "FD-16", "Say why the rating changes.", "reason", "local: a change of rating needs its reason (Surrey front door)"
)
DECISION_CLOCK = Rule(
    "FD-17",
    "A referral is decided within one working day of receipt, or sooner where its rating says so.",
    source=_WORKING_TOGETHER,
    is_verified=False,
)
RED_RUNS_ON = Rule(
    "FD-18", "Red is counted in hours of the clock, past office hours.", source="local: Luton front door practice"
)
ANSWERS_GO_TOGETHER = Rule("FD-19", "A family that does not know of the referral cannot have agreed to it.", "agrees")

# --- Search before create.
SEARCH_FIRST = Rule("FD-20", "Search for {name} before you say who they are.", source="local: search before create")
STRONG_MATCH = Rule(
    "FD-21",
    "Somebody already known looks like {name}. Choose them, or say why this is somebody else.",
    "despite",
    "local: search before create",
)
SAME_PERSON_TWICE = Rule("FD-22", "That person is already in this referral.")
TOO_LATE_TO_CHANGE = Rule("FD-23", "Who is in this referral cannot change any more: it is “{state}”.")
NOBODY_IDENTIFIED = Rule("FD-24", "Say first who at least one child in this referral is.")
REASON_NEEDED = Rule("FD-25", "Give a reason.", "reason")
NOT_IDENTIFIED = Rule("FD-26", "Nobody has said who this is yet.")
ALREADY_IDENTIFIED = Rule("FD-27", "This is already known to be {name}. Take that back first.")

# --- Deciding.
NEEDS_TWO = Rule(
    "FD-30",
    "Level 4, and no further action on a safeguarding concern, are proposed by one person and decided by another who "
    "is a registered social worker or a front door manager. Nobody decides these alone.",
    source="local: decisions kept for a registered social worker or manager",
)
ANOTHER_PERSON = Rule("FD-31", "You proposed this decision, so somebody else has to decide it.")
LEVEL_AND_REASON = Rule("FD-32", "Give the level of need and the reason for the decision.", "level")
FAMILY_AGREES = Rule(
    "FD-33",
    "Early help and family support need the family’s agreement, or the reason why it was not sought.",
    "outcome",
    "local: threshold document, level 2 and 3 work by agreement",
)
AGENCY_NAMED = Rule("FD-34", "Say which agency will help.", "agency")
LEVEL_FITS = Rule(
    "FD-35", "Level 4 goes to statutory social care, and only level 4 does.", "level", "local: threshold document"
)
ADVICE_WRITTEN = Rule("FD-36", "Write down the advice that was given.", "advice_given")
LOOK_BACK = Rule(
    "FD-37",
    "There were {count} contacts about this household in {months} months. Look back over them, and write what you "
    "found, before deciding no further action.",
    "look_back",
    "local: three contacts in twelve months force a look back",
)
SEARCHED_ALL = Rule(
    "FD-38", "Search for every child named in the referral before deciding: {names} not searched for yet.", "outcome",
    "local: search before create",
)  # fmt: skip
NOT_THIS_WAY = Rule("FD-39", "A referral decided as “{outcome}” is not closed like this; it goes on to its next place.")

# --- Allocating (advice is worked out in `placing`).
ALREADY_ALLOCATED = Rule("FD-40", "This referral is already allocated to {team}.")
ONLY_CASE_WORK = Rule("FD-41", "Only early help and family support are allocated to a team.", "team")
LIGHTEST_LOAD = Rule("FD-42", "A referral goes to the team that serves its locality and has the lightest load.")
OUTSIDE_AREA = Rule(
    "FD-43",
    "The home is outside the area. Propose handing this to the family’s own council, or choose a team and say why.",
    "team",
)
NO_FIXED_ADDRESS = Rule(
    "FD-44", "Without a fixed address the locality is that of the child’s school, else the duty locality."
)
TWO_HOMES = Rule("FD-45", "A child who lives in two homes is placed by the main one.")
ALL_FULL = Rule("FD-46", "Every team has reached its limit. Say why this team takes one more.", "reason")
NEXT_LIGHTEST = Rule("FD-47", "Where the serving team is full, the team with the next lightest load takes it.")
NOT_AS_ADVISED = Rule("FD-48", "Say why the referral goes to a team other than the one advised.", "reason")
FAMILY_KNOWN = Rule("FD-49", "Say which family this is about before it is allocated.", "team")

# --- Telling the referrer (the table is in `telling`).
TOLD_BY_KIND = Rule(
    "FD-50",
    "Professionals are told the decision and who will be in touch. A parent or young person is told the decision in "
    "plain words, in the way they said is safe. Relatives, neighbours and anonymous referrers get a receipt only.",
    source="local: what each kind of referrer may be told",
)
SAFE_WAY_ONLY = Rule("FD-51", "They asked to be reached {way}. Nothing else is safe.", "how")
TOLD_ALREADY = Rule("FD-52", "The referrer has already been told.")
NOTHING_TO_TELL_YET = Rule("FD-53", "There is nothing to tell the referrer yet: the referral is not decided.")
NOTHING_OWED = Rule("FD-54", "Nothing is owed: {reason}")
RECEIPT_ONLY = Rule("FD-55", "This referrer may be told only that we have received what they said.", "text")
EMAIL_RIGHT = Rule("FD-57", "Enter an e-mail address in the correct format, like name@example.com.", "referrer_email")
NAMES_NO_CHILD = Rule(
    "FD-58", "An e-mail names no child, whoever may read it. Take out “{name}”; the reference is enough.", "text"
)
WHY_NOT_TOLD = Rule("FD-59", "Enter why the referrer cannot be told.", "why_not")
NO_ADDRESS = Rule("FD-56", "There is no e-mail address to send this to.", "how")

# --- Handing over.
ONLY_STATUTORY = Rule("FD-60", "Only what was decided as statutory social care is handed over.")
HANDED_OVER_ALREADY = Rule("FD-61", "This referral was handed over already: receipt {receipt}.")
STATUS_MOVES_ON = Rule("FD-62", "A hand-over that is “{start}” cannot become “{end}”.", "status")
DATE_HAS_MEANING = Rule("FD-63", "Say what happens on that date.", "next_date_means")
WORKER_NAMED = Rule("FD-64", "Name the worker once the case is open.", "worker")

# --- Open cases.
GOES_TO_CASE = Rule(
    "FD-70",
    "A contact about a family with an open case goes straight to its lead professional and manager.",
    source="local: open cases bypass the front door (London child protection procedures)",
)
NO_OPEN_CASE = Rule("FD-71", "This family has no open case.")
RESPONSE_SAID = Rule("FD-72", "Say what you will do about it.", "response")
ANSWERED_ALREADY = Rule("FD-73", "This was already answered.")
JOINS_OR_NOT = Rule(
    "FD-75", "Say whether whoever registered an assessment joins the team around the child. They are told.", "joins"
)
CASE_HAS_IT = Rule("FD-74", "The family has an open case with {team}. Allocate it to that team.", "team")

# --- Duty.
ACCEPTED_ALREADY = Rule("FD-80", "This was already accepted.")
TURN_RUNS_FORWARD = Rule("FD-81", "A turn on duty must end after it starts.", "ends_at")
HELD_WHILE_ON_DUTY = Rule("FD-82", "Only somebody in post at the front door can be on duty.", "post")
NEVER_UNACCEPTED = Rule(
    "FD-83", "A red referral is paged to the next person on duty until a named person accepts it.",
    source="local: red never waits",
)  # fmt: skip

# --- Allegations against staff.
STAFF_APART = Rule(
    "FD-90",
    "An allegation against somebody who works with children goes to the designated officer alone, and never into a "
    "child’s shared record.",
    source="guidance: Working Together to Safeguard Children 2023, designated officer",
    is_verified=False,
)
TRAINED_TO_LEAD = Rule(
    "FD-95", "Only somebody whose training in the common assessment counts today may register an assessment. Ask the "
    "manager of a team in your area, who books the course and records it.",
)  # fmt: skip
FAMILY_AGREES_TO_IT = Rule("FD-96", "An assessment is registered with the family’s agreement. Ask them first.")
OFFERED_TOO_LATE = Rule("FD-97", "The front door has decided already: somebody will be in touch with you.")
NOTHING_TO_DECIDE_ANEW = Rule(
    "FD-98", "No referral stands behind this case, so there is nothing to decide anew. Give it to a team, or say that it stays.",
    "end",
)  # fmt: skip
LOOKED_AT_AGAIN = Rule("FD-99", "A team sent the family back, and the front door has given it to another team.")
ALLEGATION_TAKEN = Rule("FD-91", "This allegation is already {state}.")

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))


# --- Clocks.

DEFAULT_CLOCK = Clock(ClockKind.WORKING_DAYS, 1)

# --- Referring by an e-mailed link.
LINK_ENDED = Rule(
    "FD-65", "This link has run out, or a newer one was sent. Ask for a new link: what you wrote is kept."
)
LINK_TAKEN = Rule(
    "FD-66", "This link was opened in another browser. Ask for a new link to go on here: what you wrote is kept."
)


def decide_by(received_at: datetime, clock: Clock, hours: WorkingHours = OFFICE_HOURS) -> datetime:
    """When a referral must be decided (FD-17, FD-18). A rating without a limit of its own keeps the default clock, so
    that nothing waits for ever."""
    return due_by(received_at, clock, hours) or due_by(received_at, DEFAULT_CLOCK, hours) or received_at


def needs_reason_to_rate(rated_before: bool) -> bool:
    """The first rating may go without a reason, every other needs one (FD-16)."""
    return rated_before


def agreement_fault(knows: Answer, agrees: Answer, reason: str) -> Rule | None:
    """What the family knows and agrees to must fit together (FD-19), and a no needs its reason (FD-9)."""
    if knows == Answer.NO and agrees == Answer.YES:
        return ANSWERS_GO_TOGETHER
    if Answer.NO in (knows, agrees) and not reason.strip():
        return REASON_FOR_NO
    return None


# --- Deciding.


@dataclass(frozen=True)
class Question:
    """What is known of a referral when somebody wants to decide it."""

    outcome: Outcome
    level: int | None
    reason: str
    look_back: str = ""
    advice_given: str = ""
    has_agency: bool = False
    is_safeguarding_concern: bool = False
    family_agrees: Answer = Answer.NOT_ASKED
    agreement_reason: str = ""
    earlier_contacts: int = 0
    look_back_threshold: int = 3
    look_back_months: int = 12
    unsearched: tuple[str, ...] = ()


def needs_two_people(outcome: Outcome, level: int | None, *, is_safeguarding_concern: bool) -> bool:
    """Level 4, and no further action on a safeguarding concern (FD-30)."""
    if level == 4 or outcome == Outcome.STATUTORY:
        return True
    return outcome == Outcome.NO_FURTHER_ACTION and is_safeguarding_concern


def decision_faults(asked: Question) -> list[Refused]:
    """Everything that stops this decision, whoever takes it."""
    checks = (_level_fault, _kind_fault, _agreement_fault, _look_back_fault, _search_fault)
    return [fault for check in checks if (fault := check(asked)) is not None]


def _level_fault(asked: Question) -> Refused | None:
    if not asked.reason.strip():
        return LEVEL_AND_REASON.refused("reason")
    if asked.level is None or not 1 <= asked.level <= 4:
        return LEVEL_AND_REASON.refused("level")
    return LEVEL_FITS.refused() if (asked.level == 4) != (asked.outcome == Outcome.STATUTORY) else None


def _kind_fault(asked: Question) -> Refused | None:
    if asked.outcome == Outcome.SINGLE_AGENCY and not asked.has_agency:
        return AGENCY_NAMED.refused()
    if asked.outcome == Outcome.ADVICE and not asked.advice_given.strip():
        return ADVICE_WRITTEN.refused()
    return None


def _agreement_fault(asked: Question) -> Refused | None:
    if asked.outcome not in CASE_WORK or asked.family_agrees == Answer.YES or asked.agreement_reason.strip():
        return None
    return FAMILY_AGREES.refused()


def _look_back_fault(asked: Question) -> Refused | None:
    if asked.outcome != Outcome.NO_FURTHER_ACTION or asked.look_back.strip():
        return None
    if not is_look_back_forced(asked.earlier_contacts, asked.look_back_threshold):
        return None
    return LOOK_BACK.refused(count=asked.earlier_contacts, months=asked.look_back_months)


def _search_fault(asked: Question) -> Refused | None:
    """Statutory hand-overs never wait for a search: red never waits."""
    if asked.outcome == Outcome.STATUTORY or not asked.unsearched:
        return None
    return SEARCHED_ALL.refused(names=f"{listed(asked.unsearched)} {'is' if len(asked.unsearched) == 1 else 'are'}")


def listed(names: Sequence[str]) -> str:
    """`Ada`, `Ada and Ben`, `Ada, Ben and Cy`."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def is_look_back_forced(contacts: int, threshold: int) -> bool:
    """`contacts` on the household within the stretch, this one among them (FD-37)."""
    return contacts >= threshold


# What a team takes on, what leaves for the statutory system, and what ends with the decision.
CASE_WORK = frozenset({Outcome.EARLY_HELP, Outcome.FAMILY_SUPPORT})
CLOSES = frozenset({Outcome.ADVICE, Outcome.SINGLE_AGENCY, Outcome.NO_FURTHER_ACTION})

# --- Red.


def next_on_duty(order: list[UUID], already_paged: list[UUID]) -> UUID | None:
    """Who is paged next: the first on duty not paged yet, then round again from the top (FD-83). None if nobody is on
    duty."""
    fresh = [post for post in order if post not in already_paged]
    if fresh:
        return fresh[0]
    if not order:
        return None
    last = next((post for post in reversed(already_paged) if post in order), order[-1])
    return order[(order.index(last) + 1) % len(order)]


# --- Hand-overs: what the statutory service may say next.

_STATUSES = ("sent", "received", "open", "assessment", "plan", "closed")


def may_report(start: str, end: str) -> bool:
    """A hand-over never goes back to sent, and a closed one stays closed (FD-62); a plan may be reassessed."""
    if start == "closed" or end == "sent":
        return False
    return _STATUSES.index(end) >= _STATUSES.index(start) or (start, end) == ("plan", "assessment")
