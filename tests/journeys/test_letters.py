"""A letter to everybody of the family asked to a meeting: looked at, its words changed, printed, and written down as posted.
Each page is looked at by axe on the way."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.steps import press, sign_in, tap
from tests.support.pdf import pages_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]
}  # fmt: skip


def test_one_letter_for_each_who_may_have_one(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    meeting, name = _asked_by_letter(live_site)
    sign_in(page, live_site, "Amira Testerly")
    page.goto(f"{live_site.url}{meeting}")
    press(page, "Letters to the family")
    _look(page)
    letter = page.get_by_role("article", name=f"Letter to {name}")
    expect(letter).to_contain_text("3 Mock Lane")
    expect(letter).to_contain_text("Not posted yet")
    press(page, "Change what they say")
    _look(page)
    page.get_by_label("What does the letter say?").fill("Please come and tell us how it goes.")
    press(page, "Save")
    expect(letter).to_contain_text("Please come and tell us how it goes.")
    with page.expect_download() as loaded:
        tap(page.get_by_role("button", name=re.compile("as PDF")))
    pages = pages_of(Path(loaded.value.path()).read_bytes())
    assert [f"Dear {name}" in each for each in pages].count(True) == 1
    press(page, "I have posted")
    expect(letter).to_contain_text("Posted")
    expect(page.get_by_role("button", name=re.compile("I have posted"))).to_have_count(0)
    _look(page)
    assert console_errors == []


def _asked_by_letter(site: LiveSite) -> tuple[str, str]:
    """A meeting to come of a case that Amira leads, and somebody of the family asked to it, for whom a letter is safe."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT m.case_id, m.id, p.person_id, o.given_name || ' ' || o.family_name FROM casework_meeting m"
            " JOIN casework_meetingplace p ON p.meeting_id = m.id JOIN person_index_person o ON o.id = p.person_id"
            " JOIN casework_case c ON c.id = m.case_id JOIN organisations_post l ON l.id = c.lead_professional_id"
            " JOIN access_account a ON a.id = l.account_id WHERE m.state = 'planned' AND a.name = 'Amira Testerly'"
            " ORDER BY m.starts_at, m.id, p.id LIMIT 1"
        ).fetchone()
        assert row is not None, "the demo has no meeting to come with somebody of the family"
        connection.execute(
            'INSERT INTO person_index_safecontact (id, version, person_id, how, details, "when", not_through, recorded_at,'
            " source) VALUES (%s, 1, %s, 'letter', '3 Mock Lane, Mockham, ZZ1 1AA', '', '', %s, 'test')",
            (uuid4(), row[2], datetime.now(UTC)),
        )
    return f"/cases/{row[0]}/meetings/{row[1]}/", row[3]


def _look(page: Page) -> None:
    """axe finds nothing, and there is one main heading."""
    found = Axe().run(page, options=_AXE).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == [], page.url
    expect(page.locator("h1")).to_have_count(1)
