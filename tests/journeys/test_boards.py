"""The chair of a board holds its meeting and decides; the partner whose power it uses approves, and it happens."""

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


def test_a_board_appoints_a_sponsor(page: Any, live_site: Any) -> None:
    sign_in(page, live_site, "Corin Testchief")
    page.goto(f"{live_site.url}/boards/")
    expect(page.locator("main")).to_contain_text("Lead member for children")
    expect(page.locator("main")).to_contain_text("Nobody since")
    _no_faults(page)
    follow(page.get_by_role("rowheader").get_by_role("link", name="Exampleshire public services board"))
    _no_faults(page)
    follow(page.get_by_role("row").filter(has_text="Called").get_by_role("link"))
    _no_faults(page)
    follow(page.get_by_role("button", name="Hold the meeting"))
    for member in page.get_by_role("group").all():
        member.get_by_role("radio", name="Present").check()
    _no_faults(page)
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("Quorate")
    follow(page.get_by_role("link", name="Record the decision").first)
    page.get_by_label("Why?").fill("The care board gains most.")
    page.get_by_label("What else could have been done?").fill("Leave it as it is.")
    page.get_by_label("Which partner sponsors it?").select_option(label="Exampleshire Integrated Care Board")
    officer = page.get_by_label("Which of its officers answers for it?")
    officer.select_option(label=officer.locator("option", has_text="Crispin Mockguinea").first.inner_text())
    for name in ("Corin", "Dora", "Nolan", "Imogen", "Petra", "Jonah", "Homer"):
        page.get_by_role("group", name=f"How did {name}").get_by_role("radio", name="For").check()
    _no_faults(page)
    press(page, "Record the decision")
    expect(page.locator("main")).to_contain_text("Waiting for partners")
    _no_faults(page)
    decided = page.url
    page.context.clear_cookies()
    sign_in(page, live_site, "Nolan Mockdirector")
    page.goto(f"{live_site.url}/boards/")
    expect(page.get_by_role("heading", name="Waiting for your organisation’s answer")).to_be_visible()
    page.goto(decided)
    follow(page.get_by_role("link", name="Record its answer"))
    choose(page, "Does this partner approve the decision?", "Yes")
    page.get_by_label("Which of its bodies answered?").fill("The board")
    page.get_by_label("Under which minute?").fill("17")
    _no_faults(page)
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("Crispin Mockguinea answers for it.")
    expect(page.locator("main")).to_contain_text("In effect")
    _no_faults(page)
