"""Writing a measured figure into its section of a page of docs/measurements, without touching the other sections."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

_PAGES = Path(__file__).resolve().parents[2] / "docs" / "measurements"


def write_section(page: str, title: str, text: str) -> None:
    """Put `text` below the heading `title`, with when and where it was measured; the section is made where it is not there."""
    path = _PAGES / page
    name = path.stem.replace("_", " ").capitalize()
    before = path.read_text(encoding="utf-8") if path.exists() else f"# {name}, measured\n"
    said = f"Measured on {datetime.now(UTC):%-d %B %Y}: {_machine()}."
    section = f"## {title}\n\n{said}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.M | re.S)
    if pattern.search(before):
        after = pattern.sub(lambda _: section + "\n", before)
    else:
        after = f"{before.rstrip()}\n\n{section}"
    path.write_text(after.rstrip() + "\n", encoding="utf-8")


def write_row(page: str, title: str, head: str, row: str) -> None:
    """Put a row of a table below the heading `title`: in place of the one that begins with the same cell, or as one more.
    `head` is what stands above it: words, a blank line, and the two first lines of the table."""
    path = _PAGES / page
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    section = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", before, re.M | re.S)
    begin = f"| {row.split('|')[1].strip()} |"
    dashes = [line for line in head.splitlines() if line.startswith("|")]
    rows = [
        line for line in (section[1] if section else "").splitlines() if line.startswith("|") and line not in dashes
    ]
    kept = [line for line in rows if not line.startswith(begin)]
    write_section(page, title, "\n".join([head.rstrip(), *sorted([*kept, row], key=_by_number)]))


def _by_number(row: str) -> int:
    found = re.search(r"\d+", row)
    return int(found[0]) if found else 0


def _machine() -> str:
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, load average"
        f" {os.getloadavg()[0]:.1f} at the end"
    )
