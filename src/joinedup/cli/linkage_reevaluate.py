"""`joinedup linkage reevaluate` and `joinedup linkage use`: the nightly look over the index, now, and another model."""

from __future__ import annotations

import json
from pathlib import Path

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option


@click.command()
@data_option
@json_option
def reevaluate(data: Path, as_json: bool) -> None:
    """Look over the whole index and ask people about whatever the model sees otherwise. Nothing is linked or separated."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.person_index.services import reevaluate as look

        now = timezone.now()
        run = look(by=system(now), at=now, progress=lambda stage, share: click.echo(f"{stage} {share:.0%}", err=True))
    if as_json:
        click.echo(json.dumps({"records": run.total, **run.counts}))
        return
    said = ", ".join(f"{number:,} {words}" for words, number in run.counts.items()) or "nothing new"
    click.echo(f"{run.total:,} records looked at: {said}.")


@click.command()
@click.argument("model", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="What the register calls this version.")
@click.option(
    "--figures",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON with what it was measured to do, for the fairness panel: recall_by_name_group and whatever else.",
)
@data_option
def use(model: Path, name: str, figures: Path | None, data: Path) -> None:
    """Put a trained model in the register and use it from now on. What people decided stands."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.person_index.services import use_model

        now = timezone.now()
        measured = json.loads(figures.read_text(encoding="utf-8")) if figures else {}
        text = model.read_text(encoding="utf-8")
        use_model(name=name, text=text, figures=measured, by=system(now), at=now)
    click.echo(f"{name} is in use.")
