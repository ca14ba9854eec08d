"""Delivery models of strands: staff, other costs, who pays how much of a year, the pay table, and which model is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.delivering import WHOLE
from joinedup.benefits.lifecycle import DELIVERY_MOVES, DELIVERY_STATES, CostKind, DeliveryState
from joinedup.benefits.models import (
    DeliveryCost,
    DeliveryModel,
    DeliveryShare,
    DeliveryStaff,
    PayRate,
    Programme,
    Strand,
)
from joinedup.benefits.permissions import RUN_PROGRAMME
from joinedup.benefits.queries.delivery import plan_of
from joinedup.benefits.services.delivery_versions import CHOSEN, _keep_if_changed
from joinedup.core.models import claim_version

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class StaffSaid:
    """Posts of one agency, grade and base; years counted from 0."""

    agency: Organisation
    grade: str
    base: str
    people: int
    full_time_equivalent: Decimal
    first_year: int
    last_year: int


@service(RUN_PROGRAMME, on="programme")
def set_pay(
    *, programme: Programme, grade: str, annual_pence: int, starts_on: date, source: str, by: Actor, at: datetime
) -> PayRate:
    """Enter what a post of a grade costs a year, with on-costs, from a day on (BN-148, BN-149)."""
    if not grade.strip() or not source.strip():
        raise rules.PAY_NAMED.refused()
    there = programme.pay_rates.filter(grade__iexact=grade.strip(), removed_at__isnull=True)
    if there.filter(starts_on=starts_on).exists():
        raise rules.PAY_TWICE.refused(grade=grade.strip())
    same = there.first()  # a grade is written one way
    made = PayRate.objects.create(
        programme=programme, grade=same.grade if same else grade.strip(), annual_pence=annual_pence,
        starts_on=starts_on, source=source.strip(), set_at=at, set_by=by.account_id,
    )  # fmt: skip
    note(subject=made, changed=("pay",), words={"grade": made.grade, "pence": annual_pence})
    return made


@service(RUN_PROGRAMME, on="programme")
def remove_pay(*, programme: Programme, rate: PayRate, by: Actor, at: datetime) -> None:
    """Take a rate out of the pay table."""
    programme.pay_rates.filter(pk=rate.pk, removed_at__isnull=True).update(removed_at=at)
    note(subject=rate, changed=("pay",), words={"grade": rate.grade, "removed": True})


@service(RUN_PROGRAMME, on="strand")
def draw_up_delivery(*, strand: Strand, name: str, words: str, grade: int, by: Actor, at: datetime) -> DeliveryModel:
    """Begin another way of delivering a strand."""
    if not name.strip():
        raise rules.DELIVERY_NAME.refused()
    made = DeliveryModel.objects.create(
        strand=strand, name=name.strip(), words=words.strip(), grade=grade, made_at=at, made_by=by.account_id
    )
    note(subject=made, changed=("delivery_model",))
    return made


@service(RUN_PROGRAMME, on="model")
def change_delivery(
    *, model: DeliveryModel, name: str, words: str, grade: int, version: int, by: Actor, at: datetime
) -> DeliveryModel:
    """Change what a delivery model is called and says, and how sure its costs are."""
    _draft(model)
    if not name.strip():
        raise rules.DELIVERY_NAME.refused()
    claim_version(model, version)
    model.name, model.words, model.grade = name.strip(), words.strip(), grade
    model.save(update_fields=["name", "words", "grade"])
    note(changed=("name", "words", "grade"))
    return model


@service(RUN_PROGRAMME, on="model")
def add_staff(*, model: DeliveryModel, said: StaffSaid, by: Actor, at: datetime) -> DeliveryStaff:
    """Add posts (BN-141, BN-142). Whether the pay table has their grade is asked when the model is chosen."""
    _draft(model)
    years = model.strand.programme.years
    if said.full_time_equivalent > said.people or said.full_time_equivalent <= 0:
        raise rules.DELIVERY_PEOPLE.refused()
    if not 0 <= said.first_year <= said.last_year < years:
        raise rules.DELIVERY_YEARS.refused(years=years)
    _of_programme(model, said.agency)
    made = DeliveryStaff.objects.create(
        delivery_model=model, agency=said.agency, grade=said.grade, base=said.base.strip(), people=said.people,
        full_time_equivalent=said.full_time_equivalent, first_year=said.first_year, last_year=said.last_year,
    )  # fmt: skip
    note(changed=("staff",), words={"people": said.people, "grade": said.grade})
    return made


@service(RUN_PROGRAMME, on="model")
def remove_staff(*, model: DeliveryModel, staff_id: UUID, by: Actor, at: datetime) -> None:
    """Take posts out of a model again."""
    _draft(model)
    model.staff.filter(pk=staff_id, removed_at__isnull=True).update(removed_at=at)
    note(changed=("staff",), words={"removed": str(staff_id)})


@service(RUN_PROGRAMME, on="model")
def add_delivery_cost(
    *, model: DeliveryModel, kind: CostKind, name: str, amounts: list[int], is_unfunded: bool, by: Actor, at: datetime
) -> DeliveryCost:
    """Add another cost, pence a year: of changing over, or of running it beside staff."""
    _draft(model)
    years = model.strand.programme.years
    if len(amounts) != years or not any(amounts) or min(amounts) < 0:
        raise rules.DELIVERY_AMOUNTS.refused()
    made = DeliveryCost.objects.create(
        delivery_model=model, kind=kind, name=name.strip(), amounts=amounts, is_unfunded=is_unfunded
    )
    note(changed=("costs",), words={"kind": str(kind), "pence": sum(amounts)})
    return made


@service(RUN_PROGRAMME, on="model")
def remove_delivery_cost(*, model: DeliveryModel, cost_id: UUID, by: Actor, at: datetime) -> None:
    """Take a cost out of a model again."""
    _draft(model)
    model.costs.filter(pk=cost_id, removed_at__isnull=True).update(removed_at=at)
    note(changed=("costs",), words={"removed": str(cost_id)})


@service(RUN_PROGRAMME, on="model")
def apportion_funding(
    *, model: DeliveryModel, shares: Mapping[int, Mapping[UUID, int]], version: int, by: Actor, at: datetime
) -> DeliveryModel:
    """Say which part of each year's cost each partner pays, in hundredths of a per cent; together at most all of it
    (BN-143). What is left is not funded yet. Of two people who say it at once the second looks again (CO-1)."""
    _draft(model)
    partners = list(model.strand.programme.partners.order_by("position").values_list("organisation_id", flat=True))
    for year, parts in sorted(shares.items()):
        if sum(parts.values()) > WHOLE or min(parts.values(), default=0) < 0:
            raise rules.DELIVERY_SHARES.refused(f"share_{year}_0", year=year + 1, place=0)
    claim_version(model, version)
    model.shares.all().delete()
    DeliveryShare.objects.bulk_create(
        [
            DeliveryShare(delivery_model=model, organisation_id=each, year=year, basis_points=shares[year][each])
            for year in sorted(shares)
            for each in partners
            if shares[year].get(each)
        ]
    )
    said = {str(year): {str(each): points for each, points in parts.items()} for year, parts in shares.items()}
    note(changed=("shares",), words={"shares": said})
    return model


@service(RUN_PROGRAMME, on="model")
def move_delivery(*, model: DeliveryModel, end: DeliveryState, by: Actor, at: datetime) -> DeliveryModel:
    """Choose a model, drop it, or take it up again. One is chosen for a strand: the one before is a draft again. A model
    whose staff have no pay is not chosen (BN-146). What is chosen is kept as a version."""
    start = DeliveryState(model.state)
    if end not in DELIVERY_MOVES[start]:
        raise rules.DELIVERY_MOVE.refused(start=DELIVERY_STATES[start].lower(), end=DELIVERY_STATES[end].lower())
    if end == DeliveryState.CHOSEN:
        missing = plan_of(model).missing_pay()
        if missing:
            raise rules.DELIVERY_PAY.refused(grade=missing[0][0], year=missing[0][1] + 1)
        model.strand.delivery_models.filter(state=DeliveryState.CHOSEN).update(state=DeliveryState.DRAFT)
    model.state = end
    model.save(update_fields=["state"])
    if end == DeliveryState.CHOSEN:
        _keep_if_changed(model, CHOSEN, by, at)
    note(changed=("state",), words={"start": str(start), "end": str(end)})
    return model


def _draft(model: DeliveryModel) -> None:
    if model.state == DeliveryState.DROPPED:
        raise rules.DELIVERY_DRAFT.refused()


def _of_programme(model: DeliveryModel, agency: Organisation) -> None:
    if not model.strand.programme.partners.filter(organisation=agency).exists():
        raise rules.SPONSOR_PARTNER.refused("agency", organisation=agency.name)
