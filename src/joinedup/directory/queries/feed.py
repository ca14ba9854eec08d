"""The directory as Open Referral UK 3.0 reads it: what was approved, nothing that waits, and no address that is secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.directory.adopting import identifier_of
from joinedup.directory.lifecycle import status_in
from joinedup.directory.models import Entry, EntryPlace, Provider, Taxonomy, Term
from joinedup.directory.permissions import READ_DIRECTORY
from joinedup.directory.profile import SHAPES
from joinedup.directory.queries.asked import Asked, entries_for, places_for, public_entries
from joinedup.directory.settings import own_licence
from joinedup.directory.shaping import cleaned

Json = dict[str, Any]
_ENTRIES = ("provider", "approved")


def _page(
    rows: QuerySet[Any], asked: Asked, write: Callable[[Sequence[Any]], list[Json]], beside: tuple[str, ...] = ()
) -> Json:
    """A page in the envelope of the standard. Which rows stand on it is found by their keys alone; only those are then read whole,
    with what stands `beside` them."""
    total = rows.count()
    pages = -(-total // asked.per_page)
    start = (asked.page - 1) * asked.per_page
    keys = list(rows.values_list("pk", flat=True)[start : start + asked.per_page]) if start < total else []
    read = rows.model.objects.select_related(*beside)
    if asked.is_full and rows.model in {Entry, EntryPlace}:
        read = read.prefetch_related("capacities" if rows.model is Entry else "entry__capacities")
    whole = read.in_bulk(keys) if keys else {}
    contents = write([whole[key] for key in keys if key in whole])
    return {
        "total_items": total, "total_pages": pages, "page_number": asked.page, "size": len(contents),
        "first_page": asked.page == 1, "last_page": asked.page >= pages, "empty": not contents, "contents": contents,
    }  # fmt: skip


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _single(shape: str, document: Json) -> Json:
    """Only what a list may hold of a record: its single fields."""
    lists = {name for name, field in SHAPES[shape].items() if field.kind in {"list", "object"}}
    return {name: one for name, one in document.items() if name not in lists}


def _provider(row: Provider, *, is_full: bool = False) -> Json:
    said = {
        "id": str(row.pk), "name": row.name, "description": row.description or row.name, "email": row.email,
        "website": row.website, "organization_identifiers": row.identifiers if is_full else None,
    }  # fmt: skip
    return dict(cleaned(said))


def _capacities(row: Entry) -> list[Json]:
    """How much room there is, as HSDS 3.1 says it; Open Referral UK 3.0 leaves such fields to whoever has them."""
    found = []
    for each in sorted(row.capacities.all(), key=lambda one: (one.unit, one.pk)):
        unit = {"id": str(identifier_of("unit", each.unit.lower())), "name": each.unit}
        said = {
            "id": str(each.pk), "service_id": str(row.pk), "unit": unit, "available": each.available, "maximum": each.maximum,
            "description": each.description, "updated": _moment(each.updated_at),
        }  # fmt: skip
        found.append(dict(cleaned(said)))
    return found


def _service(row: Entry, *, is_full: bool) -> Json:
    document: Json = dict(row.approved.document) if row.approved else {}
    document |= {
        "id": str(row.pk),
        "organization_id": str(row.provider_id),
        "status": status_in(row.state, row.status),
        "last_modified": _moment(row.changed_at),
    }
    if row.assured_on:
        document["assured_date"] = row.assured_on.isoformat()
    if not is_full:
        document = _single("service", document)
    elif capacities := _capacities(row):
        document["capacities"] = capacities
    return {**document, "organization": _provider(row.provider, is_full=is_full)}


def _services(rows: Sequence[Entry], asked: Asked) -> list[Json]:
    if asked.is_minimal:
        return [{"id": str(row.pk), "modified_date": _moment(row.changed_at)} for row in rows]
    return [_service(row, is_full=asked.is_full) for row in rows]


def services(viewer: Actor, asked: Asked) -> Json:
    """A page of services."""
    check(viewer, READ_DIRECTORY)
    rows = entries_for(asked).order_by("name", "id")
    return _page(rows, asked, lambda found: _services(found, asked), () if asked.is_minimal else _ENTRIES)


def kept_instead(viewer: Actor, service_id: UUID) -> UUID | None:
    """The service that was kept where this one was found to be the same, if it is public."""
    check(viewer, READ_DIRECTORY)
    here = service_id
    for _ in range(10):  # what was kept may have been found to be the same as a third
        step = Entry.objects.filter(pk=here).values_list("same_as", flat=True).first()
        if step is None:
            break
        here = step
    is_other = here != service_id and public_entries().filter(pk=here).exists()
    return here if is_other else None


def service(viewer: Actor, service_id: UUID) -> Json:
    """One service with everything."""
    check(viewer, READ_DIRECTORY)
    row = public_entries().select_related(*_ENTRIES).filter(pk=service_id).first()
    if row is None:
        raise NotVisible
    return _service(row, is_full=True)


def _at(row: EntryPlace, *, is_full: bool) -> Json:
    whole: Json = row.entry.approved.document if row.entry.approved else {}
    listed: Json = next((each for each in whole.get("service_at_locations", ()) if each.get("id") == str(row.pk)), {})
    place = listed.get("location", {})
    return {
        "id": str(row.pk), "service_id": str(row.entry_id), "location_id": str(row.location_id),
        "location": place if is_full else _single("location", place), "service": _service(row.entry, is_full=is_full),
    }  # fmt: skip


def service_at_locations(viewer: Actor, asked: Asked) -> Json:
    """A page of services at their places."""
    check(viewer, READ_DIRECTORY)
    rows = places_for(asked).order_by("entry__name", "id")
    beside = ("entry__provider", "entry__approved")
    return _page(rows, asked, lambda found: [_at(row, is_full=asked.is_full) for row in found], beside)


def service_at_location(viewer: Actor, place_id: UUID) -> Json:
    """One service at one place with everything."""
    check(viewer, READ_DIRECTORY)
    rows = EntryPlace.objects.select_related("entry__provider", "entry__approved")
    row = rows.filter(pk=place_id, entry__in=public_entries()).first()
    if row is None:
        raise NotVisible
    return _at(row, is_full=True)


def _term(row: Term) -> Json:
    said = {
        "id": str(row.pk), "name": row.name, "description": row.description or row.name,
        "parent_id": str(row.parent_id or ""), "taxonomy": row.taxonomy.name, "taxonomy_id": str(row.taxonomy_id),
        "term_uri": row.uri,
    }  # fmt: skip
    return dict(cleaned(said))


def _taxonomy(row: Taxonomy) -> Json:
    said = {"id": str(row.pk), "name": row.name, "description": row.description, "uri": row.uri, "version": row.edition}
    return dict(cleaned(said))


def taxonomies(viewer: Actor, asked: Asked) -> Json:
    """A page of lists of words."""
    check(viewer, READ_DIRECTORY)
    rows = Taxonomy.objects.order_by("name", "id")
    rows = rows.filter(name__icontains=asked.search) if asked.search else rows
    return _page(rows, asked, lambda found: [_taxonomy(row) for row in found])


def taxonomy(viewer: Actor, taxonomy_id: UUID) -> Json:
    """One list of words."""
    check(viewer, READ_DIRECTORY)
    row = Taxonomy.objects.filter(pk=taxonomy_id).first()
    if row is None:
        raise NotVisible
    return _taxonomy(row)


def taxonomy_terms(viewer: Actor, asked: Asked) -> Json:
    """A page of words."""
    check(viewer, READ_DIRECTORY)
    rows = Term.objects.order_by("taxonomy__name", "name", "id")
    rows = rows.filter(name__icontains=asked.search) if asked.search else rows
    rows = rows.filter(taxonomy=asked.taxonomy_id) if asked.taxonomy_id else rows
    rows = rows.filter(parent=asked.parent_id) if asked.parent_id else rows
    rows = rows.filter(parent=None) if asked.is_top_only else rows
    return _page(rows, asked, lambda found: [_term(row) for row in found], ("taxonomy",))


def taxonomy_term(viewer: Actor, term_id: UUID) -> Json:
    """One word."""
    check(viewer, READ_DIRECTORY)
    row = Term.objects.select_related("taxonomy").filter(pk=term_id).first()
    if row is None:
        raise NotVisible
    return _term(row)


def organizations(viewer: Actor, asked: Asked) -> Json:
    """A page of providers that have a service here."""
    check(viewer, READ_DIRECTORY)
    rows = _providers().order_by("name", "id")
    rows = rows.filter(name__icontains=asked.search) if asked.search else rows
    return _page(rows, asked, lambda found: [_provider(row, is_full=asked.is_full) for row in found])


def organization(viewer: Actor, provider_id: UUID, *, with_services: bool) -> Json:
    """One provider, with its services where asked."""
    check(viewer, READ_DIRECTORY)
    row = _providers().filter(pk=provider_id).first()
    if row is None:
        raise NotVisible
    found = _provider(row, is_full=True)
    if with_services:
        rows = public_entries().filter(provider=row).select_related(*_ENTRIES).prefetch_related("capacities")
        rows = rows.order_by("name", "id")[:500]
        found["services"] = [_service(each, is_full=True) for each in rows]
    return found


def _providers() -> QuerySet[Provider]:
    return Provider.objects.filter(Exists(public_entries().filter(provider=OuterRef("pk"))))


def everything(viewer: Actor) -> Iterator[Json]:
    """Every public service with everything, for a file of them all."""
    check(viewer, READ_DIRECTORY)
    rows = public_entries().select_related(*_ENTRIES).prefetch_related("capacities").order_by("name", "id")
    for row in rows.iterator(chunk_size=500):
        yield _service(row, is_full=True)


def every_word(viewer: Actor) -> tuple[list[Json], list[Json]]:
    """Every list of words, and every word in them. Two statements."""
    check(viewer, READ_DIRECTORY)
    lists = [_taxonomy(row) for row in Taxonomy.objects.order_by("name", "id")]
    return lists, [
        _term(row) for row in Term.objects.select_related("taxonomy").order_by("taxonomy__name", "name", "id")
    ]


def licences(viewer: Actor) -> list[tuple[str, str, int]]:
    """From where the public services come: source, licence and how many; our own first. Two statements."""
    check(viewer, READ_DIRECTORY)
    rows = public_entries()
    own = rows.filter(source=None).count()
    named = (
        rows.filter(source__isnull=False).values_list("source__name", "source__licence").annotate(number=Count("pk"))
    )
    return [("This directory", own_licence(timezone.localdate(viewer.at)), own), *named.order_by("source__name")]


def category_ids(viewer: Actor, taxonomy_id: UUID) -> dict[str, UUID]:
    """The words of a list by name."""
    check(viewer, READ_DIRECTORY)
    return dict(Term.objects.filter(taxonomy=taxonomy_id).values_list("name", "id"))
