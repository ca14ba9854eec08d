"""How complete a record is: what families and practitioners ask for, the most useful first, and what of it is missing. Pure.

Open Referral UK lets nearly everything be left out; research with families and practitioners says what they look for first
(shared directory notes: who it is for, when, where, what it costs, how to reach it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

_ENOUGH_WORDS = 60  # characters of a description that says more than the name


def _places(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each["location"] for each in document.get("service_at_locations", ()) if each.get("location")]


def _has_address(document: Mapping[str, Any]) -> bool:
    return any(place.get("addresses") or place.get("location_type") == "virtual" for place in _places(document))


def _has_cost(document: Mapping[str, Any]) -> bool:
    return bool(document.get("fees")) or any("amount" in each for each in document.get("cost_options", ()))


def _has_ages(document: Mapping[str, Any]) -> bool:
    return document.get("minimum_age") is not None or document.get("maximum_age") is not None


# Code, what it is, what to do about it, whether a record has it. In the order in which they help most.
_FIELDS: tuple[tuple[str, str, str, Callable[[Mapping[str, Any]], bool]], ...] = (
    ("description", "A description", "Say what happens there, in a few plain sentences.",
     lambda d: len(str(d.get("description", ""))) >= _ENOUGH_WORDS),
    ("phone", "A phone number", "Give a phone number: many families would rather ring.", lambda d: bool(d.get("phones"))),
    ("times", "Days and hours", "Say on which days and at what time.", lambda d: bool(d.get("schedules"))),
    ("place", "Where it is", "Give the address, so that people can see how far it is.", _has_address),
    ("cost", "What it costs", "Say what it costs, or that it is free.", _has_cost),
    ("ages", "Ages", "Say from what age to what age it is.", _has_ages),
    ("category", "A category", "Choose what kind of help it is, so that people find it.", lambda d: bool(d.get("attributes"))),
    ("area", "Who may come", "Say which area people must live in, or that anybody may come.", lambda d: bool(d.get("service_areas"))),
    ("access", "Getting in", "Say whether somebody in a wheelchair can get in.",
     lambda d: any(place.get("accessibility") for place in _places(d))),
    ("email", "An e-mail address", "Give an e-mail address that somebody reads.", lambda d: bool(d.get("email"))),
    ("web", "A web page", "Give the address of its web page.", lambda d: bool(d.get("url"))),
    ("languages", "Languages", "Say which languages are spoken there.", lambda d: bool(d.get("languages"))),
)  # fmt: skip
LABELS: dict[str, str] = {code: label for code, label, _, _ in _FIELDS}
ADVICE: dict[str, str] = {code: words for code, _, words, _ in _FIELDS}
_OF_PLACES = {"place", "access"}  # never asked of a service that keeps its address secret


def completeness_of(document: Mapping[str, Any], *, is_address_secret: bool) -> tuple[int, tuple[str, ...]]:
    """Per cent of what counts, and the codes of what is missing, the most useful first."""
    asked = [each for each in _FIELDS if not (is_address_secret and each[0] in _OF_PLACES)]
    missing = tuple(code for code, _, _, has in asked if not has(document))
    return round(100 * (len(asked) - len(missing)) / len(asked)), missing


def next_best(missing: Iterable[str]) -> str:
    """What to fill in first; "" where nothing is missing."""
    wanted = set(missing)
    return next((words for code, _, words, _ in _FIELDS if code in wanted), "")
