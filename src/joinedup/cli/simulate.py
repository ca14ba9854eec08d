"""`joinedup simulate MODEL.toml`: will it cope? Waits, queues and workers of a flow of cases, from a file alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.options import json_option

if TYPE_CHECKING:
    from joinedup.engines.caseflow import Answer, Estimate, Model, Simulation

_USUAL = 200


@click.command()
@click.argument("model", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@json_option
@click.option("--replications", type=int, default=_USUAL, show_default=True, metavar="N", help="How often to run it.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="The same seed, the same families.")
@click.option("--analytic", is_flag=True, help="By formula, at once; says where formulas are approximate.")
@click.option("--staffing", is_flag=True, help="Find the fewest workers that surely meet the stations' targets.")
def simulate(model: Path, as_json: bool, replications: int, seed: int, analytic: bool, staffing: bool) -> None:
    """Will it cope? MODEL is TOML or JSON, or - for what is piped in. Time is in working days.

    \b
    [arrivals]
    per_day = 20
    first = "Triage"                   the first station, if left out
    [[stations]]
    name = "Triage"
    servers = 9
    service = { distribution = "lognormal", mean = 0.27, cv = 0.75 }
    target_wait = 1                    optional; without it, who waits at all
    target_share = 0.95                optional: of whom, for --staffing
    [[stations]]
    name = "Team"
    servers = 120
    caseload = 12                      optional: cases a worker holds at once
    service = { distribution = "exponential", mean = 96 }
    [[routes]]
    from = "Triage"
    to = "Team"
    probability = 0.7                  who is left over leaves
    [run]                              optional
    days = 1265                        five years of 253 days, after
    warm_up = 253                      the days until it is as full as it will be

    Needs no database. A bad file, and a flow that can never cope, gets a line for every fault, and exit code 2.
    See docs/caseflow.md.
    """
    _check_options(replications, seed)
    flow = _read(model)
    if analytic and staffing:
        raise click.UsageError("--staffing is found by simulation; leave --analytic out.")
    if analytic:
        _say_formulas(flow, as_json)
    elif staffing:
        _say_staffing(flow, as_json, replications, seed)
    else:
        _say_simulated(flow, as_json, replications, seed)


def _check_options(replications: int, seed: int) -> None:
    from joinedup.engines.caseflow import MOST_REPLICATIONS, MOST_SEED

    if not 1 <= replications <= MOST_REPLICATIONS:
        raise click.BadParameter(f"it must be from 1 to {MOST_REPLICATIONS:,}.", param_hint="--replications")
    if not 0 <= seed <= MOST_SEED:
        raise click.BadParameter(f"it must be from 0 to {MOST_SEED}.", param_hint="--seed")


def _read(file: Path) -> Model:
    from joinedup.engines.caseflow import BadModel, read_text

    try:
        return read_text(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    except BadModel as bad:
        for fault in bad.faults:
            click.echo(fault, err=True)
        raise click.exceptions.Exit(2) from None


def _say_formulas(flow: Model, as_json: bool) -> None:
    from joinedup.engines.caseflow import answers

    found = answers(flow)
    if as_json:
        click.echo(json.dumps({"stations": {each.name: each.as_data() for each in found}}, allow_nan=False))
        return
    click.echo("By formula, in the long run. Waits in working days.\n")
    for each in found:
        click.echo(_formula(flow, each))


def _formula(flow: Model, each: Answer) -> str:
    target = flow.stations[flow.place[each.name]].target_wait
    lines = [
        each.name,
        f"  mean wait {each.mean_wait:.4g} · {_over(target)} {each.p_wait_over_target:.2%} · busy {each.utilisation:.1%} ·"
        f" waiting {each.mean_queue:.4g}",
        f"  Erlang B {each.erlang_b:.4g} · Erlang C {each.erlang_c:.4g} · {'exact' if each.exact else 'approximate'}",
    ]
    return "\n".join([*lines, *(f"  {note}" for note in each.notes)])


def _say_simulated(flow: Model, as_json: bool, replications: int, seed: int) -> None:
    found = _run(flow, replications, seed)
    if as_json:
        click.echo(json.dumps(found.as_data(), allow_nan=False))
        return
    warm_up = found.model.warm_up or 0.0
    click.echo(
        f"{found.replications:,} replications of {found.model.days - warm_up:,.0f} working days after {warm_up:,.0f} to fill,"
        f" seed {seed}. Waits in working days; ± is 95 % certainty of the simulation, not of the model.\n"
    )
    for station in found.model.stations:
        parts = [
            f"mean wait {_figure(found.estimate(station.name, 'mean_wait'))}",
            f"{_over(station.target_wait)} {_figure(found.estimate(station.name, 'p_wait_over_target'), percent=True)}",
            f"busy {_figure(found.estimate(station.name, 'utilisation'), percent=True)}",
            f"waiting {_figure(found.estimate(station.name, 'mean_queue'))}",
        ]
        click.echo(f"{station.name}\n  {' · '.join(parts)}")


def _say_staffing(flow: Model, as_json: bool, replications: int, seed: int) -> None:
    from joinedup.engines.caseflow import fewest

    try:
        found = fewest(flow, replications=replications, seed=seed)
    except ValueError as wrong:
        click.echo(f"$.stations: {wrong}", err=True)
        raise click.exceptions.Exit(2) from None
    if as_json:
        stations = {
            name: {
                "servers": each.servers,
                "within_target": each.within.as_data(),
                "tried": [{"servers": count, **share.as_data()} for count, share in each.curve.items()],
            }
            for name, each in found.stations.items()
        }
        click.echo(json.dumps({"staffing": stations, "replications": replications, "seed": seed}, allow_nan=False))
        return
    for name, each in found.stations.items():
        wanted = flow.stations[flow.place[name]].target_share
        tried = ", ".join(f"{count}: {share.value or 0:.1%}" for count, share in each.curve.items())
        click.echo(
            f"{name}: {each.servers} workers\n  within the target {_figure(each.within, percent=True)}; {wanted:.0%} wanted"
        )
        click.echo(f"  tried {tried}")


def _run(flow: Model, replications: int, seed: int) -> Simulation:
    """Run it, saying on stderr how far it is where that takes long."""
    from joinedup.engines.caseflow import stream

    found = stream(flow, replications=replications, seed=seed)
    last, said = next(found), 0
    for last in found:
        fifths = last.replications * 5 // replications
        if fifths > said and last.replications < replications and replications > _USUAL:
            said = fifths
            worst = max(flow.stations, key=lambda station: last.estimate(station.name, "mean_queue").value or 0.0)
            wait = _figure(last.estimate(worst.name, "mean_wait"))
            click.echo(f"{last.replications:,} of {replications:,}: mean wait at {worst.name} {wait}", err=True)
    return last


def _over(target: float) -> str:
    return f"over {target:g}" if target else "wait at all"


def _figure(found: Estimate, *, percent: bool = False) -> str:
    if found.value is None:
        return "nobody came"
    times, unit = (100, " %") if percent else (1, "")
    half = "" if found.half is None else f" ± {found.half * times:.2g}"
    return f"{found.value * times:.4g}{half}{unit}"
