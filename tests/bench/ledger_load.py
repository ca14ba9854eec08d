"""One process that posts to a ledger for the bench: `python -m tests.bench.ledger_load WHAT FUND_ID NAME COUNT`. Prints
JSON with what it took."""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from datetime import date
from typing import Any

SIZE, LINES = 1000, 52


def main(what: str, fund_id: str, name: str, count: int) -> dict[str, Any]:
    """Do one thing."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "joinedup.config.settings"
    import django

    django.setup()
    from joinedup.funds.models import Fund

    if what == "setup":
        from joinedup.funds.tests.ledgers import make_world

        return {"funds": [str(make_world(lines=LINES).fund.pk) for _ in range(2)]}
    fund = Fund.objects.get(pk=fund_id)
    return {"one": _one, "bulk": _bulk, "trial": _trial}[what](fund, name, count)


def _drafts(fund: Any, name: str, begin: int, size: int) -> list[Any]:
    from joinedup.engines.ledger import Line
    from joinedup.funds import chart
    from joinedup.funds.models import BudgetLine
    from joinedup.funds.services.posting import Draft

    lines = list(BudgetLine.objects.filter(fund=fund).order_by("code"))
    drafts = []
    for number in range(begin, begin + size):
        line, month = lines[number % LINES], number % 12
        day = date(2026, month + 4, 7) if month < 9 else date(2027, month - 8, 7)
        spent = Line(
            chart.EXPENDITURE, number % 900 + 1, str(line.pk), str(line.scheme_id), str(line.partner_id), tier="pooled"
        )
        drafts.append(Draft(f"{name} {number}", day, [spent, Line(chart.BANK, -(number % 900) - 1)], memo="memo"))
    return drafts


def _one(fund: Any, name: str, count: int) -> dict[str, Any]:
    from joinedup.access.actor import system
    from joinedup.funds.services.ledger import post_entry
    from joinedup.organisations.tests.factories import AT

    drafts, by = _drafts(fund, name, 0, count), system(AT)
    post_entry(fund=fund, draft=_drafts(fund, f"{name} warm", 0, 1)[0], by=by, at=AT)
    took = []
    began = time.perf_counter()
    for draft in drafts:
        at = time.perf_counter()
        post_entry(fund=fund, draft=draft, by=by, at=AT)
        took.append(time.perf_counter() - at)
    return {"per_second": count / (time.perf_counter() - began), "median": statistics.median(took)}


def _bulk(fund: Any, name: str, count: int) -> dict[str, Any]:
    from joinedup.access.actor import system
    from joinedup.funds.services.ledger import post_entries
    from joinedup.organisations.tests.factories import AT

    spent = 0.0
    for begin in range(0, count, SIZE):
        drafts = _drafts(fund, name, begin, min(SIZE, count - begin))
        at = time.perf_counter()
        post_entries(fund=fund, drafts=drafts, by=system(AT), at=AT)
        spent += time.perf_counter() - at
    return {"per_second": count / spent}


def _trial(fund: Any, name: str, count: int) -> dict[str, Any]:
    from django.db import connection

    from joinedup.access.actor import system
    from joinedup.funds.models import Posting
    from joinedup.funds.queries import trial_balance, verify_ledger
    from joinedup.organisations.tests.factories import AT

    took, viewer = [], system(AT)
    for _ in range(20):
        at = time.perf_counter()
        shown = trial_balance(viewer, fund, year=2026)
        took.append(time.perf_counter() - at)
    with connection.cursor() as cursor:
        at = time.perf_counter()
        cursor.execute(
            "SELECT account.code, sum(pence) FROM funds_posting p JOIN funds_account account ON account.id = p.account_id"
            " JOIN funds_period period ON period.id = p.period_id WHERE p.fund_id = %s AND p.book = 'actual' AND"
            " period.year = 2026 GROUP BY 1 ORDER BY 1",
            [fund.pk],
        )
        summed = {code: int(pence) for code, pence in cursor.fetchall()}
        plain = time.perf_counter() - at
    assert summed == {row.code: row.closing for row in shown.rows}
    before, at = _memory(), time.perf_counter()
    found = verify_ledger(viewer)
    assert found.is_sound
    return {
        "trial": statistics.median(took), "worst": max(took), "plain": plain, "verify": time.perf_counter() - at,
        "verify_mb": _memory() - before, "postings": Posting.objects.filter(fund=fund).count(), "entries": found.entries,
    }  # fmt: skip


def _memory() -> float:
    """The most this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))))
