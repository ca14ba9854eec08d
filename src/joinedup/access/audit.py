"""Writing the audit trail. Every function writes in the caller's transaction; `refusal` is called after a rollback."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from joinedup.access.actor import Actor
from joinedup.access.models import AuditEvent, AuditWords
from joinedup.core.bulk import insert_from


def digest_of_words(salt: str, words: Mapping[str, Any] | None) -> str:
    """SHA-256 over the salt and the canonical JSON of the words: without the salt a short word cannot be guessed."""
    text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def record(
    kind: str,
    action: str,
    *,
    by: Actor,
    at: datetime,
    subject: tuple[str, str] = ("", ""),
    people: Iterable[UUID] = (),
    purpose: str = "",
    rule: str = "",
    changed: Iterable[str] = (),
    words: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """One row. `subject` is (kind, id); `people` are the person ids shown or touched; `words` are kept apart."""
    salt, digest = "", ""
    plain: dict[str, Any] | None = None
    if words:
        salt = secrets.token_hex(16)
        plain = json.loads(json.dumps(words, cls=DjangoJSONEncoder, default=str))
        digest = digest_of_words(salt, plain)
    event = AuditEvent(
        kind=kind,
        action=action,
        actor_id=by.account_id,
        post_ids=sorted(by.post_ids),
        via=by.via,
        subject_kind=subject[0],
        subject_id=subject[1],
        people=sorted(set(people)),
        purpose=purpose,
        rule=rule,
        changed=sorted(set(changed)),
        at=at,
        words_digest=digest,
    )
    if plain is None:
        event.save(force_insert=True)
    else:
        _save_with_words(event, salt, plain)
    return event


_WRITTEN = (
    "kind", "action", "actor_id", "post_ids", "via", "subject_kind", "subject_id", "people", "purpose", "rule", "changed",
    "at", "words_digest",
)  # fmt: skip
_WITH_WORDS = f"""
WITH event AS (
  INSERT INTO access_auditevent ({", ".join(_WRITTEN)})
  VALUES (%s, %s, %s, %s::uuid[], %s, %s, %s, %s::uuid[], %s, %s, %s::varchar[], %s, %s) RETURNING id, recorded_at
), words AS (
  INSERT INTO access_auditwords (event_id, salt, words, redaction_reason) SELECT id, %s, %s::jsonb, '' FROM event
)
SELECT id, recorded_at FROM event
"""  # noqa: S608 # the names are those above


def _save_with_words(event: AuditEvent, salt: str, words: Mapping[str, Any]) -> None:
    """Both rows in one statement: every write of the program has one of each."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_WORDS, [*(getattr(event, name) for name in _WRITTEN), salt, json.dumps(words)])
        event.id, event.recorded_at = cursor.fetchone()
    event._state.adding = False


def record_from(source: str, columns: Mapping[str, str]) -> int:
    """A row for each row of an SQL `source`, for what is written in bulk: as `core.bulk.insert_from`. They are sealed
    like any other. Returns how many."""
    return insert_from(AuditEvent, source, columns)


@dataclass(frozen=True)
class WordsWritten:
    """The words that a service kept with its row, and whether they are still the ones it wrote."""

    event_id: int
    at: datetime
    subject_id: str
    words: dict[str, Any] | None
    is_whole: bool


def words_written(
    actions: Collection[str], kinds: Collection[str], subjects: Collection[str]
) -> Iterator[WordsWritten]:
    """What a part's own services wrote down about these subjects, the oldest first, for the part that wrote it: it is
    shown to nobody here. Words that were destroyed since are None."""
    rows = AuditWords.objects.filter(
        event__kind="write", event__action__in=list(actions), event__subject_kind__in=list(kinds),
        event__subject_id__in=list(subjects),
    )  # fmt: skip
    for row in rows.select_related("event").order_by("event_id"):
        is_whole = row.words is None or digest_of_words(row.salt, row.words) == row.event.words_digest
        yield WordsWritten(row.event_id, row.event.at, row.event.subject_id, row.words, is_whole)


def record_read(
    viewer: Actor, *, subject: tuple[str, str], people: Iterable[UUID], purpose: str, search: bool = False
) -> AuditEvent:
    """A record, list or search result was shown: one row naming everybody on it, and why it was opened."""
    kind = "search" if search else "read"
    return record(
        kind, f"{subject[0]}.{kind}", by=viewer, at=viewer.at, subject=subject, people=people, purpose=purpose
    )


def redact_words_about(
    subjects: Iterable[tuple[str, Collection[str]]], *, action: str, by: Actor, at: datetime, reason: str
) -> int:
    """Destroy the personal words kept with what was done to these records, by kind and ids; the rows stay, and the chain still
    verifies: of each redaction a row says by whom, under the name of the `action` that redacts. How many had any. Called only
    from inside a guarded service that writes down why."""
    gone = 0
    for kind, ids in subjects:
        rows = AuditWords.objects.filter(event__subject_kind=kind, event__subject_id__in=list(ids), words__isnull=False)
        for words in list(rows.only("pk")) if ids else ():
            record(
                "write", action, by=by, at=at, subject=(AuditWords._meta.label_lower, str(words.pk)), changed=("words",)
            )
            AuditWords.objects.filter(pk=words.pk).update(
                words=None, salt="", redacted_at=at, redacted_by=by.account_id, redaction_reason=reason[:300]
            )
            gone += 1
    return gone
