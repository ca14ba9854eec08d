"""What a referrer may see: what they or their own agency sent, and what they may be told of it. Nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from joinedup.access.actor import Actor


@dataclass(frozen=True)
class SentContactRow:
    """One contact in the list of what was sent. `standing` is what may be told in few words."""

    id: UUID
    reference: str
    received_at: datetime
    first_child: str
    sent_by: str
    standing: str


@dataclass(frozen=True)
class SentPerson:
    """Somebody they named, as they typed it."""

    part_label: str
    name: str
    birth_date: date | None
    expected_on: date | None
    address: str
    postcode: str
    school: str
    relationship: str


@dataclass(frozen=True)
class SentContact:
    """Exactly what was typed, as (question, answer) pairs, and `told`: what they may know of it."""

    id: UUID
    reference: str
    received_at: datetime
    sent_by: str
    people: tuple[SentPerson, ...]
    answers: tuple[tuple[str, str], ...]
    standing: str
    told: str
    told_at: datetime | None


def sent_contacts(viewer: Actor, after: str | None = None, *, size: int = 25) -> tuple[list[SentContactRow], str]:
    """What the viewer's posts sent, newest first, and the cursor of the next page ("" at the end)."""
    raise NotImplementedError


def sent_contact(viewer: Actor, contact_id: UUID) -> SentContact:
    """One of them, as typed."""
    raise NotImplementedError
