"""Reading how strands are delivered: what it costs in each year, who pays, and what nobody pays yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits import delivering
from joinedup.benefits.delivering import GROUPS, RUNNING, TRANSITION, Line, Plan, Rate, Staff, Year
from joinedup.benefits.lifecycle import COST_KINDS, DELIVERY_STATES, CostKind, DeliveryState
from joinedup.benefits.models import DeliveryModel, PayRate, Programme
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_for, programme_seen
from joinedup.core.errors import NotVisible


@dataclass(frozen=True)
class StaffSeen:
    """Posts as a page shows them."""

    id: UUID
    agency: str
    grade: str
    base: str
    people: int
    full_time_equivalent: str
    years: str
    pence: int  # over all years


@dataclass(frozen=True)
class CostSeen:
    """Another cost as a page shows it."""

    id: UUID
    kind: str
    name: str
    is_unfunded: bool
    amounts: tuple[int, ...]


@dataclass(frozen=True)
class DeliverySeen:
    """A delivery model with everything it comes to. `shares` are, by year, the hundredths of a per cent of each partner
    in their order; `missing_pay` grades the pay table has nothing for."""

    id: UUID
    name: str
    words: str
    state: str
    state_words: str
    grade: int
    version: int
    strand_id: UUID
    strand: str
    staff: tuple[StaffSeen, ...]
    costs: tuple[CostSeen, ...]
    years: tuple[Year, ...]
    shares: tuple[tuple[int, ...], ...]
    missing_pay: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Over all years."""
        return sum(each.total for each in self.years)

    @property
    def unfunded(self) -> int:
        """What nobody pays yet, over all years."""
        return sum(each.unfunded for each in self.years)

    @property
    def transition(self) -> int:
        """The cost of changing over."""
        return sum(each.groups[TRANSITION] for each in self.years)

    @property
    def people(self) -> int:
        """Everybody in it, in whatever years."""
        return sum(each.people for each in self.staff)


@dataclass(frozen=True)
class RateSeen:
    """A row of the pay table."""

    id: UUID
    grade: str
    annual_pence: int
    starts_on: date
    source: str


@dataclass(frozen=True)
class DeliveryPage:
    """Every delivery model of a programme, with the pay table."""

    programme: ProgrammeSeen
    models: tuple[DeliverySeen, ...]
    pay: tuple[RateSeen, ...]


def delivery_of_programme(viewer: Actor, programme_id: UUID) -> DeliveryPage:
    """The delivery models of a programme by strand, the chosen one first; ten statements however many there are."""
    seen = programme_seen(viewer, programme_id)
    rows = _models().filter(strand__programme_id=seen.id)
    order = {DeliveryState.CHOSEN.value: 0, DeliveryState.DRAFT.value: 1}
    found = sorted(rows, key=lambda each: (each.strand.position, order.get(each.state, 2), each.made_at, each.pk))
    return DeliveryPage(seen, tuple(_seen(each) for each in found), tuple(pay_table(viewer, programme_id)))


def pay_table(viewer: Actor, programme_id: UUID) -> list[RateSeen]:
    """The pay table by grade, the newest rate first."""
    programme = programme_for(viewer, programme_id)
    rows = programme.pay_rates.filter(removed_at__isnull=True).order_by("grade", "-starts_on", "pk")
    return [RateSeen(each.pk, each.grade, each.annual_pence, each.starts_on, each.source) for each in rows]


def pay_rate_for(viewer: Actor, programme_id: UUID, rate_id: UUID) -> PayRate:
    """One rate, to hand to a service."""
    found = programme_for(viewer, programme_id).pay_rates.filter(pk=rate_id, removed_at__isnull=True).first()
    if found is None:
        raise NotVisible
    return found


def delivery_seen(viewer: Actor, delivery_model_id: UUID) -> DeliverySeen:
    """One delivery model with what it comes to."""
    return _seen(delivery_for(viewer, delivery_model_id))


def delivery_for(viewer: Actor, delivery_model_id: UUID) -> DeliveryModel:
    """One delivery model, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    found: DeliveryModel | None = _models().filter(pk=delivery_model_id, strand__programme__in=mine).first()
    if found is None:
        raise NotVisible
    return found


def cost_lines(viewer: Actor, delivery_model_id: UUID) -> list[dict[str, Any]]:
    """The lines of cost of a delivery model as a business case has them (`[[costs]]` of the appraisal model): pounds in
    each year of the programme, a line for each kind of cost and partner that pays it, by the partner's code; what is not
    funded stands under the agency `UNFUNDED`. The lines add up to what delivery costs, to the penny."""
    return delivering.cost_lines(plan_of(delivery_for(viewer, delivery_model_id)))


def chosen_models(viewer: Actor, strand_ids: Collection[UUID]) -> dict[UUID, DeliverySeen]:
    """The delivery model chosen for each of these strands, by strand; those without are not in it."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    rows = _models().filter(strand_id__in=list(strand_ids), state=DeliveryState.CHOSEN, strand__programme__in=mine)
    return {each.strand_id: _seen(each) for each in rows}


def models_to_take(viewer: Actor, strand_id: UUID) -> list[tuple[UUID, str, str]]:
    """Delivery models of a strand whose costs a business case may take: id, name and state in words, the chosen first."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    rows = DeliveryModel.objects.filter(strand_id=strand_id, strand__programme__in=mine)
    rows = rows.exclude(state=DeliveryState.DROPPED).order_by("state", "made_at", "pk")
    return [(each.pk, each.name, DELIVERY_STATES[DeliveryState(each.state)]) for each in rows]


def plan_of(row: DeliveryModel) -> Plan:
    """A delivery model as the arithmetic reads it; `row` with its strand and programme."""
    programme = row.strand.programme
    places = sorted(programme.partners.all(), key=lambda each: each.position)
    codes = {each.organisation_id: each.organisation.code for each in places}
    shares: dict[int, dict[str, int]] = {}
    for each in row.shares.all():
        shares.setdefault(each.year, {})[codes.get(each.organisation_id, "")] = each.basis_points
    return Plan(
        years=programme.years, starts_on=programme.starts_on, agencies=tuple(codes.values()),
        staff=tuple(
            Staff(each.grade, each.full_time_equivalent, each.first_year, each.last_year, each.people)
            for each in _live(row.staff.all())
        ),
        lines=tuple(
            Line(
                RUNNING if each.kind == CostKind.RUNNING else TRANSITION, each.name, tuple(each.amounts), each.is_unfunded
            )
            for each in _live(row.costs.all())
        ),
        rates=tuple(Rate(each.grade, each.starts_on, each.annual_pence) for each in _live(programme.pay_rates.all())),
        shares=shares, grade=row.grade,
    )  # fmt: skip


def _models() -> Any:
    return DeliveryModel.objects.select_related("strand__programme").prefetch_related(
        "staff__agency", "costs", "shares", "strand__programme__partners__organisation", "strand__programme__pay_rates"
    )


def _live(rows: Iterable[Any]) -> list[Any]:
    """Those that were not taken out, in the order they were entered."""
    return sorted((each for each in rows if each.removed_at is None), key=lambda each: str(each.pk))


def _seen(row: DeliveryModel) -> DeliverySeen:
    plan = plan_of(row)
    staff = []
    for each in _live(row.staff.all()):
        posts = Staff(each.grade, each.full_time_equivalent, each.first_year, each.last_year)
        cost = sum(delivering.staff_cost(posts, plan, year) for year in range(plan.years))
        staff.append(
            StaffSeen(
                each.pk, each.agency.name, each.grade, each.base, each.people,
                f"{each.full_time_equivalent.normalize():f}", _years(each.first_year, each.last_year), cost,
            )
        )  # fmt: skip
    return DeliverySeen(
        row.pk, row.name, row.words, row.state, DELIVERY_STATES[DeliveryState(row.state)], row.grade, row.version,
        row.strand_id, row.strand.name, tuple(staff),
        tuple(
            CostSeen(each.pk, COST_KINDS[CostKind(each.kind)], each.name, each.is_unfunded, tuple(each.amounts))
            for each in _live(row.costs.all())
        ),
        tuple(delivering.years_of(plan)),
        tuple(tuple((plan.shares or {}).get(year, {}).get(code, 0) for code in plan.agencies) for year in range(plan.years)),
        tuple(plan.missing_pay()),
    )  # fmt: skip


def _years(first: int, last: int) -> str:
    return f"{first + 1}" if first == last else f"{first + 1} to {last + 1}"


__all__ = [
    "GROUPS", "CostSeen", "DeliveryPage", "DeliverySeen", "RateSeen", "StaffSeen", "chosen_models", "cost_lines",
    "delivery_for", "delivery_of_programme", "delivery_seen", "models_to_take", "pay_rate_for", "pay_table", "plan_of",
]  # fmt: skip
