"""Reports frozen with a hash, in every format, and balances signed on a page."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.funds import services
from joinedup.funds.models import BalanceSignature, FundReport
from joinedup.funds.queries import reports as reading
from joinedup.funds.queries import statements as signing
from joinedup.funds.report_document import in_groups, tables_of, workbook_of_report
from joinedup.funds.services import reporting, sharing
from joinedup.funds.tests.factories import YEAR, Shared
from joinedup.funds.tests.test_risk_share_services import AFTER, CAPPED, overspent, set_rule
from joinedup.funds.tests.visiting import Visitor

pytestmark = pytest.mark.django_db
IN_JULY = datetime(YEAR, 7, 6, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def signed(shared: Shared) -> None:
    assert shared.fund is not None
    for name, partner in shared.partners.items():
        found = signing.statement(shared.directors[name], shared.fund, partner.pk, year=YEAR, quarter=4)
        sharing.sign_balance(
            partner=partner,
            fund=shared.fund,
            year=YEAR,
            quarter=4,
            digest=found.digest,
            by=shared.directors[name],
            at=AFTER,
        )


def test_a_quarters_report_says_what_the_ledger_does() -> None:
    shared, fund = overspent(date(YEAR, 5, 15))
    set_rule(fund)
    made = reporting.freeze_report(
        fund=fund, year=YEAR, quarter=1, words="All well.", by=shared.directors["council"], at=AFTER
    )
    assert reading.is_unchanged(made)
    assert [(each["partner"], each["due"]) for each in made.content["income"]] == [
        ("Exampleshire Council", 500_000_000), ("Exampleshire Integrated Care Board", 200_000_000)
    ]  # fmt: skip
    camhs = next(each for each in made.content["services"] if each["service"] == "Child mental health")
    assert (camhs["budget"], camhs["spent"]) == (1_100_000_000, 1_240_000_000)
    assert made.content["shared"]["hash"]
    assert made.content["ledger"]["digest"] == made.ledger_digest
    again = reporting.freeze_report(fund=fund, year=YEAR, quarter=1, by=shared.directors["council"], at=AFTER)
    assert (again.number, FundReport.objects.count()) == (2, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        FundReport.objects.filter(pk=made.pk).update(content={})


def test_the_annual_return_waits_until_all_is_settled() -> None:
    shared, fund = overspent()
    set_rule(fund, CAPPED)
    director = shared.directors["council"]
    wanted = {"fund": fund, "year": YEAR, "quarter": None, "by": director, "at": AFTER}

    def refused() -> Refused:
        with pytest.raises(Refused) as said:
            reporting.freeze_report(**wanted)
        return said.value

    assert refused().rule == "FU-321"
    sharing.post_risk_share(fund=fund, year=YEAR, by=director, at=AFTER)
    assert refused().rule == "R-6"
    assert "nobody has agreed to bear" in refused().sentence
    sharing.decide_unallocated(
        fund=fund, year=YEAR, borne={shared.partners["council"].pk: 20_000_000, shared.partners["nhs"].pk: 5_000_000}, decision="Board, minute 7", by=director,
        at=AFTER,
    )  # fmt: skip
    assert "Exampleshire Integrated Care Board has neither agreed nor disputed" in refused().sentence
    signed(shared)
    services.call_instalments(fund=fund, by=system(AFTER), at=AFTER)
    made = reporting.freeze_report(**wanted)
    assert made.content["balance"] == {
        "opening": 0, "income": 2_940_000_000, "spent": 2_940_000_000, "closing": 0
    }  # fmt: skip
    rows = made.content["memorandum"]
    assert len(rows) == 6
    assert [row["net"] for row in rows[:2]] == [2_110_000_000, 830_000_000]
    for treatment in {row["treatment"] for row in rows}:
        assert sum(row["net"] for row in rows if row["treatment"] == treatment) == 2_940_000_000


def test_reports_in_every_format() -> None:
    shared, fund = overspent(date(YEAR, 5, 15))
    set_rule(fund)
    made = reporting.freeze_report(
        fund=fund, year=YEAR, quarter=1, words="All well.", by=shared.directors["council"], at=AFTER
    )
    nhs = Visitor(shared.directors["nhs"], AFTER)
    shown = nhs.see("fund_report", made.pk)
    assert in_groups(made.digest) in shown
    assert "All well." in shown
    starts = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "csv": b"Income"}
    for form, start in starts.items():
        answer = nhs.answer("fund_report_file", made.pk, form)
        assert answer.status_code == 200
        assert answer.content.startswith(start)
    assert nhs.answer("fund_report_file", made.pk, "exe").status_code == 404


def test_the_workbooks_sums_are_formulas_that_come_to_the_report() -> None:
    shared, fund = overspent(date(YEAR, 5, 15))
    set_rule(fund)
    made = reporting.freeze_report(fund=fund, year=YEAR, quarter=1, by=shared.directors["council"], at=AFTER)
    content = workbook_of_report(made.content, made.digest)
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    assert formulas.sheetnames == [
        "Income", "Services", "What each bears", "What could go wrong", "What was reached", "Check",
    ]  # fmt: skip
    assert formulas["Services"]["F2"].value == "=E2-C2" or formulas["Services"]["F2"].value == "=E2-B2"
    assert formulas["Services"]["B4"].value == "=SUM(B2:B3)"
    assert values["Services"]["B4"].value == 28_000_000
    assert (
        values["Services"]["F4"].value
        == sum((each["forecast"] - each["budget"]) for each in made.content["services"]) / 100
    )
    assert values["What each bears"]["C6"].value == made.content["shared"]["variance"] / 100
    assert made.digest in [row[1].value for row in values["Check"].iter_rows()]
    with zipfile.ZipFile(io.BytesIO(content)) as inside:
        assert b"<f>SUM(B2:B3)</f>" in inside.read("xl/worksheets/sheet2.xml")


def test_a_quarter_that_is_not_over_is_not_frozen() -> None:
    shared, fund = overspent()
    with pytest.raises(Refused) as early:
        reporting.freeze_report(fund=fund, year=YEAR, quarter=2, by=shared.directors["council"], at=IN_JULY)
    assert early.value.rule == "FU-320"


def test_a_finance_director_signs_on_the_page() -> None:
    shared, fund = overspent()
    set_rule(fund)
    nhs = Visitor(shared.directors["nhs"], AFTER)
    page = nhs.see("fund_balances", fund.pk, when=f"{YEAR}-1")
    assert "Not signed" in page
    assert page.count("Agree or dispute") == 1  # its own only
    where = (fund.pk, shared.partners["nhs"].pk, YEAR, 1)
    found = signing.statement(shared.directors["nhs"], fund, shared.partners["nhs"].pk, year=YEAR, quarter=1)
    assert found.digest in nhs.see("fund_balance_sign", *where)
    answer = nhs.send("fund_balance_sign", *where, decision="disputed", statement=found.digest)
    assert "Select the lines you dispute" in answer.content.decode()
    told = {"decision": "disputed", "disputed": ["owed"], "words": "We paid in June.", "statement": found.digest}
    assert nhs.send("fund_balance_sign", *where, **told).status_code == 302
    page = nhs.see("fund_balances", fund.pk, when=f"{YEAR}-1")
    for words in ("Disputed", "We paid in June.", "officers try to settle it by 5 May 2027"):
        assert words in page
    assert nhs.send("fund_balance_sign", *where, decision="agreed", statement=found.digest).status_code == 302
    assert BalanceSignature.objects.count() == 2
    nhs.see("fund_balance_sign", fund.pk, shared.partners["council"].pk, YEAR, 1, status=403)
    nhs.see("fund_balance_sign", fund.pk, shared.partners["nhs"].pk, YEAR, 5, status=404)


def test_a_report_is_frozen_on_the_page() -> None:
    shared, fund = overspent()
    set_rule(fund)
    host = Visitor(shared.directors["council"], AFTER)
    page = host.see("fund_reports", fund.pk, year=YEAR)
    assert "Freeze it" in page
    assert "20 July 2026" in page
    host.see("fund_report_freeze", fund.pk, YEAR, 1)
    assert host.send("fund_report_freeze", fund.pk, YEAR, 1, words="Risks: none.").status_code == 302
    assert FundReport.objects.get().content["words"] == "Risks: none."
    answer = host.send("fund_report_freeze", fund.pk, YEAR, 0, words="")
    assert "Share what is over or under first" in answer.content.decode()
    Visitor(shared.directors["nhs"], AFTER).see("fund_report_freeze", fund.pk, YEAR, 1, status=403)


def test_tables_of_a_report_name_their_columns() -> None:
    shared, fund = overspent()
    set_rule(fund)
    made = reporting.freeze_report(fund=fund, year=YEAR, quarter=4, by=shared.directors["council"], at=AFTER)
    captions = [table.caption for table in tables_of(made.content)]
    assert captions == [
        "Income", "Spending by service", "Line by line: how the forecast is made up", "What each bears",
        "Step by step: how it is shared", "Agreement of balances", "What could go wrong", "What was reached",
    ]  # fmt: skip
