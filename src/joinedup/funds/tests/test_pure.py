"""The pure rules: powers, items, bands, what may be moved, and the sum of a contribution."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.funds import contributing, moving, viring
from joinedup.funds.agreement_items import ITEMS, order_broken
from joinedup.funds.codes import Model
from joinedup.funds.contributing import RollForward
from joinedup.funds.lifecycle import PARTNERSHIP_LABELS, PARTNERSHIP_MOVES, PARTNERSHIP_OWNERS, PartnershipState
from joinedup.funds.pounds import MOST_PENCE, any_amount, in_pounds, rate
from joinedup.funds.powers import POWERS, kinds_missing, powers_on
from joinedup.funds.virement_schemes import SCHEMES, band_for, reaches

PENCE = st.integers(min_value=0, max_value=10**12)
RATE = st.integers(min_value=-2_000, max_value=2_000)


def test_section_31_gives_way_to_section_75() -> None:
    before, after = ({each.code for each in powers_on(day)} for day in (date(2007, 2, 28), date(2007, 3, 1)))
    assert "S31" in before - after
    assert "S75" in after - before


@pytest.mark.parametrize(
    ("code", "kind", "takes"),
    [
        ("S75", "council", True), ("S75", "nhs", True), ("S75", "police", False), ("S75", "school", False),
        ("S10", "police", True), ("S10", "probation", True), ("S10", "voluntary", False), ("S76", "voluntary", False),
        ("MOU", "voluntary", True),
    ],
)  # fmt: skip
def test_whom_a_power_takes(code: str, kind: str, takes: bool) -> None:
    assert POWERS[code].takes(kind) is takes


def test_what_was_not_seen_in_its_words_is_marked() -> None:
    for each in POWERS.values():
        assert each.source
        assert each.code == "MOU" or each.unverified, each.code
    assert [item.code for item in ITEMS if not item.is_verified] == ["management"]
    assert kinds_missing(POWERS["S75"], ["council"]) == ["NHS body"]


def test_aims_then_outcomes_then_the_rest() -> None:
    assert not order_broken("aims", set())
    assert order_broken("outcomes", set())
    assert not order_broken("outcomes", {"aims"})
    assert order_broken("vat", {"aims"})
    assert not order_broken("vat", {"aims", "outcomes"})


def test_the_lifecycle_is_whole() -> None:
    assert set(PARTNERSHIP_MOVES) == set(PARTNERSHIP_LABELS) == set(PARTNERSHIP_OWNERS) == set(PartnershipState)
    assert PARTNERSHIP_MOVES[PartnershipState.ENDED] == frozenset()


@given(PENCE, st.integers(min_value=-(10**9), max_value=10**9), RATE, PENCE, RATE, PENCE)
def test_the_steps_add_up(base: int, recurrent: int, uplift: int, planned: int, efficiency: int, charges: int) -> None:
    said = RollForward(base, recurrent, uplift, planned, efficiency, charges)
    assert sum(step.pence for step in contributing.steps_of(said)) == contributing.agreed(said)
    exact = (base + recurrent) * (10_000 + uplift - efficiency)
    assert abs((contributing.agreed(said) - planned + charges) * 10_000 - exact) <= 10_000


@given(st.integers(min_value=4, max_value=10**12))
def test_instalments_come_to_the_contribution(pence: int) -> None:
    parts = contributing.instalments(pence, contributing.quarter_days(2026))
    assert sum(part for _, part in parts) == pence
    assert max(part for _, part in parts) - min(part for _, part in parts) <= 1


@pytest.mark.parametrize(
    ("received", "on", "stands"),
    [
        (100, date(2026, 4, 1), "received"), (0, date(2026, 3, 31), "coming"), (0, date(2026, 4, 1), "due"),
        (0, date(2026, 5, 1), "due"), (0, date(2026, 5, 2), "overdue"), (40, date(2026, 4, 20), "part"),
        (40, date(2026, 5, 2), "overdue"),
    ],
)  # fmt: skip
def test_how_an_instalment_stands(received: int, on: date, stands: str) -> None:
    found = contributing.stands(due_on=date(2026, 4, 1), pence=100, received=received, on=on, days_to_pay=30)
    assert found == stands


@pytest.mark.parametrize(
    ("scheme", "pence", "crosses", "level"),
    [
        ("west_lancashire", 2_500_000, False, "service_head"), ("west_lancashire", 2_500_001, False, "chief_officer"),
        ("west_lancashire", 5_000_001, True, "cabinet"), ("west_lancashire", 10_000_001, False, "council"),
        ("waverley", 9_999, False, "budget_manager"), ("waverley", 9_999, True, "chief_officer"),
        ("waverley", 10_000, False, "chief_officer"), ("waverley", 100_001, False, "management_board"),
        ("waverley", 500_001, True, "council"), ("waverley", 5_000_001, True, "council"),
    ],
)  # fmt: skip
def test_which_band(scheme: str, pence: int, crosses: bool, level: str) -> None:
    assert band_for(SCHEMES[scheme], pence, crosses=crosses).level == level


def test_the_larger_authority_holds_the_smaller() -> None:
    scheme = SCHEMES["west_lancashire"]
    assert reaches(scheme, "cabinet", "chief_officer")
    assert not reaches(scheme, "service_head", "chief_officer")
    assert not reaches(scheme, "budget_manager", "chief_officer")


def line(partner: int = 1, **facts: object) -> viring.Line:
    said = {
        "id": UUID(int=9),
        "fund_id": UUID(int=1),
        "year": 2026,
        "partner_id": UUID(int=partner),
        "scheme_id": UUID(int=1),
        "tier": "pooled",
        "is_capital": False,
    }
    return viring.Line(**{**said, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize("model", list(Model))
def test_within_one_partner_money_moves_in_every_model(model: Model) -> None:
    assert viring.why_not(model, line(), line()) == ""


def test_between_partners_only_pooled_lines_of_a_pooled_fund() -> None:
    assert viring.why_not("pooled", line(1), line(2)) == ""
    assert viring.why_not("pooled", line(1), line(2, tier="pooled_aligned"))
    for model in ("aligned", "joint", "grant"):
        assert viring.why_not(model, line(1), line(2))
    assert viring.why_not("pooled", line(fence="DSG"), line())
    assert viring.why_not("pooled", line(), line(fence="DSG"))
    assert viring.why_not("pooled", line(), line(fund_id=UUID(int=2)))
    assert viring.why_not("pooled", line(), line(year=2027))


def test_every_partner_is_told_what_pooling_changes() -> None:
    parts = [moving.Part("Council", "council", 2_000_000_000, True), moving.Part("NHS", "nhs", 800_000_000, False)]
    changes = {part.name: moving.changes_for(part, parts) for part in parts}
    assert [each.subject for each in changes["Council"]] == [each.subject for each in changes["NHS"]]
    assert any("28.57%" in each.after for each in changes["NHS"])
    assert all(each.before != each.after for rows in changes.values() for each in rows)


@pytest.mark.parametrize(("text", "found"), [("2.35", 235), ("2.35%", 235), ("3", 300), ("-1.5", -150), ("0.05", 5)])
def test_a_rate_is_read(text: str, found: int) -> None:
    assert rate(text) == found


@pytest.mark.parametrize("text", ["2.355", "two", "", "1,5", "2.-5"])
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="per cent"):
        rate(text)


def test_pounds_have_pence_only_where_there_are_some() -> None:
    assert in_pounds(2_000_000_000) == "£20,000,000"
    assert in_pounds(-5) == "-£0.05"


@pytest.mark.parametrize("text", ["9" * 25, "-100,000,000,001", "1" * 5000])
def test_what_no_fund_holds_is_refused_before_it_reaches_the_ledger(text: str) -> None:
    with pytest.raises(ValueError, match="Enter an amount"):
        any_amount(text)
    assert any_amount("100,000,000,000") == MOST_PENCE
    with pytest.raises(ValueError, match=r"“xxx.*…”") as refused:
        any_amount("x" * 5000)
    assert len(str(refused.value)) < 200
