"""Reading back a PDF that we made: its words, page by page, and the objects it is made of."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
_FONT = re.compile(rb"/(f\d+) [\d.]+ Tf")
_HEXADECIMAL = re.compile(rb"<([0-9A-F]+)>")
_ESCAPED = re.compile(rb"\\(\d{3}|.)", re.S)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page in the order in which they are read; a new line for each run of them."""
    objects = {int(found[1]): found[2] for found in _OBJECT.finditer(pdf)}
    tables: dict[int, dict[int, str]] = {}
    pages = []
    for body in objects.values():
        if not body.startswith(b"<</Type/Page/"):
            continue
        resources = objects[_reference(body, b"Resources")]
        fonts = {}
        for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
            table = _reference(objects[int(font)], b"ToUnicode")
            tables.setdefault(table, _letters(_stream(objects[table])))
            fonts[name] = tables[table]
        pages.append(_words(_stream(objects[_reference(body, b"Contents")]), fonts))
    return pages


def text_of(pdf: bytes) -> str:
    """All the words of it."""
    return "\n".join(pages_of(pdf))


def structure_of(pdf: bytes) -> list[str]:
    """The tags in it, such as H1, Table, TH, Figure."""
    return [tag.decode() for tag in re.findall(rb"/S/([A-Za-z0-9]+)", pdf)]


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found is not None, name
    return int(found[1])


def _stream(body: bytes) -> bytes:
    content = body.split(b"stream\n", 1)[1].rsplit(b"endstream", 1)[0]
    return zlib.decompressobj().decompress(content)


def _letters(table: bytes) -> dict[int, str]:
    found = {}
    for code, letters in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f ]+)>", table):
        found[int(code, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    return found


def _words(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    lines, table, place, is_text = [""], next(iter(fonts.values()), {}), 0, False
    while place < len(content):
        if content[place : place + 1] == b"(":
            end = _end_of_string(content, place)
            if is_text:
                lines[-1] += _shown(_ESCAPED.sub(_unescaped, content[place + 1 : end]), table)
            place = end
        hexadecimal = _HEXADECIMAL.match(content, place)
        if hexadecimal and is_text:
            lines[-1] += _shown(bytes.fromhex(hexadecimal[1].decode()), table)
        if content.startswith(b"ET\n", place):
            lines.append("")
            is_text = False
        is_text = is_text or content.startswith(b"BT ", place)
        found = _FONT.match(content, place)
        if found:
            table = fonts[found[1]]
        place += 1
    return "\n".join(line for line in lines if line)


def _shown(codes: bytes, table: dict[int, str]) -> str:
    pairs = zip(codes[::2], codes[1::2], strict=True)
    return "".join(table.get(first * 256 + second, "") for first, second in pairs)


def _end_of_string(content: bytes, start: int) -> int:
    """Where a string ends: brackets in pairs need no escape in it."""
    deep, place = 0, start
    while True:
        letter = content[place : place + 1]
        if letter == b"\\":
            place += 1
        elif letter == b"(":
            deep += 1
        elif letter == b")":
            deep -= 1
            if deep == 0:
                return place
        place += 1


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if said.isdigit() else _LETTERS.get(said, said)
