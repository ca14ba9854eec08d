"""Refusals to share, counted by reason and organisation, and what each number counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.information_sharing.codes import REFUSAL_LABELS, RefusalReason
from joinedup.information_sharing.models import Refusal
from joinedup.information_sharing.permissions import READ_REFUSALS

MOST_LISTED = 200
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class RefusalCount:
    """How often one organisation refused for one reason."""

    organisation_id: UUID
    organisation: str
    reason_code: str
    reason: str
    number: int


@dataclass(frozen=True)
class RefusalRow:
    """One refusal, by reference: neither the name of the person nor the words, which belong to the request."""

    reference: str
    organisation: str
    item: str
    reason: str
    refused_at: datetime


@dataclass(frozen=True)
class Refusals:
    """The last twelve months, counted; `chosen` lists what one of the numbers counts, newest first."""

    counts: tuple[RefusalCount, ...]
    reasons: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[UUID, str], ...]
    total: int
    chosen: tuple[RefusalRow, ...]

    def number(self, organisation_id: UUID, reason_code: str) -> int:
        """How often this organisation refused for this reason."""
        return next(
            (
                each.number
                for each in self.counts
                if each.organisation_id == organisation_id and each.reason_code == reason_code
            ),
            0,
        )


def refusals(viewer: Actor, *, organisation_id: UUID | None = None, reason_code: str = "") -> Refusals:
    """Refusals of the last twelve months by organisation and reason. With an organisation or a reason, the refusals that
    number counts are listed; one row in the trail names the people they are about."""
    check(viewer, READ_REFUSALS)
    rows = Refusal.objects.filter(refused_at__gt=viewer.at - YEAR, refused_at__lte=viewer.at)
    grouped = (
        rows.values("organisation_id", "organisation__name", "reason_code").annotate(number=Count("pk")).order_by()
    )
    counts = tuple(
        RefusalCount(
            each["organisation_id"], each["organisation__name"], each["reason_code"],
            REFUSAL_LABELS[RefusalReason(each["reason_code"])], each["number"],
        )
        for each in sorted(grouped, key=lambda each: (each["organisation__name"], each["reason_code"]))
    )  # fmt: skip
    seen: dict[str, int] = defaultdict(int)
    for each in counts:
        seen[each.reason_code] += each.number
    organisations = dict.fromkeys((each.organisation_id, each.organisation) for each in counts)
    return Refusals(
        counts=counts,
        reasons=tuple((code.value, label) for code, label in REFUSAL_LABELS.items() if seen[code.value]),
        organisations=tuple(organisations),
        total=sum(each.number for each in counts),
        chosen=_chosen(viewer, organisation_id, reason_code) if organisation_id or reason_code else (),
    )


def _chosen(viewer: Actor, organisation_id: UUID | None, reason_code: str) -> tuple[RefusalRow, ...]:
    rows = Refusal.objects.filter(refused_at__gt=viewer.at - YEAR, refused_at__lte=viewer.at)
    if organisation_id:
        rows = rows.filter(organisation_id=organisation_id)
    if reason_code:
        rows = rows.filter(reason_code=reason_code)
    found = list(rows.select_related("request", "organisation").order_by("-refused_at", "-pk")[:MOST_LISTED])
    audit.record_read(
        viewer,
        subject=(Refusal._meta.label_lower, ""),
        people={each.request.person_id for each in found},
        purpose="refusals counted",
    )
    return tuple(
        RefusalRow(
            each.request.reference, each.organisation.name, each.item_name,
            REFUSAL_LABELS[RefusalReason(each.reason_code)], each.refused_at,
        )
        for each in found
    )  # fmt: skip
