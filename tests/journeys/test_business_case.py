"""The programme manager builds a small business case from nothing: every part, results, what if, and a round that is kept."""

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


def _part(page: Any, name: str) -> None:
    """From the case's list to one of its parts."""
    follow(page.locator("main .govuk-task-list").get_by_role("link", name=name, exact=True))


def _back(page: Any) -> None:
    follow(page.locator("main").get_by_role("link", name="Back to the whole case"))


def _fill(page: Any, **typed: str) -> None:
    for name, words in typed.items():
        page.locator(f"main input[name='{name}']").fill(words)


def _begin(page: Any, live_site: Any) -> None:
    sign_in(page, live_site, "Perry Testplan")
    page.goto(f"{live_site.url}/benefits/")
    follow(page.locator("main").get_by_role("link", name="Altogether better"))
    follow(page.locator("main").get_by_role("link", name="Business cases"))
    _no_faults(page)
    follow(page.locator("main").get_by_role("link", name="Work-ready individuals", exact=True).last)
    page.get_by_label("What is the case called?").fill("A small trial")
    press(page, "Continue")
    expect(page.get_by_text("1 of 8 parts are complete")).to_be_visible()
    _no_faults(page)


def _benefit(page: Any) -> None:
    _part(page, "What changes")
    press(page, "Add a benefit")
    _fill(
        page, name="Young people in work", prevalence="100", engagement="60", retention="80", impact="400", deadweight="30"
    )  # fmt: skip
    press(page, "Save and continue")
    expect(page.locator(".govuk-error-summary")).to_contain_text("must be from 0 to 100 per cent")
    _no_faults(page)
    _fill(page, impact="40")
    press(page, "Save and continue")
    _back(page)
    _part(page, "How sure")
    page.get_by_label("Young people in work").select_option("3")
    press(page, "Save and continue")
    _part(page, "What it is worth")
    follow(page.locator("main").get_by_role("link", name="Young people in work"))
    page.get_by_label("Take a quoted figure").select_option("E&E10.0")
    press(page, "Save and continue")
    expect(page.get_by_text("£4,257")).to_be_visible()
    _back(page)
    _part(page, "Who gains")
    follow(page.locator("main").get_by_role("link", name="Young people in work"))
    _fill(page, agency_0="30", other_agency="DWP", other_share="70")
    press(page, "Save and continue")
    _back(page)


def _cost(page: Any) -> None:
    _part(page, "What it costs")
    press(page, "Add a cost")
    _fill(page, name="An adviser", amount_0="40,000", amount_1="42,000")
    choose(page, "How sure are these figures?", "2: randomised trial abroad (5 % added)")
    press(page, "Save and continue")
    _back(page)
    _part(page, "Who pays")
    follow(page.locator("main").get_by_role("link", name="An adviser"))
    _fill(page, agency_0="100")
    press(page, "Save and continue")
    _back(page)


def test_a_case_from_nothing_to_a_kept_round(page: Any, live_site: Any) -> None:
    _begin(page, live_site)
    _part(page, "Who")
    _fill(page, intake_0="80", intake_1="80")
    press(page, "Save and continue")
    _benefit(page)
    _cost(page)
    expect(page.get_by_text("8 of 8 parts are complete")).to_be_visible()
    follow(page.locator("main").get_by_role("link", name="See what it comes to"))
    expect(page.get_by_text("It pays: every £1 brings public purses").first).to_be_visible()
    expect(page.get_by_text("Illustration: inputs invented").first).to_be_visible()
    _no_faults(page)
    page.get_by_label("How many it helps").fill("10")
    press(page, "See what comes out")
    expect(page.get_by_text("It loses money for public purses").first).to_be_visible()
    press(page, "Keep it as a round")
    _no_faults(page)
    press(page, "Keep this round")
    expect(page.get_by_text("Round 1 is kept.")).to_be_visible()
    _no_faults(page)
