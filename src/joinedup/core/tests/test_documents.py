"""One document, three ways out: what goes in comes back out of each, whatever somebody wrote."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from django.template import engines
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.core import document_pdf
from joinedup.core.charts import Distance, distance
from joinedup.core.document_pdf import content_of, is_covered, named
from joinedup.core.documents import (
    Bullets,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Quote,
    Signatures,
    attachment,
    download,
)
from joinedup.core.figures import Table
from tests.support.pdf import pages_of, structure_of, text_of

AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
# What would be code, markup, a label, a reference, a comment or an element if it were ever read as such.
NASTY = [
    '#eval("1+1")', '#read("/etc/hostname")', "*_$@<", "= heading", "- list", "$x^2$", "<label> @ref", "// gone /* gone",
    "`raw`", "\\u{1f600}", "</w:t><w:p>", "<script>alert(1)</script>", "{{ 7*7 }}", "#let x = 1; #x", "~--- ...", "]]>",
]  # fmt: skip


def _document(*blocks: Any, title: str = "Early help assessment", **more: Any) -> Document:
    return Document(title=title, printed_by="Amira Example", printed_at=AT, blocks=blocks, **more)


@pytest.mark.parametrize("words", NASTY)
def test_nothing_in_a_pdf_is_read_as_markup(words: str) -> None:
    table = Table((words, "Second"), ((words, words),), words)
    document = _document(
        Heading(words), Paragraph(words, label=words), Quote(words, words), Facts([(words, words)], words),
        Bullets([words]), table, distance(words, [Distance(words, 1, 2)]), Signatures([words]),
        title=words, subtitle=words,
    )  # fmt: skip
    document = replace(document, printed_by=words, marking=words)
    flat = "".join(text_of(document.as_pdf()).split())
    expected = "".join(words.split())
    # Title (and in the head of the page), marking, who printed, subtitle and every block.
    assert flat.count(expected) >= 18


def test_words_come_back_from_the_pdf_in_order() -> None:
    document = _document(
        Heading("What is going well"), Paragraph("First.\nSecond line.\n\nNext paragraph."), Quote("I like swimming", "Rowan, 8"),
        Facts([("Born", "3 March 2015")]), Table(("Element", "Score"), (("General health", "4"),), "Scores"),
        PageBreak(), Paragraph("On the next sheet"),
    )  # fmt: skip
    first, second = pages_of(document.as_pdf())
    places = [first.index(words) for words in (
        "OFFICIAL-SENSITIVE", "What is going well", "Second line.", "Next paragraph.", "I like swimming", "3 March 2015",
        "Scores", "General health",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Printed by Amira Example on 18 November 2026 at 10am" in first
    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in second
    assert "On the next sheet" in second


def test_the_pdf_is_tagged_for_a_screen_reader() -> None:
    fig = distance("Distance", [Distance("General health", 4, 7)])
    pdf = _document(
        Heading("One"), Heading("Two levels down", 4), Table(("A", "B"), (("1", "2"),), "Cap"), fig
    ).as_pdf()
    tags = structure_of(pdf)
    assert {"H1", "H2", "Table", "TH", "TD", "Figure"} <= set(tags)
    assert "H3" not in tags  # no level is left out
    assert b"pdfuaid:part" in pdf
    assert b"/Lang(en-GB)" in pdf
    assert fig.description.encode() in pdf or fig.description.encode("utf-16-be") in pdf


def test_a_document_is_made_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refused(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refused)
    assert _document(Paragraph("words")).as_pdf().startswith(b"%PDF-1.7")


def test_the_same_document_is_the_same_pdf() -> None:
    document = _document(Paragraph("words"))
    assert document.as_pdf() == document.as_pdf()


def test_our_own_fonts_have_every_character_we_say_they_have() -> None:
    letters = [chr(code) for code in range(0x20, sys.maxunicode) if code < 0x2300 and is_covered(chr(code))]
    assert len(letters) > 550
    text = text_of(_document(Paragraph(" ".join(letters))).as_pdf())
    assert [letter for letter in letters if letter.strip() and letter not in text] == []


def test_an_emoji_or_another_script_never_stops_a_document() -> None:
    words = "Happy 😀 today, 王明, محمد, \x00\x07 end"
    assert "end" in text_of(_document(Paragraph(words)).as_pdf())
    assert named("Happy 😀") == "Happy [grinning face]"
    assert docx.Document(io.BytesIO(_document(Paragraph(words)).as_docx()))


@settings(max_examples=40, deadline=None)
@given(words=st.text(max_size=120))
def test_any_text_becomes_a_pdf_and_a_word_file(words: str) -> None:
    document = _document(Paragraph(words), Facts([(words, words)]), Table((words,), ((words,),)), title=words or "x")
    assert document.as_pdf().startswith(b"%PDF")
    assert document.as_docx().startswith(b"PK")


def test_the_word_file_has_real_headings_headed_tables_and_described_pictures() -> None:
    fig = distance("Distance", [Distance("General health", 4, 7)])
    nasty = "</w:t> & <x>"
    document = _document(
        Heading("One"), Heading(nasty, 3), Paragraph("Words", label="Label"), Quote("Mine", "Rowan"), Facts([("Born", nasty)]),
        Bullets(["first"]), Table(("A", "B"), (("1", nasty),), "Cap"), fig, Signatures(["Parent"]), PageBreak(),
    )  # fmt: skip
    word = docx.Document(io.BytesIO(document.as_docx()))
    styles = {(each.style.name, each.text) for each in word.paragraphs if each.style is not None}
    assert {("Title", "Early help assessment"), ("Heading 1", "One"), ("Heading 2", nasty), ("Quote", "Mine")} <= styles
    assert ("List Bullet", "first") in styles
    table = word.tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["1", nasty]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None  # type: ignore[union-attr]
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert described == [fig.description]
    assert word.sections[0].header.paragraphs[0].text == "OFFICIAL-SENSITIVE"
    foot = word.sections[0].footer.paragraphs[0]
    assert "Printed by Amira Example on 18 November 2026 at 10am" in foot.text
    codes = [each.text for each in foot._p.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    assert word.core_properties.title == "Early help assessment"


def test_the_page_shows_every_block_escaped() -> None:
    nasty = "<script>alert(1)</script>"
    fig = distance(nasty, [Distance(nasty, 1, 2)])
    document = _document(
        Heading(nasty), Paragraph(nasty, label=nasty), Quote(nasty, nasty), Facts([(nasty, nasty)], nasty),
        Bullets([nasty]), Table((nasty,), ((nasty,),), nasty), fig, Signatures([nasty]), PageBreak(), title=nasty,
    )  # fmt: skip
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    html = env.from_string('{% from "core/document.jinja" import document %}{{ document(doc) }}').render(doc=document)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 16
    assert " style=" not in html


def test_a_download_is_never_opened_in_the_site() -> None:
    response = download(_document(Paragraph("x")), "pdf", 'CW-1"\r\nx: y')
    assert response["Content-Disposition"] == 'attachment; filename="CW-1-x-y.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "application/pdf"
    assert attachment("a", "text/csv", "a.csv")["Content-Type"] == "text/csv"


def test_the_content_goes_in_as_data() -> None:
    content = content_of(_document(Paragraph('#eval("1+1")')))
    assert json.loads(json.dumps(content))["blocks"][0]["text"] == [['#eval("1+1")']]


def test_sums_of_money_stand_below_each_other() -> None:
    """By their pence, in the PDF and in the Word file; a column of words, or of numbers and words, does not."""
    rows = (("Care", "£1,000.00", "£3", "–"), ("School", "-£20.50", "three", ""), ("Police", "–", "£1", "–"))
    table = Table(("Benefit", "Measured", "Mixed", "Banked"), rows, "Benefits")
    assert table.is_money == (False, True, False, False)
    assert document_pdf._table(table)["sides"] == ["left", "right", "left", "left"]
    document = _document(table)
    assert document.as_pdf().startswith(b"%PDF")
    made = docx.Document(io.BytesIO(document.as_docx())).tables[0]
    assert [cell.paragraphs[0].alignment for cell in made.rows[0].cells] == [None, WD_ALIGN_PARAGRAPH.RIGHT, None, None]
    assert Table(("One", "Two"), ()).is_money == (False, False)


def test_a_column_of_sentences_is_wider_than_one_of_marks_and_none_is_squeezed() -> None:
    rows = tuple(
        (f"A{n}. The child’s own words are there, and what everyday life is like for them.", "Met", "") for n in (1, 2)
    )
    item, found, rests_on = document_pdf._shares(Table(("Item", "Found", "Rests on"), rows, "Assessment"))
    assert item > 2 * found
    assert found == rests_on > item / 5
    assert document_pdf._shares(Table(("One", "Two"), (), "Nothing yet")) == [3.48, 3.48]
