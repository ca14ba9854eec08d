"""Giving a record identifiers that stay: the same words from the same place give the same ones every time. Pure.

Open Referral UK asks for a uuid for everything, and many feeds have whole numbers or none. Places and categories keep a uuid of
their own, because several services name them; whatever belongs to one service is named after it (UUID version 5).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from joinedup.directory.profile import SHAPES, is_format

_SHARED = {"location", "location_list", "taxonomy_term", "organization", "organization_list"}
_LINKS = (
    "service_id",
    "location_id",
    "service_at_location_id",
    "link_id",
    "taxonomy_term_id",
    "phone_id",
    "organization_id",
)
SPACE = UUID("6f1f9a54-5f1b-5d0e-9a52-3a8f2c0d7e11")


def identifier_of(kind: str, theirs: str, *, source: UUID = SPACE) -> UUID:
    """The identifier of something by the name its source has for it."""
    return UUID(theirs) if is_format("uuid", theirs) else uuid5(source, f"{kind}:{theirs}")


def with_identifiers(document: dict[str, Any], entry_id: UUID, *, source: UUID = SPACE) -> dict[str, Any]:
    """A record of a service under its identifier, everything in it named; what links to elsewhere is left out."""
    found: dict[str, Any] = _named(document, "service", "", entry_id, source)
    found["id"] = str(entry_id)
    return found


def _named(value: Any, shape: str, path: str, entry_id: UUID, source: UUID) -> Any:
    if not isinstance(value, dict):
        return value
    theirs = str(value.get("id") or "")
    kept = {name: one for name, one in value.items() if name not in _LINKS}
    if shape in _SHARED and theirs:
        kept["id"] = str(identifier_of(shape.removesuffix("_list"), theirs, source=source))
    else:
        kept["id"] = str(uuid5(entry_id, f"{shape}:{theirs or path}"))
    for name, field in SHAPES[shape].items():
        inner = kept.get(name)
        if field.kind == "list" and isinstance(inner, list):
            kept[name] = [
                _named(one, field.of, f"{path}/{name}/{place}", entry_id, source) for place, one in enumerate(inner)
            ]
        elif field.kind == "object":
            kept |= {name: _named(inner, field.of, f"{path}/{name}", entry_id, source)} if name in kept else {}
    return kept
