"""Reading a case from JSON, and saying everything that is wrong with it, each fault with its path."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from joinedup.engines.riskshare.checking import Faults, NoNumber, Repeated
from joinedup.engines.riskshare.methods import RESERVED, Case, Method, Tiered
from joinedup.engines.riskshare.reading_methods import read_method, sharing_needs, uses_schemes

_KEYS = ("variance_pence", "by_scheme", "partners", "method")
_MOST_LETTERS = 100  # of a number


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a path such as ``$.method.tiers[1].width``."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


class BadCase(ValueError):
    """The case cannot be shared out; `faults` says everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def read_text(text: str | bytes) -> Case:
    """Read a case from the text of a JSON file. Raises ``BadCase``."""
    return read(_parsed(text))


def read(data: object) -> Case:
    """Read a case from JSON already parsed (numbers with a point as ``Decimal``). Raises ``BadCase``."""
    faults = Faults()
    case = _case(data, faults)
    if case is None or faults.found:
        raise BadCase([Fault(path, sentence) for path, sentence in faults.found])
    return case


def method_of(data: object, partners: Mapping[str, int], schemes: Mapping[str, int]) -> Method:
    """Read a method alone, for a rule that is kept before there is a variance to share. Raises ``BadCase``."""
    faults = Faults()
    method = read_method(data, "$.method", partners, schemes, faults)
    if method is None or faults.found:
        raise BadCase([Fault(path, sentence) for path, sentence in faults.found])
    return method


def _case(data: object, faults: Faults) -> Case | None:
    top = faults.an_object(data, "$", "the case")
    if top is None:
        return None
    faults.keys(top, "$", known=_KEYS, needed=("variance_pence", "partners", "method"))
    variance = faults.pence(top["variance_pence"], "$.variance_pence") if "variance_pence" in top else None
    by_scheme, all_schemes = _sums(top.get("by_scheme", {}), "$.by_scheme", "schemes", faults)
    partners, all_partners = (
        _sums(top["partners"], "$.partners", "partners", faults) if "partners" in top else (None, False)
    )
    if partners is not None:
        _check_partners(partners, faults)
    # Under tiers, what is not an overspend is shared by opening contributions: the schemes are not asked.
    asks_schemes = variance is None or variance > 0 or not _is_tiered(top.get("method"))
    schemes = by_scheme if asks_schemes else None
    method = read_method(top["method"], "$.method", partners, schemes, faults) if "method" in top else None
    if variance is None or by_scheme is None or partners is None or method is None:
        return None
    if asks_schemes and uses_schemes(method) and all_schemes and sum(by_scheme.values()) != variance:
        faults.add(
            "$.by_scheme",
            f"the schemes add up to {sum(by_scheme.values())}, not to the variance of {variance},"
            " and the method shares scheme by scheme",
        )
    if variance and sharing_needs(method, variance) and partners and all_partners and not any(partners.values()):
        faults.add("$.partners", "the opening contributions add up to nothing, so nobody can bear a share")
    return Case(variance, by_scheme, partners, method)


def _is_tiered(method: object) -> bool:
    return isinstance(method, dict) and method.get("name") == Tiered.name


def _sums(data: object, path: str, what: str, faults: Faults) -> tuple[dict[str, int] | None, bool]:
    """Names with whole pence beside each, and whether all of them could be read. What could not counts as nought."""
    found = faults.an_object(data, path, f"the {what}")
    if found is None:
        return None, False
    for name in found:
        faults.name(name, path, what)
    read = {name: faults.pence(pence, faults.below(path, name)) for name, pence in found.items()}
    return {name: pence or 0 for name, pence in read.items()}, None not in read.values()


def _check_partners(partners: Mapping[str, int], faults: Faults) -> None:
    if not partners:
        faults.add("$.partners", "there are no partners")
    for name, pence in partners.items():
        if name.strip().casefold() in RESERVED:
            faults.add(faults.below("$.partners", name), f"no partner may be called {name.strip().casefold()}")
        if pence < 0:
            faults.add(faults.below("$.partners", name), "a contribution cannot be less than nought")


def _parsed(text: str | bytes) -> Any:
    """Parse JSON without losing a digit or a repeated key."""
    try:
        words = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(
            words, parse_int=_whole, parse_float=_decimal, parse_constant=NoNumber, object_pairs_hook=_pairs
        )
    except UnicodeDecodeError as wrong:
        _refuse(f"the file is not UTF-8 text (byte {wrong.start + 1})")
    except json.JSONDecodeError as wrong:
        _refuse(f"the file is not JSON: {wrong.msg} (line {wrong.lineno}, column {wrong.colno})")
    except RecursionError:
        _refuse("the file is nested too deeply")


def _refuse(sentence: str) -> NoReturn:
    raise BadCase([Fault("$", sentence)]) from None


def _whole(digits: str) -> int | NoNumber:
    return NoNumber("a number with too many digits") if len(digits) > _MOST_LETTERS else int(digits)


def _decimal(digits: str) -> Decimal | NoNumber:
    # Ten to the billionth is eleven characters here and a gigabyte in a sum.
    exponent = re.search(r"[eE]([+-]?\d+)$", digits)
    if len(digits) > _MOST_LETTERS or (exponent and (len(exponent[1]) > 4 or abs(int(exponent[1])) > _MOST_LETTERS)):
        return NoNumber("a number with too many digits")
    return Decimal(digits)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    return Repeated(found, sorted({name for name in names if names.count(name) > 1}))
