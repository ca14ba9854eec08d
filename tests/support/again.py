"""A second run for tests of a real browser or of real processes, and for no others; the end of the run names each one.

Such a test stands on programs that are not ours and on a machine that may do something else. Failing twice, it fails.
What needed a second run is written down, with why, to be mended: it is not a pass like any other.
"""

from __future__ import annotations

from typing import Any

import pytest

MARKS = ("browser", "kills")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what may be run a second time. `-p no:rerunfailures` shows a failure as it is."""
    if not config.pluginmanager.hasplugin("rerunfailures"):
        return
    for item in items:
        if any(item.get_closest_marker(mark) for mark in MARKS):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name what needed a second run, and why."""
    reports = {report.nodeid: report for report in terminalreporter.stats.get("rerun", [])}
    if not reports:
        return
    failed = {report.nodeid for name in ("failed", "error") for report in terminalreporter.stats.get(name, [])}
    terminalreporter.section("needed a second run", sep="=", yellow=True)
    for node, report in reports.items():
        terminalreporter.line(f"needed a second run, and {'failed again' if node in failed else 'then passed'}: {node}")
        for line in report.longreprtext.splitlines()[-12:]:
            terminalreporter.line(f"    {line}")
