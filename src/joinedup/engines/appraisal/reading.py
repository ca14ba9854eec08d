"""Reading a model from TOML or JSON, and saying everything that is wrong with it, each fault with its path."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from joinedup.engines.appraisal.checking import Faults, Repeated, described
from joinedup.engines.appraisal.model import Model
from joinedup.engines.appraisal.reading_lines import Frame, read_benefit, read_cost
from joinedup.engines.appraisal.tables import (
    DEFLATORS,
    SCHEDULES,
    USUAL_DEFLATOR,
    Deflator,
    Schedule,
    flat,
    price_year_of,
    schedule_named,
)

MOST_YEARS = 1000
_NEEDED = ("years", "discount", "cohort", "costs", "benefits")
_KEYS = (*_NEEDED, "name", "price_year", "deflator")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a path such as ``$.benefits[2].impact``."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


class BadModel(ValueError):
    """The model cannot be appraised; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def read_text(text: str | bytes) -> Model:
    """Read a model from the text of a file: JSON where it begins with a brace, TOML otherwise. Raises ``BadModel``."""
    return read(_parsed(text))


def read(data: object) -> Model:
    """Read a model from TOML or JSON already parsed. Raises ``BadModel``."""
    faults = Faults()
    model = _model(data, faults)
    if model is None or faults.found:
        raise BadModel([Fault(path, sentence) for path, sentence in faults.found])
    return model


def _model(data: object, faults: Faults) -> Model | None:
    top = faults.table(data, "$", "a model", _KEYS, _NEEDED)
    if top is None:
        return None
    years = faults.whole(top["years"], "$.years", "the number of years", 1, MOST_YEARS) if "years" in top else None
    discount = _discount(top["discount"], faults) if "discount" in top else None
    intakes, grade = _cohort(top["cohort"], years, faults) if "cohort" in top else (None, None)
    deflator = _deflator(top.get("deflator", USUAL_DEFLATOR), faults)
    price_year = _price_year(top["price_year"], deflator, faults) if "price_year" in top else ""
    frame = Frame(years, deflator, price_year)
    costs = [read_cost(line, path, frame, faults) for path, line in _lines(top, "costs", faults)]
    benefits = [read_benefit(line, path, frame, faults) for path, line in _lines(top, "benefits", faults)]
    name = faults.text(top.get("name", ""), "$.name", "the name")
    if faults.found or years is None or discount is None or intakes is None or deflator is None:
        return None
    return Model(
        years,
        discount,
        intakes,
        tuple(cost for cost in costs if cost),
        tuple(benefit for benefit in benefits if benefit),
        cohort_grade=grade,
        name=name or "",
        price_year=price_year or "",
        deflator=deflator,
    )


def _lines(top: Mapping[str, Any], key: str, faults: Faults) -> list[tuple[str, Any]]:
    found = faults.a_list(top[key], f"$.{key}", f"the {key}") if key in top else None
    return [(f"$.{key}[{place}]", line) for place, line in enumerate(found or [])]


def _discount(data: object, faults: Faults) -> Schedule | None:
    if not isinstance(data, str):
        rate = faults.number(data, "$.discount", "the discount, a rate or the name of a schedule,")
        if rate is not None and rate > 1:
            faults.add("$.discount", f"a rate of {described(data)} is over 100 %; 3.5 % is 0.035")
            return None
        return None if rate is None else flat(rate)
    schedule = schedule_named(data)
    if schedule is None:
        faults.add(
            "$.discount", f"there is no schedule {described(data)[9:]}; the schedules are {', '.join(SCHEDULES)}"
        )
    return schedule


def _cohort(data: object, years: int | None, faults: Faults) -> tuple[tuple[float, ...] | None, int | None]:
    found = faults.table(data, "$.cohort", "the cohort", ("size", "grade"), ("size",))
    if found is None:
        return None, None
    grade = faults.whole(found["grade"], "$.cohort.grade", "a grade", 1, 6) if "grade" in found else None
    return (_intakes(found["size"], years, faults) if "size" in found else None), grade


def _intakes(data: object, years: int | None, faults: Faults) -> tuple[float, ...] | None:
    if not isinstance(data, list):
        size = faults.number(data, "$.cohort.size", "the size of the cohort")
        return None if size is None else (size,)
    if not data:
        faults.add("$.cohort.size", "the list of intakes is empty")
    if years is not None and len(data) > years:
        faults.add("$.cohort.size", f"there are {len(data)} intakes and only {years} years")
    read = [faults.number(size, f"$.cohort.size[{place}]", "an intake") for place, size in enumerate(data)]
    return tuple(size or 0.0 for size in read)


def _deflator(data: object, faults: Faults) -> Deflator | None:
    deflator = DEFLATORS.get(data) if isinstance(data, str) else None
    if deflator is None:
        faults.add("$.deflator", f"there is no deflator {described(data)}; the deflators are {', '.join(DEFLATORS)}")
    return deflator


def _price_year(data: object, deflator: Deflator | None, faults: Faults) -> str | None:
    year = price_year_of(str(data)) if isinstance(data, str | int) and not isinstance(data, bool) else None
    if year is None:
        faults.add("$.price_year", f"a price year is like 2024 or 2015/16, not {described(data)}")
    elif deflator is not None and deflator.index(year) is None:
        faults.add("$.price_year", f"the deflator {deflator.origin.name} has no {year}")
    return year


def _parsed(text: str | bytes) -> Any:
    """Parse TOML or JSON."""
    try:
        words = text.removeprefix(_BOM).decode() if isinstance(text, bytes) else text
        if words.lstrip().startswith("{"):
            return json.loads(words, object_pairs_hook=_pairs)
        return tomllib.loads(words)
    except UnicodeDecodeError as wrong:
        _refuse(f"the file is not UTF-8 text (byte {wrong.start + 1})")
    except json.JSONDecodeError as wrong:
        _refuse(f"the file is not JSON: {wrong.msg} (line {wrong.lineno}, column {wrong.colno})")
    except tomllib.TOMLDecodeError as wrong:
        _refuse(f"the file is not TOML: {' '.join(str(wrong).split())}")
    except RecursionError:
        _refuse("the file is nested too deeply")
    except ValueError as wrong:
        _refuse(f"the file has a number that cannot be read: {wrong}")


def _refuse(sentence: str) -> NoReturn:
    raise BadModel([Fault("$", sentence)]) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    return Repeated(found, sorted({name for name in names if names.count(name) > 1}))
