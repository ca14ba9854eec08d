"""What each kind of referrer may be told, by which ways, and in which words (rule FD-50). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from joinedup.core.formats import date_long
from joinedup.front_door.codes import LEVELS_OF_NEED, OUTCOME_LABELS, REFERRAL_SOURCES, MayBeTold, Outcome

_PARENTS = frozenset(
    {"parent", "parent or carer", "mother", "father", "carer", "guardian", "step-parent", "foster carer"}
)
_RELATIVES = frozenset({"1A", "1B", "1D", "10"})
_ANONYMOUS = "9"


def kind_of_referrer(source_code: str, relationship: str = "", *, is_anonymous: bool = False) -> str:
    """Which row of the table somebody stands in: professional, self, relative or anonymous."""
    if is_anonymous or source_code == _ANONYMOUS:
        return "anonymous"
    if source_code == "1C" or (source_code == "1A" and relationship.strip().lower() in _PARENTS):
        return "self"
    if source_code in _RELATIVES or source_code not in REFERRAL_SOURCES:
        return "relative"
    return "professional"


_TOLD: dict[str, tuple[MayBeTold, str]] = {
    "professional": (MayBeTold.DECISION, "A professional: may be told the decision and who will be in touch."),
    "self": (
        MayBeTold.DECISION,
        "The parent or young person: may be told the decision in plain words, in the way they said is safe.",
    ),
    "relative": (MayBeTold.RECEIPT, "A relative, neighbour or friend: may be told only that we have it."),
    "anonymous": (MayBeTold.RECEIPT, "Somebody anonymous: may be told only that we have it."),
}


def what_may_be_told(kind: str, *, can_be_reached: bool) -> tuple[MayBeTold, str]:
    """What a kind of referrer may be told and the sentence that says so (FD-50). An anonymous referrer who left no way
    to be reached is owed nothing, and the reason is kept."""
    if kind == "anonymous" and not can_be_reached:
        return MayBeTold.NOTHING, "they stayed anonymous and left no way to be reached."
    return _TOLD[kind]


@dataclass(frozen=True)
class Reach:
    """The ways somebody left to be reached. `safe_how` is the one way they said is safe."""

    kind: str
    phone: str = ""
    email: str = ""
    safe_how: str = ""
    safe_details: str = ""
    sees_screen: bool = False


_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"]+@[^@\s<>()\[\]\\,;:\"]+\.[^@\s<>()\[\]\\,;:\"]+")


def is_address(text: str) -> bool:
    """One e-mail address and nothing else. A line break in it would write a header of its own."""
    return bool(_ADDRESS.fullmatch(text)) and ".." not in text


def names_said(text: str, names: Iterable[str]) -> list[str]:
    """Which of these names a text says, as whole words written as names are: “will” is not Will."""
    wanted = [name for name in dict.fromkeys(names) if len(name) > 1]
    return [name for name in wanted if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def ways_to_tell(reach: Reach) -> tuple[str, ...]:
    """The ways that may be used, the best first (codes.WAYS_TO_TELL). Where one safe way was given, that one alone;
    where somebody said that no way is safe, none (FD-51)."""
    if reach.kind != "professional" and reach.safe_how:
        is_none = reach.safe_how == "none" or (reach.safe_how == "email" and not address_for(reach))
        return () if is_none else (reach.safe_how,)
    if reach.kind == "professional":
        ways = ["email"] if reach.email else []
        return (*ways, "phone", "letter", *(("on_screen",) if reach.sees_screen else ()))
    return tuple(way for way, given in (("email", reach.email), ("phone", reach.phone)) if given)


def address_for(reach: Reach) -> str:
    """The e-mail address to use, or "": the safe one where one was given."""
    if reach.kind != "professional" and reach.safe_how:
        return reach.safe_details if reach.safe_how == "email" and is_address(reach.safe_details) else ""
    return reach.email


@dataclass(frozen=True)
class Told:
    """What there is to tell. `outcome` is "" where the contact went to an open case."""

    reference: str
    received_at: datetime
    outcome: str
    level: int | None
    who: str


_PLAIN: dict[str, str] = {
    "": "We have passed this on to the person who already works with your family.",
    Outcome.ADVICE: "We have given you information and advice.",
    Outcome.SINGLE_AGENCY: "One service can help you.",
    Outcome.EARLY_HELP: "A team that works with families can help you. They will ask you what would make a difference.",
    Outcome.FAMILY_SUPPORT: "A family support worker can help you.",
    Outcome.STATUTORY: "A social worker will talk with you.",
    Outcome.NO_FURTHER_ACTION: "We do not plan to do anything more now. You can ask us again at any time.",
}


def words_for(kind: str, told: Told) -> tuple[str, str]:
    """The suggested subject and text for a kind of referrer. They name no child, whoever reads the message."""
    received = date_long(told.received_at)
    if kind == "self":
        subject = "About the help you asked for"
        touch = f" {told.who} will be in touch with you." if told.who else ""
        return subject, f"You asked us for help on {received} ({told.reference}). {_PLAIN[told.outcome]}{touch}"
    if kind != "professional":
        return receipt_words(told.reference, told.received_at)
    if told.outcome:
        level = f" {LEVELS_OF_NEED[told.level]}." if told.level else ""
        decision = f"It was decided: {OUTCOME_LABELS[Outcome(told.outcome)].lower()}.{level}"
    else:
        decision = "It went to the lead professional of the family’s open case."
    touch = f" {told.who} will be in touch." if told.who else ""
    return (
        f"Your referral {told.reference}",
        f"Thank you for your referral {told.reference}, received on {received}. {decision}{touch}",
    )


def receipt_words(reference: str, received_at: datetime) -> tuple[str, str]:
    """What somebody is told who may be told only that we have it."""
    return (
        f"We have received what you told us: {reference}",
        f"Thank you. We received what you told us on {date_long(received_at)} ({reference}). To keep families’ lives "
        "private we cannot tell you what happens next. If a child is in danger now, call 999.",
    )
