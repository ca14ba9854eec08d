"""How a service is reached, read from its record: the numbers to ring and the addresses to go to. Pure.

A service that keeps its place secret is reached by neither here: an area code names a town as surely as a street does. Whoever
calls asks for those of no such service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_DIALLED = re.compile(r"\+?[\d ().-]{3,24}")
_ADDRESS = ("address_1", "address_2", "city", "region", "postal_code")
_NOT_RUNG = frozenset({"fax"})  # a type of the standard that nobody rings


@dataclass(frozen=True)
class Phone:
    """A number as it is written and as it is dialled ("" where it is not one plain number), and what it is for."""

    number: str
    dialled: str
    about: str


def dialled(number: str) -> str:
    """What a telephone dials for a number as people write it; "" for anything that is not exactly one number, such as two with a
    stroke between. The “(0)” of “+44 (0)20” is not dialled."""
    if not _DIALLED.fullmatch(number):
        return ""
    is_abroad = number.startswith("+")
    digits = re.sub(r"\D", "", number.replace("(0)", "") if is_abroad else number)
    return f"{'+' if is_abroad else ''}{digits}" if 3 <= len(digits) <= 15 else ""


def phones_of(document: Mapping[str, Any]) -> tuple[Phone, ...]:
    """The numbers of a service, of its contacts and of its places, each once and in that order."""
    found: dict[str, Phone] = {}
    for about, each in _phones(document):
        number = " ".join(str(each.get("number", "")).split())
        if not number or str(each.get("type", "")).lower() in _NOT_RUNG:
            continue
        said = [
            str(each.get("description") or about),
            f"extension {each['extension']}" if each.get("extension") else "",
        ]
        row = Phone(number, dialled(number), ", ".join(filter(None, said)))
        found.setdefault(f"{row.dialled or number} {each.get('extension', '')}", row)
    return tuple(found.values())


def _phones(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from (("", each) for each in _rows(document, "phones"))
    for contact in _rows(document, "contacts"):
        yield from ((str(contact.get("name") or contact.get("title") or ""), each) for each in _rows(contact, "phones"))
    for at in _rows(document, "service_at_locations"):
        location = at.get("location")
        where = location if isinstance(location, dict) else {}
        for held in (at, where):
            yield from ((str(where.get("name", "")), each) for each in _rows(held, "phones"))


def _rows(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = value.get(name, ())
    return [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []


def addresses_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Where to go, each address once, the name of the building before its street. An address for letters only is nowhere to go."""
    found: dict[str, None] = {}
    for at in _rows(document, "service_at_locations"):
        location = at.get("location")
        if not isinstance(location, dict):
            continue
        name = str(location.get("name", ""))
        for each in _rows(location, "addresses"):
            if each.get("address_type") == "postal":
                continue
            lines = [str(each[line]) for line in _ADDRESS if each.get(line)]
            if name and lines and name.lower() not in ", ".join(lines).lower():
                lines.insert(0, name)
            if lines:
                found[", ".join(dict.fromkeys(lines))] = None
    return tuple(found)
