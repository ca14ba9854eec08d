"""The lead professional's name and phone and their deputy stand in the header of every page of a case and of a child in one.

Issue 5: "Their name, phone and deputy stand in the header of every page of that child." Every address with the id of a case, of
something in it or of a person is asked for, by somebody who may see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.conftest import Looked
from tests.architecture.urls_table import PEOPLE, TABLE

pytestmark = pytest.mark.django_db
OF_A_CASE = ("<uuid:case_id>", "<uuid:assessment_id>", "<uuid:section_id>", "<uuid:person_id>", "<uuid:step_id>")
# Not walked: `referrals/<uuid:referral_id>/…` are pages of one contact, which mostly stands before any case. Where a child of it
# has an open one, its lead stands in their header too: `front_door/tests/test_registering.py`.
READERS = ("inside", "own_team", "other_team", "worker")
# Addresses with such an id that are no page of the child or of their case, and why.
APART = {
    "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/as-reader/": "",  # below the header it shows the reader's page
    "kept-words/<uuid:case_id>/": "closed for years: nobody leads",
    "cases/<uuid:case_id>/check/": "closed: nobody leads",
    "referrals/new/about/<uuid:person_id>/": "a new request for support: whoever asks may not know that there is a case",
    "benefits/strands/of-case/<uuid:case_id>/": "a programme’s strand, not a page about the child",
    "benefits/avoided-events/claim/<uuid:case_id>/": "a claim of a programme’s benefit, not a page about the child",
}
PAGES = [
    pattern
    for pattern, row in TABLE.items()
    if any(each in pattern for each in OF_A_CASE)
    and not row.post_only
    and row.status == 200
    and not pattern.startswith("api/")
    and not APART.get(pattern)
]


@pytest.fixture(scope="module")
def led(looked: Looked) -> Iterator[dict[str, dict[str, str]]]:
    """Who leads the case of the walk, and that of its step, and their deputies: somebody is named for it, and is no more
    afterwards."""
    from joinedup.casework.models import Case, Step

    cases = {"case": looked.ids["case_id"], "step": Step.objects.get(pk=looked.ids["step_id"]).case_id}
    before = dict(Case.objects.filter(pk__in=cases.values()).values_list("pk", "deputy_id"))
    yield {
        name: _named(Case.objects.select_related("lead_professional__account").get(pk=pk)) for name, pk in cases.items()
    }
    for case_id, deputy_id in before.items():
        Case.objects.filter(pk=case_id).update(deputy=deputy_id)


def _named(case: Any) -> dict[str, str]:
    """What is to stand in the header, with a deputy who has a telephone; where nobody else is there, that nobody is named."""
    members = case.members.filter(left_at=None).exclude(post=case.lead_professional_id).exclude(post__phone="")
    member = members.select_related("post__account").order_by("pk").first()
    lead = case.lead_professional
    assert lead.phone
    said = {"name": lead.account.name, "phone": lead.phone, "deputy": "Deputy Nobody named"}
    if member is not None:
        type(case).objects.filter(pk=case.pk).update(deputy=member.post)
        said |= {"deputy": member.post.account.name, "number": member.post.phone}
    return said


def _header(html: str) -> str:
    """The words of the bars at the head of a page, which say whom it is about and who leads."""
    bars = re.findall(r'<section class="app-identity"[^>]*>(.*?)</section>', html, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(bars)))


def _page(looked: Looked, pattern: str) -> tuple[str, Any] | None:
    row = TABLE[pattern]
    for who in (*READERS, *PEOPLE):
        if row.expected(who) == 200:
            answer = looked.clients[who].get(looked.path(pattern))
            if answer.status_code == 200:
                return who, answer
    return None


@pytest.mark.parametrize("pattern", PAGES)
def test_who_leads_stands_in_the_header(pattern: str, looked: Looked, led: dict[str, dict[str, str]]) -> None:
    found = _page(looked, pattern)
    if found is None:
        assert not any(TABLE[pattern].expected(who) == 200 for who in PEOPLE), "nobody of the table may see it now"
        return
    who, answer = found
    if answer.streaming or not answer["Content-Type"].startswith("text/html"):
        return  # a file
    header = _header(answer.content.decode())
    said = led["step" if "<uuid:step_id>" in pattern else "case"]
    assert "number" in said or "<uuid:step_id>" in pattern
    missing = {what: words for what, words in said.items() if words not in header}
    assert missing == {}, f"{pattern} as {who}: {header[:300]!r}"


def test_the_walk_is_long() -> None:
    """What is left out is written down, and most pages are walked."""
    assert len(PAGES) > 70
    assert set(APART) <= set(TABLE)


def test_the_rule_would_notice() -> None:
    assert _header('<section class="app-identity" aria-label="x"><b>Amira</b>, 01632</section><main>Ben</main>').split() == [
        "Amira", ",", "01632",
    ]  # fmt: skip
