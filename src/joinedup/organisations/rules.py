"""What a partnership's organisations, places and posts must satisfy. Pure.

A rule has a code, the sentence a person reads when it refuses, and a source. A check returns the rule that is broken,
or None.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from joinedup.access.roles import Role


@dataclass(frozen=True)
class Rule:
    """`field` names the form field the sentence belongs to; `source` says where the rule comes from."""

    code: str
    sentence: str
    field: str = ""
    source: str = "local: partnership practice"


SECONDMENT_ENDS = Rule(
    "OR-1",
    "A secondment must have an end, or a day on which it is reviewed.",
    "ends_at",
    "local: secondment agreements",
)
FUNDING_ADDS_UP = Rule("OR-2", "The shares of those who pay for a post must add up to exactly 100%.", "funding")
WITHIN_ORGANISATION = Rule(
    "OR-3", "A post must lie within the dates of the organisations that employ and host it.", "starts_at"
)
NOT_ONESELF = Rule("OR-4", "Nobody can be their own supervisor.", "line_supervisor")
ENDS_AFTER_START = Rule("OR-5", "A post must end after it starts.", "ends_at")
PART_OF_A_WEEK = Rule(
    "OR-6", "The hours of a post must be more than none and at most one full-time equivalent.", "full_time_equivalent"
)
REGISTRATION_RECORDED = Rule(
    "OR-7",
    "A social worker's post can only be given to somebody whose registration has been checked and recorded.",
    "is_registered_social_worker",
    "local: decisions kept for a registered social worker",
)
SUPERVISOR_IN_POST = Rule(
    "OR-8", "A supervisor must hold their own post on the day the supervised post starts.", "line_supervisor"
)
ACCESS_NOT_REWRITTEN = Rule(
    "OR-9", "A post cannot be ended in the past: the person had its access until now.", "ends_at"
)
ALREADY_ENDED = Rule("OR-10", "That post has ended. Appoint the person again instead.", "ends_at")
LATER_THAN_BEFORE = Rule("OR-11", "An extension must be later than the present end.", "ends_at")
CODE_TAKEN = Rule("OR-12", "That code is already in use.", "code")
CLOSES_AFTER_OPENING = Rule("OR-13", "An organisation cannot close before it opened.", "closed_on")
CLOSED_ALREADY = Rule("OR-14", "That organisation has closed already.", "closed_on")
POSTS_RUN_ON = Rule(
    "OR-15", "People still hold posts there after that day. End those posts, or appoint the people elsewhere, first."
)
SUCCESSOR_THERE = Rule("OR-16", "The successor must be open on the day it takes over.", "successor")
NO_CIRCLE = Rule("OR-17", "An organisation cannot be its own successor, directly or through others.", "successor")
DAY_AFTER_CLOSING = Rule(
    "OR-18", "The successor takes over on the day after the predecessor's last day, which is recorded already.", "on"
)
POSTCODE_PREFIX = Rule("OR-19", "Enter the beginning of a postcode, such as ZZ1, ZZ1 2 or ZZ1 2AB.", "prefixes")
PREFIX_TAKEN = Rule("OR-20", "That part of a postcode already belongs to another locality.", "prefixes")
NOT_ONES_OWN_POST = Rule(
    "OR-21",
    "Nobody gives themselves a post or extends their own: what it opens is for another person to decide.",
    "email",
)
TWO_PEOPLE = Rule(
    "OR-22",
    "A post with much power is proposed by one person and agreed to by another.",
    "role",
)
EXTENDED_BY_TWO = Rule(
    "OR-23",
    "A post with much power is not extended by one person. Propose the appointment again; a second person agrees to it.",
    "ends_at",
)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))

WHOLE = 10_000  # hundredths of a per cent

_FULL = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
_PREFIX = re.compile(r"([A-Z]{1,2})([0-9][A-Z0-9]?)?(?: ([0-9][A-Z]{0,2}))?")

AnyKey = TypeVar("AnyKey")


def postcode_prefixes(postcode: str) -> list[str]:
    """Every prefix a postcode lies under, longest first: unit, half unit, sector, district, area.

    The inward part is always the last three characters, so ZZ1 1AA never falls under the district ZZ11. A district
    alone (all a caller knows) is allowed. Text that is no postcode has no prefixes.
    """
    text = " ".join(postcode.upper().split())
    full = _FULL.fullmatch(text)
    if full:
        outward, inward = full.groups()
        longer = [f"{outward} {inward[:length]}" for length in (3, 2, 1)]
    elif re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?", text):
        outward, longer = text, []
    else:
        return []
    area = outward[:2] if outward[1].isalpha() else outward[:1]
    return [*longer, outward, area]


def tidy_prefix(text: str) -> str | None:
    """A prefix in the one form it is stored in, or None when it is not the beginning of a postcode.

    The space before the sector may be left out only in a whole postcode, because elsewhere it would be ambiguous.
    """
    tidy = " ".join(text.upper().split())
    full = _FULL.fullmatch(tidy)
    if full:
        return " ".join(full.groups())
    found = _PREFIX.fullmatch(tidy)
    if found is None or (found.group(3) and not found.group(2)):
        return None
    return tidy


def funding_fault(shares: Mapping[AnyKey, int]) -> Rule | None:
    """Shares in hundredths of a per cent, one for each payer."""
    fair = all(isinstance(share, int) and 0 < share <= WHOLE for share in shares.values())
    return None if fair and sum(shares.values()) == WHOLE else FUNDING_ADDS_UP


def within(starts_on: date, ends_on: date | None, opened_on: date | None, closed_on: date | None) -> bool:
    """Does a post lie within an organisation's first and last day? An open end needs an organisation without one."""
    if opened_on is not None and starts_on < opened_on:
        return False
    if closed_on is None:
        return True
    return ends_on is not None and ends_on <= closed_on


def dates_fault(
    starts_at: datetime, ends_at: datetime | None, review_on: date | None, *, is_secondment: bool
) -> Rule | None:
    """A post's own dates."""
    if ends_at is not None and ends_at <= starts_at:
        return ENDS_AFTER_START
    if is_secondment and ends_at is None and review_on is None:
        return SECONDMENT_ENDS
    return None


def person_fault(role: Role, full_time_equivalent: Decimal, *, is_registered_social_worker: bool) -> Rule | None:
    """What the post asks of its holder."""
    if not Decimal(0) < full_time_equivalent <= Decimal(1):
        return PART_OF_A_WEEK
    if role == Role.SOCIAL_WORKER and not is_registered_social_worker:
        return REGISTRATION_RECORDED
    return None


def end_fault(at: datetime, ends_at: datetime, starts_at: datetime, present_end: datetime | None) -> Rule | None:
    """Ending a post at a moment that is not in the past."""
    if present_end is not None and present_end <= at:
        return ALREADY_ENDED
    if ends_at < at:
        return ACCESS_NOT_REWRITTEN
    return ENDS_AFTER_START if ends_at <= starts_at else None


def extension_fault(at: datetime, ends_at: datetime, present_end: datetime | None) -> Rule | None:
    """Moving the end of a post that still runs to a later moment."""
    if present_end is None:
        return LATER_THAN_BEFORE
    if present_end <= at:
        return ALREADY_ENDED
    return LATER_THAN_BEFORE if ends_at <= present_end else None


def succession_fault(
    on: date, *, predecessor_closed_on: date | None, successor_opened_on: date | None, successor_closed_on: date | None
) -> Rule | None:
    """The successor is there from the day after the predecessor's last."""
    if successor_opened_on is not None and successor_opened_on > on:
        return SUCCESSOR_THERE
    if successor_closed_on is not None and successor_closed_on < on:
        return SUCCESSOR_THERE
    if predecessor_closed_on is not None and predecessor_closed_on != on - timedelta(days=1):
        return DAY_AFTER_CLOSING
    return None


def leads_back(start: AnyKey, goal: AnyKey, successors: Mapping[AnyKey, Collection[AnyKey]]) -> bool:
    """Does following successors from `start` reach `goal`?"""
    seen: set[AnyKey] = set()
    waiting: list[AnyKey] = [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting.extend(successors.get(here, ()))
    return False


def longest_prefix(postcode: str, known: Iterable[str]) -> str | None:
    """The longest of the known prefixes the postcode lies under, or None when it lies outside them all."""
    have = set(known)
    return next((prefix for prefix in postcode_prefixes(postcode) if prefix in have), None)
