"""Disputed balances: every one the viewer may see with its clock, one in full, and what of them stops a year from closing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.funds.models import Dispute, DisputeMove, Fund, FundReport
from joinedup.funds.permissions import ANSWER_DISPUTE, READ_FUNDS, SETTLE_DISPUTE
from joinedup.funds.queries.statements import quarter_words
from joinedup.funds.settling import DisputeStep, steps_of

_MOST = 200
MOVES = {"raised": "Disputed", "answered": "Answered", "escalated": "Taken further", "settled": "Settled"}


@dataclass(frozen=True)
class DisputeShown:
    """A dispute with its clock on a day."""

    row: Dispute
    id: UUID
    reference: str
    fund: str
    partner: str
    when: str
    lines: tuple[tuple[str, str, int], ...]
    step: DisputeStep
    step_number: int
    steps: int
    is_step_late: bool
    is_answer_late: bool

    @property
    def is_open(self) -> bool:
        """Nobody has settled it."""
        return self.row.is_open

    @property
    def is_late(self) -> bool:
        """Its step is past its last day, or nobody has answered in time."""
        return self.is_open and (self.is_step_late or self.is_answer_late)

    @property
    def is_last_step(self) -> bool:
        """After this only a decision ends it."""
        return self.step_number == self.steps


@dataclass(frozen=True)
class DisputePage:
    """One dispute with everything said in it."""

    shown: DisputeShown
    moves: tuple[dict[str, Any], ...]
    may: frozenset[str]


def _shown(row: Dispute, on: date) -> DisputeShown:
    steps = steps_of(row.steps)
    return DisputeShown(
        row=row, id=row.pk, reference=row.reference, fund=row.fund.name, partner=row.partner.organisation.name,
        when=quarter_words(row.year, row.quarter), lines=tuple((code, words, pence) for code, words, pence in row.lines),
        step=steps[row.step], step_number=row.step + 1, steps=len(steps), is_step_late=row.step_ends_on < on,
        is_answer_late=row.answered_at is None and row.answer_by < on,
    )  # fmt: skip


_LINKED = ("fund__agreement", "fund__host__organisation", "partner__organisation")


def disputes(viewer: Actor, fund: Fund | None = None) -> list[DisputeShown]:
    """The disputes of the viewer's funds, or of one of them: the open ones by the day their step ends, then the settled
    ones, the newest first."""
    check(viewer, READ_FUNDS)
    rows = Dispute.objects.visible_to(viewer).select_related(*_LINKED)
    if fund is not None:
        rows = rows.filter(fund=fund)
    on = timezone.localdate(viewer.at)
    waiting = rows.filter(settled_at=None).order_by("step_ends_on", "pk")[:_MOST]
    done = rows.exclude(settled_at=None).order_by("-settled_at", "-pk")[:_MOST]
    return [_shown(each, on) for each in (*waiting, *done)]


def dispute_for_change(viewer: Actor, dispute_id: UUID) -> Dispute:
    """A dispute the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    found = Dispute.objects.visible_to(viewer).select_related(*_LINKED).filter(pk=dispute_id).first()
    if found is None:
        raise NotVisible
    return found


def dispute(viewer: Actor, dispute_id: UUID) -> DisputePage:
    """One dispute in full."""
    row = dispute_for_change(viewer, dispute_id)
    shown = _shown(row, timezone.localdate(viewer.at))
    moves = list(DisputeMove.objects.filter(dispute=row).order_by("-at", "-pk"))
    who = names_of_accounts(viewer, {each.by for each in moves if each.by})
    told = tuple(
        {"title": MOVES[each.kind], "at": each.at, "by": who.get(each.by, "") if each.by else "", "description": each.words}
        for each in moves
    )  # fmt: skip
    may = {
        "answer": row.is_open and can(viewer, ANSWER_DISPUTE, row) and answers_for_another(viewer, row),
        "escalate": row.is_open and not shown.is_last_step and can(viewer, SETTLE_DISPUTE, row),
        "settle": row.is_open and can(viewer, SETTLE_DISPUTE, row),
    }
    return DisputePage(shown, told, frozenset(name for name, is_so in may.items() if is_so))


def answers_for_another(viewer: Actor, row: Dispute) -> bool:
    """They stand for a partner other than the one that disputes."""
    return viewer.is_system or bool(viewer.organisation_ids - {row.partner.organisation_id})


def open_disputes(fund: Fund, year: int) -> list[Dispute]:
    """The disputes of a fund that nobody has settled, up to the end of a year."""
    rows = Dispute.objects.filter(fund=fund, year__lte=year, settled_at=None).select_related("partner__organisation")
    return list(rows.order_by("year", "quarter", "partner__position", "pk"))


def disclosed(rows: Iterable[Dispute]) -> list[dict[str, Any]]:
    """Disputes as a report discloses them."""
    return [
        {
            "reference": each.reference, "partner": each.partner.organisation.name,
            "when": quarter_words(each.year, each.quarter), "lines": [words for _, words, _ in each.lines],
            "pence": sum(abs(pence) for _, _, pence in each.lines), "step": steps_of(each.steps)[each.step].name,
            "ends_on": each.step_ends_on.isoformat(), "words": each.words,
        }
        for each in rows
    ]  # fmt: skip


def undisclosed(fund: Fund, year: int) -> list[str]:
    """The partners whose open dispute the latest annual return of a year does not name."""
    latest = FundReport.objects.filter(fund=fund, year=year, quarter=None).order_by("-number").first()
    named = {each["reference"] for each in latest.content.get("disputes", ())} if latest else set()
    return [each.partner.organisation.name for each in open_disputes(fund, year) if each.reference not in named]
