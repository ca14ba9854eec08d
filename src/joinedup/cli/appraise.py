"""`joinedup appraise MODEL.toml`: what a programme costs and brings, from a file alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from joinedup.cli.options import json_option

if TYPE_CHECKING:
    from joinedup.engines.appraisal import Appraisal, Comparison, Model, Simulation

_BARS = 10


@click.command()
@click.argument(
    "models", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@json_option
@click.option("--draws", type=int, metavar="N", help="Draw the inputs N times as their grades allow; up to 2,000,000.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="The same seed, the same draws.")
@click.option(
    "--workbook", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.xlsx",
    help="Also write the model as an Excel workbook whose formulas are live.",
)  # fmt: skip
def appraise(models: tuple[Path, ...], as_json: bool, draws: int | None, seed: int, workbook: Path | None) -> None:
    """Appraise a business case. MODEL is TOML or JSON, or - for what is piped in; several stand side by side.

    \b
    years = 5
    discount = "green-book"            or a number: a flat rate
    [cohort]
    size = 525                         or a list: who joins in each year
    [[costs]]
    amounts = [2000000, 0, 0, 0, 0]
    grade = 3                          1 (best evidence) to 6
    agencies = { Council = 0.6, NHS = 0.4 }
    [[benefits]]
    code = "SS1.0"
    prevalence = 0.2
    engagement = 0.8
    retention = 0.85
    impact = 0.3
    deadweight = 0.2
    unit_cost = { fiscal = 51080, economic = 0, social = 0 }
    agencies = { Council = 1.0 }
    lag = 1
    drop_off = 0.1
    grade = 3
    cashable = 0.4

    Needs no database. A bad file gets a line for every fault, and exit code 2. See docs/appraisal.md.
    """
    _check_options(models, draws, seed, workbook)
    read = _read_all(models)
    if len(read) == 1:
        model = next(iter(read.values()))
        if workbook:
            _write_workbook(model, workbook)
        _one(model, as_json, draws, seed)
    else:
        _several(read, as_json, draws, seed)


def _check_options(models: tuple[Path, ...], draws: int | None, seed: int, workbook: Path | None) -> None:
    from joinedup.engines.appraisal import MOST_DRAWS, MOST_SEED

    if draws is not None and not 1 <= draws <= MOST_DRAWS:
        raise click.BadParameter(f"it must be from 1 to {MOST_DRAWS:,}.", param_hint="--draws")
    if not 0 <= seed <= MOST_SEED:
        raise click.BadParameter(f"it must be from 0 to {MOST_SEED}.", param_hint="--seed")
    if workbook and len(models) > 1:
        raise click.BadParameter("a workbook holds one model.", param_hint="--workbook")


def _read_all(files: tuple[Path, ...]) -> dict[str, Model]:
    """Each model under a name of its own: the file's, and all of its path where two are called the same."""
    from joinedup.engines.appraisal import BadModel, read_text

    stems = [file.stem for file in files]
    read, faults = {}, []
    for file, stem in zip(files, stems, strict=True):
        before = f"{file}: " if len(files) > 1 else ""
        name = stem if stems.count(stem) == 1 else str(file)
        try:
            read[name] = read_text(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
        except BadModel as bad:
            faults += [f"{before}{fault}" for fault in bad.faults]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.exceptions.Exit(2)
    return read


def _write_workbook(model: Model, path: Path) -> None:
    from joinedup.engines.appraisal.workbook import workbook_of

    path.write_bytes(workbook_of(model))
    click.echo(f"{path} was written.", err=True)


def _one(model: Model, as_json: bool, draws: int | None, seed: int) -> None:
    from joinedup.engines.appraisal import appraise as work_out
    from joinedup.engines.appraisal import simulate

    found = work_out(model)
    drawn = simulate(model, draws=draws, seed=seed) if draws else None
    if as_json:
        click.echo(json.dumps(_data(found, drawn), allow_nan=False))
    else:
        from joinedup.cli.appraise_table import table_of

        click.echo(table_of(found, drawn, bars=_BARS))


def _several(read: dict[str, Model], as_json: bool, draws: int | None, seed: int) -> None:
    from joinedup.engines.appraisal import appraise as work_out
    from joinedup.engines.appraisal import compare

    found = {name: work_out(model) for name, model in read.items()}
    drawn = compare(read, draws=draws, seed=seed) if draws else None
    if as_json:
        click.echo(json.dumps(_data_of_several(found, drawn), allow_nan=False))
    else:
        from joinedup.cli.appraise_table import side_by_side

        click.echo(side_by_side(found, drawn))


def _data(found: Appraisal, drawn: Simulation | None) -> dict[str, Any]:
    """The answer, then what it stands on and hangs on."""
    from joinedup.engines.appraisal import origins, settlements, tornado, verdict, warnings, what_ifs

    data = found.as_data()
    data["verdict"] = verdict(found)
    data["warnings"] = list(warnings(found.model))
    data["parameters"] = [origin.as_data() for origin in origins(found.model)]
    data["cashable_by_year"] = [year.cashable for year in found.yearly]
    data["cashable_by_agency"] = {name: stake.pv_cashable for name, stake in found.agencies.items()}
    data["settlements"] = {each.method: dict(each.transfers) for each in settlements(found.agencies)}
    data["benefits"] = [
        {
            "code": line.benefit.code,
            "pv_fiscal": line.pv_fiscal,
            "pv_economic": line.pv_economic,
            "pv_social": line.pv_social,
            "optimism_bias": line.optimism_bias,
            "price_factor": line.price_factor,
            "rag": line.benefit.rag,
            "caveat": line.benefit.caveat,
            "source": line.benefit.source,
        }
        for line in found.lines
    ]
    data["tornado"] = [bar.as_data() for bar in tornado(found.model)]
    data["what_ifs"] = [each.as_data() for each in what_ifs(found.model)]
    if drawn:
        data["monte_carlo"] = drawn.as_data()
    return data


def _data_of_several(found: dict[str, Appraisal], drawn: Comparison | None) -> dict[str, Any]:
    data: dict[str, Any] = {"options": {name: _data(each, None) for name, each in found.items()}}
    if drawn:
        data["monte_carlo"] = drawn.as_data()
    return data
