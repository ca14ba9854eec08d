"""Taking in another directory's records. What it says is staged as it was said; what is clean becomes public under its source and
licence, what is not is held with its faults, and the record that was public before stays. The same again changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Max

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.models import claim_version
from joinedup.directory import rules
from joinedup.directory.adopting import identifier_of, with_identifiers
from joinedup.directory.indexing import fill_entry, postcodes_named, rows_beside
from joinedup.directory.models import (
    Entry,
    EntryPlace,
    EntryVersion,
    Opening,
    Provider,
    Source,
    Staged,
    Taxonomy,
    Term,
    VersionDecision,
)
from joinedup.directory.permissions import ASSURE_RECORDS
from joinedup.directory.shaping import Shaped, kept_document, shaped, storable
from joinedup.directory.taking import Taken, taken, why

_AT_ONCE = 2000
_ENTRY = [
    "provider", "approved", "status", "name", "summary", "words", "minimum_age", "maximum_age", "is_free", "terms", "areas", "sector",
    "reach", "setting", "commissioning", "budget", "is_address_secret", "changed_at",
]  # fmt: skip


@dataclass
class Harvested:
    """What a harvest came to. `faults` are of the records that are held: (their id, rule, words)."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    held: int = 0
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """By word."""
        return {name: getattr(self, name) for name in ("read", "created", "updated", "unchanged", "held")}


@dataclass
class _Clean:
    """A record that may become public."""

    staged: Staged
    entry_id: UUID
    said: Taken
    document: dict[str, Any]
    found: Shaped


@service(ASSURE_RECORDS)
def add_source(*, name: str, licence: str, address: str = "", by: Actor, at: datetime) -> Source:
    """Enter a directory whose records are taken in, or find it by its name. Raises Refused (DR-101, DR-401)."""
    if not name.strip():
        raise rules.NAME.refused()
    if not licence.strip():
        raise rules.SOURCE_LICENCE.refused()
    row, _ = Source.objects.update_or_create(
        name=name.strip()[:200], defaults={"licence": licence.strip()[:200], "address": address[:500]}
    )
    note(subject=row, changed=("licence", "address"))
    return row


@service(ASSURE_RECORDS, on="source")
def harvest(*, source: Source, records: Iterable[Any], by: Actor, at: datetime) -> Harvested:
    """Take in records of a source, all in one transaction. A record that is gone from the source stays: it ages without assurance
    until somebody asks. Raises Refused for what keeps the whole from being read."""
    claim_version(source, source.version)
    result, seen = Harvested(), set[str]()
    rest: Iterator[Any] = iter(records)
    while batch := list(islice(rest, _AT_ONCE)):
        _take_batch(source, batch, seen, result, at)
    source.read_at = at
    source.save(update_fields=["read_at"])
    note(changed=("read_at",), words=result.counts)
    return result


def _take_batch(source: Source, batch: list[Any], seen: set[str], result: Harvested, at: datetime) -> None:
    result.read += len(batch)
    named: dict[str, tuple[Any, rules.Rule | None]] = {}
    for given in batch:
        raw = storable(given)
        theirs = str(raw.get("id") or raw.get("import_id") or "")[:150] if isinstance(raw, dict) else ""
        rule = rules.NO_IDENTIFIER if not theirs else rules.TWICE if theirs in seen else None
        seen.add(theirs)
        named[f"{theirs or 'no id'}, {_digest(raw)[:40]}" if rule else theirs] = (raw, rule)
    before = {each.their_id: each for each in Staged.objects.filter(source=source, their_id__in=named)}
    clean: list[_Clean] = []
    staged: list[Staged] = []
    for theirs, (raw, rule) in named.items():
        digest = _digest(raw)
        row = before.get(theirs) or Staged(source=source, their_id=theirs)
        if row.digest == digest and not row.faults:
            result.unchanged += 1
            continue
        row.raw, row.digest, row.read_at, row.faults = raw, digest, at, []
        staged.append(row)
        if rule is None:
            _sort(source, row, raw, clean, result)
        else:
            _hold(row, rule.refused(), result)
    result.held += len(batch) - len(named)  # word for word what was held a moment ago
    _publish(source, clean, result, at)
    Staged.objects.bulk_create(
        staged, update_conflicts=True, unique_fields=["source", "their_id"],
        update_fields=["raw", "digest", "read_at", "faults", "entry"],
    )  # fmt: skip


def _digest(raw: Any) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _hold(row: Staged, refusal: Refused, result: Harvested) -> None:
    row.faults = [why(refusal)]
    result.held += 1
    result.faults.append((row.their_id, refusal.rule, refusal.sentence))


def _sort(source: Source, row: Staged, raw: dict[str, Any], clean: list[_Clean], result: Harvested) -> None:
    """Clean, or held with why."""
    entry_id = uuid5(source.pk, f"service:{row.their_id}")
    try:
        said = taken(raw)
        document = kept_document(with_identifiers(said.document, entry_id, source=source.pk), is_address_secret=False)
        found = shaped(document)
    except Refused as refusal:
        _hold(row, refusal, result)
        return
    row.entry_id = entry_id
    clean.append(_Clean(row, entry_id, said, document, found))


def _publish(source: Source, clean: list[_Clean], result: Harvested, at: datetime) -> None:
    if not clean:
        return
    providers = _providers(source, clean, at)
    _terms(source, clean)
    ids = [each.entry_id for each in clean]
    numbers = dict(EntryVersion.objects.filter(entry__in=ids).values_list("entry").annotate(most=Max("number")))
    known = postcodes_named(place.postcode for each in clean for place in each.found.places)
    entries, versions, places, openings = [], [], [], []
    for each in clean:
        provider = providers[each.said.provider_id]
        entry = Entry(id=each.entry_id, provider=provider, source=source, changed_at=at, state="public")
        fill_entry(entry, each.document, each.found, provider.name)
        number = numbers.get(each.entry_id, 0) + 1
        version = EntryVersion(entry=entry, number=number, document=each.document, written_at=at)
        entry.approved_id = version.pk
        entries.append(entry)
        versions.append(version)
        beside = rows_beside(entry, each.found, known)
        places += beside[0]
        openings += beside[1]
    result.created += len(clean) - len(numbers)
    result.updated += len(numbers)
    # The key from a service to its version is looked at when the transaction ends, so both may be written in bulk.
    Entry.objects.bulk_create(entries, update_conflicts=True, unique_fields=["id"], update_fields=_ENTRY)
    EntryVersion.objects.bulk_create(versions)
    said = f"Taken in from {source.name}, {source.licence}"[:600]
    VersionDecision.objects.bulk_create(
        VersionDecision(entry_version=each, is_approved=True, reason=said, decided_at=at) for each in versions
    )
    if numbers:
        EntryPlace.objects.filter(entry__in=numbers).delete()
        Opening.objects.filter(entry__in=numbers).delete()
    EntryPlace.objects.bulk_create(places)
    Opening.objects.bulk_create(openings)


def _providers(source: Source, clean: list[_Clean], at: datetime) -> dict[str, Provider]:
    made = {
        each.said.provider_id: Provider(
            id=uuid5(source.pk, f"organization:{each.said.provider_id}"), name=each.said.provider,
            description=each.said.about_provider, email=each.said.email, website=each.said.website, changed_at=at,
        )
        for each in clean
    }  # fmt: skip
    Provider.objects.bulk_create(
        made.values(), update_conflicts=True, unique_fields=["id"],
        update_fields=["name", "description", "email", "website", "changed_at"],
    )  # fmt: skip
    return made


def _terms(source: Source, clean: list[_Clean]) -> None:
    """Words a source uses are in a list of its own, beside ours."""
    said = {
        UUID(term["id"]): term
        for each in clean
        for one in each.document.get("attributes", ())
        if (term := one.get("taxonomy_term"))
    }
    missing = said.keys() - set(Term.objects.filter(pk__in=said).values_list("pk", flat=True))
    if not missing:
        return
    taxonomy, _ = Taxonomy.objects.get_or_create(
        id=identifier_of("taxonomy", "all", source=source.pk),
        defaults={
            "name": f"Categories of {source.name}"[:200],
            "description": f"The words {source.name} describes services by.",
        },
    )
    Term.objects.bulk_create(
        [
            Term(id=key, taxonomy=taxonomy, name=said[key]["name"][:200], description=said[key]["description"], uri=said[key].get("term_uri", "")[:500])
            for key in sorted(missing)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
