"""Benefits that were lost, with the officer who answers for their strand: for a part above that tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.benefits.lifecycle import BenefitState
from joinedup.benefits.models import Benefit
from joinedup.benefits.models.programme import Programme

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class LostBenefit:
    """A benefit that is lost since a day; `officer` is None where nobody answers for its strand."""

    id: UUID
    title: str
    strand: str
    partner: str
    forecast_pence: int
    since: date
    officer: Post | None
    is_illustration: bool


def lost_benefits(viewer: Actor) -> list[LostBenefit]:
    """Every lost benefit of the programmes a viewer may see, by the day it was lost; one statement."""
    rows = (
        Benefit.objects.filter(
            state=BenefitState.LOST, case__strand__programme__in=Programme.objects.visible_to(viewer)
        )
        .select_related("case__strand__programme", "case__strand__officer__account", "organisation")
        .annotate(lost_at=Max("moves__at", filter=Q(moves__end=BenefitState.LOST)))
        .order_by("lost_at", "pk")
    )
    return [
        LostBenefit(
            each.pk, each.title, each.case.strand.name, each.organisation.name, each.forecast_pence,
            timezone.localdate(lost_at), each.case.strand.officer, each.case.strand.programme.is_illustration,
        )
        for each, lost_at in ((row, row.lost_at) for row in rows)
        if lost_at is not None
    ]  # fmt: skip
