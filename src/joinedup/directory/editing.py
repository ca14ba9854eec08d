"""From the answers of the edit form to a record, and back. What the form does not ask stays as it was. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid5

from joinedup.directory.adopting import SPACE
from joinedup.directory.codes import WEEKDAYS
from joinedup.directory.rules import written_postcode

Answers = dict[str, Any]
_TEXTS = ("name", "description", "email", "url", "alert")
_ADDRESS = ("address_1", "city", "state_province", "postal_code")
PLACE_FIELDS = ("place_name", *_ADDRESS, "access")


def answers_of(document: Mapping[str, Any], offered: Sequence[str] = ()) -> Answers:
    """What the form says of a record at first; `offered` are the ids of the categories it offers."""
    found: Answers = {name: document.get(name, "") for name in _TEXTS}
    found |= {name: _whole(document.get(name)) for name in ("minimum_age", "maximum_age")}
    found["phone"] = next((str(each.get("number", "")) for each in document.get("phones", ())), "")
    found |= _times_of(document) | _place_of(document) | _cost_of(document)
    found["languages"] = ", ".join(str(each["name"]) for each in document.get("languages", ()) if each.get("name"))
    terms = [str(each.get("taxonomy_term", {}).get("id", "")) for each in document.get("attributes", ())]
    found["categories"] = [each for each in terms if each in offered]
    return found


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _times_of(document: Mapping[str, Any]) -> Answers:
    first: Mapping[str, Any] = next(iter(document.get("schedules", ())), {})
    days = [each for each in re.findall(r"[A-Z]{2}", str(first.get("byday", ""))) if each in WEEKDAYS]
    return {
        "days": days,
        "opens_at": str(first.get("opens_at", ""))[:5],
        "closes_at": str(first.get("closes_at", ""))[:5],
    }


def _place_of(document: Mapping[str, Any]) -> Answers:
    place: Mapping[str, Any] = next((each.get("location", {}) for each in document.get("service_at_locations", ())), {})
    address: Mapping[str, Any] = next(iter(place.get("addresses", ())), {})
    access: Mapping[str, Any] = next(iter(place.get("accessibility", ())), {})
    found: Answers = {name: str(address.get(name, "")) for name in _ADDRESS}
    return {**found, "place_name": str(place.get("name", "")), "access": str(access.get("description", ""))}


def _cost_of(document: Mapping[str, Any]) -> Answers:
    amounts = [each["amount"] for each in document.get("cost_options", ()) if each.get("amount") is not None]
    fees = str(document.get("fees", ""))
    kind = "" if not amounts and not fees else "free" if amounts and not any(amounts) else "paid"
    price = next((f"£{float(each):,.2f}" for each in amounts if each), "")
    return {"cost": kind, "fees": fees or price}


def written(
    document: Mapping[str, Any], answers: Answers, *, terms: Mapping[str, str], is_address_secret: bool
) -> dict[str, Any]:
    """The record as the answers change it. `terms` are the categories that were offered, by id."""
    before = answers_of(document, tuple(terms))
    found: dict[str, Any] = {"status": "active", **document}
    for name in (*_TEXTS, "minimum_age", "maximum_age"):
        found[name] = answers.get(name)
    if answers.get("phone") != before["phone"]:
        found["phones"] = _phones(document, str(answers.get("phone") or ""))
    if _differs(before, answers, ("days", "opens_at", "closes_at")):
        found["schedules"] = _schedules(answers)
    if _differs(before, answers, ("cost", "fees")):
        found |= _cost(document, answers)
    if answers.get("languages") != before["languages"]:
        names = [each.strip() for each in str(answers.get("languages") or "").split(",")]
        found["languages"] = [{"name": each} for each in names if each]
    if not is_address_secret and _differs(before, answers, PLACE_FIELDS):
        found["service_at_locations"] = _places(document, answers)
    if set(answers.get("categories") or ()) != set(before["categories"]):
        found["attributes"] = _attributes(document, answers, terms)
    return found


def _differs(before: Answers, answers: Answers, names: Sequence[str]) -> bool:
    return any((answers.get(name) or "") != (before[name] or "") for name in names)


def _phones(document: Mapping[str, Any], number: str) -> list[dict[str, str]]:
    return [{"id": str(uuid5(SPACE, f"phone:{document.get('id', '')}{number}")), "number": number}] if number else []


def _schedules(answers: Answers) -> list[dict[str, str]]:
    if not answers.get("days") and not answers.get("opens_at"):
        return []
    said = {"freq": "WEEKLY", "byday": ",".join(answers.get("days") or ())}
    return [said | {name: str(answers.get(name) or "") for name in ("opens_at", "closes_at")}]


def _cost(document: Mapping[str, Any], answers: Answers) -> dict[str, Any]:
    if answers.get("cost") == "free":
        return {"cost_options": [{"option": "Each time", "amount": 0}], "fees": ""}
    return {
        "cost_options": [],
        "fees": answers.get("fees") or ("There is a cost. Ask us." if answers.get("cost") == "paid" else ""),
    }


def _places(document: Mapping[str, Any], answers: Answers) -> list[dict[str, Any]]:
    """The first place as it was answered, the others as they were."""
    held = list(document.get("service_at_locations", ()))
    at: dict[str, Any] = dict(held[0]) if held else {"id": "first"}
    place: dict[str, Any] = dict(at.get("location", {}))
    if not any(answers.get(name) for name in PLACE_FIELDS):
        return held[1:]
    address = {**next(iter(place.get("addresses", ())), {}), **{name: answers.get(name) or "" for name in _ADDRESS}}
    address["postal_code"] = written_postcode(str(address["postal_code"])) or address["postal_code"]
    address |= {"country": address.get("country", "GB"), "address_type": "physical"}
    # Another address is another place: it lies elsewhere, and other services at the old one stay there.
    place = {
        name: one for name, one in place.items() if name not in {"id", "latitude", "longitude", "external_identifier"}
    }
    place |= {"location_type": "physical", "name": answers.get("place_name") or "", "addresses": [address]}
    place["id"] = "-".join(str(answers.get(name) or "") for name in ("place_name", "address_1", "postal_code"))
    place["accessibility"] = [{"description": answers["access"]}] if answers.get("access") else []
    return [{**at, "location": place}, *held[1:]]


def _attributes(document: Mapping[str, Any], answers: Answers, terms: Mapping[str, str]) -> list[dict[str, Any]]:
    """Words of lists that were not offered stay."""
    others = [
        each for each in document.get("attributes", ()) if str(each.get("taxonomy_term", {}).get("id", "")) not in terms
    ]
    chosen = [
        {"link_type": "service type", "taxonomy_term": {"id": each, "name": terms[each], "description": terms[each]}}
        for each in answers.get("categories") or ()
        if each in terms
    ]
    return [*others, *chosen]
