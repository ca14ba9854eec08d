"""What a family's plan is made of, and what may stand in it. Pure.

Need → outcome → action. A need is said in a standard code and in words; an outcome is specific and measured, from a
baseline to a target by a day; an action has one owner, of an agency or of the family.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from joinedup.casework import rules
from joinedup.casework.codes import ABUSE, NEEDS, STATUTORY_PLANS, WITH_ABUSE
from joinedup.casework.rules import Rule


@dataclass(frozen=True)
class NeedSaid:
    """A need as somebody puts it. Without `section_id` it is the whole family's."""

    code: str
    words: str
    section_id: UUID | None = None


@dataclass(frozen=True)
class OutcomeSaid:
    """What is to be different, by which measure, from where (`value` on a day) to where (`target` by a day)."""

    words: str
    measure_id: UUID
    value: Decimal
    on: date
    target: Decimal
    target_on: date


@dataclass(frozen=True)
class ActionSaid:
    """What is to be done, by whom (a post or a member of the family), for which agency, by when; how it will show."""

    words: str
    due_on: date
    post_id: UUID | None = None
    person_id: UUID | None = None
    agency_id: UUID | None = None
    service: str = ""
    evidence: str = ""
    kind: str = ""  # one of the pathway's kinds; empty for the plain one


@dataclass(frozen=True)
class StatutorySaid:
    """A statutory plan as the service that holds it says: never decided here, only read back."""

    kind: str
    starts_on: date
    holder: str
    status: str
    ends_on: date | None = None
    worker: str = ""
    reference: str = ""
    next_on: date | None = None
    next_means: str = ""
    abuse: str = ""  # of a child protection plan or an enquiry
    conference_on: date | None = None


def need_fault(said: NeedSaid) -> Rule | None:
    """CW-303: a standard code and words of its own."""
    if said.code not in NEEDS:
        return rules.NEED_CODED
    return None if said.words.strip() else rules.NEED_SAID


def outcome_fault(said: OutcomeSaid, direction: str, on: date) -> Rule | None:
    """CW-305 to CW-307: said, from a baseline of today or before, to a target that is better, by a day to come."""
    if not said.words.strip():
        return rules.OUTCOME_SAID
    if said.on > on:
        return rules.BASELINE_IS_PAST
    is_better = said.target > said.value if direction == "up" else said.target < said.value
    if not (is_better or said.target == said.value):
        return rules.TARGET_IS_BETTER
    return None if said.target_on > said.on else rules.TARGET_TO_COME


def action_fault(said: ActionSaid) -> Rule | None:
    """CW-308 and CW-309: said, and exactly one owner."""
    if not said.words.strip():
        return rules.ACTION_SAID
    return None if (said.post_id is None) != (said.person_id is None) else rules.ONE_OWNER


def statutory_fault(said: StatutorySaid) -> Rule | None:
    """CW-310, CW-311, CW-313 and CW-348: a known kind, its holder and status, dates that run forward, and a category of abuse
    only where there is one."""
    if said.kind not in STATUTORY_PLANS:
        return rules.STATUTORY_KIND
    if not said.holder.strip() or not said.status.strip():
        return rules.STATUTORY_HELD
    if said.abuse and (said.abuse not in ABUSE or said.kind not in WITH_ABUSE):
        return rules.STATUTORY_ABUSE
    is_backwards = said.ends_on is not None and said.ends_on < said.starts_on
    return rules.STATUTORY_DATES if is_backwards else None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed: the old and the new values of the fields that differ."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


@dataclass(frozen=True)
class NeedEnd:
    """What became of a need, for closing."""

    code: str
    words: str = ""


@dataclass(frozen=True)
class Closing:
    """What stands when a case is to be closed: open needs, those said of now, and what else is under way."""

    open_needs: frozenset[UUID] = frozenset()
    said: Mapping[UUID, NeedEnd] = field(default_factory=dict)
    has_step: bool = False
    has_begun_review: bool = False


def closing_fault(closing: Closing, known_ends: Iterable[str]) -> Rule | None:
    """Why a case may not close yet: CW-320, CW-340 and CW-341."""
    if closing.has_step:
        return rules.STEP_WAITS
    if closing.has_begun_review:
        return rules.REVIEW_BEGUN
    known = set(known_ends)
    missing = [need for need in closing.open_needs if closing.said.get(need, NeedEnd("")).code not in known]
    return rules.NEEDS_ENDED if missing else None
