"""An assessment from its beginning to the printed page: begun with what is known, accepted with one key, scored, refused to
somebody untrained and signed by somebody trained.

Swindon: "one CAF, one lead professional, one plan"; Wiltshire, D and J: who assesses has been trained.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import browser_of_their_own, follow, keys, press, settled, sign_in, tap
from tests.journeys.test_noticing_early import sound

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.site import LiveSite

pytestmark = pytest.mark.browser


def test_an_assessment_is_begun_written_and_signed(
    live_site: LiveSite, page: Page, browser: Browser, console_errors: list[str]
) -> None:
    case, lead, colleague = _a_case_with_an_untrained_colleague(live_site)
    sign_in(page, live_site, lead)
    _begin(live_site, page, case)
    _accept_what_is_known_with_one_key(page)
    _score_an_element(page)
    assessment = _write_the_rest(page)
    with browser_of_their_own(browser) as other:
        sign_in(other, live_site, colleague)
        other.goto(f"{live_site.url}/assessments/{assessment}/check/")
        press(other, "Sign the assessment")
        expect(other.get_by_role("alert")).to_contain_text(
            "Only somebody whose training in the common assessment counts"
        )
        sound(other)
    _sign(live_site, page, assessment)
    _print(live_site, page, assessment)
    assert console_errors == []


def _a_case_with_an_untrained_colleague(site: LiveSite) -> tuple[str, str, str]:
    """A case without an assessment whose family agrees to help, who leads it, and its team manager, who is without the course."""
    from django.utils import timezone

    from joinedup.access.queries import actor_for_account
    from joinedup.casework.models import Case
    from joinedup.information_sharing.services import Said, record_help_agreed

    waiting = Case.objects.open().filter(pathway="early_help", team__code="TEAMSOUTH", assessments=None)
    case = waiting.exclude(lead_professional=None).order_by("opened_at")[0]
    now = timezone.now()
    lead = actor_for_account(case.lead_professional.account_id, at=now)
    said = Said("The child's mother", "parental_responsibility", "signed", timezone.localdate(now))
    subject = (Case._meta.label_lower, str(case.pk))
    for each in case.people.filter(part="child"):
        record_help_agreed(person=each.person, subject=subject, said=said, by=lead, at=now)
    return str(case.pk), lead.name, "Sanjay Testsouth"


def _begin(site: LiveSite, page: Page, case: str) -> None:
    page.goto(f"{site.url}/cases/{case}/assessments/")
    sound(page)
    page.get_by_role("button", name=re.compile("^Begin an assessment of")).first.scroll_into_view_if_needed()
    follow(page.get_by_role("button", name=re.compile("^Begin an assessment of")).first)
    expect(page.get_by_text(re.compile("0 of 30 sections are completed"))).to_be_visible()
    sound(page)


def _accept_what_is_known_with_one_key(page: Page) -> None:
    """On each value known already one press of the space bar says that it is right; the rest with one button."""
    follow(page.get_by_role("link", name="Who the child is"))
    sound(page)
    first = page.get_by_role("group", name="First name").get_by_role("radio", name="This is right")
    first.focus()
    keys(page, "Space")
    expect(first).to_be_checked()
    follow(page.get_by_role("button", name="The rest is right: save and go on"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Home and how to reach them")
    follow(page.get_by_role("link", name="Back to the list of sections"))
    expect(page.get_by_text(re.compile("1 of 30 sections are completed"))).to_be_visible()


def _score_an_element(page: Page) -> None:
    follow(page.get_by_role("link", name="General health"))
    page.get_by_label("Strengths").fill("Immunised.")
    page.get_by_label("4", exact=True).check()
    sound(page)
    press(page, "Save and go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Physical development")
    follow(page.get_by_role("link", name="Back to the list of sections"))
    expect(page.get_by_text("Score 4")).to_be_visible()


def _write_the_rest(page: Page) -> str:
    """The other sections as a partner's system would send them; each is the same service as the page."""
    from django.utils import timezone

    from joinedup.access.queries import actor_for_account
    from joinedup.casework import services
    from joinedup.casework.models import Assessment, AssessmentSection
    from joinedup.casework.tests.assessed import answer_to

    settled(page)
    found = re.search(r"/assessments/([0-9a-f-]{36})/", page.url)
    assert found is not None
    row, at = Assessment.objects.get(pk=found.group(1)), timezone.now()
    assert row.started_by is not None
    by = actor_for_account(row.started_by.account_id, at=at)
    from joinedup.casework.assessing import spec_of

    for section in spec_of(row.spec_version).sections:
        kept = AssessmentSection.objects.select_related("assessment__case").get(assessment=row, code=section.code)
        if kept.saved_at is None:
            answers = {
                each.code: kept.known.get(each.code, {}).get("value") or answer_to(each, section, at, {})
                for each in section.questions
            }
            services.save_section(section=kept, answers=answers, version=kept.version, by=by, at=at)
    return found.group(1)


def _sign(site: LiveSite, page: Page, assessment: str) -> None:
    page.goto(f"{site.url}/assessments/{assessment}/check/")
    sound(page)
    press(page, "Sign the assessment")
    expect(page.get_by_text(re.compile("is signed"))).to_be_visible()
    sound(page)


def _print(site: LiveSite, page: Page, assessment: str) -> None:
    page.goto(f"{site.url}/assessments/{assessment}/print/page/")
    expect(page.get_by_role("heading", name="General health")).to_be_visible()
    sound(page)
    with page.expect_download() as kept:
        tap(page.get_by_role("link", name="PDF"))
    assert kept.value.path().read_bytes().startswith(b"%PDF-")
