"""`joinedup linkage …`: whose record it is, for files, without the product's database."""

from __future__ import annotations

import click

from joinedup.cli.linkage_lookup import lookup


@click.group()
def linkage() -> None:
    """Who is known to whom: train the linkage model, group records by person, look people up in a file."""


linkage.add_command(lookup)
