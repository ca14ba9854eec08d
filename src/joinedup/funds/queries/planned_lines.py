"""Lines of shared budgets as a plan above names them: what was approved for the year, read here and typed nowhere else."""

from __future__ import annotations

from django.db.models import F

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.funds.codes import Place
from joinedup.funds.models import BudgetLine
from joinedup.funds.permissions import READ_FUNDS


def lines_to_plan_with(viewer: Actor) -> list[BudgetLine]:
    """The lines of each fund's open year that are of the fund itself, by fund and code; no budget of a family and none that
    was cut from another."""
    check(viewer, READ_FUNDS)
    rows = BudgetLine.objects.filter(year=F("fund__year"), parent=None).exclude(place=Place.FAMILY)
    return list(rows.select_related("fund", "partner__organisation").order_by("fund__name", "code", "pk"))
