"""A benefit from forecast to the bank: what it is to bring each partner, what of that is due, and how much may be banked.
Pure; every amount is whole pence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from joinedup.engines.appraisal import GRADES, Model
from joinedup.engines.appraisal.appraising import quantities

AVOIDED_KINDS: dict[str, str] = {
    "care_entry": "Coming into care",
    "care_months": "Time in care",
    "exclusion": "Exclusion from school",
    "persistent_absence": "Persistent absence from school",
    "youth_justice": "First offence as a young person",
    "domestic_violence": "Domestic violence incident",
    "emergency_attendance": "Attendance at an emergency department",
    "hospital_admission": "Admission to hospital",
    "camhs_referral": "Referral to specialist mental health",
    "homelessness": "Becoming homeless",
    "neet_months": "Time not in education, employment or training",
}
# Kinds that are two sides of one episode; every other kind is one of its own. The trigger of the table knows the same list.
EPISODES: dict[str, str] = {
    "care_entry": "care",
    "care_months": "care",
    "emergency_attendance": "hospital",
    "hospital_admission": "hospital",
}
# Their unit cost is that of one time; every other is what one person costs for a year, or for one case within it: a child in
# care, absent from school or not in work stays so, and what two lines of business cases claim of that within a year of each
# other is one episode. The trigger of the table knows the same list.
INCIDENTS = frozenset({"domestic_violence", "hospital"})
EPISODE_GAP = timedelta(days=365)
# Unit costs that are the cost of an event of one person, by the beginning of their code in the unit cost database (v1.4):
# a benefit with such a code is banked on claims of avoided events.
_EPISODE_OF_CODE: tuple[tuple[str, str], ...] = (
    ("SS1.", "care"), ("SS2.", "care"), ("SS3.", "care"), ("E&S1.", "persistent_absence"), ("E&S2.", "exclusion"),
    ("CR2.", "domestic_violence"), ("CR4.", "youth_justice"), ("HE12.", "camhs_referral"), ("E&E10.", "neet_months"),
)  # fmt: skip


def episode_of(kind: str) -> str:
    """The group of kinds that are one episode of a person."""
    return EPISODES.get(kind, kind)


def episode_of_code(code: str) -> str:
    """The episode a benefit of this unit cost avoids; empty where it does not rest on events of single people."""
    return next((episode for start, episode in _EPISODE_OF_CODE if f"{code.strip().upper()}.".startswith(start)), "")


def episode_words(episode: str) -> str:
    """The kinds of an episode as a person says them: “coming into care or time in care”."""
    return " or ".join(words.lower() for kind, words in AVOIDED_KINDS.items() if episode_of(kind) == episode)


def is_one_episode(
    episode: str, one: tuple[date, date], other: tuple[date, date], *, same_line: bool
) -> bool:  # fmt: skip
    """Whether two claims about one person and episode are about the same thing: their days meet, or, where the episode is no
    single incident and two lines claim, less than a year lies between. Within one line an episode may be claimed piece by
    piece, because `events_counted` counts the pieces once."""
    if overlaps(one, other):
        return True
    wide = (one[0] - EPISODE_GAP, one[1] + EPISODE_GAP)
    return episode not in INCIDENTS and not same_line and overlaps(wide, other)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim to an avoided event that stands: whose, and from which day to which."""

    key: UUID
    person: UUID
    days: tuple[date, date]


def events_counted(episode: str, claims: Iterable[Claimed]) -> list[Claimed]:
    """Which of the claims of one line count as an event each. A unit cost is what one person costs for a year (a child in
    care, somebody not in work): so one person counts once in any year from the first day of the claim that counts, however
    many pieces of it are claimed. Of incidents, whose unit cost is that of one time, every claim counts whose days meet no
    other's."""
    counted: list[Claimed] = []
    last: dict[UUID, Claimed] = {}
    for each in sorted(claims, key=lambda one: (one.days, one.key)):
        before = last.get(each.person)
        if before is not None:
            if overlaps(before.days, each.days):
                continue
            if episode not in INCIDENTS and each.days[0] < before.days[0] + EPISODE_GAP:
                continue
        last[each.person] = each
        counted.append(each)
    return counted


def counts_once(episode: str) -> str:
    """How often one person counts for an episode, as a sentence ends with it."""
    return "each incident counts once" if episode in INCIDENTS else "one person counts once in a year"


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """What one partner is to gain from one line: pence for each year after bias, undiscounted, and the cashable part; `unit`
    is what one event or one case less is worth to it, in pence, before bias."""

    key: str
    code: str
    title: str
    agency: str
    lag: int
    years: tuple[int, ...]
    cashable: tuple[int, ...]
    unit: int = 0


def forecast_lines(model: Model) -> list[ForecastLine]:
    """One for each line of benefit and each partner that gains from it, in the order of the case."""
    seen: Counter[str] = Counter()
    found = []
    for line in model.benefits:
        seen[line.code] += 1
        key = line.code if seen[line.code] == 1 else f"{line.code} ({seen[line.code]})"
        bias = GRADES[line.grade].optimism_bias
        unit = model.uplift(line) * line.unit_cost.fiscal * 100
        worth = quantities(model, line) * (1 - bias) * unit
        for agency, part in line.agencies.items():
            if part <= 0 or line.unit_cost.fiscal == 0:
                continue
            years = tuple(_whole(float(each) * part) for each in worth)
            cash = tuple(_whole(float(each) * part * line.cashable) for each in worth)
            found.append(
                ForecastLine(
                    key[:120], line.code[:100], line.label[:300], agency, line.lag, years, cash, _whole(unit * part)
                )
            )
    return found


def _whole(pence: float) -> int:
    return math.floor(pence + 0.5)


def year_begins(starts_on: date, year: int) -> date:
    """The first day of a year of a programme; a 29 February begins on 1 March in years without one."""
    try:
        return starts_on.replace(year=starts_on.year + year)
    except ValueError:
        return date(starts_on.year + year, 3, 1)


def due_by(years: Sequence[int], starts_on: date, on: date) -> int:
    """How much should have come by the end of a day: whole years, and of the year one is in the part that has passed."""
    total = 0
    for year, pence in enumerate(years):
        first, after = year_begins(starts_on, year), year_begins(starts_on, year + 1)
        if on >= after:
            total += pence
        elif on >= first:
            passed, length = (on - first).days + 1, (after - first).days
            total += pence * passed // length if pence >= 0 else -(-pence * passed // length)
    return total


@dataclass(frozen=True, slots=True)
class Standing:
    """How a benefit stands against what was due by a day. The tone is one of a tag; red only where something is late."""

    words: str
    tone: str


def standing(state: str, *, due: int, measured: int | None, starts_on: date, on: date) -> Standing:
    """A benefit before its return begins is not due yet, whatever it has brought; a lost one is not late either."""
    if state == "lost":
        return Standing("Lost", "grey")
    if on < starts_on:
        return Standing("Not due yet", "blue")
    if measured is None:
        return Standing("Due, not measured yet", "amber")
    if measured >= due:
        return Standing("On or above forecast", "green")
    return Standing("Below forecast", "red")


def most_to_bank(*, measured: int | None, forecast: int, banked: int, posting_left: int) -> int:
    """How much more of a benefit may be banked from a posting: no more than was measured, than the case forecast in all,
    and than the posting still has."""
    return max(0, min((measured or 0) - banked, forecast - banked, posting_left))


@dataclass(frozen=True, slots=True)
class Banked:
    """What was banked from one line of a budget, the oldest first. `is_gone` where its posting was reversed since or the row
    was taken back."""

    key: UUID
    pence: int
    is_gone: bool


def still_banked(rows: Iterable[Banked], fall: int) -> dict[UUID, int]:
    """How much of each row still counts: nothing of what is gone, and of the others together no more than the line has fallen
    by, net of what was put back; what was banked first counts first."""
    left = max(0, fall)
    found: dict[UUID, int] = {}
    for each in rows:
        counts = 0 if each.is_gone else min(each.pence, left)
        found[each.key] = counts
        left -= counts
    return found


# --- What was measured.


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a benefit as its history has it, the oldest first. `is_measured` where a series was read for it."""

    start: str
    end: str
    is_measured: bool
    pence: int | None
    level: int | None


def replay(steps: Sequence[Step]) -> tuple[str, int | None, int | None]:
    """Where a benefit stood after these moves: its state, what was measured, and the step of the evidence."""
    state, measured, level = "", None, None
    for each in steps:
        state = each.end
        if each.is_measured:
            measured, level = each.pence, each.level
        elif each.end == "forecast" and each.start not in {"", "forecast"}:
            measured = level = None
    return state, measured, level


@dataclass(frozen=True, slots=True)
class Count:
    """What a period of a series came to: how many there were, or for a share (or a mean) its value and of how many."""

    value: Decimal | None
    of: int | None = None


def worth_of_readings(
    form: str, direction: str, baseline: Count | None, readings: Sequence[Count], unit_pence: int
) -> int | None:
    """What readings come to in pence: how many fewer (or more, where more is better) than the baseline in each period, added
    up, times the value of one. None where that does not follow: no baseline, a number that is hidden or not of single
    people, no value of one."""
    if baseline is None or not readings or unit_pence <= 0 or form not in {"count", "share"}:
        return None
    first = baseline.value
    if first is None:
        return None
    total = Decimal(0)
    for each in readings:
        if each.value is None or (form == "share" and not each.of):
            return None
        less = first - each.value if direction == "down" else each.value - first
        total += less * Decimal(each.of or 0) / 100 if form == "share" else less
    return int((total * unit_pence).quantize(Decimal(1), ROUND_HALF_UP))


def months_after(on: date, months: int) -> date:
    """The day so many months later; the last of a month where that month is shorter."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    for day in (on.day, 30, 29, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise ValueError(f"no day in month {month + 1}")


def overlaps(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Whether two periods share a day; both ends belong to them."""
    return one[0] <= other[1] and other[0] <= one[1]
