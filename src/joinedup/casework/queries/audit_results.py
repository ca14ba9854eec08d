"""What quality audits found, as numbers: by team, by heading and item, and by month. Nobody's name is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Q, Value
from django.db.models.functions import Coalesce, NullIf, TruncMonth

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.casework.auditing import ANSWERS, CURRENT, Tally, added, audit_spec, grade_for
from joinedup.casework.models import AuditAnswer, CaseAudit
from joinedup.casework.permissions import READ_AUDIT_RESULTS
from joinedup.casework.settings import audit_grades
from joinedup.core.formats import LONDON, london


@dataclass(frozen=True)
class Found:
    """What was found of one team, heading, item or month. `audits` is how many audits it comes from, where that is counted."""

    name: str
    tally: Tally
    audits: int | None = None

    @property
    def percent(self) -> int | None:
        """Effectiveness in whole per cent."""
        return self.tally.percent


@dataclass(frozen=True)
class AuditResults:
    """Everything the page of results shows. `trend` is the last month with an audit beside the one before it, in points."""

    team_id: UUID | None
    overall: Found
    grade: str
    teams: tuple[Found, ...]
    groups: tuple[Found, ...]
    items: tuple[Found, ...]
    months: tuple[tuple[date, Found], ...]
    choices: tuple[tuple[UUID, str], ...]

    @property
    def trend(self) -> int | None:
        """Points up or down from the month before to the last one; none where there are not two."""
        known = [found.percent for _, found in self.months if found.percent is not None]
        return known[-1] - known[-2] if len(known) > 1 else None


# A second look counts instead of the first.
_FINAL = Coalesce(NullIf("second", Value("")), "answer", output_field=CharField())
_COUNTS = {f"n_{answer}": Count("pk", filter=Q(final=answer)) for answer in ANSWERS}


def audit_results(viewer: Actor, team_id: UUID | None = None) -> AuditResults:
    """What was found by every audit that is done, or those of one team's cases; a second look counts instead of the first.
    Three statements, however many audits."""
    check(viewer, READ_AUDIT_RESULTS)
    done = AuditAnswer.objects.filter(audit__done_at__isnull=False)
    answers = done.filter(audit__sample__team_id=team_id) if team_id else done
    month = TruncMonth("audit__done_at", tzinfo=LONDON)
    rows = list(
        answers.annotate(final=_FINAL, month=month)
        .values("item", "month", "audit__sample__team_id", "audit__sample__team__name")
        .annotate(**_COUNTS)
        .order_by("month", "audit__sample__team__name", "item")
    )
    audits = list(
        CaseAudit.objects.filter(done_at__isnull=False)
        .annotate(month=TruncMonth("done_at", tzinfo=LONDON))
        .values("month", "sample__team_id", "sample__team__name")
        .annotate(n=Count("pk"))
    )
    counted = [each for each in audits if team_id in {None, each["sample__team_id"]}]
    audit.record_read(
        viewer, subject=("casework.caseaudit", "results"), people=(), purpose="results of quality audits", search=True
    )
    overall = Found("All", _sum(rows), sum(each["n"] for each in counted))
    teams = sorted({each["audit__sample__team__name"] for each in rows})
    months = sorted({each["month"] for each in rows})
    spec = audit_spec(CURRENT)
    return AuditResults(
        team_id=team_id,
        overall=overall,
        grade=_grade(viewer, overall.percent),
        teams=tuple(
            Found(
                name, _sum(each for each in rows if each["audit__sample__team__name"] == name),
                sum(each["n"] for each in counted if each["sample__team__name"] == name),
            )
            for name in teams
        ),
        groups=tuple(
            Found(group.title, _sum(each for each in rows if each["item"] in {item.code for item in group.items}))
            for group in spec.groups
        ),
        items=tuple(
            Found(f"{item.code}. {item.words}", _sum(each for each in rows if each["item"] == item.code))
            for item in spec.items
        ),
        months=tuple(
            (
                london(month).date(),
                Found(
                    f"{london(month):%B %Y}", _sum(each for each in rows if each["month"] == month),
                    sum(each["n"] for each in counted if each["month"] == month),
                ),
            )
            for month in months
        ),
        choices=tuple(sorted({(each["sample__team_id"], each["sample__team__name"]) for each in audits}, key=lambda c: c[1])),
    )  # fmt: skip


def _sum(rows: Iterable[Mapping[str, Any]]) -> Tally:
    return added(Tally(**{answer: row[f"n_{answer}"] for answer in ANSWERS}) for row in rows)


def _grade(viewer: Actor, percent: int | None) -> str:
    return grade_for(percent, audit_grades(london(viewer.at).date()))


def effectiveness_of_teams(viewer: Actor, team_ids: Iterable[UUID]) -> dict[UUID, Tally]:
    """What audits of the last year found in each of these teams' cases, for the manager's board; one statement."""
    check(viewer, READ_AUDIT_RESULTS)
    since = viewer.at.replace(year=viewer.at.year - 1, day=min(viewer.at.day, 28))
    rows = (
        AuditAnswer.objects.filter(audit__done_at__gte=since, audit__sample__team_id__in=list(team_ids))
        .annotate(final=_FINAL)
        .values("audit__sample__team_id")
        .annotate(**_COUNTS)
        .order_by()
    )
    return {row["audit__sample__team_id"]: _sum([row]) for row in rows}
