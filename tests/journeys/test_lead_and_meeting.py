"""Somebody is named to lead, hands the case over to a colleague who accepts it, and the team around the child meets: asked,
come, minuted, and in the calendar. Each page is looked at by axe on the way.

Swindon: "a lead professional, a team around the child, and a review in six weeks, with the same people around the table".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.steps import choose, follow, keys, next_page, press, sign_in, tap, type_out

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]
}  # fmt: skip


def test_named_handed_over_and_met(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    case = _case_without_lead(live_site)
    _manager_names_lead(live_site, page, case)
    _lead_hands_over(live_site, page, case)
    _colleague_accepts(live_site, page, case)
    meeting = _meeting_is_planned(live_site, page, case)
    _calendar_says_when_and_no_more(page)
    _meeting_is_minuted(live_site, page, meeting)
    assert console_errors == []


def _case_without_lead(site: LiveSite) -> str:
    """A case of the North team that nobody leads."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT c.id FROM casework_case c JOIN organisations_team t ON t.id = c.team_id WHERE t.code = 'TEAMNORTH'"
            " AND c.state = 'waiting_for_lead' AND c.level < 4 ORDER BY c.opened_at, c.id LIMIT 1"
        ).fetchone()
    assert row is not None, "the demo has no case that waits for a lead professional"
    return f"/cases/{row[0]}/"


def _look(page: Page) -> None:
    """axe finds nothing, and there is one main heading."""
    found = Axe().run(page, options=_AXE).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == [], page.url
    expect(page.locator("h1")).to_have_count(1)


def _manager_names_lead(site: LiveSite, page: Page, case: str) -> None:
    sign_in(page, site, "Nia Testnorth")
    page.goto(f"{site.url}{case}")
    expect(page.get_by_role("region", name="Who this is about")).to_contain_text("Nia Testnorth")  # holds the duty
    _look(page)
    press(page, "Name the lead professional")
    _look(page)
    page.get_by_role("radio", name=re.compile("Amira Testerly")).check()
    press(page, "Save")
    expect(page.get_by_role("region", name="Who this is about")).to_contain_text("Amira Testerly")


def _lead_hands_over(site: LiveSite, page: Page, case: str) -> None:
    """Amira has it one click from her first page."""
    sign_in(page, site, "Amira Testerly")
    _look(page)
    follow(page.locator("main").locator(f"a[href='{case}']").first)
    press(page, "Add to the team around the child")
    _look(page)
    type_out(page.get_by_label("Who joins the team around the child?"), "cara test")
    found = page.get_by_role("region", name="Who it could be")
    expect(found.get_by_role("link", name="Cara Testwell")).to_be_visible()
    expect(found.get_by_role("listitem")).to_have_count(1)
    _look(page)
    found.get_by_role("link", name="Cara Testwell").focus()
    with next_page(page):  # as somebody without a mouse
        keys(page, "Enter")
    expect(page.locator("main")).to_contain_text("From this moment they can see the family’s record.")
    _look(page)
    press(page, "Add")
    press(page, "Hand the case over")
    _look(page)
    page.get_by_role("radio", name=re.compile("Cara Testwell")).check()
    page.get_by_label("Why does it change?").fill("They see you every week.")
    press(page, "Ask them")
    expect(page.locator("main")).to_contain_text("Until they accept, Amira Testerly holds the duty.")
    _look(page)


def _colleague_accepts(site: LiveSite, page: Page, case: str) -> None:
    sign_in(page, site, "Cara Testwell")
    follow(page.locator("main").get_by_role("link", name=re.compile("you are asked to lead")).first)
    expect(page.locator("main")).to_contain_text("They see you every week.")
    _look(page)
    choose(page, "Will you lead?", "Yes, I accept the duty")
    press(page, "Send your answer")
    expect(page).to_have_url(f"{site.url}{case}")
    expect(page.get_by_role("region", name="Who this is about")).to_contain_text("Cara Testwell")
    _look(page)


def _meeting_is_planned(site: LiveSite, page: Page, case: str) -> str:
    """Whoever is in the team is asked already; one parent or child is ticked too, and told by hand."""
    press(page, "Plan a meeting")
    day = (datetime.now(UTC) + timedelta(days=5)).date()
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(part, exact=True).fill(str(number))
    page.get_by_label("Time", exact=True).fill("2:30pm")
    page.get_by_label(re.compile(r"^\s*Place")).fill("Testerfield children’s centre")
    page.get_by_role("group", name=re.compile(r"^\s*Family asked")).get_by_role("checkbox").first.check()
    _look(page)
    press(page, "Plan the meeting and ask them")
    expect(page.locator("main")).to_contain_text("The meeting is planned.")
    expect(page.locator("main")).to_contain_text("2:30pm")
    _look(page)
    assert re.fullmatch(rf"{re.escape(site.url)}{re.escape(case)}meetings/[0-9a-f-]+/", page.url)
    return page.url.removeprefix(site.url)


def _calendar_says_when_and_no_more(page: Page) -> None:
    with page.expect_download() as coming:
        tap(page.get_by_role("link", name="Put it in your calendar"))
    content = coming.value.path().read_bytes().decode()
    assert content.startswith("BEGIN:VCALENDAR\r\n")
    assert re.search(r"\r\nSUMMARY:Meeting M-\w{4}-\w{4}\r\n", content)
    assert "Testerfield" not in content
    assert "LOCATION" not in content


def _meeting_is_minuted(site: LiveSite, page: Page, meeting: str) -> None:
    with site.database.as_owner() as connection:  # five days go by
        connection.execute(
            "UPDATE casework_meeting SET starts_at = now() - interval '1 hour' WHERE id = %s", [meeting.split("/")[-2]]
        )
    page.goto(f"{site.url}{meeting}")
    press(page, "Write the minutes")
    came = page.get_by_role("group", name=re.compile(r"^\s*Who came")).get_by_role("checkbox")
    for place in range(2):
        came.nth(place).check()
    page.get_by_label("Minutes", exact=True).fill("Everybody said what goes well first.")
    page.get_by_label(re.compile(r"^\s*Decisions")).fill("A place in the breakfast club is asked for.")
    choose(page, "Was anything decided to be different from now on?", "Yes")
    _look(page)
    press(page, "Save the minutes")
    expect(page.locator("main")).to_contain_text("The minutes are saved.")
    expect(page.locator("main")).to_contain_text("A place in the breakfast club is asked for.")
    _look(page)
