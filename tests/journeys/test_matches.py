"""Possible matches worked with the keyboard: look, decide, the next at once, take it back; and the same by buttons without
JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import press, sign_in

pytestmark = pytest.mark.browser


def test_the_queue_is_worked_with_the_keyboard(page: Any, live_site: Any) -> None:
    from joinedup.person_index.models import LinkDecision, LinkProposal

    sign_in(page, live_site, "Sorrel Testwright")
    page.goto(f"{live_site.url}/matches/")
    press(page, "Start with the first")
    expect(page.get_by_role("heading", name="Are these the same person?")).to_be_visible()
    first = page.url
    expect(page.get_by_role("heading", name="What the model makes of it")).to_have_count(0)
    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="What the model makes of it")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("radio", name="Keep them apart")).to_be_checked()
    page.keyboard.press("3")
    expect(page.locator("input[name=reason_apart]:checked")).to_have_value("twin")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept apart. No rule and no model will link them.")).to_be_visible()
    assert page.url.split("?")[0] != first.split("?")[0]
    decision = LinkDecision.objects.get()
    assert (decision.outcome, decision.saw_score) == ("apart", True)
    page.keyboard.press("u")
    expect(page.get_by_text("Your last decision is taken back.")).to_be_visible()
    assert page.url.split("?")[0] == first.split("?")[0]
    assert LinkProposal.objects.get(pk=decision.proposal_id).state == "waiting"
    page.keyboard.press("n")
    expect(page).not_to_have_url(re.compile(str(decision.proposal_id)))
    page.keyboard.press("s")
    page.get_by_role("textbox", name="In your own words").fill("nobody links while one types k or l")
    expect(page.get_by_role("radio", name="Ask for a second opinion")).to_be_checked()
    press(page, "Switch keys off")
    page.keyboard.press("l")
    expect(page.get_by_role("radio", name="They are the same person")).not_to_be_checked()


def test_without_javascript(browser: Any, live_site: Any) -> None:
    from joinedup.person_index.models import LinkProposal

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_site, "Ffion Testlake")
    page.goto(f"{live_site.url}/matches/")
    press(page, "Start with the first")
    page.get_by_role("radio", name="They are the same person").check()
    page.locator("input[name=reason_link][value=typing]").check()
    press(page, "Save and go to the next")
    expect(page.get_by_text("Linked. It can be separated again at any time.")).to_be_visible()
    assert LinkProposal.objects.filter(state="decided", outcome="link").count() == 1
    page.get_by_role("button", name=re.compile("Take back my last decision")).click()
    expect(page.get_by_text("Your last decision is taken back.")).to_be_visible()
    assert LinkProposal.objects.filter(state="decided").count() == 0
    context.close()
