"""Comparing notes: on what footing partners are asked, where their answers differ, what is old, and who knew the family
when. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from joinedup.core.formats import count_noun, date_long
from joinedup.front_door.codes import LEVELS_OF_NEED, Answer, Rating
from joinedup.front_door.rules import Rule, listed

_PRACTICE = "local: asking partners what they know"
_GUIDANCE = "guidance: Working Together to Safeguard Children 2023, seek agreement unless that puts a child at risk"

# --- Asking.
ASK_SOMEBODY = Rule("FD-120", "Choose at least one organisation to ask.", "organisations", _PRACTICE)
ABOUT_SOMEBODY = Rule("FD-121", "Choose at least one person to ask about.", "people", _PRACTICE)
AGREEMENT_OR_BASIS = Rule(
    "FD-122",
    "At levels 1 to 3 partners are asked with the family’s agreement. Without it a manager names the basis and gives "
    "the reason, and until then nobody is asked.",
    "basis",
    _GUIDANCE,
    False,
)
WHY_WITHOUT = Rule("FD-123", "Say why partners are asked without the family’s agreement.", "why", _GUIDANCE, False)
SECOND_PERSON = Rule("FD-124", "You asked for this, so somebody else has to decide it.", source=_PRACTICE)
NO_WAITING_AT_FOUR = Rule(
    "FD-125",
    "At level 4, and while a referral is red, partners are asked at once. That the family did not agree is recorded.",
    source=_GUIDANCE,
    is_verified=False,
)
CLOCK_RUNS = Rule(
    "FD-126",
    "Waiting for a partner’s answer never stops or moves the moment by which a referral is decided.",
    source="local: red never waits, and nothing else waits for answers either",
)
NOBODY_CAN_BE_ASKED = Rule("FD-128", "Nobody you chose can be asked: {why}", "organisations", _PRACTICE)
BASIS_DECIDED = Rule("FD-129", "This was decided already.", source=_PRACTICE)
LEVEL_SAID = Rule("FD-130", "Say which level of need this looks like now.", "level", _PRACTICE)
WHY_AGAIN = Rule("FD-131", "Say what is new since you last asked.", "news", _PRACTICE)
QUESTION_SAID = Rule("FD-136", "Say what you need to know and why.", "question", _PRACTICE)
NOT_LATE_YET = Rule("FD-137", "That question is still open: the partner can answer it themselves.", source=_PRACTICE)
AS_OF_PAST = Rule("FD-138", "The day they speak of cannot be in the future.", "as_of", _PRACTICE)
WHO_SAID = Rule("FD-139", "Say who told you.", "said_by", _PRACTICE)
LATE_WORDS = Rule("FD-140", "Write down what they told you.", "words", _PRACTICE)
REASON_NOT_AGREED = Rule("FD-132", "Say why partners are not to be asked.", "reason", _PRACTICE)
REVIEW_OUTCOME = Rule("FD-142", "Say whether it was right to ask at once.", "outcome", _PRACTICE)
REVIEW_WORDS = Rule("FD-143", "Write down what the review found.", "words", _PRACTICE)
REVIEWED_ALREADY = Rule("FD-144", "Somebody has reviewed this already.", source=_PRACTICE)
REVIEW_BY_ANOTHER = Rule("FD-145", "You asked for this, so somebody else has to review it.", source=_PRACTICE)

# --- Judgements.
JUDGEMENT_LEVEL = Rule("FD-133", "Choose the level of need they judge this to be.", "level", _PRACTICE)
JUDGEMENT_WORDS = Rule("FD-134", "Write down what the judgement rests on.", "words", _PRACTICE)
DIFFERENCE_REASON = Rule(
    "FD-135",
    "Your judgement differs from {others}. Say why, so that they can read it.",
    "differs_because",
    "local: disagreement between professionals is recorded, not smoothed over",
)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))


class Footing(StrEnum):
    """On what partners are asked about a family."""

    AGREED = "agreed"  # the family agreed
    SERIOUS = "serious"  # level 4 or red: nobody waits
    BASIS = "basis"  # a named basis that a second person has agreed to


FOOTING_LABELS: dict[str, str] = {
    Footing.AGREED: "The family agreed",
    Footing.SERIOUS: "Level 4 or red: asked without waiting for agreement",
    Footing.BASIS: "Without the family’s agreement, on a named basis",
}


def footing_for(level: int | None, rating: str, agrees: Answer) -> Footing:
    """On what footing partners may be asked now (FD-122, FD-125). Agreement counts at every level; a basis is only
    needed where neither the family nor the seriousness of it lets anybody ask."""
    if agrees == Answer.YES:
        return Footing.AGREED
    if level == 4 or rating == Rating.RED:
        return Footing.SERIOUS
    return Footing.BASIS


def asking_fault(footing: Footing, level: int | None, why: str) -> Rule | None:
    """What is missing before partners can be asked; None when nothing is. `why` says why without agreement."""
    if level is None or level not in LEVELS_OF_NEED:
        return LEVEL_SAID
    return None if footing == Footing.AGREED or why.strip() else WHY_WITHOUT


def level_asked_at(level: int, footing: Footing) -> int:
    """The level a question carries: what is red is asked about as level 4, whatever it turns out to be."""
    return 4 if footing == Footing.SERIOUS else level


# --- Time.


def time_left(at: datetime, decide_by: datetime) -> str:
    """`2 hours 5 minutes left`, or how long ago the time ran out (FD-126). A whole minute counts when it is over."""
    seconds = (decide_by - at).total_seconds()
    words = _length(abs(seconds))
    return f"{words} left" if seconds >= 0 else f"overdue by {words}"


def _length(seconds: float) -> str:
    minutes = int(seconds // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return " ".join(count_noun(n, noun) for n, noun in ((days, "day"), (hours, "hour")) if n)
    if hours:
        return " ".join(count_noun(n, noun) for n, noun in ((hours, "hour"), (minutes, "minute")) if n)
    return count_noun(minutes, "minute")


def is_old(as_of: date | None, on: date, days: int) -> bool:
    """Older than the setting allows to be relied on unasked. What carries no day counts as old."""
    return as_of is None or (on - as_of).days > days


# --- What does not fit together.


class Fact(StrEnum):
    """What sources can disagree about."""

    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    LIVES_WITH = "lives_with"
    LEVEL = "level"


@dataclass(frozen=True)
class Statement:
    """One source's word on one fact about one person. `key` is what counts as saying the same."""

    about: str
    fact: Fact
    value: str
    key: str
    source: str
    as_of: date | None = None


@dataclass(frozen=True)
class Side:
    """One version, and everybody who says so."""

    value: str
    sources: tuple[str, ...]
    as_of: date | None

    @property
    def words(self) -> str:
        """`School and Police: 1 Example Row (as of 1 March 2026)`."""
        day = f" (as of {date_long(self.as_of)})" if self.as_of else ""
        return f"{listed(self.sources)}: {self.value}{day}"


@dataclass(frozen=True)
class Disagreement:
    """Sources that cannot all be right about one fact, with the sentence that says so."""

    about: str
    fact: Fact
    sentence: str
    sides: tuple[Side, ...]


_HEADS = {
    Fact.ADDRESS: "Sources have {n} different addresses for {who}",
    Fact.BIRTH_DATE: "Sources have {n} different dates of birth for {who}",
    Fact.LIVES_WITH: "Sources say different things about who lives with {who}",
    Fact.LEVEL: "Professionals judge the level of need differently",
}
_ADVICE = {
    Fact.ADDRESS: "It may be a move, or a second home. Ask before anybody writes or visits.",
    Fact.BIRTH_DATE: "One of them may be about somebody else. Check before you rely on either.",
    Fact.LIVES_WITH: "Ask who lives there now, and who sees the child.",
    Fact.LEVEL: "Say why the front door decides as it does.",
}


_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b", re.IGNORECASE)


def home_key(address: str, postcode: str = "") -> str:
    """What counts as one home: the postcode where one is given or written in the address, else the words."""
    found = _POSTCODE.search(f"{postcode} {address}")
    plain = "".join(found.groups()) if found else address
    return "".join(letter for letter in plain.casefold() if letter.isalnum())


def household_key(names: Iterable[str]) -> str:
    """What counts as one household: who is named, in whatever order."""
    return "|".join(sorted(" ".join(name.split()).casefold() for name in names if name.strip()))


def disagreements(statements: Iterable[Statement]) -> tuple[Disagreement, ...]:
    """Facts on which sources do not agree, in the order they were first said; each side the newest word first."""
    groups: dict[tuple[str, Fact], dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for said in statements:
        if said.key:
            groups[said.about, said.fact][said.key].append(said)
    return tuple(
        _disagreement(about, fact, list(versions.values()))
        for (about, fact), versions in groups.items()
        if len(versions) > 1
    )


def _disagreement(about: str, fact: Fact, versions: Sequence[Sequence[Statement]]) -> Disagreement:
    sides = sorted((_side(same) for same in versions), key=lambda side: side.as_of or date.min, reverse=True)
    head = _HEADS[fact].format(n=len(sides), who=about)
    sentence = f"{head}. {'; '.join(side.words for side in sides)}. {_ADVICE[fact]}"
    return Disagreement(about, fact, sentence, tuple(sides))


def _side(same: Sequence[Statement]) -> Side:
    newest = max(same, key=lambda said: said.as_of or date.min)
    return Side(newest.value, tuple(dict.fromkeys(said.source for said in same)), newest.as_of)


def differing_judges(level: int, others: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Whose judgement of the level differs from this one, each with the level they gave (FD-135)."""
    return tuple(f"{who} (level {theirs})" for who, theirs in others if theirs != level)


# --- Who knew the family when.

YEARS_SHOWN = 5
_LEAST_WIDTH = 8  # so that a single day can still be seen


@dataclass(frozen=True)
class Stretch:
    """One agency's involvement with one person. `ends_on` None is still going on; `starts_on` None is not known."""

    who: str
    about: str
    is_current: bool
    starts_on: date | None
    ends_on: date | None
    last_contact_on: date | None = None


@dataclass(frozen=True)
class Bar:
    """A stretch as a bar between 0 and 1000 across the years shown, and the same in words. `mark` is the last contact;
    `is_start_guessed` where it began before the picture or on a day nobody gave."""

    who: str
    about: str
    is_current: bool
    left: int
    width: int
    mark: int | None
    is_start_guessed: bool
    words: str


def bars(stretches: Iterable[Stretch], on: date) -> tuple[Bar, ...]:
    """The involvements of the last five years as bars, by agency and person. One that ended earlier, or of which no day
    is known, has no bar; its words say so in the table."""
    return tuple(bar for stretch in stretches if (bar := _bar(stretch, on)) is not None)


def _bar(stretch: Stretch, on: date) -> Bar | None:
    ends_on = on if stretch.is_current else (stretch.ends_on or stretch.last_contact_on)
    starts_on = stretch.starts_on or stretch.last_contact_on
    if ends_on is None or ends_on < years_before(on) or (starts_on is None and not stretch.is_current):
        return None
    left = min(place_of(starts_on, on), 1000 - _LEAST_WIDTH) if starts_on else 0
    right = max(place_of(ends_on, on), left + _LEAST_WIDTH)
    mark = stretch.last_contact_on
    return Bar(
        who=stretch.who,
        about=stretch.about,
        is_current=stretch.is_current,
        left=left,
        width=right - left,
        mark=place_of(mark, on) if mark and years_before(on) <= mark <= on else None,
        is_start_guessed=stretch.starts_on is None or stretch.starts_on < years_before(on),
        words=stretch_words(stretch),
    )


def stretch_words(stretch: Stretch) -> str:
    """`Current since 3 March 2025, last contact 2 November 2026`."""
    parts = ["Current" if stretch.is_current else "In the past"]
    if stretch.starts_on:
        parts[0] += (
            f" since {date_long(stretch.starts_on)}" if stretch.is_current else f", from {date_long(stretch.starts_on)}"
        )
    if stretch.ends_on and not stretch.is_current:
        parts[0] += f" until {date_long(stretch.ends_on)}"
    if stretch.last_contact_on:
        parts.append(f"last contact {date_long(stretch.last_contact_on)}")
    return ", ".join(parts)


def years_before(on: date) -> date:
    """The first day of the picture."""
    return on - timedelta(days=365 * YEARS_SHOWN + 1)


def place_of(day: date, on: date) -> int:
    """Where a day lies between the first day shown (0) and today (1000)."""
    span = (on - years_before(on)).days
    return min(max(round((day - years_before(on)).days * 1000 / span), 0), 1000)


def year_marks(on: date) -> tuple[tuple[int, int], ...]:
    """Each New Year within the picture: the year and its place."""
    return tuple((year, place_of(date(year, 1, 1), on)) for year in range(years_before(on).year + 1, on.year + 1))
