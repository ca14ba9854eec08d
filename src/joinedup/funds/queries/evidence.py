"""What a report on the partnership counts of shared money: what was approved by kind of budget, and agreements that are open."""

from __future__ import annotations

from django.db.models import F, OuterRef, Subquery, Sum

from joinedup.access.actor import Actor
from joinedup.funds.lifecycle import PartnershipState
from joinedup.funds.models import BudgetApproval, Fund, PartnershipAgreement

_OPEN = (PartnershipState.OPEN, PartnershipState.VARIED, PartnershipState.IN_NOTICE)


def pence_by_model(viewer: Actor) -> dict[str, int]:
    """What was last approved for the current year of every fund, by model (pooled, aligned, joint, grant); whole pence."""
    newest = BudgetApproval.objects.filter(fund=OuterRef("pk"), year=OuterRef("year")).order_by("-at", "-pk")
    rows = Fund.objects.annotate(approved=Subquery(newest.values("total_pence")[:1])).filter(approved__isnull=False)
    return dict(rows.order_by().values_list("model").annotate(total=Sum(F("approved"))))


def agreements_to_spend_together(viewer: Actor) -> int:
    """The partnership agreements under which money is shared now."""
    return PartnershipAgreement.objects.filter(state__in=_OPEN).count()
