"""What a record says, in a reader's words, and where two versions of it differ. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.directory.codes import OWN, WEEKDAYS

Document = Mapping[str, Any]
_DAYS = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
# What may change at once where a provider is trusted: the phone and the hours.
SMALL = frozenset({"phones", "schedules"})
_QUIET = {"id", "last_modified", "assured_date"}


@dataclass(frozen=True)
class Difference:
    """One thing two versions say differently; "" where one of them says nothing."""

    label: str
    before: str
    after: str


def _list(document: Document, name: str) -> list[Mapping[str, Any]]:
    found = document.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _ages(document: Document) -> str:
    least, most = document.get("minimum_age"), document.get("maximum_age")
    if least is None and most is None:
        return ""
    return f"{least:g} and over" if most is None else f"up to {most:g}" if not least else f"{least:g} to {most:g}"


def _cost(document: Document) -> str:
    prices = [
        f"{each.get('option', 'Price')}: £{float(each['amount']):,.2f}"
        for each in _list(document, "cost_options")
        if each.get("amount") is not None
    ]
    return "; ".join([*prices, *([str(document["fees"])] if document.get("fees") else [])])


def _times(document: Document) -> str:
    return "; ".join(filter(None, (_time(each) for each in _list(document, "schedules"))))


def _time(schedule: Mapping[str, Any]) -> str:
    days = ", ".join(_DAYS[each] for each in str(schedule.get("byday", "")).split(",") if each in _DAYS)
    hours = " to ".join(str(schedule[name])[:5] for name in ("opens_at", "closes_at") if schedule.get(name))
    return " ".join(filter(None, (days, hours))) or str(schedule.get("description", ""))


def _places(document: Document) -> str:
    found = []
    for at in _list(document, "service_at_locations"):
        place = at.get("location", {})
        parts = [str(place.get("name", ""))]
        for address in place.get("addresses", ()):
            parts += [str(address.get(name, "")) for name in ("address_1", "city", "state_province", "postal_code")]
        found.append(", ".join(dict.fromkeys(filter(None, parts))))
    return "; ".join(filter(None, found))


def _access(document: Document) -> str:
    found = [
        str(each.get("description") or each.get("accessibility") or "")
        for at in _list(document, "service_at_locations")
        for each in at.get("location", {}).get("accessibility", ())
    ]
    return "; ".join(filter(None, found))


def _names(rows: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(str(each["name"]) for each in rows if each.get("name"))


def said_of(document: Document) -> dict[str, str]:
    """What a record says, by what it is about, in the order people read it; what it does not say is left out."""
    categories = [each["taxonomy_term"] for each in _list(document, "attributes") if each.get("taxonomy_term")]
    own = document.get(OWN)
    found = {
        "Name": str(document.get("name", "")),
        "What it is": str(document.get("description", "")),
        "Ages": _ages(document),
        "When": _times(document),
        "Where": _places(document),
        "Getting in": _access(document),
        "Cost": _cost(document),
        "Phone": ", ".join(str(each.get("number", "")) for each in _list(document, "phones")),
        "E-mail": str(document.get("email", "")),
        "Web page": str(document.get("url", "")),
        "Notice": str(document.get("alert", "")),
        "Categories": _names(categories),
        "For people who live in": _names(_list(document, "service_areas")),
        "Languages": _names(_list(document, "languages")),
        "Status": str(document.get("status", "")),
        "Of the catalogue": ", ".join(str(each) for each in own.values()) if isinstance(own, Mapping) else "",
    }
    return {label: words for label, words in found.items() if words}


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """Where two versions differ, in words; a difference no reader would see is said to be one of other details."""
    one, other = said_of(before), said_of(after)
    labels = [*other, *(label for label in one if label not in other)]
    found = [
        Difference(label, one.get(label, ""), other.get(label, ""))
        for label in labels
        if one.get(label, "") != other.get(label, "")
    ]
    if not found and changed_parts(before, after):
        found = [Difference("Other details", "as they were", "changed")]
    return tuple(found)


def changed_parts(before: Document, after: Document) -> frozenset[str]:
    """The parts of the record that differ, by their names in the standard."""
    names = (set(before) | set(after)) - _QUIET
    return frozenset(name for name in names if before.get(name) != after.get(name))


def is_small(before: Document, after: Document) -> bool:
    """Whether nothing but the phone and the hours was changed."""
    changed = changed_parts(before, after)
    return bool(changed) and changed <= SMALL
