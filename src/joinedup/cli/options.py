"""Options several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from joinedup.cli.data_folder import default_data_folder


def _settle_data(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    """The folder given with the command, else the one given before it, else the usual one."""
    outer = context.find_root().params.get("data") if context.parent else None
    return (value or outer or default_data_folder()).expanduser().absolute()


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data DIR`, accepted before and after the command's name; JOINEDUP_DATA otherwise."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        callback=_settle_data,
        metavar="DIR",
        help="The data folder; also JOINEDUP_DATA.",
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
