"""Each role signs in and finds its three questions answered, on a screen and on a phone; every answer leads to a page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import follow, settled, sign_in

pytestmark = pytest.mark.browser

ROLES = {
    "Ffion Testlake": "What cannot wait?",
    "Amira Testerly": "What changed on my families?",
    "Nia Testnorth": "Who has room for the next family?",
    "Penny Testpool": "Which fund runs out?",
    "Florin Testshilling": "What do we owe, or are we owed?",
    "Connie Testneeds": "Is more asked of us than before?",
    "Dora Testdirector": "Is the loop closed, from contact to benefit?",
    "Bea Testmember": "Who answers for it?",
    "Scott Testscrutiny": "Who owes us a reply?",
    "Gale Testminute": "Which seats are empty?",
}


def _no_faults(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    settled(page)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []


def test_every_role_finds_its_three_questions_answered(page: Any, live_site: Any) -> None:
    for name, question in ROLES.items():
        sign_in(page, live_site, name)
        asked = page.locator(".app-question")
        expect(asked).to_have_count(3)
        expect(asked.filter(has_text=question)).to_have_count(1)
        for width in (1366, 375):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        _no_faults(page)
        page.set_viewport_size({"width": 1366, "height": 900})
        bottom = page.locator(".app-questions").bounding_box()
        assert bottom is not None
        assert bottom["y"] + bottom["height"] <= 900, name  # one screen
        first = asked.locator("a").first
        words = first.inner_text()
        follow(first)
        expect(page.locator("main h1").first, f"{name}: {words}").to_be_visible()


def test_a_director_goes_from_the_loop_to_its_evidence(page: Any, live_site: Any) -> None:
    sign_in(page, live_site, "Dora Testdirector")
    follow(page.get_by_role("link", name="The whole loop", exact=True))
    _no_faults(page)
    follow(page.get_by_role("row").filter(has_text="Contacts").get_by_role("link"))
    expect(page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("By locality, the whole year")
    _no_faults(page)
