"""The appraisal engine: what was published, what was agreed, and what must hold for any model."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from typing import Any

import pytest

from joinedup.engines.appraisal import (
    DEFLATORS,
    GRADES,
    GRADES_FROM,
    SCHEDULES,
    appraise,
    model_data,
    model_toml,
    origins,
    read,
    read_text,
    schedule_named,
    tornado,
    verdict,
    warnings,
    what_ifs,
)
from joinedup.engines.tests.appraisal_again import appraised_again, discount_factor, random_model

BENEFIT: dict[str, Any] = {
    "code": "SS1.0", "prevalence": 1, "engagement": 1, "retention": 1, "impact": 1, "deadweight": 0,
    "unit_cost": {"fiscal": 100}, "agencies": {"Council": 1}, "grade": 1,
}  # fmt: skip
COST: dict[str, Any] = {"amounts": [100.0], "grade": 1, "agencies": {"Council": 1}}


def a_model(**changed: Any) -> dict[str, Any]:
    years = changed.get("years", 1)
    usual = {"years": years, "discount": 0, "cohort": {"size": 1}, "benefits": [BENEFIT]}
    usual["costs"] = [{**COST, "amounts": [100] + [0] * (years - 1)}]
    return {**usual, **changed}


def answer(**changed: Any) -> dict[str, Any]:
    return appraise(read(a_model(**changed))).as_data()


# What was published ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("t", "factor"),
    [(0, 1.0), (1, 0.966184), (5, 0.841973), (10, 0.708919), (30, 0.356278), (31, 0.345901), (75, 0.094214), (76, 0.091916), (125, 0.027411)],
)  # fmt: skip
def test_the_green_book_s_discount_factors(t: int, factor: float) -> None:
    factors = SCHEDULES["green-book"].factors(400)
    assert factors[t] == pytest.approx(factor, abs=5e-7)
    assert factors[t] == pytest.approx(float(discount_factor("green-book", t)), rel=1e-12)


def test_every_kink_is_where_it_is_published() -> None:
    rates = SCHEDULES["green-book"].rates(400)
    kinks = {t: float(rates[t]) for t in range(1, 400) if t == 1 or rates[t] != rates[t - 1]}
    assert kinks == {1: 0.035, 31: 0.03, 76: 0.025, 126: 0.02, 201: 0.015, 301: 0.01}


def test_the_stream_that_the_r_package_publishes() -> None:
    """greenbook's readme: costs 100, 50, 50, then 30 a year for seven years."""
    stream = {**BENEFIT, "lag": 3, "unit_cost": {"fiscal": 30}}
    cost = {**COST, "amounts": [100, 50, 50, 0, 0, 0, 0, 0, 0, 0]}
    found = answer(years=10, discount="green-book", costs=[cost], benefits=[stream])
    assert found["npv_fiscal"] == pytest.approx(-23.744947, abs=5e-7)
    assert found["bcr_fiscal"] == pytest.approx(0.878221, abs=5e-7)


def test_a_chain_of_social_value_published_elsewhere() -> None:
    """60 people at £8,500, 40 % deadweight, 70 % attribution, 30 % drop-off, on £250,000: 1.436 over two years."""
    line = {
        **BENEFIT,
        "unit_cost": {"social": 8500},
        "agencies": {},
        "deadweight": 0.4,
        "attribution": 0.7,
        "drop_off": 0.3,
    }
    found = answer(
        years=2, discount=0.035, cohort={"size": 60}, benefits=[line], costs=[{**COST, "amounts": [250_000, 0]}]
    )
    assert found["bcr_public"] == pytest.approx(1.436, abs=5e-4)


@pytest.mark.parametrize(("net", "ratio", "cost"), [(366e6, 2.28, 285.9e6), (147e6, 1.51, 288.2e6)])
def test_net_is_cost_times_ratio_less_one(net: float, ratio: float, cost: float) -> None:
    """The national evaluation of Troubled Families, 2019, publishes net and ratio: the cost they imply gives them back."""
    line = {**BENEFIT, "unit_cost": {"fiscal": cost * ratio}}
    found = answer(benefits=[line], costs=[{**COST, "amounts": [cost]}])
    assert found["bcr_fiscal"] == pytest.approx(ratio)
    assert found["npv_fiscal"] == pytest.approx(cost * (ratio - 1))
    assert found["npv_fiscal"] == pytest.approx(net, rel=0.005)


@pytest.mark.parametrize(
    ("value", "year", "updated"),
    [(51_080, "2013/14", 52_675.64), (1_515, "2010/11", 1_650.27), (9_219, "2005/06", 11_472.95), (25_000, "2005/06", 31_112.23)],
)  # fmt: skip
def test_published_cells_of_the_unit_cost_database(value: float, year: str, updated: float) -> None:
    assert value * DEFLATORS["gdp-2015"].factor(year, "2015/16") == pytest.approx(updated, abs=0.005)


@pytest.mark.parametrize(
    ("year", "index"), [("2008/09", 170.650), ("2010/11", 179.907), ("2013/14", 190.033), ("2015/16", 195.970)]
)
def test_published_cells_of_the_deflator(year: str, index: float) -> None:
    assert DEFLATORS["gdp-2015"].index(year) == pytest.approx(index, abs=5e-4)


def test_calendar_years_give_financial_years() -> None:
    later = DEFLATORS["gdp-2025"]
    assert later.index("2023/24") == pytest.approx(0.75 * 96.2507 + 0.25 * 100)
    assert (later.index("2024/25"), later.index("1989"), DEFLATORS["gdp-2015"].index("2015")) == (None, None, None)
    with pytest.raises(KeyError, match="2024/25"):
        later.factor("2008/09", "2024/25")


def test_every_table_says_where_it_is_from_and_what_is_not_in_force_is_only_had_by_name() -> None:
    tables = [*(each.origin for each in SCHEDULES.values()), *(each.origin for each in DEFLATORS.values()), GRADES_FROM]
    assert all(each.source and each.dated and each.title for each in tables)
    proposed = SCHEDULES["proposed-2026"]
    assert (proposed.origin.in_force, proposed.origin.verified, GRADES_FROM.verified) == (False, False, False)
    for name in ("Green Book", "green_book", "GREENBOOK", "stpr", "standard", "Green-Book 2026"):
        assert schedule_named(name) is SCHEDULES["green-book"]
    assert schedule_named("3.0") is None
    model = read(a_model(years=3, discount="proposed-2026"))
    assert "PROPOSED, NOT IN FORCE" in str(origins(model)[0])
    assert any("not in force" in words for words in warnings(model))
    assert "3.5 % declining" in str(origins(read(a_model(discount=0.03)))[0])


def test_optimism_bias_by_grade() -> None:
    assert [grade.optimism_bias for grade in GRADES.values()] == [0, 0.05, 0.10, 0.15, 0.25, 0.40]


# What was agreed -----------------------------------------------------------------------------------------------------


def test_a_case_worked_by_hand() -> None:
    """Two intakes, a lag of a year, a tenth dropping off, at a flat 10 %."""
    found = answer(
        years=3,
        discount=0.1,
        cohort={"size": [100, 200]},
        costs=[{"amounts": [1000, 500, 0], "grade": 3, "agencies": {"Council": 0.6, "NHS": 0.4}}],
        benefits=[
            {
                "code": "A", "prevalence": 0.5, "engagement": 0.8, "retention": 0.9, "impact": 0.25, "deadweight": 0.2,
                "unit_cost": {"fiscal": 100, "economic": 10, "social": 5}, "agencies": {"NHS": 0.25, "Police": 0.75},
                "lag": 1, "drop_off": 0.1, "grade": 4, "cashable": 0.5,
            }
        ],
    )  # fmt: skip
    events = 0.5 * 0.8 * 0.9 * 0.25 * 0.8  # of one person: 0.072
    years = [0, 100 * events, (100 * 0.9 + 200) * events]
    pv_people = years[1] / 1.1 + years[2] / 1.21
    fiscal, cost = pv_people * 0.85 * 100, 1.1 * (1000 + 500 / 1.1)
    assert found["pv_cost"] == pytest.approx(cost)
    assert found["pv_fiscal"] == pytest.approx(fiscal)
    assert found["pv_social_economic"] == pytest.approx(fiscal * 0.15)
    assert found["gross_nominal"] == pytest.approx(sum(years) * 100)
    assert found["cashable"] == pytest.approx(fiscal / 2)
    assert found["switching_value"] == pytest.approx(cost / fiscal)
    assert found["agencies"]["NHS"]["return"] == pytest.approx(fiscal * 0.25 / (cost * 0.4))
    assert found["agencies"]["Police"] == {"pv_cost": 0, "pv_benefit": pytest.approx(fiscal * 0.75), "return": None}
    assert list(found["agencies"]) == ["Council", "NHS", "Police"]
    assert found["equalising_transfers"]["Council"] == pytest.approx(-cost * 0.6 * fiscal / cost)
    assert found["payback_year"] == 3


@pytest.mark.parametrize(
    ("changed", "payback"),
    [
        ({"years": 1}, 1),
        ({"years": 3, "discount": 0.1}, 1),
        ({"years": 3, "benefits": [{**BENEFIT, "lag": 1}]}, 2),
        ({"years": 3, "benefits": [{**BENEFIT, "lag": 1}], "discount": 0.01}, 3),
        ({"years": 3, "benefits": [{**BENEFIT, "unit_cost": {"fiscal": 33.4}}]}, 3),
        ({"years": 3, "benefits": [{**BENEFIT, "unit_cost": {"fiscal": 33.3}}]}, None),
        ({"years": 3, "benefits": [{**BENEFIT, "prevalence": 0.1, "unit_cost": {"fiscal": 1000 / 3}}]}, 3),
        ({"years": 2, "costs": [{**COST, "amounts": [0, 0]}], "benefits": []}, 1),
    ],
)
def test_payback_is_the_first_year_whose_sums_so_far_meet(changed: dict[str, Any], payback: int | None) -> None:
    assert answer(**changed)["payback_year"] == payback


def test_what_cannot_be_divided_is_null() -> None:
    free = answer(costs=[{**COST, "amounts": [0], "agencies": {"Council": 0, "NHS": 1}}])
    assert (free["bcr_fiscal"], free["bcr_public"], free["switching_value"]) == (None, None, 0)
    assert free["equalising_transfers"] == {"Council": None, "NHS": None}
    assert {each["return"] for each in free["agencies"].values()} == {None}
    fruitless = answer(benefits=[])
    assert (fruitless["bcr_fiscal"], fruitless["switching_value"], fruitless["payback_year"]) == (0, None, None)
    assert json.loads(json.dumps(free, allow_nan=False)) == free


def test_a_losing_programme_is_said_to_lose() -> None:
    losing = appraise(read(a_model(benefits=[{**BENEFIT, "unit_cost": {"fiscal": 84}}])))
    assert verdict(losing) == (
        "It loses money for public purses: every £1 brings £0.84 back over 1 year, £16 less than it costs."
        " It loses with economic and social value counted too: every £1 is worth £0.84."
    )
    social = appraise(read(a_model(benefits=[{**BENEFIT, "unit_cost": {"fiscal": 84, "social": 50}}])))
    assert verdict(social).endswith("With economic and social value counted, every £1 is worth £1.34.")
    assert verdict(appraise(read(a_model()))).startswith(
        "It pays: every £1 brings public purses £1.00 back over 1 year"
    )
    assert "costs nothing" in verdict(appraise(read(a_model(costs=[]))))


def test_prices_are_brought_to_the_model_s_year_by_one_deflator() -> None:
    line = {**BENEFIT, "unit_cost": {"fiscal": 51_080}, "price_year": "2013-14", "rag": "A", "caveat": "An average."}
    model = read(a_model(price_year="2015/2016", deflator="gdp-2015", benefits=[line]))
    assert appraise(model).pv_fiscal == pytest.approx(52_675.637, abs=0.001)
    assert "the source rates its unit cost amber" in " ".join(warnings(model))
    assert "An average." in " ".join(warnings(model))
    old = read(a_model(price_year=2024, benefits=[{**line, "price_year": "2008/09"}]))
    assert any("2008/09 prices, 16 years old" in words for words in warnings(old))


def test_warnings_about_lines() -> None:
    model = read(a_model(costs=[{**COST, "amounts": [0]}], benefits=[BENEFIT, {**BENEFIT, "lag": 5}]))
    said = " ".join(warnings(model))
    assert "2 lines are called SS1.0" in said
    assert "would start after 5 years" in said
    assert "Every cost is nought" in said


# What must hold for any model ------------------------------------------------------------------------------------------


def _close(found: Any, expected: Any, scale: float) -> bool:
    if isinstance(expected, dict):
        return list(found) == list(expected) and all(_close(found[key], expected[key], scale) for key in expected)
    if expected is None or found is None:
        return found is expected
    return math.isclose(found, float(expected), rel_tol=1e-9, abs_tol=1e-12 * scale)


@pytest.mark.parametrize("seed", range(20))
def test_a_second_program_finds_the_same(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(100):
        data = random_model(draw)
        found, expected = appraise(read(data)).as_data(), appraised_again(data)
        scale = 1 + float(expected["pv_cost"] + expected["pv_fiscal"] + expected["pv_social_economic"])
        for key in expected:
            assert _close(found[key], expected[key], scale), (key, found[key], expected[key], data)


def _some_models(count: int, seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [random_model(draw) for _ in range(count)]


def test_the_order_of_lines_changes_no_digit() -> None:
    for data in _some_models(200, 71):
        turned = {**data, "costs": data["costs"][::-1], "benefits": data["benefits"][::-1]}
        one, other = appraise(read(data)).as_data(), appraise(read(turned)).as_data()
        assert one == other


def test_twice_the_people_and_twice_the_cost_is_twice_everything() -> None:
    for data in _some_models(200, 72):
        size = data["cohort"]["size"]
        twice = {
            **data,
            "cohort": {"size": [2 * each for each in size] if isinstance(size, list) else 2 * size},
            "costs": [{**line, "amounts": [2 * each for each in line["amounts"]]} for line in data["costs"]],
        }
        one, two = appraise(read(data)), appraise(read(twice))
        for name in ("pv_cost", "pv_fiscal", "pv_social_economic", "npv_fiscal", "npv_public", "pv_cashable"):
            assert getattr(two, name) == pytest.approx(2 * getattr(one, name), rel=1e-12)
        assert (one.bcr_fiscal, one.payback_year) == (pytest.approx(two.bcr_fiscal), two.payback_year)


def test_two_cases_side_by_side_add_up() -> None:
    for data in _some_models(100, 73):
        half, rest = len(data["benefits"]) // 2, len(data["costs"]) // 2
        parts = [
            {**data, "benefits": data["benefits"][:half], "costs": data["costs"][:rest]},
            {**data, "benefits": data["benefits"][half:], "costs": data["costs"][rest:]},
        ]
        whole = appraise(read(data))
        both = [appraise(read(part)) for part in parts]
        assert whole.npv_public == pytest.approx(sum(each.npv_public for each in both), rel=1e-9, abs=1e-6)


def test_agencies_add_up_and_transfers_come_to_nothing() -> None:
    for data in _some_models(300, 74):
        found = appraise(read(data))
        scale = 1 + found.pv_cost + found.pv_fiscal
        assert math.fsum(each.pv_cost for each in found.agencies.values()) == pytest.approx(found.pv_cost)
        assert math.fsum(each.pv_benefit for each in found.agencies.values()) == pytest.approx(found.pv_fiscal)
        assert math.fsum(each.pv_cashable for each in found.agencies.values()) == pytest.approx(found.pv_cashable)
        if found.pv_cost:
            transfers = [each for each in found.equalising_transfers.values() if each is not None]
            assert abs(math.fsum(transfers)) < 1e-9 * scale
        factors = found.model.discount.factors(found.model.years)
        assert math.fsum(year.fiscal * f for year, f in zip(found.yearly, factors, strict=True)) == pytest.approx(
            found.pv_fiscal
        )
        assert math.fsum(year.cashable * f for year, f in zip(found.yearly, factors, strict=True)) == pytest.approx(
            found.pv_cashable
        )


def test_a_written_model_reads_back_as_the_same() -> None:
    for data in _some_models(300, 75):
        model = read(data)
        assert read_text(model_toml(model)) == model
        assert read_text(json.dumps(model_data(model))) == model
    odd = read(
        a_model(name='A "name" of \\ é😀', benefits=[{**BENEFIT, "agencies": {"St. Ann’s = x": 1}, "source": "#1"}])
    )
    assert read_text(model_toml(odd)) == odd


# What the answer hangs on ----------------------------------------------------------------------------------------------


def test_each_bar_of_the_tornado_is_what_a_model_with_that_value_gives() -> None:
    for data in _some_models(60, 76):
        model = read(data)
        for bar in tornado(model):
            path = bar.path.removeprefix("$.").replace("]", "").replace("[", ".").split(".")
            for value, fiscal, public in (
                (bar.low, bar.npv_fiscal_low, bar.npv_public_low),
                (bar.high, bar.npv_fiscal_high, bar.npv_public_high),
            ):
                if path[0] == "discount":
                    continue
                changed = appraise(_with(model, path, value))
                assert fiscal == pytest.approx(changed.npv_fiscal, rel=1e-9, abs=1e-5), bar
                assert public == pytest.approx(changed.npv_public, rel=1e-9, abs=1e-5), bar
            if bar.breaks_even_at is not None and bar.breaks_even_at < 1e6:
                even = appraise(_with(model, path, bar.breaks_even_at)).npv_fiscal
                assert even == pytest.approx(0, abs=1e-6 * (1 + model_size(model))), bar


def model_size(model: Any) -> float:
    found = appraise(model)
    return found.pv_cost + found.pv_fiscal


def _with(model: Any, path: list[str], value: float) -> Any:
    if path[0] == "cohort":
        return replace(model, intakes=tuple(each * value for each in model.intakes))
    place, name = int(path[1]), path[2]
    lines = list(getattr(model, path[0]))
    line = lines[place]
    if name == "amounts":
        lines[place] = replace(line, amounts=tuple(each * value for each in line.amounts))
    elif name == "unit_cost":
        unit = line.unit_cost
        lines[place] = replace(
            line,
            unit_cost=replace(
                unit, fiscal=unit.fiscal * value, economic=unit.economic * value, social=unit.social * value
            ),
        )
    else:
        lines[place] = replace(line, **{name: value})
    return replace(model, **{path[0]: tuple(lines)})


def test_the_widest_bar_stands_first_and_dearer_discounting_lowers_what_comes_late() -> None:
    model = read(
        a_model(years=10, discount="green-book", benefits=[{**BENEFIT, "lag": 5, "grade": 4, "deadweight": 0.3}])
    )
    bars = tornado(model)
    assert [bar.width for bar in bars] == sorted((bar.width for bar in bars), reverse=True)
    discount = next(bar for bar in bars if bar.path == "$.discount")
    assert (discount.low, discount.high) == pytest.approx((0.03, 0.04))
    assert discount.npv_fiscal_low > discount.npv_fiscal_high


def test_what_ifs() -> None:
    asked = {each.sentence: each for each in what_ifs(read(a_model(years=2, benefits=[{**BENEFIT, "grade": 3}])))}
    assert asked["Benefits start a year later"].npv_fiscal == pytest.approx(90 - 100)
    assert asked["All evidence is a grade worse"].npv_fiscal == pytest.approx(2 * 85 - 105)
    assert asked["Half the impact"].npv_fiscal == pytest.approx(90 - 100)
    assert asked["Costs a tenth higher"].npv_fiscal == pytest.approx(180 - 110)
    assert asked["No optimism bias"].npv_fiscal == pytest.approx(100)
