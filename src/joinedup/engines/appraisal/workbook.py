"""A model as an Excel workbook whose formulas are live: change an input, and the answer follows, to the pence.

Every number that was stated is a cell of its own, and every other a formula over them; beside each formula stands what the
engine worked out, for readers that do not calculate. Nothing anybody typed can become a formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell

from joinedup.engines.appraisal.appraising import Appraisal, LineResult, appraise, quantities
from joinedup.engines.appraisal.model import Model
from joinedup.engines.appraisal.saying import origins, verdict, warnings
from joinedup.engines.appraisal.tables import GRADES, SCHEDULES

INPUTS = (
    "prevalence", "engagement", "retention", "impact", "deadweight", "attribution", "displacement", "lag", "drop_off",
    "grade", "cashable",
)  # fmt: skip
# The columns of the sheet of benefits, in their order.
COLUMNS = (
    "code", "name", *INPUTS, "price year", "price factor", "fiscal", "economic", "social", "optimism bias",
    "each person", "fiscal a person", "other a person", "cashable a person", "PV people", "PV fiscal", "PV other",
    "PV cashable", "gross nominal", "RAG", "caveat", "source",
)  # fmt: skip
_AT = {name: place for place, name in enumerate(COLUMNS)}
AMOUNTS = 5  # the first column of amounts on the sheet of costs
MADE_BY = "Joinedup business case 1"  # how `reading_back` knows a workbook of ours, and its layout
MODEL_ROWS = ("Made by", "Name", "Years", "Discounting", "Price year", "Price index", "Grade of the number of people")
_NEVER = "never"
_NOTHING = "—"
_YEAR_ROWS = (
    "Year", "Discount rate", "Discount factor", "People who join", "Cost", "Fiscal benefit", "Economic and social value",
    "Cashable", "Cost so far, discounted", "Fiscal benefit so far, discounted", "Paid back",
)  # fmt: skip


@dataclass(slots=True)
class _Book:
    """What the sheets are written from, and with."""

    model: Model
    found: Appraisal
    book: Workbook
    head: Any
    money: Any
    bold: Any

    def sheet(self, name: str, heads: Sequence[str]) -> Any:
        sheet = self.book.add_worksheet(name)
        for place, words in enumerate(heads):
            sheet.write_string(0, place, words, self.head)
        sheet.freeze_panes(1, 0)
        return sheet

    def years(self, row: int) -> str:
        """A row of the sheet of years, all of it."""
        return f"Years!{xl_range_abs(row, 1, row, self.model.years)}"

    def lines(self, column: str) -> str:
        """A column of the sheet of benefits, all of it."""
        return f"Benefits!{xl_range_abs(1, _AT[column], len(self.model.benefits), _AT[column])}"


def workbook_of(model: Model, stamp: str = "") -> bytes:
    """The workbook's bytes. `stamp`, such as “illustration: inputs invented”, stands at the top of its first sheet and
    of every page that is printed of it."""
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00"})
        book.set_calc_mode("auto")
        it = _Book(model, appraise(model), book, head, money, book.add_format({"bold": True}))
        _answer(it, stamp)
        _years(it)
        _costs(it)
        _benefits(it)
        _reached(it)
        _shares(it, "Cost shares", [(each.label, each.agencies) for each in model.costs])
        _shares(it, "Benefit shares", [(each.label, each.agencies) for each in model.benefits])
        _grades(it)
        _model(it)
        for sheet in book.worksheets() if stamp else ():
            sheet.set_header("&C" + stamp.replace("&", "&&"))
    return target.getvalue()


def _answer(it: _Book, stamp: str) -> None:
    sheet = it.sheet("Answer", (it.model.name or "Business case", "£"))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 4, 18)
    found, row = it.found, 1
    for words in filter(None, (stamp, verdict(found))):
        sheet.write_string(row, 0, words, it.bold)
        row += 1
    cells: dict[str, str] = {}
    for label, formula, value in _measures(it):
        cells[label] = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
        sheet.write_string(row, 0, label)
        sheet.write_formula(row, 1, "=" + formula.format_map(cells), it.money, value)
        row += 1
    row = _agencies(it, sheet, row + 1, cells)
    for title, lines in (("Beware", warnings(it.model)), ("Stands on", [str(each) for each in origins(it.model)])):
        if lines:
            sheet.write_string(row + 1, 0, title, it.head)
            row += 2
        for words in lines:
            sheet.write_string(row, 0, words)
            row += 1


def _measures(it: _Book) -> list[tuple[str, str, Any]]:
    """Each measure: what it is called, its formula over those before it, and what the engine says."""
    found, model = it.found, it.model
    costs = f"SUM(Costs!{xl_range_abs(1, 4, len(model.costs), 4)})" if model.costs else "0"

    def total(column: str) -> str:
        return f"SUM({it.lines(column)})" if model.benefits else "0"

    def over(above: str, below: str) -> str:
        return f'IF({below}=0,"{_NOTHING}",{above}/{below})'

    cost, fiscal, other = "{Cost}", "{Benefit to public purses}", "{Economic and social value}"
    return [
        ("Cost", costs, found.pv_cost),
        ("Benefit to public purses", total("PV fiscal"), found.pv_fiscal),
        ("Economic and social value", total("PV other"), found.pv_social_economic),
        ("Net, public purses", f"{fiscal}-{cost}", found.npv_fiscal),
        ("Net, public value", f"{fiscal}+{other}-{cost}", found.npv_public),
        ("Back for £1, public purses", over(fiscal, cost), _or_dash(found.bcr_fiscal)),
        ("Back for £1, public value", over(f"({fiscal}+{other})", cost), _or_dash(found.bcr_public)),
        ("Switching value", over(cost, fiscal), _or_dash(found.switching_value)),
        ("Cashable", total("PV cashable"), found.pv_cashable),
        ("Gross, before bias, undiscounted", total("gross nominal"), found.gross_nominal),
        ("Pays back in year", f'IFERROR(MATCH(1,{it.years(10)},0),"{_NEVER}")', found.payback_year or _NEVER),
    ]


def _or_dash(value: float | None) -> float | str:
    return _NOTHING if value is None else value


def _agencies(it: _Book, sheet: Any, row: int, cells: dict[str, str]) -> int:
    names, model, found = it.model.agencies, it.model, it.found
    for place, words in enumerate(
        ("Agency", "Puts in", "Gets out", "Back for £1", "Pays in so that returns are equal")
    ):
        sheet.write_string(row, place, words, it.head)
    transfers = found.equalising_transfers
    for place, name in enumerate(names, start=1):
        row, column = row + 1, xl_col_to_name(place, col_abs=True)
        stake, down = found.agencies[name], row + 1
        paid = f"Costs!{xl_range_abs(1, 4, len(model.costs), 4)}"
        cost = f"SUMPRODUCT('Cost shares'!{column}$2:{column}${len(model.costs) + 1},{paid})" if model.costs else "0"
        shares = f"'Benefit shares'!{column}$2:{column}${len(model.benefits) + 1}"
        gain = f"SUMPRODUCT({shares},{it.lines('PV fiscal')})" if model.benefits else "0"
        ratio = cells["Back for £1, public purses"]
        sheet.write_string(row, 0, name)
        sheet.write_formula(row, 1, f"={cost}", it.money, stake.pv_cost)
        sheet.write_formula(row, 2, f"={gain}", it.money, stake.pv_benefit)
        back = f'=IF(B{down}=0,"{_NOTHING}",C{down}/B{down})'
        sheet.write_formula(row, 3, back, it.money, _or_dash(stake.returned))
        transfer = f'=IF({cells["Cost"]}=0,"{_NOTHING}",C{down}-B{down}*{ratio})'
        sheet.write_formula(row, 4, transfer, it.money, _or_dash(transfers[name]))
    return row + 1


def _years(it: _Book) -> None:
    model = it.model
    sheet = it.sheet("Years", ())
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, model.years, 15)
    for row, words in enumerate(_YEAR_ROWS):
        sheet.write_string(row, 0, words, it.head)
    rates = model.discount.rates(model.years)
    for year in it.found.yearly:
        t, column = year.t, year.t + 1
        here, before = xl_col_to_name(column), xl_col_to_name(column - 1)
        sheet.write_number(0, column, t)
        sheet.write_number(1, column, rates[t])
        sheet.write_formula(2, column, f"={before}3/(1+{here}2)" if t else "=1", None, year.factor)
        sheet.write_number(3, column, model.intakes[t] if t < len(model.intakes) else 0)
        sheet.write_formula(4, column, _cost_of_year(it, t), it.money, year.cost)
        for row, kind, value in (
            (5, "fiscal a person", year.fiscal),
            (6, "other a person", year.social_economic),
            (7, "cashable a person", year.cashable),
        ):
            sheet.write_formula(row, column, _benefit_of_year(it, t, kind), it.money, value)
        first = "" if t == 0 else f"{before}9+", "" if t == 0 else f"{before}10+"
        sheet.write_formula(8, column, f"={first[0]}{here}5*{here}3", it.money, year.cost_so_far)
        sheet.write_formula(9, column, f"={first[1]}{here}6*{here}3", it.money, year.fiscal_so_far)
        paid = int(year.fiscal_so_far >= year.cost_so_far * (1 - 1e-12))
        sheet.write_formula(10, column, f"=IF({here}10>={here}9*(1-1E-12),1,0)", None, paid)


def _cost_of_year(it: _Book, t: int) -> str:
    last = len(it.model.costs)
    if not last:
        return "=0"
    amounts = f"Costs!{xl_range_abs(1, AMOUNTS + t, last, AMOUNTS + t)}"
    return f"=SUMPRODUCT({amounts},1+Costs!{xl_range_abs(1, 3, last, 3)})"


def _benefit_of_year(it: _Book, t: int, kind: str) -> str:
    last = len(it.model.benefits)
    return f"=SUMPRODUCT(People!{xl_range_abs(1, t + 1, last, t + 1)},{it.lines(kind)})" if last else "=0"


def _costs(it: _Book) -> None:
    years = [f"Year {t + 1}" for t in range(it.model.years)]
    sheet = it.sheet("Costs", ("Code", "Name", "Grade", "Optimism bias", "Present value", *years))
    sheet.set_column(1, 1, 34)
    sheet.set_column(4, AMOUNTS + it.model.years, 15)
    factors = it.model.discount.factors(it.model.years)
    for row, cost in enumerate(it.model.costs, start=1):
        bias = GRADES[cost.grade].optimism_bias
        sheet.write_string(row, 0, cost.code)
        sheet.write_string(row, 1, cost.name)
        sheet.write_number(row, 2, cost.grade)
        sheet.write_formula(row, 3, f"=INDEX(Grades!$B$2:$B$7,C{row + 1})", None, bias)
        amounts = xl_range_abs(row, AMOUNTS, row, AMOUNTS + it.model.years - 1)
        value = float(np.dot(np.array(cost.amounts), factors)) * (1 + bias)
        sheet.write_formula(row, 4, f"=SUMPRODUCT({amounts},{it.years(2)})*(1+D{row + 1})", it.money, value)
        for t, amount in enumerate(cost.amounts):
            sheet.write_number(row, AMOUNTS + t, amount, it.money)


def _benefits(it: _Book) -> None:
    sheet = it.sheet("Benefits", [heading(words) for words in COLUMNS])
    sheet.set_column(1, 1, 34)
    sheet.set_column(_AT["fiscal"], _AT["gross nominal"], 14)
    factors = it.model.discount.factors(it.model.years)
    for row, line in enumerate(it.found.lines, start=1):
        benefit = line.benefit
        for name, words in (
            ("code", benefit.code), ("name", benefit.name), ("price year", benefit.price_year), ("RAG", benefit.rag),
            ("caveat", benefit.caveat), ("source", benefit.source),
        ):  # fmt: skip
            sheet.write_string(row, _AT[name], words)
        for name in INPUTS:
            sheet.write_number(row, _AT[name], getattr(benefit, name))
        sheet.write_number(row, _AT["price factor"], line.price_factor)
        for name in ("fiscal", "economic", "social"):
            sheet.write_number(row, _AT[name], getattr(benefit.unit_cost, name), it.money)
        discounted = float(np.dot(_people(it.model, line), factors))
        for name, formula, value in _line_formulas(it, row, line, discounted):
            sheet.write_formula(row, _AT[name], f"={formula}", it.money if name[:2] == "PV" else None, value)


def _line_formulas(it: _Book, row: int, line: LineResult, discounted: float) -> list[tuple[str, str, float]]:
    """The worked-out columns of one line of benefit."""

    def at(name: str) -> str:
        return f"${xl_col_to_name(_AT[name])}{row + 1}"

    benefit, unit = line.benefit, line.benefit.unit_cost
    each = benefit.each
    worth = each * (1 - line.optimism_bias) * line.price_factor
    people = f"People!{xl_range_abs(row, 1, row, it.model.years)}"
    after = f"{at('each person')}*(1-{at('optimism bias')})*{at('price factor')}"
    reached = "*".join(at(name) for name in ("prevalence", "engagement", "retention", "impact", "attribution"))
    gross = f"SUM({people})*{at('each person')}*{at('price factor')}*{at('fiscal')}"
    cashable = f"{at('fiscal a person')}*{at('cashable')}"
    return [
        ("optimism bias", f"INDEX(Grades!$B$2:$B$7,{at('grade')})", line.optimism_bias),
        ("each person", f"{reached}*(1-{at('deadweight')})*(1-{at('displacement')})", each),
        ("fiscal a person", f"{after}*{at('fiscal')}", worth * unit.fiscal),
        ("other a person", f"{after}*({at('economic')}+{at('social')})", worth * (unit.economic + unit.social)),
        ("cashable a person", cashable, worth * unit.fiscal * benefit.cashable),
        ("PV people", f"SUMPRODUCT({people},{it.years(2)})", discounted),
        ("PV fiscal", f"{at('PV people')}*{at('fiscal a person')}", line.pv_fiscal),
        ("PV other", f"{at('PV people')}*{at('other a person')}", line.pv_economic + line.pv_social),
        ("PV cashable", f"{at('PV people')}*{at('cashable a person')}", line.pv_cashable),
        ("gross nominal", gross, line.gross_nominal),
    ]


def _people(model: Model, line: LineResult) -> Any:
    """How many people's worth of benefit a line has in each year: those who joined long enough ago, less who dropped off."""
    return quantities(model, line.benefit, each=1.0)


def _reached(it: _Book) -> None:
    """The people whose benefit has begun, less what has dropped off: last year's, and who joined a lag ago."""
    sheet = it.sheet("People", ("Code", *(f"Year {t + 1}" for t in range(it.model.years))))
    sheet.set_column(1, it.model.years, 12)
    for row, line in enumerate(it.found.lines, start=1):
        sheet.write_string(row, 0, line.benefit.code)
        lag = f"Benefits!${xl_col_to_name(_AT['lag'])}${row + 1}"
        drop = f"Benefits!${xl_col_to_name(_AT['drop_off'])}${row + 1}"
        for t, value in enumerate(_people(it.model, line)):
            joins = f"IF({t}>={lag},INDEX({it.years(3)},{t + 1}-{lag}),0)"
            stays = f"{xl_rowcol_to_cell(row, t)}*(1-{drop})+" if t else ""
            sheet.write_formula(row, t + 1, f"={stays}{joins}", None, float(value))


def _shares(it: _Book, name: str, lines: list[tuple[str, Any]]) -> None:
    sheet = it.sheet(name, ("Line", *it.model.agencies))
    sheet.set_column(0, 0, 34)
    for row, (label, shares) in enumerate(lines, start=1):
        sheet.write_string(row, 0, label)
        for column, agency in enumerate(it.model.agencies, start=1):
            if agency in shares:
                sheet.write_number(row, column, shares[agency])


def _grades(it: _Book) -> None:
    heads = ("Grade", "Optimism bias", "Data error", "Population", "Evidence", "Age of data")
    sheet = it.sheet("Grades", heads)
    sheet.set_column(3, 5, 34)
    for row, grade in enumerate(GRADES.values(), start=1):
        sheet.write_number(row, 0, grade.number)
        sheet.write_number(row, 1, grade.optimism_bias)
        sheet.write_number(row, 2, grade.data_error)
        for column, words in enumerate((grade.population, grade.evidence, grade.age), start=3):
            sheet.write_string(row, column, words)


def _model(it: _Book) -> None:
    """What was stated that no formula needs, so that the workbook can be read back whole."""
    model = it.model
    sheet = it.sheet("Model", ("Made by", MADE_BY))
    sheet.set_column(0, 1, 34)
    schedule = model.discount.origin.name
    said: tuple[str | float, ...] = (
        model.name, model.years, schedule if schedule in SCHEDULES else model.discount.bands[0][1], model.price_year,
        model.deflator.origin.name, model.cohort_grade or "",
    )  # fmt: skip
    for row, (label, value) in enumerate(zip(MODEL_ROWS[1:], said, strict=True), start=1):
        sheet.write_string(row, 0, label)
        if isinstance(value, str):
            sheet.write_string(row, 1, value)
        else:
            sheet.write_number(row, 1, value)


def heading(words: str) -> str:
    """A column's heading on the sheet of benefits."""
    return words[0].upper() + words[1:].replace("_", "-")
