"""The `joinedup` command. Expected failures are one sentence on stderr and exit code 2, never a traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from joinedup import __version__
from joinedup.cli.administrator import administrator
from joinedup.cli.appraise import appraise
from joinedup.cli.backup_commands import backup, drill, restore
from joinedup.cli.data_commands import audit, demo, docs
from joinedup.cli.data_folder import default_data_folder
from joinedup.cli.database import database, migrate_database, unreachable
from joinedup.cli.directory import directory
from joinedup.cli.doctor import doctor
from joinedup.cli.golive_commands import golive
from joinedup.cli.ledger import ledger
from joinedup.cli.linkage import linkage
from joinedup.cli.observations import observations
from joinedup.cli.options import data_option
from joinedup.cli.outcomes import outcomes
from joinedup.cli.pathway_commands import pathways
from joinedup.cli.records_commands import records
from joinedup.cli.report import report
from joinedup.cli.riskshare import riskshare
from joinedup.cli.serve import serve_site
from joinedup.cli.simulate import simulate
from joinedup.cli.worker import work
from joinedup.core.errors import Refused

PORT = 8000


class Plainspoken(click.Group):
    """A group that turns every expected failure into a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see the module's first line."""
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            sentence = str(refusal)
        except PermissionError as error:
            sentence = f"{error.filename or 'A file'} may not be read or written ({error.strerror})."
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.filename is None:
                raise
            sentence = f"{error.filename}: {error.strerror}."
        except Exception as error:
            found = _sentence_of(error)
            if found is None:
                raise
            sentence = found
        click.echo(sentence, err=True)
        raise click.exceptions.Exit(2)


def _sentence_of(error: Exception) -> str | None:
    """What to say about an expected failure inside Django, which may not be installed or loaded yet."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    if isinstance(error, ImproperlyConfigured):
        return str(error)
    if isinstance(error, OperationalError):
        return unreachable(error)
    return None


def _server_options(command: Any) -> Any:
    command = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")(command)
    return click.option(
        "--port",
        type=click.IntRange(0, 65535),
        envvar="JOINEDUP_PORT",
        default=PORT,
        show_default=True,
        help="The port to listen on; 0 takes any free one.",
    )(command)


@click.group(cls=Plainspoken, invoke_without_command=True)
@click.version_option(__version__, prog_name="joinedup")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="JOINEDUP_DATA",
    metavar="DIR",
    help="The data folder; also JOINEDUP_DATA.",
)
@_server_options
@click.pass_context
def main(context: click.Context, data: Path | None, port: int, host: str) -> None:
    """Joinedup. Without a command it runs the demo."""
    if context.invoked_subcommand is None:
        folder = (data or default_data_folder()).expanduser().absolute()
        serve_site(folder, host=host, port=port, demo=True)


@main.command()
@_server_options
@click.option("--demo", "is_demo", is_flag=True, help="Load the demo partnership and relax what needs https.")
@data_option
def serve(port: int, host: str, is_demo: bool, data: Path) -> None:
    """Run the site in the foreground until stopped."""
    serve_site(data, host=host, port=port, demo=is_demo)


@main.command()
@data_option
def migrate(data: Path) -> None:
    """Bring the database up to date."""
    with database(data, migrate=False):
        applied = migrate_database()
    click.echo(f"{applied} migrations were applied." if applied else "The database is up to date.", err=True)


@main.command()
@data_option
def worker(data: Path) -> None:
    """Do background work until stopped. `serve` starts one itself; more may run beside it, or on other machines."""
    with database(data):
        work()


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@data_option
def shell(arguments: tuple[str, ...], data: Path) -> None:
    """A Python shell with every part loaded (options go to Django's shell)."""
    with database(data):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["joinedup", "shell", *arguments])


for command in (doctor, demo, audit, records, docs, backup, restore, drill, golive, administrator):
    main.add_command(command)
main.add_command(observations)
main.add_command(linkage)
main.add_command(pathways)
main.add_command(riskshare)
main.add_command(appraise)
main.add_command(simulate)
main.add_command(ledger)
main.add_command(directory)
main.add_command(outcomes)
main.add_command(report)

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup.config.settings")
    sys.exit(main())
