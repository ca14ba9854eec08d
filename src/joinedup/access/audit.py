"""Writing the audit trail. Every function writes in the caller's transaction; `refusal` is called after a rollback."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

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
    event = AuditEvent.objects.create(
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
    if plain is not None:
        AuditWords.objects.create(event=event, salt=salt, words=plain)
    return event


def record_from(source: str, columns: Mapping[str, str]) -> int:
    """A row for each row of an SQL `source`, for what is written in bulk: as `core.bulk.insert_from`. They are sealed
    like any other. Returns how many."""
    return insert_from(AuditEvent, source, columns)


def record_read(
    viewer: Actor, *, subject: tuple[str, str], people: Iterable[UUID], purpose: str, search: bool = False
) -> AuditEvent:
    """A record, list or search result was shown: one row naming everybody on it, and why it was opened."""
    kind = "search" if search else "read"
    return record(
        kind, f"{subject[0]}.{kind}", by=viewer, at=viewer.at, subject=subject, people=people, purpose=purpose
    )
