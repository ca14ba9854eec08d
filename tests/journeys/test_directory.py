"""A parent finds a group near home on a phone, without an account; the feed of the running demo passes the check of any feed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from joinedup.directory.checking import check_feed
from joinedup.directory.reading import WebReader
from tests.journeys.steps import follow, press, settled

pytestmark = pytest.mark.browser


def _no_faults(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    settled(page)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []


def test_a_parent_finds_a_group_near_home(page: Any, live_site: Any) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{live_site.url}/find/")
    page.get_by_label("What do you need help with?").fill("play with other parents")
    page.get_by_label("Your postcode").fill("zz1 2tb")
    page.get_by_label("How far can you go?").select_option(label="3 miles")
    page.get_by_label("How old is the child").fill("2")
    press(page, "Search")
    expect(page.get_by_role("heading", name="1 service fits")).to_be_visible()
    expect(page.locator("main")).to_contain_text("less than a mile away")
    assert "zz1" not in page.url.lower()
    _no_faults(page)
    follow(page.get_by_role("link", name="Stay and play at Alder"))
    expect(page.locator("main")).to_contain_text("Tuesday, Thursday, 09:30 to 11:30")
    expect(page.locator("main")).to_contain_text("Alder Family Hub, Exampletown, ZZ1 1SA")
    _no_faults(page)


def test_the_feed_of_the_running_demo_passes(live_site: Any) -> None:
    report = check_feed(WebReader(f"{live_site.url}/open-referral/v3"))
    assert report.passes_level_2, report.as_words()
    assert {each.outcome for each in report.addresses} == {"passed"}, report.as_words()
