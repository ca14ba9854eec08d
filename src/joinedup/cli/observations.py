"""`joinedup observations import`: what agencies observed of children, from a file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option


@click.group()
def observations() -> None:
    """What agencies observe of children: attendance, exclusions, episodes, incidents."""


@observations.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agency", required=True, help="Code of the agency that observed it, for example SCHOOLS.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write each rejected value to this CSV."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@data_option
@json_option
def observations_import(file: Path, agency: str, report: Path | None, dry_run: bool, data: Path, as_json: bool) -> None:
    """Import an agency's observations: CSV or a workbook with reference, kind, date and, where it has one, value."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.core.tabular import report_csv
        from joinedup.person_index.services import import_observations

        now = timezone.now()
        result = import_observations(
            agency_code=agency, file_name=file.name, content=file.read_bytes(), dry_run=dry_run, by=system(now), at=now
        )
    if report is not None:
        report.write_text(report_csv(asdict(each) for each in result.rejected), encoding="utf-8", newline="")
    if as_json:
        click.echo(json.dumps(result.counts))
        return
    click.echo(", ".join(f"{number} {word}" for word, number in result.counts.items()))
    if result.rejected and report is None:
        click.echo("Give --report FILE.csv to learn why rows were rejected.", err=True)
