"""`joinedup report progress`: the progress report on integration, as a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option

_KINDS = ("docx", "pdf", "html", "json")


@click.group()
def report() -> None:
    """Reports of the partnership as files."""


@report.command("progress")
@click.option("--format", "kind", type=click.Choice(_KINDS), required=True, help="What to write.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--reference", default="", help="Which report; the one that was published last unless said.")
@data_option
def report_progress(kind: str, out: Path, reference: str, data: Path) -> None:
    """Write the progress report as it was published, or the draft as it stands where none was."""
    _require_database(data)
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.core.errors import NotVisible
        from joinedup.governance.progress_document import report_document
        from joinedup.governance.queries import content_of, latest_report, published_digest

        by = system(timezone.now())
        try:
            row = latest_report(by, reference)
        except NotVisible as missing:
            raise click.UsageError("There is no such progress report.") from missing
        content = content_of(by, row)
        document = report_document(content, printed_by="Joinedup", printed_at=by.at, frozen=published_digest(by, row))
        if kind == "json":
            written = json.dumps(content, ensure_ascii=False, indent=1).encode()
        elif kind == "html":
            from django.template.loader import render_to_string

            written = render_to_string("governance/progress_file.jinja", {"document": document}).encode()
        else:
            written = document.as_pdf() if kind == "pdf" else document.as_docx()
    try:
        out.write_bytes(written)
    except OSError as fault:
        raise click.UsageError(f"{out} cannot be written: {fault.strerror}.") from fault
    click.echo(f"{row.reference} to {out}")


def _require_database(data: Path) -> None:
    """Nothing is made by a command that only reads: where no database is, there is no report."""
    is_named = os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")
    if not is_named and not (data / "postgres").is_dir():
        raise click.UsageError(f"There is no database in {data}.")
