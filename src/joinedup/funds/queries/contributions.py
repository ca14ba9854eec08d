"""What partners put in, as pages show it: the sum it comes from, each instalment and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.errors import NotVisible
from joinedup.funds import contributing
from joinedup.funds.models import Contribution, Fund, Instalment, Receipt
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.queries.seen import fund_for_change, may_with_fund, year_words


@dataclass(frozen=True)
class ReceiptShown:
    """What came in of an instalment; below nought it takes back one that was wrong (`corrects`)."""

    id: int
    pence: int
    received_on: date
    reference: str
    entry_id: UUID | None
    corrects: int | None
    is_taken_back: bool


@dataclass(frozen=True)
class InstalmentShown:
    """An instalment and how it stands."""

    id: UUID
    partner_id: UUID
    partner: str
    stream: str
    kind: str
    what: str
    number: int
    due_on: date
    pence: int
    received: int
    stands: str
    stands_label: str
    receipts: tuple[ReceiptShown, ...] = ()


@dataclass(frozen=True)
class ContributionShown:
    """A contribution with the sum it comes from."""

    id: UUID
    partner: str
    stream: str
    kind: str
    what: str
    agreed: int
    steps: tuple[contributing.Step, ...]
    detriment: str
    instalments: tuple[InstalmentShown, ...]


@dataclass(frozen=True)
class ContributionsPage:
    """Everything partners put into a fund in a year."""

    fund: Fund
    year_words: str
    rows: tuple[ContributionShown, ...]
    owed: int
    received: int
    overdue: int
    may: frozenset[str]


def instalments_of(viewer: Actor, row: Fund, year: int) -> list[InstalmentShown]:
    """Every instalment of a year and how it stands on the viewer's day; the caller has looked whether they may see the fund."""
    on = timezone.localdate(viewer.at)
    rows = (
        Instalment.objects.filter(contribution__fund=row, contribution__year=year)
        .select_related("contribution__partner__organisation", "contribution__stream")
        .annotate(received=Sum("receipts__pence"))
        .order_by("due_on", "contribution__partner__position", "number", "pk")
    )
    came: dict[UUID, list[Receipt]] = {}
    for receipt in Receipt.objects.filter(
        instalment__contribution__fund=row, instalment__contribution__year=year
    ).order_by("pk"):
        came.setdefault(receipt.instalment_id, []).append(receipt)
    return [_instalment(each, row, on, came.get(each.pk, [])) for each in rows]


def _receipts(rows: Sequence[Receipt]) -> tuple[ReceiptShown, ...]:
    gone = {each.corrects_id for each in rows}
    return tuple(
        ReceiptShown(
            each.pk, each.pence, each.received_on, each.reference, each.entry_id, each.corrects_id, each.pk in gone
        )
        for each in rows
    )  # fmt: skip


def _instalment(each: Any, row: Fund, on: date, came: Sequence[Receipt]) -> InstalmentShown:
    contribution = each.contribution
    received = (each.received or 0) if contribution.kind == "cash" else (each.pence if each.entry_id else 0)
    stands = contributing.stands(
        due_on=each.due_on, pence=each.pence, received=received, on=on, days_to_pay=row.agreement.days_to_pay
    )
    label = contributing.DUE_LABELS[stands]
    if contribution.kind != "cash":
        label = "Given" if received else "To be given"
    return InstalmentShown(
        each.pk, contribution.partner_id, contribution.partner.organisation.name, contribution.stream.name,
        contribution.kind, contribution.what, each.number, each.due_on, each.pence, received, stands, label,
        _receipts(came),
    )  # fmt: skip


def contributions(viewer: Actor, fund_id: UUID) -> ContributionsPage:
    """Contributions, instalments and what has come in, in the year now open."""
    row = fund_for_change(viewer, fund_id)
    on = timezone.localdate(viewer.at)
    parts: dict[UUID, list[InstalmentShown]] = {}
    shown = {each.id: each for each in instalments_of(viewer, row, row.year)}
    for key, contribution_id in (
        Instalment.objects.filter(pk__in=shown).order_by("due_on", "number").values_list("pk", "contribution_id")
    ):
        parts.setdefault(contribution_id, []).append(shown[key])
    rows = Contribution.objects.filter(fund=row, year=row.year).select_related("partner__organisation", "stream")
    cash = [each for each in shown.values() if each.kind == "cash"]
    return ContributionsPage(
        fund=row, year_words=year_words(row.year),
        rows=tuple(_contribution(each, parts.get(each.pk, [])) for each in rows.order_by("partner__position", "kind", "stream__code")),
        owed=sum(each.pence for each in cash if each.due_on <= on), received=sum(each.received for each in cash),
        overdue=sum(each.pence - each.received for each in cash if each.stands == contributing.Due.OVERDUE),
        may=may_with_fund(viewer, row),
    )  # fmt: skip


def _contribution(each: Contribution, parts: Sequence[InstalmentShown]) -> ContributionShown:
    said = contributing.RollForward(
        each.base_pence, each.recurrent_pence, each.uplift, each.planned_pence, each.efficiency, each.charges_pence
    )
    steps = tuple(step for step in contributing.steps_of(said) if step.pence)
    return ContributionShown(
        each.pk, each.partner.organisation.name, each.stream.name, each.kind, each.what, each.agreed_pence, steps,
        each.detriment_agreed, tuple(parts),
    )  # fmt: skip


def instalment_for_change(viewer: Actor, instalment_id: UUID) -> Instalment:
    """An instalment of a fund the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = Instalment.objects.filter(contribution__fund__in=Fund.objects.visible_to(viewer))
    linked = rows.select_related(
        "contribution__fund__agreement", "contribution__fund__host", "contribution__partner__organisation"
    )
    found = linked.filter(pk=instalment_id).first()
    if found is None:
        raise NotVisible
    return found


def receipt_for_change(viewer: Actor, instalment_id: UUID, receipt_id: int) -> Receipt:
    """What came in of an instalment of a fund the viewer may see."""
    instalment = instalment_for_change(viewer, instalment_id)
    found = Receipt.objects.filter(instalment=instalment, pk=receipt_id).first()
    if found is None:
        raise NotVisible
    found.instalment = instalment
    return found
