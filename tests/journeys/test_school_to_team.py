"""The first journey: a school asks for help once, and a team with one lead professional answers.

Swindon: "every time they came across a service, they would be asked the same questions again and again".
Cheshire West: "a single front door ... receive the case, compare notes on it, and refer it on to one of three teams".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import KnownChild, choose, follow, known_child, press, sign_in, tap

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser


def test_a_school_refers_and_a_team_answers(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    child = known_child(live_site)
    reference = _school_refers(live_site, page, child)
    address = _front_door_decides(live_site, page, child, reference)
    _manager_allocates(live_site, page, address)
    _referrer_is_told(live_site, page, address, reference)
    case = _team_manager_names_lead(live_site, page, child)
    _lead_professional_sees_family(live_site, page, case, child)
    _another_team_sees_nothing(live_site, page, case, address)
    console_errors[:] = [each for each in console_errors if "404" not in each]  # the outsider's page, as it should be
    _trail_is_sound()


def _school_refers(site: LiveSite, page: Page, child: KnownChild) -> str:
    """Rowan, a school's safeguarding lead, fills in one form."""
    sign_in(page, site, "Rowan Testerfield")
    page.goto(f"{site.url}/referrals/new/")
    choose(page, "Is a child in danger now?", "No")
    choose(page, "What is this about?", "A child or family needs help")
    first = page.get_by_role("group", name="Child 1").or_(page.locator("main")).first
    first.get_by_label("First name").first.fill(child.given_name)
    first.get_by_label("Last name").first.fill(child.family_name)
    page.get_by_label("Day").first.fill(str(child.birth_date.day))
    page.get_by_label("Month").first.fill(str(child.birth_date.month))
    page.get_by_label("Year").first.fill(str(child.birth_date.year))
    page.get_by_label("Postcode").first.fill(child.postcode.lower().replace(" ", ""))
    page.get_by_label("What are you worried about?").fill("Tired, hungry, and often late since the autumn.")
    page.get_by_label("What does the child say?").fill("I look after my brother in the mornings.")
    choose(page, "Does the family know you are asking for help?", "Yes")
    choose(page, "Do they agree?", "Yes")
    press(page, "Check your answers")
    expect(page.get_by_text("I look after my brother in the mornings.")).to_be_visible()
    expect(page.locator("main")).to_contain_text(child.postcode)
    press(page, "Send to the front door")
    expect(page.locator("main")).not_to_contain_text(re.compile("known to|already", re.I))
    found = re.search(r"R-\w{4}-\w{4}", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return found[0]


def _front_door_decides(site: LiveSite, page: Page, child: KnownChild, reference: str) -> str:
    """Ffion takes it up, finds out who it is before anything is created, rates it, and decides early help."""
    sign_in(page, site, "Ffion Testlake")
    page.goto(f"{site.url}/worklist/front_door/")
    follow(page.get_by_role("row").filter(has_text=reference).get_by_role("link").first)
    address = page.url
    press(page, "Start triage")
    page.goto(f"{address}people/")
    press(page, f"Search for {child.given_name}")
    press(page, "Search")
    person = page.get_by_role("listitem").filter(has_text="This is the same person").filter(has_text=child.family_name)
    expect(person.first).to_contain_text("Same date of birth")
    expect(person.first).to_contain_text("Lives with:")
    tap(person.first.get_by_text("This is the same person"))
    follow(person.first.get_by_role("button", name=re.compile("^Link to")))
    page.goto(f"{address}family/")
    page.get_by_role("radio").first.check()
    press(page, "Save")
    page.goto(f"{address}rating/")
    choose(page, "How soon must this be decided?", "Amber")
    press(page, "Save")
    page.goto(f"{address}decision/")
    choose(page, "Level of need", "Level 3: multiple or complex")
    choose(page, "What is to happen?", "Early help (common assessment)")
    page.get_by_label("Reason for the decision").fill("A young carer; the family wants one person to talk to.")
    press(page, "Check the decision")
    press(page, "Decide")
    expect(page.locator("main")).to_contain_text("Decided")
    return address


def _manager_allocates(site: LiveSite, page: Page, address: str) -> None:
    """Marlow hands it to the team that serves the place, as advised."""
    sign_in(page, site, "Marlow Testington")
    page.goto(address)
    press(page, "Allocate to a team")
    expect(page.get_by_role("radio", name=re.compile("North team"))).to_be_checked()
    press(page, "Continue")
    press(page, "Allocate and open the case")
    expect(page.locator("main")).to_contain_text("Allocated to a team")


def _referrer_is_told(site: LiveSite, page: Page, address: str, reference: str) -> None:
    """The answer goes out, and Rowan reads it."""
    sign_in(page, site, "Ffion Testlake")
    page.goto(f"{address}reply/")
    press(page, "Tell them")
    page.goto(f"{site.url}/outbox/")
    expect(page.locator("main")).to_contain_text("rowan.testerfield@alderacademy.example")
    sign_in(page, site, "Rowan Testerfield")
    page.goto(f"{site.url}/sent/")
    follow(page.get_by_role("row").filter(has_text=reference).get_by_role("link").first)
    expect(page.locator("main")).to_contain_text("North team")


def _team_manager_names_lead(site: LiveSite, page: Page, child: KnownChild) -> str:
    """Nia names Amira as the lead professional."""
    sign_in(page, site, "Nia Testnorth")
    page.goto(f"{site.url}/cases/")
    follow(page.get_by_role("row").filter(has_text=child.family_name).get_by_role("link").first)
    case = page.url
    page.goto(f"{case}lead/")
    page.get_by_role("radio", name=re.compile("Amira Testerly")).check()
    if page.get_by_label("Reason").count():
        page.get_by_label("Reason").first.fill("She has room, and knows the school.")
    press(page, "Save")
    page.goto(case)
    expect(page.locator("main")).to_contain_text("Amira Testerly")
    return case


def _lead_professional_sees_family(site: LiveSite, page: Page, case: str, child: KnownChild) -> None:
    """Amira finds what was said, once, and the story so far."""
    sign_in(page, site, "Amira Testerly")
    page.goto(case)
    expect(page.locator("main")).to_contain_text(child.given_name)
    follow(page.get_by_role("link", name=re.compile(child.given_name)).first)
    expect(page.locator("main")).to_contain_text("Referral received")


def _another_team_sees_nothing(site: LiveSite, page: Page, case: str, referral: str) -> None:
    """Ben works in another team; for him neither exists."""
    sign_in(page, site, "Ben Testerson")
    for address in (case, referral):
        response = page.goto(address)
        assert response is not None
        assert response.status == 404


def _trail_is_sound() -> None:
    """After the whole journey the audit trail verifies, and nothing waits for its seal."""
    from joinedup.access.services import seal_audit, verify_audit

    now = datetime.now(UTC)
    while seal_audit(at=now):
        pass
    found = verify_audit(at=now)
    assert found.faults == []
    assert found.unsealed == 0
    assert found.sealed == found.events > 100
