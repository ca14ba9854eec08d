"""Reading tables as people send them, and refusing what is none."""

from __future__ import annotations

import csv
import gc
import io
import os
import subprocess
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from joinedup.core.tabular import FOR_AN_IMPORT, ON_A_PAGE, Bounds, Table, UnreadableFile, read_table


def rows_of(content: bytes, name: str = "people.csv", **said: str) -> list[tuple[int, list[str]]]:
    return list(read_table(content, name, **said).rows)  # type: ignore[arg-type]


def workbook(*sheets: list[list[object]], names: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for place, lines in enumerate(sheets):
        sheet = book.create_sheet(names[place] if names else None)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PLAIN = [["ref", "name"], ["A1", "Zoë"], ["A2", "Mo"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_in_every_form(encoding: str, delimiter: str, ending: str) -> None:
    content = ending.join(delimiter.join(line) for line in PLAIN).encode(encoding)
    table = read_table(content, "people.csv")
    assert table.header == ["ref", "name"]
    assert list(table.rows) == [(2, ["A1", "Zoë"]), (3, ["A2", "Mo"])]


def test_quoted_newlines_blank_rows_noughts_and_lines() -> None:
    content = b'ref,name\n\n , \nA1,"Mo\r\nMary, ""Em"""\nA\x002,Jo\n,,\nA3,Zo,,\nA4\nA5,Al,,beyond,\n'
    assert rows_of(content) == [
        (4, ["A1", 'Mo\r\nMary, "Em"']), (6, ["A2", "Jo"]), (8, ["A3", "Zo"]), (9, ["A4", ""]),
        (10, ["A5", "Al", "", "beyond"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    ['A1,"Mo,Testerfield', 'A1,"Mo"s,"Tester', '"A1,Mo,Testerfield', 'A1,Mo,"'],
)
def test_a_quotation_mark_nobody_closed_swallows_no_row(broken: str) -> None:
    after = [f'A{number},Jo,"Testerfield, {number}"' for number in range(2, 200)]
    for rest in (after, after[:1], [], ["A2,Jo,Testerfield"]):
        table = read_table("\n".join(["ref,forename,surname", broken, *rest]).encode(), "x.csv")
        rows = list(table.rows)
        assert [line for line, _ in rows] == list(range(2, 3 + len(rest)))
        assert set(table.faults) == {2}
        assert rows[0][1][0].startswith(broken[:4])


def test_a_header_below_a_title_and_titles_made_distinct() -> None:
    content = b"Extract of pupils,,,\nmade on,01/09/2026,,\n\nref,name,,name\nA1,Mo,x,Jo\n"
    table = read_table(content)
    assert (table.header, table.header_line) == (["ref", "name", "column 3", "name (2)"], 4)
    assert list(table.rows) == [(5, ["A1", "Mo", "x", "Jo"])]


def test_a_score_finds_the_header_among_wide_notes() -> None:
    content = b"a,b,c\nnone,of,these\nref,name\nA1,Mo\n"
    table = read_table(content, score=lambda titles: len({"ref", "name"} & set(titles)))
    assert table.header_line == 3


def test_cells_of_a_workbook_as_somebody_would_type_them() -> None:
    lines: list[list[object]] = [
        [], ["A title over everything"], [None, None], ["ref", "born", "seen", "number", "part", "yes", "none", "text"],
        ["A1", date(2014, 9, 1), datetime(2014, 9, 1, 10, 30), 9434765870.0, 1.5, True, None, " Zoë "],
        [None] * 8, [12, 40123, "", 0.1 + 0.2, -0.25, False, "#N/A", "=1+1"],
    ]  # fmt: skip
    table = read_table(workbook([], [[None, ""]], lines, names=("Empty", "Blank", "People")), "people.xlsx")
    assert (table.sheet, table.sheets) == ("People", ("Empty", "Blank", "People"))
    assert table.header_line == 4
    assert list(table.rows) == [
        (5, ["A1", "2014-09-01", "2014-09-01 10:30:00", "9434765870", "1.5", "TRUE", "", "Zoë"]),
        (7, ["12", "40123", "", "0.3", "-0.25", "FALSE", "#N/A", ""]),
    ]


def test_a_named_sheet_and_a_hidden_one() -> None:
    book = workbook([["one"], ["1x"]], [["two"], ["2x"]], names=("One", "Two"))
    assert read_table(book, "b.xlsx", sheet=" two ").header == ["two"]
    with pytest.raises(UnreadableFile, match=r"no sheet called Three\. It has: One, Two"):
        read_table(book, "b.xlsx", sheet="Three")
    with pytest.raises(UnreadableFile, match="Only a workbook"):
        read_table(b"a,b\n1,2", "b.csv", sheet="One")
    opened = openpyxl.load_workbook(io.BytesIO(book))
    opened["One"].sheet_state = "hidden"
    out = io.BytesIO()
    opened.save(out)
    assert read_table(out.getvalue(), "b.xlsx").sheet == "Two"


def test_merged_cells_and_what_stands_beside_the_table() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Jan")
    sheet.merge_range("A1:C1", "Pupils at 1 January")
    sheet.write_row("A3", ["ref", "name", "dob"])
    sheet.write_row("A4", ["A1", "Mo", "1/9/14"])
    sheet.data_validation("B4", {"validate": "list", "source": ["Mo", "Jo"]})
    sheet.write_comment("A4", "said by the school")
    book.close()
    assert list(read_table(out.getvalue(), "x.XLSX").rows) == [(4, ["A1", "Mo", "1/9/14"])]


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def repacked(book: bytes, **changed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return zipped(parts | {name.replace("__", "/").replace("_xml", ".xml"): each for name, each in changed.items()})


BOOK = workbook([["ref", "name"], ["A1", "Mo"]])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
BILLION = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf\r\n\0", "a.csv", "empty"),
        (workbook([]), "a.xlsx", "empty"),
        (b"1,2,3\n4,5,6\n", "a.csv", "no header"),
        (b"ref,name\nA1,Mo", "a.xlsx", "no workbook inside"),
        (b"ref,name\nA1,Mo", "a.exe", "not read"),
        (b"ref,name\nA1,Mo", "a.xls", "not read"),
        (BOOK, "a.csv", "called .csv"),
        (BOOK, "a.zip", "called .zip"),
        (b"%PDF-1.7 ...", "a.csv", "a PDF"),
        (b"MZ\x90\0", "a.csv", "a Windows program"),
        (b"\x89PNG\r\n", "a.csv", "a picture"),
        (b"\x1f\x8b\x08", "a.csv", "a compressed file"),
        (OLE, "a.xls", "old workbook"),
        (OLE, "a.csv", "old workbook"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "locked with a password"),
        (b"\n <HTML><table><tr><td>ref", "a.xls", "a web page"),
        (b"<table><tr><td>ref", "a.csv", "a web page"),
        (zipped({"people.csv": b"ref,name"}), "a.xlsx", "no workbook"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "a.xlsx", "OpenDocument"),
        (repacked(BOOK, **{"xl/vbaProject.bin": b"x"}), "a.xlsx", "macros"),
        (repacked(BOOK, **{"xl/workbook.bin": b"x"}), "a.xlsx", "binary workbook"),
        (repacked(BOOK, xl__workbook_xml=b"<oh"), "a.xlsx", "damaged"),
        (repacked(BOOK, xl__workbook_xml=BILLION), "a.xlsx", "damaged"),
        (repacked(BOOK, xl__worksheets__sheet1_xml=BILLION), "a.xlsx", "damaged"),
        (BOOK[: len(BOOK) // 2], "a.xlsx", "damaged"),
        (b"PK\x03\x04" + bytes(60), "a.xlsx", "damaged"),
        (repacked(BOOK, xl__worksheets__sheet1_xml=bytes(30_000_000)), "a.xlsx", "unpacks to far more"),
        (zipped({f"xl/{number}": b"" for number in range(2100)}), "a.xlsx", "2,100 parts"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence) as refused:
        rows_of(content, name)
    assert str(refused.value).endswith(".")


def test_too_large_and_too_wide() -> None:
    with pytest.raises(UnreadableFile, match=r"at most 1\.0 MB"):
        read_table(b"x" * 2**21, most_bytes=2**20)
    with pytest.raises(UnreadableFile, match="600 columns"):
        read_table(",".join(f"c{number}" for number in range(600)).encode())


def test_a_sheet_that_says_it_is_endless_is_read_to_its_end() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>ref</t></is></c></row>'
        b'<row r="%d"><c r="A%d"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert rows_of(repacked(BOOK, xl__worksheets__sheet1_xml=sheet % (900, 900)), "a.xlsx") == [(900, ["1"])]
    with pytest.raises(UnreadableFile, match="damaged"):
        rows_of(repacked(BOOK, xl__worksheets__sheet1_xml=sheet % (10**12, 10**12)), "a.xlsx")


def test_an_entry_that_lies_about_its_size_is_not_unpacked_further() -> None:
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = squeezed.compress(bytes(50_000_000)) + squeezed.flush()
    book = bytearray(repacked(BOOK, xl__worksheets__sheet1_xml=b"x" * 10))
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        assert packed.infolist()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        with zipfile.ZipFile(io.BytesIO(book)) as packed:
            for name in packed.namelist():
                if "sheet1" not in name:
                    made.writestr(name, packed.read(name))
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        info.compress_type = zipfile.ZIP_STORED
        made.writestr(info, bomb)
        info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, 100
    with pytest.raises(UnreadableFile, match="damaged"):
        rows_of(out.getvalue(), "a.xlsx")


@given(st.binary(max_size=400), st.sampled_from(["", "a.csv", "a.xlsx", "a.txt", "PK", "ref,name\n"]))
def test_no_bytes_crash_it(content: bytes, name: str) -> None:
    for start in (b"", b"ref,name\n", b"PK\x03\x04", b"\xff\xfe"):
        try:
            table: Table = read_table(start + content, name)
            for _, cells in table.rows:
                assert len(cells) >= len(table.header)
        except UnreadableFile:
            continue


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=3, max_size=3),
        max_size=30,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_writer_writes_is_read_back(lines: list[list[str]], delimiter: str, ending: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerow(["alpha one", "beta two", "gamma three"])
    writer.writerows(lines)
    table = read_table(out.getvalue().encode(), "a.csv")
    expected = [[cell.strip() for cell in line] for line in lines]
    assert [cells for _, cells in table.rows] == [line for line in expected if any(line)]
    assert not table.faults


@given(st.binary(min_size=1, max_size=30), st.integers(0, len(BOOK) - 1))
def test_a_damaged_workbook_never_crashes_it(noise: bytes, place: int) -> None:
    with suppress(UnreadableFile):
        rows_of(BOOK[:place] + noise + BOOK[place + len(noise) :], "a.xlsx")


# --- Workbooks in a process of their own ----------------------------------------------------------------------------


def bomb(part: str, filling: bytes) -> bytes:
    """A workbook one of whose parts is filled up, packed little enough to pass for honest."""
    plain, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, line in enumerate([["ref", "name"], *([f"A{n}", f"Name {n}"] for n in range(50))]):
            sheet.write_row(n, 0, line)
    with zipfile.ZipFile(plain) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as repacked:
        for name in packed.namelist():
            words = packed.read(name)
            if name == part:
                head, ending, tail = words.rpartition(b"</sheetData>" if b"</sheetData>" in words else b"</sst>")
                packed_not_at_all = zipfile.ZipInfo(name)
                repacked.writestr(packed_not_at_all, head + filling + ending + tail, zipfile.ZIP_STORED)
            else:
                repacked.writestr(name, words)
    return out.getvalue()


ROWS, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def test_apart_says_what_reading_here_says() -> None:
    lines: list[list[object]] = [["ref", "name", "seen"]]
    lines += [[f"A{n}", f"Zoë {n}", date(2024, 1, 1)] for n in range(1200)]
    content = workbook([["note"]], lines, names=("Notes", "People"))
    here = read_table(content, "people.xlsx", sheet="People")
    apart = read_table(content, "people.xlsx", sheet="People", apart=FOR_AN_IMPORT)
    assert (apart.header, apart.sheet, apart.sheets) == (here.header, here.sheet, here.sheets)
    assert list(apart.rows) == list(here.rows)
    ahead = read_table(content, "people.xlsx", sheet="People", apart=replace(ON_A_PAGE, rows=500))
    assert len(list(ahead.rows)) == 499  # and the header


def test_apart_refuses_in_the_same_sentences() -> None:
    with pytest.raises(UnreadableFile, match="no sheet called Nowhere"):
        read_table(workbook(PLAIN), "people.xlsx", sheet="Nowhere", apart=ON_A_PAGE)
    with pytest.raises(UnreadableFile, match="damaged"):
        read_table(workbook(PLAIN)[:-100], "people.xlsx", apart=ON_A_PAGE)


@pytest.mark.parametrize(
    ("part", "filling"),
    [(ROWS, b"<row>" + b"<c/>" * 800_000 + b"</row>"), (STRINGS, b"<si><t>" + b"a" * 60_000_000 + b"</t></si>")],
)
def test_a_workbook_that_unpacks_to_more_than_its_memory_is_refused(part: str, filling: bytes) -> None:
    """The attack: a workbook that fills the memory of the site. Its own reader goes, and nothing else."""
    with pytest.raises(UnreadableFile, match="more memory or time"):
        list(read_table(bomb(part, filling), "people.xlsx", apart=Bounds(megabytes=200, seconds=60)).rows)


def test_a_page_reads_the_beginning_and_leaves_the_rest() -> None:
    content = bomb(ROWS, b"<row/>" * 2_000_000)
    assert len(list(read_table(content, "people.xlsx", apart=replace(ON_A_PAGE, megabytes=160)).rows)) == 50


def test_a_workbook_that_takes_too_long_is_refused() -> None:
    slow = bomb(ROWS, b"<row><c/></row>" * 900_000)
    with pytest.raises(UnreadableFile, match="more memory or time"):
        list(read_table(slow, "people.xlsx", apart=replace(FOR_AN_IMPORT, seconds=1)).rows)


def test_whoever_stops_reading_leaves_no_process_behind() -> None:
    lines: list[list[object]] = [["ref"], *([f"A{n}"] for n in range(3000))]
    table = read_table(workbook(lines), "people.xlsx", apart=FOR_AN_IMPORT)
    assert next(table.rows) == (2, ["A0"])
    del table
    gc.collect()
    children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True)
    assert "workbook_apart" not in children.stdout


def test_the_reader_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    started = subprocess.Popen

    def start(*args: object, **said: object) -> object:
        given.update(said)
        return started(*args, **said)  # type: ignore[call-overload]

    monkeypatch.setenv("JOINEDUP_SECRET_KEY", "not to be told")
    monkeypatch.setattr(subprocess, "Popen", start)
    read_table(workbook(PLAIN), "people.xlsx", apart=ON_A_PAGE)
    assert "JOINEDUP_SECRET_KEY" not in given["env"]  # type: ignore[operator]
