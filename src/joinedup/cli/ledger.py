"""`joinedup ledger …`: the books of shared money, checked from outside the program's pages."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option
from joinedup.core.errors import Refused


@click.group()
def ledger() -> None:
    """The ledger of shared money."""


@ledger.command("verify")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with heads kept elsewhere (what --json printed then, or its heads alone): a chain rewritten since is found.",
)
@data_option
@json_option
def ledger_verify(heads: Path | None, data: Path, as_json: bool) -> None:
    """Recompute every chain, line and running total, and report every fault. Exit code 2 when there is one."""
    kept = _heads(heads) if heads else {}
    with database(data):
        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.funds.queries import verify_ledger

        found = verify_ledger(system(timezone.now()), kept=kept, progress=_tell)
    if as_json:
        click.echo(json.dumps({**asdict(found), "sound": found.is_sound}))
    else:
        click.echo(f"{found.entries} entries, {found.postings} lines, {found.sealed} sealed.")
        for code, head in found.heads.items():
            click.echo(f"{code}: entry {head['number']}, {head['digest']}")
        click.echo("The ledger is sound." if found.is_sound else f"{len(found.faults)} faults were found.")
    for fault in found.faults:
        click.echo(" ".join(part for part in (fault.fund, fault.code, fault.sentence) if part), err=True)
    if not found.is_sound:
        raise click.exceptions.Exit(2)


def _tell(done: int, total: int) -> None:
    click.echo(f"{done:,} of {total:,} entries looked at", err=True)


def _heads(path: Path) -> dict[str, tuple[int, str]]:
    """The number and digest of each fund in a file."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {code: (int(head["number"]), str(head["digest"])) for code, head in said.get("heads", said).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{path.name} is not a file of heads: {error}.", rule="CL-10") from error
