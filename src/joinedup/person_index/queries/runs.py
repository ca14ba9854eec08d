"""What the linkage model did: its runs, and the register of its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.person_index.models import LinkageRun
from joinedup.person_index.permissions import READ_LINKAGE, RUN_LINKAGE
from joinedup.person_index.queries.models import ModelLine, model_register

COUNTED = {
    "linked": "linked by the model", "proposed": "asked of people", "apart": "new people", "people": "people in the index",
    "new": "new questions", "known": "questions that were there", "settled": "decided before, not asked again",
    "change": "changes proposed", "possible": "possible matches", "conflict": "contradictions",
    "broken": "may be two people", "left for another night": "left for another night",
}  # fmt: skip


@dataclass(frozen=True)
class RunLine:
    """One run of the model."""

    id: UUID
    kind: str
    model_name: str
    started_at: datetime
    ended_at: datetime | None
    started_by: str
    state: str
    done: int
    total: int
    counts: tuple[tuple[str, int], ...]
    may_stop: bool


@dataclass(frozen=True)
class LinkagePage:
    """The last runs and the register of models."""

    runs: tuple[RunLine, ...]
    models: tuple[ModelLine, ...]
    may_run: bool


def linkage_page(viewer: Actor) -> LinkagePage:
    """What the model did lately, and which versions there are."""
    check(viewer, READ_LINKAGE)
    rows = list(LinkageRun.objects.order_by("-started_at", "-pk")[:30])
    return LinkagePage(_lines(viewer, rows), tuple(model_register(viewer)), can(viewer, RUN_LINKAGE))


def linkage_run(viewer: Actor, run_id: UUID) -> RunLine:
    """One run: its receipt."""
    return _lines(viewer, [linkage_run_for_change(viewer, run_id)])[0]


def linkage_run_for_change(viewer: Actor, run_id: UUID) -> LinkageRun:
    """One run to hand to a service."""
    check(viewer, READ_LINKAGE)
    row = LinkageRun.objects.filter(pk=run_id).first()
    if row is None:
        raise NotVisible
    return row


def _lines(viewer: Actor, rows: list[LinkageRun]) -> tuple[RunLine, ...]:
    names = names_of_accounts(viewer, {row.started_by for row in rows if row.started_by})
    return tuple(
        RunLine(
            id=row.pk,
            kind=row.get_kind_display(),
            model_name=row.model_name,
            started_at=row.started_at,
            ended_at=row.ended_at,
            started_by=names.get(row.started_by, "") if row.started_by else "Joinedup",
            state=row.get_state_display(),
            done=row.done,
            total=row.total,
            counts=tuple((words, row.counts[code]) for code, words in COUNTED.items() if row.counts.get(code)),
            may_stop=row.state == "running" and row.kind == "import" and can(viewer, RUN_LINKAGE),
        )
        for row in rows
    )
