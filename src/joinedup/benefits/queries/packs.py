"""When the next finance directors' pack of a programme is due."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.benefits.models import DirectorsPack, InvestmentAgreement, Programme
from joinedup.benefits.realising import months_after
from joinedup.benefits.settings import pack_months


def next_pack_due(viewer: Actor, programme: Programme, at: datetime) -> date | None:
    """The day the next pack is due: some months after the last meeting, or, before the first, after the partners were first
    asked how they settle; None where neither was. The viewer has been let in to the programme."""
    last = (
        DirectorsPack.objects.filter(programme=programme).order_by("-meeting_on").values_list("meeting_on", flat=True)
    )
    begun = (
        InvestmentAgreement.objects.filter(programme=programme).order_by("number").values_list("decided_at", flat=True)
    )
    asked = begun.first()
    since = last.first() or (timezone.localdate(asked) if asked else None)
    return months_after(since, pack_months(timezone.localdate(at))) if since else None
