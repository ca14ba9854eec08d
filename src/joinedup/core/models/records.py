"""The base of every editable record, the partnership's settings, and the outbox."""

from __future__ import annotations

import os
import secrets
import threading
import time
import uuid
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q

from joinedup.core.errors import Refused


class _Ticks:
    """The time in ticks of 1/4096 of a millisecond, a different and later one at each asking in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """The time now, or the next tick when that one has been given; a clock put back by more than a second is
        believed, so that one wrong clock does not date everything after it."""
        now = (time.time_ns() << 12) // 1_000_000
        with self._lock:
            if self._last - _SECOND < now <= self._last:
                now = self._last + 1
            self._last = now
        return now


_SECOND = 1000 << 12
_ticks = _Ticks()


def new_id() -> uuid.UUID:
    """An identifier that sorts by the order it was made in (UUID version 7, RFC 9562 section 6.2 method 3), so that
    rows written in one millisecond keep their order and indexes stay compact; 62 of its bits are random."""
    milliseconds, fraction = divmod(_ticks.next(), 1 << 12)
    value = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value |= (milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0x2 << 62)
    return uuid.UUID(int=value)


# Letters and digits that nobody mistakes for one another on the phone, without vowels that would spell words.
_SPOKEN = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_reference(kind: str) -> str:
    """A reference to say on the phone, such as R-7K3M-9QXH: random, so that it tells neither a count nor a date."""
    said = "".join(secrets.choice(_SPOKEN) for _ in range(8))
    return f"{kind}-{said[:4]}-{said[4:]}"


class Record(models.Model):
    """A row with an identifier that gives nothing away and a version that a stale save cannot pass."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


AnyRecord = TypeVar("AnyRecord", bound=Record)


class VersionMoved(Refused):
    """Raised by `claim_version`; a service that holds long text turns it into `Stale` with both texts."""


def claim_version(record: Record, version: int) -> None:
    """Take the next version of `record` in this transaction, or refuse when somebody saved since it was read."""
    claimed = type(record)._default_manager.filter(pk=record.pk, version=version).update(version=F("version") + 1)
    if claimed != 1:
        raise VersionMoved(
            "Somebody else changed this while you were looking at it. Look again, then decide.", rule="CO-1"
        )
    record.version = version + 1


class PartnershipSetting(models.Model):
    """One setting of the partnership from a day on; the newest row not in the future is in force."""

    key = models.CharField(max_length=80)
    value = models.JSONField()
    starts_on = models.DateField()
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "-starts_on", "-id"], name="core_setting_in_force")]

    def __str__(self) -> str:
        return f"{self.key} from {self.starts_on}"


class OutboxMessage(Record):
    """A message on its way out. It is written in the transaction that owes it and sent afterwards, so that a crash
    neither loses it nor sends what was rolled back."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    next_try_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="core_outbox_waiting", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["-created_at", "-id"], name="core_outbox_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"


def words_of(record: models.Model, *names: str) -> dict[str, Any]:
    """The named fields of a record as plain values, for an audit payload or a conflict page."""
    return {name: getattr(record, name) for name in names}
