"""Every form with room for words keeps them on the server while they are typed, on every page of the table."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.architecture.conftest import Looked
from tests.architecture.urls_table import TABLE

MARKS = {"_draft", "_draft_form", "_draft_about", "_draft_holder", "_draft_version", "_draft_page", "_draft_opened"}

# Addresses whose form is not kept, each with its reason. An address that keeps it after all fails, so that the list is true.
EXCEPTIONS = {
    "find/<uuid:entry_id>/wrong/": "anybody says what is wrong without leaving a trace: nothing is kept before it is sent",
    "sealed/new/": "two identities that are never joined do not lie in anybody's drafts",
    "emergency/": "why a record is opened in an emergency is written at that moment, never ahead of it",
    "approvals/<uuid:approval_id>/": "an answer to somebody else's proposal, given while freshly signed in or not at all",
    "settings/<str:key>/": "a value, not words: one kept for days would go stale beside the one in force",
}


class _Forms(HTMLParser):
    """The forms of a page: their attributes, the names of their hidden fields, and whether there is room for words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[dict[str, str | None], dict[str, str], list[str]]] = []
        self.is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.forms.append((told, {}, []))
            self.is_inside = True
        elif self.is_inside and tag == "input" and told.get("type") == "hidden":
            self.forms[-1][1][told.get("name") or ""] = told.get("value") or ""
        elif self.is_inside and tag == "button" and told.get("name") == "save_draft":
            self.forms[-1][1]["save_draft"] = ""
        elif self.is_inside and tag == "textarea":
            self.forms[-1][2].append(told.get("name") or "")

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag != "form"


def _with_words(looked: Looked, pattern: str) -> dict[str, bool]:
    """Whoever finds a form with room for words there, and whether all of them are kept."""
    found = {}
    for who in looked.clients:
        answer = looked.answer(who, pattern)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        if b"<textarea" not in answer.content:  # taking a page apart is dear
            continue
        forms = [each for each in _Forms(answer.content.decode()).forms if each[2]]
        if forms:
            found[who] = all(_is_kept(*each[:2]) for each in forms)
    return found


def _is_kept(attributes: dict[str, str | None], hidden: dict[str, str]) -> bool:
    # A family's page, which can be left in a hurry, offers no coming back.
    wanted = MARKS if "data-autosave-forget" in attributes else MARKS | {"save_draft"}
    return attributes.get("data-autosave") == "/drafts/save/" and set(hidden) >= wanted


@pytest.mark.parametrize("pattern", TABLE)
def test_a_form_with_room_for_words_is_kept(looked: Looked, pattern: str) -> None:
    found = _with_words(looked, pattern)
    wanted = pattern not in EXCEPTIONS
    assert found == dict.fromkeys(found, wanted), f"{looked.path(pattern)}: {found}"
    assert found or wanted, f"{pattern} has no form with room for words any more: take it from the exceptions"


def test_the_walk_finds_the_forms_it_is_there_for(looked: Looked) -> None:
    """Without this a demo that shows no form any more would pass."""
    for pattern in (
        "referrals/new/",
        "referrals/<uuid:referral_id>/partners/ask/",
        "asking/<uuid:asking_id>/",
        "sharing/to-answer/<uuid:request_id>/",
        "sharing/to-answer/<uuid:request_id>/refuse/",
        "people/records/<uuid:record_id>/separate/",
        "restricted/<uuid:restriction_id>/review/",
        "restricted/new/",
        "guardian/<uuid:match_id>/",
        "emergencies/<uuid:emergency_id>/",
        "cases/<uuid:case_id>/members/<uuid:member_id>/leave/",
    ):
        assert _with_words(looked, pattern), pattern


def test_what_is_kept_is_listed_and_opened_again_by_its_author_alone(looked: Looked) -> None:
    """Every kept form of every page, as the first who finds it there and may see the list."""
    tried = 0
    for pattern in TABLE:
        who = next((each for each in _with_words(looked, pattern) if each != "public"), None)
        if who is None or pattern in EXCEPTIONS:
            continue
        client = looked.clients[who]
        for _, hidden, areas in _Forms(looked.answer(who, pattern).content.decode()).forms:
            if not areas:
                continue
            told = hidden | {areas[0]: "Kept by the walk."}
            saved = client.post("/drafts/save/", told)
            assert saved.status_code == 200, f"{pattern}: {saved.content!r}"
            link = f"?draft={saved.json()['id']}"
            listed = [each for each in client.get("/drafts/").content.decode().split('"') if each.endswith(link)]
            assert len(listed) == 1, f"{pattern} is not in the list of {who}"
            page = client.get(listed[0])
            assert page.status_code == 200, f"{pattern}: {listed[0]}"
            assert "Kept by the walk." in page.content.decode(), f"{pattern}: {listed[0]}"
            other = "elsewhere" if who != "elsewhere" else "outsider"
            assert link not in looked.clients[other].get("/drafts/").content.decode()
            client.post(f"/drafts/{saved.json()['id']}/delete/", {})
            tried += 1
    assert tried > 30
