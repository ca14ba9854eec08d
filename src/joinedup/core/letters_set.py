"""Letters set by Typst as PDF, and written as a Word file with the address at the same place."""

from __future__ import annotations

import functools
import io
import json
from datetime import UTC
from pathlib import Path
from typing import Any

import docx
import typst
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from joinedup.core.document_pdf import _fonts, is_covered, named
from joinedup.core.documents import paragraphs_of, writable
from joinedup.core.letters import Letter, Letters

_FOLDER = Path(__file__).parent / "typeset"


def pdf_of(letters: Letters) -> bytes:
    """The letters as PDF/UA-1; characters that no font here has are named in brackets."""
    text = json.dumps(_content(letters), ensure_ascii=False)
    at = int(letters.printed_at.timestamp())
    if all(is_covered(letter) for letter in text):
        return _set(text, at, theirs=False)
    try:
        return _set(text, at, theirs=True)
    except typst.TypstError:
        return _set(named(text), at, theirs=False)


def _set(text: str, at: int, *, theirs: bool) -> bytes:
    made = typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"letters": text},
        font_paths=_fonts(theirs),
        pdf_standards=["ua-1"],
        timestamp=at,
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@functools.cache
def _template() -> bytes:
    return (_FOLDER / "letters.typ").read_bytes()


def _content(letters: Letters) -> dict[str, Any]:
    return {
        "title": writable(letters.title),
        "sender": [writable(line) for line in letters.sender],
        "on": letters.on,
        "reference": writable(letters.reference),
        "letters": [_letter(each) for each in letters.letters],
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "to": [writable(line) for line in letter.window],
        "dear": writable(letter.dear),
        "words": paragraphs_of(letter.words),
        "facts": [[writable(label), writable(value)] for label, value in letter.facts],
        "close": paragraphs_of(letter.close),
        "signed": [writable(line) for line in letter.signed],
    }


# --- Word.


def word_of(letters: Letters) -> bytes:
    """The letters as the bytes of a .docx file."""
    word: Any = docx.Document()
    _set_up(word, letters)
    for number, letter in enumerate(letters.letters):
        if number:
            word.add_page_break()
        _write(word, letters, letter)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _set_up(word: Any, letters: Letters) -> None:
    properties = word.core_properties
    properties.title, properties.author = writable(letters.title), "Joinedup"
    properties.language, properties.comments = "en-GB", ""
    properties.created = properties.modified = letters.printed_at.astimezone(UTC).replace(tzinfo=None)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)


def _write(word: Any, letters: Letters, letter: Letter) -> None:
    """The sender's lines and the window's, at heights that do not give, then the letter itself."""
    table = word.add_table(rows=2, cols=1)
    for row, height in zip(table.rows, (38, 34), strict=True):
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.EXACTLY
    _lines(table.rows[0].cells[0], letters.sender, WD_ALIGN_PARAGRAPH.RIGHT)
    _lines(table.rows[1].cells[0], letter.window, WD_ALIGN_PARAGRAPH.LEFT)
    word.add_paragraph(f"{letters.on}\nOur reference: {writable(letters.reference)}")
    word.add_paragraph(writable(letter.dear))
    for lines in paragraphs_of(letter.words):
        word.add_paragraph("\n".join(lines))
    for label, value in letter.facts:
        paragraph = word.add_paragraph()
        paragraph.add_run(f"{writable(label)}: ").bold = True
        paragraph.add_run(writable(value))
    for lines in paragraphs_of(letter.close):
        word.add_paragraph("\n".join(lines))
    word.add_paragraph("\n".join(writable(line) for line in letter.signed))


def _lines(cell: Any, lines: Any, side: Any) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run("\n".join(writable(line) for line in lines))
