"""One family from allocation to close, in one sitting: the front door hands it to a case management team, the team's allocation
meeting offers it to a key worker, who accepts, visits, makes the single plan and reviews it; it steps up to statutory social
care when they accept, down again, is reviewed once more, and closes. Each page, the first pages of all who
take part among them, is looked at by axe on the way.

Cheshire West: "within the teams there is the key worker who is responsible for stepping up and stepping down the right
interventions against a single plan"; Swindon: "a single lead professional to work with them without having to be passed around
a lot of different people".
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.steps import choose, follow, press, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser
_AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]
}  # fmt: skip
STATUTORY = "Stella Testwick"


KEY_WORKER, MANAGER = "Ben Testerson", "Ciaran Testcentre"


def test_from_allocation_to_close(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    case = _front_door_allocates(live_site, page)
    _team_offers_the_lead(live_site, page, case)
    _key_worker_accepts(live_site, page, case)
    _family_is_visited(live_site, page, case)
    plan = _plan_is_made(live_site, page, case)
    _review_is_held(live_site, page, case)
    _steps_up_in_four_clicks(live_site, page, case)
    _other_team_accepts(live_site, page, STATUTORY)
    _leads_now(live_site, page, case, STATUTORY)
    page.goto(f"{live_site.url}{case}plan/")
    expect(page.locator("main")).to_contain_text(plan)
    expect(page.locator("main")).to_contain_text("We want to eat together.")
    _look(page)
    _steps_down(live_site, page, case)
    _other_team_accepts(live_site, page, KEY_WORKER, by=MANAGER)
    _leads_now(live_site, page, case, KEY_WORKER)
    page.goto(f"{live_site.url}{case}plan/")
    expect(page.locator("main")).to_contain_text(plan)  # the same one, through levels up and down
    _look(page)
    _review_is_held(live_site, page, case)
    _manager_closes(live_site, page, case)
    assert console_errors == []


def _signs_in(page: Page, site: LiveSite, name: str) -> None:
    """Somebody else sits down, and sees their first page."""
    sign_in(page, site, name)
    _look(page)


def _front_door_allocates(site: LiveSite, page: Page) -> str:
    """Marlow hands a family about which the front door has decided to the Central team; its case is open from then on."""
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT r.id, r.reference FROM front_door_referral r WHERE r.state = 'decided' AND r.family_id IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM casework_case c WHERE c.family_id = r.family_id AND c.state <> 'closed') ORDER BY r.reference LIMIT 1"
        ).fetchone()
    assert row is not None, "the demo has no referral that waits to be allocated"
    _signs_in(page, site, "Marlow Testington")
    page.goto(f"{site.url}/referrals/{row[0]}/")
    _look(page)
    press(page, "Allocate to a team")
    _look(page)
    page.get_by_role("radio", name=re.compile("Central team")).check()
    page.get_by_label("Reason").or_(page.get_by_label(re.compile("^Why"))).first.fill("They move to Central this week.")
    _look(page)
    press(page, "Continue")
    _look(page)
    press(page, "Allocate and open the case")
    expect(page.locator("main")).to_contain_text("Allocated to a team")
    _look(page)
    with site.database.as_owner() as connection:
        made = connection.execute(
            "SELECT c.id, c.level FROM casework_case c JOIN front_door_referral r ON r.family_id = c.family_id WHERE r.id = %s"
            " AND c.state = 'waiting_for_lead'", [row[0]],
        ).fetchone()  # fmt: skip
    assert made is not None
    assert made[1] < 4
    return f"/cases/{made[0]}/"


def _team_offers_the_lead(site: LiveSite, page: Page, case: str) -> None:
    """At the allocations meeting Ciaran offers the family to Ben; until he accepts the duty is the manager's."""
    _signs_in(page, site, MANAGER)
    page.goto(f"{site.url}{case}")
    expect(page.get_by_role("region", name="Who this is about")).to_contain_text(MANAGER)
    _look(page)
    page.goto(f"{site.url}/allocation/")
    _look(page)
    press(page, "Begin the meeting")
    _look(page)
    reference = _reference_of(site, case)
    follow(page.get_by_role("row").filter(has_text=reference).get_by_role("link", name=re.compile("^Decide")).first)
    _look(page)
    choose(page, "What is decided?", "Offer the lead to somebody")
    who = page.get_by_label("Who is asked to lead?")
    who.select_option(
        label=next(text for text in who.locator("option").all_inner_texts() if text.startswith(KEY_WORKER))
    )
    page.get_by_label("Why?").fill("He has room, and knows the street.")
    press(page, "Decide")
    expect(page.get_by_text(re.compile(f"^Decided: {reference}"))).to_be_visible()
    _look(page)


def _reference_of(site: LiveSite, case: str) -> str:
    with site.database.as_owner() as connection:
        row = connection.execute("SELECT reference FROM casework_case WHERE id = %s", [case.split("/")[2]]).fetchone()
    assert row is not None
    return str(row[0])


def _key_worker_accepts(site: LiveSite, page: Page, case: str) -> None:
    """Ben reads ages, place and reason, and no name, until he accepts."""
    _signs_in(page, site, KEY_WORKER)
    with site.database.as_owner() as connection:
        row = connection.execute(
            "SELECT id FROM casework_leadhandover WHERE case_id = %s AND state = 'proposed'", [case.split("/")[2]]
        ).fetchone()
    assert row is not None
    _look(page)
    follow(page.locator("main").locator(f"a[href*='{row[0]}']").first)
    expect(page.locator("main")).to_contain_text("He has room, and knows the street.")
    _look(page)
    choose(page, "Will you lead?", "Yes, I accept the duty")
    press(page, "Send your answer")
    _look(page)
    _leads_now(site, page, case, KEY_WORKER)


def _leads_now(site: LiveSite, page: Page, case: str, name: str) -> None:
    """The header of the case names them, as whoever they are sees it."""
    _signs_in(page, site, name)
    page.goto(f"{site.url}{case}")
    expect(page.get_by_role("region", name="Who this is about")).to_contain_text(name)
    _look(page)


def _family_is_visited(site: LiveSite, page: Page, case: str) -> None:
    """Who was seen, the child's own words, and what happened."""
    page.goto(f"{site.url}{case}")
    _look(page)
    follow(page.get_by_role("link", name="Record a visit, call or note"))
    _look(page)
    page.get_by_role("group", name="Who was seen or spoken to?").get_by_role("checkbox").first.check()
    page.get_by_label("What happened?").fill("They are asked the same questions again and again, and are tired of it.")
    page.get_by_label("The child’s own words").fill("I want one person who comes.")
    _look(page)
    press(page, "Save")
    expect(page.get_by_text("I want one person who comes.")).to_be_visible()
    _look(page)


def _look(page: Page) -> None:
    """axe finds nothing, and there is one main heading."""
    expect(page.locator("h1")).to_have_count(1)
    found = Axe().run(page, options=_AXE)
    assert [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]] == []


def _fill_day(page: Page, question: str, day: date) -> None:
    group = page.get_by_role("group", name=question)
    for name, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(name).fill(str(number))


def _plan_is_made(site: LiveSite, page: Page, case: str) -> str:
    """Ben begins the plan: what they want, a need, an outcome with its measure, an action of the family."""
    page.goto(f"{site.url}{case}plan/")
    _look(page)
    press(page, "Begin the plan")
    _look(page)
    page.get_by_label("What does the family want to be different?").fill("We want to eat together.")
    _look(page)
    press(page, "Begin the plan")
    _look(page)
    press(page, "Add a need")
    choose(page, "Whose need is it?", "The whole family")
    page.get_by_label("What kind of need?").select_option("N4")
    page.get_by_label("What is the need?").fill("Nobody is at home at tea time")
    _look(page)
    press(page, "Add the need")
    _look(page)
    press(page, "Add an outcome")
    page.get_by_label("What will be different?").fill("We eat together four days a week")
    page.get_by_label("What is it measured by?").select_option(label=_measure(page))
    page.get_by_label("What is it now?").fill("3")
    page.get_by_label("What will it be?").fill("7")
    _fill_day(page, "By when?", _today() + timedelta(days=90))
    _look(page)
    press(page, "Add the outcome")
    _look(page)
    press(page, "Add an action")
    page.get_by_label("What will be done?").fill("Cook together on Sundays")
    page.get_by_label("Who does it?").select_option(index=1)
    _fill_day(page, "By when?", _today() + timedelta(days=14))
    _look(page)
    press(page, "Add the action")
    expect(page.locator("main")).to_contain_text("Cook together on Sundays")
    _look(page)
    found = re.search(r"P-\w{4}-\w{4}", page.locator("main").inner_text())
    assert found
    return found[0]


def _today() -> date:
    return datetime.now(UTC).date()


def _measure(page: Page) -> str:
    options = page.get_by_label("What is it measured by?").locator("option").all_inner_texts()
    return next(text for text in options if text.startswith("How things are"))


def _review_is_held(site: LiveSite, page: Page, case: str) -> None:
    """Who came, what each child said, how far it has come, and what happens next."""
    page.goto(f"{site.url}{case}reviews/")
    _look(page)
    press(page, "Begin the review")
    _look(page)
    page.get_by_role("group", name="Who came?").get_by_role("checkbox").first.check()
    for group in page.get_by_role("group", name=re.compile(r"^\s*How was .* heard\?")).all():
        group.get_by_label("They said it themselves").check()
    for words in page.get_by_label(re.compile(r"^\s*What did .* say\?")).all():
        words.fill("We had tea at the table.")
    _look(page)
    press(page, "Go on to the outcomes")
    _look(page)
    press(page, "How far has it come")
    _look(page)
    page.get_by_label("What is it now?").fill("5")
    _look(page)
    press(page, "Save")
    _look(page)
    press(page, "Decide")
    _look(page)
    choose(page, "What happens next?", "Carry on with the plan")
    page.get_by_label("Why?").fill("It works; the same people carry on.")
    _look(page)
    press(page, "Decide")
    expect(page.locator("main")).to_contain_text("We had tea at the table.")
    _look(page)


def _steps_up_in_four_clicks(site: LiveSite, page: Page, case: str) -> None:
    """From the case page: step up or down, the level, send. The team is chosen already, and words are no clicks."""
    page.goto(f"{site.url}{case}")
    clicks = 0
    _look(page)
    follow(page.get_by_role("link", name="Step up or down").first)
    clicks += 1
    _look(page)
    page.get_by_role("group", name="To which level of need?").get_by_label("Level 4", exact=False).check()
    clicks += 1
    team = page.get_by_label("Which team is asked?")
    if "statutory" not in (team.locator("option:checked").inner_text()):
        team.select_option(label=next(text for text in team.locator("option").all_inner_texts() if "statutory" in text))
        clicks += 1
    page.get_by_label("Why?").fill("Bruises that nobody explains.")
    _look(page)
    press(page, "Send")
    clicks += 1
    assert clicks <= 4
    expect(page.locator("main")).to_contain_text("Waiting for the receiving team")
    expect(page.locator("main")).to_contain_text("Until then the duty is with")
    _look(page)


def _other_team_accepts(site: LiveSite, page: Page, lead: str, *, by: str = STATUTORY) -> None:
    """Whoever answers for the team that is asked accepts, and names who leads."""
    _signs_in(page, site, by)
    page.goto(f"{site.url}/case-duties/")
    _look(page)
    follow(page.get_by_role("row").filter(has_text="Waiting for the receiving team").get_by_role("link").first)
    _look(page)
    press(page, "Answer")
    _look(page)
    page.get_by_label("Yes, we take them").check()
    chosen = page.get_by_label("Who will lead?")
    chosen.select_option(
        label=next(text for text in chosen.locator("option").all_inner_texts() if text.startswith(lead))
    )
    _look(page)
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("Accepted")
    _look(page)


def _steps_down(site: LiveSite, page: Page, case: str) -> None:
    """Stella hands them back at level 2."""
    page.goto(f"{site.url}{case}step/")
    page.get_by_role("group", name="To which level of need?").get_by_label("Level 2", exact=False).check()
    team = page.get_by_label("Which team is asked?")
    team.select_option(
        label=next(text for text in team.locator("option").all_inner_texts() if text.startswith("Central"))
    )
    page.get_by_label("Why?").fill("Safe now; the plan goes on.")
    _look(page)
    press(page, "Send")
    expect(page.locator("main")).to_contain_text("Waiting for the receiving team")
    _look(page)


def _manager_closes(site: LiveSite, page: Page, case: str) -> None:
    """Ciaran closes with the reason and what became of the need; whether it lasts is asked in six months."""
    _signs_in(page, site, MANAGER)
    page.goto(f"{site.url}{case}close/")
    page.get_by_label("Reason for closing").select_option("RC7")
    page.get_by_label("Why does the case close?").fill("They eat together, and know whom to ring.")
    page.get_by_role("group", name=re.compile(r"^\s*What became of this need")).get_by_label("Met", exact=True).check()
    _look(page)
    press(page, "Close the case")
    _look(page)
    page.goto(f"{site.url}{case}reviews/")
    expect(page.locator("main")).to_contain_text("To be asked on")
    _look(page)
