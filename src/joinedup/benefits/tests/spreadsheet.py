"""A workbook worked out afresh by LibreOffice, from the numbers in it alone."""

from __future__ import annotations

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest


def agreed_to_the_pence(made: bytes, folder: Path) -> int:
    """How many formulas LibreOffice works out to the pence (and words to the letter) that stand beside them; the values are
    taken out first. Skips the test where LibreOffice is not installed."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here; the formulas are worked out by the tests' own reader")
    bare, written = (openpyxl.load_workbook(io.BytesIO(made), data_only=values) for values in (False, True))
    bare.save(folder / "book.xlsx")
    subprocess.run(
        [
            office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to",
            "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "out", folder / "book.xlsx",
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    worked = openpyxl.load_workbook(folder / "out" / "book.xlsx", data_only=True)
    formulas = 0
    for sheet in bare.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type == "f":
                fresh, kept = (book[sheet.title][cell.coordinate].value for book in (worked, written))
                assert _said(fresh) == _said(kept), (sheet.title, cell.coordinate, cell.value)
                formulas += 1
    return formulas


def _said(value: Any) -> Any:
    return round(Decimal(str(value)) * 100) if isinstance(value, int | float) else value or ""
