"""The demo's shared money stands as Swindon's did; what the annual return of the year before says is what the postings come
to, added up here by other means."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.core.models import OutboxMessage
from joinedup.funds import demo
from joinedup.funds.models import (
    AgreementPartner,
    AgreementSecondment,
    BudgetLine,
    Commitment,
    Contribution,
    Dispute,
    Forecast,
    Fund,
    FundReport,
    Novation,
    OverAllowed,
    PartnershipAgreement,
    Period,
    Posting,
    Purchase,
    Receipt,
    RiskShareRun,
    Virement,
)
from joinedup.funds.queries.figures import figures_of_lines
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


def test_the_demo_stands_as_swindons_did() -> None:
    """Loaded once, because that takes seconds; each check below asks it something else."""
    organisations_demo.load(at=AT)
    demo.load(at=AT)
    pool = Fund.objects.get(code="COMM")
    three_agreements_are_open_and_one_is_drafted(pool)
    the_year_has_everything_a_year_has(pool, pool.year - 1)
    annual = FundReport.objects.get(fund=pool, year=pool.year - 1, quarter=None)
    assert is_unchanged(annual)
    lines = postings(pool, pool.year - 1)
    the_income_is_what_came_in(annual.content, pool)
    spent = the_spending_is_what_was_posted(annual.content, pool, lines)
    what_is_left_is_carried(annual.content, pool, lines, spent)
    what_is_over_is_shared_by_the_clause(annual.content, pool, lines)
    assert len(annual.content["memorandum"]) == 6
    for treatment in {each["treatment"] for each in annual.content["memorandum"]}:
        net = sum(each["net"] for each in annual.content["memorandum"] if each["treatment"] == treatment)
        assert net == spent - 2_500_000
    assert verify_ledger(BY).is_sound


def three_agreements_are_open_and_one_is_drafted(pool: Fund) -> None:
    """The three side by side with their sums, and the one with the police."""
    states = list(PartnershipAgreement.objects.order_by("pk").values_list("power", "state"))
    assert states == [("S75", "open"), ("S75", "open"), ("S75", "open"), ("S10", "draft")]
    sums = {pool.year - 1: (2_000_000_000, 800_000_000), pool.year: (2_006_400_000, 806_000_000)}
    for year, (council, nhs) in sums.items():
        by_body = dict.fromkeys(("COUNCIL", "NHS"), 0)
        cash = Contribution.objects.filter(fund=pool, kind="cash", year=year)
        for code, pence in cash.values_list("partner__organisation__code", "agreed_pence"):
            by_body[code] += pence
        assert by_body == {"COUNCIL": council, "NHS": nhs}
        budget_lines = list(BudgetLine.objects.filter(fund=pool, tier="pooled", year=year))
        assert sum(each.budget for each in figures_of_lines(BY, budget_lines).values()) == council + nhs
    assert sorted(Virement.objects.filter(year=pool.year).values_list("state", flat=True)) == ["approved", "asked"]
    assert AgreementSecondment.objects.count() >= 10


def the_income_is_what_came_in(said: dict[str, Any], pool: Fund) -> None:
    """20 and 8 million, all of it received; in kind beside it."""
    year, agreed, received = pool.year - 1, defaultdict[str, int](int), defaultdict[str, int](int)
    for row in Contribution.objects.filter(fund=pool, year=year, kind="cash").select_related("partner__organisation"):
        agreed[row.partner.organisation.name] += row.agreed_pence
    assert sorted(agreed.values()) == [800_000_000, 2_000_000_000]
    for receipt in Receipt.objects.filter(instalment__contribution__fund=pool, instalment__contribution__year=year):
        received[receipt.instalment.contribution.partner.organisation.name] += receipt.pence
    assert {each["partner"]: each["agreed"] for each in said["income"]} == agreed
    assert {each["partner"]: each["received"] for each in said["income"]} == received == agreed


def the_spending_is_what_was_posted(said: dict[str, Any], pool: Fund, lines: list[Any]) -> int:
    """By service, from the lines themselves; returns all of it."""
    spent: dict[str, int] = defaultdict(int)
    for row in lines:
        if row.account.kind == "expenditure":
            spent[row.scheme.name] += row.pence
    assert {each["service"]: each["spent"] for each in said["services"]} == spent
    year = pool.year - 1
    bought = Purchase.objects.filter(fund=pool, bought_on__year__in=(year, year + 1), line__year=year)
    assert bought.count() >= 12
    return sum(spent.values())


def what_is_left_is_carried(said: dict[str, Any], pool: Fund, lines: list[Any], spent: int) -> None:
    """Brought forward, in, out, left; and what is left is what the next year begins with, each ring-fenced stream its own."""
    income = -sum(row.pence for row in lines if row.account.kind == "income")
    assert said["balance"] == {"opening": 0, "income": income, "spent": spent, "closing": income - spent}
    carried = Posting.objects.filter(fund=pool, account__code="3000", period__year=pool.year - 1)
    assert -sum(row.pence for row in carried) == said["balance"]["closing"]
    left: dict[str, int] = defaultdict(int)
    for row in carried.select_related("stream"):
        left[row.stream.code if row.stream and row.stream.keeps_balance else "shared"] -= row.pence
    assert left == {"DSG": 1_600_000, "PH": 3_500_000, "shared": 0}


def what_is_over_is_shared_by_the_clause(said: dict[str, Any], pool: Fund, lines: list[Any]) -> None:
    """Budget against lines, and who bears it by clause 9.4: 25,000 from the contingency, 40,000 in halves, the rest 20 to 8
    (the council has the odd penny)."""
    year = pool.year - 1
    left: dict[Any, int] = defaultdict(int)
    for row in Posting.objects.filter(fund=pool, book="budget", period__year=year, line__isnull=False):
        left[row.line_id] += row.pence
    for row in lines:
        if row.account.kind == "expenditure":
            left[row.line_id] -= row.pence
    shared_lines = BudgetLine.objects.filter(fund=pool, year=year, tier="pooled").exclude(stream__keeps_balance=True)
    over = -sum(left[line.pk] for line in shared_lines)
    assert said["shared"]["variance"] == over == 9_246_000
    rest = over - 6_500_000
    nhs = 2_000_000 + (rest * 8 * 2 // 28 + 1) // 2
    council_name, nhs_name = (each["partner"] for each in sorted(said["income"], key=lambda each: -each["agreed"]))
    borne = {each["partner"]: each["pence"] for each in said["shared"]["partners"]}
    assert borne == {council_name: over - 2_500_000 - nhs, nhs_name: nhs}
    assert said["shared"]["contingency"] == 2_500_000
    assert RiskShareRun.objects.get(fund=pool, year=year).digest == said["shared"]["hash"]


def the_year_has_everything_a_year_has(pool: Fund, year: int) -> None:
    """Closed months, every report, forecasts, a dispute that was settled, promises, virements, reminders, novations."""
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
