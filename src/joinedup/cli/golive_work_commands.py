"""`joinedup golive work` and `reconcile-work`: plans, their parts, reviews, agreements of families and assessments."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option

KINDS = ("plans", "needs", "outcomes", "actions", "reviews", "consents", "assessments")
_kind = click.argument("kind", type=click.Choice(KINDS))
_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_agency = click.option(
    "--agency", required=True, help="Code of the agency whose old system it is, for example COUNCIL."
)
_report = click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every rejected row, or difference, to this CSV.",
)


def _progress(kind: str) -> Callable[[int, int], None] | None:
    """Every hundredth record on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def say(done: int, of: int) -> None:
        if done % 100 == 0 or done == of:
            sys.stderr.write(f"\r{done:,} of {of:,} {kind}" + ("\n" if done == of else ""))
            sys.stderr.flush()

    return say


@click.command("work")
@_kind
@_file
@_agency
@click.option("--dry-run", is_flag=True, help="Say what would happen and leave nothing.")
@_report
@data_option
@json_option
def golive_work(
    kind: str, file: Path, agency: str, dry_run: bool, report: Path | None, data: Path, as_json: bool
) -> None:
    """Bring the rows of FILE (CSV or .xlsx) over, after the cases: plans, then needs, outcomes, actions and reviews; consents
    and assessments at any time. Good rows land together, the others are reported."""
    content = file.read_bytes()
    with database(data):
        from django.db import transaction
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.casework.services import Work, bring_work_over, read_work_file
        from joinedup.organisations.queries import organisation_with_code

        now = timezone.now()
        by = system(now)
        extract = read_work_file(Work(kind), content, file.name, timezone.localdate(now))
        with transaction.atomic():
            body = organisation_with_code(by, agency)
            result = bring_work_over(agency=body, extract=extract, by=by, at=now, progress=_progress(kind))
            if dry_run:
                transaction.set_rollback(True)
    _write(report, [asdict(fault) for fault in result.rejected])
    if as_json:
        click.echo(json.dumps(result.counts))
        return
    click.echo(", ".join(f"{number} {word}" for word, number in result.counts.items()))
    if dry_run:
        click.echo("This was a dry run: nothing was kept.", err=True)
    if result.rejected and report is None:
        click.echo("Give --report FILE.csv to learn why rows were rejected.", err=True)


def _write(report: Path | None, rows: list[dict[str, Any]]) -> None:
    if report is not None:
        from joinedup.cli.records_commands import write_report

        write_report(report, rows)


@click.command("reconcile-work")
@_kind
@_file
@_agency
@_report
@data_option
@json_option
def golive_reconcile_work(kind: str, file: Path, agency: str, report: Path | None, data: Path, as_json: bool) -> None:
    """Compare FILE with what is here, by team and by how each stands, with control totals. Exit code 2 on a difference."""
    content = file.read_bytes()
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.casework.queries import work_reconciliation
        from joinedup.casework.services import Work, read_work_file
        from joinedup.organisations.queries import organisation_with_code

        now = timezone.now()
        by = system(now)
        extract = read_work_file(Work(kind), content, file.name, timezone.localdate(now))
        found = work_reconciliation(by, organisation_with_code(by, agency), extract)
    _write(
        report,
        [{"row": each.row or "", "field": each.what, "value": each.reference or each.case, "reason": each.reason}
         for each in found.differences],
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps({**asdict(found), "even": found.is_even}, default=str))
    else:
        for count in found.counts:
            totals = (
                f", totals {count.legacy_total} and {count.here_total}"
                if count.legacy_total or count.here_total
                else ""
            )
            click.echo(f"{count.by} {count.value}: {count.legacy} there, {count.here} here{totals}")
        click.echo(f"{found.legacy} {kind} there, {found.here} here, {len(found.differences)} differences.")
    if not found.is_even:
        raise click.exceptions.Exit(2)
