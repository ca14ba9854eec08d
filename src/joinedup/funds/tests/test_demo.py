"""The demo's shared money stands as Swindon's did."""

from __future__ import annotations

import pytest

from joinedup.access.actor import system
from joinedup.funds import demo
from joinedup.funds.models import AgreementSecondment, BudgetLine, Contribution, Fund, PartnershipAgreement, Virement
from joinedup.funds.queries.figures import figures_of_lines
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.organisations import demo as organisations_demo
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


def test_three_agreements_are_open_and_one_is_drafted() -> None:
    organisations_demo.load(at=AT)
    demo.load(at=AT)
    states = list(PartnershipAgreement.objects.order_by("pk").values_list("power", "state"))
    assert states == [("S75", "open"), ("S75", "open"), ("S75", "open"), ("S10", "draft")]
    pool = Fund.objects.get(code="COMM")
    sums = {pool.year - 1: (2_000_000_000, 800_000_000), pool.year: (2_006_400_000, 806_000_000)}
    for year, (council, nhs) in sums.items():
        by_body = dict.fromkeys(("COUNCIL", "NHS"), 0)
        cash = Contribution.objects.filter(fund=pool, kind="cash", year=year)
        for code, pence in cash.values_list("partner__organisation__code", "agreed_pence"):
            by_body[code] += pence
        assert by_body == {"COUNCIL": council, "NHS": nhs}
        lines = list(BudgetLine.objects.filter(fund=pool, tier="pooled", year=year))
        assert sum(each.budget for each in figures_of_lines(system(AT), lines).values()) == council + nhs
    assert sorted(Virement.objects.filter(year=pool.year).values_list("state", flat=True)) == ["approved", "asked"]
    assert AgreementSecondment.objects.count() >= 10
    assert verify_ledger(system(AT)).is_sound
