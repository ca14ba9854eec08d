"""A business case's results as a document: the same on a page, as PDF and in Word, and its tables as CSV. Everything is made
from the model and the results as data, so that a round kept years ago reads as it did. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.benefits.case_building import label_of
from joinedup.benefits.case_figures import Kind, shown
from joinedup.benefits.case_pictures import chance, draws_picture, ratio, tornado_picture
from joinedup.core.documents import Block, Bullets, Facts, Heading, Paragraph
from joinedup.core.figures import Table
from joinedup.engines.appraisal import GRADES, pounds

ILLUSTRATION = "Illustration: inputs invented"
NOT_VERIFIED = "not verified"


def blocks_of(
    model: Mapping[str, Any], results: Mapping[str, Any], names: Mapping[str, str], *, is_illustration: bool
) -> list[Block]:
    """The whole of it. `names` are what agencies are called, by code."""
    tornado = tornado_picture(results)
    found: list[Block] = [Paragraph(ILLUSTRATION, is_quiet=False)] if is_illustration else []
    found += [Paragraph(results["verdict"]), Facts(answers_of(results)), Paragraph(standing(results), is_quiet=True)]
    if results["warnings"]:
        found += [Heading("Beware"), Bullets(results["warnings"])]
    found += [Heading("Who pays and who gains"), agencies_table(results, names)]
    found += [Heading("Year by year"), years_table(results)]
    found += [Heading("Benefits"), benefits_table(model, results)]
    if tornado:
        found += [Heading("What it hangs on"), tornado]
    found += [Heading("How sure it is"), Paragraph(draws_picture(results).description), draws_picture(results)]
    found += [Heading("What it stands on"), unit_costs_table(model), parameters_table(results), grades_table(model)]
    return found


def answers_of(results: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures of the answer."""
    payback, switching = results["payback_year"], results["switching_value"]
    return [
        ("Cost", pounds(results["pv_cost"])),
        ("Benefit to public purses", f"{pounds(results['pv_fiscal'])} ({pounds(results['gross_nominal'])} gross: undiscounted, before optimism bias)"),
        ("Net, public purses", pounds(results["npv_fiscal"])),
        ("Back for £1, public purses", ratio(results["bcr_fiscal"])),
        ("Economic and social value", pounds(results["pv_social_economic"])),
        ("Net, public value", pounds(results["npv_public"])),
        ("Back for £1, public value", ratio(results["bcr_public"])),
        ("Could be cashed", pounds(results["cashable"])),
        ("Pays back", f"by the end of year {payback}" if payback else "not within these years"),
        ("Must come true for it to pay", f"{switching * 100:.0f} % of the benefit to public purses" if switching is not None else "–"),
    ]  # fmt: skip


def standing(results: Mapping[str, Any]) -> str:
    """On which tables these figures stand and which of them nobody has checked: said beside them."""
    tables = [each["title"] + (f" ({NOT_VERIFIED})" if not each["verified"] else "") for each in results["parameters"]]
    return f"Present values at one year’s prices, after optimism bias. They stand on: {'; '.join(tables)}."


def agencies_table(results: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    """What each agency puts in and gets out."""
    cashable, transfers = results["cashable_by_agency"], results["equalising_transfers"]
    order = [code for code in names if code in results["agencies"]]
    order += sorted(code for code in results["agencies"] if code not in names)
    rows = tuple(
        (
            names.get(code, code), pounds(stake["pv_cost"]), pounds(stake["pv_benefit"]), pounds(cashable.get(code, 0.0)),
            ratio(stake["return"]), "–" if transfers[code] is None else pounds(transfers[code]),
        )
        for code in order
        for stake in [results["agencies"][code]]
    )  # fmt: skip
    columns = ("Agency", "Puts in", "Gets out", "Of it cashable", "Back for £1", "Pays in so that returns are equal")
    return Table(columns, rows, "Present values by agency")


def years_table(results: Mapping[str, Any]) -> Table:
    """Each year: what it costs and brings, and where it stands."""
    rows = tuple(
        (
            f"Year {place + 1}", pounds(each["cost"]), pounds(each["fiscal"]), pounds(each["cashable"]),
            pounds(each["social_economic"]), f"{each['factor']:.4f}", pounds(each["fiscal_so_far"] - each["cost_so_far"]),
        )
        for place, each in enumerate(results["years"])
    )  # fmt: skip
    columns = (
        "Year", "Cost", "Benefit to public purses", "Of it cashable", "Economic and social value", "Discount factor",
        "Net so far, discounted",
    )  # fmt: skip
    return Table(columns, rows, "After optimism bias, undiscounted but for the last column")


def benefits_table(model: Mapping[str, Any], results: Mapping[str, Any]) -> Table:
    """Each line of benefit and what it comes to."""
    rows = tuple(
        (
            label_of(line, place), f"{each['avoided']:,.1f}", f"{line['grade']}: {each['optimism_bias'] * 100:.0f} % off",
            pounds(each["pv_fiscal"]), pounds(each["pv_economic"] + each["pv_social"]), pounds(each["pv_cashable"]),
        )
        for place, (line, each) in enumerate(zip(model["benefits"], results["benefits"], strict=True))
    )  # fmt: skip
    columns = (
        "Benefit", "Events or person-years avoided", f"Grade and optimism bias ({NOT_VERIFIED})", "Public purses",
        "Economic and social", "Cashable",
    )  # fmt: skip
    return Table(columns, rows, "Present values by benefit")


def unit_costs_table(model: Mapping[str, Any]) -> Table:
    """What each benefit is worth and where that is from, with the rating and the caveat beside it."""
    rows = []
    for place, line in enumerate(model["benefits"]):
        each = line.get("unit_cost", {})
        worth = [
            f"{kind} {shown(Kind.POUNDS, each[kind])}" for kind in ("fiscal", "economic", "social") if each.get(kind)
        ]
        rows.append(
            (
                label_of(line, place), "; ".join(worth).capitalize() or "Nothing", line.get("price_year", "") or "those of the case",
                line.get("source", "") or "no source given", line.get("rag", "") or "not rated", line.get("caveat", "") or "–",
            )
        )  # fmt: skip
    columns = ("Benefit", "One is worth", "At prices of", "Source", "Rated", "Caveat")
    return Table(columns, tuple(rows), "Unit costs")


def parameters_table(results: Mapping[str, Any]) -> Table:
    """The tables behind it, with source, date and whether somebody held them against it."""
    rows = tuple(
        (
            each["title"], each["source"], each["dated"] or "–",
            ("verified" if each["verified"] else NOT_VERIFIED) + ("" if each["in_force"] else "; PROPOSED, NOT IN FORCE"),
            each["note"] or "–",
        )
        for each in results["parameters"]
    )  # fmt: skip
    return Table(("Table", "Source", "Date", "Held against its source", "Note"), rows, "Tables of parameters")


def grades_table(model: Mapping[str, Any]) -> Table:
    """The grades this case uses, in words."""
    used = {line["grade"] for line in [*model["costs"], *model["benefits"]]}
    used |= {model["cohort"]["grade"]} if model["cohort"].get("grade") else set()
    rows = tuple(
        (
            str(each.number), f"{each.optimism_bias * 100:.0f} %", f"± {each.data_error * 100:.0f} %", each.population,
            each.evidence, each.age,
        )
        for each in GRADES.values()
        if each.number in used
    )  # fmt: skip
    columns = ("Grade", "Optimism bias", "Data error", "Numbers of people", "Evidence", "Age of data")
    return Table(columns, rows, f"Grades of evidence used here ({NOT_VERIFIED})")


def csv_of(blocks: Sequence[Block], *, is_illustration: bool) -> str:
    """Every table, one under the other with its name above it."""
    from joinedup.core.figures import Figure

    tables = [each.table if isinstance(each, Figure) else each for each in blocks if isinstance(each, Table | Figure)]
    stamp = f"{ILLUSTRATION}\r\n" if is_illustration else ""
    return stamp + "\r\n".join(f"{each.caption}\r\n{each.as_csv()}" for each in tables)


KEY_FIGURES = (
    ("Cost", "pv_cost"), ("Benefit to public purses", "pv_fiscal"), ("Net, public purses", "npv_fiscal"),
    ("Net, public value", "npv_public"), ("Could be cashed", "cashable"),
)  # fmt: skip


def side_by_side(columns: Sequence[tuple[str, Mapping[str, Any]]], title: str) -> Table:
    """Several results beside each other, a figure to a row."""
    rows = [(words, *(pounds(each[key]) for _, each in columns)) for words, key in KEY_FIGURES]
    rows += [
        ("Back for £1, public purses", *(ratio(each["bcr_fiscal"]) for _, each in columns)),
        ("Back for £1, public value", *(ratio(each["bcr_public"]) for _, each in columns)),
        ("Pays back by the end of year", *(str(each["payback_year"] or "–") for _, each in columns)),
        ("Chance that it pays", *(chance(each["monte_carlo"]["npv_fiscal"]["chance_positive"]) for _, each in columns)),
    ]  # fmt: skip
    return Table(("Figure", *(words for words, _ in columns)), tuple(rows), title)
