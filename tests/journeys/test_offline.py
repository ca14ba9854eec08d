"""The network is cut while somebody writes: what is typed stays, it is said plainly that it is not kept, sending is refused and
nothing is lost; connected again, it is kept by itself. A case note, and a section of an assessment, which is begun without help.

Issue 5: "offline interruption loses nothing".
"""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import follow, press, settled, sign_in, tap, type_out, wait_for
from tests.journeys.test_assessment import _a_case_with_an_untrained_colleague
from tests.journeys.test_noticing_early import sound

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
_TOLD = re.compile("You are offline. What you typed is not kept")
_NOT_SENT = re.compile("You are offline, so this was not sent. What you typed stays on this page")


def test_a_note_is_written_while_the_network_is_cut(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    case = _case_of(live_site, "Amira Testerly")
    sign_in(page, live_site, "Amira Testerly")
    page.goto(f"{live_site.url}{case}notes/new/")
    settled(page)
    words = page.get_by_label("What happened?")
    type_out(words, "Home was warm.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Kept at")
    page.context.set_offline(True)
    type_out(words, " The heating has been mended.")
    expect(page.locator("[data-autosave-trouble]")).to_contain_text(_TOLD)
    sound(page)
    page.get_by_role("group", name="Who was seen or spoken to?").get_by_role("checkbox").first.check()
    tapped = monotonic()
    tap(page.get_by_role("button", name="Save", exact=True))  # nothing is sent, and the page stays
    expect(page.locator("[data-autosave-trouble]")).to_contain_text(_NOT_SENT)
    expect(words).to_have_value("Home was warm. The heating has been mended.")
    type_out(words, " They sleep upstairs again.")
    assert "They sleep upstairs" not in _kept(live_site)
    page.context.set_offline(False)
    wait_for(lambda: "They sleep upstairs again." in _kept(live_site))  # by itself, with no further key
    expect(page.locator("[data-autosave-trouble]")).to_have_text("")
    wait_for(lambda: monotonic() > tapped + 1.2)  # a second press within a second is taken for a double click
    press(page, "Save")
    expect(page.get_by_text("Home was warm. The heating has been mended. They sleep upstairs again.")).to_be_visible()
    _only_the_network(console_errors)


def test_an_assessment_is_written_while_the_network_is_cut(
    live_site: LiveSite, page: Page, console_errors: list[str]
) -> None:
    """In a section, with no reload in between: closed by mistake afterwards, it is there again with every word."""
    case, lead, _ = _a_case_with_an_untrained_colleague(live_site)
    sign_in(page, live_site, lead)
    page.goto(f"{live_site.url}/cases/{case}/assessments/")
    follow(page.get_by_role("button", name=re.compile("^Begin an assessment of")).first)
    follow(page.locator("main").get_by_role("link", name="General health").first)
    address = page.url
    field = page.get_by_label("Strengths")
    page.context.set_offline(True)
    type_out(field, "She wheezes at night, and the flat is damp.")
    expect(page.locator("[data-autosave-trouble]")).to_contain_text(_TOLD)
    assert "wheezes" not in _kept(live_site)
    page.context.set_offline(False)
    wait_for(lambda: "She wheezes at night, and the flat is damp." in _kept(live_site))
    expect(page.locator("[data-autosave-status]")).to_contain_text("Kept at")
    page.goto(f"{live_site.url}/cases/{case}/")
    page.goto(address)
    expect(page.get_by_label("Strengths")).to_have_value("She wheezes at night, and the flat is damp.")
    _only_the_network(console_errors)


def _only_the_network(console_errors: list[str]) -> None:
    """The browser says each time that it was cut off, and complains of nothing else."""
    console_errors[:] = [each for each in console_errors if "ERR_INTERNET_DISCONNECTED" not in each]
    assert console_errors == []


def _case_of(site: LiveSite, lead: str) -> str:
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT c.id FROM casework_case c JOIN organisations_post p ON p.id = c.lead_professional_id JOIN access_account a"
            " ON a.id = p.account_id WHERE a.name = %s AND c.state = 'open' AND NOT EXISTS (SELECT 1 FROM casework_assessment s"
            " WHERE s.case_id = c.id) ORDER BY c.opened_at, c.id LIMIT 1", [lead],
        ).fetchone()  # fmt: skip
    assert row is not None, f"the demo has no case of {lead} without an assessment"
    return f"/cases/{row[0]}/"


def _kept(site: LiveSite) -> str:
    """Everything that is kept of what people type."""
    with site.database.as_owner() as connection:
        return " ".join(str(row[0]) for row in connection.execute("SELECT typed::text FROM core_draft").fetchall())
