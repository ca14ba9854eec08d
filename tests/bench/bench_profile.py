"""How long it takes from opening a referral to the complete 360° profile on the screen, with a stopwatch in Chromium.
`./run bench tests/bench/bench_profile.py`; figures go to docs/measurements/profile.md.

What is measured is what a worker waits for: the referral opens, "What partners know" is followed, and the last line of
the profile is on the screen. Partners have answered before; the time they take to answer is theirs and is not in it.
The demo partnership, or with JOINEDUP_BENCH_SITE a site with it that runs already.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.platform.processes import RunningSite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.bench, pytest.mark.browser]
RUNS = int(os.environ.get("JOINEDUP_BENCH_RUNS", "25"))
REPORT = Path(__file__).parents[2] / "docs" / "measurements" / "profile.md"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    given = os.environ.get("JOINEDUP_BENCH_SITE", "")
    if given:
        yield given
        return
    site = RunningSite(tmp_path / "data", "--demo", "--port", "0").wait_until_ready()
    yield site.url
    site.stop()
    site.clear_away()


def test_stopwatch(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="en-GB")
    context.set_default_timeout(60_000)
    page = context.new_page()
    _sign_in(page, address)
    referral, cards = _fullest(page, address)
    took, gathered = [], []
    for _ in range(RUNS):
        page.goto(f"{address}/worklist/front_door/")
        start = time.perf_counter()
        page.goto(referral)
        opened = time.perf_counter()
        page.get_by_role("link", name=re.compile("What partners know")).first.click()
        expect(page.get_by_text("What is more than")).to_be_visible()
        end = time.perf_counter()
        took.append((end - start) * 1000)
        gathered.append((end - opened) * 1000)
    context.close()
    _report(took, gathered, cards)
    assert statistics.median(took) < 20 * 60 * 1000


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/account/login/")
    page.get_by_role("button", name=re.compile("Ffion Testlake")).click()
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()


def _fullest(page: Page, address: str) -> tuple[str, int]:
    """The open referral with the most answered cards, and how many cards its profile has."""
    page.goto(f"{address}/worklist/front_door/")
    hrefs = page.eval_on_selector_all("main a[href*='/referrals/']", "links => links.map(link => link.pathname)")
    found = sorted({each for href in hrefs for each in re.findall(r"^/referrals/[0-9a-f-]{36}/", href)})
    best = ("", 0, -1)
    for path in found:
        page.goto(f"{address}{path}partners/")
        answered = page.get_by_text(re.compile(r"^Answered ")).count()
        if answered > best[2]:
            best = (f"{address}{path}", page.locator(".app-card").count(), answered)
    assert best[2] > 0, "no partner has answered anything in this site"
    return best[0], best[1]


def _report(took: list[float], gathered: list[float], cards: int) -> None:
    text = [
        "# From opening a referral to the complete profile",
        "",
        f"Measured on {datetime.now(UTC):%-d %B %Y}: {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}, Chromium at 1366 by 900, the program’s own web server and embedded PostgreSQL, load "
        f"average {os.getloadavg()[0]:.1f} at the end. The demo partnership; the referral whose profile has the most "
        f"answers, {cards} cards. {len(took)} runs. Written by `./run bench tests/bench/bench_profile.py`.",
        "",
        "| what | median | longest |",
        "|---|---|---|",
        f"| opening the referral, then the complete profile on the screen | {statistics.median(took) / 1000:.2f} s | {max(took) / 1000:.2f} s |",
        f"| of that, the profile alone | {statistics.median(gathered) / 1000:.2f} s | {max(gathered) / 1000:.2f} s |",
        "",
        "Beside it, what is published of looking the same things up elsewhere (the Family Context pilot, October and November "
        "2021, told by 7 or 8 users themselves, not measured):",
        "",
        "| how | minutes |",
        "|---|---|",
        "| by hand: ringing and writing to each agency | about 157 |",
        "| Family Context | about 20 |",
        "",
        "These are not the same thing. The published minutes are a person’s whole look-up, reading and thinking included; ours "
        "are the machine’s part alone, with partners’ answers there already. Reading the profile takes as long as it takes, and "
        "a partner who has not answered yet is shown as not answered. What the comparison does say: nothing of the looking-up "
        "itself is left to do by hand.",
        "",
    ]
    REPORT.write_text("\n".join(text), encoding="utf-8")
