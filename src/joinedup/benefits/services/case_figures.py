"""Taking figures into a business case with everything that must stand beside them: what activity was measured to cost in a
kept report, and unit costs of a database that was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import case_building as building
from joinedup.benefits import case_measured, costing, rules
from joinedup.benefits.case_changes import differences
from joinedup.benefits.models import BusinessCase
from joinedup.benefits.permissions import WRITE_CASE
from joinedup.benefits.queries.case_figures import measured_place, worth_of
from joinedup.benefits.services.cases import _agencies, _locked, _place, _save
from joinedup.core.models.records import VersionMoved

if TYPE_CHECKING:
    from joinedup.benefits.models import UnitCost

WORTH, COSTS = "worth", "costs"


@dataclass(frozen=True)
class MeasuredSaid:
    """Which measured cost is taken: a place and a kind of a kept report, with overhead or without; as a line of cost, how
    many a year."""

    report_id: UUID
    place: str
    kind: str
    with_overhead: bool = False
    times: float | None = None


@service(WRITE_CASE, on="case")
def take_measured_cost(
    *, case: BusinessCase, part: str, place: int, said: MeasuredSaid, seen: str, by: Actor, at: datetime
) -> BusinessCase:
    """Take what activity was measured to cost as the unit value of a benefit (`worth`) or as a line of cost (`costs`: so
    many times a year in every year). Its source, period, price year and the share unrecorded go into the case with it.
    Refused: BN-340 to BN-345, BN-203, BN-204; CO-1 where somebody saved the same line meanwhile."""
    locked = _locked(case)
    measured = measured_place(by, said.report_id, said.place)
    unit = measured.unit(said.kind)
    origin = measured.origin
    pence = unit.cost(with_overhead=said.with_overhead)
    stated, why = case_measured.brought(locked.model, origin.price_year)
    if part == WORTH:
        values: dict[str, Any] = {
            "fiscal": pence / 100, "economic": None, "social": None, "price_year": stated, "source": origin.source(unit),
            "rag": None, "caveat": origin.caveat(unit, with_overhead=said.with_overhead, at_other_prices=why),
        }  # fmt: skip
    else:
        values = _cost_of(
            locked.model, place, said, case_measured.price_factor(locked.model, origin.price_year) * pence
        )
        values["name"] = origin.line_name(unit)
    after = _put(locked, part, place, values, seen, by, at)
    words = {
        "report": str(said.report_id), "hash": origin.digest, "place": origin.place, "kind": said.kind, "pence": pence,
        "unrecorded": origin.unrecorded, "overhead": said.with_overhead,
    }  # fmt: skip
    note(changed=(part,), words=words)
    return after


def _cost_of(model: dict[str, Any], place: int, said: MeasuredSaid, pence: float) -> dict[str, Any]:
    if said.times is None or not said.times > 0:
        raise rules.MEASURED_TIMES.refused()
    known = building.values(COSTS, model, (), place)
    amounts = {name: round(pence * said.times) / 100 for name in known if name.startswith("amount_")}
    return {
        **known,
        **amounts,
        "code": known.get("code") or f"measured-{said.kind}".replace(":", "-").replace("*", "other")[:40],
    }


@service(WRITE_CASE, on="case")
def take_unit_cost(
    *, case: BusinessCase, place: int, unit_cost: UnitCost, seen: str, by: Actor, at: datetime
) -> BusinessCase:
    """Take a figure of the unit cost database as what a benefit is worth: its values at the prices of their own year, its
    source, rating and caveat, with a warning where the price is old. Refused: BN-346, BN-203, CO-1."""
    locked = _locked(case)
    values = worth_of(unit_cost, locked.model, costing.quarter_on(timezone.localdate(at))[0])
    after = _put(locked, WORTH, place, values, seen, by, at)
    note(changed=(WORTH,), words={"unit_cost": unit_cost.code, "file": unit_cost.file.name})
    return after


def _put(
    locked: BusinessCase, part: str, place: int, values: dict[str, Any], seen: str, by: Actor, at: datetime
) -> BusinessCase:
    """Called inside guarded services: the line's page with these answers, unless somebody saved it meanwhile."""
    model, agencies = locked.model, _agencies(locked)
    place = _place(model, building.PART[part].lines, part, place, seen)
    if seen != building.mark_of(part, model, place):
        raise VersionMoved(
            "Somebody else changed this line while you were looking at it. Look again, then decide.", rule="CO-1"
        )
    after = building.put(part, model, agencies, values, place)
    changed = differences(model, after)
    _save(locked, after, locked.version, by, at)
    if changed:
        note(changed=(part,), words={"changed": changed})
    return locked
