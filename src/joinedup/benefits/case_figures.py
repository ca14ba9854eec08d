"""Figures as people type them and as the appraisal model holds them: per cent and shares, pounds, grades. Pure.

Text and model say the same number to the last digit: what is shown, sent back unchanged, is the very number it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from joinedup.engines.appraisal import DEFLATORS, GRADES, SCHEDULES
from joinedup.engines.appraisal.tables import price_year_of

MOST_YEARS = 60
_MOST = Decimal(10) ** 15
_LONGEST = 400
_NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)


class Kind(StrEnum):
    """What a question is answered with."""

    PER_CENT = "per cent"  # a share from 0 to 1
    PER_HUNDRED = "per hundred"  # a share that may be more than 1
    POUNDS = "pounds"
    PEOPLE = "people"
    YEARS = "years"
    GRADE = "grade"
    PRICE_YEAR = "price year"
    SCHEDULE = "schedule"
    DEFLATOR = "deflator"
    RATING = "rating"
    WORDS = "words"


RATINGS = {"green": "Green: good evidence", "amber": "Amber: use with care", "red": "Red: weak evidence"}


def said(kind: Kind, value: Any) -> str:
    """A value of a model as a person would type it; an empty text for what is not there."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    number = Decimal(repr(value))
    if kind in {Kind.PER_CENT, Kind.PER_HUNDRED, Kind.SCHEDULE}:
        number = number.scaleb(2)
    plain = f"{number:,f}" if kind in {Kind.POUNDS, Kind.PEOPLE} else f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def value_of(kind: Kind, text: str) -> Any:
    """What a model holds for what was typed; None for nothing. Raises ValueError with a sentence."""
    plain = text.strip()
    return _READ[kind](plain) if plain else None


def shown(kind: Kind, value: Any) -> str:
    """A value for reading: `60 %`, `£51,080`, `Grade 3`."""
    words = said(kind, value)
    if not words:
        return ""
    if kind is Kind.PER_CENT or (kind is Kind.SCHEDULE and not isinstance(value, str)):
        return f"{words} %"
    before = {Kind.POUNDS: "£", Kind.GRADE: "grade "}.get(kind, "")
    after = {Kind.PER_HUNDRED: " in 100", Kind.YEARS: " year" if words == "1" else " years"}.get(kind, "")
    return f"{before}{words}{after}"


def _number(text: str) -> Decimal:
    plain = re.sub(r"[\s,£%]", "", text)
    if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
        raise ValueError("must be a number, such as 60 or 12.5")
    return Decimal(plain)


def _share(text: str) -> float:
    number = _number(text)
    if number > 100:
        raise ValueError("must be from 0 to 100 per cent")
    return float(number.scaleb(-2))


def _bounded(text: str) -> Decimal:
    number = _number(text)
    if number > _MOST:
        raise ValueError("is more than there is")
    return number


def _whole(text: str) -> int:
    number = _number(text)
    if number != number.to_integral_value() or number > MOST_YEARS:
        raise ValueError(f"must be a whole number from 0 to {MOST_YEARS}")
    return int(number)


def _grade(text: str) -> int:
    if text not in {str(number) for number in GRADES}:
        raise ValueError("must be a grade from 1 to 6")
    return int(text)


def _price_year(text: str) -> str:
    year = price_year_of(text)
    if year is None:
        raise ValueError("must be a year such as 2024 or 2015/16")
    return year


def _schedule(text: str) -> str | float:
    if text in SCHEDULES:
        return text
    try:
        return _share(text)
    except ValueError:
        raise ValueError("must be one of the schedules, or a flat rate in per cent") from None


def _one_of(known: Any, text: str) -> str:
    if text not in known:
        raise ValueError("must be one of those offered")
    return text


_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.PER_CENT: _share,
    Kind.PER_HUNDRED: lambda text: float(_bounded(text).scaleb(-2)),
    Kind.POUNDS: lambda text: float(_bounded(text)),
    Kind.PEOPLE: lambda text: float(_bounded(text)),
    Kind.YEARS: _whole,
    Kind.GRADE: _grade,
    Kind.PRICE_YEAR: _price_year,
    Kind.SCHEDULE: _schedule,
    Kind.DEFLATOR: lambda text: _one_of(DEFLATORS, text),
    Kind.RATING: lambda text: text,
    Kind.WORDS: lambda text: " ".join(text.split()),
}
