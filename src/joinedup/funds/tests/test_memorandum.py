"""The memorandum account: three treatments of the same postings that always say the same of what was spent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.riskshare import read, share_out
from joinedup.funds.memorandum import Books, Treatment, Year, books

SWINDON = Year(
    host="Council",
    contributed={"Council": 20_000, "NHS": 8_000},
    received={"Council": 20_000, "NHS": 6_000},
    borne={"Council": 1_000, "NHS": 400},
    spent={"CAMHS": 9_400, "Locality": 20_000},
    paid=25_000,
)


def test_the_host_books_all_of_it() -> None:
    assert books(SWINDON, Treatment.GROSS_HOST) == {
        "Council": Books(29_400, 8_400, 1_000, 2_400, 0, 4_400),
        "NHS": Books(8_400, 0, 0, 0, 2_400, 0),
    }


def test_each_books_its_share() -> None:
    # 25,000 paid for 21,000 and 8,400 of cost: 17,857 and 7,143 (the penny over is the first partner's).
    assert books(SWINDON, Treatment.SHARE) == {
        "Council": Books(21_000, 0, 2_142, 0, 0, 3_142),
        "NHS": Books(8_400, 0, -1_142, 0, 0, 1_258),
    }


def test_the_host_is_an_agent() -> None:
    assert books(SWINDON, Treatment.AGENT) == {
        "Council": Books(21_000, 0, 1_000, 1_142, 0, 3_142),
        "NHS": Books(8_400, 0, 0, 0, 1_142, 1_258),
    }


def test_what_is_nobodys_is_the_hosts_exposure() -> None:
    year = Year(
        "Council", {"Council": 20, "NHS": 8}, {"Council": 20, "NHS": 8}, {"Council": 1, "NHS": 1}, {"A": 35}, 35, 5
    )
    assert year.adds_up
    assert (year.cost_to("Council"), year.cost_to("NHS")) == (26, 9)


@pytest.mark.parametrize(
    ("pool", "health", "council"),
    [("drugs", 1_900, 400), ("learning difficulties", 8_600, 8_700), ("equipment", 1_300, 1_100)],
)
def test_salfords_three_pools_hosted_by_health(pool: str, health: int, council: int) -> None:
    """Salford 2006, in thousands of pounds: an overspend of a tenth, shared by opening contributions."""
    opened = {"Health": health * 1_000_00, "Council": council * 1_000_00}
    over = sum(opened.values()) // 10
    case = {"variance_pence": over, "partners": opened, "method": {"name": "proportional"}}
    borne = share_out(read(case)).shares
    assert borne == {name: pence // 10 for name, pence in opened.items()}
    year = Year("Health", opened, opened, borne, {pool: over * 11}, over * 11)
    assert year.adds_up
    gross = books(year, Treatment.GROSS_HOST)
    assert gross["Health"].expenditure == over * 11
    assert gross["Health"].net == opened["Health"] * 11 // 10


amounts = st.integers(0, 10**7)
signed = st.integers(-(10**6), 10**6)


@given(
    st.lists(st.tuples(amounts, amounts, signed), min_size=1, max_size=4),
    st.integers(0, 10**7),
    st.integers(0, 10**5),
    st.sampled_from(Treatment),
)
def test_every_treatment_says_the_same_of_what_was_spent(
    partners: list[tuple[int, int, int]], paid: int, nobodys: int, treatment: Treatment
) -> None:
    names = [f"P{place}" for place in range(len(partners))]
    contributed = {name: each[0] for name, each in zip(names, partners, strict=True)}
    received = {name: each[1] for name, each in zip(names, partners, strict=True)}
    borne = {name: each[2] for name, each in zip(names, partners, strict=True)}
    spent = sum(contributed.values()) + sum(borne.values()) + nobodys
    year = Year("P0", contributed, received, borne, {"A": spent}, paid, nobodys)
    assert year.adds_up
    found = books(year, treatment)
    assert sum(each.net for each in found.values()) == spent
    for name, each in found.items():
        assert each.net == year.cost_to(name)
        # What it paid in and what it is left with are what the year cost it.
        assert received[name] - each.bank - each.owed_by_partners + each.owed_to_partners + each.owed_to_suppliers == (
            each.net
        )
    # What one is owed another owes: over all partners it comes to the bank and to what suppliers are owed.
    assert sum(each.bank for each in found.values()) == sum(received.values()) - paid
