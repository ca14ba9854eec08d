"""docs/measurements/ledger.md: the bench writes what it measured, and the test that kills posting its own part of it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.platform.processes import ROOT

REPORT = ROOT / "docs" / "measurements" / "ledger.md"
KILLED = "## Killed while posting"


def write_report(lines: Sequence[str]) -> None:
    """Everything but what the kills came to."""
    _write(lines, _parts()[1])


def write_kills(lines: Sequence[str]) -> None:
    """What the kills came to, and nothing else."""
    _write(_parts()[0], [KILLED, "", *lines])


def _parts() -> tuple[list[str], list[str]]:
    text = REPORT.read_text(encoding="utf-8").splitlines() if REPORT.exists() else []
    place = text.index(KILLED) if KILLED in text else len(text)
    return text[:place], text[place:]


def _write(first: Sequence[str], second: Sequence[str]) -> None:
    parts = ["\n".join(part).strip() for part in (first, second)]
    REPORT.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
