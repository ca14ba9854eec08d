"""Reading one line of cost or of benefit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.engines.appraisal.checking import Faults, described
from joinedup.engines.appraisal.model import Benefit, Cost, UnitCost
from joinedup.engines.appraisal.tables import Deflator, price_year_of

_CLOSE = 1e-6  # how near to 1 shares must add up; they are then divided by their sum
_NOISE = 1e-12  # what floating point makes of shares that do add up: left as they are written
_VALUES = ("fiscal", "economic", "social")
_COST_NEEDED = ("amounts", "grade", "agencies")
_COST_KEYS = (*_COST_NEEDED, "code", "name")
_NEEDED = ("code", "prevalence", "engagement", "retention", "impact", "deadweight", "unit_cost", "grade")
_KEYS = (
    *_NEEDED, "agencies", "lag", "drop_off", "cashable", "attribution", "displacement", "name", "price_year", "source",
    "rag", "caveat",
)  # fmt: skip
_SHARES = {
    "engagement": "engagement", "retention": "retention", "impact": "the impact", "deadweight": "deadweight",
    "drop_off": "the drop-off", "cashable": "the cashable share", "attribution": "attribution",
    "displacement": "displacement",
}  # fmt: skip
_LONGEST_LAG = 1000


@dataclass(frozen=True, slots=True)
class Frame:
    """What lines are read against; None for what could not be read itself."""

    years: int | None
    deflator: Deflator | None
    price_year: str | None


def read_cost(data: object, path: str, frame: Frame, faults: Faults) -> Cost | None:
    """Read a line of cost, noting every fault. None where it cannot be read."""
    found = faults.table(data, path, "a line of cost", _COST_KEYS, _COST_NEEDED)
    if found is None:
        return None
    amounts = _amounts(found["amounts"], f"{path}.amounts", frame.years, faults) if "amounts" in found else None
    grade = faults.whole(found["grade"], f"{path}.grade", "a grade", 1, 6) if "grade" in found else None
    agencies = _agencies(found["agencies"], f"{path}.agencies", faults) if "agencies" in found else None
    words = _words(found, path, ("code", "name"), faults)
    if amounts is None or grade is None or agencies is None:
        return None
    return Cost(amounts, grade, agencies, **words)


def read_benefit(data: object, path: str, frame: Frame, faults: Faults) -> Benefit | None:
    """Read a line of benefit, noting every fault. None where it cannot be read."""
    found = faults.table(data, path, "a line of benefit", _KEYS, _NEEDED)
    if found is None:
        return None
    numbers = {key: faults.share(found[key], f"{path}.{key}", what) for key, what in _SHARES.items() if key in found}
    if "prevalence" in found:
        numbers["prevalence"] = faults.number(found["prevalence"], f"{path}.prevalence", "prevalence")
    grade = faults.whole(found["grade"], f"{path}.grade", "a grade", 1, 6) if "grade" in found else None
    lag = faults.whole(found.get("lag", 0), f"{path}.lag", "the lag, in years,", 0, _LONGEST_LAG)
    unit_cost = _unit_cost(found["unit_cost"], f"{path}.unit_cost", faults) if "unit_cost" in found else None
    agencies = _gainers(found, path, unit_cost, faults)
    words = _words(found, path, ("code", "name", "source", "rag", "caveat"), faults)
    if "code" in found and words.get("code") == "":
        faults.add(f"{path}.code", "the code is empty")
    price_year = _price_year(found["price_year"], f"{path}.price_year", frame, faults) if "price_year" in found else ""
    if grade is None or lag is None or unit_cost is None or set(_NEEDED) - set(found) or None in numbers.values():
        return None
    said: dict[str, Any] = {**numbers, **words, "price_year": price_year or ""}
    return Benefit(grade=grade, lag=lag, unit_cost=unit_cost, agencies=agencies, **said)


def _amounts(data: object, path: str, years: int | None, faults: Faults) -> tuple[float, ...] | None:
    found = faults.a_list(data, path, "the amounts, one for each year,")
    if found is None:
        return None
    if years is not None and len(found) != years:
        faults.add(path, f"there must be one amount for each of {years} years, not {len(found)}")
    read = [faults.number(amount, f"{path}[{place}]", "an amount") for place, amount in enumerate(found)]
    return tuple(amount or 0.0 for amount in read)


def _agencies(data: object, path: str, faults: Faults) -> dict[str, float] | None:
    """Agencies with the share of each; the shares must add up to 1."""
    found = faults.table(data, path, "the agencies")
    if found is None:
        return None
    shares = {}
    for name, share in found.items():
        if not name.strip() or not name.isprintable():
            faults.add(faults.below(path, name), "an agency needs a name that can be printed")
        shares[name] = faults.share(share, faults.below(path, name), "an agency's part")
    known = [share for share in shares.values() if share is not None]
    whole = math.fsum(known)
    if len(known) == len(shares) and abs(whole - 1) > _CLOSE:
        faults.add(path, f"the shares must add up to 1, not {whole:.6g}" if known else "no agency is named")
    if not whole or abs(whole - 1) < _NOISE:
        whole = 1.0
    return {name: (share or 0.0) / whole for name, share in shares.items()}


def _gainers(found: Mapping[str, Any], path: str, unit_cost: UnitCost | None, faults: Faults) -> dict[str, float]:
    """Who gains the fiscal value. Where there is none, nobody need be named."""
    data = found.get("agencies", {})
    if data == {} and isinstance(data, dict):
        if unit_cost is not None and unit_cost.fiscal:
            faults.add(f"{path}.agencies", "there is a fiscal value, and no agency is named that gains it")
        return {}
    return _agencies(data, f"{path}.agencies", faults) or {}


def _unit_cost(data: object, path: str, faults: Faults) -> UnitCost | None:
    found = faults.table(data, path, "the unit cost", _VALUES)
    if found is None:
        return None
    if not found:
        faults.add(path, f"the unit cost has no value; the values are {', '.join(_VALUES)}")
    read = {kind: faults.number(found[kind], f"{path}.{kind}", "a unit cost") for kind in _VALUES if kind in found}
    return UnitCost(**{kind: value or 0.0 for kind, value in read.items()})


def _words(found: Mapping[str, Any], path: str, keys: tuple[str, ...], faults: Faults) -> dict[str, str]:
    return {key: faults.text(found[key], f"{path}.{key}", f"the {key}") or "" for key in keys if key in found}


def _price_year(data: object, path: str, frame: Frame, faults: Faults) -> str | None:
    year = price_year_of(str(data)) if isinstance(data, str | int) and not isinstance(data, bool) else None
    if year is None:
        faults.add(path, f"a price year is like 2024 or 2015/16, not {described(data)}")
    elif frame.deflator is not None and frame.deflator.index(year) is None:
        faults.add(path, f"the deflator {frame.deflator.origin.name} has no {year}")
    elif frame.price_year == "":
        faults.add(path, "a price year needs the model's own price_year, at the top of the file, to be brought to")
    return year
