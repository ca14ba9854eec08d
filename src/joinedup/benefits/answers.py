"""What benefits answer on the first page: which are measured, and which are only forecast."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q, Sum
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.benefits.case_report import ILLUSTRATION
from joinedup.benefits.lifecycle import BenefitState
from joinedup.benefits.models import Benefit, Programme
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.benefits.pounds import in_short
from joinedup.core.answers import Fact, register_answer

_MOST = 2


def measured(viewer: Actor) -> Iterator[Fact]:
    """For each programme of the viewer’s organisations: what is measured, what is banked, what is forecast and nobody has
    measured; one statement. What was lost is left out."""
    if not can(viewer, READ_PROGRAMMES):
        return
    live = ~Q(state=BenefitState.LOST)
    is_measured = live & Q(measured_pence__isnull=False)
    columns = tuple(f"case__strand__programme__{each}" for each in ("pk", "title", "is_illustration"))
    rows = (
        Benefit.objects.filter(case__strand__programme__in=Programme.objects.visible_to(viewer))
        .values_list(*columns)
        .annotate(
            n=Count("pk", filter=is_measured), pence=Sum("measured_pence", filter=is_measured),
            rest=Count("pk", filter=live & ~is_measured), hoped=Sum("forecast_pence", filter=live & ~is_measured),
        )
        .order_by("case__strand__programme__title")
    )  # fmt: skip
    there = list(rows)
    for programme_id, title, is_invented, n, pence, rest, hoped in there[:_MOST]:
        href, note = reverse("benefits_of_programme", args=[programme_id]), ILLUSTRATION if is_invented else ""
        yield Fact(
            f"measured, {n:,} benefit{'' if n == 1 else 's'} of {title}",
            href,
            value=in_short(int(pence or 0)),
            note=note,
        )
        only = f"only forecast, {rest:,} benefit{'' if rest == 1 else 's'} of {title}"
        yield Fact(only, href, value=in_short(int(hoped or 0)), note=note)
    if not there:
        yield Fact("benefits taken up in your programmes", reverse("programmes"), n=0)


register_answer("benefits.measured", "which benefit is measured, and which is only forecast", measured)
