"""Open Referral UK 3.0 as a table: what a record of each kind may hold, and what it must. Pure.

Written from the profile's published schemas (draft 2020-12): a line is a field, its kind, and `!` where it is required. Other
fields are allowed everywhere; a field without a value is left out, never null and never empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"


@dataclass(frozen=True)
class Field:
    """One field of a record. `kind` is text, uuid, uri, email, moment, number, list, object or one_of; `of` names the shape
    of what a list or object holds."""

    kind: str
    is_required: bool = False
    of: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong, where: `path` as in `contents/0/url`. A remark breaks no rule of the schema."""

    path: str
    words: str
    is_remark: bool = False


_TERM = (
    "id uuid!; name text!; description text!; parent_id uuid; taxonomy text; taxonomy_id uuid; term_uri uri; term text"
)
_SERVICE = """id uuid!; organization_id uuid; name text!; description text; url uri; email email;
    status active|inactive|defunct|temporarily closed!; fees text; accreditations text; minimum_age number; maximum_age number;
    assured_date text; assurer_email email; alert text; last_modified moment; organization {organization}"""
_ORGANISATION = (
    "id uuid!; name text!; description text!; email email; website uri; logo text; uri uri; parent_organization_id uuid"
)
_PLACE = """id uuid!; location_type physical|postal|virtual!; name text; description text; latitude number; longitude number;
    external_identifier text; external_identifier_type text"""
_AT = "id uuid!; service_id uuid; location_id uuid"
_WRITTEN: dict[str, str] = {
    "details": "version text!; profile uri!; openapi_url uri!",
    "service_list": _SERVICE.replace("{organization}", "{organization_list}"),
    "service": _SERVICE + """; schedules [schedule]; service_areas [service_area]; service_at_locations [place_of_service];
        languages [language]; funding [funding]; cost_options [cost_option]; contacts [contact]; attributes [attribute]""",
    "schedule": """id uuid!; service_id uuid; service_at_location_id uuid; valid_from text; valid_to text; dtstart text;
        freq WEEKLY|MONTHLY; interval number; byday text; bymonthday text; description text; opens_at text; closes_at text;
        schedule_link uri; attending_type text; notes text""",
    "service_area": "id uuid!; service_id uuid; name text; extent text; extent_type text; uri text; service_area text",
    "place_of_service": _AT + "; location {location}",
    "service_at_location_list": _AT + "; location {location_list}; service {service_list}",
    "service_at_location": _AT + "; location {location}; service {service}",
    "location_list": _PLACE,
    "location": _PLACE + "; addresses [address]; accessibility [accessibility]; attributes [attribute]",
    "address": """id uuid!; location_id uuid; attention text; address_1 text!; city text!; region text; state_province text!;
        postal_code text!; country text!; address_type physical|postal|virtual!; attributes [attribute]""",
    "accessibility": "id uuid!; location_id uuid; description text; details text; url uri; accessibility text; attributes [attribute]",
    "language": "id uuid!; service_id uuid; phone_id uuid",
    "organization_list": _ORGANISATION,
    "organization": _ORGANISATION + "; organization_identifiers [organization_identifier]; attributes [attribute]; services [service]",
    "organization_identifier": """id uuid!; organization_id uuid; identifier_scheme text; identifier_type text!; identifier text!;
        attributes [attribute]""",
    "funding": "id uuid!; service_id uuid; source text",
    "cost_option": "id uuid!; service_id uuid; valid_from text; valid_to text; option text; amount number; amount_description text",
    "contact": "id uuid!; service_id uuid; name text; title text; attributes [attribute]",
    "attribute": "id uuid!; link_id uuid; taxonomy_term_id uuid; link_type text; taxonomy_term {taxonomy_term}",
    "taxonomy_term": _TERM,
    "taxonomy": "id uuid!; name text!; description text!; uri uri; version text; taxonomy_terms [taxonomy_term]",
}  # fmt: skip
_PLAIN = {"text", "uuid", "uri", "email", "moment", "number"}


def _field(words: str) -> tuple[str, Field]:
    name, _, rest = words.strip().partition(" ")
    is_required, kind = rest.endswith("!"), rest.removesuffix("!")
    if kind in _PLAIN:
        return name, Field(kind, is_required)
    if kind[0] in "[{":
        return name, Field("list" if kind[0] == "[" else "object", is_required, kind[1:-1])
    return name, Field("one_of", is_required, choices=tuple(kind.split("|")))


SHAPES: dict[str, dict[str, Field]] = {
    shape: dict(_field(each) for each in " ".join(text.split()).split(";")) for shape, text in _WRITTEN.items()
}

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAYS = {"assured_date", "valid_from", "valid_to", "dtstart"}
_WANTED = {
    "uuid": "an identifier such as ac148810-d857-441c-9679-408f346de14b",
    "uri": "a whole web address that begins with https:// or http://",
    "email": "an e-mail address",
    "moment": "a day and time with its zone, such as 2026-11-23T09:30:00Z",
}


def _is_moment(text: str) -> bool:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return False
    try:
        datetime.fromisoformat(f"{found[1]}T{found[2].replace(':60', ':59')}")
    except ValueError:
        return False
    return True


def is_format(kind: str, text: str) -> bool:
    """Whether a text is a uuid, uri, email or moment; plain text always is."""
    if kind == "moment":
        return _is_moment(text)
    if kind == "email":
        return len(text) < 255 and ".." not in text and _EMAIL.fullmatch(text) is not None
    pattern = {"uuid": _UUID, "uri": _URI}.get(kind)
    return pattern is None or pattern.fullmatch(text) is not None


def faults_of(value: Any, shape: str, path: str = "", *, depth: int = 0) -> list[Fault]:
    """Everything wrong with a record of a shape; remarks too. Nothing raises, whatever is given."""
    if not isinstance(value, dict):
        return [Fault(path or "/", "is not an object")]
    if depth > 12:
        return [Fault(path, "is nested too deeply to be read")]
    found: list[Fault] = []
    before = f"{path}/" if path else ""
    for name, field in SHAPES[shape].items():
        if name not in value:
            found += [Fault(f"{before}{name}", "is missing and is required")] if field.is_required else []
        else:
            found += _of_field(value[name], field, f"{before}{name}", depth)
    for name, other in value.items():
        if name not in SHAPES[shape] and (other is None or other == ""):
            found.append(Fault(f"{before}{name}", "has no value: leave the field out", is_remark=True))
    return found


def _of_field(value: Any, field: Field, path: str, depth: int) -> list[Fault]:
    if value is None:
        return [Fault(path, "is null: leave a field without a value out")]
    if field.kind == "list":
        if not isinstance(value, list):
            return [Fault(path, "is not a list")]
        return [
            fault
            for place, one in enumerate(value)
            for fault in faults_of(one, field.of, f"{path}/{place}", depth=depth + 1)
        ]
    if field.kind == "object":
        return faults_of(value, field.of, path, depth=depth + 1)
    if field.kind == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return [] if is_number else [Fault(path, f"is not a number: {_short(value)}")]
    if field.kind == "one_of":
        is_known = isinstance(value, str) and value in field.choices
        return [] if is_known else [Fault(path, f"is {_short(value)}, which is none of {', '.join(field.choices)}")]
    if not isinstance(value, str):
        return [Fault(path, f"is not text: {_short(value)}")]
    return _of_text(value, field.kind, path)


def _of_text(text: str, kind: str, path: str) -> list[Fault]:
    if not is_format(kind, text):
        return [Fault(path, f"is {_short(text)}, which is not {_WANTED[kind]}")]
    if not text.strip():
        return [Fault(path, "is empty: leave a field without a value out", is_remark=True)]
    if path.rpartition("/")[2] in _DAYS and _DAY.fullmatch(text) is None:
        return [Fault(path, f"is {_short(text)}, which is not a day as 2026-11-23", is_remark=True)]
    return []


def _short(value: Any) -> str:
    text = str(value)
    return f"“{text[:57]}…”" if len(text) > 60 else f"“{text}”"
