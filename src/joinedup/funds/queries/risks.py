"""The risks of a fund and how its aims are measured, as pages show them and as reports carry them (R-5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.funds.agreement_items import AIMS
from joinedup.funds.codes import LIKELIHOODS
from joinedup.funds.models import AgreementItem, Fund, FundOutcome, FundRisk, OutcomeActual
from joinedup.funds.permissions import KEEP_RISKS, READ_FUNDS
from joinedup.funds.queries.seen import fund_for_change
from joinedup.funds.queries.statements import latest_quarter, quarter_words
from joinedup.funds.settling import quarter_ends_on


@dataclass(frozen=True)
class RiskShown:
    """A risk with its words."""

    row: FundRisk
    id: UUID
    reference: str
    event: str
    cause: str
    effect: str
    likelihood: str
    likelihood_label: str
    owner: str
    action: str
    raised_on: date
    closed_on: date | None
    closed_because: str


@dataclass(frozen=True)
class OutcomeShown:
    """A measure with where it stood at the end of the quarter; None where nobody has said."""

    row: FundOutcome
    id: UUID
    measure: str
    target: str
    actual: OutcomeActual | None


@dataclass(frozen=True)
class RisksPage:
    """The risks of a fund and its outcomes at the end of a quarter."""

    fund: Fund
    year: int
    quarter: int
    when: str
    aims: str
    risks: tuple[RiskShown, ...]
    closed: tuple[RiskShown, ...]
    outcomes: tuple[OutcomeShown, ...]
    missing: tuple[str, ...]
    has_begun: bool
    is_kept: bool
    may: frozenset[str]


def quarter_begins_on(year: int, quarter: int) -> date:
    """The first day of a quarter of a financial year."""
    return date(year, 3 * quarter + 1, 1) if quarter < 4 else date(year + 1, 1, 1)


def risks_page(viewer: Actor, fund_id: UUID, *, year: int | None = None, quarter: int | None = None) -> RisksPage:
    """The risks as they are now; the outcomes of a quarter, the latest that is over unless another is named."""
    fund = fund_for_change(viewer, fund_id)
    on = timezone.localdate(viewer.at)
    year = fund.year if year is None else year
    quarter = quarter or latest_quarter(year, on)
    shown = [_risk(each) for each in _rows(fund)]
    return RisksPage(
        fund=fund, year=year, quarter=quarter, when=quarter_words(year, quarter), aims=_aims(fund),
        risks=tuple(each for each in shown if each.closed_on is None),
        closed=tuple(each for each in shown if each.closed_on is not None),
        outcomes=tuple(_outcomes(fund, year, quarter)), missing=tuple(missing_in_report(fund, year, quarter)),
        has_begun=quarter_begins_on(year, quarter) <= on, is_kept=_is_kept(fund, year),
        may=frozenset({"keep"} if can(viewer, KEEP_RISKS, fund) else ()),
    )  # fmt: skip


def _rows(fund: Fund) -> Iterable[FundRisk]:
    return FundRisk.objects.filter(fund=fund).select_related("owner__account").order_by("number")


def _risk(each: FundRisk) -> RiskShown:
    return RiskShown(
        each, each.pk, str(each), each.event, each.cause, each.effect, each.likelihood, LIKELIHOODS[each.likelihood],
        f"{each.owner.account.name}, {each.owner.title}", each.action, each.raised_on, each.closed_on, each.closed_because,
    )  # fmt: skip


def _aims(fund: Fund) -> str:
    found = AgreementItem.objects.filter(agreement=fund.agreement_id, code=AIMS).values_list("words", flat=True)
    return found.first() or ""


def _outcomes(fund: Fund, year: int, quarter: int) -> list[OutcomeShown]:
    starts, ends = quarter_begins_on(year, quarter), quarter_ends_on(year, quarter)
    rows = FundOutcome.objects.filter(fund=fund, starts_on__lte=ends).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=starts)
    )
    found = OutcomeActual.objects.filter(outcome__in=rows, year=year, quarter=quarter)
    said = {each.outcome_id: each for each in found}
    return [OutcomeShown(e, e.pk, e.measure, e.target, said.get(e.pk)) for e in rows.order_by("number")]


def _of_quarter(fund: Fund, year: int, quarter: int | None) -> list[FundRisk]:
    """The risks that are known now, but for those closed before a quarter began; before the year where none is named."""
    starts = quarter_begins_on(year, quarter or 1)
    return [each for each in _rows(fund) if each.closed_on is None or each.closed_on >= starts]


def _is_kept(fund: Fund, year: int) -> bool:
    """Risks and outcomes of a fund are kept from a year on: where money came to Joinedup before they did, from the year that
    was open then. What earlier reports never said, nobody can say now."""
    return fund.risks_from is None or year >= fund.risks_from


def missing_in_report(fund: Fund, year: int, quarter: int | None, *, no_risks: str = "") -> list[str]:
    """R-5: what a report cannot say yet; `no_risks` is why there are none. Of a year before they were kept, nothing is asked.
    The caller has looked whether the viewer may see the fund."""
    if not _is_kept(fund, year):
        return []
    missing = []
    if not no_risks.strip() and not _of_quarter(fund, year, quarter):
        missing.append("what could go wrong, or why nothing could")
    outcomes = _outcomes(fund, year, quarter or 4)
    if not outcomes and _aims(fund):
        missing.append("how the aims of the agreement are measured")
    when = quarter_words(year, quarter or 4)
    missing += [
        f"where “{each.measure}” stands in {when[0].lower()}{when[1:]}" for each in outcomes if each.actual is None
    ]
    return missing


def _risks_content(fund: Fund, year: int, quarter: int | None, no_risks: str) -> dict[str, Any]:
    """What a report carries of them; of a year before they were kept, what was known in it, and that they were not kept."""
    ends, is_kept = quarter_ends_on(year, quarter or 4), _is_kept(fund, year)
    known = [each for each in _of_quarter(fund, year, quarter) if is_kept or each.raised_on <= ends]
    shown: Sequence[RiskShown] = [_risk(each) for each in known]
    outcomes = _outcomes(fund, year, quarter or 4)
    content = {
        "risks": [
            {
                "reference": each.reference, "event": each.event, "cause": each.cause, "effect": each.effect,
                "likelihood": each.likelihood_label, "owner": each.owner, "action": each.action,
                "closed": f"Closed on {date_long(each.closed_on)}: {each.closed_because}"
                if each.closed_on and each.closed_on <= ends else "",
            }
            for each in shown
        ],
        "no_risks": "" if shown else no_risks.strip(), "aims": _aims(fund),
        "outcomes": [
            {
                "measure": each.measure, "target": each.target, "actual": each.actual.actual if each.actual else "",
                "narrative": each.actual.narrative if each.actual else "",
            }
            for each in outcomes
        ],
    }  # fmt: skip
    if not is_kept:
        is_empty = {"risks": not shown and not no_risks.strip(), "outcomes": not outcomes}
        what = " and ".join(word for word, empty in is_empty.items() if empty)
        content |= {"not_kept": f"{what.capitalize()} were not kept in this year."} if what else {}
    return content


def risk_for_change(viewer: Actor, risk_id: UUID) -> FundRisk:
    """A risk of a fund the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = FundRisk.objects.filter(fund__in=Fund.objects.visible_to(viewer))
    found = rows.select_related("fund__agreement", "fund__host", "owner__account").filter(pk=risk_id).first()
    if found is None:
        raise NotVisible
    return found


def outcome_for_change(viewer: Actor, outcome_id: UUID) -> FundOutcome:
    """A measure of a fund the viewer may see."""
    if not can(viewer, READ_FUNDS):
        raise NotVisible
    rows = FundOutcome.objects.filter(fund__in=Fund.objects.visible_to(viewer))
    found = rows.select_related("fund__agreement", "fund__host").filter(pk=outcome_id).first()
    if found is None:
        raise NotVisible
    return found


def risks_shown(viewer: Actor, ids: set[UUID]) -> set[UUID]:
    """Which of these risks the viewer may see; for lists of unfinished forms."""
    rows = FundRisk.objects.filter(fund__in=Fund.objects.visible_to(viewer), pk__in=ids)
    return set(rows.values_list("pk", flat=True))
