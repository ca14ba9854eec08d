"""Whose family an outcome of a plan is about, for outcomes that are counted by family."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.casework.models import PlanOutcome


def families_of_outcomes(viewer: Actor, outcome_ids: Collection[str]) -> dict[str, UUID]:
    """The family of the plan each of these outcomes is in, by the outcome's id. Only the program itself asks this, for
    numbers in which nobody is named."""
    if not viewer.is_system:
        return {}
    rows = PlanOutcome.objects.filter(pk__in=list(outcome_ids))
    return {str(outcome): family for outcome, family in rows.values_list("pk", "need__plan__family_id")}
