"""A play worker takes a register on a phone: everybody who came lately is there already; nothing is typed twice."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import follow, press, settled, sign_in, tap, type_out

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 740}
_CUT = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def _no_faults(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    settled(page)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []
    assert page.evaluate(_CUT), "the page scrolls sideways"


def _to_today_s_register(page: Any, live_site: Any) -> None:
    """Sessions, and the register that waits."""
    page.goto(f"{live_site.url}/sessions/")
    follow(page.locator("main table a").first)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.fixture
def today(live_site: Any) -> None:
    """The youth club meets today whatever the hour."""
    with live_site.database.as_owner() as connection:
        connection.execute(
            "UPDATE universal_session SET starts_time = '00:00', ends_time = '23:59' WHERE state = 'planned' AND held_on = %s",
            [connection.execute("SELECT (now() AT TIME ZONE 'Europe/London')::date").fetchone()[0]],
        )


def test_a_register_in_four_taps(page: Any, live_site: Any, today: None) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, live_site, "Dev Testaway")
    _to_today_s_register(page, live_site)
    _no_faults(page)
    expected = page.locator("fieldset.app-register__row").count()
    assert expected > 4, "whoever came lately is on the list already"
    taps = 0

    first = page.locator("fieldset.app-register__row").first
    tap(first.get_by_label("Not here"))
    taps += 1
    press(page, "Everybody else is here")
    taps += 1
    expect(page.get_by_text(f"{expected - 1} came")).to_be_visible()
    tap(page.locator("fieldset.app-register__row").nth(1).get_by_label("Late"))
    taps += 1
    press(page, "Save and finish")
    taps += 1
    expect(page.get_by_text("The register is finished")).to_be_visible()
    assert taps == 4, "a register with one away and one late"
    _no_faults(page)

    press(page, "Undo what I saved last")
    expect(page.get_by_text("What you saved last is taken back")).to_be_visible()


def test_a_newcomer_is_written_down_once_and_found_by_a_few_letters(page: Any, live_site: Any, today: None) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, live_site, "Dev Testaway")
    _to_today_s_register(page, live_site)
    follow(page.get_by_role("link", name="Somebody new"))
    _no_faults(page)
    page.get_by_label("First name").fill("Quill")
    page.get_by_label("Last name").fill("Testnewcomer")
    page.get_by_label("Age").fill("12")
    press(page, "Add as here")
    expect(page.get_by_role("group", name="Quill Testnewcomer")).to_be_visible()
    tap(page.get_by_role("group", name="Quill Testnewcomer").get_by_label("Take off"))
    press(page, "Save")
    expect(page.get_by_role("group", name="Quill Testnewcomer")).to_have_count(0)
    type_out(page.get_by_label("Find somebody by name"), "quil")
    add = page.get_by_role("button", name="Add Quill Testnewcomer")
    expect(add).to_be_visible()
    follow(add)
    expect(page.get_by_role("group", name="Quill Testnewcomer").get_by_label("Here", exact=True)).to_be_checked()


def test_without_scripts_a_register_is_taken_all_the_same(plain: Any, live_site: Any, today: None) -> None:
    plain.set_viewport_size(PHONE)
    sign_in(plain, live_site, "Dev Testaway")
    _to_today_s_register(plain, live_site)
    plain.get_by_label("Find somebody by name").fill("wren")
    press(plain, "Find")
    expect(plain.locator("#found")).to_be_visible()
    plain.get_by_label("Children", exact=True).fill("7")
    press(plain, "Everybody else is here")
    expect(plain.get_by_text("7 more children")).to_be_visible()
