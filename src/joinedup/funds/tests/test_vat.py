"""VAT: a truth table of regimes and codes, dated rates, and what another host would cost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.funds.vat import (
    RATES,
    Body,
    Mode,
    Purchase,
    Regime,
    VatCode,
    cost_of,
    leakage,
    leaked,
    leaked_by_scheme,
    needs_reason,
    passed_on_to_principal,
    rate_on,
    reclaimed,
    vat_between_partners,
    vat_on,
)

COUNCIL = Body("Council", Regime.S33)
NHS = Body("NHS", Regime.S41_COS)
CHARITY = Body("Charity", Regime.PARTIAL, part=2500)
NOBODY = Body("School", Regime.NONE)
DAY = date(2026, 11, 18)


def bought(net: int = 100_00, code: VatCode = VatCode.STANDARD, heading: str = "", vat: int | None = None) -> Purchase:
    return Purchase("Short breaks", net, code, DAY, heading, vat)


@pytest.mark.parametrize(
    ("code", "heading", "body", "vat", "lost"),
    [
        (VatCode.STANDARD, "", COUNCIL, 20_00, 0),
        (VatCode.STANDARD, "45", COUNCIL, 20_00, 0),
        (VatCode.STANDARD, "", NHS, 20_00, 20_00),
        (VatCode.STANDARD, "45", NHS, 20_00, 0),
        (VatCode.STANDARD, " ", NHS, 20_00, 20_00),
        (VatCode.STANDARD, "", CHARITY, 20_00, 15_00),
        (VatCode.STANDARD, "45", NOBODY, 20_00, 20_00),
        (VatCode.REDUCED, "", NHS, 5_00, 5_00),
        (VatCode.REDUCED, "", CHARITY, 5_00, 3_75),
        (VatCode.ZERO, "", NHS, 0, 0),
        (VatCode.EXEMPT, "", NOBODY, 0, 0),
        (VatCode.OUTSIDE, "", NOBODY, 0, 0),
    ],
)
def test_who_loses_which_vat(code: VatCode, heading: str, body: Body, vat: int, lost: int) -> None:
    cost = cost_of(bought(code=code, heading=heading), body)
    assert (cost.vat, cost.irrecoverable, cost.to_the_fund) == (vat, lost, 100_00 + lost)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2008, 11, 30), 1750),
        (date(2008, 12, 1), 1500),
        (date(2009, 12, 31), 1500),
        (date(2010, 1, 1), 1750),
        (date(2011, 1, 3), 1750),
        (date(2011, 1, 4), 2000),
        (DAY, 2000),
    ],
)
def test_the_rate_is_that_of_the_day(day: date, rate: int) -> None:
    assert rate_on(VatCode.STANDARD, day) == rate


def test_rates_from_memory_are_never_called_checked() -> None:
    assert not any(rate.is_verified for rate in RATES)
    with pytest.raises(LookupError, match="for 1 January 1980"):
        rate_on(VatCode.STANDARD, date(1980, 1, 1))


@pytest.mark.parametrize(("net", "vat"), [(12, 2), (13, 3), (-13, -3), (2, 0), (3, 1), (0, 0)])
def test_vat_is_the_nearest_penny(net: int, vat: int) -> None:
    assert vat_on(bought(net)) == vat


def test_the_invoice_s_own_vat_is_what_counts() -> None:
    assert vat_on(bought(vat=19_99)) == 19_99
    assert vat_on(bought(code=VatCode.EXEMPT, vat=0)) == 0
    for wrong in (bought(code=VatCode.EXEMPT, vat=5), bought(vat=-5), bought(-100, vat=20)):
        with pytest.raises(ValueError, match="no VAT of that kind"):
            vat_on(wrong)


def test_what_another_host_would_cost_on_the_same_lines() -> None:
    lines = [(bought(), COUNCIL), (bought(heading="45"), COUNCIL), (bought(code=VatCode.EXEMPT), COUNCIL)]
    lines.append((Purchase("CAMHS", 50_00, VatCode.STANDARD, DAY), NHS))
    found = leakage(lines, NHS)
    assert [line.difference for line in found] == [20_00, 0, 0, 0]
    assert leaked(found) == 20_00
    assert leaked_by_scheme(found) == {"Short breaks": 20_00, "CAMHS": 0}
    assert leaked(leakage(lines, COUNCIL)) == -10_00


@given(
    st.lists(st.tuples(st.integers(-(10**6), 10**6), st.sampled_from(VatCode), st.sampled_from(["", "45"]))),
    st.sampled_from([COUNCIL, NHS, CHARITY, NOBODY]),
    st.sampled_from([COUNCIL, NHS, CHARITY, NOBODY]),
)
def test_there_and_back_costs_nothing(lines: list[tuple[int, VatCode, str]], one: Body, other: Body) -> None:
    bought_ = [bought(net, code, heading) for net, code, heading in lines]
    there = leaked(leakage([(line, one) for line in bought_], other))
    assert there == -leaked(leakage([(line, other) for line in bought_], one))
    for line in bought_:
        assert 0 <= abs(reclaimed(line, one)) <= abs(vat_on(line))


def test_between_partners_only_an_agency_s_invoice_bears_vat() -> None:
    assert vat_between_partners(Mode.POOLED, 100_00, DAY) == 0
    assert vat_between_partners(Mode.AGENCY, 100_00, DAY) == 20_00


def test_an_agent_invoices_what_its_principal_would_have_reclaimed() -> None:
    lines = [(bought(), NHS), (bought(heading="45"), NHS)]
    assert passed_on_to_principal(lines, COUNCIL) == 40_00
    assert passed_on_to_principal(lines, NHS) == 20_00


def test_an_arrangement_that_only_saves_vat_needs_its_reason() -> None:
    assert needs_reason(Mode.AGENCY, Mode.POOLED, 1, " ")
    assert not needs_reason(Mode.AGENCY, Mode.POOLED, 1, "One team for each child")
    assert not needs_reason(Mode.POOLED, Mode.POOLED, 1, "")
    assert not needs_reason(Mode.AGENCY, Mode.POOLED, 0, "")
