"""Indicators: agreed signs that a child may need help, over what agencies already observe. Pure.

An indicator is a sentence, the observations behind it and a weight in words. There is no score: a child is listed with
the reasons, their sources and their days, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from joinedup.information_sharing.rules import Rule, age_on
from joinedup.person_index.observing import KINDS, in_words

_WILTSHIRE = "local: after Wiltshire’s guide to identifying vulnerable children and young people"
_FAIR = "guidance: Equality Act 2010, section 149 (public sector equality duty) [memory]"

OBSERVATION_NEEDED = Rule(
    "IN-1",
    "An indicator rests on something an agency observed. {facts} alone says nothing about whether a child needs help.",
    "kind", _FAIR, False,
)  # fmt: skip
FACT_NOT_USED = Rule(
    "IN-2",
    "No indicator looks at {facts}. Whether it weighs on some children more than on others is what the review is for.",
    "kind", _FAIR, False,
)  # fmt: skip
KIND_KNOWN = Rule("IN-3", "Choose what is observed.", "kind", _WILTSHIRE)
WINDOW_POSSIBLE = Rule("IN-4", "Look back between 7 days and two years.", "window_days", _WILTSHIRE)
THRESHOLD_POSSIBLE = Rule("IN-5", "{kind} needs a limit between {least} and {most} {unit}.", "limit", _WILTSHIRE)
TIMES_POSSIBLE = Rule("IN-6", "Say how often: between once and twenty times.", "times", _WILTSHIRE)
AGES_POSSIBLE = Rule("IN-7", "The ages run from 0 to 17, the younger first.", "minimum_age", _WILTSHIRE)
WORDED = Rule("IN-8", "Write the indicator as a sentence a parent could read.", "wording", _WILTSHIRE)
AGREED = Rule("IN-9", "Say who agreed to the indicator, and on which day.", "agreed_by", _WILTSHIRE)
REVIEWED = Rule(
    "IN-10",
    "Say on which day it is looked at again: after it was agreed and within two years.",
    "review_on",
    _WILTSHIRE,
)
AGREEMENT_COVERS = Rule(
    "IN-11",
    "Choose an agreement for noticing early which children may need help, and a lawful basis that it names.",
    "agreement", _WILTSHIRE,
)  # fmt: skip
AGREEMENT_IN_FORCE = Rule("IN-12", "Off: its sharing agreement {reference} is not in force.", "", _WILTSHIRE)
REVIEW_IN_TIME = Rule("IN-13", "Off: it should have been looked at again by {day}.", "", _WILTSHIRE)
ENOUGH = Rule(
    "IN-14",
    "A child is listed for one strong reason, or for two of which one is more than slight. A slight reason alone lists "
    "nobody.",
    "", _WILTSHIRE,
)  # fmt: skip
QUIET = Rule("IN-15", "Somebody has looked. The child is listed again when something new is observed.", "", _WILTSHIRE)
REASON_SAID = Rule("IN-16", "Say why, so that the next person can follow it.", "reason", _WILTSHIRE)
LOOKED_ALREADY = Rule("IN-17", "Somebody has looked at this meanwhile: nothing new is listed.", "", _WILTSHIRE)
NAME_FREE = Rule("IN-18", "There is an indicator with this name.", "name", _WILTSHIRE)
ENDED_ALREADY = Rule("IN-19", "This indicator has ended already.", "", _WILTSHIRE)
COUNTED_ONCE = Rule(
    "IN-20",
    "What was observed counts once: where one reason is a stronger form of another, the weaker stands beneath it and "
    "lists nobody.",
    "", _WILTSHIRE,
)  # fmt: skip
PROPOSAL_COMPLETE = Rule("IN-21", "Before it is proposed, say: {missing}.", "", _WILTSHIRE)
PROPOSAL_STANDS = Rule("IN-22", "This proposal is {state} by now. Look at it again.", "", _WILTSHIRE)
ONE_CHANGE_AT_A_TIME = Rule(
    "IN-23", "A change of this indicator waits already. Finish or withdraw it first.", "", _WILTSHIRE
)

RULES = (
    OBSERVATION_NEEDED, FACT_NOT_USED, KIND_KNOWN, WINDOW_POSSIBLE, THRESHOLD_POSSIBLE, TIMES_POSSIBLE, AGES_POSSIBLE,
    WORDED, AGREED, REVIEWED, AGREEMENT_COVERS, AGREEMENT_IN_FORCE, REVIEW_IN_TIME, ENOUGH, QUIET, REASON_SAID,
    LOOKED_ALREADY, NAME_FREE, ENDED_ALREADY, COUNTED_ONCE, PROPOSAL_COMPLETE,
    PROPOSAL_STANDS, ONE_CHANGE_AT_A_TIME,
)  # fmt: skip

# Facts about who somebody is or where they live. They are refused wherever somebody tries to declare them.
FACTS_NEVER_USED: dict[str, str] = {
    "ethnicity": "ethnicity", "postcode": "postcode", "religion": "religion", "nationality": "nationality",
    "language": "language", "sex": "sex", "disability": "disability", "family_name": "the family name",
}  # fmt: skip
_LONGEST, _SHORTEST, _MOST_TIMES, _ADULT = 731, 7, 20, 18


class Weight(StrEnum):
    """How much a reason says, in words. There is no number behind it."""

    STRONG = "strong"
    MODERATE = "moderate"
    SLIGHT = "slight"


_ORDER = tuple(Weight)
WEIGHT_LABELS: dict[Weight, str] = {
    Weight.STRONG: "A strong reason to look",
    Weight.MODERATE: "A reason to look, beside another",
    Weight.SLIGHT: "Worth knowing beside other reasons",
}


class Joined(StrEnum):
    """How several conditions go together."""

    ALL = "all"
    ANY = "any"


JOINED_LABELS: dict[Joined, str] = {Joined.ALL: "All of these", Joined.ANY: "Any one of these"}


class Outcome(StrEnum):
    """What somebody found who looked at a listed child."""

    OFFERED_HELP = "offered_help"
    ALREADY_HELPED = "already_helped"
    FALSE_POSITIVE = "false_positive"


OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.OFFERED_HELP: "Help was offered",
    Outcome.ALREADY_HELPED: "Somebody is helping already",
    Outcome.FALSE_POSITIVE: "False positive: no help is needed",
}


@dataclass(frozen=True)
class Condition:
    """One thing observed `times` times within the window; where it has a value, `below` or at least `reaching` a limit."""

    kind: str
    times: int = 1
    below: Decimal | None = None
    reaching: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        limits = {"below": self.below, "reaching": self.reaching}
        return {"kind": self.kind, "times": self.times} | {
            name: str(limit) for name, limit in limits.items() if limit is not None
        }

    def implies(self, other: Condition) -> bool:
        """Whether what meets this condition meets the other: the same kind, as often, and at least as far from the limit."""
        if self.kind != other.kind or self.times < other.times:
            return False
        below = other.below is None or (self.below is not None and self.below <= other.below)
        return below and (other.reaching is None or (self.reaching is not None and self.reaching >= other.reaching))

    @property
    def words(self) -> str:
        """“Suspension from school, at least 2 times”."""
        said = KINDS[self.kind].name
        if self.below is not None:
            said += f" below {self.below.normalize():f} {KINDS[self.kind].unit}"
        if self.reaching is not None:
            said += f" of {self.reaching.normalize():f} {KINDS[self.kind].unit} or more"
        return said if self.times == 1 else f"{said}, at least {self.times} times"


def condition_of(stored: Mapping[str, Any]) -> Condition:
    """A condition as it was stored."""
    limits = {name: Decimal(stored[name]) for name in ("below", "reaching") if name in stored}
    return Condition(str(stored["kind"]), int(stored.get("times", 1)), **limits)


@dataclass(frozen=True)
class Sign:
    """What makes an indicator speak: all of its conditions, or any one, within the window, for children of these ages.
    `facts` are what somebody tried to use beside observations; they are refused."""

    conditions: tuple[Condition, ...]
    window_days: int
    minimum_age: int | None = None
    maximum_age: int | None = None
    facts: tuple[str, ...] = ()
    joined: Joined = Joined.ALL

    @property
    def words(self) -> str:
        """What has to have been observed, in words."""
        said = [each.words for each in self.conditions]
        if self.joined is Joined.ANY and len(said) > 1:
            return f"Any one of these, in the last {self.window_days} days{self._ages}: {'; '.join(said)}"
        return f"{' and '.join(said)}, in the last {self.window_days} days{self._ages}"

    def may_speak_of(self, kinds: Collection[str]) -> bool:
        """Whether somebody of whom these kinds were observed can be one for whom it speaks."""
        needed = all if self.joined is Joined.ALL else any
        return needed(each.kind in kinds for each in self.conditions)

    def covers(self, other: Sign) -> bool:
        """Whether a child for whom this one speaks is one for whom the other speaks too: it is a stronger form of it."""
        if self.window_days > other.window_days or not (self.conditions and other.conditions):
            return False
        needed = all if other.joined is Joined.ALL else any
        ways = [self.conditions] if self.joined is Joined.ALL else [(each,) for each in self.conditions]
        return all(needed(any(mine.implies(each) for mine in way) for each in other.conditions) for way in ways)

    @property
    def _ages(self) -> str:
        low, high = self.minimum_age, self.maximum_age
        if low is None and high is None:
            return ""
        return f", aged {low or 0} to {high if high is not None else _ADULT - 1}"


def faults_of(sign: Sign) -> list[tuple[Rule, dict[str, Any]]]:
    """Every rule a declaration breaks, with the words of its sentence."""
    found: list[tuple[Rule, dict[str, Any]]] = []
    if sign.facts:
        facts = " and ".join(FACTS_NEVER_USED.get(fact, fact) for fact in sign.facts)
        broken = FACT_NOT_USED if sign.conditions else OBSERVATION_NEEDED
        found.append((broken, {"facts": facts if sign.conditions else facts[:1].upper() + facts[1:]}))
    elif not sign.conditions:
        found.append((KIND_KNOWN, {}))
    for condition in sign.conditions:
        found += _faults_of(condition)
    if not _SHORTEST <= sign.window_days <= _LONGEST:
        found.append((WINDOW_POSSIBLE, {}))
    low = 0 if sign.minimum_age is None else sign.minimum_age
    high = _ADULT - 1 if sign.maximum_age is None else sign.maximum_age
    if not 0 <= low <= high < _ADULT:
        found.append((AGES_POSSIBLE, {}))
    return found


def _faults_of(condition: Condition) -> list[tuple[Rule, dict[str, Any]]]:
    if condition.kind in FACTS_NEVER_USED:
        return [(FACT_NOT_USED, {"facts": FACTS_NEVER_USED[condition.kind]})]
    kind = KINDS.get(condition.kind)
    if kind is None:
        return [(KIND_KNOWN, {})]
    found: list[tuple[Rule, dict[str, Any]]] = []
    if not 1 <= condition.times <= _MOST_TIMES:
        found.append((TIMES_POSSIBLE, {}))
    limits = [limit for limit in (condition.below, condition.reaching) if limit is not None]
    possible = all(kind.least <= limit <= kind.most for limit in limits)
    if kind.unit and not (len(limits) == 1 and possible):
        words = {"kind": kind.name, "least": kind.least, "most": kind.most, "unit": kind.unit}
        found.append((THRESHOLD_POSSIBLE, words))
    return found


# --- What is found of one child.


@dataclass(frozen=True)
class Seen:
    """An observation as the indicators read it."""

    id: UUID
    kind: str
    happened_on: date
    value: Decimal | None
    agency: str
    agency_id: UUID | None = None
    detail: str = ""

    @property
    def words(self) -> str:
        """“Attendance 71 per cent”."""
        said = in_words(self.kind, self.value)
        return said[:1].upper() + said[1:]


def evidence_of(sign: Sign, seen: Iterable[Seen], *, birth_date: date | None, on: date) -> tuple[Seen, ...]:
    """The observations that make an indicator speak about a child on a day; empty when it does not speak."""
    if sign.facts or not sign.conditions:
        return ()
    age = age_on(birth_date, on)
    if age is None or age >= _ADULT or not _is_of_age(sign, age):
        return ()
    since = on - timedelta(days=sign.window_days)
    recent = [each for each in seen if since < each.happened_on <= on]
    found: dict[UUID, Seen] = {}
    for condition in sign.conditions:
        meeting = [each for each in recent if _meets(condition, each)]
        if len({(each.happened_on, each.agency) for each in meeting}) >= condition.times:
            found.update((each.id, each) for each in meeting)
        elif sign.joined is Joined.ALL:
            return ()
    return tuple(sorted(found.values(), key=lambda each: (each.happened_on, str(each.id)), reverse=True))


def _is_of_age(sign: Sign, age: int) -> bool:
    return (sign.minimum_age or 0) <= age <= (_ADULT if sign.maximum_age is None else sign.maximum_age)


def _meets(condition: Condition, seen: Seen) -> bool:
    if seen.kind != condition.kind:
        return False
    if condition.below is not None:
        return seen.value is not None and seen.value < condition.below
    if condition.reaching is not None:
        return seen.value is not None and seen.value >= condition.reaching
    return True


@dataclass(frozen=True)
class Reason:
    """One indicator that speaks about a child, in its words, with what it rests on. `folded` are weaker forms of it."""

    version_id: UUID
    indicator: str
    wording: str
    weight: Weight
    evidence: tuple[Seen, ...] = field(default=())
    sign: Sign | None = None
    folded: tuple[Reason, ...] = ()

    @property
    def weight_label(self) -> str:
        """Its weight in words."""
        return WEIGHT_LABELS[self.weight]

    @property
    def with_folded(self) -> tuple[Reason, ...]:
        """This one and the weaker forms of it."""
        return (self, *self.folded)

    @property
    def observed(self) -> frozenset[UUID]:
        """Everything that it and the weaker forms of it rest on."""
        return frozenset(seen.id for reason in self.with_folded for seen in reason.evidence)


def fold(reasons: Iterable[Reason]) -> list[Reason]:
    """IN-20: the reasons by weight and name; of two where one is a stronger form of the other, the weightier stands (of
    the same weight the stronger form) and the other is folded beneath it."""
    said = list(reasons)

    def place(reason: Reason) -> tuple[int, int, str]:
        covered = sum(_covers(reason, other) for other in said if other.weight is reason.weight)
        return _ORDER.index(reason.weight), -covered, reason.indicator

    heads: list[Reason] = []
    for reason in sorted(said, key=place):
        above = next((at for at, head in enumerate(heads) if _covers(head, reason) or _covers(reason, head)), None)
        if above is None:
            heads.append(reason)
        else:
            heads[above] = replace(heads[above], folded=(*heads[above].folded, reason))
    return sorted(heads, key=lambda head: (_ORDER.index(head.weight), head.indicator))


def _covers(one: Reason, other: Reason) -> bool:
    return one.sign is not None and other.sign is not None and one.sign.covers(other.sign)


def is_enough(weights: Iterable[Weight]) -> bool:
    """IN-14: one strong reason, or two of which one is more than slight."""
    said = list(weights)
    return Weight.STRONG in said or (len(said) >= 2 and Weight.MODERATE in said)


def is_quiet(evidence: Collection[UUID], looked_at: Collection[UUID]) -> bool:
    """IN-15: everything that speaks now was there when somebody looked."""
    return bool(looked_at) and set(evidence) <= set(looked_at)


def order_of(reasons: Sequence[Reason]) -> tuple[int, int, int, int]:
    """What comes first: more strong reasons, then more moderate ones, then more slight ones, then the newest."""
    counts = [sum(reason.weight is weight for reason in reasons) for weight in Weight]
    newest = max((seen.happened_on for reason in reasons for seen in reason.evidence), default=date.min)
    return -counts[0], -counts[1], -counts[2], -newest.toordinal()


# --- The review of false positives.

AGE_BANDS: tuple[tuple[str, int, int], ...] = (
    ("Under 5", 0, 4), ("5 to 10", 5, 10), ("11 to 15", 11, 15), ("16 and 17", 16, 17),
)  # fmt: skip
FEWEST_SHOWN = 5  # a count below this is not shown
FEWEST_FOR_A_RATE = 10
_A_LOT = 20  # percentage points between a group and the others before the page says so


@dataclass(frozen=True)
class Rate:
    """Of so many children looked at, how many needed no help. `shown` is blank where it could give somebody away."""

    name: str
    looked: int
    false: int

    @property
    def is_shown(self) -> bool:
        """Enough children that nobody can be picked out."""
        return self.looked >= FEWEST_FOR_A_RATE

    @property
    def per_cent(self) -> int | None:
        """Whole per cent; None where too few were looked at."""
        return round(100 * self.false / self.looked) if self.is_shown else None

    @property
    def looked_words(self) -> str:
        """The number looked at, or that it is small."""
        return str(self.looked) if self.looked >= FEWEST_SHOWN or not self.looked else f"fewer than {FEWEST_SHOWN}"

    @property
    def rate_words(self) -> str:
        """The rate in words."""
        return "too few to say" if self.per_cent is None else f"{self.per_cent}%"


def age_band(birth_date: date | None, on: date) -> str:
    """Which band somebody was in when they were looked at."""
    age = age_on(birth_date, on)
    return next((name for name, low, high in AGE_BANDS if age is not None and low <= age <= high), "Not known")


def finding(rates: Sequence[Rate]) -> str:
    """What a table of groups says, in a sentence."""
    known = [rate for rate in rates if rate.per_cent is not None]
    if len(known) < 2:
        return "Too few children have been looked at to compare groups."
    high = max(known, key=lambda rate: rate.per_cent or 0)
    low = min(known, key=lambda rate: rate.per_cent or 0)
    if (high.per_cent or 0) - (low.per_cent or 0) < _A_LOT:
        return "No group stands out: the rates lie within 20 percentage points of each other."
    return (
        f"“{high.name}” was listed without need far more often than “{low.name}” ({high.per_cent}% against "
        f"{low.per_cent}%). Ask whether an indicator weighs on this group unfairly before its next review."
    )
