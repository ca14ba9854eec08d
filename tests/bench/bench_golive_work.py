"""How long the actions of an old system take to come over: a tenth of a file, the whole of it, and the whole once more.

`./run bench tests/bench/bench_golive_work.py`; figures go to docs/measurements/casework.md.
"""

from __future__ import annotations

import os
import time
import tracemalloc
from typing import Any

import pytest
from django.db import connection

from joinedup.casework.golive_work import Work
from joinedup.casework.models import PlanAction
from joinedup.casework.tests.test_golive_work import ROWS, bring, make_start, measured
from tests.support.figures import write_section

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
ACTIONS = int(os.environ.get("JOINEDUP_BENCH_ACTIONS", "10000"))


def _rows(first: int, count: int) -> list[dict[str, str]]:
    return [ROWS[Work.ACTIONS][0] | {"reference": f"X{number}"} for number in range(first, first + count)]


def _timed(council: Any, rows: list[dict[str, str]]) -> tuple[Any, float, int]:
    """What came of it, seconds, and how many statements the database was asked."""
    statements = 0

    def counted(execute: Any, *asked: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*asked)

    with connection.execute_wrapper(counted):
        began = time.perf_counter()
        result = bring(council, Work.ACTIONS, rows)
        return result, time.perf_counter() - began, statements


def test_actions_come_over() -> None:
    council, _ = make_start()
    measured()
    for kind in (Work.PLANS, Work.NEEDS, Work.OUTCOMES):
        bring(council, kind)
    lines = ["| rows | what | seconds | rows a second | statements a row |", "|---|---|---|---|---|"]

    def said(what: str, rows: list[dict[str, str]], created: int) -> None:
        result, seconds, statements = _timed(council, rows)
        assert (result.created, result.rejected_rows) == (created, 0)
        each = f"{statements / len(rows):.2f}"
        lines.append(f"| {len(rows):,} | {what} | {seconds:.1f} | {len(rows) / seconds:,.0f} | {each} |")

    few, every = ACTIONS // 10, _rows(ACTIONS, ACTIONS)
    said("come over", _rows(0, few), few)
    said("come over", every, ACTIONS)
    said("sent again: nothing changes", every, 0)
    tracemalloc.start()
    bring(council, Work.ACTIONS, _rows(3 * ACTIONS, few))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert PlanAction.objects.count() == ACTIONS + 2 * few
    text = "\n".join(lines)
    write_section(
        "casework.md", "Actions of an old system brought over",
        f"Read from rows, checked, and written in one transaction, with how far it is said after each row.\n\n{text}\n\nAt most "
        f"{peak / 1_000_000:.0f} MB for {few:,} rows. Written by `./run bench tests/bench/bench_golive_work.py`.",
    )  # fmt: skip
