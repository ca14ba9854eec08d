"""The rules of information sharing, each with its code, the sentence a person reads, and its source. Pure.

A check returns what is broken, never raises; services turn it into a refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from joinedup.core.ruling import RuleRow
from joinedup.information_sharing.codes import Involvement, RefusalReason

_LOCAL = "local: information sharing practice"
_PILOT = "local: after the Family Context pilot, field, justification and rule"
_ACT = "guidance: Children’s Wellbeing and Schools Act 2026, record refusals although the text seen does not oblige"
_GO_LIVE = "local: going live with the sharing agreements of an earlier register"
_CONSENT = "guidance: Working Together to Safeguard Children 2023, seek agreement unless that puts a child at risk"


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = _LOCAL


# --- Asking.
ASKER_NAMED = Rule("IS-1", "Your post is not named in this agreement to ask.")
IN_FORCE = Rule("IS-2", "This agreement is not in force. Nothing is asked or answered under it.")
CAN_ANSWER = Rule("IS-3", "{organisation} has nobody named in this agreement to answer.")
PURPOSE_AGREED = Rule("IS-4", "This agreement does not cover that purpose.", "purpose")
AGREED_OR_BASED = Rule(
    "IS-5", "At levels 1 to 3 the family agrees, or a manager gives a lawful basis and a reason, before anybody is asked.",
    "", _CONSENT, False,
)  # fmt: skip
WHY_SAID = Rule("IS-6", "Say what you need to know and why.", "reason")
NO_CLOCK_STOPS = Rule("IS-7", "Waiting for an answer stops no clock: the decision is due when it was due before.")
ASKED_ALREADY = Rule("IS-8", "{organisation} has been asked this already and the question is still open: {reference}.")
SOMETHING_TO_SHARE = Rule(
    "IS-9", "This agreement lets {organisation} share nothing about this person: {why}", "", _PILOT
)
LEVEL_KNOWN = Rule("IS-10", "Say which level of need this is about, from 1 to 4.", "level")
BASIS_OF_MANAGER = Rule("IS-11", "A manager’s reason names a lawful basis and says why it is needed.", "reason")

# --- Answering.
STILL_OPEN = Rule("IS-20", "This request is not waiting for you: it is {state}.")
WORKER_OR_ROLE = Rule("IS-21", "Give the name or the role of whom to speak to.", "worker")
AS_OF_KNOWN = Rule("IS-22", "Say on which day your records say this. It cannot be in the future.", "as_of")
DATES_RUN_FORWARD = Rule("IS-23", "That date is before the one it follows, or in the future.", "last_contact_on")
WHY_PROPORTIONATE = Rule("IS-24", "Say why sharing this is necessary and no more than is needed.", "proportionality")
BASIS_OF_AGREEMENT = Rule("IS-25", "Choose one of the lawful bases of the agreement.", "basis")
ITEM_ALLOWED = Rule("IS-26", "The agreement does not let you share “{name}” here: {why}", "", _PILOT)
TOO_LONG_AGO = Rule("IS-27", "The agreement goes back {years} years for “{name}”. Leave out what is older.", "", _PILOT)
REASON_FOR_REFUSAL = Rule(
    "IS-28", "Choose why you refuse. With “Another reason”, say which.", "reason_code", _ACT, False
)
CORRECTION_REASON = Rule("IS-29", "Say what was wrong with the earlier answer.", "correction_reason")
NOTHING_FOUND_IS_NOTHING = Rule(
    "IS-30",
    "Where nothing was found there is no worker and nothing to share. Choose how you are involved.",
    "involvement",
)
LEVEL_IN_WORDS = Rule("IS-31", "Give the reasons for the level of need as you see it.", "judgement")
REASON_NEEDED = Rule("IS-32", "Say why.", "reason")

# --- Agreements.
DRAFT_ONLY = Rule("IS-40", "Somebody has signed this wording already. End this agreement and draft another.")
TWO_PARTIES = Rule("IS-41", "An agreement has at least two parties.")
COMPLETE_TO_SIGN = Rule("IS-42", "Before anybody signs, the draft needs {what}.")
SIGNED_ONCE = Rule("IS-43", "{organisation} has signed already.")
SIGNED_BY_NOW = Rule("IS-44", "A signature carries a name and a day that is not in the future.", "signed_on")
ITEM_JUSTIFIED = Rule("IS-45", "Say why “{name}” is shared, or why it is not.", "", _PILOT)
DATES_OF_AGREEMENT = Rule(
    "IS-46", "The agreement starts before it is reviewed, and is reviewed no later than it expires.", "expires_on"
)
POST_OF_PARTY = Rule("IS-47", "That post belongs to no organisation in this agreement that it could act for.", "post")
MOVE_FORBIDDEN = Rule("IS-48", "This cannot be done: the agreement is {state}.")
REVIEW_AHEAD = Rule("IS-49", "The next review is after today and no later than the expiry.", "next_review_on")
TITLE_NEEDED = Rule("IS-51", "Give the agreement a title.", "title")
ITEM_NAMED = Rule("IS-52", "Say what is shared.", "name")
REVIEW_SAID = Rule("IS-53", "Say what you looked at and what you found.", "words")
BASIS_CHOSEN = Rule("IS-50", "Choose a purpose and a lawful basis.", "bases")

# --- Bringing agreements over from an earlier register.
AGREEMENT_KNOWN = Rule(
    "IS-54", "This agreement has been brought over and its rows now say otherwise. Change it here, not there.",
    "reference", _GO_LIVE,
)  # fmt: skip
PARTY_KNOWN = Rule("IS-55", "There is no organisation with this code today.", "party", _GO_LIVE)
POST_KNOWN = Rule(
    "IS-56", "Nobody with the address {address} holds a post of this organisation now that could {act}.", "asks",
    _GO_LIVE,
)  # fmt: skip
POST_TITLED = Rule(
    "IS-57", "{address} holds several such posts of this organisation. Add the title in brackets: {address} ({title}).",
    "asks", _GO_LIVE,
)  # fmt: skip
BASIS_KNOWN = Rule("IS-58", "There is no lawful basis with the code “{code}”.", "lawful basis", _GO_LIVE)


# --- Agreement of the family.
CAPACITY_SAID = Rule("IS-60", "Say in what right they agree.", "capacity")
GIVER_NAMED = Rule("IS-61", "Say who agreed.", "given_by")
COMPETENCE_REASONED = Rule(
    "IS-62", "For a child under 16, say why you think they can decide this themselves.", "reasons",
    "guidance: competence of a child under 16 to consent", False,
)  # fmt: skip
SIXTEEN_REACHED = Rule("IS-63", "They are not known to be 16 or over.", "capacity")
EVIDENCE_SAID = Rule("IS-64", "Say how they agreed.", "evidence")
GIVEN_BY_NOW = Rule("IS-65", "Say on which day. It cannot be in the future.", "given_on")
SCOPE_SAID = Rule("IS-66", "Say which agencies, and what may be shared with them.", "organisations")
EXPIRY_AHEAD = Rule("IS-67", "It runs out on a day from today and at most {months} months ahead.", "expires_on")
BASIS_REASONED = Rule("IS-68", "Choose a lawful basis and say why it is needed.", "basis")
NOTHING_TO_WITHDRAW = Rule("IS-69", "Nothing that rests on agreement is in force for them, so nothing is withdrawn.")
WITHDRAWAL_WORDS = Rule("IS-70", "Write down what they said.", "words")
DECIDED_ALREADY = Rule("IS-71", "This has been decided already.")
DECISION_REASONED = Rule("IS-72", "Choose what follows, and say why.", "decision")
AGREEMENT_WITHDRAWN = Rule(
    "IS-73", "The family has withdrawn its agreement to sharing. A manager may give another lawful basis.", "", _CONSENT,
    False,
)  # fmt: skip


def is_asking_lawful(level: int, *, family_agrees: bool, has_basis: bool) -> bool:
    """IS-5: at level 4 nobody need agree; below it the family does, or a manager gave a basis and a reason."""
    return level == 4 or family_agrees or has_basis


@dataclass(frozen=True)
class ItemRule:
    """What narrows one item of an agreement. `levels` empty: every level of need."""

    is_allowed: bool = True
    minimum_age: int | None = None
    maximum_age: int | None = None
    years_back: int | None = None
    levels: frozenset[int] = field(default_factory=frozenset)


def age_on(birth_date: date | None, on: date) -> int | None:
    """Age in whole years; None where the birth date is not known. Somebody born on 29 February is a year older on
    1 March of other years. Somebody not yet born counts as 0."""
    if birth_date is None:
        return None
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return max(0, on.year - birth_date.year - (0 if had_birthday else 1))


def why_not(rule: ItemRule, *, age: int | None, level: int) -> str:
    """Why an item may not be shared about somebody of this age at this level, in words; blank when it may. Where the
    age is not known, what depends on it is not shared."""
    if not rule.is_allowed:
        return "the agreement leaves it out."
    if rule.minimum_age is not None or rule.maximum_age is not None:
        if age is None:
            return "it depends on age, and the date of birth is not known."
        if rule.minimum_age is not None and age < rule.minimum_age:
            return f"it is shared from the age of {rule.minimum_age}."
        if rule.maximum_age is not None and age > rule.maximum_age:
            return f"it is shared up to the age of {rule.maximum_age}."
    if rule.levels and level not in rule.levels:
        return f"it is shared at {_levels_in_words(rule.levels)} only."
    return ""


def rule_in_words(rule: ItemRule) -> str:
    """What narrows an item, for the register and the privacy notice; blank when nothing does."""
    said = []
    if rule.minimum_age is not None and rule.maximum_age is not None:
        said.append(f"aged {rule.minimum_age} to {rule.maximum_age}")
    elif rule.minimum_age is not None:
        said.append(f"aged {rule.minimum_age} or over")
    elif rule.maximum_age is not None:
        said.append(f"aged {rule.maximum_age} or under")
    if rule.years_back is not None:
        said.append(f"the last {rule.years_back} years" if rule.years_back > 1 else "the last year")
    if rule.levels:
        said.append(f"at {_levels_in_words(rule.levels)}")
    text = ", ".join(said)
    return text[:1].upper() + text[1:]


def _levels_in_words(levels: Collection[int]) -> str:
    ordered = [str(level) for level in sorted(levels)]
    if len(ordered) == 1:
        return f"level {ordered[0]}"
    return f"levels {', '.join(ordered[:-1])} and {ordered[-1]}"


def is_too_long_ago(happened_on: date | None, years_back: int | None, on: date) -> bool:
    """IS-27: what happened longer ago than an item goes back."""
    if happened_on is None or years_back is None:
        return False
    return happened_on < on.replace(year=on.year - years_back, day=min(on.day, 28))


@dataclass(frozen=True)
class Said:
    """The part of an answer the rules look at."""

    involvement: str
    worker: str = ""
    worker_role: str = ""
    started_on: date | None = None
    last_contact_on: date | None = None
    as_of: date | None = None
    coverage_from: date | None = None
    coverage_to: date | None = None
    proportionality: str = ""
    level_of_need: int | None = None
    judgement: str = ""
    has_items: bool = False


def faults_of_answer(said: Said, *, on: date) -> list[tuple[Rule, str]]:
    """Every rule an answer breaks, each with the field its sentence belongs to, in the order of the form."""
    faults: list[tuple[Rule, str]] = []
    is_nothing = said.involvement == Involvement.NONE_FOUND
    if is_nothing and (said.worker.strip() or said.has_items or said.started_on or said.last_contact_on):
        faults.append((NOTHING_FOUND_IS_NOTHING, "involvement"))
    if said.involvement == Involvement.CURRENT and not (said.worker.strip() or said.worker_role.strip()):
        faults.append((WORKER_OR_ROLE, "worker"))
    faults += [(DATES_RUN_FORWARD, name) for name in _dates_out_of_order(said, on)]
    if said.as_of is None or said.as_of > on:
        faults.append((AS_OF_KNOWN, "as_of"))
    if not said.proportionality.strip():
        faults.append((WHY_PROPORTIONATE, "proportionality"))
    if said.level_of_need is not None and not said.judgement.strip():
        faults.append((LEVEL_IN_WORDS, "judgement"))
    return faults


def _dates_out_of_order(said: Said, on: date) -> list[str]:
    wrong = []
    if said.started_on and said.started_on > on:
        wrong.append("started_on")
    if said.last_contact_on and (said.last_contact_on > on or _is_before(said.last_contact_on, said.started_on)):
        wrong.append("last_contact_on")
    if _is_before(said.coverage_to, said.coverage_from):
        wrong.append("coverage_to")
    return wrong


def _is_before(later: date | None, earlier: date | None) -> bool:
    return later is not None and earlier is not None and later < earlier


def is_refusal_reasoned(reason_code: str, words: str) -> bool:
    """IS-28: a reason of the list, and words where it is another one."""
    if reason_code not in set(RefusalReason):
        return False
    return reason_code != RefusalReason.OTHER or bool(words.strip())


def missing_to_sign(
    *,
    parties: int,
    allowed_items: Sequence[int],
    purposes: int,
    bases: int,
    askers: int,
    answerers: int,
    has_impact_assessment: bool,
    has_dates: bool,
) -> list[str]:
    """What a draft still needs before anybody can sign it, in words. `allowed_items` counts them for each party that
    supplies anything."""  # fmt: skip
    checks: Iterable[tuple[bool, str]] = (
        (parties >= 2, "two parties"),
        (purposes > 0, "a purpose"),
        (bases > 0, "a lawful basis"),
        (any(allowed_items), "something that may be shared"),
        (askers > 0, "a post that may ask"),
        (answerers > 0, "a post that may answer"),
        (has_impact_assessment, "its impact assessment with reference and date"),
        (has_dates, "the days it starts, is reviewed and expires"),
    )
    return [what for is_there, what in checks if not is_there]


def are_dates_in_order(*, starts_on: date | None, review_on: date | None, expires_on: date | None) -> bool:
    """IS-46."""
    if starts_on and expires_on and expires_on <= starts_on:
        return False
    if starts_on and review_on and review_on < starts_on:
        return False
    return not (review_on and expires_on and review_on > expires_on)
