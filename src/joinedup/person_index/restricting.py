"""Restricted people and access in an emergency: the categories, their rules and the sentences people read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from joinedup.person_index.rules import Rule

_POLICY = "local: restricted records policy (after published policies of two councils)"


@dataclass(frozen=True)
class Category:
    """Why a record is kept from most people, and what follows from that.

    `needs_two`: two people impose and end it. `may_break_glass`: it opens in an emergency. `governance_sees`: whoever
    answers for who saw what sees that it is there; otherwise only guardians and those named do.
    """

    code: str
    name: str
    sentence: str
    needs_two: bool = False
    may_break_glass: bool = True
    governance_sees: bool = True


CATEGORIES: dict[str, Category] = {
    each.code: each
    for each in (
        Category(
            "witness_protection",
            "Protected witness or new identity",
            "Somebody would be in danger if they were found. There is no trace of them for anybody who is not named.",
            needs_two=True,
            may_break_glass=False,
            governance_sees=False,
        ),
        Category("high_profile", "High profile", "Somebody who would be looked up out of curiosity."),
        Category("staff_interest", "Staff interest", "A member of staff is, or is close to, the person."),
        Category(
            "adoption",
            "Adoption, before the order",
            "A child placed for adoption, whose two families must not find each other through a record.",
            needs_two=True,
        ),
        Category(
            "adoption_sealed",
            "Adoption, sealed",
            "The record from before an adoption order. It stays shut, also in an emergency.",
            needs_two=True,
            may_break_glass=False,
        ),
        Category(
            "high_risk",
            "High risk or confidential address",
            "Somebody means them harm, and an address or a school would lead there.",
        ),
        Category("serious_case", "Serious case or high media interest", "A review or the press draws eyes to it."),
    )
}

RP_1 = Rule("RP-1", "Choose why the record is restricted.", _POLICY)
RP_2 = Rule("RP-2", "Say why, so that whoever reviews it can follow it.", _POLICY)
RP_3 = Rule("RP-3", "Name at least one guardian who holds their post now: somebody has to answer.", _POLICY)
RP_4 = Rule("RP-4", "This record is restricted for this reason already.", _POLICY)
RP_5 = Rule("RP-5", "You proposed this, so somebody else has to agree to it.", _POLICY)
RP_6 = Rule("RP-6", "This restriction has ended.", _POLICY)
RP_7 = Rule(
    "RP-7",
    "A colleague is checking part of this referral. Go on working; you can decide, allocate or close it as soon as "
    "they have answered. If a child is in danger now, ring the person on duty: nobody waits for a screen.",
    _POLICY,
)
RP_8 = Rule("RP-8", "This was answered already.", _POLICY)
RP_9 = Rule("RP-9", "There is no such record, or more than one fits. Check the number, the name and the date.", _POLICY)
RP_10 = Rule("RP-10", "There is no account with the address {address} that holds a post now.", _POLICY)
RP_11 = Rule("RP-11", "The last guardian cannot leave. Name another first.", _POLICY)
RP_12 = Rule("RP-12", "Choose whether this is them or how they belong to you.", _POLICY)
RP_13 = Rule("RP-13", "Enter their first and last name.", _POLICY)
RP_14 = Rule("RP-14", "Choose who takes this referral over.", _POLICY)
RP_15 = Rule("RP-15", "Somebody must have agreed to it first.", _POLICY)

BG_1 = Rule("BG-1", "Choose why this cannot wait.", _POLICY)
BG_2 = Rule("BG-2", "Say in at least 20 characters what is happening.", _POLICY)
BG_3 = Rule(
    "BG-3",
    "No record can be opened with these details. Check them, and ring the person on duty or the emergency duty team if "
    "a child is in danger.",
    _POLICY,
)
BG_4 = Rule(
    "BG-4", "You opened this record in an emergency, to read it. Nothing in it can be changed that way.", _POLICY
)
BG_5 = Rule("BG-5", "You can have one record open in this way at a time. Close the other first.", _POLICY)
BG_6 = Rule("BG-6", "You opened this record yourself, so somebody else has to look at it.", _POLICY)
BG_7 = Rule("BG-7", "Choose whether it was justified.", _POLICY)
BG_8 = Rule("BG-8", "Say what you found, for the person who opened it and for the record.", _POLICY)
BG_9 = Rule("BG-9", "This ended already.", _POLICY)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))

REASONS: dict[str, str] = {
    "danger": "A child is in danger now",
    "missing": "A child is missing",
    "medical": "A medical emergency",
    "police": "The police or a court need an answer now",
    "out_of_hours": "Out of hours, and nobody who works with the family can be reached",
}
OUTCOMES: dict[str, str] = {"justified": "Justified", "not_justified": "Not justified"}
MATCH_ANSWERS: dict[str, str] = {
    "proceed": "Proceed: it is somebody else, or the work goes on without this record",
    "take": "I take it: somebody who may see the record takes the referral over",
}
LEAST_WORDS = 20
REVIEW_DAYS = 90
# Nobody waits longer for a review than this before the board sees it.
ESCALATE_AFTER = timedelta(hours=48)


def review_by(start: date, days: int = REVIEW_DAYS) -> date:
    """The last day on which somebody has to look at a restriction again."""
    return start + timedelta(days=days)


def is_live(starts_at: datetime, ended_at: datetime | None, at: datetime) -> bool:
    """Whether a restriction is in force at a moment: from its start up to, but not including, its end."""
    return starts_at <= at and (ended_at is None or at < ended_at)


def reason_fault(code: str, words: str) -> Rule | None:
    """What is wrong with a reason for opening a record in an emergency; spaces do not count."""
    if code not in REASONS:
        return BG_1
    return BG_2 if len(" ".join(words.split())) < LEAST_WORDS else None


def minutes_left(ends_at: datetime, at: datetime) -> int:
    """Whole minutes until a moment, the begun one counted; 0 once it has come."""
    return max(0, -((at - ends_at) // timedelta(minutes=1)))
