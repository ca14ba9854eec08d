"""Compare notes: the front door asks four agencies at once, three answer and one refuses in a browser of their own, the
profile shows them side by side, and the decision is taken while a fifth is still out.

Cheshire West: "receive the case, compare notes on it from their data systems, compare professional judgment and refer it
on to one of three case management teams".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import KnownChild, choose, follow, known_child, press, sign_in, tap

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from joinedup.information_sharing.models import InformationRequest
    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser


def test_partners_are_asked_and_answer(live_site: LiveSite, page: Page, console_errors: list[str]) -> None:
    child = known_child(live_site, least_age=6)
    reference = _school_refers(live_site, page, child)
    address = _front_door_finds_out_who(live_site, page, child, reference)
    _asks_everybody_at_once(page, address, child)
    asked = _school_and_police_answer(live_site, page, reference)
    _surgery_refuses(live_site, page, reference)
    _nurse_answers(reference)
    _profile_shows_them(live_site, page, address)
    _own_judgement_says_why_it_differs(page, address)
    _decides_with_one_out(page, address)
    _grounds_are_gone(live_site, page, asked, address)
    console_errors[:] = [each for each in console_errors if "404" not in each]  # the answerers' pages, as it should be


def _school_refers(site: LiveSite, page: Page, child: KnownChild) -> str:
    """Rowan's school refers, and the family agrees."""
    sign_in(page, site, "Rowan Testerfield")
    page.goto(f"{site.url}/referrals/new/")
    choose(page, "Is a child in danger now?", "No")
    choose(page, "What is this about?", "A child or family needs help")
    first = page.get_by_role("group", name="Child 1").or_(page.locator("main")).first
    first.get_by_label("First name").first.fill(child.given_name)
    first.get_by_label("Last name").first.fill(child.family_name)
    for label in ("Day", "Month", "Year"):
        page.get_by_label(label).first.fill(str(getattr(child.birth_date, label.lower())))
    page.get_by_label("Postcode").first.fill(child.postcode)
    page.get_by_label("What are you worried about?").fill("Hungry and tired since the summer.")
    choose(page, "Does the family know you are asking for help?", "Yes")
    choose(page, "Do they agree?", "Yes")
    press(page, "Check your answers")
    press(page, "Send to the front door")
    found = re.search(r"R-\w{4}-\w{4}", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return found[0]


def _front_door_finds_out_who(site: LiveSite, page: Page, child: KnownChild, reference: str) -> str:
    """Ffion takes it up and says who the child is. Before that nobody can be asked."""
    sign_in(page, site, "Ffion Testlake")
    page.goto(f"{site.url}/worklist/front_door/")
    follow(page.get_by_role("row").filter(has_text=reference).get_by_role("link").first)
    address = page.url
    press(page, "Start triage")
    page.goto(f"{address}partners/ask/")
    expect(page.locator("main")).to_contain_text("Nobody to ask about yet")
    page.goto(f"{address}people/")
    press(page, f"Search for {child.given_name}")
    press(page, "Search")
    person = page.get_by_role("listitem").filter(has_text="This is the same person").filter(has_text=child.family_name)
    tap(person.first.get_by_text("This is the same person"))
    follow(person.first.get_by_role("button", name=re.compile("^Link to")))
    page.goto(f"{address}family/")
    page.get_by_role("radio").first.check()
    press(page, "Save")
    return address


def _asks_everybody_at_once(page: Page, address: str, child: KnownChild) -> None:
    """School, surgery, police, nurses and a charity with one press; housing keeps no children and says why not."""
    page.goto(f"{address}partners/")
    press(page, "Ask partners what they know")
    expect(page.locator("main")).to_contain_text("The family agrees, as the referral records.")
    expect(page.locator("main")).to_contain_text(re.compile("Exampleshire Homes: .*from the age of 16"))
    for name in (
        "Alder Sample Academy", "Mock Lane Surgery", "Exampleshire Police", "Exampleshire Integrated Care Board",
        "Placeholder Family Support",
    ):  # fmt: skip
        page.get_by_label(name).first.check()
    choose(page, "Which level of need does this look like now?", "Level 2: additional or emerging")
    press(page, "Ask them now")
    expect(page.locator("main")).to_contain_text("5 questions sent")
    expect(page.locator("main")).to_contain_text("Waiting for them does not stop the clock")


def _school_and_police_answer(site: LiveSite, page: Page, reference: str) -> list[tuple[str, str]]:
    """Rowan and Bryn each answer on one screen. They do not see it the same way."""
    asked = []
    for name, code, worker, level, why in (
        (
            "Rowan Testerfield",
            "ALDERACADEMY",
            "Petal Testtutor",
            "Level 3: multiple or complex",
            "Hungry and tired most days.",
        ),
        (
            "Bryn Samplewell",
            "POLICE",
            "Gil Samplestone",
            "Level 2: additional or emerging",
            "No calls to the home this year.",
        ),
    ):
        sign_in(page, site, name)
        _open_the_request(site, page, reference, code)
        asked.append((name, page.url))
        choose(page, "Are you involved?", "Involved now")
        page.get_by_label("Who works, or last worked, with them").fill(worker)
        page.get_by_label("Phone number").fill("01632 960 010")
        choose(page, "Which level of need do you see?", level)
        page.get_by_label("What makes you say so?").fill(why)
        choose(page, "On which lawful basis do you share this?", "Public task")
        page.get_by_label("Why is this necessary, and no more than is needed?").fill("Only what was asked.")
        press(page, "Send this answer")
        expect(page.locator("main")).not_to_contain_text("There is a problem")
    return asked


def _open_the_request(site: LiveSite, page: Page, reference: str, code: str) -> None:
    """The request on the agency's list, opened. The list names nobody before that."""
    page.goto(f"{site.url}/sharing/to-answer/")
    row = page.get_by_role("row").filter(has_text=_asked_of(reference, code).reference)
    follow(row.get_by_role("link").first)
    press(page, "Open and answer")


def _asked_of(reference: str, code: str) -> InformationRequest:
    from joinedup.front_door.models import Referral
    from joinedup.information_sharing.models import InformationRequest

    referral = Referral.objects.get(reference=reference)
    return InformationRequest.objects.get(subject_id=str(referral.pk), organisation__code=code)


def _surgery_refuses(site: LiveSite, page: Page, reference: str) -> None:
    """Hazel was told in confidence."""
    sign_in(page, site, "Hazel Mockwell")
    _open_the_request(site, page, reference, "MOCKLANE")
    press(page, "Refuse to share anything")
    page.get_by_label("It was told to us in confidence, and nothing overrides that").check()
    press(page, "Refuse this request")


def _nurse_answers(reference: str) -> None:
    """Nell has no account in the demonstration, so she answers through the service: she knew them once."""
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.information_sharing import services
    from joinedup.information_sharing.queries import request_to_answer_for_change

    now = timezone.now()
    asked = _asked_of(reference, "NHS")
    nurse = actor_for_account(Account.objects.get(name="Nell Testnurse").pk, at=now)
    today = now.date()
    said = services.NewAnswer(
        involvement="historic", as_of=today, basis="public_task", proportionality="What was asked.",
        worker="Aspen Testvisitor", worker_role="Health visitor", phone="01632 960 020",
        started_on=today - timedelta(days=1500), last_contact_on=today - timedelta(days=700),
    )  # fmt: skip
    services.answer_request(
        request=request_to_answer_for_change(nurse, asked.pk), answer=said, by=nurse, at=datetime.now(UTC)
    )


def _profile_shows_them(site: LiveSite, page: Page, address: str) -> None:
    """Ffion sees all four side by side, and that they judge it differently."""
    sign_in(page, site, "Ffion Testlake")
    page.goto(f"{address}partners/")
    main = page.locator("main")
    for words in (
        "Petal Testtutor", "Gil Samplestone", "Aspen Testvisitor", "01632 960 020", "Involved now",
        "Involved in the past", "Refused to share", "It was told to us in confidence", "Not answered yet",
        "Hungry and tired most days.", "Professionals judge the level of need differently",
        "Still out: Placeholder Family Support",
    ):  # fmt: skip
        expect(main).to_contain_text(words)
    expect(page.get_by_role("figure")).to_contain_text("Involvement over the last five years")
    expect(page.locator(".app-picture__bar").first).to_be_visible()


def _own_judgement_says_why_it_differs(page: Page, address: str) -> None:
    """The front door's own judgement differs from the police's, so it says why."""
    page.goto(f"{address}partners/")
    press(page, "Record a judgement")
    page.get_by_label("The front door’s own").check()
    choose(page, "Level of need", "Level 3: multiple or complex")
    page.get_by_label("What does the judgement rest on?").fill("The school sees the child daily.")
    press(page, "Record the judgement")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Exampleshire Police (level 2)")
    page.get_by_label("Why does yours differ from theirs?").fill(
        "The police have not been called, and so have not seen."
    )
    press(page, "Record the judgement")
    expect(page.locator("main")).to_contain_text("The police have not been called, and so have not seen.")


def _decides_with_one_out(page: Page, address: str) -> None:
    """The decision page says what is still out; Ffion decides all the same."""
    page.goto(f"{address}rating/")
    choose(page, "How soon must this be decided?", "Amber")
    press(page, "Save")
    page.goto(f"{address}decision/")
    expect(page.locator("main")).to_contain_text("Still out: Placeholder Family Support about")
    choose(page, "Level of need", "Level 3: multiple or complex")
    choose(page, "What is to happen?", "Early help (common assessment)")
    page.get_by_label("Reason for the decision").fill("The school and the family want one plan.")
    press(page, "Check the decision")
    press(page, "Decide")
    page.goto(f"{address}partners/")
    expect(page.locator("main")).to_contain_text("Closed without an answer")
    expect(page.locator("main")).to_contain_text("Petal Testtutor")


def _grounds_are_gone(site: LiveSite, page: Page, asked: list[tuple[str, str]], address: str) -> None:
    """Whoever answered finds nothing there any more, and never saw the referral."""
    for name, answered in asked:
        sign_in(page, site, name)
        for where in (answered, f"{address}partners/", address):
            response = page.goto(where)
            assert response is not None
            assert response.status == 404, (name, where)
