"""How a programme stood at a moment that has passed: rounds, benefits and what was banked as they had been recorded by then.
What was recorded afterwards is left out, whatever day it is about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.benefits.lifecycle import BenefitState, StrandStepKind
from joinedup.benefits.models import Benefit, BenefitMove, Round, Strand, StrandStep
from joinedup.benefits.queries.banked import counting
from joinedup.benefits.queries.realising import BenefitSeen, Stood, seen_as
from joinedup.benefits.realising import ForecastLine, Step, forecast_lines, replay, year_begins
from joinedup.engines.appraisal import Model, read

_ENDS = frozenset({StrandStepKind.MERGED, StrandStepKind.CLOSED})
_BEGINS = frozenset({StrandStepKind.UNMERGED, StrandStepKind.REOPENED})


@dataclass(frozen=True)
class Then:
    """The models of the newest rounds of the strands that were open, the strands without one, and every benefit."""

    models: tuple[Model, ...]
    without: tuple[str, ...]
    benefits: tuple[BenefitSeen, ...]


def programme_then(viewer: Actor, programme_id: UUID, until: datetime) -> Then:
    """As a programme stood at a moment. Inside the part; the caller has been let in to the programme."""
    rounds = list(
        Round.objects.filter(case__strand__programme=programme_id, kept_at__lte=until)
        .select_related("case")
        .defer("results")
        .order_by("kept_at", "number", "pk")
    )
    newest: dict[UUID, Round] = {}
    by_case: dict[UUID, Round] = {}
    for kept in rounds:
        by_case[kept.case_id] = kept
        if kept.case.withdrawn_at is None or kept.case.withdrawn_at > until:
            newest[kept.case.strand_id] = kept
    models = {kept.pk: read(kept.model) for kept in {*newest.values(), *by_case.values()}}
    strands = _open_strands(programme_id, until, {kept.case.strand_id for kept in rounds})
    return Then(
        tuple(models[newest[each.pk].pk] for each in strands if each.pk in newest),
        tuple(each.name for each in strands if each.pk not in newest),
        tuple(_benefits(viewer, programme_id, until, {case: models[kept.pk] for case, kept in by_case.items()})),
    )


def _open_strands(programme_id: UUID, until: datetime, with_rounds: set[UUID]) -> list[Strand]:
    """Those that had been added, or had gone to a round, and were not merged or closed."""
    last: dict[UUID, str] = dict.fromkeys(with_rounds, "")
    kinds = [StrandStepKind.ADDED, *_ENDS, *_BEGINS]
    steps = StrandStep.objects.filter(strand__programme=programme_id, at__lte=until, kind__in=kinds)
    for strand_id, kind in steps.order_by("at", "pk").values_list("strand_id", "kind"):
        last[strand_id] = kind
    rows = Strand.objects.filter(programme=programme_id, pk__in=list(last)).order_by("position")
    return [each for each in rows if last[each.pk] not in _ENDS]


def _benefits(viewer: Actor, programme_id: UUID, until: datetime, models: dict[UUID, Model]) -> list[BenefitSeen]:
    moves: dict[UUID, list[Step]] = defaultdict(list)
    said = BenefitMove.objects.filter(Q(benefit__case__strand__programme=programme_id), at__lte=until)
    for move in said.order_by("at", "pk"):
        moves[move.benefit_id].append(Step(move.start, move.end, bool(move.measured), move.pence, move.level))
    rows = Benefit.objects.filter(pk__in=list(moves), case__in=list(models)).select_related(
        "case__strand__programme", "organisation"
    )
    lines = {
        (case, line.agency, line.key): line for case, model in models.items() for line in forecast_lines(model)
    }  # fmt: skip
    banked = counting(viewer, until=until, case__strand__programme=programme_id).by_benefit
    on = timezone.localdate(until)
    found = []
    for row in rows.order_by("case__strand__position", "title", "organisation__name", "pk"):
        line = lines.get((row.case_id, row.organisation.code, row.key))
        found.append(seen_as(row, _stood(row, replay(moves[row.pk]), line, banked.get(row.pk, 0)), on))
    return found


def _stood(row: Benefit, where: tuple[str, int | None, int | None], line: ForecastLine | None, banked: int) -> Stood:
    state, measured, level = where
    if state == BenefitState.BANKED and not banked:
        state = BenefitState.REALISED.value
    facts: dict[str, Any] = (
        {"title": row.title, "code": row.code, "forecast": (), "cashable": (), "total": 0, "starts_on": row.starts_on}
        if line is None
        else {
            "title": line.title, "code": line.code, "forecast": line.years, "cashable": line.cashable, "total": sum(line.years),
            "starts_on": year_begins(row.case.strand.programme.starts_on, line.lag),
        }
    )  # fmt: skip
    return Stood(state=state, measured=measured, level=level, banked=banked, unbanked=0, **facts)
