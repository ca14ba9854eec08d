"""The rules of group work and participation, each with its code, the sentence a person reads, and its source. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from joinedup.core.ruling import RuleRow
from joinedup.engines.periods import bank_holidays


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: universal support is counted, and nobody is watched by it"


NAME_NEEDED = Rule("UN-1", "Say what it is called.", "name")
AGES_RUN_UP = Rule("UN-2", "The youngest cannot be older than the oldest.", "oldest")
KIND_KNOWN = Rule("UN-3", "Choose what kind of programme it is.", "kind")
OWN_PROGRAMME = Rule("UN-4", "A programme is run by an organisation or team you work for.", "organisation")
PROGRAMME_ENDED = Rule("UN-5", "This programme has ended.")
ENDS_AFTER = Rule("UN-6", "It ends after it begins.", "ends_time")
NOT_TOO_MANY = Rule("UN-7", "At most {most} sessions are planned at once.", "until")
NO_DAY_LEFT = Rule("UN-8", "None of those days is in term and no bank holiday.", "until")
SESSION_THERE = Rule("UN-9", "There is a session of this programme at that time already.", "first_on")
SESSION_CANCELLED = Rule("UN-10", "This session was cancelled.")
REASON_NEEDED = Rule("UN-11", "Say why.", "reason")
NOT_YET = Rule("UN-12", "This session is still to come: a register is taken on the day.")
MARK_KNOWN = Rule("UN-13", "Choose here, late, left early or not here.", "mark")
OWN_RECORD = Rule("UN-14", "Only somebody in your own organisation’s records can be put on its register.")
NAMED = Rule("UN-15", "Give a name.", "given_name")
AGE_POSSIBLE = Rule("UN-16", "Give an age in whole years from 0 to 110, or a date of birth in the past.", "age")
COUNTS_POSSIBLE = Rule("UN-17", "Give whole numbers from 0 to {most}.", "children")
NOTHING_TO_UNDO = Rule("UN-18", "There is nothing of yours to undo in this register.")
EVERYBODY_MARKED = Rule("UN-19", "{count} on the list are not marked yet. Say who was here, or take them off the list.")
REGISTER_EMPTY = Rule("UN-20", "Nobody is in this register. Mark somebody, count who came, or cancel the session.")
HAS_REGISTER = Rule("UN-21", "Somebody is in the register of this session, so it took place.")
HELP_ONCE = Rule(
    "UN-22",
    "A child who came to a targeted session that the family’s open plan names gets one entry of help given for it, and "
    "it is taken back when the register is corrected.",
)
NO_DOOR = Rule(
    "UN-23",
    "Who runs a session sees who came to it and nothing else: that a child comes opens no record, and whether a case is "
    "open is not said.",
)
SMALL_NUMBERS = Rule(
    "UN-24",
    "A number of people below the partnership’s threshold is not shown to those who do not see the people, nor what it "
    "could be worked out from.",
)
STATUS_KNOWN = Rule("UN-31", "Choose what they are doing.", "status")
REASON_OF_NEITHER = Rule("UN-32", "Say why they neither learn nor work, if they said.", "reason")
STARTS_PAST = Rule(
    "UN-33", "This is what they are doing now or did before: the day cannot be in the future.", "starts_on"
)
ONE_AT_A_TIME = Rule(
    "UN-34", "Something later is recorded from {day}. Take that back first if it is wrong.", "starts_on"
)
SAME_AGAIN = Rule("UN-35", "That is what stands already, confirmed today.")
RUNS_OUT = Rule(
    "UN-36",
    "What nobody has confirmed for the number of days set counts as not known, and stays on the list to ask about.",
)
SHARE = Rule(
    "UN-37",
    "The share neither learning nor working is of all young people of the ages set who live in the area, whether "
    "anything is known of them or not; beside it stands what it would be at most if everybody not known were neither.",
    source="local; how national figures treat those not known differs and changes, so both bounds are shown",
)
AGES = Rule(
    "UN-38",
    "Followed are young people of the ages set, and older ones with an education, health and care plan up to the age "
    "set.",
    source="local setting; the ages of the duties are [mem] and not asserted as law here",
)
TAKEN_BACK_ALREADY = Rule("UN-39", "This has been taken back already.")
JUSTICE_APART = Rule(
    "UN-41",
    "Youth-justice involvement is seen by the worker named in it and by whoever manages that worker’s team; for everybody "
    "else it does not exist, in no count either.",
)
JUSTICE_DATES = Rule("UN-42", "It begins today or earlier, and ends on a day after that.", "starts_on")
JUSTICE_KIND = Rule("UN-43", "Choose what kind it is.", "kind")
COLUMNS_NEEDED = Rule("UN-51", "The file needs a column for {columns}.", "file")

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
MOST_SESSIONS = 60
MOST_COUNTED = 2000


def weekly(first: date, until: date, terms: Sequence[tuple[date, date]]) -> list[date]:
    """The same weekday from a day to a day, in term only where terms are given, never on a bank holiday."""
    days = (first + timedelta(weeks=week) for week in range((until - first).days // 7 + 1))
    return [
        day
        for day in days
        if day not in bank_holidays(day.year) and (not terms or any(starts <= day <= ends for starts, ends in terms))
    ]


def suppressed(counts: Mapping[str, int], *, below: int) -> set[str]:
    """Which of the parts of a total are hidden (UN-24): those from 1 to below the threshold, and where that would leave
    a single one to be worked out from the total, the smallest of the others too."""
    if below <= 1:
        return set()
    hidden = {name for name, count in counts.items() if 0 < count < below}
    if len(hidden) == 1:
        others = sorted((count, name) for name, count in counts.items() if name not in hidden and count > 0)
        hidden |= {others[0][1]} if others else set()
    return hidden


@dataclass(frozen=True)
class Share:
    """A share with what it is of. `unknown` are those of whom nothing is known, who are part of `of`."""

    count: int
    of: int
    unknown: int

    @property
    def share(self) -> float | None:
        """In per cent; None of nobody."""
        return 100 * self.count / self.of if self.of else None

    @property
    def at_most(self) -> float | None:
        """If everybody not known were counted, too."""
        return 100 * (self.count + self.unknown) / self.of if self.of else None

    @property
    def known(self) -> float | None:
        """Of how many in a hundred anything is known: how far the share can be trusted."""
        return 100 * (self.of - self.unknown) / self.of if self.of else None


def in_words(names: Collection[str]) -> str:
    """`name, age and mark`."""
    several = list(names)
    return " and ".join([", ".join(several[:-1]), several[-1]] if len(several) > 1 else several)
