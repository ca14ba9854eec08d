"""Reading a method: which it is, and the parameters that it and no other method has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from joinedup.engines.riskshare.checking import Faults, described
from joinedup.engines.riskshare.methods import (
    Capped,
    Commissioned,
    Contingency,
    Fixed,
    Method,
    Proportional,
    Responsible,
    Simple,
    Tier,
    Tiered,
)

Sums = Mapping[str, int] | None
"""Partners or schemes with their pence; None where they could not be read, and so names cannot be checked."""


def uses_schemes(method: Method) -> bool:
    """Whether the method, or any tier of it, asks which scheme the variance arose in."""
    if isinstance(method, Tiered):
        return any(isinstance(tier.method, Responsible | Commissioned) for tier in method.tiers)
    return isinstance(method, Responsible | Commissioned)


def sharing_needs(method: Method, variance: int) -> bool:
    """Whether opening contributions are what this variance is shared by."""
    if isinstance(method, Tiered):
        return variance < 0 or any(isinstance(tier.method, Proportional | Capped) for tier in method.tiers)
    return isinstance(method, Proportional | Capped)


def read_method(data: object, path: str, partners: Sums, schemes: Sums, faults: Faults) -> Method | None:
    """Read a method, noting every fault. None where it cannot be read at all."""
    found = faults.an_object(data, path, "a method")
    if found is None:
        return None
    if "name" not in found:
        faults.add(f"{path}.name", "this is missing")
        return None
    name = found["name"]
    if name == "tiered":
        return _tiered(found, path, partners, schemes, faults)
    if name == Contingency.name:
        faults.add(f"{path}.name", "only a tier can be met from the contingency")
        return None
    return _simple(found, path, partners, schemes, faults)


def _simple(data: Mapping[str, Any], path: str, partners: Sums, schemes: Sums, faults: Faults) -> Simple | None:
    name = data["name"]
    reader = _READERS.get(name) if isinstance(name, str) else None
    if reader is None:
        known = ", ".join([*_READERS, "tiered"])
        faults.add(f"{path}.name", f"there is no method {described(name)}; the methods are {known}")
        return None
    parameter, read = reader
    keys = ("name", parameter) if parameter else ("name",)
    faults.keys(data, path, known=keys, needed=keys)
    if parameter and parameter not in data:
        return None
    return read(data.get(parameter), f"{path}.{parameter}", partners, schemes, faults)


def _proportional(_data: object, _path: str, _partners: Sums, _schemes: Sums, _faults: Faults) -> Simple:
    return Proportional()


def _fixed(data: object, path: str, partners: Sums, _schemes: Sums, faults: Faults) -> Simple | None:
    shares = _weights(data, path, partners, faults)
    return None if shares is None else Fixed(shares)


def _responsible(data: object, path: str, partners: Sums, schemes: Sums, faults: Faults) -> Simple | None:
    found = faults.an_object(data, path, "the leads of schemes")
    if found is None:
        return None
    _check_schemes(found, path, schemes, faults)
    for scheme, partner in found.items():
        here = faults.below(path, scheme)
        if not isinstance(partner, str):
            faults.add(here, f"the lead of a scheme is a partner's name, not {described(partner)}")
        elif partners is not None and partner not in partners:
            faults.add(here, f"there is no partner called {described(partner).removeprefix('the text ')}")
    return Responsible(found)


def _commissioned(data: object, path: str, partners: Sums, schemes: Sums, faults: Faults) -> Simple | None:
    found = faults.an_object(data, path, "the shares of schemes")
    if found is None:
        return None
    _check_schemes(found, path, schemes, faults)
    shares = {
        scheme: _weights(weights, faults.below(path, scheme), partners, faults) for scheme, weights in found.items()
    }
    return Commissioned({scheme: weights or {} for scheme, weights in shares.items()})


def _capped(data: object, path: str, partners: Sums, _schemes: Sums, faults: Faults) -> Simple | None:
    found = faults.an_object(data, path, "the caps")
    if found is None:
        return None
    _check_partners(found, path, partners, faults)
    caps = {name: faults.sum_from_nought(cap, faults.below(path, name), "a cap") for name, cap in found.items()}
    return Capped({name: cap or 0 for name, cap in caps.items()})


_READERS: dict[str, tuple[str, Callable[[object, str, Sums, Sums, Faults], Simple | None]]] = {
    "proportional": ("", _proportional),
    "fixed": ("shares", _fixed),
    "responsible": ("lead", _responsible),
    "commissioned": ("shares", _commissioned),
    "capped": ("caps", _capped),
}


def _tiered(data: Mapping[str, Any], path: str, partners: Sums, schemes: Sums, faults: Faults) -> Tiered | None:
    faults.keys(data, path, known=("name", "tiers"), needed=("tiers",))
    tiers = data.get("tiers", [])
    if not isinstance(tiers, list):
        faults.add(f"{path}.tiers", f"the tiers must be a list, not {described(tiers)}")
        return None
    if not tiers and "tiers" in data:
        faults.add(f"{path}.tiers", "there are no tiers")
    read = [
        _tier(tier, f"{path}.tiers[{place}]", place == len(tiers) - 1, (partners, schemes), faults)
        for place, tier in enumerate(tiers)
    ]
    return Tiered(tuple(tier for tier in read if tier is not None))


def _tier(data: object, path: str, is_last: bool, known: tuple[Sums, Sums], faults: Faults) -> Tier | None:
    found = faults.an_object(data, path, "a tier")
    if found is None:
        return None
    faults.keys(found, path, known=("width", "method"), needed=("width", "method"))
    width = None
    if found.get("width") is not None:
        width = faults.sum_from_nought(found["width"], f"{path}.width", "a tier's width")
    elif "width" in found and not is_last:
        faults.add(f"{path}.width", "only the last tier may be null, which is all that is left")
    method = _method_of_tier(found["method"], f"{path}.method", known, faults) if "method" in found else None
    return None if method is None else Tier(width, method)


def _method_of_tier(data: object, path: str, known: tuple[Sums, Sums], faults: Faults) -> Simple | Contingency | None:
    found = faults.an_object(data, path, "a method")
    if found is None:
        return None
    if "name" not in found:
        faults.add(f"{path}.name", "this is missing")
        return None
    if found["name"] == Contingency.name:
        faults.keys(found, path, known=("name",), needed=())
        return Contingency()
    if found["name"] == Tiered.name:
        faults.add(f"{path}.name", "a tier cannot be tiered itself")
        return None
    return _simple(found, path, *known, faults)


def _weights(data: object, path: str, partners: Sums, faults: Faults) -> dict[str, Fraction] | None:
    """Weights of partners, which must have a sum."""
    found = faults.an_object(data, path, "the shares")
    if found is None:
        return None
    _check_partners(found, path, partners, faults)
    weights = {name: faults.weight(weight, faults.below(path, name)) for name, weight in found.items()}
    if all(weight == 0 for weight in weights.values()):
        faults.add(path, "the weights add up to nothing, so nobody can bear a share")
    return {name: weight or Fraction(0) for name, weight in weights.items()}


def _check_partners(found: Mapping[str, Any], path: str, partners: Sums, faults: Faults) -> None:
    for name in found:
        if partners is not None and name not in partners:
            faults.add(faults.below(path, name), "there is no such partner")


def _check_schemes(found: Mapping[str, Any], path: str, schemes: Sums, faults: Faults) -> None:
    """Every scheme with a variance is named here, and no other."""
    if schemes is None:
        return
    for name in found:
        if name not in schemes:
            faults.add(faults.below(path, name), "there is no such scheme")
    for name in schemes:
        if name not in found:
            faults.add(faults.below(path, name), "this scheme is missing")
