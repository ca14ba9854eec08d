"""Early Support with a key worker, and a panel from the request to its decision: the same case, its pages, its words. Each page is
looked at by axe on the way.

Wiltshire: integrated access, one referral and one panel. Swindon: "they wanted a single lead professional".
"""

from __future__ import annotations

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


def _look(page: Page) -> None:
    """axe finds nothing, and there is one main heading."""
    found = Axe().run(page, options=_AXE).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found] == [], page.url
    expect(page.locator("h1")).to_have_count(1)


def _case_of_amira(site: LiveSite) -> str:
    """Amira's newest case on early help, of a level that Early Support takes."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT c.id FROM casework_case c JOIN organisations_post p ON p.id = c.lead_professional_id"
            " JOIN access_account a ON a.id = p.account_id WHERE a.name = 'Amira Testerly' AND c.state = 'open'"
            " AND c.pathway = 'early_help' AND c.level IN (2, 3) ORDER BY c.opened_at, c.id LIMIT 1"
        ).fetchone()
    assert row is not None, "the demo has no case of Amira’s on early help"
    return f"/cases/{row[0]}/"


def _waiting_request(site: LiveSite) -> str:
    """The request on the list of the panel that met yesterday."""
    with site.database.as_owner() as connection:
        row = connection.execute("SELECT id FROM casework_panelrequest WHERE state = 'listed' LIMIT 1").fetchone()
    assert row is not None, "the demo has no request that a panel has still to decide"
    return f"/panels/requests/{row[0]}/"


def test_a_case_goes_onto_early_support(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    case = _case_of_amira(live_site)
    sign_in(page, live_site, "Amira Testerly")
    page.goto(f"{live_site.url}{case}")
    about = page.get_by_role("region", name="Who this is about")
    expect(about).to_contain_text("Lead professional")
    press(page, "Put the case on another pathway")
    _look(page)
    page.get_by_role("radio", name="Early Support").check()
    page.get_by_label("Why does it change?").fill("A diagnosis in October: the family wants one person for everything.")
    press(page, "Change the pathway")
    expect(about).to_contain_text("Key worker")
    expect(about).to_contain_text("Early Support")
    expect(page.get_by_role("region", name="Early Support")).to_contain_text("The key worker is named")
    _look(page)
    page.goto(f"{live_site.url}{case}plan/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Family-held plan")
    _look(page)
    assert console_errors == []


def test_a_panel_decides_and_the_family_is_told(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    request = _waiting_request(live_site)
    sign_in(page, live_site, "Nia Testnorth")
    page.goto(f"{live_site.url}/panels/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Panels")
    _look(page)
    page.goto(f"{live_site.url}{request}")
    _look(page)
    press(page, "Write down what the panel decided")
    _look(page)
    for question in page.get_by_role("group").filter(has_text="what was decided?").all():
        question.get_by_role("radio", name="Agreed", exact=True).check()
    for reason in page.get_by_label(": why?").all():
        reason.fill("It fits what the child asked for.")
    page.get_by_label("What are the child and the parents told?").fill(
        "You get somebody to talk with at school, from Monday."
    )
    press(page, "Write down the decision")
    main = page.locator("main")
    expect(main).to_contain_text("You get somebody to talk with at school, from Monday.")
    expect(main).to_contain_text("It fits what the child asked for.")
    _look(page)
    told = page.get_by_role("button", name="They were told in person")
    if told.count():  # nobody marked writing as safe
        follow(told)
        expect(main).to_contain_text("Told in person")
    assert console_errors == []


def test_the_panel_reads_the_request_and_not_the_case(live_site: LiveSite, page: Page) -> None:
    sign_in(page, live_site, "Rowan Testerfield")
    page.goto(f"{live_site.url}/panels/")
    _look(page)
    before = page.get_by_role("table", name="Dates before")
    follow(before.get_by_role("link").first)
    _look(page)
    listed = page.get_by_role("table", name="On the list of this panel")
    follow(listed.get_by_role("link").first)
    expect(page.get_by_role("link", name="Back to panels")).to_be_visible()
    _look(page)
