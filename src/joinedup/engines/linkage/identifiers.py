"""Read the identifiers people write down: NHS number, UPN, postcode, date of birth.

Each reader takes what was typed or pasted and returns the one form we keep. What
cannot be read raises ``ValueError`` with a sentence that a school secretary can
act on. A right check digit says that a number was copied well, not that it is
this child's.

Sources: NHS Data Dictionary, *NHS NUMBER*; Government Data Standards Catalogue,
*Unique Pupil Number 2.0*; the postcode form that every live postcode follows.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from nhs_number.validate import calculate_checksum, is_valid

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_DIGIT_MEANT = str.maketrans("OIL", "011")
_LAST_SCOTTISH = "3112999999"
_DAYS_TO_BIRTH = 280
_OLDEST_YEARS = 120
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


# --- NHS number -----------------------------------------------------------------


def nhs_number(text: str, *, allow_synthetic: bool = False) -> str:
    """Return an NHS number as ten digits.

    Spaces and dashes are dropped, and a spreadsheet's ``.0``. The check digit
    must be right, and ten equal digits are refused although their check digit
    is. Scottish numbers start with a date of birth, which must be a real date.
    Numbers from 900 000 0000 up belong to no patient and are refused unless
    ``allow_synthetic``, for demonstrations and tests.

    Raises ``ValueError`` with a sentence for the person.
    """
    digits = re.sub(r"[\s\-]", "", _plain(text))
    digits = re.sub(r"(?<=\d)\.0+$", "", digits)
    if not digits:
        raise ValueError("Enter an NHS number. It has 10 digits.")
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValueError("An NHS number has digits only. Check for letters or symbols.")
    if len(digits) != 10:
        hint = " A spreadsheet may have dropped a nought from the front." if len(digits) == 9 else ""
        raise ValueError(f"An NHS number has 10 digits and this one has {len(digits)}.{hint}")
    if len(set(digits)) == 1:
        raise ValueError("This is one digit repeated, not a real NHS number.")
    if not has_nhs_check_digit(digits):
        raise ValueError(
            "This is not a valid NHS number: one of its digits is wrong or two are "
            "swapped. Check it against a letter from the NHS."
        )
    if digits <= _LAST_SCOTTISH and not is_valid(digits):
        raise ValueError(
            "This is not a valid NHS number: a Scottish number starts with a date of birth and this one does not."
        )
    if not allow_synthetic and digits.startswith("9"):
        raise ValueError(
            "This NHS number is kept for tests and belongs to no patient. Numbers in use do not start with 9."
        )
    return digits


def has_nhs_check_digit(digits: str) -> bool:
    """Say whether ten digits pass the NHS number's modulus 11 check."""
    return calculate_checksum(digits[:9]) == int(digits[9])


def show_nhs_number(digits: str) -> str:
    """Write an NHS number as the NHS prints it: ``943 476 5919``."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


# --- Unique pupil number --------------------------------------------------------


def upn(text: str) -> str:
    """Return a unique pupil number in capitals without spaces.

    Thirteen characters: a check letter, then twelve digits, the last of which
    is a letter in a temporary number. Local authority codes are not checked:
    they change with every reorganisation.

    Raises ``ValueError`` with a sentence for the person.
    """
    value = re.sub(r"[\s\-]", "", _plain(text)).upper()
    if not value:
        raise ValueError("Enter a unique pupil number. It has 13 characters.")
    if len(value) != 13:
        raise ValueError(
            f"A unique pupil number has 13 characters, such as B801200005001, and this one has {len(value)}."
        )
    if not re.fullmatch(rf"[A-Z][0-9]{{11}}[0-9{_UPN_LETTERS}]", value):
        hint = " Check for the letter O typed as a nought." if "O" in value[1:] else ""
        raise ValueError(
            "A unique pupil number is a letter and then 12 digits. Only the last "
            f"character of a temporary one may be a letter too.{hint}"
        )
    if upn_check_letter(value[1:]) != value[0]:
        raise ValueError(
            "This is not a valid unique pupil number: a character is wrong or two are "
            "swapped. Check it against the school's system."
        )
    return value


def upn_check_letter(rest: str) -> str:
    """Return the letter that must stand before twelve characters of a UPN."""
    values = (_UPN_LETTERS.index(each) if each in _UPN_LETTERS else int(each) for each in rest)
    total = sum(place * value for place, value in enumerate(values, start=2))
    return _UPN_LETTERS[total % 23]


def is_temporary_upn(value: str) -> bool:
    """Say whether a UPN was given until the real one is known."""
    return value[-1].isalpha()


# --- Postcode -------------------------------------------------------------------


class PostcodeReading(NamedTuple):
    """A postcode in its usual form, and what had to be put right to get there."""

    value: str
    note: str


def postcode(text: str) -> str:
    """Return a postcode as ``SW1A 1AA``. See ``read_postcode``."""
    return read_postcode(text).value


def read_postcode(text: str) -> PostcodeReading:
    """Read a postcode, putting right what can only be a slip.

    A missing or misplaced space and small letters are put right silently. A
    letter O, I or L where only a digit can stand is read as 0 or 1, with a note
    to show the person (``SWIA lAA`` is ``SW1A 1AA``).

    Raises ``ValueError`` with a sentence for the person.
    """
    typed = re.sub(r"[^0-9A-Z]", "", _plain(text).upper())
    if not typed:
        raise ValueError("Enter a postcode, such as SW1A 1AA.")
    meant = _with_digits_meant(typed)
    value = meant if _POSTCODE.fullmatch(meant) else typed
    found = _POSTCODE.fullmatch(value)
    if found is None:
        raise ValueError(f"“{text.strip()}” is not a full UK postcode. It should look like SW1A 1AA.")
    tidy = f"{found[1]} {found[2]}"
    note = "" if value == typed else f"We read “{text.strip()}” as {tidy}. Check it."
    return PostcodeReading(tidy, note)


def _with_digits_meant(typed: str) -> str:
    """Return a postcode with O, I and L made digits where only a digit can stand.

    No postcode area has I as its second letter, and no postcode has O, I or L
    as the letter after its district number.
    """
    outward, inward = typed[:-3], typed[-3:]
    inward = inward[:1].translate(_DIGIT_MEANT) + inward[1:]
    if outward[1:2] == "I":
        outward = f"{outward[0]}1{outward[2:]}"
    letters = 1 if outward[1:2].isdigit() else 2
    return outward[:letters] + outward[letters:].translate(_DIGIT_MEANT) + inward


def outward_code(value: str) -> str:
    """Return the district half of a postcode: ``SW1A`` of ``SW1A 1AA``."""
    return value.split(" ")[0] if " " in value else value[:-3]


def is_placeholder_postcode(value: str) -> bool:
    """Say whether a postcode stands for no address (``ZZ99 3VZ``, no fixed abode)."""
    return value.startswith("ZZ99")


# --- Date of birth --------------------------------------------------------------


def birth_date(text: str, *, today: date) -> date:
    """Read a date of birth, day first, or an expected date of birth.

    Takes ``2019-11-22``, ``22/11/2019``, ``22.11.19``, ``22 Nov 2019``,
    ``22nd November 2019``, ``20191122``, ``22112019`` and a spreadsheet's serial
    number (``43791``); a time of day after the date is ignored. Two figures for
    the year mean the latest year that is not too far ahead.

    Raises ``ValueError``, with a sentence for the person, for a day that does
    not exist, more than 280 days ahead of ``today`` or more than 120 years back.
    See ``is_default_birth_date`` for dates that are only a guess.
    """
    latest = today + timedelta(days=_DAYS_TO_BIRTH)
    found = read_day(text, latest=latest)
    if found > latest:
        raise ValueError(
            f"{_in_words(found)} is too far ahead to be a date of birth, even of a child not yet born. Check the year."
        )
    if found < _years_before(today, _OLDEST_YEARS):
        raise ValueError(f"{_in_words(found)} is over {_OLDEST_YEARS} years ago. Check the year.")
    return found


def read_day(text: str, *, latest: date) -> date:
    """Read any day, day first, in the ways that ``birth_date`` takes; two figures for
    the year mean the latest year that is not after ``latest``.

    Raises ``ValueError``, with a sentence for the person, for what is no day.
    """
    found = _read_date(_plain(text), latest)
    if found is None:
        raise ValueError(f"“{text.strip()}” is not a date we can read. Write it as 22/11/2019 or 22 November 2019.")
    return found


def is_default_birth_date(day: date) -> bool:
    """Say whether a date of birth is likely a guess: 1 January of any year.

    Agencies enter it where only the year is known, above all for children who
    arrive alone from abroad, so two of them agreeing proves little.
    """
    return (day.month, day.day) == (1, 1)


def _read_date(text: str, latest: date) -> date | None:
    """Return the date in a text, if it is one; ``latest`` settles two-digit years."""
    bare = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$", "", text.strip())
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})", bare):
        return _day_first(int(found[1]), int(found[2]), found[3], latest)
    named = r"(\d{1,2})(?:st|nd|rd|th)?[- ,.]*(?:of )?([a-z]{3,9})[- ,.]*(\d{4}|\d{2})"
    if found := re.fullmatch(named, bare.lower()):
        month = _month(found[2])
        return _day_first(int(found[1]), month, found[3], latest) if month else None
    if re.fullmatch(r"\d{8}", bare):
        # Only one of the two can be: a year that starts 01 to 12 is far too old.
        return _date(int(bare[:4]), int(bare[4:6]), int(bare[6:])) or _date(
            int(bare[4:]), int(bare[2:4]), int(bare[:2])
        )
    if found := re.fullmatch(r"(\d{4,5})(?:\.\d+)?", bare):
        serial = int(found[1])
        return _SPREADSHEET_EPOCH + timedelta(days=serial) if serial > 2100 else None
    return None


def _day_first(day: int, month: int, year: str, latest: date) -> date | None:
    """Return a date, choosing the century of a two-digit year."""
    if len(year) == 4:
        return _date(int(year), month, day)
    century = latest.year - latest.year % 100
    options = (_date(century - back + int(year), month, day) for back in (0, 100, 200))
    return next((each for each in options if each and each <= latest), None)


def _month(word: str) -> int | None:
    """Return the number of an English month, in full or cut short."""
    possible = [place for place, name in enumerate(_MONTHS, start=1) if name.lower().startswith(word)]
    return possible[0] if len(possible) == 1 else None


def _date(year: int, month: int, day: int) -> date | None:
    """Return the date if there is such a day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _years_before(day: date, years: int) -> date:
    """Return the same day some years before, 1 March for 29 February."""
    return _date(day.year - years, day.month, day.day) or date(day.year - years, 3, 1)


def _in_words(day: date) -> str:
    """Write a date as ``22 November 2019``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _plain(text: str) -> str:
    """Return pasted text with look-alike dashes, spaces and digits made plain."""
    if text.isascii():
        return " ".join(text.split())
    folded = unicodedata.normalize("NFKC", text)
    kept = (each for each in folded if unicodedata.category(each) != "Cf")
    dashed = re.sub(r"[\u2010-\u2015\u2212]", "-", "".join(kept))
    return re.sub(r"\s+", " ", dashed).strip()
