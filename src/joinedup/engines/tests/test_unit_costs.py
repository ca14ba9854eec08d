"""Reading a unit cost database: one made up here, and the real one where somebody has it."""

from __future__ import annotations

import io
import os
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from joinedup.engines.appraisal import DEFLATORS, UnitCost
from joinedup.engines.appraisal.cited import cited_shares, cited_unit_costs
from joinedup.engines.appraisal.unit_costs import KINDS, BadWorkbook, Database, read_rows, read_workbook

TOP = ["Cost code", None, "RAG assessment", "Fiscal value", None, None, "Cost / saving detail", "Agency bearing the cost", None,
       "Social Cost", None, "Comment", "Unit", "Original source"]  # fmt: skip
BELOW = [
    None,
    None,
    None,
    "Year",
    "Estimated cost/saving",
    "Updated cost/ saving",
    None,
    "Level 1",
    "Level 2",
    "Estimated cost/saving",
    "Year",
]
GOOD = [
    "XX1.0",
    None,
    "A",
    "2008/09",
    2470,
    2836.48,
    "An invented  event",
    "Multiple",
    None,
    6795,
    "2008/09",
    "Mind this.",
    "Each",
    "Nobody",
]


def sheet(*rows: list[Any]) -> dict[str, list[list[Any]]]:
    return {"Invented": [["A heading over it all"], TOP, BELOW, *rows]}


def row(**changed: Any) -> list[Any]:
    places = {"code": 0, "rag": 2, "year": 3, "fiscal": 4, "detail": 6, "social": 9}
    made = list(GOOD)
    for name, value in changed.items():
        made[places[name]] = value
    return made


def test_columns_are_found_by_their_headings_wherever_they_stand() -> None:
    found = read_rows(sheet(GOOD)).entries["XX1.0"]
    assert (found.detail, found.agency, found.unit, found.rag, found.caveat, found.source) == (
        "An invented event", "Multiple", "Each", "A", "Mind this.", "Nobody",
    )  # fmt: skip
    assert (found.prices["fiscal"].value, found.prices["fiscal"].year, found.prices["fiscal"].published) == (
        2470,
        "2008/09",
        2836.48,
    )
    assert (found.sheet, found.row, list(found.prices)) == ("Invented", 4, ["fiscal", "social"])


def test_headings_on_one_row() -> None:
    heads = [
        "Code",
        "Detail",
        "Unit",
        "Agency",
        "Fiscal value",
        "Fiscal year",
        "Updated fiscal value",
        "RAG",
        "Comments",
    ]
    found = read_rows({"One": [heads, ["A1", "x", "Each", "NHS", "£1,234.50", 2013, 1300, "green", None]]}).entries[
        "A1"
    ]
    assert (found.prices["fiscal"].value, found.prices["fiscal"].year, found.rag) == (1234.5, "2013", "G")


def test_one_deflator_brings_a_price_up_and_the_old_are_warned_about() -> None:
    found = read_rows(sheet(GOOD)).entries["XX1.0"]
    now = found.at_prices_of("2015/16", DEFLATORS["gdp-2015"])
    assert now == UnitCost(fiscal=pytest.approx(2836.48, abs=0.01), social=pytest.approx(7803.19, abs=0.01))
    assert found.warnings("2015/16") == (
        "The fiscal value is at 2008/09 prices, 7 years old.",
        "The social value is at 2008/09 prices, 7 years old.",
        "The source rates it amber.",
        "Mind this.",
    )
    assert found.warnings("2013/14") == ("The source rates it amber.", "Mind this.")


def test_what_cannot_be_read_is_said_and_the_rest_is_kept() -> None:
    found = read_rows(
        sheet(GOOD, row(code=None), row(code="XX2.0", fiscal="about 5"), row(code="XX3.0", year=None), row(code="XX4.0", rag="?"), GOOD, [])
    )  # fmt: skip
    assert list(found.entries) == ["XX1.0", "XX2.0", "XX3.0", "XX4.0"]
    assert [(each.row, each.field) for each in found.problems] == [
        (5, "code"), (6, "fiscal"), (7, "fiscal year"), (8, "rag"), (9, "code"),
    ]  # fmt: skip
    assert list(found.entries["XX2.0"].prices) == ["social"]


def test_its_own_index_and_licence_are_found() -> None:
    lookups = [
        ["", "GDP look-up"],
        ["Current Year", "Year", "GDP cumulative\n(1989 as base)"],
        ["2015/16", "2014/15", 193.264],
        [None, "2015/16", 195.97],
    ]
    intro = [["This work is licensed under the Creative Commons Attribution 4.0 International License."]]
    found = read_rows({"Introduction": intro, **sheet(GOOD), "Lookups": lookups})
    assert (found.current_year, found.licence[:27]) == ("2015/16", "This work is licensed under")
    assert found.deflator is not None
    assert found.deflator.factor("2014/15", "2015/16") == pytest.approx(195.97 / 193.264)


def test_a_file_that_is_no_such_workbook_is_refused() -> None:
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    for content, words in (
        (b"", "no workbook"),
        (b"PK\x03\x04 nothing", "no workbook"),
        (empty.getvalue(), "No sheet has"),
    ):
        with pytest.raises(BadWorkbook, match=words):
            read_workbook(content)


# The Greater Manchester database, v1.4 (third-party, CC BY 4.0): not part of this project, so these run only where it is.

PLACE = Path(
    os.environ.get(
        "JOINEDUP_UNIT_COST_DATABASE",
        Path(__file__).parents[5] / "shared" / "data" / "unit_costs" / "unit_cost_database_v1.4.xlsx",
    )
)
needs_it = pytest.mark.skipif(
    not PLACE.is_file(), reason="the unit cost database v1.4 is not part of this project and is not here"
)


@pytest.fixture(scope="module")
def real() -> Database:
    return read_workbook(PLACE.read_bytes())


@needs_it
def test_every_row_of_the_real_one_is_read(real: Database) -> None:
    assert len(real.entries) == 683
    assert Counter(entry.rag for entry in real.entries.values()) == {"G": 507, "A": 173, "R": 3}
    assert [(each.sheet, each.row, each.reason) for each in real.problems] == [("Crime", 58, "the row has no code")]
    assert "Creative Commons Attribution 4.0" in real.licence
    assert real.current_year == "2015/16"
    care = real.entries["SS1.0"]
    assert (care.prices["fiscal"].value, care.prices["fiscal"].year, care.agency, care.rag) == (
        51_080,
        "2013/14",
        "Local Authority",
        "A",
    )
    assert care.caveat.startswith("This headline cost for looked after children (LAC) should only be used")


@needs_it
def test_all_778_published_cells_come_out_to_the_penny(real: Database) -> None:
    assert real.deflator is not None
    for deflator in (DEFLATORS["gdp-2015"], real.deflator):
        prices = [
            price for entry in real.entries.values() for price in entry.prices.values() if price.published is not None
        ]
        assert len(prices) == 778
        wrong = [
            each
            for each in prices
            if abs(each.value * deflator.factor(each.year, "2015/16") - (each.published or 0)) > 0.01
        ]
        assert wrong == []


@needs_it
def test_fifty_five_headlines_are_what_they_are_made_of(real: Database) -> None:
    agree = 0
    for code, entry in real.entries.items():
        parts = real.constituents(code)
        for kind in KINDS:
            if len(parts) > 1 and kind in entry.prices and all(kind in part.prices for part in parts):
                whole = sum(part.prices[kind].value for part in parts)
                agree += abs(whole - entry.prices[kind].value) <= max(2, 0.002 * entry.prices[kind].value)
    assert agree == 55
    assert [part.prices["fiscal"].value for part in real.constituents("CR2.0")] == [1171, 581, 415, 193, 110]


def test_the_few_figures_quoted_for_the_demonstration_are_whole() -> None:
    found = cited_unit_costs()
    assert len(found) == 14
    for code, entry in found.items():
        assert entry.rag in {"R", "A", "G"}
        assert entry.source.endswith("CC BY 4.0")
        assert sum(cited_shares(code).values()) == pytest.approx(1)
        assert entry.at_prices_of("2015/16", DEFLATORS["gdp-2015"]).fiscal > entry.prices["fiscal"].value
    assert cited_shares("CR2.0")["NHS"] == pytest.approx(1171 / 2470)
    with pytest.raises(KeyError):
        cited_shares("XX9.9")


@needs_it
def test_each_quoted_figure_is_the_database_s(real: Database) -> None:
    for code, entry in cited_unit_costs().items():
        original = real.entries[code]
        assert {kind: (p.value, p.year) for kind, p in entry.prices.items()} == {
            kind: (p.value, p.year) for kind, p in original.prices.items()
        }
        assert (entry.rag, entry.unit) == (original.rag, original.unit)
