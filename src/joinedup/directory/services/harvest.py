"""Taking in another directory's records. What it says is staged as it was said; what is clean becomes public under its source and
licence where the source is trusted, and waits for an assurer where it is not; what is dirty is held with its faults, and the
record that was public before stays. The same again changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

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
    HarvestRun,
    Opening,
    Provider,
    Source,
    Staged,
    Taxonomy,
    Term,
    VersionDecision,
)
from joinedup.directory.permissions import ASSURE_RECORDS
from joinedup.directory.secrecy import gives_place, hidden, sounds_secret
from joinedup.directory.services.landing import copy_rows, upsert_rows
from joinedup.directory.shaping import Shaped, kept_document, shaped, storable
from joinedup.directory.taking import Taken, mended, taken, why

_AT_ONCE = 2000
_ENTRY = [
    "provider", "approved", "waiting", "state", "status", "name", "summary", "words", "minimum_age", "maximum_age", "is_free", "terms",
    "areas", "features", "sector", "reach", "setting", "commissioning", "budget", "is_address_secret", "changed_at",
    "completeness", "missing",
]  # fmt: skip


@dataclass
class Harvested:
    """What a harvest came to. `waiting` of the created and updated are not public yet. `faults` are of the records that are held:
    (their id, rule, words)."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    held: int = 0
    waiting: int = 0
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """By word."""
        return {name: getattr(self, name) for name in ("read", "created", "updated", "unchanged", "held", "waiting")}


@dataclass
class _Clean:
    """A record that may become public."""

    staged: Staged
    entry_id: UUID
    said: Taken
    document: dict[str, Any]
    found: Shaped
    is_secret: bool


@dataclass
class _Before:
    """What stood before a batch is sorted: which providers and services keep their place secret, and how far each service came."""

    source: Source
    secret: frozenset[UUID]


@service(ASSURE_RECORDS)
def add_source(
    *, name: str, licence: str, address: str = "", is_trusted: bool | None = None, by: Actor, at: datetime
) -> Source:
    """Enter a directory whose records are taken in, or find it by its name. What a trusted source says becomes public at once; None
    leaves that as it is. Raises Refused (DR-101, DR-401)."""
    if not name.strip():
        raise rules.NAME.refused()
    if not licence.strip():
        raise rules.SOURCE_LICENCE.refused()
    said: dict[str, Any] = {"licence": licence.strip()[:200], "address": address[:500]}
    if is_trusted is not None:
        said["is_trusted"] = is_trusted
    row, _ = Source.objects.update_or_create(name=name.strip()[:200], defaults=said)
    note(subject=row, changed=tuple(said))
    return row


@service(ASSURE_RECORDS, on="source")
def harvest(*, source: Source, records: Iterable[Any], by: Actor, at: datetime) -> Harvested:
    """Take in records of a source, all in one transaction. A record that is gone from the source stays: it ages without assurance
    until somebody asks. Raises Refused for what keeps the whole from being read."""
    claim_version(source, source.version)
    result, seen = Harvested(), set[str]()
    before = _Before(source, _secret())
    rest: Iterator[Any] = iter(records)
    while batch := list(islice(rest, _AT_ONCE)):
        _take_batch(before, batch, seen, result, at)
    source.read_at = at
    source.save(update_fields=["read_at"])
    HarvestRun.objects.create(source=source, began_at=at, counts=result.counts, started_by=by.account_id)
    note(changed=("read_at",), words=result.counts)
    return result


def _take_batch(before: _Before, batch: list[Any], seen: set[str], result: Harvested, at: datetime) -> None:
    result.read += len(batch)
    named: dict[str, tuple[Any, rules.Rule | None, str]] = {}
    for given in batch:
        raw = storable(given)
        theirs = str(raw.get("id") or raw.get("import_id") or "")[:150] if isinstance(raw, dict) else ""
        rule = rules.NO_IDENTIFIER if not theirs else rules.TWICE if theirs in seen else None
        seen.add(theirs)
        digest = _digest(raw)
        named[f"{theirs or 'no id'}, {digest[:40]}" if rule else theirs] = (raw, rule, digest)
    rows = Staged.objects.filter(source=before.source, their_id__in=named).defer("raw")
    known = {each.their_id: each for each in rows}
    clean: list[_Clean] = []
    staged: list[Staged] = []
    for theirs, (raw, rule, digest) in named.items():
        row = known.get(theirs) or Staged(source=before.source, their_id=theirs)
        if row.digest == digest and not row.faults:
            result.unchanged += 1
            continue
        row.left_because = row.left_because if row.digest == digest else ""
        row.raw, row.digest, row.read_at, row.faults = raw, digest, at, []
        staged.append(row)
        if rule is None:
            _sort(before, row, raw, clean, result)
        else:
            _hold(row, rule.refused(), result)
            row.raw = hidden(raw) if sounds_secret(raw) else raw
    result.held += len(batch) - len(named)  # word for word what was held a moment ago
    _publish(before, clean, result, at)
    _stage(staged)


_STAGED = (
    "raw",
    "digest",
    "read_at",
    "faults",
    "entry",
    "left_because",
    "mends",
    "secrecy",
    "decided_at",
    "decided_by",
)


def _stage(rows: list[Staged]) -> None:
    upsert_rows(Staged, rows, unique="source_id, their_id", update=_STAGED)


def take_again(source: Source, rows: list[Staged], at: datetime) -> Harvested:
    """Look again at records that are held, as they were staged. Called inside a guarded service."""
    result, clean = Harvested(read=len(rows)), list[_Clean]()
    before = _Before(source, _secret())
    for row in rows:
        row.faults = []
        _sort(before, row, row.raw if isinstance(row.raw, dict) else {}, clean, result)
    _publish(before, clean, result, at)
    _stage(rows)
    return result


def _secret() -> frozenset[UUID]:
    """Providers and services that keep their place secret."""
    providers = Provider.objects.filter(is_address_secret=True).values_list("pk", flat=True)
    return frozenset((*providers, *Entry.objects.filter(is_address_secret=True).values_list("pk", flat=True)))


def _digest(raw: Any) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def _hold(row: Staged, refusal: Refused, result: Harvested) -> None:
    row.faults = [why(refusal)]
    result.held += 1
    result.faults.append((row.their_id, refusal.rule, refusal.sentence))


def _sort(before: _Before, row: Staged, raw: dict[str, Any], clean: list[_Clean], result: Harvested) -> None:
    """Clean, or held with why. Of what is or may be a refuge the place is not even staged."""
    entry_id = uuid5(before.source.pk, f"service:{row.their_id}")
    raw = mended(raw, row.mends)
    is_secret = row.secrecy == "secret" or entry_id in before.secret
    try:
        if not is_secret and row.secrecy != "open" and (words := sounds_secret(raw)) and gives_place(raw):
            row.raw = hidden(raw)
            raise rules.MAYBE_REFUGE.refused(words=words)
        said = taken(raw)
        is_secret = is_secret or _provider_id(before.source, said.provider_id) in before.secret
        if is_secret:
            row.raw = hidden(raw)
            said = taken(row.raw)
        document = with_identifiers(said.document, entry_id, source=before.source.pk)
        document = kept_document(document, is_address_secret=is_secret)
        found = shaped(document)
    except Refused as refusal:
        _hold(row, refusal, result)
        return
    row.entry_id = entry_id
    clean.append(_Clean(row, entry_id, said, document, found, is_secret))


def _publish(before: _Before, clean: list[_Clean], result: Harvested, at: datetime) -> None:
    """What is clean is public where its source is trusted, else it waits for an assurer; what was public stays meanwhile."""
    if not clean:
        return
    source = before.source
    providers = _providers(source, clean, at)
    _terms(source, clean)
    there = Entry.objects.filter(pk__in=[each.entry_id for each in clean])
    stood = {each.pk: each for each in there.only("id", "approved_id", "waiting_id", "state")}
    newest = EntryVersion.objects.filter(entry__in=stood).order_by("entry", "-number").distinct("entry")
    numbers = dict(newest.values_list("entry", "number"))
    known = postcodes_named(place.postcode for each in clean for place in each.found.places)
    entries, versions, places, openings, left = [], [], [], [], []
    waits: dict[UUID, UUID] = {}
    for each in clean:
        provider, old = providers[each.said.provider_id], stood.get(each.entry_id)
        # What somebody archived stays archived, whatever its source goes on saying.
        is_settled = old is not None and (old.approved_id is not None or old.state == "archived")
        state = old.state if old is not None and is_settled else "public" if source.is_trusted else "proposed"
        entry = Entry(
            id=each.entry_id,
            provider=provider,
            source=source,
            changed_at=at,
            state=state,
            is_address_secret=each.is_secret,
        )
        fill_entry(entry, each.document, each.found, provider.name)
        version = EntryVersion(
            entry=entry, number=numbers.get(each.entry_id, 0) + 1, document=each.document, written_at=at
        )
        versions.append(version)
        if old is not None and old.waiting_id is not None:
            left.append(old.waiting_id)
        if source.is_trusted:
            entry.approved_id = version.pk
            beside = rows_beside(entry, each.found, known)
            places += beside[0]
            openings += beside[1]
        else:
            result.waiting += 1
            if old is not None and old.approved_id is not None:
                waits[entry.pk] = version.pk
                continue
            entry.waiting_id = version.pk
        entries.append(entry)
    result.created += len(clean) - len(stood)
    result.updated += len(stood)
    # The key from a service to its version is looked at when the transaction ends, so both may be written in bulk.
    upsert_rows(Entry, entries, unique="id", update=_ENTRY)
    copy_rows(EntryVersion, versions)
    if waits:
        changed = [Entry(id=one, waiting_id=version) for one, version in waits.items()]
        Entry.objects.bulk_update(changed, ["waiting"])
    _decide(source, versions, left, at)
    if source.is_trusted and stood:
        EntryPlace.objects.filter(entry__in=stood).delete()
        Opening.objects.filter(entry__in=stood).delete()
    copy_rows(EntryPlace, places)
    copy_rows(Opening, openings)


def _decide(source: Source, versions: list[EntryVersion], left: list[UUID], at: datetime) -> None:
    """What a trusted source says is approved with it; what still waited and is said otherwise now is withdrawn."""
    said = f"Taken in from {source.name}, {source.licence}"[:600]
    newer = f"{source.name} says it otherwise now"[:600]
    rows = [VersionDecision(entry_version=each, is_approved=True, reason=said, decided_at=at) for each in versions if source.is_trusted]  # fmt: skip
    rows += [VersionDecision(entry_version_id=each, is_approved=False, is_withdrawn=True, reason=newer, decided_at=at) for each in left]  # fmt: skip
    copy_rows(VersionDecision, rows)


def _provider_id(source: Source, theirs: str) -> UUID:
    return uuid5(source.pk, f"organization:{theirs}")


def _providers(source: Source, clean: list[_Clean], at: datetime) -> dict[str, Provider]:
    """Who provides the services; of a source that is not trusted, a provider with something public stays as it is."""
    made = {
        each.said.provider_id: Provider(
            id=_provider_id(source, each.said.provider_id), name=each.said.provider,
            description=each.said.about_provider, email=each.said.email, website=each.said.website, changed_at=at,
        )
        for each in clean
    }  # fmt: skip
    has_public = "EXISTS (SELECT 1 FROM directory_entry e WHERE e.provider_id = kept.id AND e.approved_id IS NOT NULL)"
    upsert_rows(
        Provider, list(made.values()), unique="id", update=("name", "description", "email", "website", "changed_at"),
        only="" if source.is_trusted else f"NOT {has_public}",
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
