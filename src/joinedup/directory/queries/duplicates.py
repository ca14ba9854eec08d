"""Services that may be one, side by side. A secret place is not compared: nothing of it is there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.directory.matching import Side, contact_of
from joinedup.directory.models import DuplicatePair, Entry, EntryPlace
from joinedup.directory.permissions import ASSURE_RECORDS

MOST_LISTED = 100


@dataclass(frozen=True)
class PairLine:
    """A pair in the list."""

    id: UUID
    score: int
    first: str
    second: str
    why: str
    state: str
    decided_at: datetime | None


@dataclass(frozen=True)
class PairPage:
    """Two services side by side: of each what it says, field by field, with whether they say the same."""

    id: UUID
    version: int
    score: int
    reasons: tuple[str, ...]
    state: str
    decided_at: datetime | None
    decided_by: UUID | None
    kept: UUID | None
    ids: tuple[UUID, UUID]
    names: tuple[str, str]
    rows: tuple[tuple[str, str, str, bool], ...]


def sides() -> list[Side]:
    """What is compared of every service that is or may become public and is no copy already. Three statements."""
    places: dict[UUID, list[tuple[str, int | None, int | None]]] = defaultdict(list)
    for entry, code, east, north in EntryPlace.objects.values_list("entry", "postcode", "easting", "northing"):
        places[entry].append((code, east, north))
    rows = _compared().values_list(
        "pk", "name", "provider__name", "provider__email", "approved__document__email", "approved__document__url"
    )
    return [
        Side(
            pk, name, provider,
            frozenset(postcode for postcode, _, _ in places[pk] if postcode),
            tuple((east, north) for _, east, north in places[pk] if east is not None and north is not None),
            frozenset(contact_of(each) for each in contacts if isinstance(each, str) and each),
        )
        for pk, name, provider, *contacts in rows
    ]  # fmt: skip


def _compared() -> QuerySet[Entry]:
    return Entry.objects.filter(same_as=None).exclude(state__in=("archived", "ended"))


def suspected(viewer: Actor, *, state: str = "suspected") -> tuple[int, list[PairLine]]:
    """How many pairs there are in a state, and the hundred that are most alike, or were decided last. Two statements."""
    check(viewer, ASSURE_RECORDS)
    rows = DuplicatePair.objects.filter(state=state)
    if state == "suspected":
        rows = rows.filter(first__same_as=None, second__same_as=None)
    order = ("-score", "pk") if state == "suspected" else ("-decided_at", "pk")
    shown = rows.select_related("first", "second").order_by(*order)[:MOST_LISTED]
    return rows.count(), [
        PairLine(each.pk, each.score, each.first.name, each.second.name, ". ".join(each.reasons), each.state, each.decided_at)
        for each in shown
    ]  # fmt: skip


def pair_to_decide(viewer: Actor, pair_id: UUID) -> DuplicatePair:
    """The pair, for a decision."""
    check(viewer, ASSURE_RECORDS)
    row = DuplicatePair.objects.select_related("first", "second", "kept").filter(pk=pair_id).first()
    if row is None:
        raise NotVisible
    return row


def pair_page(viewer: Actor, pair_id: UUID) -> PairPage:
    """Two services side by side. Two statements."""
    row = pair_to_decide(viewer, pair_id)
    whole = Entry.objects.select_related("provider", "source", "approved", "waiting").in_bulk(
        [row.first_id, row.second_id]
    )
    said = [_said(whole[each]) for each in (row.first_id, row.second_id)]
    rows = tuple((name, said[0][name], said[1][name], said[0][name] == said[1][name]) for name in said[0])
    return PairPage(
        row.pk, row.version, row.score, tuple(row.reasons), row.state, row.decided_at, row.decided_by, row.kept_id,
        (row.first_id, row.second_id), (row.first.name, row.second.name), rows,
    )  # fmt: skip


def _said(entry: Entry) -> dict[str, str]:
    version = entry.approved or entry.waiting
    document: dict[str, Any] = version.document if version else {}
    places = [each.get("location", {}) for each in document.get("service_at_locations", ())]
    addresses = [address for place in places for address in place.get("addresses", ())]
    ages = [str(document[name]) for name in ("minimum_age", "maximum_age") if name in document]
    return {
        "Name": entry.name,
        "Provider": entry.provider.name,
        "Comes from": f"{entry.source.name}, {entry.source.licence}" if entry.source else "This directory",
        "Public": "Yes" if entry.approved_id else "Not yet",
        "What it says": str(document.get("description", "–"))[:600],
        "Where": "; ".join(", ".join(str(each[name]) for name in ("address_1", "city", "postal_code") if name in each) for each in addresses) or "–",
        "Ages": " to ".join(ages) or "–",
        "Days": ", ".join(str(each.get("byday", "")) for each in document.get("schedules", ())) or "–",
        "E-mail": str(document.get("email") or entry.provider.email or "–"),
        "Web page": str(document.get("url") or entry.provider.website or "–"),
        "Made sure of": f"{entry.assured_on:%-d %B %Y}" if entry.assured_on else "Never",
    }  # fmt: skip
