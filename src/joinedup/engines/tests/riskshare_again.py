"""Risk share a second time, written apart from the engine, to compare it with. Slow, plain, and in fractions only."""

from __future__ import annotations

from fractions import Fraction
from typing import Any


def shared_again(data: dict[str, Any]) -> dict[str, int]:
    """What the command should print for a file that has no fault."""
    order = list(data["partners"])
    total = data["variance_pence"]
    name = data["method"]["name"]
    if total < 0 and name in ("capped", "tiered"):
        return _answer(order, [_linear(data, {"name": "proportional"}, total)], 0, 0)
    if name != "tiered":
        piece, nobody = _one(data, data["method"], total)
        return _answer(order, [piece], nobody, 0)
    pieces, nobody, pot, at = [], 0, 0, 0
    for tier in data["method"]["tiers"]:
        upto = total if tier["width"] is None else min(total, at + tier["width"])
        slice_, at = upto - at, upto
        if tier["method"]["name"] == "contingency":
            pot += slice_
        elif slice_ > 0:
            piece, over = _one(data, tier["method"], slice_)
            pieces.append(piece)
            nobody += over
    return _answer(order, pieces, nobody + total - at, pot)


def _answer(order: list[str], pieces: list[dict[str, int]], nobody: int, pot: int) -> dict[str, int]:
    answer = {who: sum(piece[who] for piece in pieces) for who in order}
    if pot:
        answer["contingency"] = pot
    return answer | {"unallocated": nobody}


def _one(data: dict[str, Any], method: dict[str, Any], amount: int) -> tuple[dict[str, int], int]:
    if method["name"] != "capped":
        return _linear(data, method, amount), 0
    return _filled(data["partners"], method["caps"], amount)


def _filled(weights: dict[str, int], caps: dict[str, int], amount: int) -> tuple[dict[str, int], int]:
    """Water filling: those who reach their cap at the lowest level stop first."""
    levels = sorted({Fraction(caps[who], weights[who]) for who in caps if weights[who]})
    for level in [*levels, None]:
        full = {who for who in caps if weights[who] and level is not None and Fraction(caps[who], weights[who]) < level}
        if level is None:
            full = {who for who in caps if weights[who]}
        rest = sum(weights[who] for who in weights if who not in full)
        left = amount - sum(caps[who] for who in full)
        if not rest:
            return {who: caps[who] if who in full else 0 for who in weights}, left
        reached = Fraction(left, rest)
        if level is None or reached <= level:
            exact = {who: Fraction(caps[who]) if who in full else reached * weights[who] for who in weights}
            return _penny_by_penny(exact, amount), 0
    raise AssertionError


def _linear(data: dict[str, Any], method: dict[str, Any], amount: int) -> dict[str, int]:
    total = data["variance_pence"]
    exact = {who: Fraction(0) for who in data["partners"]}

    def spread(pence: Fraction, weights: dict[str, Any]) -> None:
        for who, weight in weights.items():
            exact[who] += pence * Fraction(weight) / sum(Fraction(each) for each in weights.values())

    if method["name"] == "proportional":
        spread(Fraction(amount), data["partners"])
    elif method["name"] == "fixed":
        spread(Fraction(amount), method["shares"])
    else:
        for scheme, pence in data["by_scheme"].items():
            part = Fraction(pence) * Fraction(amount, total) if total else Fraction(pence)
            spread(part, {method["lead"][scheme]: 1} if "lead" in method else method["shares"][scheme])
    return _penny_by_penny(exact, amount)


def _penny_by_penny(exact: dict[str, Fraction], amount: int) -> dict[str, int]:
    """Whole pence towards nought, then a penny at a time to whoever is furthest from what is theirs."""
    has = {who: abs(share).__floor__() * (1 if share >= 0 else -1) for who, share in exact.items()}
    while (short := amount - sum(has.values())) != 0:
        way = 1 if short > 0 else -1
        furthest = max((exact[who] - has[who]) * way for who in has)
        first = next(who for who in has if (exact[who] - has[who]) * way == furthest)
        has[first] += way
    return has
