"""`joinedup directory`: whether a feed conforms to the open standard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.options import json_option

if TYPE_CHECKING:
    from joinedup.directory.reading import Reader


@click.group()
def directory() -> None:
    """The directory of services."""


@directory.command()
@click.argument("feed")
@click.option("--seconds", type=click.IntRange(1, 3600), default=120, show_default=True, help="How long it may take.")
@json_option
def check(feed: str, seconds: int, as_json: bool) -> None:
    """Check a feed against Open Referral UK 3.0, as the official validator does, and say what is wrong in words.

    FEED is the address of any feed, or a folder of its answers as files. Exit code 0: it passes both levels; 1: it does not;
    2: it could not be checked. Needs no database."""
    from joinedup.directory.checking import check_feed

    report = check_feed(_reader(feed, seconds))
    click.echo(json.dumps(report.as_data()) if as_json else report.as_words())
    if not report.passes_level_2:
        raise click.exceptions.Exit(1)


def _reader(feed: str, seconds: int) -> Reader:
    from joinedup.directory.reading import FolderReader, WebReader

    folder = Path(feed).expanduser()
    return FolderReader(folder) if folder.is_dir() else WebReader(feed, seconds=seconds)
