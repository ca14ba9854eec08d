"""The commissioning pool's year before, from its budget to its annual return: £20 million and £8 million, month by month.

Everything goes through the services at the times it would have happened, by whoever would have done it: instalments called
and received, one of them late; what each line spent; invoices with VAT; promises; virements; each quarter a forecast, both
finance directors' signatures and a report, once with a dispute that is settled; months closed; accruals, the risk share,
the annual return, and the year carried over into the one that is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor, system
from joinedup.engines.ledger import Line
from joinedup.engines.money import share
from joinedup.funds import chart, services
from joinedup.funds.contributing import RollForward
from joinedup.funds.demo_risks import dealt_with, say_what_could_go_wrong, say_where_it_stands
from joinedup.funds.demo_words import CLAUSE, TERMS
from joinedup.funds.forecasting import Method
from joinedup.funds.models import AgreementPartner, BudgetLine, Commitment, Dispute, Fund, Instalment, Period, Scheme
from joinedup.funds.queries.ledger import trial_balance
from joinedup.funds.queries.statements import Statement, statements
from joinedup.funds.services import OverSaid
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.buying import Bought, record_purchase, set_vat_regime
from joinedup.funds.services.disputes import answer_dispute, settle_dispute
from joinedup.funds.services.ledger import Draft, close_period, close_year, post_accrual, post_entries, post_entry
from joinedup.funds.services.reporting import freeze_report
from joinedup.funds.services.sharing import RuleSaid, post_risk_share, set_risk_share_rule, sign_balance
from joinedup.funds.settling import quarter_ends_on

if TYPE_CHECKING:
    from joinedup.funds.demo_loading import Loading

_THOUSAND = 100_000  # pence
POOL, CHIEF = "Penny Testpool", "Sterling Testpound"
DIRECTORS = {"COUNCIL": "Florin Testshilling", "NHS": "Crispin Mockguinea"}
# What each line's year came to without its invoices, in thousands; the rest of it spent its budget evenly.
_CAME_TO = {
    "SW-01": 8_230, "EW-01": 1_590, "EW-02": 884, "VUL-01": 4_860, "VUL-02": 665, "DIS-01": 3_130, "CH-01": 4_480, "CH-02": 2_090,
    "DIS-03": 1_402,
}  # fmt: skip
# How a year's spending lies over its months, April first: summer is quiet, the winter is not.
_MONTHS = (78, 80, 82, 80, 74, 84, 86, 88, 84, 90, 88, 86)
# line, who delivers, supplier, what, months (April is 1), pounds a month, contracted-out heading
_BOUGHT: tuple[tuple[str, str, str, str, tuple[int, ...], int, str], ...] = (
    ("DIS-01", "COUNCIL", "Placeholder Short Breaks", "Saturday clubs", (2, 5, 8, 11), 62_500, "41"),
    ("VUL-01", "COUNCIL", "Mock Minibuses", "Transport to groups", (3, 9), 12_500, ""),
    ("DIS-02", "COUNCIL", "Sample Builders", "Adapting the respite home", (6, 10), 129_500, ""),
    ("CH-01", "NHS", "Dummy Therapies", "Speech therapy sessions", (4, 10), 46_000, "32"),
    ("CH-02", "NHS", "Specimen Software", "Licences of the clinic’s diary", (1,), 28_800, ""),
)


def live_through(loading: Loading, pool: Fund) -> None:
    """The four quarters of the year."""
    places = {each.organisation.code: each for each in _places(pool)}
    _begin(loading, pool, places)
    say_what_could_go_wrong(loading, pool)
    for quarter in (1, 2, 3, 4):
        _quarter(loading, pool, places, quarter)


def _places(pool: Fund) -> Sequence[AgreementPartner]:
    rows = AgreementPartner.objects.filter(agreement=pool.agreement, left_on=None).select_related("organisation")
    return list(rows.order_by("position"))


def _begin(loading: Loading, pool: Fund, places: dict[str, AgreementPartner]) -> None:
    """The contingency it took over, the rule for what is over, and how partners reclaim VAT."""
    at = loading.when(date(loading.year, 3, 20))
    by, first = loading.person(CHIEF, at), date(loading.year, 4, 1)
    taken_over = Draft(
        "contingency taken over", first, [Line(chart.BANK, 60 * _THOUSAND), Line(chart.CONTINGENCY, -60 * _THOUSAND)],
        memo="Kept for contingencies, taken over from the ledger before this one",
    )  # fmt: skip
    post_entry(fund=pool, draft=taken_over, by=by, at=at)
    set_risk_share_rule(fund=pool, said=RuleSaid(TERMS, CLAUSE, "year_end", first), by=by, at=at)
    for code, regime in (("COUNCIL", "s33"), ("NHS", "s41_cos")):
        who = loading.person(CHIEF if code == "COUNCIL" else "Goldie Mockpenny", at)
        set_vat_regime(partner=places[code], regime=regime, starts_on=first, by=who, at=at)


# --- A quarter.


def _quarter(loading: Loading, pool: Fund, places: dict[str, AgreementPartner], quarter: int) -> None:
    first_month = 3 * quarter - 2
    _pay_in(loading, pool, quarter)
    for month in range(first_month, first_month + 3):
        _buy(loading, pool, places, month)
    ends_on = quarter_ends_on(loading.year, quarter)
    _spend(loading, pool, quarter, loading.when(ends_on + timedelta(days=5)))
    _in_between(loading, pool, quarter)
    if quarter < 4:
        _forecast(loading, pool, quarter, loading.when(ends_on + timedelta(days=8)))
        _sign(loading, pool, list(places.values()), quarter, loading.when(ends_on + timedelta(days=12)))
        at = loading.when(ends_on + timedelta(days=17))
        say_where_it_stands(loading, pool, loading.year, quarter, at)
        freeze_report(
            fund=pool, year=loading.year, quarter=quarter, words=_WORDS[quarter], by=loading.person(POOL, at), at=at
        )
        _close(loading, pool, range(first_month, first_month + 3), loading.when(ends_on + timedelta(days=19)))


_WORDS = {
    1: "Social work began the year above its budget: three posts are filled by agencies.",
    2: "Agency posts were filled in August. Child mental health sees more children than the contract counts on.",
    3: "The winter is as expensive as the forecast said. The board agreed to go over on social work rather than close duty.",
    4: "The year ended over its budget on social work and child mental health, and under it on short breaks.",
}


def _pay_in(loading: Loading, pool: Fund, quarter: int) -> None:
    """On the day the instalments fall due they are called; the money comes nine days later. The NHS pays the third once it
    has been reminded."""
    rows = Instalment.objects.filter(contribution__fund=pool, contribution__year=loading.year, number=quarter)
    rows = (
        rows.filter(contribution__kind="cash")
        .select_related("contribution__partner__organisation")
        .order_by("due_on", "pk")
    )
    first = rows[0].due_on
    services.run_fund_day(fund=pool, by=system(loading.when(first, 6)), at=loading.when(first, 6))
    for row in rows:
        code = row.contribution.partner.organisation.code
        days = 9
        if code == "NHS" and quarter == 3:
            late = loading.when(first + timedelta(days=pool.agreement.days_to_pay + 1), 6)
            services.run_fund_day(fund=pool, by=system(late), at=late)
            days = pool.agreement.days_to_pay + 8
        at = loading.when(row.due_on + timedelta(days=days))
        services.record_receipt(
            fund=pool, instalment=row, pence=row.pence, received_on=at.date(), reference=f"{code} {row.number}/{loading.year}",
            by=loading.person(POOL, at), at=at,
        )  # fmt: skip


def _month_end(year: int, month: int) -> date:
    following = month + 4
    return (date(year, following, 1) if following <= 12 else date(year + 1, following - 12, 1)) - timedelta(days=1)


def _lines(pool: Fund, year: int) -> dict[str, BudgetLine]:
    rows = BudgetLine.objects.filter(fund=pool, year=year, parent=None)
    return {each.code: each for each in rows.select_related("fund__agreement", "fund__host", "scheme", "stream")}


def _spend(loading: Loading, pool: Fund, quarter: int, at: datetime) -> None:
    """What every line spent in each month of a quarter, and what suppliers were paid: one posting for all of them."""
    lines, drafts = _lines(pool, loading.year), []
    for month in range(3 * quarter - 2, 3 * quarter + 1):
        last = _month_end(loading.year, month)
        whole = [
            line_of(lines[code], int(share(thousands * _THOUSAND, _MONTHS)[month - 1]))
            for code, thousands in _CAME_TO.items()
        ]
        paid = Line(chart.BANK, -sum(each.pence for each in whole))
        memo = f"Spent in {last:%B %Y}"
        drafts.append(Draft(f"spent in {last:%Y-%m}", last, [*whole, paid], memo=memo, spending="provision"))
    by = loading.person(POOL, at)
    owed = -_balance(pool, loading.year, chart.CREDITORS, by)
    if owed:
        lines_paid = [Line(chart.CREDITORS, owed), Line(chart.BANK, -owed)]
        drafts.append(Draft(f"suppliers paid {quarter}/{loading.year}", last, lines_paid, memo="Suppliers paid"))
    post_entries(fund=pool, drafts=drafts, by=by, at=at)


def _balance(pool: Fund, year: int, heading: str, by: Actor) -> int:
    rows = trial_balance(by, pool, year=year).rows
    return sum(each.closing for each in rows if each.code == heading)


def _buy(loading: Loading, pool: Fund, places: dict[str, AgreementPartner], month: int) -> None:
    lines = _lines(pool, loading.year)
    for number, (code, who, supplier, what, months, pounds, heading) in enumerate(_BOUGHT, start=1):
        if month not in months:
            continue
        day = _month_end(loading.year, month) - timedelta(days=6)
        at = loading.when(day + timedelta(days=2))
        invoice = f"{''.join(word[0] for word in supplier.split())}-{loading.year % 100}{month:02d}{number}"
        said = Bought(
            places[who], supplier, invoice, f"{what}, {day:%B}", day, pounds * 100, cos_heading=heading, kind="contract"
        )
        record_purchase(fund=pool, line=lines[code], said=said, by=loading.person(POOL, at), at=at)


def _in_between(loading: Loading, pool: Fund, quarter: int) -> None:
    """What else happened in a quarter: money moved, money promised, more than was left."""
    lines, middle = _lines(pool, loading.year), quarter_ends_on(loading.year, quarter) - timedelta(days=40)
    at = loading.when(middle)
    if quarter == 1:
        line = lines["VUL-01"]
        for what, pounds in (("Parenting programme, autumn", 24_000), ("Summer play scheme", 18_500)):
            services.commit_from_budget(
                line=line, pence=pounds * 100, what=what, key=f"{loading.year} {what}", by=loading.person("Marina Testbudget", at),
                at=at,
            )  # fmt: skip
    elif quarter == 2:
        _move(
            loading,
            lines["DIS-01"],
            lines["VUL-01"],
            2_000_000,
            "More families at Saturday clubs.",
            "Marina Testbudget",
            at,
        )
        promises = Commitment.objects.filter(line=lines["VUL-01"]).select_related("line__partner")
        for promise in list(promises.order_by("committed_at", "pk")):
            if promise.what.startswith("Summer"):
                bought = Bought(
                    promise.line.partner,
                    "Sample Play",
                    f"SP-{loading.year}",
                    promise.what,
                    at.date(),
                    1_790_000,
                    "exempt",
                    kind="third_party",
                )
                services.buy_committed(commitment=promise, said=bought, by=loading.person(POOL, at), at=at)
            else:
                services.release_commitment(
                    commitment=promise,
                    reason="The schools run it themselves.",
                    by=loading.person("Marina Testbudget", at),
                    at=at,
                )
    elif quarter == 3:
        _move(loading, lines["DIS-01"], lines["CH-02"], 2_800_000, "Children wait for an assessment.", CHIEF, at)
    else:
        said = OverSaid(
            30_000_000, "Duty stays open through the winter; the board prefers going over to closing it.",
            f"Full council, {at:%B %Y}, minute 11",
        )  # fmt: skip
        services.allow_over_budget(line=lines["SW-01"], said=said, by=loading.person("Florin Testshilling", at), at=at)


def _move(loading: Loading, start: BudgetLine, end: BudgetLine, pence: int, why: str, who: str, at: datetime) -> None:
    asked = services.ask_virement(
        from_line=start, to_line=end, pence=pence, reason=why, by=loading.person(POOL, at), at=at
    )
    later = loading.when(at.date() + timedelta(days=4))
    services.approve_virement(virement=asked, by=loading.person(who, later), at=later)


_METHODS = {1: Method.PROFILE, 2: Method.TREND, 3: Method.TREND}


def _forecast(loading: Loading, pool: Fund, quarter: int, at: datetime) -> None:
    lines = _lines(pool, loading.year)
    own = {lines["DIS-02"].pk: Method.COMMITMENTS} if quarter > 1 else {}
    services.keep_forecast(
        fund=pool, year=loading.year, month=3 * quarter, method=_METHODS[quarter], by_line=own, words=_WORDS[quarter],
        by=loading.person(POOL, at), at=at,
    )  # fmt: skip


def _sign(loading: Loading, pool: Fund, places: Sequence[AgreementPartner], quarter: int, at: datetime) -> None:
    """Both finance directors agree; in the second quarter the NHS disputes its part first, and the two settle it."""
    found = statements_for(loading, pool, places, quarter, at)
    for said in found:
        disputes = quarter == 2 and said.partner.code == "NHS" and pool.code == "COMM"
        sign_for(loading, said, at, disputes=disputes)
        if disputes:
            _settle(loading, pool, said, at)


def statements_for(
    loading: Loading, pool: Fund, places: Sequence[AgreementPartner], quarter: int, at: datetime
) -> list[Statement]:
    """What the finance directors read at the end of a quarter, in the order of `places`."""
    by = loading.person(DIRECTORS["COUNCIL"], at)
    found = {each.partner.place.pk: each for each in statements(by, pool, year=loading.year, quarter=quarter)}
    return [found[place.pk] for place in places]


def sign_for(loading: Loading, said: Statement, at: datetime, *, disputes: bool = False) -> None:
    """The partner's finance director signs what stands."""
    words = "Agency social workers are the council’s own choice and not the pool’s." if disputes else ""
    sign_balance(
        partner=said.partner.place, fund=said.fund, year=said.year, quarter=said.quarter, digest=said.digest,
        disputed=["shared"] if disputes else (), words=words, stands=said,
        by=loading.person(DIRECTORS[said.partner.code], at), at=at,
    )  # fmt: skip


def _settle(loading: Loading, pool: Fund, said: Statement, at: datetime) -> None:
    dispute = Dispute.objects.get(
        fund=pool, partner=said.partner.place, year=said.year, quarter=said.quarter, settled_at=None
    )
    answered, settled = loading.when(at.date() + timedelta(days=2), 11), loading.when(at.date() + timedelta(days=4), 15)
    answer_dispute(
        dispute=dispute, words="The posts are in the agreed staffing of the pool. They are filled from August.",
        by=loading.person(DIRECTORS["COUNCIL"], answered), at=answered,
    )  # fmt: skip
    settle_dispute(
        dispute=dispute, decision="The two finance directors: agency costs to the end of July stay in the pool, later ones do not.",
        by=loading.person(DIRECTORS["COUNCIL"], settled), at=settled,
    )  # fmt: skip
    sign_for(loading, said, loading.when(settled.date(), 16))


def _close(loading: Loading, pool: Fund, months: Sequence[int], at: datetime) -> None:
    by = loading.person(POOL, at)
    for period in Period.objects.filter(fund=pool, year=loading.year, number__in=list(months)).order_by("number"):
        close_period(period=period, by=by, at=at)


# --- The end of the year.


def end_year(loading: Loading, pool: Fund) -> None:
    """Accruals, the risk share, both signatures, the annual return, and the year carried over."""
    places = _places(pool)
    year, ended = loading.year, date(loading.year + 1, 3, 31)
    lines = _lines(pool, year)
    at = loading.when(ended + timedelta(days=13))
    chief = loading.person(CHIEF, at)
    not_billed = [line_of(lines["CH-01"], 38 * _THOUSAND), Line(chart.ACCRUED, -38 * _THOUSAND)]
    in_advance = [Line(chart.PREPAID, 6 * _THOUSAND), line_of(lines["CH-02"], -6 * _THOUSAND)]
    for key, whole, memo in (
        (f"accrued therapies {year}", not_billed, "Therapies of March, not invoiced yet"),
        (f"paid in advance {year}", in_advance, "Licences paid for April to June"),
    ):
        post_accrual(fund=pool, draft=Draft(key, ended, whole, memo=memo, spending="contract"), by=chief, at=at)
    _close(loading, pool, (10, 11), loading.when(ended + timedelta(days=16)))
    at = loading.when(ended + timedelta(days=22))
    post_risk_share(fund=pool, year=year, by=loading.person(CHIEF, at), at=at)
    signed = loading.when(ended + timedelta(days=26))
    _sign(loading, pool, places, 4, signed)
    frozen = loading.when(ended + timedelta(days=34))
    by = loading.person(POOL, frozen)
    say_where_it_stands(loading, pool, year, 4, frozen)
    freeze_report(fund=pool, year=year, quarter=4, words=_WORDS[4], by=by, at=frozen)
    freeze_report(fund=pool, year=year, quarter=None, words=_WORDS[4], by=by, at=frozen)
    closed = loading.when(ended + timedelta(days=40))
    dealt_with(loading, pool, closed)
    close_year(fund=pool, year=year, by=loading.person(CHIEF, closed), at=closed)
    pool.refresh_from_db()


def report_quarters(loading: Loading, fund: Fund) -> None:
    """A small pool whose first three quarters are signed and reported; the end of its year is still to be done."""
    first, at = date(loading.year, 4, 1), loading.when(date(loading.year, 3, 20))
    rule = RuleSaid(
        '{"name": "proportional"}',
        "7.2 What is over or under is borne in the proportion of the contributions.",
        "year_end",
        first,
    )
    set_risk_share_rule(fund=fund, said=rule, by=loading.person(CHIEF, at), at=at)
    say_what_could_go_wrong(loading, fund)
    say_where_it_stands(loading, fund, loading.year, 4, loading.when(quarter_ends_on(loading.year, 4)))
    for quarter in (1, 2, 3):
        at = loading.when(quarter_ends_on(loading.year, quarter) + timedelta(days=12))
        say_where_it_stands(loading, fund, loading.year, quarter, at)
        _sign(loading, fund, _places(fund), quarter, at)
        freeze_report(fund=fund, year=loading.year, quarter=quarter, by=loading.person(POOL, at), at=at)


# --- The year that is open.

_GROWN = {"SW-01": 8_064, "CH-01": 4_660}  # thousands; every other line begins with what it began with


def roll_on(loading: Loading, pool: Fund) -> None:
    """The budget and the contributions of the year that is open, rolled forward from the one before, and approved."""
    agreement = pool.agreement
    loading.publish(agreement, "COUNCIL", "NHS")
    for before in _lines(pool, loading.year - 1).values():
        thousands = _GROWN.get(before.code)
        said = services.LineSaid(
            before.code, before.name, before.partner, thousands * _THOUSAND if thousands else before.budget_pence, before.tier,
            before.stream, before.is_capital, not before.is_capital, before.holder,
        )  # fmt: skip
        loading.line(agreement, Scheme.objects.select_related("fund").get(pk=before.scheme_id), said)
    loading.contribute(pool, "COUNCIL", "CORE", RollForward(18_400 * _THOUSAND, 0, 250, 0, 150, 120 * _THOUSAND))
    loading.contribute(pool, "COUNCIL", "DSG", RollForward(900 * _THOUSAND))
    loading.contribute(pool, "COUNCIL", "PH", RollForward(700 * _THOUSAND))
    loading.contribute(pool, "NHS", "ICB", RollForward(8_000 * _THOUSAND, 0, 200, 0, 125))
    loading.contribute(
        pool, "NHS", "ICB", RollForward(150 * _THOUSAND), kind="in_kind", what="Rooms in three health centres"
    )
    at = loading.when(date(loading.year, 3, 16), 9)
    services.approve_budget(
        agreement=agreement, fund=pool, year=loading.year, decision="Children’s partnership board, minute 7",
        by=loading.person(POOL, at), at=at,
    )  # fmt: skip
