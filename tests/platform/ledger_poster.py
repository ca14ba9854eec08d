"""Posts to a fund's ledger in bulk until it is killed, saying after each commit what it has posted.

`python -m tests.platform.ledger_poster FUND_ID` loads the program once and then, for each line `BEGIN PATH` it reads, forks
a process that posts: batches of 40 entries, numbered from BEGIN, each second batch one by one. What it has posted goes
into the file PATH, one number a line. The process's number is printed at once, and once it is dead by which signal.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from itertools import count

BATCH = 40


def post(fund_id: str, begin: int, path: str) -> None:
    """Post for ever."""
    from joinedup.access.actor import system
    from joinedup.engines.ledger import Line
    from joinedup.funds import chart
    from joinedup.funds.models import Fund
    from joinedup.funds.services.ledger import post_entries, post_entry
    from joinedup.funds.services.posting import Draft
    from joinedup.organisations.tests.factories import AT

    fund = Fund.objects.get(pk=fund_id)
    said = os.open(path, os.O_WRONLY | os.O_APPEND)
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
        os.write(said, f"{number}\n".encode())


def main(fund_id: str) -> None:
    """Fork a poster for each line read. This process has no connection of its own that a child could share."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "joinedup.config.settings"
    import django

    django.setup()
    import joinedup.funds.services.ledger
    import joinedup.organisations.tests.factories  # noqa: F401 - loaded once, before the first fork

    print("ready", flush=True)
    for line in sys.stdin:
        begin, _, path = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            try:
                post(fund_id, int(begin), path)
            finally:
                os._exit(1)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
