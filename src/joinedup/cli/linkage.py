"""`joinedup linkage …`: whose record it is, for files, without the product's database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.linkage_lookup import lookup
from joinedup.cli.linkage_reevaluate import reevaluate, use
from joinedup.cli.options import json_option

if TYPE_CHECKING:
    from joinedup.engines.linkage.model import Model


@click.group()
def linkage() -> None:
    """Who is known to whom: train the linkage model, group records by person, look people up in a file."""


linkage.add_command(lookup)
linkage.add_command(reevaluate)
linkage.add_command(use)

_records = click.option(
    "--records",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Records, parquet or CSV: record_id and any of source, forename, middle, surname, dob, sex, address1,"
    " postcode, nhs_number, upn.",
)
_seed = click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same result.")
_backend = click.option(
    "--backend",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="Where Splink scores; spark needs joinedup[spark] and Java.",
)
_result = click.Path(dir_okay=False, path_type=Path)


@linkage.command()
@_records
@click.option("--out", required=True, type=_result, help="Where to write the model, JSON.")
@_seed
@json_option
def train(records: Path, out: Path, seed: int, as_json: bool) -> None:
    """Learn the weights of agreement from records that nobody has labelled."""
    from joinedup.engines.linkage.batch import Settings
    from joinedup.engines.linkage.batch import train as train_model

    _refuse_missing_folders(out)
    with _faults_listed(), _progress() as progress:
        model = train_model(records, out, Settings(seed=seed, today=_today()), progress)
    said = {"model": str(out), "version": model.version, "records": model.records}
    _say(said, f"The model {model.version} was learnt from {model.records} records.", as_json)


@linkage.command()
@_records
@click.option(
    "--model",
    "model_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A model from `linkage train`; left out, one is learnt from these records first.",
)
@click.option("--clusters", required=True, type=_result, help="Where to write record_id, cluster_id, parquet.")
@click.option("--pairs", type=_result, help="Where to write the pairs that a person should review, parquet.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Link by rule only from this probability; the model's own otherwise.",
)
@_backend
@_seed
@json_option
def cluster(
    records: Path,
    model_file: Path | None,
    clusters: Path,
    pairs: Path | None,
    threshold: float | None,
    backend: str,
    seed: int,
    as_json: bool,
) -> None:
    """Put every record of a file in a cluster, one for each person. A run that was killed goes on where it was."""
    from joinedup.engines.linkage.batch import Settings
    from joinedup.engines.linkage.batch import cluster as cluster_records

    _refuse_missing_folders(clusters, pairs)
    with _faults_listed(), _progress() as progress:
        made = cluster_records(
            records,
            clusters,
            Settings(seed=seed, today=_today(), backend=backend, threshold=threshold),
            model=_read_model(model_file),
            pairs=pairs,
            progress=progress,
        )
    sentence = f"{made.records} records are {made.people} people; {made.review} pairs are left for review."
    _say(asdict(made), sentence, as_json)


def _today() -> date:
    """The day, which settles the century of a year in two figures."""
    return date.today()  # noqa: DTZ011 - the day where the command runs


def _read_model(file: Path | None) -> Model | None:
    from joinedup.engines.linkage.model import Model

    try:
        return Model.read(file) if file else None
    except ValueError as wrong:
        _refuse([str(wrong)])
        raise


def _refuse_missing_folders(*files: Path | None) -> None:
    """Say before an hour's work, not after it, that a result cannot be written."""
    wrong = [f"There is no folder {file.parent}." for file in files if file and not file.absolute().parent.is_dir()]
    if wrong:
        _refuse(wrong)


@contextmanager
def _faults_listed() -> Iterator[None]:
    """List what is wrong with the file, a line each, and end with code 2."""
    from joinedup.engines.linkage.reading import UnreadableRecords

    try:
        yield
    except UnreadableRecords as wrong:
        _refuse(wrong.faults)
    except ModuleNotFoundError as missing:
        _refuse([f"{missing.name} is not installed. Install joinedup[spark] for --backend spark."])


def _refuse(faults: list[str]) -> None:
    for fault in faults:
        click.echo(fault, err=True)
    raise click.exceptions.Exit(2)


def _say(said: dict[str, object], sentence: str, as_json: bool) -> None:
    click.echo(json.dumps(said, sort_keys=True) if as_json else sentence)


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Show each stage on stderr: as a bar on a terminal, a line each elsewhere."""
    stage = ""

    def told(what: str, share: float) -> None:
        nonlocal stage
        if sys.stderr.isatty():
            done = round(share * 20)
            click.echo(f"\r{what:<28} [{'#' * done}{'.' * (20 - done)}]", err=True, nl=False)
        elif what != stage:
            click.echo(f"{what} …", err=True)
        stage = what

    yield told
    if sys.stderr.isatty():
        click.echo("\r" + " " * 54 + "\r", err=True, nl=False)
