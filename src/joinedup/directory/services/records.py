"""Providers, lists of words, records and what is decided on them, assurance, postcodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import NotVisible, Stale
from joinedup.core.models import claim_version
from joinedup.core.models.records import new_id
from joinedup.directory import rules
from joinedup.directory.adopting import identifier_of, with_identifiers
from joinedup.directory.comparing import is_small, said_of
from joinedup.directory.indexing import dates_of, fill_entry, postcodes_named, rows_beside
from joinedup.directory.lifecycle import state_on
from joinedup.directory.models import (
    Assurance,
    Entry,
    EntryPlace,
    EntryVersion,
    Opening,
    Postcode,
    Provider,
    Taxonomy,
    Term,
    VersionDecision,
)
from joinedup.directory.permissions import ASSURE_RECORDS, KEEP_RECORDS, WRITE_RECORDS
from joinedup.directory.shaping import kept_document, shaped, storable

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class ProviderSaid:
    """What is said of a provider. `identifiers` are (type, identifier), such as a charity number."""

    name: str
    description: str
    email: str = ""
    website: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    is_address_secret: bool = False


@dataclass(frozen=True)
class TermSaid:
    """A word with those under it."""

    name: str
    description: str = ""
    uri: str = ""
    under: tuple[TermSaid, ...] = field(default=())


@service(KEEP_RECORDS)
def add_provider(*, said: ProviderSaid, organisation: Organisation | None = None, by: Actor, at: datetime) -> Provider:
    """Enter a provider. Raises Refused (DR-101, DR-107)."""
    if not said.name.strip():
        raise rules.NAME.refused()
    row_id = new_id()
    listed = [
        {"id": str(identifier_of("identifier", f"{row_id}{kind}{one}")), "identifier_type": kind, "identifier": one}
        for kind, one in said.identifiers
    ]
    row = Provider.objects.create(
        id=row_id, name=said.name.strip(), description=said.description.strip() or said.name.strip(), email=said.email,
        website=said.website, identifiers=listed, organisation=organisation, is_address_secret=said.is_address_secret,
        changed_at=at,
    )  # fmt: skip
    note(subject=row, changed=("name", "description"))
    return row


@service(KEEP_RECORDS)
def add_taxonomy(
    *, name: str, description: str, uri: str = "", edition: str = "", terms: Sequence[TermSaid], by: Actor, at: datetime
) -> Taxonomy:
    """Enter a list of words with everything under them, once."""
    row = Taxonomy.objects.create(name=name, description=description, uri=uri, edition=edition)

    def add(said: Iterable[TermSaid], parent: Term | None) -> None:
        for each in said:
            made = Term.objects.create(
                taxonomy=row, parent=parent, name=each.name, description=each.description or each.name, uri=each.uri
            )
            add(each.under, made)

    add(terms, None)
    note(subject=row, changed=("terms",))
    return row


@service(WRITE_RECORDS, on="provider")
def write_record(
    *,
    provider: Provider,
    document: dict[str, Any],
    entry: Entry | None = None,
    remark: str = "",
    number: int | None = None,
    by: Actor,
    at: datetime,
) -> EntryVersion:
    """Write what is said of a service, in the shape of the standard: of a new one, or the next version of one there is. Nothing
    of it is public before it is approved, but the phone and the hours of a trusted provider. A secret address is taken out first,
    and never kept. `number` is the version the writer began from. Raises Refused (DR-101 to DR-111, DR-201, DR-202), Stale."""
    if entry is not None and entry.provider_id != provider.pk:
        raise NotVisible
    row_id = entry.pk if entry else new_id()
    is_secret = provider.is_address_secret or (entry is not None and entry.is_address_secret)
    kept = kept_document(with_identifiers(storable(document), row_id), is_address_secret=is_secret)
    kept.pop("organization", None)
    if entry is None:
        entry = Entry.objects.create(
            id=row_id, provider=provider, name=kept["name"][:300], is_address_secret=provider.is_address_secret,
            status=kept["status"], changed_at=at,
        )  # fmt: skip
        number = 1
    else:
        newest = entry.versions.order_by("-number").select_related("decision").first()
        if newest is not None and number is not None and newest.number != number:
            raise Stale(theirs=said_of(newest.document), yours=said_of(kept))
        claim_version(entry, entry.version)
        if newest is not None and not hasattr(newest, "decision"):
            raise rules.WAITING_ALREADY.refused()
        if newest is not None and newest.document == kept:
            raise rules.NOTHING_CHANGED.refused()
        number = newest.number + 1 if newest else 1
    row = EntryVersion.objects.create(
        entry=entry, number=number, document=kept, remark=remark[:600], written_at=at, written_by=by.account_id
    )
    entry.waiting = row
    entry.save(update_fields=["waiting"])
    if provider.is_trusted and entry.approved is not None and is_small(entry.approved.document, kept):
        VersionDecision.objects.create(
            entry_version=row, is_approved=True, is_by_trust=True, reason="A small change of a trusted provider",
            decided_at=at,
        )  # fmt: skip
        _decided(row, is_approved=True, at=at)
    note(subject=row, changed=("document",))
    return row


@service(ASSURE_RECORDS, on="entry_version")
def decide_version(
    *, entry_version: EntryVersion, is_approved: bool, reason: str = "", by: Actor, at: datetime
) -> VersionDecision:
    """Approve a version, which makes it what the public reads, or send it back with what is to be mended; what was approved
    before stays public. Nobody decides on what they wrote. Raises Refused (DR-203, DR-204, DR-205)."""
    if VersionDecision.objects.filter(entry_version=entry_version).exists():
        raise rules.DECIDED_ALREADY.refused()
    if by.account_id is not None and by.account_id == entry_version.written_by:
        raise rules.NOBODYS_OWN.refused()
    if not is_approved and not reason.strip():
        raise rules.WHY_NOT.refused()
    claim_version(entry_version.entry, entry_version.entry.version)
    row = VersionDecision.objects.create(
        entry_version=entry_version,
        is_approved=is_approved,
        reason=reason.strip()[:600],
        decided_at=at,
        decided_by=by.account_id,
    )
    _decided(entry_version, is_approved=is_approved, at=at)
    note(subject=row, changed=("is_approved",))
    return row


def _decided(version: EntryVersion, *, is_approved: bool, at: datetime) -> None:
    """Nothing waits any more; an approved version becomes what the public reads."""
    entry = version.entry
    entry.waiting = None
    if is_approved:
        _make_public(version, at)
    else:
        entry.save(update_fields=["waiting"])


def _make_public(version: EntryVersion, at: datetime) -> None:
    """What the version says becomes what is searched and read; where the record stands follows its dates."""
    entry, document = version.entry, version.document
    found = shaped(document)
    entry.state = state_on(dates_of(entry, is_approved=True), timezone.localdate(at))
    entry.approved, entry.changed_at = version, at
    fill_entry(entry, document, found, entry.provider.name)
    entry.save()
    Opening.objects.filter(entry=entry).delete()
    EntryPlace.objects.filter(entry=entry).delete()
    places, openings = rows_beside(entry, found, postcodes_named(each.postcode for each in found.places))
    EntryPlace.objects.bulk_create(places)
    Opening.objects.bulk_create(openings)


@service(ASSURE_RECORDS, on="entry")
def assure_entry(*, entry: Entry, how: str, method: str = "other", by: Actor, at: datetime) -> Assurance:
    """Somebody made sure today that the record is so. Raises Refused (DR-209, DR-210)."""
    return keep_assurance(entry, how, method, by, at)


def keep_assurance(entry: Entry, how: str, method: str, by: Actor, at: datetime) -> Assurance:
    """Write down that a record was made sure of; for a service that checked who may."""
    if entry.approved_id is None:
        raise rules.NEVER_APPROVED.refused()
    if not how.strip():
        raise rules.HOW_ASSURED.refused()
    claim_version(entry, entry.version)
    day: date = timezone.localdate(at)
    row = Assurance.objects.create(
        entry=entry, assured_on=day, how=how.strip()[:600], method=method, written_at=at, written_by=by.account_id
    )
    entry.assured_on, entry.changed_at = day, at
    entry.save(update_fields=["assured_on", "changed_at"])
    note(subject=row, changed=("assured_on",))
    return row


@service(KEEP_RECORDS)
def add_postcodes(*, rows: Iterable[tuple[str, int, int, str]], by: Actor, at: datetime) -> int:
    """Enter where postcodes lie: code, easting, northing in metres, code of the district. What is known is written anew.
    Returns how many were read."""
    count, batch = 0, []
    for code, easting, northing, district in rows:
        batch.append(Postcode(code=code, easting=easting, northing=northing, district=district))
        count += 1
        if len(batch) == 5000:
            _keep_postcodes(batch)
            batch = []
    _keep_postcodes(batch)
    note(words={"postcodes": count})
    return count


def _keep_postcodes(batch: list[Postcode]) -> None:
    distinct = {each.code: each for each in batch}
    Postcode.objects.bulk_create(
        distinct.values(),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["easting", "northing", "district"],
    )
