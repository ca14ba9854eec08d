"""A baby is born into a family with an open case and a plan. Each page is looked at by axe on the way.

Swindon: "one plan for the whole family".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.steps import follow, press, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]
}  # fmt: skip
_CASE = (
    "SELECT c.id FROM casework_case c JOIN casework_plan p ON p.case_id = c.id AND p.state = 'open'"
    " JOIN casework_casemember m ON m.case_id = c.id AND m.part = 'lead' AND m.left_at IS NULL"
    " JOIN organisations_post o ON o.id = m.post_id JOIN access_account a ON a.id = o.account_id"
    " WHERE a.name = 'Amira Testerly' AND c.state = 'open' AND c.level < 4"
    " AND NOT EXISTS (SELECT 1 FROM casework_review r WHERE r.plan_id = p.id AND r.state = 'begun')"
    " ORDER BY c.opened_at, c.id LIMIT 1"
)


def test_a_newborn_joins(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    with live_site.database.as_owner() as connection:
        row = connection.execute(_CASE).fetchone()
    assert row is not None, "Amira leads no open case with a plan in the demo"
    case = f"{live_site.url}/cases/{row[0]}/"
    sign_in(page, live_site, "Amira Testerly")
    _joins(page, case)
    _leaves(page, case)
    _comes_back(page, case)
    assert console_errors == []


def _look(page: Page) -> None:
    found = Axe().run(page, options=_AXE).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == [], page.url


def _day(page: Page, legend: str, days_ago: int) -> None:
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    group = page.get_by_role("group", name=legend)
    for name, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(name).fill(str(number))


def _joins(page: Page, case: str) -> None:
    page.goto(case)
    press(page, "Somebody joins this case")
    _look(page)
    page.get_by_role("radio", name="A baby who was born in the last year").check()
    press(page, "Continue")
    expect(page.locator("main")).to_contain_text("From this moment these people see the baby’s record")
    _look(page)
    press(page, "Add to this case")
    expect(page.get_by_role("alert").first).to_contain_text("Enter the baby’s first name")
    page.get_by_label("First name").fill("Juniper")
    page.get_by_label("Last name").fill("Testborn")
    _day(page, "Date of birth", 9)
    page.get_by_label("What should the team know?").fill("Born last week, mother and baby are well.")
    press(page, "Add to this case")
    expect(page.get_by_text("Juniper is in this case now.")).to_be_visible()
    expect(page.get_by_role("heading", name="Juniper Testborn")).to_be_visible()  # a section of her own in the plan
    _look(page)


def _leaves(page: Page, case: str) -> None:
    page.goto(case)
    follow(page.get_by_role("link", name=re.compile(r"^Leaves this case\s*: Juniper Testborn$")))
    _look(page)
    press(page, "Save")
    expect(page.get_by_role("alert").first).to_contain_text("Select why they leave")
    page.get_by_role("radio", name="Moved to another household").check()
    _day(page, "On which day?", 0)
    page.get_by_label("Say it in a sentence").fill("Lives with her grandmother in Alder now.")
    press(page, "Save")
    expect(page.get_by_text("Juniper Testborn is in this case no more.")).to_be_visible()
    _look(page)
    expect(page.get_by_role("heading", name="Left this case")).to_be_visible()
    left = page.locator("#left + ul > li")
    expect(left).to_contain_text("Juniper Testborn, on ")
    expect(left).to_contain_text("Moved to another household")
    expect(left).to_contain_text("grandmother in Alder")
    page.goto(f"{case}plan/")
    expect(page.get_by_role("heading", name="Juniper Testborn Left")).to_be_visible()
    expect(page.locator("main")).to_contain_text("In this case no more since")
    _look(page)


def _comes_back(page: Page, case: str) -> None:
    """She is of the family’s record like any sister who is not in the case: chosen by name, with her part and why."""
    page.goto(f"{case}join/")
    page.get_by_role("radio", name="Juniper Testborn").check()
    expect(page.locator("main")).to_contain_text("Was in this case before")
    _look(page)
    press(page, "Continue")
    expect(page.get_by_role("heading", name="Add Juniper Testborn to this case")).to_be_visible()
    expect(page.get_by_role("radio", name="Child")).to_be_checked()
    _look(page)
    press(page, "Add to this case")
    expect(page.get_by_role("alert").first).to_contain_text("Enter why they join")
    _look(page)
    page.get_by_label("Why do they join?").fill("Lives with her mother again.")
    press(page, "Add to this case")
    expect(page.get_by_text("Juniper Testborn is in this case now.")).to_be_visible()
    expect(page.get_by_role("heading", name="Juniper Testborn", exact=True)).to_be_visible()
    expect(page.get_by_text("In this case no more since")).to_have_count(0)
    _look(page)
