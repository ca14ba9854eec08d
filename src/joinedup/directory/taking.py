"""Turning another directory's record into ours: Open Referral UK 3.0, its version 1, and a table. Pure.

Nothing is made up: what a record does not say stays unsaid, but for the three things the standard asks of an address, which are
filled from its own words (county from region or town, country GB, kind physical).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from joinedup.core.errors import Refused
from joinedup.directory import rules
from joinedup.directory.codes import STATUSES, WEEKDAYS
from joinedup.directory.profile import is_format
from joinedup.directory.shaping import cleaned

Json = dict[str, Any]
_DAYS = {name.lower(): day for day, name in zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A record in the shape of the standard, still under its own identifiers, and who provides it."""

    document: Json
    provider_id: str
    provider: str
    about_provider: str
    email: str
    website: str


def taken(raw: Json) -> Taken:
    """One record, whichever of the three it is. Raises Refused with what keeps it from being taken (DR-101, DR-112)."""
    document = cleaned(raw)
    document = (
        _from_table(document)
        if "organisation" in document and "organization" not in document
        else _from_first(document)
    )
    if not document.get("name"):
        raise rules.NAME.refused()
    whose = document.pop("organization", None)
    whose = whose if isinstance(whose, dict) else {}
    if not whose.get("name"):
        raise rules.PROVIDER.refused()
    if document.get("status") not in STATUSES:
        document["status"] = "active" if not document.get("status") else str(document["status"]).lower()
    for at in _objects(document, "service_at_locations"):
        place = at.get("location")
        for address in _objects(place, "addresses") if isinstance(place, dict) else ():
            _filled(address)
    name = str(whose["name"])
    return Taken(
        document, str(whose.get("id") or name), name[:300], str(whose.get("description") or name)[:5000],
        _fit("email", whose.get("email"), 254), _fit("uri", whose.get("website") or whose.get("url"), 500),
    )  # fmt: skip


def _fit(kind: str, value: Any, most: int) -> str:
    return value if isinstance(value, str) and len(value) <= most and is_format(kind, value) else ""


def _objects(value: Any, name: str) -> list[Json]:
    inner = value.get(name) if isinstance(value, dict) else None
    return [each for each in inner if isinstance(each, dict)] if isinstance(inner, list) else []


def _filled(address: Json) -> None:
    county = address.get("state_province") or address.get("county") or address.get("region") or address.get("city")
    if county:
        address.setdefault("state_province", county)
    address.setdefault("country", "GB")
    address.setdefault("address_type", "physical")


def number_of(value: Any) -> Any:
    """A number written as text; what is none stays as it is."""
    try:
        return float(value) if "." in str(value) else int(value)
    except (TypeError, ValueError):
        return value


def _from_first(document: Json) -> Json:
    """Version 1 has other names for the same; a record of version 3 comes through as it is."""
    found = dict(document)
    ages = next(iter(_objects(found, "eligibilitys")), {})
    for name in ("minimum_age", "maximum_age"):
        if name in found or name in ages:
            found[name] = number_of(found.get(name, ages.get(name)))
    timetables = [*_objects(found, "regular_schedules"), *(one for at in _objects(found, "service_at_locations") for one in _objects(at, "regular_schedule"))]  # fmt: skip
    if timetables and "schedules" not in found:
        found["schedules"] = [_timetable(each) for each in timetables]
    tagged = [each.get("taxonomy") for each in _objects(found, "service_taxonomys")]
    if "attributes" not in found and tagged:
        found["attributes"] = [_tag(each) for each in tagged if isinstance(each, dict) and each.get("name")]
    for at in _objects(found, "service_at_locations"):
        place = at.get("location")
        if isinstance(place, dict) and "location_type" not in place:
            place["location_type"] = "physical"
            place["addresses"] = [
                {
                    name: each[name]
                    for name in ("id", "address_1", "city", "state_province", "postal_code", "country")
                    if name in each
                }
                for each in _objects(place, "physical_addresses")
            ]
            for name in ("latitude", "longitude"):
                if name in place:
                    place[name] = number_of(place[name])
    return dict(cleaned(found))


def _timetable(said: Json) -> Json:
    days = str(said.get("byday") or said.get("weekday") or "")
    byday = ",".join(_DAYS.get(each.strip().lower(), each.strip()) for each in days.split(","))
    return {"byday": byday, "opens_at": said.get("opens_at"), "closes_at": said.get("closes_at")}


def _tag(term: Json) -> Json:
    kept = {name: term[name] for name in ("id", "name") if name in term}
    return {
        "link_type": "service type",
        "taxonomy_term": {**kept, "description": str(term.get("description") or term["name"])},
    }


def _from_table(row: Json) -> Json:
    """A row of the table, with the rows that refer to it under `more`."""
    rows = [row, *_objects(row, "more")]
    free = str(row.get("free", "")).lower() in {"true", "yes", "1"}
    prices = [{"option": each.get("cost_option"), "amount": number_of(each["cost_amount"]), "amount_description": each.get("cost_type")} for each in rows if "cost_amount" in each]  # fmt: skip
    closed = str(row.get("temporarily_closed", "")).lower() in {"true", "yes", "1"}
    return dict(cleaned({
        "id": row.get("import_id"), "name": row.get("name"), "description": row.get("description"), "url": row.get("url"),
        "status": "temporarily closed" if closed else "active", "email": row.get("contact_email") if _is_shown(row, "contact_visible") else None,
        "minimum_age": number_of(row["min_age"]) if "min_age" in row else None,
        "maximum_age": number_of(row["max_age"]) if "max_age" in row else None,
        "organization": {"id": row.get("organisation"), "name": row.get("organisation")},
        "attributes": [_tag({"id": f"category {each.strip()}", "name": each.strip()}) for each in str(row.get("service_taxonomies", "")).split(";") if each.strip()],
        "service_at_locations": [_located(each) for each in rows if "location_postcode" in each and _is_shown(each, "location_visible")],
        "schedules": [
            {"byday": _DAYS[str(each["scheduled_weekday"]).lower()], "opens_at": each.get("schedules_opens_at"), "closes_at": each.get("schedules_closes_at")}
            for each in rows if str(each.get("scheduled_weekday", "")).lower() in _DAYS
        ],
        "cost_options": prices or ([{"option": "Each time", "amount": 0}] if free else []),
    }))  # fmt: skip


def _is_shown(row: Json, name: str) -> bool:
    return str(row.get(name, "true")).lower() not in {"false", "no", "0"}


def _located(row: Json) -> Json:
    """A place of a table; one that is to be masked says its postcode's district and no more."""
    if str(row.get("mask_exact_address", "")).lower() in {"true", "yes", "1"}:
        return {
            "id": row.get("import_id"),
            "location": {"id": f"masked {row.get('import_id')}", "location_type": "physical"},
        }
    address = {
        "address_1": row.get("location_address_1"),
        "city": row.get("location_city"),
        "postal_code": row.get("location_postcode"),
    }
    name = row.get("location_name") or row.get("location_address_1")
    place = {
        "id": f"{name} {row.get('location_postcode')}", "location_type": "physical", "name": name, "addresses": [address],
        "latitude": number_of(row.get("location_latitude")), "longitude": number_of(row.get("location_longitude")),
    }  # fmt: skip
    return {"id": row.get("import_id"), "location": cleaned(place)}


def rows_of_table(rows: list[Json]) -> list[Json]:
    """Services of a table: a row that refers to another adds to it."""
    found: dict[str, Json] = {}
    for row in rows:
        under = str(row.get("import_id_reference") or "")
        if under in found:
            found[under].setdefault("more", []).append(row)
        else:
            found[str(row.get("import_id") or f"line {len(found) + 2}")] = row
    return list(found.values())


def mended(raw: Json, mends: dict[str, Json]) -> Json:
    """A record with what somebody here put right, field by field (`organization.name` is one), as long as the source still says what
    it said then."""
    found = dict(raw)
    for path, mend in mends.items():
        outer, _, inner = path.partition(".")
        if inner:
            part = found.get(outer)
            part = dict(part) if isinstance(part, dict) else {}
            if part.get(inner) == mend.get("was"):
                found[outer] = part | {inner: mend["now"]}
        elif found.get(outer) == mend.get("was"):
            found[outer] = mend["now"]
    return found


def why(refusal: Refused) -> Json:
    """A refusal as a fault of a record."""
    return {"rule": refusal.rule, "words": refusal.sentence}
