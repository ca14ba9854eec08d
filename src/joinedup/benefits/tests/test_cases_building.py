"""Building a case: form and model say the same, what is left is listed, changes come in words. No database."""

from __future__ import annotations

import random
from importlib import resources
from typing import Any

import pytest

from joinedup.benefits.case_building import (
    PART,
    PARTS,
    State,
    answers,
    asks,
    faults,
    mark_of,
    put,
    state_of,
    without_line,
)
from joinedup.benefits.case_changes import differences
from joinedup.benefits.case_figures import Kind, said, shown, value_of
from joinedup.engines.appraisal import model_data, read, read_text
from joinedup.engines.tests.appraisal_again import random_model

AGENCIES = [("COUNCIL", "Exampleshire Council"), ("NHS", "Exampleshire NHS"), ("POLICE", "Exampleshire Police")]


def example() -> dict[str, Any]:
    text = resources.files("joinedup.engines.appraisal").joinpath("examples/early-support.toml").read_bytes()
    return model_data(read_text(text))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.PER_CENT, "60", 0.6), (Kind.PER_CENT, "12.5 %", 0.125), (Kind.PER_CENT, "0", 0.0),
        (Kind.PER_CENT, "29", 0.29), (Kind.PER_HUNDRED, "110", 1.1), (Kind.POUNDS, "£51,080", 51080.0),
        (Kind.POUNDS, "2470.50", 2470.5), (Kind.PEOPLE, "525", 525.0), (Kind.YEARS, "2", 2), (Kind.GRADE, "3", 3),
        (Kind.PRICE_YEAR, "2015-16", "2015/16"), (Kind.SCHEDULE, "green-book", "green-book"), (Kind.SCHEDULE, "3.5", 0.035),
        (Kind.WORDS, "  two   words ", "two words"), (Kind.PER_CENT, "   ", None),
    ],
)  # fmt: skip
def test_what_is_typed(kind: Kind, typed: str, value: Any) -> None:
    assert value_of(kind, typed) == value
    assert value_of(kind, said(kind, value)) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.PER_CENT, "101"), (Kind.PER_CENT, "-1"), (Kind.PER_CENT, "most"), (Kind.POUNDS, "1e5"), (Kind.POUNDS, "٣"),
        (Kind.POUNDS, "9" * 20), (Kind.YEARS, "1.5"), (Kind.YEARS, "61"), (Kind.GRADE, "7"), (Kind.PRICE_YEAR, "15/16"),
        (Kind.SCHEDULE, "fair"), (Kind.DEFLATOR, "rpi"), (Kind.PER_HUNDRED, "nan"), (Kind.POUNDS, "1" * 500),
    ],
)  # fmt: skip
def test_what_is_no_answer(kind: Kind, typed: str) -> None:
    with pytest.raises(ValueError, match=r"must be|is more than"):
        value_of(kind, typed)


def test_any_number_comes_back_to_the_last_digit() -> None:
    draw = random.Random(7)
    for _ in range(2000):
        number = draw.random() * 10.0 ** draw.randint(-12, 0)
        assert value_of(Kind.PER_CENT, said(Kind.PER_CENT, number)) == number
        pounds = draw.random() * 10.0 ** draw.randint(0, 14)
        assert value_of(Kind.POUNDS, said(Kind.POUNDS, pounds)) == pounds


def through_the_pages(model: dict[str, Any]) -> dict[str, Any]:
    """The model typed in anew, page after page."""
    made: dict[str, Any] = {}
    for part in PARTS:
        places = range(len(model[part.lines])) if part.lines else range(1)
        for place in places:
            typed = answers(part.code, model, AGENCIES, place)
            # A page asks for the agencies that the model names, as if somebody had named them on it.
            wanted = {each.name: each for each in asks(part.code, model, AGENCIES, place)}
            values = {name: value_of(wanted[name].kind, text) for name, text in typed.items()}
            before = {**made, **{kind: made.get(kind, []) for kind in ("costs", "benefits")}}
            names = sorted(
                {name for line in [*model["costs"], *model["benefits"]] for name in line.get("agencies", {})}
            )
            others = [(name, name) for name in names if name not in dict(AGENCIES)]
            made = put(part.code, before, [*AGENCIES, *others], values, place)
    return made


def test_a_model_typed_in_anew_is_the_same_model() -> None:
    """The property the pages stand on, over random models."""
    draw = random.Random(11)
    for model in [example(), *(random_model(draw) for _ in range(150))]:
        data = model_data(read(model))
        if not data["costs"] or not data["benefits"]:
            continue
        data.pop("name", None)
        assert read(through_the_pages(data)) == read(data)


def test_pages_sent_back_unchanged_change_nothing() -> None:
    model = example()
    for part in PARTS:
        for place in range(len(model[part.lines])) if part.lines else range(1):
            kinds = {each.name: each.kind for each in asks(part.code, model, AGENCIES, place)}
            values = {n: value_of(kinds[n], text) for n, text in answers(part.code, model, AGENCIES, place).items()}
            assert differences(model, put(part.code, model, AGENCIES, values, place)) == []


def test_what_is_left_to_do() -> None:
    """An empty case, a half-finished one and one with a mistake say what mends them, and where."""
    begun = {"years": 3, "discount": "green-book", "price_year": "2024"}
    assert [each.sentence for each in faults(begun)] == [
        "How many people join is not said yet.", "No benefit is said yet.", "No cost is said yet.",
    ]  # fmt: skip
    states = {part.code: state_of(part, begun, faults(begun)) for part in PARTS}
    assert states == {
        "frame": State.DONE, "who": State.EMPTY, "changes": State.EMPTY, "sure": State.EMPTY, "worth": State.EMPTY,
        "gains": State.EMPTY, "costs": State.EMPTY, "pays": State.EMPTY,
    }  # fmt: skip
    half = begun | {"cohort": {"size": [10.0]}, "benefits": [{"code": "B1", "name": "Fewer moves", "impact": 0.5}]}
    wrong = faults(half)
    assert ("changes", 0, "Fewer moves: how many have the need is not said yet.") in [
        (each.part, each.place, each.sentence) for each in wrong
    ]
    assert state_of(PART["changes"], half, wrong) is State.BEGUN
    assert state_of(PART["worth"], half, wrong) is State.EMPTY
    broken = example()
    broken["costs"][1]["agencies"] = {"COUNCIL": 0.5}
    [only] = faults(broken)
    assert (only.part, only.place, only.is_missing) == ("pays", 1, False)
    assert "add up to 1, not 0.5" in only.sentence
    assert state_of(PART["pays"], broken, [only]) is State.WRONG
    assert all(state_of(part, example(), []) is State.DONE for part in PARTS)


def test_fewer_years_leave_amounts_to_mend() -> None:
    """Nothing is cut off behind anybody's back: the page of the cost says that there is a year too many."""
    model = put("frame", example(), AGENCIES, {"years": 3, "discount": "green-book", "price_year": "2024"})
    assert {each.part for each in faults(model)} == {"who", "costs"}
    typed = answers("costs", model, AGENCIES, 0)
    assert [name for name in typed if name.startswith("amount")] == ["amount_0", "amount_1", "amount_2"]


def test_changes_in_words() -> None:
    old, new = example(), example()
    new["benefits"][0]["engagement"] = 0.45
    new["benefits"][1]["grade"] = 6
    new["costs"][0]["amounts"][2] = 2_500_000
    new["costs"][0]["agencies"] = {"Council": 0.6, "NHS": 0.2, "Police": 0.2}
    new["cohort"]["size"][0] = 450
    new["discount"] = 0.03
    new["benefits"][2]["unit_cost"]["economic"] = 900
    assert differences(old, new, {"NHS": "Exampleshire NHS"}) == [
        "Discounting: from green-book to 3 %",
        "People who join: year 1 from 400 to 450",
        "Engagement of “Children who do not come into care”: from 80 % to 45 %",
        "Evidence of “Domestic abuse incidents avoided”: from grade 4 to grade 6",
        "Worth in earnings and output of “Persistent absence avoided”: from £842 to £900",
        "Amounts of “Three locality teams”: year 3 from £2,400,000 to £2,500,000",
        "Share of Council in “Three locality teams”: from 55 % to 60 %",
        "Share of Exampleshire NHS in “Three locality teams”: from 25 % to 20 %",
    ]
    assert differences(old, without_line(old, "benefits", 1)) == ["Benefit “Domestic abuse incidents avoided” is gone"]
    assert differences(without_line(old, "costs", 0), old) == ["Cost “Three locality teams” is new"]
    assert differences({}, {}) == [] == differences(old, example())


def test_a_mark_tells_whether_a_page_is_still_what_it_was() -> None:
    one, other = example(), example()
    other["costs"][0]["amounts"][0] = 1.0
    other["benefits"][0]["unit_cost"] = {"fiscal": 2.0}
    same = {(part.code, 0): mark_of(part.code, one, 0) == mark_of(part.code, other, 0) for part in PARTS}
    assert [part for (part, _), is_same in same.items() if not is_same] == ["worth", "costs"]
    assert mark_of("worth", one, 1) != mark_of("worth", without_line(one, "benefits", 1), 1)
    assert mark_of("changes", one, 3) == mark_of("changes", {})  # a new line


def test_figures_for_reading() -> None:
    assert [shown(Kind.PER_CENT, 0.6), shown(Kind.POUNDS, 51080.0), shown(Kind.GRADE, 3), shown(Kind.YEARS, 1)] == [
        "60 %", "£51,080", "grade 3", "1 year",
    ]  # fmt: skip
