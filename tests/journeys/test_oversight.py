"""A manager's morning: a supervision that the worker sees differently, an allocation meeting in which the list decides itself
one after the other, and a quality audit from the first heading to its number. Each page is looked at by axe on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.steps import choose, follow, press, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]
}  # fmt: skip
_HEADINGS = ("Consent", "Identifying details", "Assessment", "Plan", "Review")


def test_a_managers_morning(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    _supervision_is_written_down(live_site, page)
    _worker_sees_it_differently(live_site, page)
    _list_is_decided(live_site, page)
    _case_is_audited(live_site, page)
    assert console_errors == []


def _look(page: Page) -> None:
    """axe finds nothing, and there is one main heading."""
    found = Axe().run(page, options=_AXE).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == [], page.url
    expect(page.locator("h1")).to_have_count(1)


def _supervision_is_written_down(site: LiveSite, page: Page) -> None:
    sign_in(page, site, "Nia Testnorth")
    page.goto(f"{site.url}/supervision/")
    _look(page)
    row = page.get_by_role("row").filter(has_text="Amira Testerly").filter(has_text="Write it down")
    follow(row.get_by_role("link", name=re.compile("Write it down")))
    _look(page)
    page.get_by_label("What did you talk about?").fill("The week, and one family.")
    page.get_by_label("Wellbeing").fill("Tired.")
    press(page, "Add a family")
    page.get_by_label("Which family?").select_option(index=1)
    page.get_by_label("What did you think about?").fill("We have not heard the child alone.")
    page.get_by_label("What was decided?").fill("See her at school.")
    page.get_by_label("What is to be done?").fill("Ring the school")
    page.get_by_label("Who does it?").select_option(label="Amira Testerly")
    due = page.get_by_role("group", name="By when?")
    for name, text in (("Day", "1"), ("Month", "3"), ("Year", "2031")):
        due.get_by_label(name).fill(text)
    press(page, "Write it down")
    expect(page.get_by_text("The supervision is written down.")).to_be_visible()
    _look(page)
    press(page, "Make it a task")
    expect(page.get_by_text("It is a task of the case now.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Discussed in supervision")
    _look(page)


def _worker_sees_it_differently(site: LiveSite, page: Page) -> None:
    sign_in(page, site, "Amira Testerly")
    page.goto(f"{site.url}/supervision/")
    waiting = page.get_by_role("row").filter(has_text="Not answered yet").first
    follow(waiting.get_by_role("link").first)
    expect(page.locator("main")).to_contain_text("Tired.")
    press(page, "Say whether you agree")
    _look(page)
    choose(page, "Do you agree with what is written?", "I see it differently")
    page.get_by_label("How do you see it?").fill("I did hear her, on the way home.")
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("I did hear her, on the way home.")
    _look(page)


def _list_is_decided(site: LiveSite, page: Page) -> None:
    sign_in(page, site, "Nia Testnorth")
    page.goto(f"{site.url}/allocation/")
    _look(page)
    press(page, "Decide one after the other")
    _look(page)
    choose(page, "What is decided?", "Offer the lead to somebody")
    expect(page.get_by_label("Who is asked to lead?")).not_to_have_value("")  # somebody is suggested
    page.get_by_label("Why?").fill("She has room, and knows the school.")
    press(page, "Decide")
    expect(page.get_by_text(re.compile("^Decided: C-"))).to_be_visible()
    page.goto(f"{site.url}/allocation/")
    expect(page.get_by_role("heading", name="Offered, waiting for an answer")).to_be_visible()
    follow(
        page.locator("main")
        .get_by_role("button", name="End the meeting")
        .or_(page.locator("main").get_by_role("link", name="End the meeting"))
        .first
    )
    page.get_by_label("What else was said?").fill("Next week again.")
    press(page, "End the meeting")
    expect(page.locator("main")).to_contain_text("She has room, and knows the school.")
    _look(page)
    press(page, "Print")
    expect(page.locator("main")).to_contain_text("Lead offered to")
    _look(page)


def _case_is_audited(site: LiveSite, page: Page) -> None:
    page.goto(f"{site.url}/case-audits/")
    _look(page)
    follow(page.get_by_role("link", name=re.compile(": audit$")).first)
    _look(page)
    follow(page.get_by_role("link", name="Consent", exact=True))
    for heading in _HEADINGS:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        for radio in page.get_by_role("radio", name="Met", exact=True).all():
            radio.check()
        if heading == "Consent":
            _look(page)
        press(page, "Save and go on")
    press(page, "End the audit")
    page.get_by_label("What is good about this work?").fill("The child’s own words.")
    press(page, "Add a finding")
    page.get_by_label("What must be put right?").fill("Ask the father")
    page.get_by_label("Who does it?").select_option(index=1)
    due = page.get_by_role("group", name="By when?")
    for name, text in (("Day", "1"), ("Month", "3"), ("Year", "2031")):
        due.get_by_label(name).fill(text)
    _look(page)
    press(page, "End the audit")
    expect(page.locator("main")).to_contain_text("100%")
    expect(page.locator("main")).to_contain_text("Quality audit: Ask the father")
    _look(page)
    page.goto(f"{site.url}/case-audits/results/")
    expect(page.get_by_role("table", name="By item")).to_be_visible()
    _look(page)
