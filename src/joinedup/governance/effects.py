"""What a decision can carry out. Each kind registers how its matters are found, what they stand on, and how they are done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.roles import Role


@dataclass(frozen=True)
class Body:
    """An organisation whose power a decision uses."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Question:
    """What must be chosen besides yes or no, such as who becomes the sponsor."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    is_required: bool = True


@dataclass(frozen=True)
class Matter:
    """Something that waits to be decided, as it stands now. `pence` is what a limit of delegation is held against; None where
    no money moves. `evidence` is frozen with the decision, and what it stands on must be the same when it takes effect.
    `is_illustration`: it is of a programme whose inputs are invented, which everything that shows it must say."""

    id: UUID
    title: str
    words: str
    bodies: tuple[Body, ...]
    evidence: Mapping[str, Any]
    pence: int | None = None
    questions: tuple[Question, ...] = ()
    is_illustration: bool = False


@dataclass(frozen=True)
class Approved:
    """One partner’s approval: who recorded it, and where it is written."""

    organisation_id: UUID
    account_id: UUID | None
    minute: str


@dataclass(frozen=True)
class Order:
    """What is to be carried out: the decision’s id and reference, what it is about, what was chosen, and who approved."""

    decision_id: UUID
    reference: str
    board: str
    matter_id: UUID
    chosen: Mapping[str, str]
    approvals: Sequence[Approved]


class Effect(Protocol):
    """One kind of effect. `look` raises NotVisible where the matter waits no more; `bodies_of` adds those whom a choice
    concerns, and `approvers` are the roles that may answer for them; `carry_out` calls the services of the part concerned, inside the caller’s transaction, and says what was done."""

    kind: str
    words: str
    approvers: frozenset[Role]

    def waiting(self, viewer: Actor) -> list[Matter]:
        """What waits for a board."""

    def look(self, viewer: Actor, matter_id: UUID) -> Matter:
        """One matter as it stands."""

    def invented(self, viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of these matters, waiting or not, that are of a programme whose inputs are invented."""

    def bodies_of(self, matter: Matter, chosen: Mapping[str, str]) -> tuple[Body, ...]:
        """Whose approval is needed once the questions are answered."""

    def carry_out(self, order: Order, *, by: Actor, at: datetime) -> str:
        """Do it."""


_effects: dict[str, Effect] = {}


def register_effect(effect: Effect) -> None:
    """Called from `apps.py`."""
    _effects[effect.kind] = effect


def effect_of(kind: str) -> Effect | None:
    """The effect of a kind; None for a decision in words alone."""
    return _effects.get(kind)


def effect_kinds() -> dict[str, str]:
    """Every kind with its words, in the order they were registered; what a board can be given the power for."""
    return {kind: effect.words for kind, effect in _effects.items()}


def invented_matters(viewer: Actor, matters: Iterable[tuple[str, UUID | None]]) -> frozenset[UUID]:
    """Those of these matters, each by its kind and id, that are of a programme whose inputs are invented; a call for each
    kind there is, however many matters."""
    by_kind: dict[str, set[UUID]] = defaultdict(set)
    for kind, matter_id in matters:
        if kind in _effects and matter_id is not None:
            by_kind[kind].add(matter_id)
    return frozenset().union(*(_effects[kind].invented(viewer, ids) for kind, ids in by_kind.items()))
