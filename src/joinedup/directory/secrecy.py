"""Whether a record speaks of a place that must not be known, and the record without it. Pure.

Nothing here decides: what looks like a refuge is held until somebody says whether its place may be known (DR-409), and until
then nothing of the place is kept.
"""

from __future__ import annotations

import re
from typing import Any

from joinedup.directory.shaping import place_said

TAKEN_OUT = "[taken out]"
_PLAINLY = re.compile(
    r"\brefuges?\b|\bsafe ?houses?\b|\bsafe accommodation\b|\bplaces? of safety\b"
    r"|\b(?:secret|undisclosed|confidential|withheld) (?:address|location|venue)"
    r"|\b(?:address|location|venue) (?:is |are )?(?:kept |held )?(?:secret|undisclosed|confidential|withheld)",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"domestic (?:abuse|violence)|forced marriage|honou?r.based|traffick|modern slavery|fleeing", re.IGNORECASE
)
_STAY = re.compile(
    r"accommodation|\bhostel|\bshelter|\bhousing\b|\bplace to (?:stay|live)|\bsomewhere to (?:stay|live)", re.IGNORECASE
)
# What says where something is, in every shape a record may have: the standard, its version 1, and the table.
_WHERE = frozenset({
    "addresses", "address", "physical_addresses", "postal_addresses", "address_1", "address_2", "city", "region", "county",
    "state_province", "postal_code", "postcode", "latitude", "longitude", "external_identifier", "external_identifier_type",
    "location_name", "location_address_1", "location_city", "location_postcode", "location_latitude", "location_longitude",
    "directions", "transportation", "uprn",
})  # fmt: skip

_PLACES = frozenset({"location", "locations", "service_at_location", "service_at_locations"})
_NAMES = frozenset({"id", "name", "description", "alternate_name", "location_id"})


def sounds_secret(document: Any) -> str:
    """The words for which a record, its provider and categories included, may keep its place secret; "" where there are none."""
    words = " . ".join(_texts(document))
    found = _PLAINLY.search(words)
    if found:
        return found[0].lower()
    harm, stay = _HARM.search(words), _STAY.search(words)
    return f"{harm[0].lower()}, {stay[0].lower()}" if harm and stay else ""


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def gives_place(value: Any) -> bool:
    """Whether a record says anywhere where it is."""
    if isinstance(value, dict):
        return any((name in _WHERE and bool(one)) or gives_place(one) for name, one in value.items())
    if isinstance(value, list):
        return any(map(gives_place, value))
    return isinstance(value, str) and bool(place_said(value))


def hidden(value: Any, inside: bool = False) -> Any:
    """A record as it came, without anything that says where it is: fields of a place go, words that look like a part of an address
    are taken out, and a place has no name, nor the identifier its source has for it, which may be that name or a UPRN. `inside` is
    for what stands in a place."""
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name not in _WHERE}
        if inside:
            kept = {name: one for name, one in kept.items() if name not in _NAMES}
        return {name: hidden(one, name in _PLACES) for name, one in kept.items()}
    if isinstance(value, list):
        return [hidden(one, inside) for one in value]
    return TAKEN_OUT if isinstance(value, str) and place_said(value) else value
