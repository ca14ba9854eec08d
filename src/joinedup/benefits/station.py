"""Benefits as a station of the loop: what was banked in the period, beside what is measured and forecast."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, Sum
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.benefits.case_report import ILLUSTRATION
from joinedup.benefits.lifecycle import BenefitState
from joinedup.benefits.models import BankEntry, Benefit, Programme
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.benefits.pounds import in_pounds, in_short
from joinedup.core.formats import LONDON
from joinedup.core.stations import Evidence, Row, register_station


def benefit(viewer: Actor, since: date, until: date) -> Evidence:
    """By strand, of the programmes of the viewer’s organisations: banked in the period, and measured and forecast as they
    stand now; two statements. What was lost is no forecast."""
    first, after = (datetime.combine(day, time(), LONDON) for day in (since, until + timedelta(days=1)))
    mine = Programme.objects.visible_to(viewer)
    within = {"benefit__case__strand__programme__in": mine, "at__gte": first, "at__lt": after}
    sums = BankEntry.objects.filter(**within).values_list("benefit__case__strand_id").annotate(pence=Sum("pence"))
    banked = {strand: int(pence) for strand, pence in sums.order_by()}
    live = ~Q(state=BenefitState.LOST)
    columns = (
        "case__strand_id", "case__strand__name", "case__strand__programme_id", "case__strand__programme__is_illustration",
    )  # fmt: skip
    rows = (
        Benefit.objects.filter(case__strand__programme__in=mine)
        .values_list(*columns)
        .annotate(measured=Sum("measured_pence", filter=live), forecast=Sum("forecast_pence", filter=live))
        .order_by("case__strand__programme__title", "case__strand__position")
    )
    opens = can(viewer, READ_PROGRAMMES)
    lines = tuple(
        Row(
            name, (in_pounds(banked.get(strand, 0)), in_short(int(measured or 0)), in_short(int(forecast or 0))),
            reverse("benefits_of_programme", args=[programme]) if opens else "", ILLUSTRATION if is_invented else "",
        )
        for strand, name, programme, is_invented, measured, forecast in rows
    )  # fmt: skip
    note = "Of the programmes that your organisation is a partner of."
    if any(each.note for each in lines):
        note = f"{ILLUSTRATION}. {note}"
    return Evidence(
        in_pounds(sum(banked.values())), "banked as a benefit",
        ("Strand", "Banked in the period", "Measured so far", "Forecast in all"), lines, note,
    )  # fmt: skip


register_station("benefit", "Benefit", 10, benefit)
