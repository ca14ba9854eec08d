"""Steps of the services of the family plan, called only inside guarded services: the version of a text, its history and
its undoing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.access.queries import names_of_accounts
from joinedup.casework import rules
from joinedup.casework.events import NEED_ADDED, NEED_ENDED, NEED_REMOVED, NEED_RESTORED
from joinedup.casework.lifecycle import PlanState
from joinedup.casework.models import (
    Plan,
    PlanAction,
    PlanChange,
    PlanChild,
    PlanNeed,
    PlanOutcome,
    StatutoryPlan,
)
from joinedup.casework.planning import differences
from joinedup.casework.services.steps import chronicle, lock, lock_open
from joinedup.core.errors import NotVisible, Stale
from joinedup.core.models import AnyRecord, Record, VersionMoved, claim_version
from joinedup.outcomes.queries import courses

# What of each record an editor changes, in the order it is shown, and what an undo puts back.
FIELDS: dict[str, tuple[str, ...]] = {
    "plan": ("family_words", "contingency"),
    "child": ("words",),
    "statutory": (
        "kind", "holder", "worker", "reference", "status", "starts_on", "ends_on", "next_on", "next_means", "abuse",
        "conference_on", "removed_at",
    ),
    "need": ("code", "words", "section_id", "end_code", "end_words", "ended_at", "removed_at"),
    "outcome": ("words", "measure_id", "target", "target_on", "removed_at"),
    "action": (
        "kind", "words", "post_id", "person_id", "agency_id", "service", "due_on", "evidence", "status", "status_words", "ended_on",
        "removed_at",
    ),
}  # fmt: skip
KINDS: dict[str, type[Record]] = {
    "plan": Plan, "child": PlanChild, "statutory": StatutoryPlan, "need": PlanNeed, "outcome": PlanOutcome,
    "action": PlanAction,
}  # fmt: skip
_CENTS = Decimal("0.00")  # so that 7 and 7.00 are kept alike
OUTCOME_KIND = PlanOutcome._meta.label_lower


def lock_plan(plan: Plan) -> Plan:
    """The plan and its case, both locked and open; refuses (CW-302, CW-11) otherwise."""
    case = lock_open(plan.case)
    if PlanState(lock(plan).state) == PlanState.CLOSED:
        raise rules.PLAN_IS_CLOSED.refused()
    plan.case = case
    return plan


def kind_of(item: Record) -> str:
    """What the history calls this record."""
    return next(kind for kind, model in KINDS.items() if isinstance(item, model))


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the history keeps them: the same moment and the same number always in the same letters."""
    kept: dict[str, Any] = json.loads(
        json.dumps({name: _alike(each) for name, each in values.items()}, cls=DjangoJSONEncoder)
    )
    return kept


def _alike(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)  # in summer London writes the same moment otherwise than the database
    return round(value, 2) + _CENTS if isinstance(value, Decimal) else value


def as_it_is(item: Record, by: Actor) -> dict[str, Any]:
    """The values of a record that an editor could change, an outcome's baseline among them."""
    found = {name: getattr(item, name) for name in FIELDS[kind_of(item)]}
    if isinstance(item, PlanOutcome):
        course = courses(by, OUTCOME_KIND, [str(item.pk)]).get(str(item.pk))
        found |= {"value": course.value, "on": course.on} if course else {}
    return as_json(found)


def claim(item: Record, version: int, yours: Mapping[str, Any], plan: Plan, by: Actor) -> None:
    """Take the next version of a text, or hand both texts back (CO-1): nothing is overwritten, nothing lost."""
    try:
        claim_version(item, version)
    except VersionMoved:
        item.refresh_from_db()
        newest = PlanChange.objects.filter(plan=plan, target_id=item.pk).order_by("-at", "-pk").first()
        who = names_of_accounts(by, {newest.by}).get(newest.by, "") if newest and newest.by else ""
        theirs = {name: text for name, text in as_it_is(item, by).items() if name in yours}
        raise Stale(theirs=theirs, yours=as_json(yours), saved_by=who) from None


def write_change(
    plan: Plan, item: Record, before: Mapping[str, Any], *, what: str, by: Actor, at: datetime
) -> PlanChange | None:
    """The row of what changed since `before`; None where nothing did."""
    old, new = differences(before, as_it_is(item, by))
    note(changed=tuple(sorted(new)), subject=plan)
    if not new:
        return None
    return PlanChange.objects.create(
        plan=plan,
        kind=kind_of(item),
        target_id=item.pk,
        what=what[:200],
        before=old,
        after=new,
        at=at,
        by=by.account_id,
    )


def write_added(plan: Plan, item: Record, *, what: str, by: Actor, at: datetime) -> PlanChange:
    """The row of something new; undoing it takes it out again."""
    note(changed=(kind_of(item),), subject=plan)
    gone = as_json({"removed_at": at})
    return PlanChange.objects.create(
        plan=plan, kind=kind_of(item), target_id=item.pk, what=what[:200], before=gone, after={"removed_at": None},
        at=at, by=by.account_id,
    )  # fmt: skip


def is_live(need: PlanNeed) -> bool:
    """Still worked on: in the plan, and nothing said yet of what became of it."""
    return need.removed_at is None and need.ended_at is None


def chronicle_need(need: PlanNeed, *, was_live: bool, by: Actor, at: datetime, is_new: bool = False) -> None:
    """One event where a need begins or ends to be worked on."""
    if is_live(need) == was_live:
        return
    if is_live(need):
        kind = NEED_ADDED if is_new else NEED_RESTORED
    else:
        kind = NEED_REMOVED if need.removed_at is not None else NEED_ENDED
    code = need.end_code if kind is NEED_ENDED else need.code
    chronicle(kind, need.plan.case, by=by, at=at, code=code, words={"need": need.words})


_PATHS: dict[type[Record], str] = {
    PlanChild: "plan", StatutoryPlan: "section__plan", PlanNeed: "plan", PlanOutcome: "need__plan",
    PlanAction: "outcome__need__plan",
}  # fmt: skip


def item_of(plan: Plan, model: type[AnyRecord], item_id: UUID) -> AnyRecord:
    """A record of this plan, locked. Another plan's does not exist here; nothing is added to the section of a child who has
    left the case (CW-28)."""
    where: dict[str, Any] = {_PATHS[model]: plan} if model in _PATHS else {"pk": plan.pk}
    found = model._default_manager.select_for_update(of=("self",)).filter(pk=item_id, **where).first()
    if found is None:
        raise NotVisible
    if isinstance(found, PlanChild) and found.ended_at is not None:
        raise rules.CHILD_HAS_LEFT.refused()
    return found


def refuse_left(item: Record) -> None:
    """Refuses (CW-28) where the record is in the section of a child who has left the case: nothing there begins again."""
    need: Any = item.outcome.need if isinstance(item, PlanAction) else getattr(item, "need", item)
    section = getattr(need, "section", None)
    if section is not None and section.ended_at is not None:
        raise rules.CHILD_HAS_LEFT.refused()
