"""`joinedup directory`: whether a feed conforms to the open standard, records of other directories, and postcodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option

if TYPE_CHECKING:
    from joinedup.directory.reading import Reader


@click.group()
def directory() -> None:
    """The directory of services."""


@directory.command()
@click.argument("feed")
@click.option("--seconds", type=click.IntRange(1, 3600), default=120, show_default=True, help="How long it may take.")
@json_option
def check(feed: str, seconds: int, as_json: bool) -> None:
    """Check a feed against Open Referral UK 3.0, as the official validator does, and say what is wrong in words.

    FEED is the address of any feed, a folder of its answers as files, or one such file. Exit code 0: it passes both levels; 1: it does not;
    2: it could not be checked. Needs no database."""
    from joinedup.directory.checking import check_feed, check_file

    reader = _reader(feed, seconds)
    report = check_file(Path(feed).expanduser()) if reader is None else check_feed(reader)
    click.echo(json.dumps(report.as_data()) if as_json else report.as_words())
    if not report.passes_level_2:
        raise click.exceptions.Exit(1)


def _reader(feed: str, seconds: int) -> Reader | None:
    """Who reads the feed; None for a single file."""
    from joinedup.directory.reading import FolderReader, WebReader

    path = Path(feed).expanduser()
    if path.is_dir():
        return FolderReader(path)
    return None if path.is_file() else WebReader(feed, seconds=seconds)


@directory.command()
@click.argument("origin")
@click.option("--source", "name", required=True, help="What the directory the records come from is called.")
@click.option("--licence", required=True, help="Under which licence its records may be used.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write each record that is held to this CSV."
)
@click.option("--trusted", is_flag=True, help="What this source says becomes public without an assurer, from now on.")
@data_option
@json_option
def harvest(
    origin: str, name: str, licence: str, report: Path | None, trusted: bool, data: Path, as_json: bool
) -> None:
    """Take in the services of another directory: the address of a feed (Open Referral UK 3.0 or its version 1), a file of
    one, or a table (CSV or workbook) with a column “name”. Clean records wait for an assurer, or become public at once where the
    source is trusted; the others are held with their faults. The same again changes nothing."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.core.tabular import report_csv
        from joinedup.directory.services import add_source
        from joinedup.directory.services import harvest as take_in
        from joinedup.directory.sources import records_of_feed, records_of_file

        now = timezone.now()
        path = Path(origin).expanduser()
        # What is wrong with the whole is said before anything is entered.
        records = records_of_file(path) if path.is_file() else list(records_of_feed(origin))
        source = add_source(
            name=name, licence=licence, address=origin, is_trusted=trusted or None, by=system(now), at=now
        )
        result = take_in(source=source, records=records, by=system(now), at=now)
    held = [{"row": one, "field": rule, "value": "", "reason": words} for one, rule, words in result.faults]
    if report is not None:
        report.write_text(report_csv(held), encoding="utf-8", newline="")
    if as_json:
        click.echo(json.dumps({**result.counts, "faults": held}))
        return
    click.echo(", ".join(f"{number} {word}" for word, number in result.counts.items()))
    if held and report is None:
        click.echo("Give --report FILE.csv to learn why records are held.", err=True)


@directory.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
def postcodes(file: Path, data: Path) -> None:
    """Bring in where postcodes lie: a CSV in the layout of the ONS Postcode Directory."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.directory.services import add_postcodes
        from joinedup.directory.sources import postcodes_of_file

        now = timezone.now()
        count = add_postcodes(rows=postcodes_of_file(file), by=system(now), at=now)
    click.echo(f"{count} postcodes")


@directory.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["hsds", "fhir"]),
    required=True,
    help="A tabular data package (HSDS 3.1, a zip), or a FHIR R4 bundle.",
)
@click.option(
    "--address",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where the site is: the addresses in a FHIR bundle begin with it.",
)
@data_option
def export(file: Path, kind: str, address: str, data: Path) -> None:
    """Write every public service to a file for others: nothing that waits, and no address that is secret."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.directory.queries import file_of_everything

        content = file_of_everything(system(timezone.now()), kind, address=address)
    file.write_bytes(content)
    click.echo(f"{file}: {len(content):,} bytes")


@directory.command()
@data_option
def duplicates(data: Path) -> None:
    """Look for services that may be one; people decide on each pair."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.directory.services import look_for_duplicates

        now = timezone.now()
        count = look_for_duplicates(by=system(now), at=now)
    click.echo(f"{count} pairs wait for somebody to look")
