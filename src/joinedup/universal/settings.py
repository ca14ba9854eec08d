"""Thresholds and dates of universal services that differ between partnerships."""

from __future__ import annotations

from datetime import date

from joinedup.core.partnership import between, declare_setting, value


def _terms(said: list[list[str]]) -> list[tuple[date, date]]:
    found = [(date.fromisoformat(starts), date.fromisoformat(ends)) for starts, ends in said]
    if any(ends < starts for starts, ends in found):
        raise ValueError("A term ends after it begins.")
    return found


TERM_DATES = declare_setting(
    "universal.term_dates",
    "The first and the last day of each half term, within which weekly sessions are planned.",
    [
        ["2026-09-03", "2026-10-23"], ["2026-11-02", "2026-12-18"], ["2027-01-04", "2027-02-12"],
        ["2027-02-22", "2027-03-25"], ["2027-04-12", "2027-05-28"], ["2027-06-07", "2027-07-22"],
    ],
    check=_terms,
)  # fmt: skip
SMALLEST_SHOWN = declare_setting(
    "universal.smallest_shown",
    "The smallest number of people that is shown to somebody who does not see the people themselves.",
    5,
    check=between(1, 50),
)
YOUNGEST = declare_setting(
    "universal.participation_youngest", "From which age a young person’s participation is followed.", 14,
    check=between(10, 20),
)  # fmt: skip
OLDEST = declare_setting(
    "universal.participation_oldest", "To which age a young person’s participation is followed.", 19,
    check=between(14, 25),
)  # fmt: skip
OLDEST_WITH_PLAN = declare_setting(
    "universal.participation_oldest_with_plan",
    "To which age it is followed of a young person with an education, health and care plan.",
    25,
    check=between(14, 26),
)
CONFIRMED_FOR = declare_setting(
    "universal.participation_confirmed_days",
    "For how many days what a young person does counts as known after somebody confirmed it, by what they do.",
    {"education": 365, "employment": 180, "training": 180, "neither": 90, "unknown": 30},
    check=lambda said: [between(1, 730)(said[each]) for each in ("education", "employment", "training", "neither")],
)
ASK_AGAIN = declare_setting(
    "universal.participation_ask_again_days",
    "How many days before it counts as not known a young person stands on the list to ask.",
    28,
    check=between(1, 180),
)


def terms(on: date) -> list[tuple[date, date]]:
    """The half terms as they stand on a day."""
    return _terms(value(TERM_DATES, on=on))


def smallest_shown(on: date) -> int:
    """The smallest number of people shown to whoever does not see them."""
    return int(value(SMALLEST_SHOWN, on=on))


def ages_followed(on: date) -> tuple[int, int, int]:
    """The youngest and the oldest age followed, and the oldest with a plan."""
    return int(value(YOUNGEST, on=on)), int(value(OLDEST, on=on)), int(value(OLDEST_WITH_PLAN, on=on))


def confirmed_days(status: str, on: date) -> int:
    """For how many days a status counts after it was confirmed."""
    return int(value(CONFIRMED_FOR, on=on).get(status, 90))


def ask_again_days(on: date) -> int:
    """How many days before it runs out somebody asks again."""
    return int(value(ASK_AGAIN, on=on))
