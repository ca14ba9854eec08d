"""Risk share: the golden cases, what always holds of every method, and a second way of working it out."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.riskshare import digest, read, read_text, recorded, share_out
from joinedup.engines.tests.riskshare_again import shared_again

SWINDON = {"Council": 20_000_000_00, "NHS": 8_000_000_00}
SCHEMES = {"CAMHS": 600_000_00, "Locality": 900_000_00, "Short breaks": -100_000_00}
OVERSPEND = 1_400_000_00
HALVES = {"name": "fixed", "shares": {"Council": 1, "NHS": 1}}


def shared(
    method: dict[str, Any],
    variance: int = OVERSPEND,
    partners: dict[str, int] | None = None,
    by_scheme: dict[str, int] | None = None,
) -> dict[str, int]:
    case = {"variance_pence": variance, "by_scheme": SCHEMES if by_scheme is None else by_scheme, "method": method}
    return share_out(read({**case, "partners": partners or SWINDON})).as_data()


GOLDEN: list[tuple[str, dict[str, Any], dict[str, int]]] = [
    ("RS1", {"name": "proportional"}, {"Council": 1_000_000_00, "NHS": 400_000_00, "unallocated": 0}),
    ("RS2", HALVES, {"Council": 700_000_00, "NHS": 700_000_00, "unallocated": 0}),
    (
        "RS3",
        {"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": "Council", "Short breaks": "Council"}},
        {"Council": 800_000_00, "NHS": 600_000_00, "unallocated": 0},
    ),
    (
        "RS4",
        {
            "name": "commissioned",
            "shares": {
                "CAMHS": {"Council": 20, "NHS": 80},
                "Locality": {"Council": 75, "NHS": 25},
                "Short breaks": {"Council": 60, "NHS": 40},
            },
        },
        {"Council": 735_000_00, "NHS": 665_000_00, "unallocated": 0},
    ),
    (
        "RS5",
        {"name": "capped", "caps": {"NHS": 250_000_00}},
        {"Council": 1_150_000_00, "NHS": 250_000_00, "unallocated": 0},
    ),
    (
        "RS5b",
        {"name": "capped", "caps": {"Council": 900_000_00, "NHS": 250_000_00}},
        {"Council": 900_000_00, "NHS": 250_000_00, "unallocated": 250_000_00},
    ),
    (
        "RS6",
        {
            "name": "tiered",
            "tiers": [
                {"width": 300_000_00, "method": {"name": "contingency"}},
                {"width": 500_000_00, "method": HALVES},
                {"width": 400_000_00, "method": {"name": "proportional"}},
                {"width": None, "method": {"name": "fixed", "shares": {"Council": 1}}},
            ],
        },
        {"Council": 735_714_29, "NHS": 364_285_71, "contingency": 300_000_00, "unallocated": 0},
    ),
]


@pytest.mark.parametrize(("method", "expected"), [each[1:] for each in GOLDEN], ids=[each[0] for each in GOLDEN])
def test_swindons_overspend(method: dict[str, Any], expected: dict[str, int]) -> None:
    assert shared(method) == expected


def test_rs7_a_hundred_pounds_over_three_equal_partners() -> None:
    thirds = {"Council": 5, "NHS": 5, "Police": 5}
    assert shared({"name": "proportional"}, 100_00, thirds) == {
        "Council": 33_34,
        "NHS": 33_33,
        "Police": 33_33,
        "unallocated": 0,
    }


def test_rs8_an_underspend_goes_back_in_proportion() -> None:
    back = {"Council": -250_000_00, "NHS": -100_000_00, "unallocated": 0}
    assert shared({"name": "proportional"}, -350_000_00) == back
    assert shared({"name": "capped", "caps": {"Council": 1, "NHS": 0}}, -350_000_00) == back
    assert shared(GOLDEN[6][1], -350_000_00) == back


def test_what_is_wider_than_every_tier_is_nobodys() -> None:
    tiers = [{"width": 100_00, "method": HALVES}, {"width": 0, "method": {"name": "contingency"}}]
    assert shared({"name": "tiered", "tiers": tiers}, 250_00) == {"Council": 50_00, "NHS": 50_00, "unallocated": 150_00}


def test_a_cap_within_a_tier_is_of_that_tier() -> None:
    tiers = [{"width": 100_00, "method": {"name": "capped", "caps": {"Council": 10_00, "NHS": 20_00}}}]
    assert shared({"name": "tiered", "tiers": tiers}, 100_00) == {
        "Council": 10_00,
        "NHS": 20_00,
        "unallocated": 70_00,
    }


def test_a_tier_bears_the_same_mix_of_schemes_as_the_whole() -> None:
    lead = {"name": "responsible", "lead": {"CAMHS": "NHS", "Locality": "Council", "Short breaks": "Council"}}
    tiers = [{"width": 140_000_00, "method": lead}, {"width": None, "method": {"name": "contingency"}}]
    assert shared({"name": "tiered", "tiers": tiers}) == {
        "Council": 80_000_00,
        "NHS": 60_000_00,
        "contingency": 1_260_000_00,
        "unallocated": 0,
    }


def test_schemes_need_not_add_up_unless_the_method_asks() -> None:
    assert shared({"name": "proportional"}, 28, by_scheme={"CAMHS": 5}) == {"Council": 20, "NHS": 8, "unallocated": 0}
    assert share_out(read({"variance_pence": 0, "partners": {"A": 0}, "method": {"name": "fixed", "shares": {"A": 1}}}))


def test_weights_are_read_as_they_are_written() -> None:
    text = '{"variance_pence": 1000, "partners": {"A": 0, "B": 0},'
    text += ' "method": {"name": "fixed", "shares": {"A": 0.1, "B": 0.2}}}'
    assert share_out(read_text(text)).as_data() == {"A": 333, "B": 667, "unallocated": 0}


def test_a_record_says_what_went_in_and_what_came_out() -> None:
    inputs = json.dumps({"variance_pence": 28, "partners": SWINDON, "method": {"name": "proportional"}})
    _, result, record = recorded(inputs)
    assert record.output == result.as_data() == {"Council": 20, "NHS": 8, "unallocated": 0}
    assert record.hash == digest(record.function, record.version, inputs, record.output)
    assert record.hash != digest(record.function, record.version, inputs, {**record.output, "NHS": 9})


# --- what always holds ---------------------------------------------------------------------------------------------

NAMES = ["Council", "NHS", "Police", "Schools", "Housing"]
pence = st.integers(0, 10**9)
signed = st.one_of(st.integers(-50, 50), st.integers(-(10**9), 10**9))
weight = st.one_of(st.integers(0, 5), st.integers(0, 10**6))


@st.composite
def simple_methods(draw: Any, partners: list[str], schemes: list[str]) -> dict[str, Any]:
    shares = st.fixed_dictionaries(dict.fromkeys(partners, weight)).filter(lambda found: any(found.values()))
    made: dict[str, Any] = draw(
        st.one_of(
            st.just({"name": "proportional"}),
            st.builds(lambda found: {"name": "fixed", "shares": found}, shares),
            st.builds(
                lambda found: {"name": "responsible", "lead": found},
                st.fixed_dictionaries(dict.fromkeys(schemes, st.sampled_from(partners))),
            ),
            st.builds(
                lambda found: {"name": "commissioned", "shares": found},
                st.fixed_dictionaries(dict.fromkeys(schemes, shares)),
            ),
            st.builds(
                lambda found: {"name": "capped", "caps": found},
                st.dictionaries(st.sampled_from(partners), st.one_of(st.integers(0, 60), pence)),
            ),
        )
    )
    return made


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    partners = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    contributions = draw(
        st.fixed_dictionaries(dict.fromkeys(partners, weight)).filter(lambda found: any(found.values()))
    )
    by_scheme = draw(st.dictionaries(st.sampled_from(["CAMHS", "Locality", "Short breaks"]), signed))
    simple = simple_methods(partners, list(by_scheme))
    tier = st.builds(
        lambda width, method: {"width": width, "method": method},
        st.one_of(st.integers(0, 60), pence),
        st.one_of(simple, st.just({"name": "contingency"})),
    )
    tiers = st.lists(tier, min_size=1, max_size=4)
    open_ended = st.builds(
        lambda found, is_open: [*found[:-1], {**found[-1], "width": None}] if is_open else found, tiers, st.booleans()
    )
    method = draw(st.one_of(simple, st.builds(lambda found: {"name": "tiered", "tiers": found}, open_ended)))
    asks = {"responsible", "commissioned"} & {
        each["name"] for each in [method, *(tier["method"] for tier in method.get("tiers", []))]
    }
    variance = sum(by_scheme.values()) if asks else draw(signed)
    return {"variance_pence": variance, "by_scheme": by_scheme, "partners": contributions, "method": method}


@given(cases())
def test_everything_adds_back_and_no_money_is_made(data: dict[str, Any]) -> None:
    result = share_out(read(data))
    assert sum(result.shares.values()) + result.unallocated + result.contingency == data["variance_pence"]
    assert list(result.shares) == list(data["partners"])
    for step in result.steps:
        assert sum(step.shares.values()) + step.unallocated + step.contingency == step.pence
    if data["variance_pence"] < 0:
        assert (result.unallocated, result.contingency) == (0, 0)
    else:
        assert min(result.unallocated, result.contingency) >= 0


@given(cases())
def test_both_ways_of_working_it_out_agree(data: dict[str, Any]) -> None:
    assert share_out(read(data)).as_data() == shared_again(data)


@given(cases(), st.randoms(use_true_random=False))
def test_another_order_of_partners_moves_pennies_only(data: dict[str, Any], luck: random.Random) -> None:
    names = list(data["partners"])
    luck.shuffle(names)
    one = share_out(read(data))
    other = share_out(read({**data, "partners": {name: data["partners"][name] for name in names}}))
    assert (one.unallocated, one.contingency) == (other.unallocated, other.contingency)
    assert all(abs(one.shares[name] - other.shares[name]) <= len(one.steps) for name in names)


@given(st.dictionaries(st.sampled_from(NAMES), weight, min_size=1).filter(lambda found: any(found.values())), signed)
def test_each_share_is_less_than_a_penny_from_exact_and_nothing_is_for_nobody(
    weights: dict[str, int], variance: int
) -> None:
    for method in ({"name": "proportional"}, {"name": "fixed", "shares": weights}):
        got = shared(method, variance, weights, {})
        for name, each in weights.items():
            assert abs(got[name] - Fraction(variance * each, sum(weights.values()))) < 1
            assert each or not got[name]


@given(
    st.dictionaries(st.sampled_from(NAMES), weight, min_size=1).filter(lambda found: any(found.values())),
    st.dictionaries(st.sampled_from(NAMES), st.one_of(st.integers(0, 60), pence)),
    st.one_of(st.integers(0, 100), pence),
)
def test_no_cap_is_ever_passed_and_nothing_is_left_while_somebody_is_below_theirs(
    contributions: dict[str, int], caps: dict[str, int], variance: int
) -> None:
    caps = {name: cap for name, cap in caps.items() if name in contributions}
    got = shared({"name": "capped", "caps": caps}, variance, contributions, {})
    assert all(got[name] <= cap for name, cap in caps.items())
    assert all(got[name] == 0 for name, contribution in contributions.items() if not contribution)
    if got["unallocated"]:
        assert all(got[name] == caps[name] for name, contribution in contributions.items() if contribution)


@given(signed)
def test_an_underspend_is_an_overspend_the_other_way_round(variance: int) -> None:
    for method in (GOLDEN[0][1], HALVES, {"name": "fixed", "shares": {"Council": 3, "NHS": 4}}):
        over, under = shared(method, variance, by_scheme={}), shared(method, -variance, by_scheme={})
        assert over == {name: -each for name, each in under.items()}


def test_five_thousand_cases_of_any_shape_agree_with_the_second_way() -> None:
    luck = random.Random(75)
    for _ in range(5_000):
        data = _any_case(luck)
        assert share_out(read(data)).as_data() == shared_again(data), data


def _any_case(luck: random.Random) -> dict[str, Any]:
    names = luck.sample(NAMES, luck.randint(1, 5))
    size = luck.choice((10, 1000, 10**11))
    schemes = {f"S{place}": luck.randint(-size, size) for place in range(luck.randint(0, 4))}

    def shares() -> dict[str, int]:
        return {name: luck.randint(0, 9) for name in names} | {luck.choice(names): luck.randint(1, 9)}

    def simple() -> dict[str, Any]:
        return luck.choice(
            [
                {"name": "proportional"},
                {"name": "fixed", "shares": shares()},
                {"name": "responsible", "lead": {scheme: luck.choice(names) for scheme in schemes}},
                {"name": "commissioned", "shares": {scheme: shares() for scheme in schemes}},
                {"name": "capped", "caps": {name: luck.randint(0, size) for name in names if luck.random() < 0.7}},
            ]
        )

    tiers = [
        {"width": luck.randint(0, size), "method": {"name": "contingency"} if luck.random() < 0.2 else simple()}
        for _ in range(luck.randint(1, 4))
    ]
    tiers[-1]["width"] = luck.choice((None, tiers[-1]["width"]))
    return {
        "variance_pence": sum(schemes.values()),
        "by_scheme": schemes,
        "partners": shares(),
        "method": luck.choice((simple(), {"name": "tiered", "tiers": tiers})),
    }
