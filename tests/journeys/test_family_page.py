"""A parent opens her own page on a phone: a link, a code, whom to ring, what was shared with her, something she tells us, and
the way out. Then her worker reads and answers. axe looks at every page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.steps import browser_of_their_own, follow, press, settled, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]
}  # fmt: skip
_WELCOME = "I will put here what we agreed, and when we meet next."


def test_a_parent_reads_her_page_tells_us_something_and_is_answered(
    live_site: LiveSite, page: Page, browser: Browser, console_errors: list[str]
) -> None:
    worker, parent = browser_of_their_own(browser), page
    with worker as work:
        reader = _worker_sends_a_new_link(live_site, work)
        link = _sent(live_site, "Your link", r"(/family/[\w-]+/)")
        _parent_opens_her_page(live_site, parent, link)
        _parent_tells_us_something(parent)
        _worker_answers(live_site, work, reader)
        _parent_reads_the_answer_and_leaves(live_site, parent)
    assert console_errors == []


def _look(page: Page) -> None:
    """axe finds nothing, and there is one main heading."""
    found = Axe().run(page, options=_AXE).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == [], page.url
    expect(page.locator("h1")).to_have_count(1)


def _sent(site: LiveSite, subject: str, pattern: str) -> str:
    """What stands in the newest message of that subject: what the parent reads on her telephone."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT body FROM core_outboxmessage WHERE subject = %s ORDER BY created_at DESC, id DESC LIMIT 1",
            [subject],
        ).fetchone()
    assert row is not None
    found = re.search(pattern, row[0])
    assert found is not None
    return found.group(1)


def _worker_sends_a_new_link(site: LiveSite, page: Page) -> str:
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT p.case_id, p.id FROM family_page_familypage p WHERE NOT p.is_young AND p.closed_at IS NULL"
            " ORDER BY p.opened_at, p.id LIMIT 1"
        ).fetchone()
    assert row is not None, "the demo has no family page"
    address = f"/cases/{row[0]}/family-page/{row[1]}/"
    sign_in(page, site, "Amira Testerly")
    page.goto(f"{site.url}{address}")
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("Page of"))).to_be_visible()
    press(page, "Send a new link")
    expect(page.get_by_text("The earlier ones do not open any more.")).to_be_visible()
    return address


def _parent_opens_her_page(site: LiveSite, page: Page, link: str) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{site.url}{link}")
    settled(page)
    _look(page)
    press(page, "Send me a code")
    _look(page)
    page.get_by_label("Your code").fill("no code")
    press(page, "Open my page")
    expect(page.get_by_text("This code does not open anything").first).to_be_visible()
    _look(page)
    page.get_by_label("Your code").fill(_sent(site, "Your code", r"\b(\d{6})\b"))
    press(page, "Open my page")
    _look(page)
    expect(page).to_have_url(f"{site.url}/family/page/")
    expect(page.get_by_text("Amira Testerly").first).to_be_visible()
    expect(page.get_by_text(_WELCOME)).to_be_visible()
    expect(page.get_by_role("heading", name="Next meeting")).to_be_visible()


def _parent_tells_us_something(page: Page) -> None:
    press(page, "Tell us something")
    _look(page)
    expect(page.get_by_text(re.compile("We will read this by"))).to_be_visible()
    page.get_by_label("What do you want to tell us?").fill("Could somebody walk with me to the meeting?")
    press(page, "Send")
    expect(page.get_by_text("Could somebody walk with me to the meeting?")).to_be_visible()


def _worker_answers(site: LiveSite, page: Page, reader: str) -> None:
    page.goto(f"{site.url}{reader}")
    settled(page)
    follow(page.get_by_role("link", name=re.compile(r"^Read it(?! again)")).first)
    expect(page.get_by_text("Could somebody walk with me to the meeting?")).to_be_visible()
    _look(page)
    page.get_by_label("Your answer").fill("Yes, I will. I ring at your door at two.")
    press(page, "Send the answer to their page")
    expect(page.get_by_text(re.compile("can read your answer now"))).to_be_visible()


def _parent_reads_the_answer_and_leaves(site: LiveSite, page: Page) -> None:
    page.goto(f"{site.url}/family/page/")
    settled(page)
    expect(page.get_by_text("Yes, I will. I ring at your door at two.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Exit this page")).first).to_have_attribute(
        "href", "/family/exit/"
    )
    press(page, "Close my page on this device")
    page.goto(f"{site.url}/family/page/")
    settled(page)
    expect(page).to_have_url(f"{site.url}/family/")
    _look(page)
