"""What providers and assurers do with versions and with where a record stands: take back, go back, close, schedule, archive, trust."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.directory import rules
from joinedup.directory.indexing import dates_of
from joinedup.directory.lifecycle import RECORD_LABELS, RECORD_MOVES, RecordState, state_on
from joinedup.directory.models import Entry, EntryVersion, Provider, VersionDecision
from joinedup.directory.permissions import ASSURE_RECORDS, WRITE_RECORDS
from joinedup.directory.services.records import write_record
from joinedup.directory.upkeep_models import RecordMove

_DATES = ["visible_from", "visible_until", "closed_from", "closed_until", "closed_instead"]


@service(WRITE_RECORDS, on="entry_version")
def withdraw_version(*, entry_version: EntryVersion, by: Actor, at: datetime) -> VersionDecision:
    """Take back a change that waits; what was approved stays public. Raises Refused (DR-203)."""
    entry = entry_version.entry
    if VersionDecision.objects.filter(entry_version=entry_version).exists():
        raise rules.DECIDED_ALREADY.refused()
    claim_version(entry, entry.version)
    row = VersionDecision.objects.create(
        entry_version=entry_version, is_approved=False, is_withdrawn=True, decided_at=at, decided_by=by.account_id
    )
    entry.waiting = None
    entry.save(update_fields=["waiting"])
    note(subject=row, changed=("is_withdrawn",))
    return row


@service(WRITE_RECORDS, on="entry")
def return_to_version(*, entry: Entry, entry_version: EntryVersion, by: Actor, at: datetime) -> EntryVersion:
    """Propose what an earlier version said, as a new version. Raises Refused (DR-201, DR-202, DR-207)."""
    if entry_version.entry_id != entry.pk:
        raise rules.NOT_ANOTHER.refused()
    return write_record(
        provider=entry.provider, entry=entry, document=entry_version.document,
        remark=f"Back to version {entry_version.number}", by=by, at=at,
    )  # fmt: skip


def move_entry(entry: Entry, then: RecordState, words: str, *, by: Actor, at: datetime) -> None:
    """Write down that a record stands elsewhere; nothing where it stands there. For a service that checked who may. Raises Refused
    (DR-212)."""
    now = RecordState(entry.state)
    if now == then:
        return
    if then not in RECORD_MOVES[now]:
        raise rules.NOT_FROM_HERE.refused(now=RECORD_LABELS[now].lower(), then=RECORD_LABELS[then].lower())
    RecordMove.objects.create(
        entry=entry, before=now.value, after=then.value, words=words[:600], moved_at=at, moved_by=by.account_id
    )
    entry.state, entry.changed_at = then.value, at
    entry.save(update_fields=["state", "changed_at"])


def _settle(entry: Entry, words: str, *, by: Actor, at: datetime) -> None:
    """Keep the dates, and move the record to where they put it today."""
    entry.save(update_fields=_DATES)
    move_entry(entry, state_on(dates_of(entry), timezone.localdate(at)), words, by=by, at=at)
    note(subject=entry, changed=tuple(_DATES))


@service(WRITE_RECORDS, on="entry")
def close_for_now(
    *, entry: Entry, starts_on: date | None, ends_on: date | None, instead: str, by: Actor, at: datetime
) -> Entry:
    """Say at once that a service is closed for some days, and what people can do instead. Raises Refused (DR-213 to DR-215)."""
    if starts_on is None:
        raise rules.CLOSED_FROM.refused()
    if ends_on is not None and ends_on < starts_on:
        raise rules.DATES_IN_ORDER.refused()
    if not instead.strip():
        raise rules.CLOSED_INSTEAD.refused()
    claim_version(entry, entry.version)
    entry.closed_from, entry.closed_until, entry.closed_instead = starts_on, ends_on, instead.strip()[:600]
    _settle(entry, f"Closed for now: {entry.closed_instead}", by=by, at=at)
    return entry


@service(WRITE_RECORDS, on="entry")
def open_again(*, entry: Entry, by: Actor, at: datetime) -> Entry:
    """It is open again, or was never closed after all."""
    claim_version(entry, entry.version)
    entry.closed_from, entry.closed_until, entry.closed_instead = None, None, ""
    _settle(entry, "Open again", by=by, at=at)
    return entry


@service(WRITE_RECORDS, on="entry")
def schedule_entry(
    *, entry: Entry, visible_from: date | None, visible_until: date | None, by: Actor, at: datetime
) -> Entry:
    """Set the first and the last day on which a service is shown; None is open. Raises Refused (DR-213)."""
    if visible_from is not None and visible_until is not None and visible_until < visible_from:
        raise rules.DATES_IN_ORDER.refused()
    claim_version(entry, entry.version)
    entry.visible_from, entry.visible_until = visible_from, visible_until
    _settle(entry, "Its days were set", by=by, at=at)
    return entry


@service(ASSURE_RECORDS, on="entry")
def archive_entry(*, entry: Entry, why: str, by: Actor, at: datetime) -> Entry:
    """Take a record out for good: kept with its history, found by nobody. Raises Refused (DR-212, DR-216)."""
    if not why.strip():
        raise rules.MOVE_WHY.refused()
    claim_version(entry, entry.version)
    move_entry(entry, RecordState.ARCHIVED, why.strip(), by=by, at=at)
    note(subject=entry, changed=("state",))
    return entry


@service(ASSURE_RECORDS, on="entry")
def bring_back(*, entry: Entry, why: str, by: Actor, at: datetime) -> Entry:
    """Bring an archived record back to where its dates put it. Raises Refused (DR-216)."""
    if not why.strip():
        raise rules.MOVE_WHY.refused()
    claim_version(entry, entry.version)
    was = entry.state
    entry.state = RecordState.PROPOSED.value  # whatever it is but archived: its dates say where it stands
    then = state_on(dates_of(entry), timezone.localdate(at))
    entry.state = was
    move_entry(entry, then, why.strip(), by=by, at=at)
    note(subject=entry, changed=("state",))
    return entry


@service(ASSURE_RECORDS, on="provider")
def set_trust(*, provider: Provider, is_trusted: bool, by: Actor, at: datetime) -> Provider:
    """Let a provider's changes of phone and hours through at once, or no longer; they are checked by sample later."""
    claim_version(provider, provider.version)
    provider.is_trusted = is_trusted
    provider.save(update_fields=["is_trusted"])
    note(subject=provider, changed=("is_trusted",))
    return provider
