"""A document as a Word file, with real headings, headed tables and described pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from joinedup.core.document_pdf import picture_of
from joinedup.core.documents import (
    Bullets,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Quote,
    Signatures,
    paragraphs_of,
    writable,
)
from joinedup.core.figures import Figure, Table

_GREY = RGBColor(70, 70, 70)


def word_of(document: Document) -> bytes:
    """The document as the bytes of a .docx file."""
    word = docx.Document()
    _set_up(word, document)
    word.add_heading(writable(document.title), 0)
    if document.subtitle:
        word.add_paragraph(writable(document.subtitle), style="Subtitle")
    level = 0
    for block in document.blocks:
        if isinstance(block, Heading):
            level = min(max(block.level - 1, 1), level + 1)
            word.add_heading(writable(block.text), level)
        else:
            _WRITE[type(block)](word, block)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _set_up(word: Any, document: Document) -> None:
    properties = word.core_properties
    properties.title, properties.author = writable(document.title), "Joinedup"
    properties.language, properties.comments = "en-GB", ""
    properties.created = properties.modified = document.printed_at.astimezone(UTC).replace(tzinfo=None)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Subtitle"):
        style = word.styles[name]
        style.font.name, style.font.color.rgb = "Arial", RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            if fonts is not None:
                fonts.attrib.pop(qn(f"w:{theme}"), None)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.header.paragraphs[0].add_run(writable(document.marking)).bold = True
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{writable(document.footer)} Page ")
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    """A number that Word works out itself."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "text":
            run.add_text(text)
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _add_text(word: Any, text: str, style: str = "Normal", *, is_quiet: bool = False) -> None:
    for lines in paragraphs_of(text):
        paragraph = word.add_paragraph(style=style)
        run = paragraph.add_run("\n".join(lines))
        if is_quiet:
            run.font.color.rgb = _GREY


def _paragraph(word: Any, block: Paragraph) -> None:
    if block.label:
        label = word.add_paragraph()
        label.add_run(writable(block.label)).bold = True
        label.paragraph_format.keep_with_next = True
    _add_text(word, block.text, is_quiet=block.is_quiet)


def _quote(word: Any, block: Quote) -> None:
    _add_text(word, block.text, "Quote")
    if block.who:
        _add_text(word, block.who, is_quiet=True)


def _facts(word: Any, block: Facts) -> None:
    if block.title:
        word.add_paragraph().add_run(writable(block.title)).bold = True
    for label, value in block.rows:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.add_run(f"{writable(label)}: ").bold = True
        paragraph.add_run(writable(value))


def _bullets(word: Any, block: Bullets) -> None:
    for item in block.items:
        word.add_paragraph(writable(item), style="List Bullet")


def _table(word: Any, block: Table) -> None:
    if block.caption:
        caption = word.add_paragraph()
        caption.add_run(writable(block.caption)).bold = True
        caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(writable(column)).bold = True
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)
    for row in block.rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = writable(text)
    for column, is_money in zip(table.columns, block.is_money, strict=True):
        for cell in column.cells if is_money else ():
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word.add_paragraph()


def _figure(word: Any, block: Figure) -> None:
    caption = word.add_paragraph()
    caption.add_run(writable(block.title)).bold = True
    caption.paragraph_format.keep_with_next = True
    width = Mm(min(block.width * 0.3, 174))
    shape = word.add_picture(io.BytesIO(picture_of(block)), width=width)
    properties = shape._inline.docPr
    properties.set("descr", writable(block.description))
    properties.set("title", writable(block.title))
    if block.table.rows:
        _table(word, block.table)


def _signatures(word: Any, block: Signatures) -> None:
    for who in block.who:
        word.add_paragraph()
        word.add_paragraph("_" * 40 + "   Date " + "_" * 16)
        word.add_paragraph(writable(who))


def _break(word: Any, block: PageBreak) -> None:
    word.add_page_break()


_WRITE: dict[type[Any], Callable[[Any, Any], None]] = {
    Paragraph: _paragraph,
    Quote: _quote,
    Facts: _facts,
    Bullets: _bullets,
    Table: _table,
    Figure: _figure,
    Signatures: _signatures,
    PageBreak: _break,
}
