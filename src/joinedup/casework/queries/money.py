"""The budget cut for a family, as its case shows it: what there is, what is promised, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.models import Intervention, PlanAction
from joinedup.casework.permissions import PROMISE_MONEY
from joinedup.casework.queries.frame import CaseFrame
from joinedup.funds.queries import FamilyBudget, budgets_of_family, holds_budget_of

if TYPE_CHECKING:
    from joinedup.funds.queries import CommitmentShown

_ACTION, _HELP = PlanAction._meta.label_lower, Intervention._meta.label_lower


@dataclass(frozen=True)
class MoneyFor:
    """Something money can be promised for: an action of the plan, or help that is given. `value` is what a form sends."""

    kind: str
    id: UUID
    words: str

    @property
    def value(self) -> str:
        """As one text."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Promise:
    """One promise and what of the case it is for; empty where that was taken out."""

    shown: CommitmentShown
    about: str


@dataclass(frozen=True)
class FamilyMoney:
    """The budgets of a family, each with its promises, and what more could be promised for."""

    budgets: tuple[tuple[FamilyBudget, tuple[Promise, ...]], ...]
    choices: tuple[MoneyFor, ...]
    may_promise: bool

    def budget(self, line_id: UUID) -> FamilyBudget | None:
        """One of them."""
        return next((each for each, _ in self.budgets if each.line_id == line_id), None)


def family_money(viewer: Actor, frame: CaseFrame) -> FamilyMoney:
    """The money of a family whose case the viewer has been let in to; six statements however much there is, one where there
    is no budget."""
    budgets = budgets_of_family(viewer, frame.row.family_id)
    choices = _choices(frame) if budgets else ()
    words = {each.value: each.words for each in choices}
    return FamilyMoney(
        budgets=tuple(
            (budget, tuple(Promise(each, words.get(f"{each.row.about_kind}:{each.row.about_id}", "")) for each in budget.commitments))
            for budget in budgets
        ),
        choices=choices,
        may_promise=frame.is_open and can(viewer, PROMISE_MONEY, frame.row) and any(each.may_commit for each in budgets),
    )  # fmt: skip


def holds_family_budget(viewer: Actor, frame: CaseFrame) -> bool:
    """Whether the viewer holds a budget that was cut for this family; no statement for whoever may hold none."""
    return frame.is_open and can(viewer, PROMISE_MONEY, frame.row) and holds_budget_of(viewer, frame.row.family_id)


def _choices(frame: CaseFrame) -> tuple[MoneyFor, ...]:
    """The actions of the case's plans, those still to be done first, then the help that is given."""
    actions = PlanAction.objects.filter(
        outcome__need__plan__case_id=frame.id, removed_at__isnull=True, outcome__removed_at__isnull=True
    ).order_by("ended_on", "due_on", "pk")
    help_given = Intervention.objects.filter(case_id=frame.id, taken_back_at__isnull=True).order_by("-starts_on", "pk")
    found = [MoneyFor(_ACTION, pk, words) for pk, words in actions.values_list("pk", "words")]
    found += [MoneyFor(_HELP, row.pk, f"{row.service}: {row.words}") for row in help_given]
    return tuple(found)
