"""Other directories that are taken in: their readings, what waits of them, and what is held with its reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.directory import rules
from joinedup.directory.models import DuplicatePair, HarvestRun, Source, Staged
from joinedup.directory.permissions import ASSURE_RECORDS
from joinedup.directory.secrecy import hidden, sounds_secret

MOST_LISTED = 100


@dataclass(frozen=True)
class SourceLine:
    """A source in the list."""

    id: UUID
    name: str
    licence: str
    is_trusted: bool
    read_at: datetime | None
    public: int
    waiting: int
    held: int


@dataclass(frozen=True)
class HeldLine:
    """A record that is held."""

    id: UUID
    their_id: str
    name: str
    rule: str
    words: str
    left_because: str


@dataclass(frozen=True)
class SourcePage:
    """One source. `held` and `left` are the first hundred of each."""

    line: SourceLine
    address: str
    version: int
    runs: tuple[tuple[datetime, str], ...]
    held: tuple[HeldLine, ...]
    left: tuple[HeldLine, ...]


@dataclass(frozen=True)
class HeldPage:
    """One record that is held, as its source said it; where its place may be secret, without it."""

    line: HeldLine
    source_id: UUID
    source: str
    is_maybe_secret: bool
    said: tuple[tuple[str, str], ...]
    mended: tuple[str, ...]


def _line(row: Any, held: int) -> SourceLine:
    return SourceLine(row.pk, row.name, row.licence, row.is_trusted, row.read_at, row.public, row.waits, held)


def _sources() -> Any:
    return Source.objects.annotate(
        public=Count("entries", filter=Q(entries__approved__isnull=False)),
        waits=Count("entries", filter=Q(entries__waiting__isnull=False)),
    )


def _held_of(**narrow: Any) -> dict[UUID, int]:
    rows = Staged.objects.filter(left_because="", **narrow).exclude(faults=[])
    return dict(rows.values_list("source").annotate(number=Count("pk")))


def sources(viewer: Actor) -> tuple[list[SourceLine], int]:
    """Every source, and how many pairs may be one service. Three statements."""
    check(viewer, ASSURE_RECORDS)
    held = _held_of()
    pairs = DuplicatePair.objects.filter(state="suspected", first__same_as=None, second__same_as=None).count()
    return [_line(row, held.get(row.pk, 0)) for row in _sources().order_by("name")], pairs


def source_to_change(viewer: Actor, source_id: UUID) -> Source:
    """The source, for a decision."""
    check(viewer, ASSURE_RECORDS)
    row = Source.objects.filter(pk=source_id).first()
    if row is None:
        raise NotVisible
    return row


def source_page(viewer: Actor, source_id: UUID) -> SourcePage:
    """One source with its readings and what is held of it. Five statements."""
    check(viewer, ASSURE_RECORDS)
    row = _sources().filter(pk=source_id).first()
    if row is None:
        raise NotVisible
    runs = HarvestRun.objects.filter(source=source_id).order_by("-began_at")[:20]
    rows = Staged.objects.filter(source=source_id).exclude(faults=[]).order_by("their_id")
    return SourcePage(
        _line(row, _held_of(source=source_id).get(row.pk, 0)), row.address, row.version,
        tuple((each.began_at, each.problem or ", ".join(f"{number} {word}" for word, number in each.counts.items())) for each in runs),
        tuple(map(_held, rows.filter(left_because="")[:MOST_LISTED])), tuple(map(_held, rows.exclude(left_because="")[:MOST_LISTED])),
    )  # fmt: skip


def _held(row: Staged) -> HeldLine:
    raw = _shown(row)
    name = str(raw.get("name") or "No name") if isinstance(raw, dict) else "No record"
    fault = row.faults[0] if row.faults else {"rule": "", "words": ""}
    return HeldLine(row.pk, row.their_id, name[:200], fault["rule"], fault["words"], row.left_because)


def _shown(row: Staged) -> Any:
    """What may be shown of a record: a place that may be secret is taken out once more, whatever was staged."""
    return hidden(row.raw) if row.secrecy != "open" and sounds_secret(row.raw) else row.raw


def held_to_decide(viewer: Actor, staged_id: UUID) -> Staged:
    """The held record, for a decision."""
    check(viewer, ASSURE_RECORDS)
    row = Staged.objects.select_related("source").filter(pk=staged_id).exclude(faults=[]).first()
    if row is None:
        raise NotVisible
    return row


def held_page(viewer: Actor, staged_id: UUID) -> HeldPage:
    """One record that is held. One statement."""
    row = held_to_decide(viewer, staged_id)
    raw = _shown(row)
    said = raw.items() if isinstance(raw, dict) else [("What came", raw)]
    return HeldPage(
        _held(row), row.source_id, row.source.name, row.faults[0]["rule"] == rules.MAYBE_REFUGE.code,
        tuple((str(name).replace("_", " "), _text(one)) for name, one in said), tuple(row.mends),
    )  # fmt: skip


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return text if len(text) <= 1500 else text[:1500] + " …"


def faults_of_source(viewer: Actor, source_id: UUID) -> list[dict[str, str]]:
    """What the source should mend, for its keepers: row, field, value, reason. No value is told of what may be a secret place."""
    source_to_change(viewer, source_id)
    found = []
    for row in Staged.objects.filter(source=source_id).exclude(faults=[]).order_by("their_id"):
        raw = _shown(row)
        for fault in row.faults:
            rule = next((each for each in rules.RULES if each.code == fault["rule"]), None)
            field = rule.field if rule is not None else ""
            value = raw.get(field, "") if isinstance(raw, dict) and field and raw is row.raw else ""
            found.append({"row": row.their_id, "field": field or fault["rule"], "value": str(value)[:200], "reason": fault["words"]})  # fmt: skip
    return found
