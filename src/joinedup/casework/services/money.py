"""Money for a family, promised from the budget that was cut for it, for an action of its plan or help that is given.

The budget, its limits and the ledger are the fund's: it is told what the money is for without a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.events import MONEY_PROMISED
from joinedup.casework.models import Case, CasePerson, Intervention, PlanAction
from joinedup.casework.permissions import PROMISE_MONEY
from joinedup.casework.services.steps import chronicle, lock_open
from joinedup.core.errors import NotVisible
from joinedup.engines.money import format_pounds
from joinedup.funds.queries import is_promised
from joinedup.funds.services import commit_from_budget

if TYPE_CHECKING:
    from joinedup.funds.models import BudgetLine, Commitment

_WORD = re.compile(r"[^\W\d_]+")
ACTION, HELP = PlanAction._meta.label_lower, Intervention._meta.label_lower


@dataclass(frozen=True)
class MoneyWanted:
    """How much, for what (without a name), and for which action of the plan or help given; `key` is this form's own."""

    pence: int
    what: str
    kind: str
    record_id: UUID
    key: str


@service(PROMISE_MONEY, on="case")
def promise_money(*, case: Case, line: BudgetLine, wanted: MoneyWanted, by: Actor, at: datetime) -> Commitment:
    """Promise money from the family's budget for an action of its open plan, or for help that is given. Sent again with the
    same key it changes nothing. Raises Refused (CW-571 for what is not in this case, CW-572 for words that name somebody of
    it, and whatever the fund refuses: over the limit at a time, over what is left, by anybody but its holder)."""
    lock_open(case)
    if line.family_id != case.family_id:
        raise NotVisible
    if not _is_in_case(case, wanted):
        raise rules.MONEY_FOR.refused()
    _refuse_names(case, wanted.what)
    key = f"case {case.pk} {wanted.key}"[:100]
    is_sent_again = is_promised(by, line, key)
    promised = commit_from_budget(
        line=line, pence=wanted.pence, what=wanted.what.strip(), key=key, source=(wanted.kind, str(wanted.record_id)), by=by,
        at=at,
    )  # fmt: skip
    if not is_sent_again:
        chronicle(
            MONEY_PROMISED, case, by=by, at=at, code=line.code,
            words={"amount": format_pounds(wanted.pence), "what": wanted.what.strip()},
        )  # fmt: skip
    note(changed=("money",), words={"line": line.code, "pence": wanted.pence}, subject=case)
    return promised


def _is_in_case(case: Case, wanted: MoneyWanted) -> bool:
    if wanted.kind == ACTION:
        live = PlanAction.objects.filter(removed_at__isnull=True, outcome__removed_at__isnull=True)
        return live.filter(pk=wanted.record_id, outcome__need__plan__case=case).exists()
    given = Intervention.objects.filter(pk=wanted.record_id, case=case, taken_back_at__isnull=True)
    return wanted.kind == HELP and given.exists()


def _refuse_names(case: Case, words: str) -> None:
    """Whoever keeps the fund reads these words, and sees no family."""
    said = {each.casefold() for each in _WORD.findall(words)}
    rows = CasePerson.objects.filter(case=case).values_list(
        "person__given_name", "person__family_name", "person__known_as"
    )
    names = {part.casefold() for row in rows for name in row for part in _WORD.findall(name) if len(part) > 1}
    if found := sorted(said & names):
        raise rules.MONEY_WITHOUT_NAMES.refused(name=found[0].title())
