"""The registry of the pages of a case, in the order of its sub-navigation: parts above casework add theirs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

# Words and the name of the address, which takes the case's id.
_OWN: tuple[tuple[str, str], ...] = (
    ("Overview", "case"),
    ("Team", "case_team"),
    ("Meetings", "case_meetings"),
    ("Assessment", "case_assessments"),
    ("Agreement", "case_agreement"),
    ("Plan", "case_plan"),
    ("Reviews", "case_reviews"),
    ("Notes", "case_notes"),
    ("Chronology", "case_chronology"),
)
_added: list[tuple[str, str]] = []


def register_case_tab(text: str, url_name: str) -> None:
    """Called from a part's `apps.py`. Who sees the case sees the tab; the page behind it decides what they see there."""
    if (text, url_name) not in _added:
        _added.append((text, url_name))


def tabs_of(case_id: UUID, here: str) -> list[dict[str, Any]]:
    """The sub-navigation of a case; `here` is the name of the address of the tab that is open."""
    return [
        {"text": text, "href": reverse(name, args=[case_id]), "active": name == here} for text, name in (*_OWN, *_added)
    ]
