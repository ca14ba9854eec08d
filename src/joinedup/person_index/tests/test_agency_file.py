"""Agencies' files, pure: columns, values, names, and that no row is ever lost."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.core.tabular import UnreadableFile
from joinedup.person_index.agency_file import AgencyFile, read_agency_file, read_first_rows
from joinedup.person_index.agency_file_mapping import (
    ColumnMapping,
    MappingFaults,
    guess_columns,
    header_digest,
    mapping_from,
    mapping_from_toml,
)
from joinedup.person_index.agency_file_values import readable_name, readers

TODAY = date(2026, 11, 18)


def read(text: str, **said: Any) -> AgencyFile:
    return read_agency_file(text.encode(), today=TODAY, allow_synthetic=True, **said)


def value(name: str, text: str, **said: Any) -> Any:
    settings: dict[str, Any] = {"allow_synthetic": True, "date_order": "day-first", "values": {}} | said
    return readers(today=TODAY, **settings)[name](text)


# --- Values ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-09-01", date(2014, 9, 1)), ("01/09/2014", date(2014, 9, 1)), ("1/9/14", date(2014, 9, 1)),
        ("01-Sep-2014", date(2014, 9, 1)), ("1 September 2014", date(2014, 9, 1)), ("1st Sept 2014", date(2014, 9, 1)),
        ("01.09.2014", date(2014, 9, 1)), ("20140901", date(2014, 9, 1)), ("2014-09-01 00:00:00", date(2014, 9, 1)),
        ("2014-09-01T00:00:00", date(2014, 9, 1)), ("40123", date(2009, 11, 6)), ("40123.5", date(2009, 11, 6)),
        ("1/9/85", date(1985, 9, 1)), ("13/09/2014", date(2014, 9, 13)), ("29/02/2016", date(2016, 2, 29)),
    ],
)  # fmt: skip
def test_dates_as_agencies_write_them(text: str, expected: date) -> None:
    assert value("birth_date", text) == expected


@pytest.mark.parametrize(
    "text", ["31/02/2014", "29/02/2015", "09/13/2014", "2014-13-01", "soon", "01/09/1850", "1/1/2029", "12", "0/0/00"]
)
def test_days_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+\."):
        value("birth_date", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09/13/2014", date(2014, 9, 13)), ("9/1/14", date(2014, 9, 1)), ("2014-09-01", date(2014, 9, 1)),
        ("9/1/2014 00:00", date(2014, 9, 1)), ("01-Sep-2014", date(2014, 9, 1)), ("40123", date(2009, 11, 6)),
    ],
)  # fmt: skip
def test_month_first_where_the_mapping_says_so(text: str, expected: date) -> None:
    assert value("birth_date", text, date_order="month-first") == expected


# Vectors of the NHS Data Dictionary, the PDS sandbox and the Government Data Standards Catalogue.
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("nhs_number", "9434765870", "9434765870"), ("nhs_number", "943 476 5919", "9434765919"),
        ("nhs_number", "4505577104", "4505577104"), ("nhs_number", "4010232137", "4010232137"),
        ("nhs_number", "9876543210", "9876543210"), ("nhs_number", "9000000009", "9000000009"),
        ("nhs_number", "9000000025", "9000000025"), ("nhs_number", "9000000033", "9000000033"),
        ("nhs_number", "943-476-5919", "9434765919"), ("nhs_number", "4505577104.0", "4505577104"),
        ("upn", "B801200005001", "B801200005001"), ("upn", "h801200001001", "H801200001001"),
        ("upn", "P207000016049", "P207000016049"), ("upn", "G80120000101A", "G80120000101A"),
        ("upn", "X866200109012", "X866200109012"), ("upn", "E86620010901Z", "E86620010901Z"),
        ("upn", "Z839400021123", "Z839400021123"), ("upn", "H943200023007", "H943200023007"),
        ("upn", "K94320002300T", "K94320002300T"), ("postcode", "zz11aa", "ZZ1 1AA"), ("postcode", "ZZ1  1AA", "ZZ1 1AA"),
        ("sex", "Female", "F"), ("sex", "1", "M"), ("sex", "not specified", "U"),
        ("household_part", "Mother", "parent"), ("household_part", "lodger", "other"),
    ],
)  # fmt: skip
def test_values_that_are_read(name: str, text: str, expected: str) -> None:
    assert value(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nhs_number", "9434765871"), ("nhs_number", "1234567880"), ("nhs_number", "1111111111"),
        ("nhs_number", "0000000000"), ("nhs_number", "943476587"), ("nhs_number", "94347658700"),
        *(("nhs_number", f"999000000{digit}") for digit in range(10)),
        *(("nhs_number", f"999000014{digit}") for digit in range(10)),
        ("upn", "A801200005001"), ("upn", "B80120000500"), ("upn", "B8012000050O1"), ("upn", "I801200005001"),
        ("postcode", "nowhere"), ("postcode", "ZZ1"), ("sex", "Q7"), ("as_of", "19/11/2026"),
        ("agency_reference", "x" * 61), ("given_name", "x" * 101), ("address", "x" * 301), ("phone", "0" * 31),
    ],
)  # fmt: skip
def test_values_that_are_refused_in_a_sentence(name: str, text: str) -> None:
    for _ in range(2):  # what is remembered is refused the same
        with pytest.raises(ValueError, match=r".+\."):
            value(name, text)


def test_numbers_kept_for_tests_are_nobodys_in_a_real_service() -> None:
    with pytest.raises(ValueError, match="kept for tests"):
        value("nhs_number", "9434765919", allow_synthetic=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ROWAN", "Rowan"), ("rowan", "Rowan"), ("Rowan", "Rowan"), ("McKay", "McKay"), ("MCKAY", "McKay"),
        ("mcdonald-o'brien", "McDonald-O'Brien"), ("O’NEIL", "O’Neil"), ("SMITH-JONES", "Smith-Jones"),
        ("VAN DER BERG", "van der Berg"), ("DE", "De"), ("TJ", "TJ"), ("mary ann", "Mary Ann"), ("D'SOUZA", "D'Souza"),
        ("JO", "Jo"), ("ÉLODIE", "Élodie"), ("al hassan", "al Hassan"), ("Rowan JAY", "Rowan JAY"), ("MC", "MC"),
        ("李", "李"), ("", ""), ("MACEY", "Macey"), ("J-P", "J-P"),
    ],
)  # fmt: skip
def test_names_in_one_case_become_readable(text: str, expected: str) -> None:
    assert readable_name(text) == expected


@given(st.text(max_size=40))
def test_a_name_never_loses_a_letter(text: str) -> None:
    assert readable_name(text).casefold().replace("ß", "ss") == text.casefold().replace("ß", "ss") or not text.isascii()


# --- Columns ---

MESSY = [
    "Client Ref ", "FORENAME(S)", "Legal Surname", "D.O.B.", "Gender", "NHS No.", "Mother's DOB", "House_No", "Street",
    "Post Code", "Mobile No", "Numbers", "School name", "Household Ref",
]  # fmt: skip


def test_columns_are_guessed_with_how_sure_that_is() -> None:
    rows = [["x"] * 11 + ["A801200005001", "x", "x"]] * 6
    found = {
        each.title: (each.field, each.confidence) for each in guess_columns(MESSY, rows, ColumnMapping(), today=TODAY)
    }
    assert found == {
        "Client Ref ": ("agency_reference", "certain"), "FORENAME(S)": ("given_name", "certain"),
        "Legal Surname": ("family_name", "certain"), "D.O.B.": ("birth_date", "certain"), "Gender": ("sex", "certain"),
        "NHS No.": ("nhs_number", "certain"), "Mother's DOB": ("", "none"), "House_No": ("", "none"),
        "Street": ("address", "certain"), "Post Code": ("postcode", "certain"), "Mobile No": ("phone", "certain"),
        "Numbers": ("", "none"), "School name": ("", "none"), "Household Ref": ("household_reference", "certain"),
    }  # fmt: skip
    rows = [["x"] * 11 + ["B801200005001", "x", "x"]] * 6
    assert guess_columns(MESSY, rows, ColumnMapping(), today=TODAY)[11].field == "upn"
    mapping = ColumnMapping(columns={"numbers": "agency_reference", "Client Ref": ""})
    mapped = guess_columns(MESSY, rows, mapping, today=TODAY)
    assert (mapped[11].field, mapped[0].field, mapped[0].confidence) == ("agency_reference", "", "none")
    assert mapped[0].examples == ("x",)


def test_a_mapping_is_written_in_toml() -> None:
    mapping = mapping_from_toml(
        """
        sheet = "Pupils"
        date_order = "month-first"
        [columns]
        "Key" = "agency_reference"
        "Notes" = ""
        [fixed]
        household_part = "child"
        [values.sex]
        K = "M"
        """
    )
    assert mapping_from(mapping.as_json()) == mapping
    file = read("Key,Name,When born,Sex,Notes\nA1,Mo Tester,9/13/2014,k,hm\n", mapping=ColumnMapping(
        {**mapping.columns, "When born": "birth_date"}, mapping.date_order, mapping.fixed, mapping.values
    ))  # fmt: skip
    assert file.rejected == []
    row = file.rows[0]
    assert (row.birth_date, row.sex, row.household_part, row.family_name) == (date(2014, 9, 13), "M", "child", "Tester")
    assert row.as_supplied == {"Key": "A1", "Name": "Mo Tester", "When born": "9/13/2014", "Sex": "k", "Notes": "hm"}


def test_a_mapping_that_cannot_be_used_says_everything_that_is_wrong() -> None:
    with pytest.raises(MappingFaults) as wrong:
        mapping_from_toml('date_order = "backwards"\n[columns]\nA = "shoe_size"\nB = "sex"\nC = "sex"\n[fixed]\nupn = "1"\n[values.upn]\na = "b"')  # fmt: skip
    assert len(wrong.value.faults) == 5
    with pytest.raises(MappingFaults, match="not TOML"):
        mapping_from_toml("columns")
    with pytest.raises(MappingFaults, match="which is not read"):
        mapping_from({"colums": {}, "sheet": 3})


def test_a_header_is_known_again_in_another_order_and_case() -> None:
    assert header_digest(["Ref", "First name"]) == header_digest(["FIRST NAME", "ref"])
    assert header_digest(["Ref", "First name"]) != header_digest(["Ref", "Name"])


def test_first_rows_as_they_would_land() -> None:
    first = read_first_rows(b"Report\n\nName,born,Sex\nMO TESTER,31/02/2014,F\nJo,1/9/14,\n", today=TODAY)
    assert "no column for the agency's own reference" in first.problem
    assert first.header == ("Name", "born", "Sex")
    assert [row.line for row in first.rows] == [4, 5]
    assert first.rows[0].values == {"full_name": "Mo Tester", "given_name": "Mo", "family_name": "Tester", "sex": "F"}
    assert [fault.field for fault in first.rows[0].faults] == ["birth_date"]
    assert first.rows[1].values["birth_date"] == "2014-09-01"


# --- Rows ---


def test_unclosed_quotes_and_overlong_rows_are_rejected_and_the_rest_read() -> None:
    file = read('ref,forename,surname\nA1,"Mo,Tester\nA2,Jo,Tester\nA3,Jo,Tester,more\n,,\nA4,Al,Tester\n')
    assert [row.agency_reference for row in file.rows] == ["A2", "A4"]
    assert [(each.row, each.value) for each in file.rejected] == [(2, 'A1,"Mo,Tester'), (4, "")]
    assert (file.read, file.rejected_rows, file.duplicates) == (4, 2, 0)


def test_blanks_and_days_do_not_make_a_row_another() -> None:
    file = read("ref,name,as of\nA1,Mo Tester,01/11/2026\nA1,Mo Tester,02/11/2026\nA2,Jo Tester,n/a\nA2,JO TESTER,\n")
    assert (len(file.rows), file.duplicates, file.rejected_rows) == (2, 1, 1)
    again = read("as of,ref,name\n17/11/2026,A1,Mo Tester\n")
    assert again.rows[0].digest == file.rows[0].digest


def test_a_corrected_mapping_makes_another_row_of_the_same_words() -> None:
    text = "ref,name,born\nA1,Mo Tester,03/04/2015\n"
    one, other = read(text).rows[0], read(text, mapping=ColumnMapping(date_order="month-first")).rows[0]
    assert one.as_supplied == other.as_supplied
    assert one.digest != other.digest


_CELL = st.one_of(
    st.sampled_from(["", "A1", "A2", "B9", "Mo", "JO", "31/02/2014", "1/9/14", "9434765870", "x" * 101, "n/a", "=1+1"]),
    st.text(max_size=15),
)


@given(st.lists(st.lists(_CELL, min_size=1, max_size=8), max_size=25), st.sampled_from(["csv", "raw"]))
def test_every_row_is_good_or_rejected_or_a_duplicate(lines: list[list[str]], how: str) -> None:
    header = ["ref", "forename", "surname", "dob", "nhs", "sex", "postcode"]
    out = io.StringIO(newline="")
    csv.writer(out).writerow(header)
    if how == "csv":
        csv.writer(out).writerows(lines)
    else:
        out.write("\n".join(",".join(line) for line in lines))
    file = read_agency_file(out.getvalue().encode("utf-8", "replace"), today=TODAY)
    assert file.read == len(file.rows) + file.rejected_rows + file.duplicates
    assert len({each.row for each in file.rejected}) == file.rejected_rows
    assert all(each.reason for each in file.rejected)
    if how == "csv":
        said = [[cell.replace("\0", "").strip() for cell in line] for line in lines]
        assert file.read == sum(any(line) for line in said)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    for start in (b"", b"ref,name\n", b"reference;name;dob\r\nA1;Mo;"):
        try:
            file = read_agency_file(start + content, today=TODAY)
        except UnreadableFile:
            continue
        assert file.read == len(file.rows) + file.rejected_rows + file.duplicates
