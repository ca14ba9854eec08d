"""Finding whom a call is about: results while typing, the keyboard alone, nothing in the address; and by the button
without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import follow, keys, known_child, press, sign_in, type_out
from tests.journeys.test_noticing_early import sound

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
WORKER = "Ffion Testlake"


def test_results_come_while_somebody_types(page: Page, live_site: LiveSite) -> None:
    child = known_child(live_site, least_age=6)
    sign_in(page, live_site, WORKER)
    page.goto(f"{live_site.url}/referrals/new/find/")
    form = page.locator("form[data-search-as-you-type]")
    expect(form).to_have_attribute("data-searches", "true")
    type_out(page.get_by_label("First name"), child.given_name)
    type_out(page.get_by_label("Last name"), child.family_name)
    day, month, year = (page.get_by_label(each, exact=True) for each in ("Day", "Month", "Year"))
    type_out(day, str(child.birth_date.day))
    type_out(month, str(child.birth_date.month))
    type_out(year, str(child.birth_date.year))
    found = page.locator("#likely")
    first = found.get_by_role("link", name=re.compile(re.escape(child.given_name))).first
    expect(first).to_be_visible()
    expect(found.get_by_text("Same date of birth").first).to_be_visible()
    expect(found.get_by_text("The chance that this is the child").first).to_be_visible()
    expect(form.get_by_role("status")).to_have_text(re.compile(r"^\d+ (person|people) found$"))
    expect(year).to_be_focused()
    assert child.family_name not in page.url
    sound(page)
    for _ in range(12):  # the rest of the form, then the results
        if first.evaluate("link => link === document.activeElement"):
            break
        keys(page, "Tab")
    expect(first).to_be_focused()
    follow(first)
    expect(page.get_by_label("First name").first).to_have_value(child.given_name)


def test_the_button_does_the_same_without_javascript(plain: Page, live_site: LiveSite) -> None:
    child = known_child(live_site, least_age=6)
    sign_in(plain, live_site, WORKER)
    plain.goto(f"{live_site.url}/referrals/new/find/")
    plain.get_by_label("First name").fill(child.given_name)
    plain.get_by_label("Last name").fill(child.family_name)
    press(plain, "Find the child")
    assert child.family_name not in plain.url
    first = plain.locator("#likely").get_by_role("link", name=re.compile(re.escape(child.given_name))).first
    expect(first).to_be_visible()
    follow(first)
    expect(plain.get_by_label("First name").first).to_have_value(child.given_name)
