"""Ask once: which kinds of fact there are, when one is too old to be taken as read, and what counts as asking again. Pure.

Families said of fragmented services that "every time they came across a service, they would be asked the same questions
again and again". What a permitted source has said is shown with who said it and when; a *repeat* is a field such a
source knows and somebody types again unchanged; a *confirmation* is a short answer to "is this still right?".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from joinedup.engines.linkage import identifiers, names


class Kind(StrEnum):
    """What sort of fact a field holds. Facts of safety, health and contact do not keep."""

    IDENTITY = "identity"
    CONTACT = "contact"
    SAFETY = "safety"
    HEALTH = "health"


class Still(StrEnum):
    """An answer to "is this still right?"."""

    YES = "yes"
    CHANGED = "changed"
    NOT_KNOWN = "not_known"


STILL_LABELS: dict[Still, str] = {
    Still.YES: "Yes, still right",
    Still.CHANGED: "It has changed",
    Still.NOT_KNOWN: "I do not know",
}

# The fields of a contact and of somebody named in it that can be asked again, with their kind and what they are called.
FIELDS: dict[str, tuple[Kind, str]] = {
    "given_name": (Kind.IDENTITY, "First name"),
    "family_name": (Kind.IDENTITY, "Last name"),
    "birth_date": (Kind.IDENTITY, "Date of birth"),
    "sex": (Kind.IDENTITY, "Sex"),
    "nhs_number": (Kind.IDENTITY, "NHS number"),
    "upn": (Kind.IDENTITY, "Unique pupil number"),
    "school": (Kind.IDENTITY, "School"),
    "relationship": (Kind.IDENTITY, "Who a carer is to the child"),
    "address": (Kind.CONTACT, "Address"),
    "postcode": (Kind.CONTACT, "Postcode"),
    "phone": (Kind.CONTACT, "Phone number"),
    "safe_contact_details": (Kind.CONTACT, "Number or address that is safe"),
    "safe_contact_when": (Kind.SAFETY, "When it is safe"),
    "safe_contact_not_through": (Kind.SAFETY, "Who must not know"),
    "interpreter_language": (Kind.HEALTH, "Language"),
    "communication_needs": (Kind.HEALTH, "Help to communicate"),
}
# What is asked once as one question where it is old, and the fields it settles.
GROUPS: dict[str, tuple[Kind, str, tuple[str, ...]]] = {
    "home": (Kind.CONTACT, "Address", ("address", "postcode")),
    "phone": (Kind.CONTACT, "Phone number", ("safe_contact_details",)),
    "safe": (
        Kind.SAFETY, "Safe way to reach the family",
        ("safe_contact_details", "safe_contact_when", "safe_contact_not_through"),
    ),
    "talking": (Kind.HEALTH, "Help to communicate", ("interpreter_language", "communication_needs")),
}  # fmt: skip
# What somebody is found by. On the phone there is no other way to find them, so it is not counted there.
FOUND_BY = frozenset({"given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "relationship"})


def label_of(name: str) -> str:
    """What a field or a group is called."""
    return FIELDS[name][1] if name in FIELDS else GROUPS[name][1] if name in GROUPS else name


def is_old(kind: Kind, said_on: date, *, on: date, days: Mapping[str, int]) -> bool:
    """Whether a fact must be confirmed rather than taken as read. Who somebody is does not go off."""
    allowed = days.get(kind.value)
    return allowed is not None and on - said_on > timedelta(days=allowed)


def _digits(text: str) -> str:
    number = re.sub(r"\D", "", text)
    return "0" + number[2:] if number.startswith("44") and len(number) > 11 else number


def _reader(read: Callable[[str], str]) -> Callable[[str], str]:
    def safe(text: str) -> str:
        try:
            return read(text)
        except ValueError:
            return _plain(text)

    return safe


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w@.]+", " ", text.casefold()).split()).replace(".", "")


_NORMAL: dict[str, Callable[[str], str]] = {
    "given_name": lambda text: names.normalise(text) or _plain(text),
    "family_name": lambda text: names.normalise(text) or _plain(text),
    "postcode": _reader(identifiers.postcode),
    "phone": _digits,
    "nhs_number": _digits,
    "safe_contact_details": lambda text: _digits(text) if len(_digits(text)) >= 10 else _plain(text),
}


def normal(name: str, value: Any) -> str:
    """A value as it is compared: case, spaces, punctuation and the ways to write a phone number or postcode do not
    make it another. Empty where nothing was said."""
    if isinstance(value, datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value or "").strip()
    if not text or (name == "sex" and text == "U"):
        return ""
    return _NORMAL.get(name, _plain)(text)


def repeated(
    typed: Mapping[str, Any],
    known: Mapping[str, Any],
    *,
    shown: Collection[str] = (),
    asked: Mapping[str, str] | None = None,
) -> list[str]:
    """The fields that were known and typed again unchanged.

    A field that was shown filled in and kept is not one, and neither is one that a confirmation settled; but whoever
    says "it has changed" and types the same again has been asked for nothing.
    """
    settled = {name for group, answer in (asked or {}).items() if answer != Still.CHANGED for name in GROUPS[group][2]}
    retyped = {name for group, answer in (asked or {}).items() if answer == Still.CHANGED for name in GROUPS[group][2]}
    kept = (set(shown) | settled) - retyped
    return [
        name
        for name in FIELDS
        if name not in kept
        and normal(name, typed.get(name))
        and normal(name, typed.get(name)) == normal(name, known.get(name))
    ]


@dataclass(frozen=True)
class Shown:
    """What a form arrived with, and what became of it: where it was from, which fields stood in it, and the answers to
    "is this still right?" by group."""

    key: str = ""
    child_fields: tuple[str, ...] = ()
    family_fields: tuple[str, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
