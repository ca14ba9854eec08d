"""One document as blocks: a page that prints, a tagged PDF and a Word file are made from the same ones.

    doc = Document(
        title="Early help assessment", subtitle="CW-000123", printed_by=viewer.name, printed_at=viewer.at,
        blocks=[Heading("What is going well"), Paragraph(words), Facts([("Born", "3 March 2015")]), figure, table],
    )
    return download(doc, "pdf", "assessment-CW-000123")

In a template ``{% from "core/document.jinja" import document %}`` and ``{{ document(doc) }}``. What a block says is data
all the way: no part of it is ever read as markup, whatever somebody is called or writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse

from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_time

MARKING = "OFFICIAL-SENSITIVE"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Control characters, which no file format takes, and marks that only steer how an emoji is drawn.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufe0e\ufe0f\ufffe\uffff]")


@dataclass(frozen=True)
class Heading:
    """A heading within the document. `level` 2 to 4: 1 is the title's."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running text; an empty line in it begins a new paragraph. `label` stands before it in bold; `is_quiet` is for
    what explains."""

    text: str
    label: str = ""
    is_quiet: bool = False


@dataclass(frozen=True)
class Quote:
    """Somebody's own words, set apart, and whose they are."""

    text: str
    who: str = ""


@dataclass(frozen=True)
class Facts:
    """Short facts as pairs of label and value, with a title where wanted."""

    rows: Sequence[tuple[str, str]]
    title: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of short items."""

    items: Sequence[str]


@dataclass(frozen=True)
class Signatures:
    """Lines on which people sign the printed document: for each a line to sign on and one for the date."""

    who: Sequence[str]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a new sheet."""


Block = Heading | Paragraph | Quote | Facts | Bullets | Table | Figure | Signatures | PageBreak


@dataclass(frozen=True)
class Document:
    """A document of blocks. `subtitle` says what it is about (a reference, a name); `marking` stands on every sheet, with
    who printed it, when, and which of how many sheets it is."""

    title: str
    printed_by: str
    printed_at: datetime
    subtitle: str = ""
    marking: str = MARKING
    blocks: Sequence[Block] = field(default_factory=tuple)

    @property
    def printed(self) -> str:
        """Who printed it, and when."""
        return f"Printed by {self.printed_by} on {date_time(self.printed_at)}"

    @property
    def footer(self) -> str:
        """What stands at the foot of every sheet: who printed it, and what to do with a sheet that has a marking. One without
        a marking is for anybody."""
        return f"{self.printed}. Keep it safe and shred it after use." if self.marking else f"{self.printed}."

    def as_pdf(self) -> bytes:
        """A tagged PDF (PDF/UA-1). Needs no network and no fonts but its own."""
        from joinedup.core.document_pdf import pdf_of

        return pdf_of(self)

    def as_docx(self) -> bytes:
        """A Word file with real headings, headed tables and described pictures."""
        from joinedup.core.document_word import word_of

        return word_of(self)


def download(document: Document, form: str, name: str) -> HttpResponse:
    """The document as a file to keep: `form` is pdf or docx; `name` is a reference, never somebody's name."""
    content, kind = (document.as_pdf(), PDF) if form == "pdf" else (document.as_docx(), WORD)
    return attachment(content, kind, f"{name}.{form}")


def attachment(content: bytes | str, kind: str, name: str) -> HttpResponse:
    """A file that is saved and never opened in the site's own window: no page of ours can run what is in it."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]+", "-", name)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def writable(text: str) -> str:
    """The text without what no file format can hold; composed, so that an accent is one character with its letter."""
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def paragraphs_of(text: str) -> list[list[str]]:
    """Text as its paragraphs, each of them as its lines."""
    return [part.strip().split("\n") for part in re.split(r"\n\s*\n", writable(text)) if part.strip()]
