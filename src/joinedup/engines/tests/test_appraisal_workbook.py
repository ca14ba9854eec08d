"""The Excel workbook: its formulas, worked out afresh, come to the same pence as the engine."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from joinedup.engines.appraisal import Model, appraise, read, read_text
from joinedup.engines.appraisal.workbook import workbook_of
from joinedup.engines.tests.appraisal_again import random_model
from joinedup.engines.tests.formulas import Recalculated

LABELS = {
    "Cost": "pv_cost", "Benefit to public purses": "pv_fiscal", "Economic and social value": "pv_social_economic",
    "Net, public purses": "npv_fiscal", "Net, public value": "npv_public", "Back for £1, public purses": "bcr_fiscal",
    "Back for £1, public value": "bcr_public", "Switching value": "switching_value", "Cashable": "cashable",
    "Gross, before bias, undiscounted": "gross_nominal",
}  # fmt: skip


def example() -> Model:
    return read_text(resources.files("joinedup.engines.appraisal").joinpath("examples/early-support.toml").read_bytes())


def pence(value: Any) -> Any:
    return round(value * 100) if isinstance(value, int | float) else value


def holds(model: Model, book: Recalculated) -> None:
    found = appraise(model).as_data()
    for label, key in LABELS.items():
        expected = "—" if found[key] is None else pence(found[key])
        assert pence(book.labelled("Answer", label)) == expected, label
    assert book.labelled("Answer", "Pays back in year") == (found["payback_year"] or "never")
    for name, stake in found["agencies"].items():
        row = [book.labelled("Answer", name, beside) for beside in (1, 2, 3, 4)]
        expected = [stake["pv_cost"], stake["pv_benefit"], stake["return"], found["equalising_transfers"][name]]
        assert [pence(each) for each in row] == ["—" if each is None else pence(each) for each in expected]


def test_the_example_comes_to_the_same_pence() -> None:
    holds(example(), Recalculated(workbook_of(example())))


def test_any_model_comes_to_the_same_pence() -> None:
    draw = random.Random(21)
    for _ in range(40):
        model = read(random_model(draw))
        holds(model, Recalculated(workbook_of(model)))


def test_formulas_are_live() -> None:
    """An input changed in the workbook changes the answer as it does in the model."""
    model = example()
    book = Recalculated(workbook_of(model))
    heads = [cell.value for cell in next(book.book["Benefits"].iter_rows(max_row=1))]
    for head, value in (("Impact", 0.2), ("Lag", 2), ("Grade", 6), ("Drop-off", 0.5), ("Fiscal", 1000.0)):
        book.book["Benefits"].cell(2, heads.index(head) + 1).value = value
    book.book["Costs"].cell(2, 3).value = 1
    book.book["Years"].cell(4, 2).value = 99
    book.book["Years"].cell(2, 3).value = 0.05
    first = replace(
        model.benefits[0],
        impact=0.2,
        lag=2,
        grade=6,
        drop_off=0.5,
        unit_cost=replace(model.benefits[0].unit_cost, fiscal=1000.0),
    )
    changed = replace(
        model,
        benefits=(first, *model.benefits[1:]),
        costs=(replace(model.costs[0], grade=1), *model.costs[1:]),
        intakes=(99.0, *model.intakes[1:]),
        discount=replace(model.discount, bands=((0, 0.035), (1, 0.05), (2, 0.035))),
    )
    holds(changed, book)


def test_what_stands_beside_each_formula_is_what_it_comes_to() -> None:
    """For programs that show a workbook without working it out."""
    draw = random.Random(22)
    for model in (example(), *(read(random_model(draw)) for _ in range(10))):
        content = workbook_of(model)
        book, stored = Recalculated(content), openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        assert book.formulas()
        for sheet, row, column in book.formulas():
            kept, fresh = stored[sheet].cell(row, column).value, book.value(sheet, row, column)
            if isinstance(fresh, str):
                assert kept == fresh
            else:
                assert kept == pytest.approx(fresh, rel=1e-9, abs=1e-6), (sheet, row, column)


def test_no_name_becomes_a_formula() -> None:
    model = example()
    nasty = '=HYPERLINK("x")'
    lines = tuple(replace(line, name=nasty, code=nasty, caveat=nasty) for line in model.benefits)
    model = replace(model, name=nasty, benefits=lines, costs=tuple(replace(c, name=nasty) for c in model.costs))
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(model, stamp=nasty)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if nasty in str(cell.value)]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_it_stands_on_and_its_stamp_are_in_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(example(), stamp="illustration: inputs invented")))
    said = [str(row[0].value) for row in book["Answer"].iter_rows(max_col=1)]
    assert said[1] == "illustration: inputs invented"
    assert {sheet.oddHeader.center.text for sheet in book.worksheets} == {"illustration: inputs invented"}
    assert any("not verified" in words for words in said)
    assert any("amber" in words for words in said)


@pytest.mark.deep
def test_libreoffice_comes_to_the_same_pence(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here; the formulas are worked out by the tests' own reader")
    draw = random.Random(23)
    for number, model in enumerate((example(), *(read(random_model(draw)) for _ in range(10)))):
        file = tmp_path / f"{number}.xlsx"
        content = Recalculated(workbook_of(model)).book
        content.save(file)  # without the values beside the formulas
        arguments = [
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
        ]
        subprocess.run(
            [office, *arguments, "--outdir", tmp_path / "out", file], check=True, capture_output=True, timeout=180
        )
        worked = openpyxl.load_workbook(tmp_path / "out" / file.name, data_only=True)
        answers = {row[0].value: row[1].value for row in worked["Answer"].iter_rows(max_col=2)}
        found = appraise(model).as_data()
        for label, key in LABELS.items():
            assert pence(answers[label]) == ("—" if found[key] is None else pence(found[key])), label
