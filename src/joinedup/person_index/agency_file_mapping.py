"""Which column of an agency's file holds what: guessed from titles and values, written in TOML, or remembered. Pure."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from joinedup.core.tabular import UnreadableFile
from joinedup.engines.linkage import identifiers

# What a column may hold, as a page offers it.
FIELDS: dict[str, str] = {
    "agency_reference": "The agency's own reference",
    "full_name": "Whole name",
    "given_name": "Forename",
    "family_name": "Surname",
    "birth_date": "Date of birth",
    "sex": "Sex",
    "nhs_number": "NHS number",
    "upn": "Unique pupil number",
    "address": "Address",
    "postcode": "Postcode",
    "phone": "Telephone",
    "household_reference": "Household reference",
    "household_part": "Part in the household",
    "as_of": "Date the record was true",
}
DATE_ORDERS: dict[str, str] = {
    "day-first": "Day first, as in 22/11/2019",
    "month-first": "Month first, as in 11/22/2019",
}
SEVERAL = frozenset({"address"})  # fields that may stand in several columns
_VALUED = {"sex", "household_part"}
_FIXABLE = _VALUED | {"as_of", "address", "postcode"}

_SYNONYMS: dict[str, str] = {
    "agency_reference": "reference ref id recordid personid clientid childid patientid pupilid tenantid caseid localid"
    " agencyreference agencyid uniquereference uniqueid externalid recordreference personreference recordno recordnumber"
    " personno personnumber clientno clientnumber clientref clientreference patientref patientno patientnumber"
    " hospitalnumber caseref casereference casenumber caseno childref childreference nominalref nominalreference"
    " tenancyref tenancyreference admissionnumber admissionno studentid uniqueclientreference ucrn urn mosaicid lcsid",
    "full_name": "name fullname personname childname pupilname patientname clientname nameofchild tenantname",
    "given_name": "givenname givennames forename forenames firstname firstnames christianname fname legalforename"
    " childforename childfirstname pupilforename patientforename preferredforename",
    "family_name": "familyname surname lastname sname lname legalsurname childsurname childlastname pupilsurname"
    " patientsurname",
    "birth_date": "birthdate dateofbirth dob born birthday childdob pupildob patientdob dateofbirthdob birthdt dobirth"
    " dateofbirthddmmyyyy dobddmmyyyy",
    "sex": "sex gender sexcode gendercode childsex legalsex sexatbirth",
    "nhs_number": "nhsnumber nhsno nhs nhsnum newnhsno newnhsnumber nhsid",
    "upn": "upn uniquepupilnumber pupilnumber upnnumber",
    "address": "address addresslines fulladdress addressline addressline1 address1 addressline2 address2 addressline3"
    " address3 addressline4 address4 addressline5 address5 street streetname town city county posttown homeaddress"
    " currentaddress housenumber housename locality addr1 addr2 addr3",
    "postcode": "postcode postalcode zip zipcode pcode homepostcode currentpostcode postcodeofresidence",
    "phone": "phone telephone phonenumber telephonenumber tel mobile mobilenumber telno mobileno contactnumber"
    " telephoneno homephone hometelephone mobilephone",
    "household_reference": "householdreference household householdid householdref familyid familyreference familyref"
    " householdno householdnumber familynumber addressid",
    "household_part": "part role householdpart familypart partinfamily householdrole roleinhousehold",
    "as_of": "asof asofdate date extractdate extracted extractedon lastupdated updated updatedon recorddate"
    " lastmodified datelastupdated dateofextract extractiondate lastamended",
}
_FIELD_OF = {word: name for name, words in _SYNONYMS.items() for word in words.split()}
# Words that say what a longer title is about, most telling first.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"nhs", "nhs_number"),
    (r"\bupn\b|unique pupil", "upn"),
    (r"post ?code", "postcode"),
    (r"birth|\bd\.?o\.?b\b|\bborn\b", "birth_date"),
    (r"house ?hold|famil(?:y|ies).*(?:id|ref|no|number)", "household_reference"),
    (r"fore ?name|first ?name|given ?name", "given_name"),
    (r"sur ?name|last ?name|family ?name", "family_name"),
    (r"\bsex\b|\bgender\b", "sex"),
    (r"\baddress\b|\bstreet\b|\btown\b", "address"),
    (r"\btel|\bphone|\bmobile", "phone"),
    (r"\b(?:id|ref|reference|identifier)\b", "agency_reference"),
    (r"\bname\b", "full_name"),
)


@dataclass(frozen=True)
class ColumnMapping:
    """How to read one agency's file. `columns` gives a title its field, or "" for a column that is only kept as it
    came; a title it does not name is guessed. `fixed` gives a field one value in every row; `values` gives what a field
    may say (in small letters) our word for it; `date_order` is how 03/04/2019 is meant."""

    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: str = "day-first"
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, to keep; `mapping_from` reads them."""
        return {
            "columns": dict(self.columns),
            "date_order": self.date_order,
            "fixed": dict(self.fixed),
            "values": {name: dict(each) for name, each in self.values.items()},
            "sheet": self.sheet,
        }


@dataclass(frozen=True)
class GuessedColumn:
    """What a column seems to hold and how sure that is: `certain` by its title, `likely` by a word in it or by its
    values, `none` when it is only kept as it came (`field` is then empty). `examples` are its first different values."""

    title: str
    field: str
    confidence: str
    examples: tuple[str, ...] = ()


class MappingFaults(UnreadableFile):
    """A mapping cannot be used; `faults` are the sentences, one for each thing wrong with it."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


def known_titles(cells: Sequence[str]) -> int:
    """How many of some cells are titles we know: the row with most of them is the header."""
    return sum(1 for cell in cells if _squeezed(cell) in _FIELD_OF)


def header_digest(header: Sequence[str]) -> str:
    """A name for a header: the same titles, in whatever order and case, make the same one."""
    return hashlib.sha256("\0".join(sorted(_squeezed(title) for title in header)).encode()).hexdigest()


def mapping_from_toml(text: str) -> ColumnMapping:
    """Read a mapping as docs/imports.md describes it. Raises MappingFaults with everything that is wrong."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingFaults([f"The mapping is not TOML: {error}."]) from None
    return mapping_from(said)


def mapping_from(said: Mapping[str, Any]) -> ColumnMapping:
    """A mapping out of plain values. Raises MappingFaults with everything that is wrong."""
    faults = [f"The mapping has “{name}”, which is not read." for name in said.keys() - _PARTS.keys()]
    for name, kind in _PARTS.items():
        if name in said and not isinstance(said[name], kind):
            faults.append(f"“{name}” in the mapping is not what belongs there.")
    if faults:
        raise MappingFaults(sorted(faults))
    columns, fixed, values = said.get("columns", {}), said.get("fixed", {}), said.get("values", {})
    order = said.get("date_order", "day-first")
    faults += [f"“{title}” is mapped to “{name}”, which is no field." for title, name in columns.items() if name not in {"", *FIELDS}]  # fmt: skip
    faults += [f"“{name}” under [fixed] cannot be the same for everybody." for name in fixed if name not in _FIXABLE]
    faults += [f"[values.{name}] is not used: only {' and '.join(sorted(_VALUED))} have values." for name in values if name not in _VALUED]  # fmt: skip
    if order not in DATE_ORDERS:
        faults.append(f"“{order}” is no date order: write {' or '.join(DATE_ORDERS)}.")
    single = [name for name in columns.values() if name and name not in SEVERAL]
    faults += [f"Two columns are mapped to {name}." for name in sorted(set(single)) if single.count(name) > 1]
    if faults:
        raise MappingFaults(faults)
    return ColumnMapping(
        columns={str(title): str(name) for title, name in columns.items()},
        date_order=order,
        fixed={str(name): str(value) for name, value in fixed.items()},
        values={name: {str(said).lower(): str(ours) for said, ours in each.items()} for name, each in values.items()},
        sheet=said.get("sheet", ""),
    )


_PARTS: dict[str, type] = {"columns": dict, "date_order": str, "fixed": dict, "values": dict, "sheet": str}


def guess_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], mapping: ColumnMapping, *, today: date
) -> list[GuessedColumn]:
    """What each column holds: as the mapping says, else by title, by a word in the title, by its values."""
    examples = [_examples(rows, place) for place in range(len(header))]
    found = dict.fromkeys(range(len(header)), ("", "none"))
    said = {_squeezed(title): name for title, name in mapping.columns.items()}
    taken: set[str] = set(mapping.fixed)

    def take(place: int, name: str, confidence: str) -> None:
        if name and (name in SEVERAL or name not in taken):
            found[place] = (name, confidence)
            taken.add(name)

    decided = {place for place, title in enumerate(header) if _squeezed(title) in said}
    for place in sorted(decided):
        take(place, said[_squeezed(header[place])], "certain")
    rest = [place for place in range(len(header)) if place not in decided]
    for place in rest:
        take(place, _FIELD_OF.get(_squeezed(header[place]), ""), "certain")
    for place in rest:
        if found[place][1] == "none":
            take(place, _by_word(header[place], taken), "likely")
    for place in rest:
        if found[place][1] == "none":
            take(place, _by_values([row[place] for row in rows if row[place]], today), "likely")
    return [GuessedColumn(title, *found[place], examples[place]) for place, title in enumerate(header)]


def _by_word(title: str, taken: set[str]) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title).replace("_", " ").lower()
    if re.search(r"mother|father|parent|carer|school|gp\b|practice|worker|sibling|emergency|previous|former", words):
        return ""  # of somebody else, or of another time
    for pattern, name in _WORDS:
        if re.search(pattern, words):
            return "" if name in taken and name not in SEVERAL else name
    return ""


def _by_values(values: Sequence[str], today: date) -> str:
    """The field that nearly all of at least five values can only be."""
    if len(values) < 5:
        return ""
    tests = {"nhs_number": identifiers.nhs_number, "upn": identifiers.upn, "postcode": identifiers.postcode}
    for name, reads in tests.items():
        said = {"allow_synthetic": True} if name == "nhs_number" else {}
        if sum(_can(reads, value, **said) for value in values) >= 0.9 * len(values):
            return name
    return ""


def _can(reads: Any, value: str, **said: Any) -> bool:
    try:
        reads(value, **said)
    except ValueError:
        return False
    return True


def _examples(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[place][:60] for row in rows if row[place]))[:3]


def places_of(guessed: Sequence[GuessedColumn]) -> dict[str, list[int]]:
    """Which columns hold which field, and no reading without a reference and a name. Raises UnreadableFile."""
    places: dict[str, list[int]] = {}
    for place, column in enumerate(guessed):
        if column.field:
            places.setdefault(column.field, []).append(place)
    problem = what_is_missing(places)
    if problem:
        titles = ", ".join(column.title for column in guessed)[:200]
        raise UnreadableFile(f"{problem} The header is: {titles}")
    return places


def what_is_missing(places: Mapping[str, Any]) -> str:
    """What a file needs beyond the fields it has, in a sentence; empty when it can be read."""
    if "agency_reference" not in places:
        return "The file has no column for the agency's own reference. Call it “reference”, or map one to it."
    if not ({"given_name", "family_name"} <= places.keys() or "full_name" in places):
        return "The file needs columns for forename and surname, or one for the name."
    return ""


def _squeezed(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())
