"""Which version of the linkage model is in use, and the register of all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Scorer
from joinedup.person_index.judging import scorer
from joinedup.person_index.models import LinkageModel
from joinedup.person_index.permissions import READ_LINKAGE

# From how many known matches of a group a figure says anything; below it is chance.
ENOUGH_TO_SAY = 50


@dataclass(frozen=True)
class GroupFigure:
    """How many matches the model found again among a group of names: in words, with what they are counted from."""

    group: str
    words: str


@dataclass(frozen=True)
class ModelLine:
    """A version of the model in the register."""

    name: str
    trained_at: datetime | None
    trained_on: int
    added_at: datetime | None
    in_use_from: datetime | None
    is_in_use: bool
    figures: dict[str, Any]

    @property
    def by_group(self) -> tuple[GroupFigure, ...]:
        """The groups of names, the worst first; those too small to say anything of last."""
        found = self.figures.get("recall_by_name_group") or {}
        lines = [(_share(said), GroupFigure(str(group), _in_words(said))) for group, said in found.items()]
        return tuple(line for _, line in sorted(lines, key=lambda each: (each[0], each[1].group)))


def _counted(said: Any) -> tuple[int, int] | None:
    """(found, of how many), where the figure came with what it is counted from."""
    if isinstance(said, dict) and {"found", "of"} <= said.keys():
        return int(said["found"]), int(said["of"])
    return None


def _share(said: Any) -> float:
    counted = _counted(said)
    if counted is None:
        return float(said) if isinstance(said, (int, float)) else 2.0
    return counted[0] / counted[1] if counted[1] >= ENOUGH_TO_SAY else 2.0


def _in_words(said: Any) -> str:
    counted = _counted(said)
    if counted is None:
        return f"{float(said):.1%}, of how many was not recorded" if isinstance(said, (int, float)) else "Not recorded"
    found, of = counted
    if of < ENOUGH_TO_SAY:
        return f"Not enough to say: {found:,} of {of:,}"
    return f"{found / of:.1%}: {found:,} of {of:,}"


def scorer_in_use() -> Scorer:
    """The scorer of the newest version in use, or of the one that comes with the program. One query."""
    row = _in_use()
    return scorer(json.dumps(row.content, sort_keys=True) if row is not None and row.content else "")


def _in_use() -> LinkageModel | None:
    return LinkageModel.objects.filter(in_use_from__isnull=False).order_by("-in_use_from", "-pk").first()


def model_register(viewer: Actor) -> list[ModelLine]:
    """Every version, the newest first, with the one that comes with the program last."""
    check(viewer, READ_LINKAGE)
    current = _in_use()
    rows = list(LinkageModel.objects.order_by("-added_at", "-pk")[:50])
    lines = [
        ModelLine(
            row.name, row.trained_at, row.trained_on, row.added_at, row.in_use_from,
            current is not None and row.pk == current.pk, row.figures,
        )
        for row in rows
    ]  # fmt: skip
    shipped = Model.default()
    known: dict[str, Any] = dict(shipped.trained)
    lines.append(
        ModelLine(
            f"{shipped.version} (comes with the program)", None, shipped.records, None, None, current is None, known
        )
    )
    return lines


def model_named(name: str) -> UUID | None:
    """The id of a version."""
    return LinkageModel.objects.filter(name=name).values_list("pk", flat=True).first()
