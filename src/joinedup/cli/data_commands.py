"""Commands that put data in, look it over or describe it. Each parses, makes one call and prints."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import click

from joinedup.cli.data_folder import be_a_demo
from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option
from joinedup.core.errors import Refused


@click.group()
def demo() -> None:
    """The demo partnership: invented organisations, people and families."""


@demo.command("load")
@click.option("--children", type=int, help="Put a whole invented town with this many children around it.")
@click.option(
    "--contacts", type=float, default=5.0, show_default=True, help="Contacts of the past years for each child of it."
)
@click.option("--open-cases", type=int, help="How many cases are open in it; without, as many as fit its size.")
@data_option
def demo_load(children: int | None, contacts: float, open_cases: int | None, data: Path) -> None:
    """Load the demo partnership where nobody is yet."""
    be_a_demo(data)
    with database(data):
        if not (load_demo_once() if children is None else load_town_once(children, contacts, open_cases)):
            raise Refused("There is data here already; the demo partnership is only loaded into an empty database.")
        click.echo("The demo partnership has been loaded.", err=True)
        for line in demo_people():
            click.echo(line, err=True)


def load_demo_once() -> bool:
    """Load the demo partnership, whole or not at all, unless there is an organisation already. True if it did."""
    from django.apps import apps
    from django.db import transaction
    from django.utils import timezone

    if apps.get_model("organisations", "Organisation").objects.exists():
        return False
    from joinedup.cli.demo import load_demo

    with transaction.atomic():
        load_demo(at=timezone.now())
    return True


def load_town_once(children: int, contacts: float, open_cases: int | None) -> bool:
    """Load the demo partnership with a whole town around it, unless there is an organisation already. True if it did."""
    from django.apps import apps
    from django.utils import timezone

    if apps.get_model("organisations", "Organisation").objects.exists():
        return False
    from joinedup.cli.town import TownSize, load_town

    load_town(TownSize(children, contacts, open_cases), at=timezone.now())
    return True


def demo_people() -> list[str]:
    """A line for each person to sign in as."""
    from joinedup.cli.demo import people

    return [str(person) for person in people()]


@click.group()
def audit() -> None:
    """The audit trail: who did and saw what."""


@audit.command("verify")
@data_option
@json_option
def audit_verify(data: Path, as_json: bool) -> None:
    """Recompute the whole chain and report every fault. Exit code 2 when there is one."""
    with database(data):
        from django.utils import timezone

        from joinedup.access.services import verify_audit

        found = verify_audit(at=timezone.now())
    report = {**as_plain(found), "sound": found.is_sound}
    if as_json:
        click.echo(json.dumps(report, default=str))
    else:
        click.echo(
            f"{found.events} events, {found.sealed} sealed, {found.unsealed} not yet sealed, {found.redacted} redacted."
        )
        click.echo("The chain is sound." if found.is_sound else f"{len(found.faults)} faults were found.")
    for fault in found.faults:
        click.echo(_in_a_line(fault), err=True)
    if not found.is_sound:
        raise click.exceptions.Exit(2)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 2 when a generated document is out of date.")
@data_option
def docs(check: bool, data: Path) -> None:
    """Write the generated reference documents."""
    with database(data):
        from joinedup.cli.reference import write_docs

        stale = write_docs(check=check)
    if check and stale:
        raise Refused(f"Out of date: {', '.join(stale)}. Run ./run docs and commit what it writes.")


def as_plain(value: Any) -> dict[str, Any]:
    """A result object as a dictionary for JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return dict(value)


def _in_a_line(value: Any) -> str:
    return ", ".join(f"{name} {part}" for name, part in as_plain(value).items()) if is_dataclass(value) else str(value)
