"""Noticing early: an indicator is proposed and agreed to by a second person, it lists children for a named post with its
reasons and their sources, somebody looks, and the review says how often a child was listed without need.

Wiltshire, L: "Identifying vulnerable children and young people. A draft guide to identifying children & young people who
need additional help has been developed as part of multi-agency work on shared processes. Piloting, revision and
subsequent dissemination required."
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import choose, follow, press, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
NAME = "Accident and emergency, or not brought to the doctor"
WORDING = "Has been seen at accident and emergency, or was not brought to a health appointment."


def test_an_indicator_from_draft_to_review(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    told = _governance_drafts_the_guide(live_site, page)
    _whoever_proposed_it_cannot_agree(live_site, page, console_errors)
    _a_second_person_agrees(live_site, page, told)
    child = _a_named_post_sees_whom_it_lists_and_why(live_site, page)
    _and_records_what_it_found(page, child)
    _others_do_not_learn_that_there_is_a_list(live_site, page, console_errors)
    _the_review_counts_it(live_site, page)
    _it_is_revised(live_site, page)


def sound(page: Page) -> None:
    """Axe finds nothing, and one main heading."""
    from axe_playwright_python.sync_playwright import Axe

    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": rules})
    assert [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []
    assert page.locator("h1").count() == 1


def _date(page: Page, label: str, day: object) -> None:
    group = page.get_by_role("group", name=label)
    for part in ("Day", "Month", "Year"):
        group.get_by_label(part).fill(str(getattr(day, part.lower())))


def _governance_drafts_the_guide(site: LiveSite, page: Page) -> str:
    """Iris writes it a page at a time: two conditions, any one of them, its weight and its lawful basis in words."""
    from django.utils import timezone

    sign_in(page, site, "Iris Testguard")
    follow(page.get_by_role("link", name="Noticing early"))
    sound(page)
    press(page, "Propose an indicator")
    press(page, "Continue")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("What it says about a child").fill(WORDING)
    sound(page)
    press(page, "Continue")

    expect(page.get_by_role("heading", name="What has to have been observed?")).to_be_visible()
    offered = page.get_by_label("What was observed").locator("option").all_inner_texts()
    assert not any(re.search("ethnic|postcode|religion|sex|nationality", each, re.I) for each in offered), offered
    _condition(page, 1, "Attendance at accident and emergency")
    press(page, "Add another condition")
    expect(page.get_by_role("heading", name="There is a problem")).to_have_count(0)
    _condition(page, 2, "Rent arrears (weeks)")
    press(page, "Add another condition")
    _condition(page, 3, "Not brought to a health appointment")
    sound(page)
    follow(page.get_by_role("button", name="Remove condition 2"))
    expect(page.get_by_role("group", name="Condition 3")).to_have_count(0)
    kinds = [page.get_by_label("What was observed").nth(place).input_value() for place in (0, 1)]
    assert kinds == ["emergency_attendance", "not_brought"]
    choose(page, "Where there are several, which are needed?", "Any one of these")
    press(page, "Continue")

    page.get_by_label("In how many days up to today?").fill("365")
    sound(page)
    press(page, "Continue")
    choose(page, "How much does it say?", "A strong reason to look")
    sound(page)
    press(page, "Continue")
    page.get_by_role("radio").first.check()
    sound(page)
    press(page, "Continue")
    _date(page, "When is it looked at again?", timezone.localdate() + timedelta(days=180))
    sound(page)
    press(page, "Continue")

    main = page.locator("main")
    expect(main).to_contain_text("Any one of these")
    expect(main).to_contain_text("Shared by Exampleshire")
    told = re.search(r"Today it would speak about (\d+|fewer than 5) children\.", main.inner_text())
    assert told, main.inner_text()
    sound(page)
    press(page, "Propose it")
    expect(page.locator("main")).to_contain_text("Waiting for a second person")
    sound(page)
    return told[0]


def _condition(page: Page, number: int, kind: str) -> None:
    item = page.get_by_role("group", name=f"Condition {number}", exact=True)
    item.get_by_label("What was observed").select_option(label=kind)
    item.get_by_label("How often").fill("1")


def _whoever_proposed_it_cannot_agree(site: LiveSite, page: Page, console_errors: list[str]) -> None:
    expect(page.get_by_role("button", name="Agree to it")).to_have_count(0)
    answer = page.goto(f"{page.url.rstrip('/')}/agree/")
    assert answer is not None
    assert answer.status == 403
    console_errors[:] = [each for each in console_errors if "403" not in each]


def _a_second_person_agrees(site: LiveSite, page: Page, told: str) -> None:
    """Marlow reads what it would do, says that the board agreed, and it is in use."""
    from django.utils import timezone

    sign_in(page, site, "Marlow Testington")
    page.goto(f"{site.url}/indicators/children/")
    expect(page.locator("main")).not_to_contain_text(WORDING)
    page.goto(f"{site.url}/indicators/")
    follow(page.get_by_role("link", name=NAME))
    expect(page.locator("main")).to_contain_text(told)
    sound(page)
    press(page, "Agree to it")
    sound(page)
    page.get_by_label("Which people agreed to it?").fill("Exampleshire Children’s Partnership Board")
    _date(page, "When did they agree?", timezone.localdate())
    press(page, "Agree: use it from now")
    expect(page.locator("main")).to_contain_text("Proposed by Iris Testguard, agreed to here by Marlow Testington")
    expect(page.locator("main")).to_contain_text("Lawful basis")
    sound(page)


def _a_named_post_sees_whom_it_lists_and_why(site: LiveSite, page: Page) -> str:
    """Ffion's post is named in the agreement: she reads children, reasons, sources and days, and no score."""
    sign_in(page, site, "Ffion Testlake")
    page.goto(f"{site.url}/indicators/children/")
    sound(page)
    row = page.get_by_role("row").filter(has_text=WORDING).first
    expect(row).to_contain_text("A strong reason to look")
    expect(row).to_contain_text(re.compile(r"\(Exampleshire [^,]+, \d+ \w+ \d{4}"))
    assert not re.search(r"score|points|risk", page.locator("main table").inner_text(), re.I)
    child = row.get_by_role("link").first.inner_text()
    follow(row.get_by_role("link").first)
    expect(page.get_by_role("heading", name=f"Why {child} is listed")).to_be_visible()
    expect(page.locator("main")).to_contain_text(WORDING)
    sound(page)
    return child


def _and_records_what_it_found(page: Page, child: str) -> None:
    press(page, "Record what you found")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    choose(page, "What did you find?", "False positive: no help is needed")
    page.get_by_label("Why?").fill("A broken arm in the summer; the health visitor knows the family well.")
    press(page, "Record what you found")
    expect(page.locator("main")).to_contain_text("listed again when something new is observed")
    expect(page.get_by_role("link", name=child, exact=True)).to_have_count(0)


def _others_do_not_learn_that_there_is_a_list(site: LiveSite, page: Page, console_errors: list[str]) -> None:
    for name in ("Iris Testguard", "Amira Testerly"):
        sign_in(page, site, name)
        answer = page.goto(f"{site.url}/indicators/children/")
        assert answer is not None
        assert answer.status == 404
    console_errors[:] = [each for each in console_errors if "404" not in each]


def _the_review_counts_it(site: LiveSite, page: Page) -> None:
    """What was found without need is counted, by indicator and by group; small numbers are not given."""
    sign_in(page, site, "Iris Testguard")
    page.goto(f"{site.url}/indicators/review/")
    expect(page.locator("main")).to_contain_text(NAME)
    expect(page.locator("main")).to_contain_text("fewer than 5")
    sound(page)


def _it_is_revised(site: LiveSite, page: Page) -> None:
    """A revision says why and begins from what is in use; until somebody agrees nothing changes."""
    page.goto(f"{site.url}/indicators/")
    follow(page.get_by_role("link", name=NAME))
    press(page, "Change it")
    page.get_by_label("Why does it change?").fill("The pilot showed too many false positives.")
    sound(page)
    press(page, "Continue")
    expect(page.locator("main")).to_contain_text("Proposed change of an indicator")
    follow(page.get_by_role("link", name="Change what has to have been observed"))
    follow(page.get_by_role("button", name="Remove condition 2"))
    press(page, "Continue")
    expect(page.locator("main")).to_contain_text("When is it looked at again?")
    page.goto(f"{site.url}/indicators/")
    expect(page.get_by_role("table", name="Proposals that wait")).to_contain_text("a change")
