"""Setting a fund's rule for sharing what is over or under, posting by it, and signing balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.engines.ledger import Line
from joinedup.engines.money import format_pounds
from joinedup.engines.riskshare import CONTINGENCY, UNALLOCATED, BadCase, Result
from joinedup.funds import chart, rules
from joinedup.funds.models import AgreementPartner, BalanceSignature, Fund, RiskShareRule, RiskShareRun
from joinedup.funds.permissions import POST_RISK_SHARE, SET_RISK_SHARE, SIGN_BALANCE
from joinedup.funds.queries.sharing import DECISION, Shared, _rule_on, _unallocated, shared_out
from joinedup.funds.queries.statements import Statement, _statements, quarter_words
from joinedup.funds.queries.year import FundYear, _year_of
from joinedup.funds.services.disputes import _follow_signature
from joinedup.funds.services.posting import Draft, put_into_ledger
from joinedup.funds.services.steps import _lock, _said
from joinedup.funds.settling import SETTLEMENTS, Settlement, quarter_ends_on, settled_now


@dataclass(frozen=True)
class RuleSaid:
    """A rule as somebody sets it: the method as JSON text, the agreement's own words, when partners settle, and from when."""

    terms: str
    clause: str
    settlement: str
    starts_on: date


@service(SET_RISK_SHARE, on="fund")
def set_risk_share_rule(*, fund: Fund, said: RuleSaid, by: Actor, at: datetime) -> RiskShareRule:
    """Set how the fund shares what is over or under from a day on; the rule before ends there. Raises Refused (FU-301 to
    FU-303)."""
    _lock(fund)
    clause = _said(said.clause, rules.CLAUSE_QUOTED, 4000)
    figures = _year_of(fund, fund.year, 0)
    try:
        shared_out(figures, figures.forecast(), said.terms)
    except BadCase as bad:
        raise rules.METHOD_FITS.refused(why="; ".join(str(fault) for fault in bad.faults)) from None
    latest = RiskShareRule.objects.filter(fund=fund, ends_on=None).first()
    if latest is not None:
        if said.starts_on <= latest.starts_on:
            raise rules.RULE_FOLLOWS.refused(day=date_long(latest.starts_on))
        latest.ends_on = said.starts_on
        latest.save(update_fields=["ends_on"])
    rule = RiskShareRule.objects.create(
        fund=fund, terms=said.terms, clause=clause, settlement=Settlement(said.settlement), starts_on=said.starts_on,
        recorded_at=at, recorded_by=by.account_id,
    )  # fmt: skip
    note(subject=rule, changed=("risk_share",), words={"fund": fund.code})
    return rule


@service(POST_RISK_SHARE, on="fund")
def post_risk_share(*, fund: Fund, year: int, quarter: int = 4, by: Actor, at: datetime) -> RiskShareRun:
    """Post what each partner bears of a year that is over, or of the year so far where partners settle each quarter, and
    keep how it was worked out (R-7). Raises Refused (FU-304, FU-305, FU-310, R-7, R-8)."""
    _lock(fund)
    when = quarter_words(year, None if quarter == 4 else quarter)
    ends_on = quarter_ends_on(year, quarter)
    if timezone.localdate(at) <= ends_on:
        raise rules.QUARTER_OVER.refused(when=when, day=date_long(ends_on))
    rule = _rule_on(fund, ends_on)
    if rule is None:
        raise rules.RULE_CHOSEN.refused()
    if Settlement(rule.settlement) is Settlement.NONE or (
        Settlement(rule.settlement) is Settlement.YEAR_END and quarter != 4
    ):
        raise rules.SETTLED_WHEN_AGREED.refused(when=SETTLEMENTS[Settlement(rule.settlement)].lower())
    if RiskShareRun.objects.filter(fund=fund, year=year, quarter__gte=quarter).exists():
        raise rules.SHARED_ONCE.refused(when=when)
    figures = _year_of(fund, year, quarter * 3)
    shared = _shared(figures, rule)
    entry = _post(figures, quarter, shared, by, at)
    record = shared.record
    run = RiskShareRun.objects.create(
        fund=fund, rule=rule, year=year, quarter=quarter, function=record.function, function_version=record.version,
        inputs=record.inputs, output=dict(record.output), digest=record.hash, entry_id=entry, posted_at=at,
        posted_by=by.account_id,
    )  # fmt: skip
    note(subject=run, changed=("risk_share",), words={"fund": fund.code, "hash": record.hash})
    return run


def _shared(figures: FundYear, rule: RiskShareRule) -> Shared:
    try:
        return shared_out(figures, figures.forecast(), rule.terms)
    except BadCase as bad:
        raise rules.SAME_FUNCTION.refused(why=bad.faults[0].sentence) from None


def _post(figures: FundYear, quarter: int, shared: Shared, by: Actor, at: datetime) -> UUID | None:
    """One entry: what each partner owes more or gets back, and what is nobody's; less what earlier quarters posted."""
    before = _posted_before(figures)
    places = {each.code: str(each.place.pk) for each in figures.partners}
    now = settled_now(Settlement.QUARTERLY, quarter, _everybody(shared.result), before)
    lines = [line for code, pence in now.items() for line in _lines(places.get(code), code, int(pence))]
    if not lines:
        return None
    key = f"risk share {figures.year} quarter {quarter}"
    day = quarter_ends_on(figures.year, quarter)
    words = (
        "Overspend borne by the partners" if shared.result.shares and sum(now.values()) > 0 else "Underspend returned"
    )
    draft = Draft(key, day, lines, memo=words, source=("funds.risksharerule", shared.record.hash))
    (entry,) = put_into_ledger(fund=figures.fund, drafts=[draft], by=by, at=at)
    return entry.pk


def _everybody(result: Result) -> dict[str, int]:
    """The shares with what is nobody's, each under its own name."""
    return {**result.shares, CONTINGENCY: result.contingency, UNALLOCATED: result.unallocated}


def _posted_before(figures: FundYear) -> dict[str, int]:
    latest = RiskShareRun.objects.filter(fund=figures.fund, year=figures.year).order_by("-quarter").first()
    return dict(latest.output) if latest else {}


_NOBODYS = {CONTINGENCY: chart.CONTINGENCY, UNALLOCATED: chart.UNALLOCATED}


def _lines(partner: str | None, code: str, pence: int) -> list[Line]:
    """What one name in a result posts. A partner's share is a further contribution it owes, or one it gets back; what is
    nobody's stands under a heading that must be nought before the year closes."""
    if not pence:
        return []
    if partner is None:
        return [Line(_NOBODYS[code], pence), Line(chart.OTHER_INCOME, -pence)]
    heading = chart.OWED_BY_PARTNERS if pence > 0 else chart.OWED_TO_PARTNERS
    return [Line(heading, pence, partner=partner), Line(chart.CONTRIBUTIONS, -pence, partner=partner)]


@service(POST_RISK_SHARE, on="fund")
def decide_unallocated(
    *, fund: Fund, year: int, borne: Mapping[UUID, int], decision: str, by: Actor, at: datetime
) -> UUID:
    """The board has decided who bears what nobody had to: pence by partner, which come to all of it. `decision` names the
    meeting and its minute. Raises Refused (FU-124, FU-306)."""
    _lock(fund)
    decision = _said(decision, rules.DECISION_NAMED, 300)
    left = _unallocated(fund, year)
    if not left or sum(borne.values()) != left or any((pence > 0) != (left > 0) for pence in borne.values() if pence):
        raise rules.UNALLOCATED_WHOLE.refused(left=format_pounds(left))
    lines = [Line(chart.UNALLOCATED, -left), Line(chart.OTHER_INCOME, left)]
    for partner, pence in borne.items():
        lines += _lines(str(partner), "", pence)
    draft = Draft(
        DECISION.format(year=year), quarter_ends_on(year, 4), lines, memo=f"Decided: {decision}",
        source=("funds.decision", decision[:80]),
    )  # fmt: skip
    (entry,) = put_into_ledger(fund=fund, drafts=[draft], by=by, at=at)
    note(subject=entry, changed=("risk_share",), words={"fund": fund.code, "decision": decision})
    return entry.pk


@service(SIGN_BALANCE, on="partner")
def sign_balance(
    *, partner: AgreementPartner, fund: Fund, year: int, quarter: int, digest: str, disputed: Sequence[str] = (),
    words: str = "", stands: Statement | None = None, by: Actor, at: datetime,
) -> BalanceSignature:  # fmt: skip
    """A finance director agrees the statement that was read, or disputes lines of it. `digest` is that of the statement on
    the page; `stands` is the statement as it now stands, where the caller has just worked it out. Raises Refused (FU-310, FU-311, R-10)."""
    _lock(partner)
    today = timezone.localdate(at)
    ends_on = quarter_ends_on(year, quarter)
    if today <= ends_on:
        raise rules.QUARTER_OVER.refused(when=quarter_words(year, quarter), day=date_long(ends_on))
    mine = stands or _statement_of(fund, partner, year, quarter)
    if mine is not None and (mine.fund, mine.partner.place, mine.year, mine.quarter) != (fund, partner, year, quarter):
        mine = None
    if mine is None or mine.digest != digest:
        raise rules.STATEMENT_SEEN.refused()
    known = {each.code for each in mine.lines}
    lines = [code for code in disputed if code in known]
    if bool(lines) != bool(words.strip()) or (disputed and not lines):
        raise rules.DISPUTE_SAYS_WHY.refused()
    number = BalanceSignature.objects.filter(fund=fund, partner=partner, year=year, quarter=quarter).count() + 1
    signature = BalanceSignature.objects.create(
        fund=fund, partner=partner, year=year, quarter=quarter, number=number,
        decision="disputed" if lines else "agreed", disputed=lines, words=words.strip()[:4000], statement=mine.content,
        digest=mine.digest, signed_at=at, signed_by=by.account_id,
    )  # fmt: skip
    _follow_signature(signature, by=by, at=at)
    note(subject=signature, changed=("signature",), words={"decision": signature.decision, "hash": digest})
    return signature


def _statement_of(fund: Fund, partner: AgreementPartner, year: int, quarter: int) -> Statement | None:
    if partner.agreement_id != fund.agreement_id:
        return None
    found = _statements(fund, year, quarter)
    return next((each for each in found if each.partner.place.pk == partner.pk), None)
