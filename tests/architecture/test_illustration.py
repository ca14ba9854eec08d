"""Every page and every export of the demo's programme says that its inputs are invented.

Walked are the addresses of the parts `benefits` and `outcomes` in the role table, each file in every form it comes in, and
those of boards where the demo has something of the programme before a board. What is no part of the invented programme is
an exception with its reason; one that carries the words after all fails, so that the list stays true.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any
from unittest.mock import patch

import pytest

from tests.architecture.conftest import Looked
from tests.architecture.urls_table import PEOPLE, TABLE, Only

WORDS = "Illustration: inputs invented"
PARTS = ("benefits/", "outcomes/")
# Pages of boards that show what is decided about the programme: the round that was accepted, the strands whose sponsor is to
# be appointed at the meeting that was called, and the paper on them.
BOARDS = frozenset(
    {
        "boards/<uuid:board_id>/",
        "boards/decisions/<uuid:decision_id>/",
        "boards/decisions/<uuid:decision_id>/answer/",
        "boards/decisions/<uuid:decision_id>/approve/<uuid:approving_body_id>/",
        "boards/decisions/<uuid:decision_id>/call-in/",
        "boards/items/<uuid:agenda_item_id>/action/",
        "boards/items/<uuid:agenda_item_id>/decide/",
        "boards/items/<uuid:agenda_item_id>/interest/",
        "boards/items/<uuid:agenda_item_id>/minute/",
        "boards/items/<uuid:agenda_item_id>/paper/",
        "boards/items/<uuid:agenda_item_id>/recommend/",
        "boards/meetings/<uuid:board_meeting_id>/",
        "boards/meetings/<uuid:board_meeting_id>/agenda/add/",
        "boards/papers/<uuid:board_paper_id>/file/",
        "boards/published/<uuid:board_meeting_id>/",
    }
)

# The forms a file comes in, by the name of the address argument that says which.
FORMS: dict[str, tuple[str, ...]] = {
    "case_file_kind": ("pdf", "docx", "xlsx", "csv", "toml", "json"), "file_kind": ("pdf", "docx", "xlsx", "csv"),
    "overlap_table": ("combinations", "pairs"), "table_kind": ("csv", "xlsx"),
}  # fmt: skip

# Addresses that are not of the invented programme, each with its reason.
EXCEPTIONS: dict[str, str] = {
    "benefits/": "the list of programmes: each invented one is marked in its row, which its own test holds",
    "benefits/claims/": "figures that were really published, each with its source",
    "benefits/claims/published-figures.csv": "the same",
    "benefits/claims/new/": "the same",
    "benefits/claims/<uuid:claim_subject_id>/": "the same",
    "benefits/claims/<uuid:claim_subject_id>/explain/": "the same",
    "benefits/claims/figures/<uuid:published_figure_id>/correct/": "the same",
    "benefits/claims/figures/<uuid:published_figure_id>/withdraw/": "the same",
    "benefits/programmes/new/": "a programme that is not there yet",
    "benefits/unit-costs/": "quoted from a published database, each with its source",
    "benefits/unit-costs/read/": "a file somebody brings",
    "benefits/prices/new/": "a price somebody is about to enter",
    "benefits/prices/read/": "a file somebody brings",
    "benefits/prices/example.csv": "how a file is laid out, for any partnership",
    "benefits/strands/of-case/<uuid:case_id>/": "a case and which strand its family is put into: no figure is shown there",
    "benefits/activity/": "the list of funds: none of its figures is shown there",
    "outcomes/": "the list of everything measured: each invented measure is marked in its row",
    "outcomes/of-plans/": "what plans of families are measured by: nothing of the programme",
    "outcomes/of-plans/new/": "the same",
    "outcomes/new/": "an outcome that is not there yet",
    "outcomes/groups/new/": "a group that is not there yet",
    "outcomes/files/": "files somebody brought in",
    "outcomes/files/<uuid:reading_import_id>/": "the same",
    "outcomes/files/<uuid:reading_import_id>/rejected.csv": "the same",
    "outcomes/<uuid:partnership_outcome_id>/measures/new/": "a measure that is not there yet",
}


def _reader(row: Only) -> str:
    """Whoever stands first among those the address is for."""
    return next(who for who in PEOPLE if row.expected(who) == 200)


PAGES = sorted(
    pattern
    for pattern, row in TABLE.items()
    if (pattern.startswith(PARTS) or pattern in BOARDS)
    and not row.post_only
    and any(row.expected(who) == 200 for who in PEOPLE)
)


def _paths(pattern: str, looked: Looked) -> list[str]:
    """The address in every form its file comes in."""
    name = next((each for each in FORMS if f":{each}>" in pattern), "")
    if not name:
        return [looked.path(pattern)]
    return [looked.path(re.sub(rf"<\w+:{name}>", form, pattern)) for form in FORMS[name]]


def _text(answer: Any, drawn: list[str]) -> str:
    """What is written in an answer, whatever its form; of a PDF, what the document says that it was drawn from."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.get("Content-Type", "")
    if "pdf" in kind:
        assert content.startswith(b"%PDF")
        return " ".join(drawn)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = [each for each in book.namelist() if each.endswith(".xml")]
            return " ".join(html.unescape(book.read(each).decode()) for each in names)
    return html.unescape(content.decode())


def _missing(looked: Looked, pattern: str) -> list[str]:
    """The forms of one address that do not carry the words."""
    from joinedup.core.documents import Document

    drawn: list[str] = []
    draw = Document.as_pdf

    def drawing(document: Any) -> bytes:
        drawn.append(repr(document))
        return draw(document)

    found = []
    with patch.object(Document, "as_pdf", drawing):
        for path in _paths(pattern, looked):
            drawn.clear()
            answer = looked.clients[_reader(TABLE[pattern])].get(path)
            if answer.status_code == 200 and WORDS not in _text(answer, drawn):
                found.append(path)
    return found


@pytest.mark.parametrize("pattern", [each for each in PAGES if each not in EXCEPTIONS])
def test_every_page_and_export_says_that_it_is_invented(looked: Looked, pattern: str) -> None:
    assert _missing(looked, pattern) == []


def test_the_pages_of_boards_are_walked() -> None:
    assert set(PAGES) >= BOARDS


@pytest.mark.parametrize("pattern", sorted(EXCEPTIONS))
def test_the_exceptions_are_true(looked: Looked, pattern: str) -> None:
    assert pattern in PAGES
    if pattern not in {"benefits/", "outcomes/"}:
        assert _missing(looked, pattern) != []
