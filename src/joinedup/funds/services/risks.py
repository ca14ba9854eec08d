"""Keeping the risks of a fund and how its aims are measured, which its reports carry (R-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.funds import rules
from joinedup.funds.codes import LIKELIHOODS
from joinedup.funds.models import AgreementPartner, Fund, FundOutcome, FundRisk, OutcomeActual
from joinedup.funds.permissions import KEEP_RISKS
from joinedup.funds.queries.risks import _aims, quarter_begins_on
from joinedup.funds.queries.statements import quarter_words
from joinedup.funds.services.booking import first_day
from joinedup.funds.services.steps import _lock, _require_working, _said

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class RiskSaid:
    """What could go wrong, because of what, what that would do, how likely it is, whose it is, and what is done."""

    event: str
    cause: str
    effect: str
    likelihood: str
    owner: Post | None
    action: str


@service(KEEP_RISKS, on="fund")
def raise_risk(*, fund: Fund, said: RiskSaid, by: Actor, at: datetime) -> FundRisk:
    """Write a risk of a fund down. Raises Refused (FU-128, FU-470, FU-476)."""
    _lock(fund)
    _require_working(fund.agreement)
    facts = _facts(fund, said, at)
    number = (FundRisk.objects.filter(fund=fund).aggregate(last=Max("number"))["last"] or 0) + 1
    row = FundRisk.objects.create(
        fund=fund, number=number, raised_on=timezone.localdate(at), recorded_at=at, recorded_by=by.account_id, **facts
    )
    note(changed=("risks",), words={"fund": fund.code, "risk": str(row)}, subject=row)
    return row


@service(KEEP_RISKS, on="fund")
def change_risk(*, fund: Fund, risk: FundRisk, said: RiskSaid, version: int, by: Actor, at: datetime) -> FundRisk:
    """Say otherwise what a risk is, or what is done about it. Frozen reports stay as they are. Raises Refused (FU-470, FU-471,
    FU-476)."""
    _require_open(fund, risk)
    facts = _facts(fund, said, at)
    claim_version(risk, version)
    for name, value in facts.items():
        setattr(risk, name, value)
    risk.save(update_fields=list(facts))
    note(changed=("risks",), words={"fund": fund.code, "risk": str(risk)}, subject=risk)
    return risk


@service(KEEP_RISKS, on="fund")
def close_risk(*, fund: Fund, risk: FundRisk, because: str, by: Actor, at: datetime) -> FundRisk:
    """It can go wrong no longer, or has and is dealt with. Raises Refused (FU-119, FU-471)."""
    _require_open(fund, risk)
    risk.closed_because = _said(because, rules.REASON_NEEDED, 1000)
    risk.closed_on, risk.closed_by = timezone.localdate(at), by.account_id
    risk.version += 1
    risk.save(update_fields=["closed_because", "closed_on", "closed_by", "version"])
    note(changed=("risks",), words={"fund": fund.code, "risk": str(risk)}, subject=risk)
    return risk


@service(KEEP_RISKS, on="fund")
def add_outcome(
    *, fund: Fund, measure: str, target: str, by: Actor, at: datetime, starts_on: date | None = None
) -> FundOutcome:
    """Say how one of the agreement's aims is measured and where it should be, from the first quarter of the open year unless
    another day is given. Raises Refused (FU-128, FU-472, FU-473)."""
    _lock(fund)
    _require_working(fund.agreement)
    if not measure.strip() or not target.strip():
        raise rules.OUTCOME_SAID.refused("target" if measure.strip() else "measure")
    if not _aims(fund):
        raise rules.OUTCOME_AIMED.refused()
    number = (FundOutcome.objects.filter(fund=fund).aggregate(last=Max("number"))["last"] or 0) + 1
    row = FundOutcome.objects.create(
        fund=fund, number=number, measure=measure.strip()[:200], target=target.strip()[:200],
        starts_on=starts_on or first_day(fund.year), recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    note(changed=("outcomes",), words={"fund": fund.code, "measure": row.measure}, subject=row)
    return row


@service(KEEP_RISKS, on="fund")
def say_actual(
    *, fund: Fund, outcome: FundOutcome, year: int, quarter: int, actual: str, narrative: str = "", by: Actor, at: datetime
) -> OutcomeActual:  # fmt: skip
    """Say where a measure stood at the end of a quarter; said again it takes the place of what was said. Raises Refused
    (FU-474, FU-475)."""
    _lock(outcome)
    if outcome.fund_id != fund.pk:
        raise rules.OUTCOME_SAID.refused()
    if quarter_begins_on(year, quarter) > timezone.localdate(at):
        raise rules.OUTCOME_BY_NOW.refused(when=quarter_words(year, quarter))
    facts = {
        "actual": _said(actual, rules.OUTCOME_REACHED, 200), "narrative": narrative.strip()[:4000], "recorded_at": at,
        "recorded_by": by.account_id,
    }  # fmt: skip
    row, _ = OutcomeActual.objects.update_or_create(outcome=outcome, year=year, quarter=quarter, defaults=facts)
    note(changed=("outcomes",), words={"fund": fund.code, "measure": outcome.measure}, subject=outcome)
    return row


def _require_open(fund: Fund, risk: FundRisk) -> None:
    _lock(risk)
    if risk.closed_on is not None or risk.fund_id != fund.pk:
        raise rules.RISK_OPEN.refused(reference=str(risk))


def _facts(fund: Fund, said: RiskSaid, at: datetime) -> dict[str, object]:
    texts = {"event": said.event, "cause": said.cause, "effect": said.effect, "action": said.action}
    for name, text in texts.items():
        if not text.strip():
            raise rules.RISK_SAID.refused(name)
    if said.likelihood not in LIKELIHOODS:
        raise rules.RISK_SAID.refused("likelihood")
    owner = said.owner
    bodies = AgreementPartner.objects.filter(agreement=fund.agreement_id, left_on=None)
    mine = set(bodies.values_list("organisation_id", flat=True))
    if owner is None or not {owner.employer_id, owner.host_id} & mine or not owner.is_held_at(at):
        raise rules.OWNER_OF_FUND.refused()
    cut = {name: text.strip()[: 200 if name == "event" else 2000] for name, text in texts.items()}
    return {**cut, "likelihood": said.likelihood, "owner": owner}
