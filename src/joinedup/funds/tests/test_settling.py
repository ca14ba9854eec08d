"""Settling, sign-off, disputes and leaving, as truth tables."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.funds.settling import (
    DISPUTE_STEPS,
    Leaving,
    Redundancy,
    Settlement,
    blocks_year_end,
    exit_statement,
    frozen,
    quarter_ends_on,
    report_due_on,
    settled_now,
    step_ends_on,
)

SHARES = {"Council": 100, "NHS": 40}
BEFORE = {"Council": 60, "NHS": 50}


@pytest.mark.parametrize(
    ("settlement", "quarter", "expected"),
    [
        (Settlement.NONE, 4, (0, 0)),
        (Settlement.QUARTERLY, 1, (40, -10)),
        (Settlement.QUARTERLY, 4, (40, -10)),
        (Settlement.YEAR_END, 3, (0, 0)),
        (Settlement.YEAR_END, 4, (40, -10)),
    ],
)
def test_when_a_variance_is_settled(settlement: Settlement, quarter: int, expected: tuple[int, int]) -> None:
    assert tuple(settled_now(settlement, quarter, SHARES, BEFORE).values()) == expected


def test_quarters_and_their_reports() -> None:
    assert [quarter_ends_on(2026, quarter) for quarter in (1, 2, 3, 4)] == [
        date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)
    ]  # fmt: skip
    assert report_due_on(2026, 1) == date(2026, 7, 20)
    assert report_due_on(2026, 4, 25) == date(2027, 4, 25)


def test_what_stops_the_end_of_a_year() -> None:
    assert blocks_year_end(unallocated_pence=0, unsigned=[], undisclosed_disputes=[]) == []
    found = blocks_year_end(unallocated_pence=-1, unsigned=["NHS"], undisclosed_disputes=["Police"])
    assert ["nobody" in found[0], "NHS" in found[1], "Police" in found[2]] == [True, True, True]


def test_a_steps_days_are_working_days() -> None:
    officers, chiefs, _ = DISPUTE_STEPS
    # From a Friday before the bank holiday of 4 May.
    assert step_ends_on(date(2026, 5, 1), officers) == date(2026, 5, 18)
    assert step_ends_on(date(2026, 5, 18), chiefs) == date(2026, 6, 2)
    assert [each.days for each in DISPUTE_STEPS] == [10, 10, 20]


def test_a_dispute_freezes_its_own_lines_only() -> None:
    assert frozen({"CAMHS": 5, "Locality": -3}, ["CAMHS"]) == ({"Locality": -3}, {"CAMHS": 5})


LEAVING = Leaving(
    contributed={"Council": 20_000, "NHS": 8_000},
    weights={"Council": 5, "NHS": 2},
    spent=21_000,
    committed=2_800,
    assets=700,
    kept={"Council": 700},
    redundancy={"Council": 0, "NHS": 1_400},
)


def test_the_statement_when_an_agreement_ends() -> None:
    found = exit_statement(LEAVING)
    council, nhs = found["Council"], found["NHS"]
    assert (council.spending, council.contracts, council.assets, council.kept) == (15_000, 2_000, 500, 700)
    assert (council.redundancy, nhs.redundancy) == (1_000, -1_000)
    assert (council.balance, nhs.balance) == (1_800, 2_400)
    employers = exit_statement(Leaving(**{**_as_dict(LEAVING), "redundancy_rule": Redundancy.EMPLOYER}))
    assert (employers["Council"].balance, employers["NHS"].balance) == (2_800, 1_400)


def _as_dict(leaving: Leaving) -> dict[str, object]:
    return {name: getattr(leaving, name) for name in leaving.__dataclass_fields__}


money = st.integers(0, 10**9)


@given(st.lists(st.tuples(money, st.integers(1, 100), money), min_size=2, max_size=5), money, money, money)
def test_what_everybody_gets_is_what_is_there(
    partners: list[tuple[int, int, int]], spent: int, committed: int, assets: int
) -> None:
    names = [f"P{place}" for place in range(len(partners))]
    leaving = Leaving(
        contributed={name: each[0] for name, each in zip(names, partners, strict=True)},
        weights={name: each[1] for name, each in zip(names, partners, strict=True)},
        spent=spent,
        committed=committed,
        assets=assets,
        kept={names[0]: assets},
        redundancy={name: each[2] for name, each in zip(names, partners, strict=True)},
    )
    found = exit_statement(leaving)
    assert sum(each.balance for each in found.values()) == sum(leaving.contributed.values()) - spent - committed
    assert sum(each.redundancy for each in found.values()) == 0
