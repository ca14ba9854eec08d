"""A partner's statement and the memorandum account: their pages, their files, and workbooks that work out."""

from __future__ import annotations

import io

import openpyxl
import pytest

from joinedup.access.actor import system
from joinedup.funds import services
from joinedup.funds.memorandum import Treatment
from joinedup.funds.memorandum_document import document_of, workbook_of_memorandum
from joinedup.funds.queries.memorandum import memorandum
from joinedup.funds.queries.statements import statement
from joinedup.funds.services import sharing
from joinedup.funds.statement_document import csv_of_statement, stands, workbook_of_statement
from joinedup.funds.tests.factories import YEAR
from joinedup.funds.tests.figures import recomputed
from joinedup.funds.tests.test_recharges import JULY, JUNE_END, issue, joint
from joinedup.funds.tests.test_risk_share_services import AFTER, CAPPED, overspent, set_rule, spend
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


def test_a_statement_in_four_forms_with_who_agreed_it() -> None:
    shared, fund = overspent()
    set_rule(fund)
    services.call_instalments(fund=fund, by=system(AFTER), at=AFTER)
    director, place = shared.directors["nhs"], shared.partners["nhs"]
    found = statement(director, fund, place.pk, year=YEAR, quarter=1)
    assert "neither agreed nor disputed" in stands(found)
    nhs = Visitor(director, AFTER)
    where = (fund.pk, place.pk, YEAR, 1)
    assert "Agree or dispute" in nhs.see("fund_statement", *where)
    sharing.sign_balance(
        partner=place, fund=fund, year=YEAR, quarter=1, digest=found.digest, disputed=["owed"], words="Paid in June.",
        by=director, at=AFTER,
    )  # fmt: skip
    found = statement(director, fund, place.pk, year=YEAR, quarter=1)
    page = nhs.see("fund_statement", *where)
    for words in ("disputed 1 of these balances on 20 April 2027", "Paid in June.", "What is disputed"):
        assert words in page
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("csv", b"Partner,")):
        assert nhs.answer("fund_statement_file", *where, kind).content.startswith(start)
    assert "Still owed,2000000.00,Disputed" in csv_of_statement(found, "Quarter 1")
    content = workbook_of_statement(found, "Quarter 1")
    assert recomputed(content) == 2 * len(found.lines) + 1
    assert openpyxl.load_workbook(io.BytesIO(content))["Statement"]["B5"].value == "=MAX(B3-B4,0)"
    nhs.see("fund_statement", fund.pk, place.pk, YEAR, 5, status=404)


def test_the_hosts_statement_shows_what_nobody_bears_as_its_exposure() -> None:
    shared, fund = overspent()
    set_rule(fund, CAPPED)
    host = Visitor(shared.directors["council"], AFTER)
    page = host.see("fund_statement", fund.pk, shared.partners["council"].pk, YEAR, 4)
    assert "Nobody’s yet, so the host’s exposure" in page
    assert "£250,000" in page
    other = host.see("fund_statement", fund.pk, shared.partners["nhs"].pk, YEAR, 4)
    assert "exposure" not in other


def test_a_joint_budgets_statement_shows_what_was_invoiced() -> None:
    shared, fund = joint()
    spend(shared, "CAMHS-council", 300_00, JUNE_END)
    (row,) = issue(shared, JULY, JUNE_END)
    found = statement(shared.directors["nhs"], fund, shared.partners["nhs"].pk, year=YEAR, quarter=2)
    assert {each.code: each.pence for each in found.lines}["to_pay"] == row.gross_pence
    assert Visitor(shared.directors["nhs"], AFTER).see("fund_statement", fund.pk, shared.partners["nhs"].pk, YEAR, 2)


def test_three_treatments_side_by_side_come_to_the_same() -> None:
    shared, fund = overspent()
    set_rule(fund)
    services.call_instalments(fund=fund, by=system(AFTER), at=AFTER)
    now = shared.directors["nhs"]
    from dataclasses import replace

    after = replace(now, at=AFTER)
    page = memorandum(after, fund, year=YEAR)
    assert page.account is not None
    assert page.account.is_over
    for treatment in Treatment:
        assert sum(mine.net for mine in page.books[treatment].values()) == 2_940_000_000
    assert page.books[Treatment.GROSS_HOST]["COUNCIL"].expenditure == 2_940_000_000
    assert recomputed(workbook_of_memorandum(page, "2026/27")) > 25
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of_memorandum(page, "2026/27")))
    assert sheet.sheetnames == ["Year", "Gross host", "Share", "Agent"]
    assert sheet["Gross host"]["B2"].value == "=SUM(Year!F2:F3)"
    assert document_of(page, year="2026/27", printed_by="A", printed_at=AFTER).title == "Memorandum account"


def test_a_year_that_is_not_over_is_what_is_expected() -> None:
    shared, fund = overspent()
    set_rule(fund)
    page = memorandum(shared.directors["nhs"], fund, year=YEAR)
    assert page.account is not None
    assert not page.account.is_over
    nhs = Visitor(shared.directors["nhs"], AT)
    shown = nhs.see("fund_memorandum", fund.pk)
    assert "is expected to cost £29,400,000 in 2026/27" in shown
    worked = nhs.see("fund_memorandum_worked", fund.pk, YEAR, "share", shared.partners["nhs"].pk)
    assert "The year costs it £8,400,000." in worked
    nhs.see("fund_memorandum_worked", fund.pk, YEAR, "other", shared.partners["nhs"].pk, status=404)
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK"), ("csv", b"Treatment,")):
        assert nhs.answer("fund_memorandum_file", fund.pk, YEAR, kind).content.startswith(start)


def test_without_a_rule_there_is_no_account_and_the_page_says_so() -> None:
    shared, fund = overspent()
    nhs = Visitor(shared.directors["nhs"], AT)
    assert "There is no memorandum account of 2026/27" in nhs.see("fund_memorandum", fund.pk)
    nhs.see("fund_memorandum_worked", fund.pk, YEAR, "share", shared.partners["nhs"].pk, status=404)
    assert nhs.answer("fund_memorandum_file", fund.pk, YEAR, "xlsx").status_code == 200
