"""The demo's joint budget, a store of equipment that the council runs and invoices the NHS for; and an extract of the council's
own ledger held against the pool's, matched as far as it goes."""

from __future__ import annotations

from datetime import date, timedelta

from joinedup.core.figures import csv_of
from joinedup.engines.ledger import Book, Kind, Line
from joinedup.funds import chart, services
from joinedup.funds.demo_loading import Loading
from joinedup.funds.models import AgreementPartner, BudgetLine, ExtractRow, Fund, Posting
from joinedup.funds.pounds import pounds_number
from joinedup.funds.services import LineSaid
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.extracts import import_extract
from joinedup.funds.services.ledger import Draft, post_entries
from joinedup.funds.services.matching import match_rows
from joinedup.funds.services.recharges import (
    TermsSaid,
    issue_recharges,
    mark_recharge_sent,
    record_recharge_paid,
    set_recharge_terms,
)

_CLAUSE = (
    "The council runs the store and pays for it. The NHS pays two fifths of what it costs, quarter by quarter on the cost so"
    " far, within thirty days of the council’s invoice."
)
# line, name, thousands, pounds a month
_STORE = (("EQ-01", "Equipment on loan", 96, 8_120), ("EQ-02", "Driver and van", 48, 3_960))


def load_joint(loading: Loading, integrated: Fund, pool: Fund) -> None:
    """The store under the agreement on integrated services, and the extract against the pool."""
    store = _store(loading, integrated)
    _spend(loading, store)
    _invoice(loading, store)
    _extract(loading, pool)


def _store(loading: Loading, integrated: Fund) -> Fund:
    agreement, host, year = integrated.agreement, integrated.host, loading.year
    by, at = loading.by, loading.began
    store = services.open_fund(
        agreement=agreement,
        code="STORE",
        name="Joint equipment store",
        model="joint",
        host=host,
        year=year,
        by=by,
        at=at,
    )
    for code, name, thousands, _ in _STORE:
        scheme = services.add_scheme(agreement=agreement, fund=store, code=code, name=name, lead=host, by=by, at=at)
        said = LineSaid(code, name, host, thousands * 100_000)
        services.add_line(agreement=agreement, scheme=scheme, year=year, said=said, by=by, at=at)
    services.approve_budget(
        agreement=agreement, fund=store, year=year, decision="Children’s partnership board, minute 6", by=by, at=at
    )
    terms = TermsSaid("cost_share", "pooled", {"COUNCIL": 3, "NHS": 2}, {}, _CLAUSE, date(year, 4, 1))
    set_recharge_terms(fund=store, said=terms, by=by, at=at)
    return store


def _month_ends(year: int, before: date) -> list[date]:
    ends = [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(4, 16)]
    return [each for each in ends if each < before]


def _spend(loading: Loading, store: Fund) -> None:
    lines = {each.code: each for each in BudgetLine.objects.filter(fund=store).select_related("scheme")}
    drafts = []
    for end in _month_ends(loading.year, loading.at.date()):
        spent = [line_of(lines[code], pounds * 100 + end.month * 7) for code, _, _, pounds in _STORE]
        whole = [*spent, Line(chart.BANK, -sum(each.pence for each in spent))]
        drafts.append(Draft(f"store {end:%Y-%m}", end, whole, memo=f"Store, {end:%B %Y}", spending="provision"))
    if drafts:
        post_entries(fund=store, drafts=drafts, by=loading.by, at=loading.at)


def _invoice(loading: Loading, store: Fund) -> None:
    """Each quarter that is over: the invoices before the last are paid, the last one is sent."""
    quarters = [end for end in _month_ends(loading.year, loading.at.date()) if end.month in (6, 9, 12, 3)]
    for place, end in enumerate(quarters):
        on = loading.when(end + timedelta(days=4))
        if on > loading.at:
            break
        for row in issue_recharges(fund=store, ends_on=end, by=loading.by, at=on):
            mark_recharge_sent(recharge=row, sent_on=on.date(), by=loading.by, at=on)
            paid = loading.when(end + timedelta(days=26))
            if place + 1 < len(quarters) and paid <= loading.at:
                record_recharge_paid(
                    recharge=row, paid_on=paid.date(), reference=f"NHS {row.reference}", by=loading.by, at=paid
                )


def _extract(loading: Loading, pool: Fund) -> None:
    """Of the council's costs in the pool's first month: some as they are, one in two halves that somebody matched, another in
    two halves that wait, and one row that nobody knows."""
    council = AgreementPartner.objects.get(agreement=pool.agreement, organisation__code="COUNCIL", left_on=None)
    costs = Posting.objects.filter(
        fund=pool, book=Book.ACTUAL, account__kind=Kind.EXPENDITURE, partner=council, pence__gt=1_000, entry__reverses=None,
        entry__reversed_by=None,
    )  # fmt: skip
    lines = list(costs.select_related("entry", "line").order_by("entry__dated_on", "pk")[:6])
    if len(lines) < 6:
        return
    rows: list[tuple[str, ...]] = [("Date", "Reference", "Description", "Cost centre", "Amount")]
    for number, line in enumerate(lines, start=1):
        day, code = line.entry.dated_on.isoformat(), line.line.code if line.line else ""
        half = line.pence // 2
        parts = [half, line.pence - half] if number > 4 else [line.pence]
        for part, pence in enumerate(parts, start=1):
            rows.append(
                (
                    day,
                    f"GL-{number:03d}/{part}",
                    f"{code} part {part}" if len(parts) > 1 else code,
                    code,
                    pounds_number(pence),
                )
            )
    rows.append((lines[-1].entry.dated_on.isoformat(), "GL-900", "Taxi, no order found", "", "312.50"))
    extract = import_extract(
        fund=pool,
        partner=council,
        name="council-ledger.csv",
        content=csv_of(rows).encode(),
        by=loading.by,
        at=loading.at,
    )
    halves = list(ExtractRow.objects.filter(extract=extract, reference__startswith="GL-005").order_by("number"))
    match_rows(
        fund=pool, extract=extract, rows=[each.pk for each in halves], lines=[lines[4].pk], reason="Paid in two halves.",
        by=loading.by, at=loading.at,
    )  # fmt: skip
