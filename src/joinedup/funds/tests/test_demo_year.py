"""The demo's year before: what the annual return says is what the postings come to, added up here by other means."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.core.models import OutboxMessage
from joinedup.funds import demo
from joinedup.funds.models import (
    AgreementPartner,
    BudgetLine,
    Commitment,
    Contribution,
    Dispute,
    Forecast,
    Fund,
    FundReport,
    Novation,
    OverAllowed,
    Period,
    Posting,
    Purchase,
    Receipt,
    RiskShareRun,
    Virement,
)
from joinedup.funds.queries.reports import is_unchanged
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.organisations import demo as organisations_demo
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
BY = system(AT)


def postings(fund: Fund, year: int) -> list[Any]:
    """Every line of the year's actual book but for those that closed it, one by one."""
    rows = Posting.objects.filter(fund=fund, book="actual", period__year=year).exclude(entry__kind="closing")
    return list(rows.select_related("account", "scheme", "partner__organisation", "stream", "line"))


def test_the_annual_return_is_what_the_postings_come_to() -> None:
    organisations_demo.load(at=AT)
    demo.load(at=AT)
    pool = Fund.objects.get(code="COMM")
    year = pool.year - 1
    annual = FundReport.objects.get(fund=pool, year=year, quarter=None)
    said, lines = annual.content, postings(pool, year)
    assert is_unchanged(annual)

    # Income: 20 and 8 million, all of it received; in kind beside it.
    agreed: dict[str, int] = defaultdict(int)
    for row in Contribution.objects.filter(fund=pool, year=year, kind="cash").select_related("partner__organisation"):
        agreed[row.partner.organisation.name] += row.agreed_pence
    assert sorted(agreed.values()) == [800_000_000, 2_000_000_000]
    received: dict[str, int] = defaultdict(int)
    for receipt in Receipt.objects.filter(instalment__contribution__fund=pool, instalment__contribution__year=year):
        received[receipt.instalment.contribution.partner.organisation.name] += receipt.pence
    assert {each["partner"]: each["agreed"] for each in said["income"]} == agreed
    assert {each["partner"]: each["received"] for each in said["income"]} == received == agreed

    # Spending by service, from the lines themselves.
    spent: dict[str, int] = defaultdict(int)
    for row in lines:
        if row.account.kind == "expenditure":
            spent[row.scheme.name] += row.pence
    assert {each["service"]: each["spent"] for each in said["services"]} == spent
    bought = Purchase.objects.filter(fund=pool, bought_on__year__in=(year, year + 1), line__year=year)
    assert bought.count() >= 12

    # The balance: brought forward, in, out, left; and it is what the next year begins with.
    income = -sum(row.pence for row in lines if row.account.kind == "income")
    assert said["balance"] == {
        "opening": 0,
        "income": income,
        "spent": sum(spent.values()),
        "closing": income - sum(spent.values()),
    }
    carried = Posting.objects.filter(fund=pool, account__code="3000", period__year=year)
    assert -sum(row.pence for row in carried) == said["balance"]["closing"]
    # What is carried is ring-fenced money, each stream its own; whatever else was over is shared.
    left: dict[str, int] = defaultdict(int)
    for row in carried.select_related("stream"):
        left[row.stream.code if row.stream and row.stream.keeps_balance else "shared"] -= row.pence
    assert left == {"DSG": 1_600_000, "PH": 3_500_000, "shared": 0}

    # The overspend of the shared lines, budget against lines, and who bears it.
    budget: dict[Any, int] = defaultdict(int)
    for row in Posting.objects.filter(fund=pool, book="budget", period__year=year, line__isnull=False):
        budget[row.line_id] += row.pence
    for row in lines:
        if row.account.kind == "expenditure":
            budget[row.line_id] -= row.pence
    shared_lines = BudgetLine.objects.filter(fund=pool, year=year, tier="pooled").exclude(stream__keeps_balance=True)
    over = -sum(budget[line.pk] for line in shared_lines)
    assert over == 9_246_000
    assert said["shared"]["variance"] == over
    # Clause 9.4: 25,000 from the contingency, 40,000 in halves, the rest 20 to 8 (the council has the odd penny).
    rest = over - 6_500_000
    nhs = 2_000_000 + (rest * 8 * 2 // 28 + 1) // 2
    council_name, nhs_name = sorted(agreed, key=lambda name: -agreed[name])
    borne = {each["partner"]: each["pence"] for each in said["shared"]["partners"]}
    assert borne == {council_name: over - 2_500_000 - nhs, nhs_name: nhs}
    assert said["shared"]["contingency"] == 2_500_000
    run = RiskShareRun.objects.get(fund=pool, year=year)
    assert run.digest == said["shared"]["hash"]
    assert len(said["memorandum"]) == 6
    for treatment in {each["treatment"] for each in said["memorandum"]}:
        net = sum(each["net"] for each in said["memorandum"] if each["treatment"] == treatment)
        assert net == sum(spent.values()) - 2_500_000
    assert verify_ledger(BY).is_sound


def test_the_year_has_everything_a_year_has() -> None:
    organisations_demo.load(at=AT)
    demo.load(at=AT)
    pool = Fund.objects.get(code="COMM")
    year = pool.year - 1
    assert list(Period.objects.filter(fund=pool, year=year).values_list("state", flat=True).distinct()) == ["closed"]
    assert list(
        FundReport.objects.filter(fund=pool, year=year)
        .order_by("frozen_at", "quarter")
        .values_list("quarter", flat=True)
    ) == [1, 2, 3, 4, None]
    assert [each.month for each in Forecast.objects.filter(fund=pool, year=year).order_by("number")] == [3, 6, 9]
    assert Dispute.objects.filter(fund=pool, year=year, settled_at__isnull=False).count() == 1
    assert sorted(Commitment.objects.filter(fund=pool, line__year=year).values_list("state", flat=True)) == [
        "bought",
        "released",
    ]
    assert Virement.objects.filter(fund=pool, year=year, state="approved").count() == 2
    assert [each.line.code for each in OverAllowed.objects.select_related("line")] == ["SW-01"]
    assert OutboxMessage.objects.filter(subject="Commissioning pool: contribution overdue").count() == 2
    # By one decision each, twice: what was posted before stays under whom it was posted for.
    assert Novation.objects.filter(agreement=pool.agreement).count() == 2
    assert AgreementPartner.objects.filter(agreement=pool.agreement, left_on__isnull=False).count() == 2
