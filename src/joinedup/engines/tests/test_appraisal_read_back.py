"""A workbook read back is the model it was written from; an edited cell comes through; what is wrong names its cell."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from typing import Any

import openpyxl
import pytest

from joinedup.engines.appraisal import BadModel, Model, read, read_text, simulate, simulate_with_shape
from joinedup.engines.appraisal.reading_back import SHEETS, cell_name, read_back
from joinedup.engines.appraisal.workbook import workbook_of
from joinedup.engines.tests.appraisal_again import random_model


def example() -> Model:
    return read_text(resources.files("joinedup.engines.appraisal").joinpath("examples/early-support.toml").read_bytes())


def rows_of(book: Any) -> dict[str, Any]:
    """Every sheet as rows of text, as the program's own opener of workbooks gives them."""

    def text(value: Any) -> str:
        if isinstance(value, float):
            return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        return "" if value is None else str(value)

    return {
        sheet.title: [(number, [text(cell) for cell in row]) for number, row in enumerate(sheet.values, start=1)]
        for sheet in book.worksheets
    }


def opened(model: Model) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_of(model)), data_only=True)


def rounded(data: Any) -> Any:
    """Figures of at most twelve digits, as people type them; shares that must add up stay."""
    if isinstance(data, dict):
        return {key: value if key == "agencies" else rounded(value) for key, value in data.items()}
    if isinstance(data, list):
        return [rounded(each) for each in data]
    return float(f"{data:.12g}") if isinstance(data, float) else data


def close(one: Model, other: Model) -> bool:
    """The same but for the sixteenth digit of shares that add up to 1 only nearly."""
    plain = [
        replace(
            each, name="",
            costs=tuple(replace(line, agencies={}) for line in each.costs),
            benefits=tuple(replace(line, agencies={}) for line in each.benefits),
        )
        for each in (one, other)
    ]  # fmt: skip
    lines = zip((*one.costs, *one.benefits), (*other.costs, *other.benefits), strict=True)
    return plain[0] == plain[1] and all(dict(a.agencies) == pytest.approx(dict(b.agencies)) for a, b in lines)


def test_what_was_written_is_read_back() -> None:
    assert read_back(rows_of(opened(example()))) == example()
    draw = random.Random(31)
    for _ in range(60):
        model = read(rounded(random_model(draw)))
        while len(model.intakes) > 1 and not model.intakes[-1]:
            model = replace(model, intakes=model.intakes[:-1])
        assert close(read_back(rows_of(opened(model))), model)


def test_an_edited_cell_comes_through() -> None:
    """Every kind of input: people, amounts, shares of agencies, what a benefit is, prices."""
    book = opened(example())
    heads = {cell.value: cell.column for cell in book["Benefits"][1]}
    book["Years"]["B4"] = 450
    book["Costs"]["H3"] = 5000.5
    book["Cost shares"]["B2"], book["Cost shares"]["C2"] = 0.6, 0.2
    for head, value in (("Impact", 0.3), ("Lag", 2), ("Grade", 4), ("Fiscal", 60_000), ("Name", "Fewer in care")):
        book["Benefits"].cell(2, heads[head]).value = value
    book["Model"]["B4"] = 0.03
    for t in range(5):
        book["Years"].cell(2, t + 2).value = 0.03
    found = read_back(rows_of(book))
    first = found.benefits[0]
    assert (found.intakes[0], found.costs[1].amounts[2], found.costs[0].agencies["Council"]) == (450.0, 5000.5, 0.6)
    assert (first.impact, first.lag, first.grade, first.unit_cost.fiscal, first.name) == (
        0.3,
        2,
        4,
        60_000.0,
        "Fewer in care",
    )
    assert found.discount.bands == ((0, 0.03),)


def edited(sheet: str, cell: str, value: Any) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        book[sheet][cell] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "path", "words"),
    [
        (edited("Costs", "F2", "lots"), "Costs!F2", "must be a number"),
        (edited("Costs", "C2", 9), "Costs!C2", "from 1 to 6"),
        (edited("Costs", "K2", 5), "Costs!K2", "only 5 years"),
        (edited("Benefits", "F3", 1.7), "Benefits!F3", "from 0 to 1"),
        (edited("Benefits", "J3", 1.5), "Benefits!J3", "whole number"),
        (edited("Benefits", "C3", None), "Benefits!C3", "missing"),
        (edited("Benefits", "O2", 1.9), "Benefits!O2", "price years"),
        (edited("Benefits", "E1", "Staying"), "Benefits!A1", "“Retention” is not there"),
        (edited("Cost shares", "B2", 0.1), "Cost shares!A2", "add up to 1"),
        (edited("Years", "C2", 0.09), "Years!C2", "on the sheet Model"),
        (edited("Grades", "B4", 0.5), "Grades!B4", "the same for every case"),
        (edited("Model", "B4", "fair"), "Model!B4", "no schedule"),
        (edited("Model", "A3", "Jahre"), "Model!A3", "leave the first column"),
        (edited("Model", "B1", "Somebody"), "Model!B1", "no workbook of a business case"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_its_cell(edit: Callable[[Any], None], path: str, words: str) -> None:
    book = opened(example())
    edit(book)
    with pytest.raises(BadModel) as bad:
        read_back(rows_of(book))
    assert any(fault.path == path and words in fault.sentence for fault in bad.value.faults), bad.value.faults


def test_somebody_elses_workbook_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadModel, match="no workbook of a business case from here"):
        read_back({"Sheet1": [(1, ["a", "b"])]})
    with pytest.raises(BadModel, match="no sheet Grades"):
        read_back({name: [] for name in SHEETS if name != "Grades"})


def test_cells_are_named_as_a_spreadsheet_does() -> None:
    assert [cell_name(3, column) for column in (1, 26, 27, 52, 703)] == ["A3", "Z3", "AA3", "AZ3", "AAA3"]


def test_the_shape_of_draws_is_of_the_same_draws() -> None:
    drawn, shape = simulate_with_shape(example(), draws=5000, seed=3)
    assert drawn == simulate(example(), draws=5000, seed=3)
    assert sum(shape.counts) == 5000
    assert shape.low < drawn.npv_fiscal.p10 < drawn.npv_fiscal.p90 < shape.low + shape.step * len(shape.counts)
