"""`joinedup golive`: bringing open cases and sharing agreements over, and reconciling what came with what was there."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from joinedup.cli.database import database
from joinedup.cli.golive_work_commands import golive_reconcile_work, golive_work
from joinedup.cli.options import data_option, json_option
from joinedup.core.errors import Refused

if TYPE_CHECKING:
    from joinedup.access.actor import Actor
    from joinedup.casework.golive import Extract, Reconciliation
    from joinedup.information_sharing.golive import Register
    from joinedup.information_sharing.golive_reconciling import Reconciliation as AgreementsReconciliation

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_agency = click.option(
    "--agency", required=True, help="Code of the agency whose old system it is, for example COUNCIL."
)


def _out(name: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(name, type=click.Path(dir_okay=False, path_type=Path), help=words)


@click.group()
def golive() -> None:
    """Starting with the open cases and the sharing agreements that earlier systems hold."""


golive.add_command(golive_work)
golive.add_command(golive_reconcile_work)


@golive.command("cases")
@_file
@_agency
@click.option("--dry-run", is_flag=True, help="Say what would happen and leave nothing.")
@_out("--report", "Write every rejected row to this CSV.")
@data_option
@json_option
def golive_cases(file: Path, agency: str, dry_run: bool, report: Path | None, data: Path, as_json: bool) -> None:
    """Open the cases of FILE (CSV or .xlsx) with their true dates; good rows land together, the others are reported."""
    content = file.read_bytes()
    with database(data):
        from django.db import transaction
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.casework.services import bring_cases_over
        from joinedup.organisations.queries import organisation_with_code

        now = timezone.now()
        by = system(now)
        extract = _read(content, file.name, timezone.localdate(now))
        with transaction.atomic():
            body = organisation_with_code(by, agency)
            result = bring_cases_over(agency=body, extract=extract, by=by, at=now, progress=_progress())
            if dry_run:
                transaction.set_rollback(True)
    _tell(result.counts, [asdict(fault) for fault in result.rejected], report, is_dry=dry_run, as_json=as_json)


@golive.command("agreements")
@_file
@click.option("--dry-run", is_flag=True, help="Say what would happen and leave nothing.")
@_out("--report", "Write every rejected row to this CSV.")
@data_option
@json_option
def golive_agreements(file: Path, dry_run: bool, report: Path | None, data: Path, as_json: bool) -> None:
    """Enter the sharing agreements of FILE (CSV or .xlsx, a row for each party) with their true dates; good ones land
    together, every row of the others is reported."""
    content = file.read_bytes()
    with database(data):
        from django.db import transaction
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.information_sharing.services import bring_agreements_over

        now = timezone.now()
        register = _read_agreements(content, file.name, timezone.localdate(now))
        with transaction.atomic():
            result = bring_agreements_over(register=register, by=system(now), at=now)
            if dry_run:
                transaction.set_rollback(True)
    _tell(result.counts, [asdict(fault) for fault in result.rejected], report, is_dry=dry_run, as_json=as_json)


def _tell(
    counts: dict[str, int], rejected: list[dict[str, Any]], report: Path | None, *, is_dry: bool, as_json: bool
) -> None:
    """What became of the rows, and the rejected ones as a table where it was asked for."""
    if report is not None:
        from joinedup.cli.records_commands import write_report

        write_report(report, rejected)
    if as_json:
        click.echo(json.dumps(counts))
        return
    click.echo(", ".join(f"{number} {word}" for word, number in counts.items()))
    if is_dry:
        click.echo("This was a dry run: nothing was kept.", err=True)
    if rejected and report is None:
        click.echo("Give --report FILE.csv to learn why rows were rejected.", err=True)


@golive.command("reconcile")
@_file
@_agency
@click.option(
    "--agreements",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The extract of the sharing agreements, to count them in the same report.",
)
@_out("--report", "Write the counts and every difference to this CSV.")
@_out("--page", "Write the same as a page to print and sign.")
@data_option
@json_option
def golive_reconcile(
    file: Path,
    agency: str,
    agreements: Path | None,
    report: Path | None,
    page: Path | None,
    data: Path,
    as_json: bool,
) -> None:
    """Compare FILE with the open cases here, by team, level, lead professional and month, and the agreements there with
    those here. Exit code 2 on a difference."""
    content = file.read_bytes()
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.casework.queries import reconciliation
        from joinedup.organisations.queries import organisation_with_code

        now = timezone.now()
        viewer = system(now)
        extract = _read(content, file.name, timezone.localdate(now))
        found = reconciliation(viewer, organisation_with_code(viewer, agency), extract)
        register = _reconcile_agreements(viewer, agreements, timezone.localdate(now)) if agreements else None
        if page is not None:
            from django.template.loader import render_to_string
            from django.utils.safestring import SafeString

            name = agreements.name if agreements else ""
            section = render_to_string("information_sharing/reconciled.jinja", {"found": register, "file": name})
            words: dict[str, Any] = {"found": found, "file": file.name, "agency": agency, "at": now}
            words["agreements"] = SafeString(section)  # rendered by a template that escapes
            page.write_text(render_to_string("casework/reconciliation.jinja", words), encoding="utf-8")
    if report is not None:
        _write_reconciliation(report, found, register)
    _tell_reconciliation(found, register, as_json=as_json)
    if not (found.is_even and (register is None or register.is_even)):
        raise click.exceptions.Exit(2)


def _reconcile_agreements(viewer: Actor, file: Path, today: date) -> AgreementsReconciliation:
    from joinedup.information_sharing.queries import agreements_reconciliation

    return agreements_reconciliation(viewer, _read_agreements(file.read_bytes(), file.name, today))


def _tell_reconciliation(found: Reconciliation, register: AgreementsReconciliation | None, *, as_json: bool) -> None:
    if as_json:
        said = {**asdict(found), "even": found.is_even}
        if register is not None:
            said["agreements"] = {**asdict(register), "even": register.is_even}
        click.echo(json.dumps(said))
    else:
        click.echo(f"{found.legacy} open cases there, {found.here} here, {len(found.differences)} differences.")
        click.echo(
            f"{len(found.unknown_references)} references of people nobody knows, {len(found.children_without_case)} "
            "children without an open case."
        )
        if register is not None:
            click.echo(
                f"{register.legacy} sharing agreements there, {register.here} here, {len(register.differences)} "
                "differences."
            )


def _read(content: bytes, name: str, today: date) -> Extract:
    """The file as cases; a file that is no such table is refused in a sentence."""
    from joinedup.casework.services import COLUMNS, read_extract
    from joinedup.core.tabular import UnreadableFile, read_table
    from joinedup.engines.linkage.identifiers import birth_date

    titles = {title for several in COLUMNS.values() for title in several}

    def score(cells: Any) -> int:
        return sum("".join(filter(str.isalnum, cell.lower())) in titles for cell in cells)

    try:
        table = read_table(content, name, score=score)
        # The days of a case are written as dates of birth are, and read by the same rules.
        return read_extract(table.header, table.rows, read_date=lambda text: birth_date(text, today=today), today=today)
    except UnreadableFile as fault:
        raise Refused(str(fault), rule="GL-1") from None
    except ValueError as fault:
        raise Refused(str(fault), rule="GL-2") from None


def _read_agreements(content: bytes, name: str, today: date) -> Register:
    """The file as agreements; a file that is no such table is refused in a sentence."""
    from joinedup.core.tabular import UnreadableFile, read_table
    from joinedup.information_sharing.services import known_titles, read_register

    try:
        table = read_table(content, name, score=known_titles)
        return read_register(table.header, table.rows, today=today, broken=table.faults)
    except UnreadableFile as fault:
        raise Refused(str(fault), rule="GL-1") from None
    except ValueError as fault:
        raise Refused(str(fault), rule="GL-2") from None


def _progress() -> Any:
    """Every hundredth case on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def say(done: int, of: int) -> None:
        if done % 100 == 0 or done == of:
            sys.stderr.write(f"\r{done:,} of {of:,} cases")
            sys.stderr.write("\n" if done == of else "")
            sys.stderr.flush()

    return say


def _write_reconciliation(path: Path, found: Reconciliation, register: AgreementsReconciliation | None) -> None:
    """One table for a spreadsheet: the counts with their totals, then every difference with what is behind it; first the
    cases, then the agreements."""
    from joinedup.core.tabular import inert

    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["what", "value", "there", "here", "difference", "row", "reference there", "reference here", "reason"]
        )
        lines = [*_lines(found), *(_agreement_lines(register) if register else ())]
        writer.writerows([inert(cell) for cell in row] for row in lines)


def _lines(found: Reconciliation) -> Iterable[list[Any]]:
    for count in found.counts:
        yield [count.kind, count.value, count.legacy, count.here, count.difference, "", "", "", ""]
    yield ["total", "open cases", found.legacy, found.here, found.legacy - found.here, "", "", "", ""]
    for one in found.differences:
        yield [one.what, "", "", "", "", one.row or "", one.legacy_reference, one.case, one.reason]
    for row, reference in found.unknown_references:
        yield ["unknown reference", reference, "", "", "", row, "", "", "No record of this person has been imported."]
    for row, reference in found.children_without_case:
        yield ["child without case", reference, "", "", "", row, "", "", "The child is in no open case here."]


def _agreement_lines(found: AgreementsReconciliation) -> Iterable[list[Any]]:
    for count in found.counts:
        yield [f"agreements by {count.kind}", count.value, count.legacy, count.here, count.difference, "", "", "", ""]
    yield ["total", "sharing agreements", found.legacy, found.here, found.legacy - found.here, "", "", "", ""]
    for one in found.differences:
        what = f"agreement {one.what}"
        yield [what, "", "", "", "", one.row or "", one.legacy_reference, one.agreement, one.reason]
