"""`joinedup pathways`: the pathways a case can be on; looking through a file of a new one, and adding it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from joinedup.cli.database import database
from joinedup.cli.options import data_option, json_option

if TYPE_CHECKING:
    from joinedup.casework.pathways import Pathway

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def pathways() -> None:
    """Pathways of casework: early help, Early Support, the panel, and those a partnership adds by a file."""


def _read(file: Path, *, as_json: bool) -> tuple[dict[str, Any], Pathway]:
    """What the file says and the pathway it describes; every fault is listed, and the exit code is 2."""
    from joinedup.casework.pathway_file import PathwayFaults, pathway_from, read_file

    try:
        terms = read_file(file.read_bytes(), file.name)
        return terms, pathway_from(terms)
    except PathwayFaults as found:
        if as_json:
            click.echo(json.dumps({"faults": [asdict(each) for each in found.faults]}))
        for fault in () if as_json else found.faults:
            click.echo(f"{fault.where}: {fault.reason}")
        raise click.exceptions.Exit(2) from None


def _tell(found: Pathway, words: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"code": found.code, "version": found.version, "name": found.name, "faults": []}))
        return
    click.echo(f"{found.name} ({found.code}): {words}")


@pathways.command("check")
@_file
@json_option
def pathways_check(file: Path, as_json: bool) -> None:
    """Say everything that is wrong with FILE (TOML or JSON); needs no database. Exit code 2 where something is."""
    _, found = _read(file, as_json=as_json)
    asked = f"{len(found.extra)} sections of its own, {len(found.steps)} steps"
    _tell(found, f"nothing is wrong. {asked}{', a panel' if found.panel else ''}.", as_json=as_json)


@pathways.command("load")
@_file
@data_option
@json_option
def pathways_load(file: Path, data: Path, as_json: bool) -> None:
    """Add the pathway of FILE, or a newer version of it; the same file again changes nothing."""
    terms, found = _read(file, as_json=as_json)
    with database(data):
        from dataclasses import replace

        from django.utils import timezone

        from joinedup.access.actor import system
        from joinedup.casework.services import load_pathway

        now = timezone.now()
        kept = load_pathway(terms=terms, file_name=file.name, by=system(now), at=now)
        found = replace(found, version=kept.number)
    _tell(found, f"version {found.version} is open for cases.", as_json=as_json)


@pathways.command("list")
@data_option
@json_option
def pathways_list(data: Path, as_json: bool) -> None:
    """The pathways a case can be put on today."""
    with database(data):
        from django.utils import timezone

        from joinedup.casework.queries import pathways_open

        rows = [
            {"code": each.code, "version": each.version, "name": each.name, "lead": each.words.lead}
            for each in pathways_open(timezone.localdate())
        ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['code']} {row['version']}: {row['name']}, led by a {str(row['lead']).lower()}")
