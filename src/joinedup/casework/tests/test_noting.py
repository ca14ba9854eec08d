"""What a note can hold, as pure functions: types of file by content, times, exports."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.casework import noting

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def word_file(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as inside:
        for name in names:
            inside.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", "pdf"),
        (b"\x89PNG\r\n\x1a\nx", "png"),
        (b"\xff\xd8\xff\xe0x", "jpg"),
        (b"\x00\x00\x00\x18ftypheicx", "heic"),
        (word_file("word/document.xml"), "docx"),
        (word_file("word/document.xml", "word/vbaProject.bin"), ""),
        (word_file("evil.exe"), ""),
        (b"PK\x03\x04 not a zip", ""),
        (b"Dear Amira,\r\nshe was well.", "txt"),
        (b"  <!DOCTYPE html><script>alert(1)</script>", ""),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", ""),
        (b"<html>", ""),
        (b"#!/bin/sh", ""),
        (b"MZ\x90\x00", ""),
        (b"\x7fELF", ""),
        (b"GIF89a", "txt"),  # harmless as text: it is only ever sent as text/plain to be saved
        (b"\xff\xfe", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, kind: str) -> None:
    assert noting.type_of(content) == kind


@given(st.binary(max_size=400))
def test_no_content_is_ever_sent_as_a_type_that_a_browser_runs(content: bytes) -> None:
    kind = noting.type_of(content)
    assert kind == "" or noting.FILE_TYPES[kind].split(";")[0] not in {"text/html", "image/svg+xml", "text/xml"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("letter.pdf.exe", "letter.pdf.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a"b\r\nc.html', "a-b--c.pdf"),
        ("C:\\Users\\x\\drawing of Łukasz.png", "drawing of Łukasz.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
    ],
)
def test_a_name_is_made_safe_and_ends_as_its_content(name: str, safe: str) -> None:
    assert noting.file_name_of(name, "pdf") == safe


@pytest.mark.parametrize(
    ("text", "means"),
    [("14:30", time(14, 30)), ("1430", time(14, 30)), ("2.30pm", time(14, 30)), ("2 pm", time(14)), ("12am", time(0)),
     ("12pm", time(12)), ("9:05", time(9, 5))],
)  # fmt: skip
def test_a_time_as_people_write_it(text: str, means: time) -> None:
    assert noting.read_time(text) == means


@pytest.mark.parametrize("text", ["", "25:00", "14", "13pm", "0am", "9:75", "noon", "²:30"])
def test_no_other_time(text: str) -> None:
    with pytest.raises(ValueError, match="Enter the time"):
        noting.read_time(text)


def written(**more: object) -> noting.NoteAsWritten:
    facts: dict[str, object] = {
        "case": "C-AAAA-BBBB", "kind": "Visit", "result": "They were seen or spoken to", "happened_at": AT, "minutes": 40,
        "seen": [noting.SeenInNote("Rowan Testerfield", date(2018, 3, 3), True)], "words": "All was well.\nWarm house.",
        "child_words": "I like \"swimming\"", "next_step": "=Ring school", "author": "Amira Testerly", "post": "Key worker",
        "organisation": "Exampleshire", "written_at": AT, "corrections": [(AT, "Amira Testerly", "It was Tuesday")],
    }  # fmt: skip
    return noting.NoteAsWritten(**(facts | more))  # type: ignore[arg-type]


def test_a_note_for_another_system_says_everything_once() -> None:
    note = written()
    text = noting.as_text(note)
    content = json.loads(noting.as_json(note))
    (head, row) = list(csv.reader(io.StringIO(noting.as_csv([note]))))
    told = dict(zip(head, row, strict=True))
    for said in (
        "All was well.",
        'I like "swimming"',
        "Ring school",
        "Amira Testerly",
        "It was Tuesday",
        "Rowan Testerfield",
    ):
        assert said in text
        assert said in json.dumps(content, ensure_ascii=False).replace('\\"', '"')
        assert any(said in cell for cell in row)
    assert content["format"] == "joinedup.case-note/1"
    assert content["seen"] == [{"name": "Rowan Testerfield", "birth_date": "2018-03-03", "seen_alone": True}]
    assert told["seen_alone"] == "Rowan Testerfield"
    assert told["next_step"] == "'=Ring school"
    assert "\n" not in text.replace("\r\n", "")


def test_quantities_in_words() -> None:
    assert noting.quantity_words(Decimal("12.00"), "sessions") == "12 sessions"
    assert noting.quantity_words(Decimal("1.50"), "days") == "1.5 days"
    assert noting.quantity_words(None, "") == ""
