"""Statutory social work that is open for a child of a case: since when it is known here, and the clock by which a registered
social worker leads (CW-202). Worked out in the statement that reads the case, never looked up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Greatest
from django.utils import timezone

from joinedup.casework.codes import SOCIAL_WORK
from joinedup.casework.lifecycle import PlanState
from joinedup.casework.models import Case, CasePerson, CaseQuerySet, QualifiedLeadChased, StatutoryPlan
from joinedup.casework.reviewing import due_after
from joinedup.casework.settings import qualified_lead_days
from joinedup.core.formats import date_long


@dataclass(frozen=True)
class QualifiedLead:
    """That a registered social worker is to lead a case and none does: since when, and by when one leads."""

    since: datetime
    due_at: datetime
    is_late: bool
    led_by: str  # who leads now and is not registered; empty where nobody leads

    @property
    def sentence(self) -> str:
        """What is the matter, and by when it is put right. It names no child and no plan."""
        now = f"{self.led_by}, who leads, is not one" if self.led_by else "nobody leads now"
        return (
            f"Statutory social work is open for a child of this case, so a registered social worker leads: {now}. "
            f"One is to lead by {date_long(timezone.localdate(self.due_at))}."
        )


def social_work_since(case_id: str, on: date) -> Subquery:
    """For a statement: since when statutory social work is open for any child of the case that the outer statement calls
    `case_id`; null where none is. A plan counts while it is in force and linked in an open family plan, of whatever case:
    it is the child's, in both households."""
    children = CasePerson.objects.filter(case=OuterRef(OuterRef(case_id)), part="child")
    live = _in_force(on).filter(section__person_id__in=children.values("person_id"))
    known = Greatest("linked_at", Cast("starts_on", DateTimeField()))
    first = live.order_by().values("removed_at").annotate(first=Min(known))  # removed_at: one group, of all that stand
    return Subquery(first.values("first")[:1], output_field=DateTimeField())


def _in_force(on: date) -> Any:
    goes_on = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return StatutoryPlan.objects.filter(
        goes_on, kind__in=sorted(SOCIAL_WORK), starts_on__lte=on, removed_at__isnull=True, section__ended_at__isnull=True,
        section__plan__state=PlanState.OPEN,
    )  # fmt: skip


def cases_with_social_work(case_ids: Collection[UUID], on: date) -> set[UUID]:
    """Those of these cases with statutory social work open for a child; one statement."""
    live = _in_force(on).values("section__person_id")
    rows = CasePerson.objects.filter(case_id__in=list(case_ids), part="child", person_id__in=live)
    return set(rows.values_list("case_id", flat=True))


def people_with_social_work(person_ids: Collection[UUID], on: date) -> bool:
    """Whether statutory social work is open for any of these children, who need not have a case."""
    return bool(_in_force(on).filter(section__person_id__in=list(person_ids)).exists())


def qualified_lead(row: Case, since: datetime | None, at: datetime) -> QualifiedLead | None:
    """The clock of a case whose head is read with `social_work_since`: None where no social work is open for its children, or
    a registered social worker leads. Nobody leads whose post or account has ended."""
    lead = row.lead_professional
    if lead is not None and not (lead.is_held_at(at) and lead.account.is_active):
        lead = None
    if since is None or (lead is not None and lead.is_registered_social_worker):
        return None
    due_at = due_after(since, qualified_lead_days(timezone.localdate(at)))
    return QualifiedLead(since, due_at, due_at < at, lead.account.name if lead else "")


def wants_social_worker(rows: CaseQuerySet, at: datetime) -> CaseQuerySet:
    """Open cases with statutory social work open for a child, and led by no registered social worker."""
    qualified = Case.objects.led_at(at).filter(lead_professional__is_registered_social_worker=True)
    known = rows.open().annotate(social_work_since=social_work_since("pk", timezone.localdate(at)))
    return known.filter(social_work_since__isnull=False).exclude(pk__in=qualified.values("pk"))


def clock_of(case: Case, at: datetime) -> QualifiedLead | None:
    """The clock of one case as it is now, where a registered social worker is to lead it and none does."""
    row = wants_social_worker(Case.objects.filter(pk=case.pk), at).select_related("lead_professional__account").first()
    return qualified_lead(row, getattr(row, "social_work_since", None), at) if row else None


def leads_to_chase(at: datetime) -> list[Case]:
    """Cases whose managers have not been told that the clock started, or that it has run out; who waits longest first."""
    told = QualifiedLeadChased.objects.filter(case=OuterRef("pk"), since=OuterRef("social_work_since"))
    rows: Any = wants_social_worker(Case.objects.all(), at).annotate(
        is_told=Exists(told.filter(stage="opened")), is_told_late=Exists(told.filter(stage="late"))
    )
    found = []
    waiting = rows.filter(is_told_late=False).select_related("lead_professional__account")
    for row in waiting.order_by("social_work_since", "pk"):
        clock = qualified_lead(row, row.social_work_since, at)
        if clock is not None and (clock.is_late or not row.is_told):
            found.append(row)
    return found
