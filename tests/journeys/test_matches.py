"""Possible matches worked with the keyboard: look, decide, the next at once, take it back; and the same by buttons without
JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import follow, keys, next_page, press, sign_in

pytestmark = pytest.mark.browser


def test_the_queue_is_worked_with_the_keyboard(page: Any, live_site: Any) -> None:
    from joinedup.person_index.models import LinkDecision, LinkProposal

    sign_in(page, live_site, "Sorrel Testwright")
    page.goto(f"{live_site.url}/matches/")
    press(page, "Start with the first")
    expect(page.get_by_role("heading", name="Are these the same person?")).to_be_visible()
    first = page.url
    expect(page.get_by_role("heading", name="What the model makes of it")).to_have_count(0)
    with next_page(page):
        keys(page, "m")
    expect(page.get_by_role("heading", name="What the model makes of it")).to_be_visible()
    keys(page, "k")
    expect(page.get_by_role("radio", name="Keep them apart")).to_be_checked()
    keys(page, "3")
    expect(page.locator("input[name=reason_apart]:checked")).to_have_value("twin")
    with next_page(page):
        keys(page, "Enter")
    expect(page.get_by_text("Kept apart. No rule and no model will link them.")).to_be_visible()
    assert page.url.split("?")[0] != first.split("?")[0]
    decision = LinkDecision.objects.get()
    assert (decision.outcome, decision.saw_score) == ("apart", True)
    with next_page(page):
        keys(page, "u")
    expect(page.get_by_text("Your last decision is taken back.")).to_be_visible()
    assert page.url.split("?")[0] == first.split("?")[0]
    assert LinkProposal.objects.get(pk=decision.proposal_id).state == "waiting"
    with next_page(page):
        keys(page, "n")
    expect(page).not_to_have_url(re.compile(str(decision.proposal_id)))
    keys(page, "s")
    page.get_by_role("textbox", name="In your own words").fill("nobody links while one types k or l")
    expect(page.get_by_role("radio", name="Ask for a second opinion")).to_be_checked()
    press(page, "Switch keys off")
    keys(page, "l")
    expect(page.get_by_role("radio", name="They are the same person")).not_to_be_checked()


def test_without_javascript(plain: Any, live_site: Any) -> None:
    from joinedup.person_index.models import LinkProposal

    page = plain
    sign_in(page, live_site, "Ffion Testlake")
    page.goto(f"{live_site.url}/matches/")
    press(page, "Start with the first")
    page.get_by_role("radio", name="They are the same person").check()
    page.locator("input[name=reason_link][value=typing]").check()
    press(page, "Save and go to the next")
    expect(page.get_by_text("Linked. It can be separated again at any time.")).to_be_visible()
    assert LinkProposal.objects.filter(state="decided", outcome="link").count() == 1
    follow(page.get_by_role("button", name=re.compile("Take back my last decision")))
    expect(page.get_by_text("Your last decision is taken back.")).to_be_visible()
    assert LinkProposal.objects.filter(state="decided").count() == 0
