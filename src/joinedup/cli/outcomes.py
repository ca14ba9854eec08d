"""`joinedup outcomes import`: readings of the partnership's outcomes, from a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option


@click.group()
def outcomes() -> None:
    """What the whole partnership is measured by."""


@outcomes.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write each rejected row to this CSV.")
@data_option
@json_option
def outcomes_import(file: Path, report: Path | None, data: Path, as_json: bool) -> None:
    """Bring in readings: CSV or a workbook with measure, area, cohort, from, to, value, numerator, denominator, source.
    Good rows land together; with --json the rejected ones are listed too. The same file again changes nothing."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.core.tabular import report_csv
        from joinedup.outcomes.services import import_readings

        now = timezone.now()
        run = import_readings(file_name=file.name, content=file.read_bytes(), by=system(now), at=now)
    if report is not None:
        report.write_text(report_csv(run.rejected), encoding="utf-8", newline="")
    if as_json:
        click.echo(json.dumps({**run.counts, "rejected_rows": run.rejected}))
        return
    click.echo(", ".join(f"{number} {word}" for word, number in run.counts.items()))
    if run.rejected and report is None:
        click.echo("Give --report FILE.csv to learn why rows were rejected.", err=True)
