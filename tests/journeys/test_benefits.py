"""A finance director banks what is left of a posting: asked what it leaves behind, shown it, and then in the bank."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import choose, follow, press, settled, sign_in

pytestmark = pytest.mark.browser


def _no_faults(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    settled(page)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []


def test_a_finance_director_banks_a_benefit(page: Any, live_site: Any) -> None:
    sign_in(page, live_site, "Sterling Testpound")
    page.goto(f"{live_site.url}/benefits/")
    follow(page.locator("main").get_by_role("link", name="Altogether better"))
    expect(page.locator("main")).to_contain_text("Illustration: inputs invented")
    follow(page.get_by_role("navigation", name="This programme").get_by_role("link", name="Benefits", exact=True))
    expect(page.locator("main")).to_contain_text("Not due yet")
    _no_faults(page)
    follow(page.get_by_role("row").filter(has_text="Banked").get_by_role("rowheader").get_by_role("link"))
    expect(page.get_by_role("heading", name="In the bank")).to_be_visible()
    _no_faults(page)
    press(page, "Bank it")
    _no_faults(page)
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose the posting that reduced the budget line")
    page.get_by_role("radio", name="Commissioning pool").first.check()
    page.get_by_label("How much of it is this benefit?").fill("300")
    choose(page, "Is the cash taken from a provider?", "Yes")
    page.get_by_label("Which provider?").fill("Mock Homes")
    page.get_by_label("What fixed cost stays behind").fill("100")
    page.get_by_label("How many months’ notice").fill("3")
    page.get_by_label("Which service is put at risk?").fill("A home for four")
    page.get_by_label("Why may this be banked?").fill("One placement fewer.")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="Check before you bank")).to_be_visible()
    expect(page.locator("main")).to_contain_text("£200")
    _no_faults(page)
    press(page, "Bank it")
    expect(page.get_by_text("It is banked.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("One placement fewer.")
    follow(page.get_by_role("navigation", name="This programme").get_by_role("link", name="Directors’ pack"))
    expect(page.get_by_role("heading", name="What must I decide?")).to_be_visible()
    _no_faults(page)
