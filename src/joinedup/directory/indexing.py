"""What is searched of a record, written into its rows when it becomes public. Nothing here is saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from joinedup.directory.completeness import completeness_of
from joinedup.directory.features import features_of
from joinedup.directory.grid import grid_of
from joinedup.directory.lifecycle import RecordDates, RecordState
from joinedup.directory.models import Entry, EntryPlace, Opening, Postcode
from joinedup.directory.shaping import Shaped


def fill_entry(entry: Entry, document: dict[str, Any], found: Shaped, provider: str) -> None:
    """Write what is searched of a record into its row; nothing is saved."""
    entry.name, entry.summary = document["name"][:300], document.get("description", "")[:5000]
    entry.words, entry.status = f"{provider} {found.words}"[:5000], document["status"]
    entry.minimum_age, entry.maximum_age = found.minimum_age, found.maximum_age
    entry.is_free, entry.terms, entry.areas = found.is_free, list(found.terms), list(found.areas)
    entry.features = list(features_of(document))
    entry.completeness, missing = completeness_of(document, is_address_secret=entry.is_address_secret)
    entry.missing = list(missing)
    for name in ("sector", "reach", "setting", "commissioning", "budget"):
        setattr(entry, name, found.catalogue.get(name, "")[:16])


def postcodes_named(codes: Iterable[str]) -> dict[str, Postcode]:
    """Where some postcodes lie."""
    wanted = {each for each in codes if each}
    return {each.code: each for each in Postcode.objects.filter(code__in=wanted)} if wanted else {}


def rows_beside(entry: Entry, found: Shaped, known: dict[str, Postcode]) -> tuple[list[EntryPlace], list[Opening]]:
    """The rows of places and openings a record comes to; nothing is saved. A place lies where it says itself, else at its
    postcode."""
    places = []
    for each in found.places:
        point = None
        if each.latitude is not None and each.longitude is not None:
            point = grid_of(each.latitude, each.longitude)
        if point is None and each.postcode in known:
            point = (known[each.postcode].easting, known[each.postcode].northing)
        places.append(
            EntryPlace(
                id=each.id, entry=entry, location_id=each.location_id, name=each.name, postcode=each.postcode,
                easting=point[0] if point else None, northing=point[1] if point else None,
            )
        )  # fmt: skip
    openings = [Opening(entry=entry, weekday=day, opens=opens, closes=closes) for day, opens, closes in found.openings]
    return places, openings


def dates_of(entry: Entry, *, is_approved: bool | None = None) -> RecordDates:
    """What the state of a record is worked out from."""
    return RecordDates(
        entry.approved_id is not None if is_approved is None else is_approved, entry.state == RecordState.ARCHIVED,
        entry.visible_from, entry.visible_until, entry.closed_from, entry.closed_until,
    )  # fmt: skip
