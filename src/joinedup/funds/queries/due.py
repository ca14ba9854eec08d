"""What is due or late in shared money: for the daily run, and for the list of whoever looks after a fund or answers for a
partner. However many funds there are, it is the same number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.engines.ledger import Book
from joinedup.funds.codes import Model
from joinedup.funds.lifecycle import WORKING, PartnershipState
from joinedup.funds.models import (
    AgreementPartner,
    Authorisation,
    Balance,
    BalanceSignature,
    BudgetApproval,
    Commitment,
    Fund,
    FundReport,
    Instalment,
    Period,
    RiskShareRule,
    RiskShareRun,
    Virement,
)
from joinedup.funds.permissions import READ_FUNDS
from joinedup.funds.pounds import in_pounds
from joinedup.funds.queries.gate import PAID_INTO
from joinedup.funds.queries.seen import year_words
from joinedup.funds.settling import Settlement, quarter_ends_on, report_due_on

SOON = timedelta(days=14)
_MONTH_CLOSES_WITHIN = timedelta(days=20)
_PROMISE_STANDS = timedelta(days=90)
_VIREMENT_WAITS = timedelta(days=10)
_REVIEW_NEAR = timedelta(days=60)
_MANAGERS = frozenset({Role.POOL_MANAGER, Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER})
_DIRECTORS = frozenset({Role.FINANCE_DIRECTOR, Role.CHIEF_FINANCE_OFFICER})


@dataclass(frozen=True)
class DueItem:
    """Something to do: what, in which fund, by when, and the page where it is done. `key` is the same every day that it is
    still to be done."""

    key: str
    what: str
    about: str
    due_on: date
    is_late: bool
    page: str
    page_args: tuple[object, ...]

    @property
    def as_words(self) -> str:
        """For a message or a row that is kept."""
        return f"{self.about}: {self.what}"


def due_in_funds(viewer: Actor, funds: Sequence[Fund], on: date) -> list[DueItem]:
    """What whoever looks after these funds has to do, what is late first. The caller has looked whether they may see them."""
    mine = [each for each in funds if each.agreement.state in WORKING]
    found = [
        *_instalments(mine, on), *_months(mine, on), *_reports(mine, on), *_sharing(mine, on), *_virements(mine, on),
        *_promises(mine, on), *_reviews(mine, on),
    ]  # fmt: skip
    return sorted(found, key=_order)


def _order(item: DueItem) -> tuple[bool, date, str]:
    return (not item.is_late, item.due_on, item.key)


def _instalments(funds: Sequence[Fund], on: date) -> Iterable[DueItem]:
    rows = Instalment.objects.filter(contribution__fund__in=funds, contribution__kind="cash", due_on__lte=on + SOON)
    rows = rows.select_related("contribution__partner__organisation").annotate(received=Sum("receipts__pence"))
    by_id = {fund.pk: fund for fund in funds}
    for each in rows.order_by("due_on", "pk"):
        left = each.pence - (each.received or 0)
        if left <= 0:
            continue
        fund = by_id[each.contribution.fund_id]
        last = each.due_on + timedelta(days=fund.agreement.days_to_pay)
        who = each.contribution.partner.organisation.name
        yield DueItem(
            f"instalment {each.pk}", f"{who} owes {in_pounds(left)} of instalment {each.number}", fund.name, last, on > last,
            "fund_contributions", (fund.pk,),
        )  # fmt: skip


def _months(funds: Sequence[Fund], on: date) -> Iterable[DueItem]:
    """The first month of each fund that is over and not closed, of a year in which money moved at all; the last of a year is
    closed with the year."""
    rows = Period.objects.filter(fund__in=funds, state="open", ends_on__lt=on).order_by("fund_id", "starts_on")
    by_id, seen = {fund.pk: fund for fund in funds}, set()
    kept = Balance.objects.filter(fund__in=funds, book=Book.ACTUAL)
    used = set(kept.values_list("fund_id", "period__year").order_by().distinct())
    for each in rows:
        if each.fund_id in seen or (each.fund_id, each.year) not in used:
            continue
        seen.add(each.fund_id)
        last = each.ends_on + (_MONTH_CLOSES_WITHIN if each.number < 12 else timedelta(days=75))
        what = f"Close {each.ends_on:%B %Y}" if each.number < 12 else f"Close the year {year_words(each.year)}"
        page = "fund_months" if each.number < 12 else "fund_year_close"
        yield DueItem(f"month {each.pk}", what, by_id[each.fund_id].name, last, on > last, page, (each.fund_id,))


def _over(year: int, on: date) -> list[int]:
    """The quarters of a year that are over."""
    return [quarter for quarter in (1, 2, 3, 4) if quarter_ends_on(year, quarter) < on]


def _reports(funds: Sequence[Fund], on: date) -> Iterable[DueItem]:
    """Reports of quarters that are over, and the annual return: of funds that partners pay into, whose budget is approved."""
    approved = set(BudgetApproval.objects.filter(fund__in=funds).values_list("fund_id", "year"))
    frozen = set(FundReport.objects.filter(fund__in=funds).values_list("fund_id", "year", "quarter"))
    for fund in funds:
        if (fund.pk, fund.year) not in approved or fund.model not in PAID_INTO:
            continue
        quarters: list[int | None] = [*_over(fund.year, on)]
        if 4 in quarters:
            quarters.append(None)
        for quarter in quarters:
            if (fund.pk, fund.year, quarter) in frozen:
                continue
            last = report_due_on(fund.year, quarter or 4)
            what = (
                f"Report on quarter {quarter} of {year_words(fund.year)}"
                if quarter
                else f"Annual return of {year_words(fund.year)}"
            )
            yield DueItem(
                f"report {fund.pk} {fund.year} {quarter}", what, fund.name, last, on > last, "fund_reports", (fund.pk,)
            )


def _sharing(funds: Sequence[Fund], on: date) -> Iterable[DueItem]:
    """What is over or under and not shared, where partners settle."""
    rules = {each.fund_id: each for each in RiskShareRule.objects.filter(fund__in=funds, ends_on=None)}
    posted = set(RiskShareRun.objects.filter(fund__in=funds).values_list("fund_id", "year", "quarter"))
    for fund in funds:
        rule = rules.get(fund.pk)
        if rule is None or Settlement(rule.settlement) is Settlement.NONE:
            continue
        quarters = _over(fund.year, on) if Settlement(rule.settlement) is Settlement.QUARTERLY else [4]
        for quarter in quarters:
            last = report_due_on(fund.year, quarter)
            is_over = quarter_ends_on(fund.year, quarter) < on
            if is_over and not any((fund.pk, fund.year, later) in posted for later in range(quarter, 5)):
                what = f"Share what is over or under of {year_words(fund.year)}"
                yield DueItem(
                    f"share {fund.pk} {fund.year} {quarter}",
                    what,
                    fund.name,
                    last,
                    on > last,
                    "fund_risk_share",
                    (fund.pk,),
                )


def _virements(funds: Sequence[Fund], on: date) -> Iterable[DueItem]:
    rows = Virement.objects.filter(fund__in=funds, state="asked").select_related("fund", "from_line", "to_line")
    for each in rows.order_by("asked_at", "pk"):
        last = timezone.localdate(each.asked_at) + _VIREMENT_WAITS
        what = f"A virement of {in_pounds(each.pence)} waits: {each.from_line.name} to {each.to_line.name}"
        yield DueItem(f"virement {each.pk}", what, each.fund.name, last, on > last, "fund_virement", (each.pk,))


def _promises(funds: Sequence[Fund], on: date) -> Iterable[DueItem]:
    """Promises that are old: nobody has sent an invoice, or said that it is not needed."""
    rows = Commitment.objects.filter(fund__in=funds, state="open").select_related("fund", "line")
    for each in rows.order_by("committed_at", "pk")[:500]:
        last = timezone.localdate(each.committed_at) + _PROMISE_STANDS
        if on > last:
            what = f"{in_pounds(each.pence)} promised from {each.line.name} is neither bought nor released"
            yield DueItem(f"promise {each.pk}", what, each.fund.name, last, True, "fund_line", (each.line_id,))


def _reviews(funds: Sequence[Fund], on: date) -> Iterable[DueItem]:
    for agreement in {fund.agreement_id: fund.agreement for fund in funds}.values():
        if agreement.review_on is not None and agreement.review_on <= on + _REVIEW_NEAR:
            yield DueItem(
                f"review {agreement.pk}", "Review the agreement", agreement.title, agreement.review_on, on > agreement.review_on,
                "fund_agreement", (agreement.pk,),
            )  # fmt: skip


# --- For one person.


def funds_looked_after(viewer: Actor) -> list[Fund]:
    """The funds whose host the viewer manages money for."""
    bodies = {each.organisation_id for each in viewer.standings if each.role in _MANAGERS}
    rows = Fund.objects.visible_to(viewer).filter(host__organisation_id__in=bodies)
    return list(rows.select_related("agreement", "host__organisation").order_by("code"))


def due_for(viewer: Actor) -> list[DueItem]:
    """What is due for the viewer: of the funds they look after, and of the partners they answer for."""
    if not can(viewer, READ_FUNDS):
        return []
    on = timezone.localdate(viewer.at)
    return sorted(
        [*due_in_funds(viewer, funds_looked_after(viewer), on), *_to_sign(viewer, on), *_to_authorise(viewer, on)],
        key=_order,
    )


def _own_places(viewer: Actor, roles: frozenset[Role]) -> list[AgreementPartner]:
    bodies = {each.organisation_id for each in viewer.standings if each.role in roles}
    rows = AgreementPartner.objects.filter(organisation_id__in=bodies, left_on=None)
    return list(rows.select_related("organisation", "agreement"))


def _to_sign(viewer: Actor, on: date) -> Iterable[DueItem]:
    """Balances of quarters that are over and that a partner of the viewer's has not signed."""
    places = _own_places(viewer, _DIRECTORS)
    if not places:
        return
    of_agreement = {each.agreement_id: each for each in places}
    funds = Fund.objects.filter(agreement__in=of_agreement, agreement__state__in=list(WORKING), model=Model.POOLED)
    approved = set(BudgetApproval.objects.filter(fund__in=funds).values_list("fund_id", "year"))
    signed = set(BalanceSignature.objects.filter(partner__in=places).values_list("fund_id", "year", "quarter"))
    for fund in funds.order_by("code"):
        place = of_agreement[fund.agreement_id]
        for quarter in _over(fund.year, on):
            if (fund.pk, fund.year, quarter) in signed or (fund.pk, fund.year) not in approved:
                continue
            last = report_due_on(fund.year, quarter)
            yield DueItem(
                f"sign {fund.pk} {fund.year} {quarter}", f"Agree or dispute the balances of quarter {quarter} for {place.organisation.name}",
                fund.name, last, on > last, "fund_balance_sign", (fund.pk, place.pk, fund.year, quarter),
            )  # fmt: skip


def _to_authorise(viewer: Actor, on: date) -> Iterable[DueItem]:
    """Agreements that are complete and wait for a chief finance officer of the viewer's partner."""
    places = _own_places(viewer, frozenset({Role.CHIEF_FINANCE_OFFICER}))
    waiting = [each for each in places if each.agreement.state == PartnershipState.READY]
    if not waiting:
        return
    done = set(
        Authorisation.objects.filter(partner__in=waiting, variation=None, lapsed_at=None).values_list(
            "partner_id", flat=True
        )
    )
    for place in waiting:
        if place.pk not in done:
            starts_on = place.agreement.starts_on or on
            yield DueItem(
                f"authorise {place.pk}", f"Authorise the agreement for {place.organisation.name}", place.agreement.title, starts_on,
                on > starts_on, "fund_agreement", (place.agreement_id,),
            )  # fmt: skip
