"""Posts to a fund's ledger in bulk until it is killed, saying after each commit what it has posted.

`python -m tests.platform.ledger_poster FUND_ID BEGIN`: batches of 40 entries, numbered from BEGIN; each second batch is
posted one by one.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from itertools import count

BATCH = 40


def post(fund_id: str, begin: int) -> None:
    """Post for ever."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "joinedup.config.settings"
    import django

    django.setup()
    from joinedup.access.actor import system
    from joinedup.engines.ledger import Line
    from joinedup.funds import chart
    from joinedup.funds.models import Fund
    from joinedup.funds.services.ledger import post_entries, post_entry
    from joinedup.funds.services.posting import Draft
    from joinedup.organisations.tests.factories import AT

    fund = Fund.objects.get(pk=fund_id)
    for number in count(begin):
        drafts = [
            Draft(
                f"batch {number} entry {place}", date(2026, 4, 7),
                [Line(chart.EXPENDITURE, 100 + place), Line(chart.BANK, -100 - place)],
            )
            for place in range(BATCH)
        ]  # fmt: skip
        if number % 2:
            for draft in drafts:
                post_entry(fund=fund, draft=draft, by=system(AT), at=AT)
        else:
            post_entries(fund=fund, drafts=drafts, by=system(AT), at=AT)
        print(number, flush=True)


if __name__ == "__main__":
    post(sys.argv[1], int(sys.argv[2]))
