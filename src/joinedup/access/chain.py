"""The hash chain over the audit trail: sealing committed rows, verifying, and the anchor outside the database.

One chain inside every transaction would make every page wait for every import, so a sealer chains what has been
committed, within a second. An edit, a removed row, a forged row, a changed order and a cut tail are each found by
`verify`; a full rewrite by somebody who owns the database is found by the anchor file, which lies outside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from joinedup.access.audit import digest_of_words
from joinedup.access.models import AuditEvent, AuditSeal, AuditWords
from joinedup.access.permissions import REDACT_AUDIT

GENESIS = "0" * 64
_LOCK = 7_401_001  # any fixed number: the advisory lock that makes sealers take turns
_BATCH = 5_000
_LOOKED_BACK = 20_000  # events before the newest sealed one that may have been committed late
_LATE = timedelta(seconds=60)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the trail, in words for the person who must act on it."""

    code: str
    sentence: str
    event_id: int | None = None


@dataclass
class Verification:
    """What `verify` found: rows counted, the head of the chain, and every fault."""

    events: int = 0
    sealed: int = 0
    unsealed: int = 0
    redacted: int = 0
    head: str = GENESIS
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """True when nothing is wrong."""
        return not self.faults

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "events": self.events,
            "sealed": self.sealed,
            "unsealed": self.unsealed,
            "redacted": self.redacted,
            "head": self.head,
            "faults": [fault.__dict__ for fault in self.faults],
        }


class Sealable(Protocol):
    """What is hashed of an event: a row of the model, or the same columns read without making one."""

    id: int
    kind: str
    action: str
    actor_id: UUID | None
    post_ids: list[UUID]
    via: str
    subject_kind: str
    subject_id: str
    people: list[UUID]
    purpose: str
    rule: str
    changed: list[str]
    at: datetime
    recorded_at: datetime
    words_digest: str


_HASHED = tuple(Sealable.__annotations__)


def canonical(event: Sealable) -> bytes:
    """The bytes that are hashed: every column of the row, in a fixed form. Words enter through their digest only."""
    content = {
        "id": event.id,
        "kind": event.kind,
        "action": event.action,
        "actor": str(event.actor_id or ""),
        "posts": [str(post) for post in event.post_ids],
        "via": event.via,
        "subject": [event.subject_kind, event.subject_id],
        "people": [str(person) for person in event.people],
        "purpose": event.purpose,
        "rule": event.rule,
        "changed": list(event.changed),
        "at": event.at.timestamp(),
        "recorded_at": event.recorded_at.timestamp(),
        "words": event.words_digest,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def link(previous: str, event: Sealable) -> str:
    """The digest of an event in the place after `previous`."""
    return hashlib.sha256(previous.encode() + canonical(event)).hexdigest()


def seal(*, most: int = _BATCH, everything: bool = True) -> int:
    """Chain the committed events that have no seal yet, in the order of their ids; returns how many.

    A transaction that took its id early and committed late is chained late: order in the chain is the order in which
    rows became visible, which is what can be proved. Without `everything` only the newest part of the trail is looked
    through, because looking through millions of rows each second would leave nothing for the pages.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = AuditSeal.objects.order_by("-seq").first()
        seq, head = (last.seq, last.digest) if last else (0, GENESIS)
        newest = AuditSeal.objects.aggregate(newest=Max("event_id"))["newest"] or 0
        after = 0 if everything else max(0, newest - _LOOKED_BACK)
        sealed = AuditSeal.objects.filter(event_id=OuterRef("pk"), event_id__gt=after)
        waiting = AuditEvent.objects.filter(~Exists(sealed), pk__gt=after).order_by("pk")[:most]
        lines = []
        for event in waiting.values_list(*_HASHED, named=True):
            seq += 1
            digest = link(head, event)
            lines.append(f"{seq}\t{event.id}\t{head}\t{digest}\n")
            head = digest
        if lines:
            _insert_seals(lines)
    return len(lines)


def _insert_seals(lines: Sequence[str]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY access_auditseal (seq, event_id, previous, digest) FROM STDIN") as copy,
    ):
        copy.write("".join(lines))


def anchor_file() -> Path:
    """Where heads of the chain are kept outside the database. Copy it elsewhere: that is its point."""
    return Path(settings.DATA) / "audit-anchors.log"


def write_anchor(*, at: datetime, path: Path | None = None) -> str:
    """Keep the present head in the anchor file when it moved; returns the line, or an empty text.

    One line for each minute, the newest always there: an anchor vouches for everything before it.
    """
    target = path or anchor_file()
    last = AuditSeal.objects.order_by("-seq").first()
    if last is None:
        return ""
    line = f"{last.seq} {last.digest}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a+b") as file:
        starts, words = _last_line(file)
        if words[1:] == line.split(" "):
            return ""
        # Never replaced by an older head: a chain that was cut keeps the anchor that gives it away.
        same_minute = bool(words) and words[0][:16] == at.isoformat()[:16] and int(words[1]) <= last.seq
        if same_minute:
            file.truncate(starts)
        file.write(f"{at.isoformat()} {line}\n".encode("ascii"))
    return line


def _last_line(file: BinaryIO) -> tuple[int, list[str]]:
    """Where the last line starts, and its three words; nothing for an empty or broken end of the file."""
    end = file.seek(0, 2)
    start = max(0, end - 300)
    file.seek(start)
    tail = file.read().rstrip(b"\n")
    cut = tail.rfind(b"\n") + 1
    words = tail[cut:].decode("ascii", "replace").split(" ")
    return (start + cut, words) if len(words) == 3 and words[1].isdigit() else (end, [])


def verify(*, at: datetime, anchors: Path | None = None) -> Verification:
    """Walk the whole chain and report every fault; reads only."""
    found = Verification()
    heads: dict[int, str] = {}
    wanted = dict(_anchors(anchors or anchor_file()))
    previous, expected = GENESIS, 1
    for seal_row, event in _sealed_in_order():
        if seal_row.seq != expected:
            found.faults.append(Fault("gap", f"Seals {expected} to {seal_row.seq - 1} are missing from the chain."))
        if seal_row.previous != previous:
            found.faults.append(
                Fault("order", f"Seal {seal_row.seq} does not follow the one before it.", seal_row.event_id)
            )
        if event is None:
            found.faults.append(Fault("removed", f"Event {seal_row.event_id} was removed.", seal_row.event_id))
        elif link(seal_row.previous, event) != seal_row.digest:
            found.faults.append(Fault("changed", f"Event {event.pk} was changed after it was sealed.", event.pk))
        if seal_row.seq in wanted:
            heads[seal_row.seq] = seal_row.digest
        previous, expected = seal_row.digest, seal_row.seq + 1
        found.sealed += 1
        found.head = seal_row.digest
    for seq, digest in wanted.items():
        if heads.get(seq) != digest:
            found.faults.append(Fault("anchor", f"The chain no longer has the head that was anchored at seal {seq}."))
    _check_unsealed(found, at)
    _check_words(found)
    found.events = AuditEvent.objects.count()
    return found


def _sealed_in_order() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    last = -1
    while True:
        seals = list(AuditSeal.objects.filter(seq__gt=last).order_by("seq")[:_BATCH])
        if not seals:
            return
        events = AuditEvent.objects.in_bulk([row.event_id for row in seals])
        for row in seals:
            yield row, events.get(row.event_id)
        last = seals[-1].seq


def _anchors(path: Path) -> Iterator[tuple[int, str]]:
    if not path.exists():
        return
    for line in path.read_text(encoding="ascii").splitlines():
        words = line.split(" ")
        if len(words) == 3 and words[1].isdigit():
            yield int(words[1]), words[2]


def _check_unsealed(found: Verification, at: datetime) -> None:
    unsealed = AuditEvent.objects.filter(seal__isnull=True)
    found.unsealed = unsealed.count()
    late = unsealed.filter(recorded_at__lt=at - _LATE).order_by("id")
    for event in late[:20]:
        found.faults.append(
            Fault(
                "unsealed",
                f"Event {event.pk} has waited more than a minute for its seal: is the keeper running?",
                event.pk,
            )
        )


def _check_words(found: Verification) -> None:
    """Words that are still there must be the words that were written; words that are gone must have been redacted, by
    somebody the trail names."""
    redactions = set(
        AuditEvent.objects.filter(action=REDACT_AUDIT.name, kind="write").values_list("subject_id", flat=True)
    )
    for kept in AuditWords.objects.select_related("event").iterator(chunk_size=_BATCH):
        if kept.words is None:
            found.redacted += 1
            if kept.redacted_at is None or str(kept.pk) not in redactions:
                found.faults.append(Fault("words", f"Words of event {kept.pk} are gone without a redaction.", kept.pk))
        elif digest_of_words(kept.salt, kept.words) != kept.event.words_digest:
            found.faults.append(Fault("words", f"Words of event {kept.pk} were changed.", kept.pk))
    missing = AuditEvent.objects.exclude(words_digest="").filter(words__isnull=True).order_by("id")
    for event in missing[:20]:
        found.faults.append(Fault("words", f"Words of event {event.pk} were removed without a redaction.", event.pk))
