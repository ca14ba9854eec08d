"""The front door's settings: labels, clocks, working hours and thresholds, and what they say on a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from joinedup.core.partnership import Setting, between, declare_setting, value
from joinedup.engines.periods import Clock, ClockKind, WorkingHours, due_by
from joinedup.front_door import rules
from joinedup.front_door.codes import Rating
from joinedup.front_door.telling import is_address

RATING_LABELS = declare_setting(
    "front_door.rating_labels",
    "What each rating is called on the screen.",
    {"blue": "Blue", "green": "Green", "amber": "Amber", "red": "Red"},
    check=lambda said: [said[rating.value].strip()[0] for rating in Rating],
)
RATING_CLOCKS = declare_setting(
    "front_door.rating_clocks",
    "How long each rating allows for a decision.",
    {
        "blue": {"kind": "WORKING_DAYS", "amount": 1},
        "green": {"kind": "WORKING_DAYS", "amount": 1},
        "amber": {"kind": "WORKING_HOURS", "amount": 8},
        "red": {"kind": "CLOCK_HOURS", "amount": 4},
    },
    check=lambda said: _usable_clocks(said),
)
DEFAULT_CLOCK = declare_setting(
    "front_door.decision_clock",
    "How long a referral nobody has rated yet may wait for a decision.",
    {"kind": "WORKING_DAYS", "amount": 1},
    source=rules.DECISION_CLOCK.source,
    check=lambda said: _usable_clock(said),
)
WORKING_HOURS = declare_setting(
    "front_door.working_hours",
    "When the front door is open: times, weekdays (Monday is 0) and closure days beside the bank holidays.",
    {"opens": "09:00", "closes": "17:00", "weekdays": [0, 1, 2, 3, 4], "closures": []},
    check=lambda said: _usable_hours(said),
)
REPLY_CLOCK = declare_setting(
    "front_door.reply_clock",
    "How long after the decision the referrer must be told.",
    {"kind": "WORKING_DAYS", "amount": 1},
    check=lambda said: _usable_clock(said),
)
NOTICE_CLOCK = declare_setting(
    "front_door.notice_clock",
    "How long a lead professional may take to answer a new contact about an open case.",
    {"kind": "WORKING_DAYS", "amount": 1},
    check=lambda said: _usable_clock(said),
)
ALLEGATION_CLOCK = declare_setting(
    "front_door.allegation_clock",
    "How long the designated officer may take to take up an allegation.",
    {"kind": "WORKING_DAYS", "amount": 1},
    check=lambda said: _usable_clock(said),
)
LOOK_BACK_CONTACTS = declare_setting(
    "front_door.look_back_contacts",
    "How many contacts on one household force a look back.",
    3,
    check=between(1, 1000),
)
LOOK_BACK_MONTHS = declare_setting(
    "front_door.look_back_months",
    "Within how many months contacts on one household are counted.",
    12,
    check=between(1, 240),
)
STRONG_MATCH = declare_setting(
    "front_door.strong_match",
    "From how many points of evidence (0 to 100) somebody known must be chosen, or a reason given for a new entry.",
    50,
    check=between(0, 100),
)
PAGE_AGAIN_MINUTES = declare_setting(
    "front_door.page_again_minutes",
    "After how many minutes an unaccepted red referral is paged to the next person.",
    15,
    check=between(1, 1440),
)
DUTY_EMAIL = declare_setting(
    "front_door.duty_email",
    "Where red is sent when nobody is on the duty list.",
    "duty@council.example",
    check=lambda said: _usable_address(said),
)
GUARDIAN_CLOCKS = declare_setting(
    "front_door.guardian_clocks",
    "After how many minutes the guardian of a restricted record is told again while a referral waits for the answer, and "
    "after how many information governance is told as well: urgent (red, level 4, danger now), and other.",
    {"urgent": {"again": 30, "governance": 240}, "other": {"again": 1440, "governance": 2880}},
    check=lambda said: _usable_reminders(said),
)
GUARDIAN_CONTACT = declare_setting(
    "front_door.guardian_contact",
    "Where an urgent reminder of a guardian goes as well outside working hours; empty for nowhere.",
    "",
    check=lambda said: _usable_address(said) if said else None,
)
OLD_AFTER_DAYS = declare_setting(
    "front_door.old_after_days",
    "After how many days what a partner or a record says is marked as old in the profile.",
    28,
    check=between(1, 3650),
)
DUTY_LOCALITY = declare_setting(
    "front_door.duty_locality", "The code of the locality that takes families without a fixed address.", ""
)


LINK_DAYS = declare_setting(
    "front_door.link_days", "For how many days an e-mailed link to a referral works.", 7, check=between(1, 30)
)
LINKS_AN_HOUR = declare_setting(
    "front_door.links_an_hour", "How many links one address may ask for in an hour.", 5, check=between(1, 100)
)
REFERRAL_DOMAINS = declare_setting(
    "front_door.referral_domains",
    "E-mail domains of partners whose staff may refer by link, each with the code of its organisation. The domain of "
    "an organisation’s own address counts without being named here.",
    {},
    check=lambda said: _usable_domains(said),
)


def _usable_domains(said: dict[str, object]) -> None:
    for domain, code in said.items():
        if "@" not in domain and "." in domain and domain == domain.lower() and isinstance(code, str):
            continue
        raise ValueError("Give each domain in small letters without @, and the code of its organisation.")


def rating_label(rating: str, on: date) -> str:
    """What a rating is called; "Not rated" before the first."""
    return str(value(RATING_LABELS, on=on).get(rating, rating)) if rating else "Not rated"


def working_hours(on: date) -> WorkingHours:
    """When the front door is open."""
    return _hours(value(WORKING_HOURS, on=on))


def _hours(said: dict[str, Any]) -> WorkingHours:
    return WorkingHours(
        opens=time.fromisoformat(said["opens"]),
        closes=time.fromisoformat(said["closes"]),
        weekdays=frozenset(said["weekdays"]),
        closures=frozenset(date.fromisoformat(day) for day in said["closures"]),
    )


def rating_clock(rating: str, on: date) -> Clock:
    """How long a rating allows; the default clock where nothing is rated or set."""
    said = value(RATING_CLOCKS, on=on).get(rating) if rating else None
    return _clock(said or value(DEFAULT_CLOCK, on=on))


def decide_by(received_at: datetime, rating: str) -> datetime:
    """When a referral received at a moment and rated so must be decided."""
    on = timezone.localdate(received_at)
    return rules.decide_by(received_at, rating_clock(rating, on), working_hours(on))


def due_after(at: datetime, setting: Setting) -> datetime:
    """When something owed from a moment on is due by one of the clocks above."""
    on = timezone.localdate(at)
    return due_by(at, _clock(value(setting, on=on)), working_hours(on)) or at


def look_back_since(at: datetime) -> datetime:
    """From when contacts on a household are counted."""
    months = int(value(LOOK_BACK_MONTHS, on=timezone.localdate(at)))
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, 28))


def look_back_rule(at: datetime) -> tuple[int, int]:
    """How many contacts on a household, within how many months, force a look back."""
    on = timezone.localdate(at)
    return int(value(LOOK_BACK_CONTACTS, on=on)), int(value(LOOK_BACK_MONTHS, on=on))


def strong_match(at: datetime) -> int:
    """From how many points of evidence somebody known stands in the way of a new entry."""
    return int(value(STRONG_MATCH, on=timezone.localdate(at)))


def old_after_days(on: date) -> int:
    """After how many days what somebody said is marked as old."""
    return int(value(OLD_AFTER_DAYS, on=on))


def page_again_at(at: datetime) -> datetime:
    """When an unaccepted page goes to the next person."""
    return at + timedelta(minutes=int(value(PAGE_AGAIN_MINUTES, on=timezone.localdate(at))))


def _clock(said: dict[str, Any]) -> Clock:
    return Clock(ClockKind(said["kind"]), Decimal(str(said["amount"])))


def _usable_clock(said: dict[str, Any]) -> None:
    """A clock that can be reckoned with, of at most a thousand hours or days."""
    if _clock(said).amount > 1000 or _clock(said).amount < 0:
        raise ValueError("A clock allows from 0 to 1,000 hours or days.")


def _usable_clocks(said: dict[str, Any]) -> None:
    """A clock for every rating."""
    for rating in Rating:
        _usable_clock(said[rating.value])


def _usable_hours(said: dict[str, Any]) -> None:
    """Hours with some time in them, on at least one day of the week."""
    hours = _hours(said)
    if hours.opens >= hours.closes or not hours.weekdays or not hours.weekdays <= set(range(7)):
        raise ValueError("The front door opens before it closes, on at least one weekday from 0 to 6.")


def _usable_reminders(said: dict[str, Any]) -> None:
    for kind in ("urgent", "other"):
        again, governance = said[kind]["again"], said[kind]["governance"]
        if not 10 <= again <= governance <= 10_080:
            raise ValueError("Give minutes from 10 to 10,080, those to information governance not before the others.")


def _usable_address(said: str) -> None:
    if not is_address(said):
        raise ValueError("Enter an e-mail address in the correct format, like name@example.com.")
