"""The content of a hand-over, which is made for programs, in words for the person who receives it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from joinedup.core.formats import date_long, date_time, nhs
from joinedup.front_door.codes import ANSWER_LABELS, SAFE_WAYS

Names = tuple[tuple[str, str], ...]

_ANSWERS = {str(code): label for code, label in ANSWER_LABELS.items()}
_PERSON = (
    ("name", "Name"), ("relationship", "Relationship"), ("PersonBirthDate", "Date of birth"),
    ("ExpectedPersonBirthDate", "Expected on"), ("address", "Address"), ("postcode", "Postcode"),
    ("is_no_fixed_address", "No fixed address"), ("NHSnumber", "NHS number"), ("UPN", "Unique pupil number"),
    ("school", "School"), ("phone", "Phone"),
)  # fmt: skip
_REFERRAL = (
    ("reference", "Referral"), ("rating", "Rating"), ("level", "Level of need"), ("primary_need", "Main need"),
    ("is_immediate_danger", "Danger now"), ("is_safeguarding_concern", "Safeguarding concern"),
    ("family_knows", "Family knows"), ("family_agrees", "Family agrees"), ("agreement_reason", "Why not"),
)  # fmt: skip
_DECISION = (("reason", "Reason"), ("proposed_at", "Proposed"), ("decided_at", "Decided"))
_SAID = (
    ("childs_words", "The child’s own words"), ("worry", "Worry"), ("going_well", "Going well"),
    ("tried_already", "Tried already"), ("wanted", "What would help"),
)  # fmt: skip
_SAFE = (
    ("how", "Safe way"), ("details", "Use"), ("when", "When"), ("not_through", "Not through"),
    ("interpreter_language", "Interpreter"), ("communication_needs", "Communication"),
)  # fmt: skip
_REFERRER = (
    ("name", "Name"), ("role", "Role"), ("organisation", "Organisation"), ("phone", "Phone"), ("email", "Email"),
    ("is_anonymous", "Anonymous"),
)  # fmt: skip


def in_words(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts of a hand-over in the order somebody reads them; what was not sent is left out."""
    parts: list[tuple[str, Mapping[str, Any], Names]] = [
        (f"Child: {each.get('name', '')}", each, _PERSON) for each in content.get("children", ())
    ]
    parts += [
        ("What was said", content.get("said", {}), _SAID),
        ("The referral", content.get("referral", {}), _REFERRAL),
        ("The decision", content.get("decision", {}), _DECISION),
        ("Contacting the family safely", content.get("safe_contact", {}), _SAFE),
    ]
    parts += [(f"Adult: {each.get('name', '')}", each, _PERSON) for each in content.get("adults", ())]
    parts.append(("Who it is from", content.get("referrer", {}), _REFERRER))
    sections = [{"title": title, "rows": _rows(told, names)} for title, told, names in parts]
    return [section for section in sections if section["rows"]]


def _rows(told: Mapping[str, Any], names: Names) -> list[tuple[str, str]]:
    said = [(label, _said(name, told.get(name))) for name, label in names]
    return [(label, value) for label, value in said if value]


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else ""
    if not value:
        return ""
    text = str(value)
    if name.endswith("_at"):
        return date_time(datetime.fromisoformat(text))
    if name.endswith("BirthDate"):
        return date_long(date.fromisoformat(text))
    words = {"how": SAFE_WAYS, "family_knows": _ANSWERS, "family_agrees": _ANSWERS}.get(name, {})
    known = words.get(text, text.capitalize() if name in {"rating", "relationship"} else text)
    return nhs(known) if name == "NHSnumber" else known
