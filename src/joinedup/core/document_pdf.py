"""A document as tagged PDF, set by Typst. The document goes in as data (JSON), never as markup."""

from __future__ import annotations

import functools
import json
import unicodedata
from pathlib import Path
from typing import Any

import typst

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

_FOLDER = Path(__file__).parent / "typeset"
# What our own fonts can show for certain: Latin with every accent a name here has, Greek, Cyrillic, punctuation.
_COVERED = (
    (0x0A, 0x0A), (0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x391, 0x3A1), (0x3A3, 0x3CE), (0x400, 0x45F),
    (0x1E80, 0x1E85), (0x1EA0, 0x1EF9), (0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E), (0x2020, 0x2022),
    (0x2026, 0x2026), (0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2212, 0x2212),
)  # fmt: skip
_NOT_COVERED = {0xAD}


def pdf_of(document: Document) -> bytes:
    """The document as PDF/UA-1. Characters that our fonts do not have are looked for in the machine's; where it has none
    either they are named in brackets, so that nothing is lost in silence."""
    content = content_of(document)
    text = json.dumps(content, ensure_ascii=False)
    at = int(document.printed_at.timestamp())
    if all(is_covered(letter) for letter in text):
        return _set(text, at, theirs=False)
    try:
        return _set(text, at, theirs=True)
    except typst.TypstError:
        spelt = {**_each_text(content, named)}
        spelt["title"] = spelt["title"].strip() or "Document"
        return _set(json.dumps(spelt, ensure_ascii=False), at, theirs=False)


def _set(text: str, at: int, *, theirs: bool) -> bytes:
    made = typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"document": text},
        font_paths=_fonts(theirs),
        pdf_standards=["ua-1"],
        timestamp=at,
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@functools.cache
def _template() -> bytes:
    return (_FOLDER / "document.typ").read_bytes()


@functools.cache
def _fonts(theirs: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=theirs, include_embedded_fonts=True, font_paths=[str(_FOLDER)])


def picture_of(figure: Figure) -> bytes:
    """The drawing as a picture (PNG) for files that take no drawings."""
    source = '#set page(width: auto, height: auto, margin: 2pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made = typst.compile(
        source.encode(),
        format="png",
        ppi=200,
        sys_inputs={"svg": named(writable(figure.svg))},
        font_paths=_fonts(False),
    )
    if not isinstance(made, bytes):
        raise TypeError("a picture is one file")
    return made


def is_covered(letter: str) -> bool:
    """Whether our own fonts have this character."""
    code = ord(letter)
    return code not in _NOT_COVERED and any(first <= code <= last for first, last in _COVERED)


def named(text: str) -> str:
    """The text with every character we cannot show named in brackets: 😀 becomes [grinning face]."""
    return "".join(letter if is_covered(letter) else _name(letter) for letter in text)


def _name(letter: str) -> str:
    if unicodedata.category(letter) in {"Mn", "Cf", "Cn", "Co"}:
        return ""
    if letter.isspace():
        return " "
    return f"[{unicodedata.name(letter, 'character').lower()}]"


def _each_text(content: Any, change: Any) -> Any:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list):
        return [_each_text(each, change) for each in content]
    if isinstance(content, dict):
        return {key: _each_text(each, change) for key, each in content.items()}
    return content


def content_of(document: Document) -> dict[str, Any]:
    """The document as the template reads it. Headings go down one level at a time, as a reader of headings expects."""
    blocks: list[dict[str, Any]] = []
    level = 0
    for block in document.blocks:
        if isinstance(block, Heading):
            level = min(max(block.level - 1, 1), level + 1)
            blocks.append({"is": "heading", "level": level, "text": writable(block.text)})
        else:
            blocks.append(_block(block))
    return {
        "title": writable(document.title).strip() or "Document",
        "subtitle": writable(document.subtitle),
        "marking": writable(document.marking),
        "footer": writable(document.footer),
        "blocks": blocks,
    }


def _block(block: Any) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {
                "is": "paragraph",
                "label": writable(block.label),
                "quiet": block.is_quiet,
                "text": paragraphs_of(block.text),
            }
        case Quote():
            return {"is": "quote", "who": writable(block.who), "text": paragraphs_of(block.text)}
        case Facts():
            rows = [[writable(label), writable(value)] for label, value in block.rows]
            return {"is": "facts", "title": writable(block.title), "rows": rows}
        case Bullets():
            return {"is": "bullets", "items": [writable(item) for item in block.items]}
        case Signatures():
            return {"is": "signatures", "who": [writable(who) for who in block.who]}
        case Table():
            return {"is": "table", **_table(block)}
        case Figure():
            return {
                "is": "figure",
                "title": writable(block.title),
                "alt": writable(block.description),
                "svg": writable(block.svg),
                "width": block.width,
                "table": _table(block.table),
            }
        case PageBreak():
            return {"is": "break"}
    raise TypeError(f"{type(block).__name__} is no block of a document")


def _shares(table: Table) -> list[float]:
    """How wide each column is beside the others: by its longest cell, so that a column of sentences gets more than one of
    marks, and a column of short words is never squeezed."""
    longest = [
        max(len(line) for text in (title, *(row[place] for row in table.rows)) for line in text.split("\n"))
        for place, title in enumerate(table.columns)
    ]
    return [round(min(max(length, 8), 60) ** 0.6, 2) for length in longest]


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": writable(table.caption),
        "columns": [writable(column) for column in table.columns],
        "rows": [[writable(cell) for cell in row] for row in table.rows],
        "shares": _shares(table),
        "sides": ["right" if is_money else "left" for is_money in table.is_money],
    }
