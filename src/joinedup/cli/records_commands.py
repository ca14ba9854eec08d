"""Commands for partners' records: importing a file, looking at how it would be read, undoing an import."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option
from joinedup.core.errors import Refused
from joinedup.core.tabular import report_csv

if TYPE_CHECKING:
    from joinedup.person_index.agency_file_mapping import ColumnMapping
    from joinedup.person_index.services import ImportResult


@click.group()
def records() -> None:
    """Partners' records of people."""


_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_agency = click.option("--agency", required=True, help="Code of the agency the records come from, for example NHS.")
_mapping = click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file that says what each column holds; see docs/imports.md.",
)


@records.command("import")
@_file
@_agency
@_mapping
@click.option("--remember", is_flag=True, help="Keep the mapping for this agency's files with the same header.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and leave nothing.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write each rejected value to this CSV."
)
@data_option
@json_option
def records_import(
    file: Path,
    agency: str,
    mapping: Path | None,
    remember: bool,
    dry_run: bool,
    report: Path | None,
    data: Path,
    as_json: bool,
) -> None:
    """Import an agency's records (CSV or .xlsx): good rows land together, each rejected row is reported and why."""
    said = _mapping_in(mapping)
    if remember and said is None:
        raise Refused("Give the mapping to remember with --mapping FILE.toml.")
    content = file.read_bytes()
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.person_index.services import import_records

        now = timezone.now()
        by = system(now)
        with _Progress() as progress:
            result = import_records(
                agency_code=agency,
                file_name=file.name,
                content=content,
                mapping=said,
                progress=progress,
                dry_run=dry_run,
                by=by,
                at=now,
            )
        if remember and said is not None and not dry_run:
            _remember(agency, file.name, content, said, now)
    if report is not None:
        write_report(report, (vars(each) for each in result.rejected))
    _show(result, as_json=as_json, is_told=report is not None, dry_run=dry_run)


def _show(result: ImportResult, *, as_json: bool, is_told: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(json.dumps(result.counts))
        return
    click.echo(", ".join(f"{number} {word}" for word, number in result.counts.items()))
    if dry_run:
        click.echo("This was a dry run: nothing was kept.", err=True)
    elif result.run_id:
        click.echo(f"To undo it within a day: joinedup records undo {result.run_id}", err=True)
    if result.rejected and not is_told:
        click.echo("Give --report FILE.csv to learn why rows were rejected.", err=True)


@records.command("look")
@_file
@_agency
@_mapping
@data_option
@json_option
def records_look(file: Path, agency: str, mapping: Path | None, data: Path, as_json: bool) -> None:
    """Say how the columns of a file would be read, and print a mapping to correct. Nothing is kept."""
    said = _mapping_in(mapping)
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.person_index.queries import read_ahead

        viewer = system(timezone.now())
        preview = read_ahead(viewer, agency_code=agency, file_name=file.name, content=file.read_bytes(), mapping=said)
    first = preview.first
    if as_json:
        click.echo(json.dumps({"columns": [vars(each) for each in first.guessed], "problem": first.problem}))
        return
    if first.mapping.date_order != "day-first":
        click.echo(f'date_order = "{first.mapping.date_order}"')
    click.echo("[columns]")
    for column in first.guessed:
        examples = "; ".join(" ".join(each.split()) for each in column.examples)
        click.echo(
            f'{json.dumps(column.title, ensure_ascii=False)} = "{column.field}"  # {column.confidence}: {examples}'
        )
    if first.problem:
        click.echo(first.problem, err=True)


@records.command("undo")
@click.argument("run", type=click.UUID)
@data_option
@json_option
def records_undo(run: UUID, data: Path, as_json: bool) -> None:
    """Undo an import within a day of it: what it brought goes, what it changed is as before."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.person_index.queries import import_run
        from joinedup.person_index.services import undo_import

        now = timezone.now()
        by = system(now)
        undone = undo_import(run=import_run(by, run).run, by=by, at=now)
    if as_json:
        click.echo(json.dumps({"removed": undone.removed, "restored": undone.restored, "kept": len(undone.kept)}))
    else:
        click.echo(f"{undone.removed} removed, {undone.restored} restored, {len(undone.kept)} kept")
    for kept in undone.kept:
        click.echo(f"{kept.agency_reference}: {kept.reason}", err=True)


def write_report(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write the import report every importer shares: `row,field,value,reason`, the header of the file being row 1."""
    path.write_text(report_csv(rows), encoding="utf-8", newline="")


def _mapping_in(path: Path | None) -> ColumnMapping | None:
    """The mapping in a TOML file; everything that is wrong with it on stderr, each on its line."""
    if path is None:
        return None
    from joinedup.person_index.agency_file_mapping import MappingFaults, mapping_from_toml

    try:
        return mapping_from_toml(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(f"{path.name} is not a text file in UTF-8.") from None
    except MappingFaults as wrong:
        raise Refused("\n".join(wrong.faults)) from None


def _remember(agency: str, file_name: str, content: bytes, mapping: ColumnMapping, at: Any) -> None:
    from joinedup.access.actor import system
    from joinedup.person_index.queries import read_ahead
    from joinedup.person_index.services import remember_mapping

    by = system(at)
    preview = read_ahead(by, agency_code=agency, file_name=file_name, content=content, mapping=mapping)
    remember_mapping(agency_code=agency, header=preview.first.header, mapping=mapping, by=by, at=at)


class _Progress:
    """What is being done, on stderr: one line that changes on a terminal, else a line for each tenth of each step."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._step, self._tenth, self._told_at = "", -1, 0.0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_terminal and self._step:
            with suppress(OSError):
                click.echo("", err=True)

    def __call__(self, step: str, done: int, of: int) -> None:
        tenth = 10 * done // of if of else 10
        now = time.monotonic()
        if self._is_terminal:
            if step != self._step or now - self._told_at > 0.2 or done >= of:
                self._told_at = now
                click.echo(f"\r\x1b[K{step}: {done:,} of {of:,}", err=True, nl=False)
        elif (step, tenth) != (self._step, self._tenth):
            click.echo(f"{step}: {done:,} of {of:,}", err=True)
        self._step, self._tenth = step, tenth
