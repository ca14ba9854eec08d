"""A record of a service in the shape of the standard: cleaned of what has no value, with what is searched worked out. Pure.

A field without a value is left out (Open Referral UK 3.0, compliance rules). The place of a service that keeps it secret is taken
out before anything is kept, and words that look like a part of it are refused (DR-107).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from math import isfinite
from typing import Any
from uuid import UUID

from joinedup.directory import rules
from joinedup.directory.codes import OWN, WEEKDAYS
from joinedup.directory.profile import faults_of

MOST_CHARACTERS = 100_000
_GSS = re.compile(r"\b[A-Z]\d{8}\b")
_STREET = re.compile(
    r"\b\d+[A-Za-z]? [A-Z][a-z]+ (?:Street|Road|Lane|Avenue|Close|Drive|Way|Court|Terrace|Crescent|Hill)\b"
)
_SECRET = (
    "addresses",
    "latitude",
    "longitude",
    "external_identifier",
    "external_identifier_type",
    "name",
    "description",
)


def storable(value: Any, depth: int = 0) -> Any:
    """The same as the database can keep it: it knows no NUL, no half a character, no number without end. What is nested without
    end is cut."""
    if depth > 60:
        return "…"
    if isinstance(value, dict):
        return {storable(str(name)): storable(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [storable(one, depth + 1) for one in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if not isinstance(value, str) or (value.isascii() and "\x00" not in value):
        return value
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def cleaned(value: Any) -> Any:
    """The same without null, empty text, empty lists and empty objects, however deep; text without spaces around it."""
    if isinstance(value, dict):
        inner = {str(name): cleaned(one) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one not in (None, "", [], {})}
    if isinstance(value, list):
        return [one for one in map(cleaned, value) if one not in (None, "", [], {})]
    return value.strip() if isinstance(value, str) else value


def without_place(document: dict[str, Any]) -> dict[str, Any]:
    """The record of a service that keeps its address secret: it is somewhere, and nothing says where."""
    kept = dict(document)
    kept["service_at_locations"] = [
        {**at, "location": {name: one for name, one in at["location"].items() if name not in _SECRET}}
        if isinstance(at.get("location"), dict)
        else at
        for at in document.get("service_at_locations", [])
    ]
    return kept


def place_said(value: Any, path: str = "record") -> str:
    """The field of a record whose words look like a postcode or a street with its number; "" where there is none. The words
    themselves are never told: a sentence about them would carry the address."""
    if isinstance(value, dict):
        return next((found for name, one in value.items() if (found := place_said(one, str(name)))), "")
    if isinstance(value, list):
        return next((found for one in value if (found := place_said(one, path))), "")
    if isinstance(value, str) and (rules.POSTCODE_PATTERN.search(value) or _STREET.search(value)):
        return path
    return ""


def kept_document(document: dict[str, Any], *, is_address_secret: bool) -> dict[str, Any]:
    """What is kept of a record. Raises Refused (DR-101, DR-105, DR-107, DR-108, DR-111)."""
    found: dict[str, Any] = cleaned(document)
    if not found.get("name"):
        raise rules.NAME.refused()
    if is_address_secret:
        found = cleaned(without_place(found))
        where = place_said({name: one for name, one in found.items() if name != "id"})
        if where:
            raise rules.PROTECTED_WORDS.refused(field=where.replace("_", " "))
    wrong = next((each for each in faults_of(found, "service") if not each.is_remark), None)
    if wrong is not None:
        raise rules.NOT_CONFORMANT.refused(path=wrong.path, words=wrong.words)
    least, most = found.get("minimum_age"), found.get("maximum_age")
    if least is not None and most is not None and most < least:
        raise rules.AGES.refused()
    if len(str(found)) > MOST_CHARACTERS:
        raise rules.TOO_LONG.refused(most=MOST_CHARACTERS)
    return found


@dataclass(frozen=True)
class PlaceShaped:
    """Where a service is given."""

    id: UUID
    location_id: UUID
    name: str
    postcode: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Shaped:
    """What is searched of a record."""

    words: str
    minimum_age: float | None
    maximum_age: float | None
    is_free: bool | None
    terms: tuple[UUID, ...]
    areas: tuple[str, ...]
    places: tuple[PlaceShaped, ...]
    openings: tuple[tuple[str, time | None, time | None], ...]
    catalogue: dict[str, str] = field(default_factory=dict)


def shaped(document: dict[str, Any]) -> Shaped:
    """What is searched of a record that was kept."""
    terms = [each["taxonomy_term"] for each in document.get("attributes", ()) if "taxonomy_term" in each]
    places = tuple(_place(each) for each in document.get("service_at_locations", ()) if "location" in each)
    said = [term["name"] for term in terms] + [each.name for each in places]
    own = document.get(OWN)
    return Shaped(
        words=" ".join(said),
        minimum_age=_age(document.get("minimum_age")), maximum_age=_age(document.get("maximum_age")),
        is_free=_is_free(document), terms=tuple(UUID(term["id"]) for term in terms),
        areas=_areas(document), places=places, openings=_openings(document),
        catalogue={str(name): str(one) for name, one in own.items()} if isinstance(own, dict) else {},
    )  # fmt: skip


def _age(value: Any) -> float | None:
    return min(max(float(value), 0.0), 150.0) if isinstance(value, int | float) else None


def _is_free(document: dict[str, Any]) -> bool | None:
    """Free where it says so or every price is nought; not free where a price is more; not known where it says nothing."""
    amounts = [each["amount"] for each in document.get("cost_options", ()) if "amount" in each]
    if amounts:
        return all(amount == 0 for amount in amounts)
    fees = str(document.get("fees", "")).lower()
    return True if fees.startswith(("free", "no cost", "no charge")) else False if fees else None


def _areas(document: dict[str, Any]) -> tuple[str, ...]:
    found = [
        code
        for each in document.get("service_areas", ())
        for name in ("uri", "extent", "service_area", "name")
        for code in _GSS.findall(str(each.get(name, "")))
    ]
    return tuple(dict.fromkeys(found))


def _place(at: dict[str, Any]) -> PlaceShaped:
    location = at["location"]
    postcodes = [rules.written_postcode(str(each.get("postal_code", ""))) for each in location.get("addresses", ())]
    return PlaceShaped(
        UUID(at["id"]), UUID(location["id"]), str(location.get("name", ""))[:300],
        next((each for each in postcodes if each), ""), location.get("latitude"), location.get("longitude"),
    )  # fmt: skip


def _openings(document: dict[str, Any]) -> tuple[tuple[str, time | None, time | None], ...]:
    found: dict[tuple[str, time | None, time | None], None] = {}
    for each in document.get("schedules", ()):
        for day in re.findall(r"[A-Z]{2}", str(each.get("byday", ""))):
            if day in WEEKDAYS:
                key = (day, clock(str(each.get("opens_at", ""))), clock(str(each.get("closes_at", ""))))
                found[key] = None
    return tuple(found)


def clock(text: str) -> time | None:
    """A time of day as the standard has it, with or without seconds and zone; None for anything else."""
    matched = re.match(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    return time(int(matched[1]), int(matched[2])) if matched else None
