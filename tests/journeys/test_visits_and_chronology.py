"""A visit recorded in three clicks on a phone, a note corrected, an entry put right, what mattered marked, and all of it
printed.

Wiltshire, H: "a chronology that everybody in the team can read"; the limit of three clicks is ours and fails the build.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import browser_of_their_own, follow, press, settled, sign_in, tap
from tests.journeys.test_noticing_early import sound
from tests.support.pdf import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True}
MOST_CLICKS = 3


class Clicks:
    """Counts what somebody has to press."""

    def __init__(self) -> None:
        self.made = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        self.made += 1
        yield


def test_a_visit_from_the_first_page_to_the_printed_chronology(
    live_site: LiveSite, browser: Browser, page: Page, console_errors: list[str], tmp_path: Path
) -> None:
    with browser_of_their_own(browser, **PHONE) as phone:
        sign_in(phone, live_site, "Amira Testerly")
        note = _a_visit_in_three_clicks(phone)
    sign_in(page, live_site, "Amira Testerly")
    page.goto(note)
    settled(page)
    _corrected(page)
    _handed_on(page, tmp_path)
    _what_mattered(page)
    _put_right(page)
    _printed(page, tmp_path)
    _the_family_tree(page)
    assert console_errors == []


def _a_visit_in_three_clicks(page: Page) -> str:
    """Home, the child, Save: the day, the time and who was seen are there already."""
    clicks = Clicks()
    with clicks.one():
        press(page, "Record a visit")
    sound(page)
    with clicks.one():
        follow(page.locator(".app-choices a").first)
    seen = page.get_by_role("group", name="Who was seen or spoken to?")
    expect(seen.get_by_role("checkbox", checked=True)).to_have_count(1)
    sound(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("What happened?").fill("Home was warm; breakfast was on the table at eight.")
    page.get_by_label("The child’s own words").fill("I had toast!")
    with clicks.one():
        press(page, "Save")
    expect(page.get_by_text("Visit recorded.")).to_be_visible()
    expect(page.get_by_text("I had toast!")).to_be_visible()
    sound(page)
    assert clicks.made <= MOST_CLICKS
    return page.url


def _corrected(page: Page) -> None:
    press(page, "Correct this note")
    page.get_by_label("What was wrong, and what is right?").fill("Breakfast was at half past seven.")
    sound(page)
    press(page, "Add the correction")
    main = page.locator("main")
    expect(main).to_contain_text("Home was warm; breakfast was on the table at eight.")
    expect(main).to_contain_text("Breakfast was at half past seven.")
    sound(page)


def _handed_on(page: Page, folder: Path) -> None:
    """The same note for a health visitor's own system, saved and never opened here."""
    with page.expect_download() as waiting:
        tap(page.get_by_role("link", name="Plain text to copy"))
    kept = folder / "note.txt"
    waiting.value.save_as(kept)
    text = kept.read_text(encoding="utf-8")
    assert "I had toast!" in text
    assert "Breakfast was at half past seven." in text
    assert re.fullmatch(r"note-C-[0-9A-Z]{4}-[0-9A-Z]{4}-\d{4}-\d\d-\d\d\.txt", waiting.value.suggested_filename)


def _what_mattered(page: Page) -> None:
    follow(page.get_by_role("link", name="Chronology", exact=True))
    sound(page)
    follow(page.get_by_role("link", name=re.compile(r"^Mark as significant\s*: Visit")).first)
    sound(page)
    page.get_by_label("What did it mean for the child?").fill("The first breakfast at home this month.")
    press(page, "Save")
    first = page.locator(".app-timeline__item").filter(has_text="The first breakfast at home this month.")
    expect(first).to_have_count(1)
    expect(first.get_by_text("Significant", exact=True)).to_be_visible()
    page.goto(page.url + "?significant=1")
    settled(page)
    for item in page.locator(".app-timeline__item").all():
        expect(item.get_by_text("What it meant for the child")).to_be_visible()


def _put_right(page: Page) -> None:
    page.goto(page.url.partition("?")[0])
    follow(page.get_by_role("link", name=re.compile(r"^Mark as significant\s*: Phone call")).first)
    follow(page.get_by_role("link", name="The entry is wrong, or about somebody else: take it out"))
    sound(page)
    press(page, "Take it out")
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_contain_text("Choose why")
    page.get_by_label("It is there twice").check()
    page.get_by_label("Say it in a sentence").fill("The call is written down twice.")
    press(page, "Take it out")
    expect(page.locator("main")).to_contain_text("It is there twice: The call is written down twice.")
    sound(page)


def _printed(page: Page, folder: Path) -> None:
    with page.expect_download() as waiting:
        tap(page.get_by_role("link", name="PDF", exact=True))
    kept = folder / "chronology.pdf"
    waiting.value.save_as(kept)
    text = " ".join(text_of(kept.read_bytes()).split())
    assert "OFFICIAL-SENSITIVE" in text
    assert "Printed by Amira Testerly" in text
    assert "The first breakfast at home this month." in text
    assert "written down twice" in text
    follow(page.get_by_role("link", name="Print", exact=True))
    sound(page)
    expect(page.get_by_role("heading", name="Chronology", level=1)).to_be_visible()
    page.go_back()
    settled(page)


def _the_family_tree(page: Page) -> None:
    follow(page.get_by_role("link", name="Family tree", exact=True))
    sound(page)
    expect(page.get_by_role("img", name="Family tree")).to_be_visible()
    tap(page.get_by_text("Family tree as a table"))
    expect(page.get_by_role("columnheader", name="Who they are")).to_be_visible()
