"""Reading an agency's file of people: which column is which, and what each row says. Pure.

Whatever can be read is read; a row with something that cannot be is rejected whole, with every fault named, so that
nothing half-understood is kept.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from joinedup.engines.linkage import identifiers, names

_SYNONYMS: dict[str, str] = {
    "agency_reference": "reference ref id recordid personid clientid childid patientid pupilid tenantid caseid localid"
    " agencyreference agencyid uniquereference uniqueid externalid recordreference personreference",
    "full_name": "name fullname personname childname pupilname patientname",
    "given_name": "givenname givennames forename forenames firstname firstnames christianname",
    "family_name": "familyname surname lastname",
    "birth_date": "birthdate dateofbirth dob born birthday",
    "sex": "sex gender",
    "nhs_number": "nhsnumber nhsno nhs",
    "upn": "upn uniquepupilnumber pupilnumber",
    "address": "address addresslines fulladdress addressline1 address1 addressline2 address2 addressline3 address3"
    " street town city county",
    "postcode": "postcode postalcode zip",
    "phone": "phone telephone phonenumber telephonenumber tel mobile mobilenumber",
    "household_reference": "householdreference household householdid householdref familyid familyreference familyref",
    "household_part": "part role householdpart familypart partinfamily householdrole",
    "as_of": "asof asofdate date extractdate extracted extractedon lastupdated updated updatedon recorddate",
}
_FIELD_OF = {word: field for field, words in _SYNONYMS.items() for word in words.split()}
_LENGTHS = {
    "agency_reference": 60, "given_name": 100, "family_name": 100, "address": 300, "phone": 30,
    "household_reference": 60,
}  # fmt: skip
_BLANKS = {"", "-", "n/a", "na", "none", "null", "not known", "unknown", "not recorded", "nk"}
_SEXES = {
    "m": "M", "male": "M", "boy": "M", "1": "M", "f": "F", "female": "F", "girl": "F", "2": "F",
    "u": "U", "0": "U", "9": "U", "i": "U", "x": "U", "other": "U", "indeterminate": "U", "not specified": "U",
}  # fmt: skip
_PARTS = {
    "child": "child", "son": "child", "daughter": "child", "pupil": "child", "parent": "parent", "mother": "parent",
    "father": "parent", "carer": "carer", "guardian": "carer", "other": "other", "adult": "other",
}  # fmt: skip


class UnreadableFile(ValueError):
    """The file as a whole cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Rejected:
    """One value that could not be used: `row` is its line in the file, the header being line 1."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True)
class RecordRow:
    """One agency's record as read from its row. `as_supplied` is every column as it came."""

    agency_reference: str
    as_supplied: Mapping[str, str]
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = "U"
    nhs_number: str = ""
    upn: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    household_reference: str = ""
    household_part: str = ""
    as_of: date | None = None
    line: int = 0
    digest: str = ""


@dataclass
class AgencyFile:
    """A file that was read: its good rows, what was rejected, and how many rows there were."""

    rows: list[RecordRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    read: int = 0
    duplicates: int = 0
    rejected_rows: int = 0


def read_agency_file(content: bytes, *, today: date, allow_synthetic: bool = False) -> AgencyFile:
    """Read a CSV: UTF-8 with or without its mark, else Windows-1252; commas, semicolons or tabs.

    A reference that comes twice with the same content is a duplicate; with other content the later row is rejected.
    Raises UnreadableFile when there is no header this can be read by.
    """
    lines = _records(content)
    try:
        _, header = next(lines)
    except StopIteration:
        raise UnreadableFile("The file is empty.") from None
    columns = _columns(header)
    found = AgencyFile()
    seen: dict[str, RecordRow] = {}
    for line, cells in lines:
        found.read += 1
        row, faults = _read_row(line, header, cells, columns, today, allow_synthetic)
        if row is not None:
            there = seen.setdefault(row.agency_reference, row)
            if there is row:
                found.rows.append(row)
                continue
            if there.digest == row.digest:
                found.duplicates += 1
                continue
            sentence = f"The same reference is on line {there.line} with other details."
            faults = [Rejected(line, "agency_reference", row.agency_reference, sentence)]
        found.rejected_rows += 1
        found.rejected += faults
    return found


def _records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it starts on; blank lines are passed over."""
    text = _decoded(content).replace("\0", "")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"The file cannot be read as CSV after line {line}: {error}.") from None


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _columns(header: list[str]) -> dict[str, list[int]]:
    """Which columns hold which field. Several may hold the address."""
    columns: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        name = _FIELD_OF.get(re.sub(r"[^a-z0-9]", "", title.lower()))
        if name and (name == "address" or name not in columns):
            columns.setdefault(name, []).append(place)
    if "agency_reference" not in columns:
        raise UnreadableFile(
            "The file has no column for the agency's own reference. Call it “reference”; the header is: "
            + ", ".join(title for title in header if title)[:200]
        )
    if not ({"given_name", "family_name"} <= columns.keys() or "full_name" in columns):
        raise UnreadableFile("The file needs columns for forename and surname, or one for the name.")
    return columns


def _read_row(
    line: int, header: list[str], cells: list[str], columns: dict[str, list[int]], today: date, allow_synthetic: bool
) -> tuple[RecordRow | None, list[Rejected]]:
    if len(cells) > len(header):
        reason = f"This row has {len(cells)} values and the header has {len(header)}. A comma may need quotes round it."
        return None, [Rejected(line, "", "", reason)]
    cells = cells + [""] * (len(header) - len(cells))
    given = {
        name: ", ".join(filter(None, (_plain(cells[place]) for place in places))) for name, places in columns.items()
    }
    values: dict[str, Any] = {}
    faults: list[Rejected] = []
    for name, text in given.items():
        try:
            values[name] = _value(name, text, today, allow_synthetic)
        except ValueError as wrong:
            faults.append(Rejected(line, name, text, str(wrong)))
    whole = values.pop("full_name", "")
    if whole and not (values.get("given_name") or values.get("family_name")):
        values["given_name"], values["family_name"] = names.split_full_name(whole)
    if not given["agency_reference"]:
        faults.append(Rejected(line, "agency_reference", "", "The agency's own reference is missing."))
    if not faults and not (values.get("given_name") or values.get("family_name")):
        faults.append(Rejected(line, "family_name", "", "The name is missing."))
    if faults:
        return None, faults
    supplied = dict(zip(header, cells, strict=True))
    return RecordRow(as_supplied=supplied, line=line, digest=_digest(supplied, header, columns), **values), []


def _digest(supplied: Mapping[str, str], header: list[str], columns: dict[str, list[int]]) -> str:
    """What the agency says, apart from the day it said so: an unchanged row is not written again."""
    dated = {header[place] for place in columns.get("as_of", ())}
    said = {title: value for title, value in supplied.items() if title not in dated}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(cell: str) -> str:
    text = " ".join(cell.split())
    return "" if text.lower() in _BLANKS else text


def _value(name: str, text: str, today: date, allow_synthetic: bool) -> Any:
    """The value of one field, or a ValueError with a sentence."""
    if name in ("birth_date", "as_of"):
        return _dates(name, text, today)
    if not text:
        return "U" if name == "sex" else ""
    if name == "nhs_number":
        return identifiers.nhs_number(text, allow_synthetic=allow_synthetic)
    if name in _LENGTHS and len(text) > _LENGTHS[name]:
        raise ValueError(f"This is longer than {_LENGTHS[name]} characters.")
    reader = _READERS.get(name)
    return reader(text) if reader else text


def _dates(name: str, text: str, today: date) -> date | None:
    if not text:
        return None
    day = identifiers.birth_date(text, today=today)
    if name == "as_of" and day > today:
        raise ValueError("This day is still to come.")
    return day


def _sex(text: str) -> str:
    found = _SEXES.get(text.lower())
    if found is None:
        raise ValueError("Write M, F or leave it empty.")
    return found


def _part(text: str) -> str:
    return _PARTS.get(text.lower(), "other")


_READERS: dict[str, Callable[[str], str]] = {
    "upn": identifiers.upn,
    "postcode": identifiers.postcode,
    "sex": _sex,
    "household_part": _part,
}
