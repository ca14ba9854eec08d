"""What one cell of an agency's file says: each field's reader, quick because what it has read once it remembers. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from joinedup.engines.linkage import identifiers

LENGTHS = {
    "agency_reference": 60, "given_name": 100, "family_name": 100, "full_name": 200, "address": 300, "phone": 30,
    "household_reference": 60,
}  # fmt: skip
_BLANKS = {
    "", "-", "--", ".", "?", "n/a", "na", "none", "null", "nil", "nk", "n/k", "not known", "unknown", "not recorded",
    "not supplied", "not given", "#n/a", "#ref!", "#value!", "#name?",
}  # fmt: skip
_SEXES = {
    "m": "M", "male": "M", "boy": "M", "1": "M", "f": "F", "female": "F", "girl": "F", "2": "F",
    "u": "U", "0": "U", "9": "U", "i": "U", "x": "U", "other": "U", "indeterminate": "U", "not specified": "U",
}  # fmt: skip
_PARTS = {
    "child": "child", "son": "child", "daughter": "child", "pupil": "child", "parent": "parent", "mother": "parent",
    "father": "parent", "carer": "carer", "guardian": "carer", "other": "other", "adult": "other",
}  # fmt: skip
_NUMERIC_DATE = re.compile(r"(\d{1,2})([-/. ]+)(\d{1,2})([-/. ]+)(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL)

Reader = Callable[[str], object]


def plain(cell: str) -> str:
    """The text of a cell in one line, or nothing where it only says that nothing is known."""
    text = " ".join(cell.split())
    return "" if text.lower() in _BLANKS else text


def readers(
    *, today: date, allow_synthetic: bool, date_order: str, values: Mapping[str, Mapping[str, str]]
) -> dict[str, Reader]:
    """A reader for each field: the value of a text that says something, or a ValueError with a sentence."""

    def nhs_number(text: str) -> str:
        return identifiers.nhs_number(text, allow_synthetic=allow_synthetic)

    def day(text: str) -> date:
        return identifiers.birth_date(_day_first(text) if date_order == "month-first" else text, today=today)

    def past_day(text: str) -> date:
        found = day(text)
        if found > today:
            raise ValueError("This day is still to come.")
        return found

    return {
        "agency_reference": _within("agency_reference"),
        "given_name": _remembered(_name("given_name")),
        "family_name": _remembered(_name("family_name")),
        "full_name": _name("full_name"),
        "birth_date": _remembered(day),
        "as_of": _remembered(past_day),
        "sex": _remembered(_coded(_SEXES, values.get("sex", {}), "Write M, F or leave it empty.")),
        "household_part": _remembered(_coded(_PARTS, values.get("household_part", {}), "")),
        "nhs_number": nhs_number,
        "upn": identifiers.upn,
        "postcode": _remembered(identifiers.postcode),
        "address": _within("address"),
        "phone": _within("phone"),
        "household_reference": _within("household_reference"),
    }


def _remembered(reader: Reader) -> Reader:
    """The same reader, which reads each text once; its refusals are remembered, too."""
    known: dict[str, object] = {}
    wrong: dict[str, str] = {}

    def read(text: str) -> object:
        try:
            return known[text]
        except KeyError:
            pass
        if text in wrong:
            raise ValueError(wrong[text])
        try:
            known[text] = found = reader(text)
        except ValueError as fault:
            wrong[text] = str(fault)
            raise
        return found

    return read


def _within(name: str) -> Reader:
    most = LENGTHS[name]

    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"This is longer than {most} characters.")
        return text

    return read


def _name(name: str) -> Reader:
    within = _within(name)
    return lambda text: readable_name(str(within(text)))


def _coded(words: Mapping[str, str], own: Mapping[str, str], sentence: str) -> Reader:
    """A word of a list: as the agency's own list has it first. Without a sentence anything else is "other"."""

    def read(text: str) -> str:
        said = own.get(text.lower(), text).lower()
        found = words.get(said, "" if sentence else "other")
        if not found:
            raise ValueError(sentence)
        return found

    return read


def _day_first(text: str) -> str:
    """03/22/2019 as 22/03/2019; a day in words or with the year first is as it is."""
    found = _NUMERIC_DATE.fullmatch(text.strip())
    return f"{found[3]}/{found[1]}/{found[5]}{found[6]}" if found else text


# --- Names in one case ----------------------------------------------------------------------------------------------

_SMALL = {"van", "der", "den", "de", "la", "du", "von", "bin", "ibn", "al", "el", "ter", "da", "dos", "das"}
_PIECES = re.compile(r"([ \-'’`]+)")


def readable_name(text: str) -> str:
    """SHOUTING and small letters as a name is written: O'BRIEN-MCKAY as O'Brien-McKay, van der berg as van der Berg.
    A name that is written in both is left alone; so are initials."""
    if not (text.isupper() or text.islower()):
        return text
    pieces = _PIECES.split(text)
    words = [place for place in range(0, len(pieces), 2) if pieces[place]]
    for place in words:
        after = pieces[place - 1] if place else ""
        is_last = place == words[-1]
        pieces[place] = _word(pieces[place], after, is_last=is_last, is_alone=len(words) == 1)
    return "".join(pieces)


def _word(word: str, after: str, *, is_last: bool, is_alone: bool) -> str:
    small = word.lower()
    if small in _SMALL and not is_last and "-" not in after:
        return small
    if len(word) == 1 and after.endswith(("'", "’", "`")):
        return small  # the s of a genitive
    if is_alone and word.isupper() and len(word) <= 3 and not set(small) & set("aeiouy"):
        return word  # initials: TJ
    if small.startswith("mc") and len(small) > 3:
        return "Mc" + small[2:].capitalize()
    return small.capitalize()
