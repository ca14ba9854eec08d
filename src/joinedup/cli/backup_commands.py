"""`joinedup backup`, `restore` and `drill`. Each parses, makes one call and prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from joinedup.cli.archive import read_passphrase
from joinedup.cli.options import data_option, json_option


def passphrase_option(command: Any) -> Any:
    """`--passphrase-file FILE`; the phrase itself never stands on a command line."""
    return click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="JOINEDUP_BACKUP_PASSPHRASE_FILE",
        help="A file with a passphrase of at least 16 characters; also JOINEDUP_BACKUP_PASSPHRASE_FILE.",
    )(command)


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@passphrase_option
@data_option
@json_option
def backup(target: Path, passphrase_file: Path | None, data: Path, as_json: bool) -> None:
    """Write everything to one file: TARGET, or a new file in the folder TARGET. The site may go on working."""
    from joinedup.cli.backup import take_backup

    taken = take_backup(data, target.absolute(), phrase=read_passphrase(passphrase_file), at=_now())
    if as_json:
        click.echo(json.dumps(asdict(taken), default=str))
        return
    click.echo(f"{taken.path}: {taken.rows:,} rows of {taken.tables} tables, {taken.bytes / 1e6:,.1f} MB.")
    if not taken.is_encrypted:
        click.echo(
            "It is not encrypted: keep it where the database itself might lie, and the secret key elsewhere.", err=True
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@passphrase_option
@data_option
@json_option
def restore(file: Path, passphrase_file: Path | None, data: Path, as_json: bool) -> None:
    """Restore FILE into an empty data folder, or into the empty database that DATABASE_URL names."""
    from joinedup.cli.backup import restore_backup

    restored = restore_backup(data, file.absolute(), phrase=read_passphrase(passphrase_file), at=_now())
    if as_json:
        click.echo(json.dumps(asdict(restored)))
        return
    click.echo(
        f"Restored as of {restored.taken_at}: {restored.rows:,} rows of {restored.tables} tables, {restored.sealed:,} "
        "sealed events; every table is as it was, and the audit chain is sound."
    )
    if not restored.brought_secret_key:
        click.echo(
            "Set JOINEDUP_SECRET_KEY to the key of the old installation, or everybody sets up a second factor again.",
            err=True,
        )


@click.command()
@click.option(
    "--from",
    "place",
    type=click.Path(exists=True, path_type=Path),
    help="A backup, or a folder of them; otherwise the last one taken from the data folder.",
)
@passphrase_option
@data_option
@json_option
def drill(place: Path | None, passphrase_file: Path | None, data: Path, as_json: bool) -> None:
    """Restore the newest backup into a throw-away place and prove that it works. Exit code 2 on any difference."""
    from joinedup.cli.backup import newest_backup
    from joinedup.cli.drill import drill as run_drill

    outcome = run_drill(
        newest_backup(data, place), passphrase_file=passphrase_file, phrase=read_passphrase(passphrase_file)
    )
    if as_json:
        click.echo(json.dumps(asdict(outcome)))
    else:
        took = ", ".join(f"{what} {seconds} s" for what, seconds in outcome.seconds.items())
        click.echo(f"{outcome.backup}, of {outcome.taken_at}")
        click.echo(f"{outcome.rows:,} rows of {outcome.tables} tables compared, {outcome.pages} pages opened; {took}.")
    for line in outcome.differences:
        click.echo(line, err=True)
    if outcome.differences:
        raise click.exceptions.Exit(2)
    if not as_json:
        click.echo("Everything is as it was.")
