"""Purchases with their VAT, posted; and what another host would cost on the same lines."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import system
from joinedup.core.errors import NotPermitted, Refused
from joinedup.funds import chart
from joinedup.funds.models import BudgetLine, Entry, Fund, OverAllowed, Period, Posting, Purchase
from joinedup.funds.queries import buying as reading
from joinedup.funds.queries.figures import figures_of, room_of
from joinedup.funds.services import buying
from joinedup.funds.services.booking import commitment
from joinedup.funds.services.buying import Bought
from joinedup.funds.services.ledger import close_period
from joinedup.funds.services.posting import put_into_ledger
from joinedup.funds.tests.factories import YEAR, Shared, make_open
from joinedup.funds.tests.figures import added_up
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
APRIL, MAY = date(YEAR, 4, 1), date(YEAR, 5, 11)


def world() -> tuple[Shared, Fund]:
    shared = make_open()
    assert shared.fund is not None
    for name, regime in (("council", "s33"), ("nhs", "s41_cos")):
        buying.set_vat_regime(partner=shared.partners[name], regime=regime, starts_on=APRIL, by=system(AT), at=AT)
    return shared, shared.fund


def bought(shared: Shared, by: str = "nhs", **changed: object) -> Bought:
    said = Bought(shared.partners[by], "Placeholder Toys", "INV-1", "Sensory room", MAY, 100_00, kind="contract")
    return replace(said, **changed)  # type: ignore[arg-type]


def record(shared: Shared, said: Bought, line: str = "CAMHS-nhs") -> Purchase:
    assert shared.fund is not None
    return buying.record_purchase(fund=shared.fund, line=shared.lines[line], said=said, by=system(AT), at=AT)


def posted(row: Purchase) -> dict[str, int]:
    return dict(Posting.objects.filter(entry_id=row.entry_id).values_list("account__code", "pence"))


def test_what_cannot_be_reclaimed_is_a_cost_of_its_line() -> None:
    shared, fund = world()
    row = record(shared, bought(shared))
    assert posted(row) == {chart.EXPENDITURE: 100_00, chart.IRRECOVERABLE_VAT: 20_00, chart.CREDITORS: -120_00}
    assert figures_of(system(AT), shared.lines["CAMHS-nhs"]).spent == 120_00
    listed = record(shared, bought(shared, invoice="INV-2", cos_heading="45"))
    assert posted(listed) == {chart.EXPENDITURE: 100_00, chart.VAT_TO_RECLAIM: 20_00, chart.CREDITORS: -120_00}
    own = record(shared, bought(shared, "council", invoice="INV-3", vat_code="exempt"))
    assert posted(own) == {chart.EXPENDITURE: 100_00, chart.CREDITORS: -100_00}
    credit = record(shared, bought(shared, invoice="CR-1", net_pence=-100_00))
    assert posted(credit)[chart.IRRECOVERABLE_VAT] == -20_00
    assert figures_of(system(AT), shared.lines["CAMHS-nhs"]).spent == 200_00
    page = reading.purchases_of(shared.directors["nhs"], fund, year=YEAR)
    assert (page.net, page.irrecoverable, len(page.rows)) == (200_00, 0, 4)


def test_what_was_committed_is_promised_no_longer() -> None:
    shared, _ = world()
    line = shared.lines["CAMHS-nhs"]
    draft = commitment(line, 150_00, on=MAY, key="promise", memo="Promised", source=("", ""))
    put_into_ledger(fund=line.fund, drafts=[draft], by=system(AT), at=AT)
    record(shared, bought(shared, releases=True))
    assert (figures_of(system(AT), line).spent, figures_of(system(AT), line).committed) == (120_00, 30_00)


def test_what_is_refused() -> None:
    shared, fund = world()
    record(shared, bought(shared))
    refusals = [
        (bought(shared), "FU-332"),
        (bought(shared, invoice=" "), "FU-333"),
        (bought(shared, invoice="2", net_pence=0), "FU-134"),
        (bought(shared, invoice="2", vat_code="exempt", vat_pence=5), "FU-331"),
        (bought(shared, invoice="2", net_pence=700_000_000), "R-3"),
        (bought(shared, invoice="2", bought_on=date(YEAR, 3, 31)), "FU-330"),
    ]
    for said, rule in refusals:
        with pytest.raises(Refused) as refused:
            record(shared, said)
        assert refused.value.rule == rule
    with pytest.raises(Refused) as again:
        buying.set_vat_regime(partner=shared.partners["nhs"], regime="none", starts_on=APRIL, by=system(AT), at=AT)
    assert again.value.rule == "FU-334"
    with pytest.raises(NotPermitted):
        buying.record_purchase(
            fund=fund,
            line=shared.lines["CAMHS-nhs"],
            said=bought(shared, invoice="2"),
            by=shared.directors["nhs"],
            at=AT,
        )
    assert Purchase.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        Purchase.objects.update(net_pence=1)


def test_what_is_only_planned_is_not_spent() -> None:
    shared, fund = world()
    line = shared.lines["CAMHS-nhs"]
    then = BudgetLine.objects.create(
        fund=fund, scheme=line.scheme, partner=line.partner, year=YEAR + 1, code="NEW", name="Planned", tier="pooled",
        budget_pence=50_000_00,
    )  # fmt: skip
    assert (figures_of(system(AT), then).budget, room_of(system(AT), then)) == (50_000_00, 0)
    shared.lines["planned"] = then
    with pytest.raises(Refused) as refused:
        record(shared, bought(shared), line="planned")
    assert refused.value.rule == "R-3"
    OverAllowed.objects.create(
        line=then, pence=120_00, reason="Begins in April", level="x", cumulative_pence=120_00, left_pence=0, at=AT
    )
    assert room_of(system(AT), then) == 120_00


def test_the_same_lines_if_another_delivered_them() -> None:
    shared, fund = world()
    viewer = shared.directors["nhs"]
    record(shared, bought(shared, "council"), "SHORT-council")
    record(shared, bought(shared, "council", invoice="2", cos_heading="45"), "SHORT-council")
    record(shared, bought(shared, invoice="3"))
    nhs = reading.if_hosted_by(viewer, fund, shared.partners["nhs"].pk, year=YEAR, day=MAY)
    council = reading.if_hosted_by(viewer, fund, shared.partners["council"].pk, year=YEAR, day=MAY)
    assert nhs is not None
    assert council is not None
    assert (nhs.leaked, nhs.by_scheme) == (20_00, {"Short breaks": 20_00, "Child mental health": 0})
    assert council.leaked == -20_00
    assert [row.invoice for row, _ in nhs.worst] == ["INV-1"]


def test_the_pages() -> None:
    shared, fund = world()
    host, other = Visitor(shared.directors["council"]), Visitor(shared.directors["nhs"])
    assert "Nothing bought yet" in other.see("fund_purchases", fund.pk)
    host.see("fund_purchase_new", fund.pk)
    told = {
        "line": shared.lines["SHORT-council"].pk, "what": "Respite", "supplier": "Mock Care", "invoice": "7",
        "bought_on-day": "11", "bought_on-month": "5", "bought_on-year": str(YEAR), "net": "1,000", "vat_code": "standard", "kind": "contract",
        "delivered_by": shared.partners["council"].pk,
    }  # fmt: skip
    answer = host.send("fund_purchase_new", fund.pk, **told)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    shown = other.see("fund_purchases", fund.pk)
    assert "Mock Care" in shown
    total = re.search(r'<p class="govuk-body"><a [^>]*href="([^"]+)" data-pence="100000">£1,000<', shown)
    assert total
    assert added_up(shared.directors["nhs"], unescape(total[1]))[0] == 100_000
    assert "The fund would pay <strong>£200 more</strong>" in other.see("fund_vat", fund.pk)
    assert "would cost the same" in other.see("fund_vat", fund.pk, host=shared.partners["council"].pk)
    other.see("fund_purchase_new", fund.pk, status=403)
    other.see("fund_vat_regime", fund.pk, shared.partners["council"].pk, status=403)
    told = {
        "regime": "partial",
        "part": "25",
        "starts_on-day": "1",
        "starts_on-month": "6",
        "starts_on-year": str(YEAR),
    }
    assert other.send("fund_vat_regime", fund.pk, shared.partners["nhs"].pk, **told).status_code == 302
    assert "(25%)" in other.see("fund_vat", fund.pk)


def test_pages_of_purchases_go_on() -> None:
    shared, fund = world()
    for number in range(reading.PAGE + 3):
        record(shared, bought(shared, invoice=f"N{number:03}", bought_on=date(YEAR, 5, 1 + number % 5)))
    viewer = shared.directors["nhs"]
    first = reading.purchases_of(viewer, fund, year=YEAR)
    rest = reading.purchases_of(viewer, fund, year=YEAR, after=first.after)
    assert (len(first.rows), len(rest.rows), rest.after) == (reading.PAGE, 3, "")
    assert len({row.pk for row in (*first.rows, *rest.rows)}) == reading.PAGE + 3
    assert reading.purchases_of(viewer, fund, year=YEAR, after="nonsense").rows == first.rows


def test_an_invoice_of_a_closed_month_is_posted_in_the_first_open_one() -> None:
    shared, fund = world()
    for number in (1, 2):
        period = Period.objects.select_related("fund").get(fund=fund, year=YEAR, number=number)
        close_period(period=period, by=system(AT), at=AT)
    row = record(shared, bought(shared, bought_on=APRIL))
    assert row.bought_on == APRIL
    assert Entry.objects.get(pk=row.entry_id).dated_on == date(YEAR, 6, 1)
    for day, rule in ((AT.date() + timedelta(days=1), "FU-237"), (date(YEAR + 1, 4, 1), "FU-237")):
        with pytest.raises(Refused) as refused:
            record(shared, bought(shared, invoice="2", bought_on=day))
        assert refused.value.rule == rule
    later = AT.replace(year=YEAR + 1)
    with pytest.raises(Refused) as refused:
        buying.record_purchase(
            fund=fund, line=shared.lines["CAMHS-nhs"], said=bought(shared, invoice="2", bought_on=date(YEAR + 1, 4, 1)),
            by=system(later), at=later,
        )  # fmt: skip
    assert refused.value.rule == "FU-335"
