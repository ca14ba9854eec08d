"""Invoices of a joint budget: by cost share, numbered without gaps, sent, paid, taken back, and as files."""

from __future__ import annotations

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import system
from joinedup.core.errors import NotPermitted, Refused
from joinedup.funds import chart
from joinedup.funds.models import Balance, Entry, Fund, Recharge, RechargeTerms
from joinedup.funds.queries.recharges import recharges
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.funds.recharge_document import document_of, workbook_of_recharge
from joinedup.funds.services import recharges as writing
from joinedup.funds.services.recharges import TermsSaid
from joinedup.funds.tests.factories import YEAR, Shared, add_fund, make_agreement, make_open
from joinedup.funds.tests.test_risk_share_services import spend
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
JULY, OCTOBER = datetime(YEAR, 7, 6, 10, tzinfo=LONDON), datetime(YEAR, 10, 5, 10, tzinfo=LONDON)
JUNE_END, SEPTEMBER_END = date(YEAR, 6, 30), date(YEAR, 9, 30)


def terms(
    mode: str = "pooled", *, starts_on: date = date(YEAR, 4, 1), basis: str = "cost_share", reason: str = ""
) -> TermsSaid:
    fixed = {"NHS": 50_000_000} if basis == "fixed_sum" else {}
    return TermsSaid(
        basis, mode, {"COUNCIL": 2, "NHS": 1}, fixed, "The NHS pays a third of the cost.", starts_on, reason
    )


def joint(mode: str = "pooled", basis: str = "cost_share") -> tuple[Shared, Fund]:
    shared = make_agreement()
    add_fund(shared, model="joint", code="JOINT")
    make_open(shared)
    assert shared.fund is not None
    writing.set_recharge_terms(fund=shared.fund, said=terms(mode, basis=basis), by=shared.directors["council"], at=AT)
    return shared, shared.fund


def owed(fund: Fund) -> int:
    rows = Balance.objects.filter(fund=fund, account__code=chart.OWED_BY_PARTNERS)
    return sum(row.debit - row.credit for row in rows)


def issue(shared: Shared, on: datetime, ends_on: date, **more: bool) -> list[Recharge]:
    assert shared.fund is not None
    return writing.issue_recharges(fund=shared.fund, ends_on=ends_on, by=shared.directors["council"], at=on, **more)


def test_a_third_of_the_cost_and_the_pennies_come_back() -> None:
    shared, fund = joint()
    spend(shared, "CAMHS-council", 100_01, date(YEAR, 5, 10))
    spend(shared, "SHORT-nhs", 50_01, date(YEAR, 6, 10))
    (first,) = issue(shared, JULY, JUNE_END)
    assert (first.reference, first.net_pence, first.vat_pence) == ("JOINT-2026-001", 3334 + 1667, 0)
    assert (first.starts_on, first.ends_on, first.due_on) == (date(YEAR, 4, 1), JUNE_END, date(YEAR, 8, 5))
    assert owed(fund) == first.gross_pence
    spend(shared, "CAMHS-council", 100_01, date(YEAR, 8, 10))
    (second,) = issue(shared, OCTOBER, SEPTEMBER_END)
    assert (second.number, second.starts_on) == (2, date(YEAR, 7, 1))
    line = second.lines[0]
    assert (line["cost"], line["to_date"], line["before"], line["pence"]) == (200_02, 6667, 3334, 3333)
    with pytest.raises(Refused) as again:
        issue(shared, OCTOBER, SEPTEMBER_END)
    assert again.value.rule == "FU-354"
    assert verify_ledger(system(OCTOBER)).is_sound


def test_with_vat_and_taken_back_by_the_next_number() -> None:
    shared, fund = joint("agency")
    spend(shared, "CAMHS-council", 300_00, date(YEAR, 5, 10))
    (first,) = issue(shared, JULY, JUNE_END)
    assert (first.net_pence, first.vat_pence, first.vat_rate) == (100_00, 20_00, 2000)
    director = shared.directors["council"]
    with pytest.raises(Refused) as wordless:
        writing.credit_recharge(recharge=first, reason=" ", by=director, at=JULY)
    assert wordless.value.rule == "FU-356"
    back = writing.credit_recharge(recharge=first, reason="The wrong month.", by=director, at=JULY)
    assert (back.reference, back.net_pence, back.vat_pence) == ("JOINT-2026-C-002", -100_00, -20_00)
    assert Entry.objects.get(pk=back.entry_id).reverses_id == first.entry_id
    assert owed(fund) == 0
    for wrong, rule in ((first, "FU-357"), (back, "FU-358")):
        with pytest.raises(Refused) as refused:
            writing.credit_recharge(recharge=wrong, reason="Again.", by=director, at=JULY)
        assert refused.value.rule == rule
    (third,) = issue(shared, JULY, JUNE_END)
    assert (third.reference, third.starts_on, third.net_pence) == ("JOINT-2026-003", date(YEAR, 4, 1), 100_00)
    assert list(Recharge.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    with pytest.raises(DatabaseError), transaction.atomic():
        Recharge.objects.filter(pk=first.pk).update(net_pence=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Recharge.objects.filter(pk=first.pk).delete()


def test_a_refusal_gives_its_number_back() -> None:
    shared, _ = joint()
    spend(shared, "CAMHS-council", 300_00, date(YEAR, 5, 10))
    for on, ends_on in ((JULY, date(YEAR, 7, 31)), (JULY, date(YEAR, 6, 15))):
        with pytest.raises(Refused) as refused:
            issue(shared, on, ends_on)
        assert refused.value.rule == "FU-352"
    (first,) = issue(shared, JULY, JUNE_END)
    assert first.number == 1


def test_a_fixed_sum_gives_way_to_the_actual_cost() -> None:
    shared, _ = joint(basis="fixed_sum")
    spend(shared, "CAMHS-council", 900_000_00, date(YEAR, 5, 10))
    (first,) = issue(shared, JULY, JUNE_END)
    assert (first.net_pence, first.lines[0]["name"]) == (50_000_000, "Fixed sum, as agreed")
    with pytest.raises(Refused):
        issue(shared, JULY, JUNE_END)
    (right,) = issue(shared, OCTOBER, SEPTEMBER_END, trues_up=True)
    assert right.net_pence == 30_000_000 - 50_000_000
    assert right.reference.startswith("JOINT-2026-C-")


def test_only_a_joint_budget_and_only_its_host() -> None:
    pooled = make_open()
    assert pooled.fund is not None
    with pytest.raises(Refused) as wrong:
        writing.set_recharge_terms(fund=pooled.fund, said=terms(), by=pooled.directors["council"], at=AT)
    assert wrong.value.rule == "R-9"
    with pytest.raises(NotPermitted):
        writing.set_recharge_terms(fund=pooled.fund, said=terms(), by=pooled.directors["nhs"], at=AT)


def test_less_vat_needs_a_reason_in_the_service() -> None:
    shared, fund = joint("agency")
    later = terms("pooled", starts_on=date(YEAR, 10, 1))
    with pytest.raises(Refused) as refused:
        writing.set_recharge_terms(fund=fund, said=later, by=shared.directors["council"], at=AT)
    assert refused.value.rule == "FU-359"
    said = terms("pooled", starts_on=date(YEAR, 10, 1), reason="Both now procure from one list.")
    writing.set_recharge_terms(fund=fund, said=said, by=shared.directors["council"], at=AT)
    assert RechargeTerms.objects.count() == 2


def test_on_the_pages_from_the_terms_to_the_money() -> None:
    shared, fund = joint()
    spend(shared, "CAMHS-council", 300_00, date(YEAR, 5, 10))
    host, nhs = Visitor(shared.directors["council"], JULY), Visitor(shared.directors["nhs"], JULY)
    assert "Nothing is invoiced yet this year." in host.see("fund_recharges", fund.pk)
    assert "33.33%" in host.see("fund_recharges", fund.pk)
    assert "June 2026" in host.see("fund_recharge_issue", fund.pk)
    assert host.send("fund_recharge_issue", fund.pk, ends_on="2026-06-30").status_code == 302
    row = Recharge.objects.get()
    page = nhs.see("fund_recharge", row.pk)
    for words in (
        "Invoice JOINT-2026-001",
        "owes £100 by 5 August 2026",
        "Outside the scope of VAT",
        "1 April 2026 to 30 June 2026",
    ):
        assert words in page
    nhs.see("fund_recharge_sent", row.pk, status=403)
    wrong = host.send("fund_recharge_sent", row.pk, **{"on-day": "x"}).content.decode()
    assert "When was it sent?" in wrong
    day = {"on-day": "3", "on-month": "7", "on-year": "2026"}
    assert host.send("fund_recharge_sent", row.pk, **day).status_code == 302
    answer = host.send("fund_recharge_paid", row.pk, **day, reference="BACS 77")
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert "Everything invoiced is paid." in host.see("fund_recharges", fund.pk)
    assert owed(fund) == 0
    starts = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "csv": b"Number,JOINT-2026-001"}
    for form, start in starts.items():
        assert nhs.answer("fund_recharge_file", row.pk, form).content.startswith(start)
    nhs.see("fund_recharge_file", row.pk, "exe", status=404)


def test_the_invoices_workbook_is_formulas() -> None:
    shared, _ = joint("agency")
    spend(shared, "CAMHS-council", 300_00, date(YEAR, 5, 10))
    (row,) = issue(shared, JULY, JUNE_END)
    content = workbook_of_recharge(row)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Invoice"]
    written = {cell.value for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)}
    assert {each for each in written if each.startswith("=")} == {
        "=C9-D9",
        "=SUM(E9:E9)",
        "=ROUND(E10*D11,2)",
        "=E10+E11",
    }
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Invoice"]
    assert [values[f"E{down}"].value for down in (9, 10, 11, 12)] == [100, 100, 20, 120]
    doc = document_of(row, printed_by="Florin Testshilling", printed_at=JULY)
    assert doc.title == "Invoice JOINT-2026-001"


def test_the_page_is_the_same_few_statements_however_many_invoices(django_assert_max_num_queries: object) -> None:
    shared, fund = joint()
    for month in (4, 5, 6, 7, 8):
        spend(shared, "CAMHS-council", 300_00, date(YEAR, month, 10))
    for month in (5, 6, 7, 8, 9):
        issue(shared, OCTOBER, date.fromordinal(date(YEAR, month, 1).toordinal() - 1))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        found = recharges(shared.directors["nhs"], fund, year=YEAR)
    assert len(found.rows) == 5
