"""`joinedup riskshare FILE.json`: each partner's part of an over- or underspend, from a file alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from joinedup.cli.options import json_option

if TYPE_CHECKING:
    from joinedup.engines.riskshare import Case, Result


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@json_option
def riskshare(file: Path, as_json: bool) -> None:
    """Share a fund's over- or underspend among its partners. FILE is JSON, or - for what is piped in.

    \b
    {"variance_pence": 140000000,                        positive is an overspend
     "by_scheme": {"CAMHS": 60000000, …},                may be empty
     "partners": {"Council": 2000000000, "NHS": 800000000},  opening contributions
     "method": {"name": "proportional"}}

    Methods: proportional; fixed (shares); responsible (lead); commissioned (shares by scheme); capped (caps); tiered
    (tiers of width and method, one of which may be contingency). Needs no database. A bad file gets a line for every
    fault, and exit code 2.
    """
    from joinedup.engines.riskshare import BadCase, read_text, share_out

    text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        case = read_text(text)
    except BadCase as bad:
        for fault in bad.faults:
            click.echo(str(fault), err=True)
        raise click.exceptions.Exit(2) from None
    result = share_out(case)
    click.echo(json.dumps(result.as_data()) if as_json else _table(case, result))


def _table(case: Case, result: Result) -> str:
    """The shares in pounds, a line each, and the sum they add back to; the steps above them where there are several."""
    from joinedup.engines.money import format_pounds

    what = "Overspend" if case.variance_pence > 0 else "Underspend" if case.variance_pence < 0 else "Variance"
    rows = [(name, format_pounds(pence)) for name, pence in result.shares.items()]
    if result.contingency:
        rows.append(("From the contingency", format_pounds(result.contingency)))
    if result.unallocated:
        rows.append(("Unallocated: the board decides", format_pounds(result.unallocated)))
    whole = (f"{what}, shared {case.method.name}", format_pounds(case.variance_pence))
    names, sums = (max(len(row[place]) for row in [*rows, whole]) for place in (0, 1))
    lines = [f"{name:<{names}}  {pounds:>{sums}}" for name, pounds in rows]
    return "\n".join([*lines, "-" * (names + sums + 2), f"{whole[0]:<{names}}  {whole[1]:>{sums}}"])
