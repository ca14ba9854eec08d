"""An appraisal as lines of text a person reads in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from joinedup.engines.appraisal import origins, pounds, settlements, tornado, verdict, warnings, what_ifs

if TYPE_CHECKING:
    from joinedup.engines.appraisal import Appraisal, Comparison, Model, Simulation, Spread

_WIDTH = 100


def table_of(found: Appraisal, drawn: Simulation | None, *, bars: int) -> str:
    """The whole answer: first whether it pays, last what it stands on."""
    model = found.model
    parts = [
        [model.name] if model.name else [],
        _wrapped(verdict(found)),
        _main(found),
        _benefits(found),
        _agencies(found),
        _years(found),
    ]
    if drawn:
        parts.append(_drawn(drawn))
    parts += [_tornado(model, bars), _what_ifs(model), _beware(model), _stands_on(model)]
    return "\n\n".join("\n".join(part) for part in parts if part)


def side_by_side(options: Mapping[str, Appraisal], drawn: Comparison | None) -> str:
    """Several options, a column each."""
    rows = [
        ["", *options],
        ["Cost, present value", *(pounds(each.pv_cost) for each in options.values())],
        ["Benefit to public purses", *(pounds(each.pv_fiscal) for each in options.values())],
        ["Economic and social value", *(pounds(each.pv_social_economic) for each in options.values())],
        ["Net, public purses", *(pounds(each.npv_fiscal) for each in options.values())],
        ["Net, public value", *(pounds(each.npv_public) for each in options.values())],
        ["Back for £1, public purses", *(_ratio(each.bcr_fiscal) for each in options.values())],
        ["Back for £1, public value", *(_ratio(each.bcr_public) for each in options.values())],
        ["Cashable", *(pounds(each.pv_cashable) for each in options.values())],
        ["Pays back in year", *(str(each.payback_year or "never") for each in options.values())],
    ]
    if drawn:
        spreads = [drawn.options[name].npv_fiscal for name in options]
        rows += [
            ["One in ten is below", *(pounds(each.p10) for each in spreads)],
            ["Half are below", *(pounds(each.p50) for each in spreads)],
            ["One in ten is above", *(pounds(each.p90) for each in spreads)],
            ["Chance of paying", *(_percent(each.chance_positive) for each in spreads)],
            ["Best of these in", *(_percent(drawn.best[name]) for name in options)],
        ]
    said = [f"{name}: {verdict(each)}" for name, each in options.items()]
    beware = [f"{name}: {words}" for name, each in options.items() for words in warnings(each.model)]
    parts = [aligned(rows), [line for words in said for line in _wrapped(words)]]
    parts.append(["Beware:", *(line for words in beware for line in _point(words))] if beware else [])
    stands = dict.fromkeys(str(origin) for each in options.values() for origin in origins(each.model))
    parts.append(["Stands on:", *(line for words in stands for line in _point(words))])
    return "\n\n".join("\n".join(part) for part in parts if part)


def _main(found: Appraisal) -> list[str]:
    public = found.pv_fiscal + found.pv_social_economic
    rows = [
        ["Present value", "Public purses", "Public value"],
        ["Benefit", pounds(found.pv_fiscal), pounds(public)],
        ["Cost", pounds(found.pv_cost), pounds(found.pv_cost)],
        ["Net", pounds(found.npv_fiscal), pounds(found.npv_public)],
        ["Back for £1", _ratio(found.bcr_fiscal), _ratio(found.bcr_public)],
    ]
    needed = found.switching_value
    share = (
        "—"
        if needed is None
        else f"{needed:.0%} of the fiscal benefit" + (" (more than there is)" if needed > 1 else "")
    )
    facts = [
        ["Cashable", pounds(found.pv_cashable)],
        ["Gross, before bias, undiscounted", pounds(found.gross_nominal)],
        ["Pays back in year", str(found.payback_year or f"never within {found.model.years}")],
        ["Costs are met if there comes true", share],
    ]
    return [*aligned(rows), "", *aligned(facts, left=2)]


def _benefits(found: Appraisal) -> list[str]:
    """Each line with its unit cost as its source states it, at which prices, how sure, and what it comes to."""
    rows = [["Benefit", "Unit cost", "Prices", "At model's", "RAG", "Grade", "Fiscal", "Economic, social"]]
    for line in found.lines:
        unit, each = line.benefit.unit_cost, line.benefit
        stated = unit.fiscal + unit.economic + unit.social
        other = pounds(line.pv_economic + line.pv_social)
        prices = [each.price_year or "—", pounds(stated * line.price_factor), each.rag or "—", str(each.grade)]
        rows.append([each.label, pounds(stated), *prices, pounds(line.pv_fiscal), other])
    return aligned(rows) if len(rows) > 1 else []


def _agencies(found: Appraisal) -> list[str]:
    """Who puts in and who gets out; and what each would pay in, or be paid, under each way of settling."""
    ways = settlements(found.agencies)
    rows = [
        [
            "Agency",
            "Puts in",
            "Gets out",
            "Back for £1",
            *(f"{each.method[0].upper()}{each.method[1:]}" for each in ways),
        ]
    ]
    for name, stake in found.agencies.items():
        pays = [_paid(each.transfers[name]) for each in ways]
        rows.append([name, pounds(stake.pv_cost), pounds(stake.pv_benefit), _ratio(stake.returned), *pays])
    return aligned(rows) if len(rows) > 1 else []


def _paid(transfer: float) -> str:
    return "£0" if not round(transfer) else f"{'pays' if transfer > 0 else 'is paid'} {pounds(abs(transfer))}"


def _years(found: Appraisal) -> list[str]:
    rows = [["Year", "Cost", "Fiscal benefit", "Cashable", "Net so far, discounted"]]
    shown = found.yearly if len(found.yearly) <= 30 else (*found.yearly[:29], found.yearly[-1])
    for year in shown:
        so_far = pounds(year.fiscal_so_far - year.cost_so_far)
        rows.append([str(year.t + 1), pounds(year.cost), pounds(year.fiscal), pounds(year.cashable), so_far])
    return aligned(rows)


def _drawn(drawn: Simulation) -> list[str]:
    rows = [["Net present value", "One in ten below", "Half below", "One in ten above", "Chance above £0"]]
    rows.append(["Public purses", *_spread(drawn.npv_fiscal)])
    rows.append(["Public value", *_spread(drawn.npv_public)])
    return [
        f"{drawn.draws:,} draws of the inputs, as far out as their grades allow (seed {drawn.seed}):",
        *aligned(rows),
    ]


def _spread(found: Spread) -> list[str]:
    return [pounds(found.p10), pounds(found.p50), pounds(found.p90), _percent(found.chance_positive)]


def _tornado(model: Model, bars: int) -> list[str]:
    rows = [["What it hangs on most", "From", "To", "Net then, public purses", "Breaks even at"]]
    for bar in tornado(model)[:bars]:
        even = "—" if bar.breaks_even_at is None else f"{bar.breaks_even_at:.3g}"
        ends = f"{pounds(bar.npv_fiscal_low)} to {pounds(bar.npv_fiscal_high)}"
        rows.append([bar.label, f"{bar.low:.3g}", f"{bar.high:.3g}", ends, even])
    return aligned(rows)


def _what_ifs(model: Model) -> list[str]:
    rows = [["What if", "Net, public purses", "Net, public value", "Back for £1", "Pays back in year"]]
    for each in what_ifs(model):
        rows.append(
            [
                each.sentence,
                pounds(each.npv_fiscal),
                pounds(each.npv_public),
                _ratio(each.bcr_fiscal),
                str(each.payback_year or "never"),
            ]
        )
    return aligned(rows)


def _beware(model: Model) -> list[str]:
    found = warnings(model)
    return ["Beware:", *(line for words in found for line in _point(words))] if found else []


def _stands_on(model: Model) -> list[str]:
    return ["Stands on:", *(line for origin in origins(model) for line in _point(str(origin)))]


def aligned(rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Rows of cells in columns, the first `left` to the left and the others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _ratio(value: float | None) -> str:
    return "—" if value is None else f"£{value:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _wrapped(words: str, indent: str = "") -> list[str]:
    return textwrap.wrap(words, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _point(words: str) -> list[str]:
    return _wrapped(f"- {words}", "  ")
