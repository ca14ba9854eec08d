"""Money as whole pence: read it, write it, and share it without losing a penny.

A sum of money is an ``int`` of pence everywhere in the program. Floating point
is never used: ``0.1 + 0.2`` is not thirty pence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NewType

Money = NewType("Money", int)
"""Whole pence; negative means money out. An ``int`` in every other respect."""

_POUNDS = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?|\.(\d{1,2})")
_HOW = "Enter an amount in pounds, such as £1,234.50."


_ECHOED = 40  # so much of what was typed is said again


def parse_pounds(text: str) -> Money:
    """Read an amount in pounds as whole pence.

    Takes what people and spreadsheets write: ``£1,234.50``, ``1234.5``, ``-12``,
    ``£-12``, and ``(12.00)`` for a negative amount.

    Raises ``ValueError``, with a sentence for the person, for anything else:
    parts of a penny, commas in odd places, two minus signs, words.
    """
    bare = re.sub(r"\s", "", text).replace("\N{MINUS SIGN}", "-")
    said = text.strip() if len(text.strip()) <= _ECHOED else f"{text.strip()[:_ECHOED]}…"
    in_brackets = bare.startswith("(") and bare.endswith(")")
    if in_brackets:
        bare = bare[1:-1]
    minus = re.match(r"£?-£?|£?", bare)
    sign = minus.group() if minus else ""
    bare = bare[len(sign) :]
    if sign.count("£") > 1 or (in_brackets and "-" in sign):
        raise ValueError(f"“{said}” is not an amount of money. {_HOW}")
    found = _POUNDS.fullmatch(bare) if bare.isascii() and len(bare) <= _ECHOED else None
    if found is None:
        if re.fullmatch(r"[\d,]*\.\d{3,}", bare):
            raise ValueError(f"“{said}” has parts of a penny. {_HOW}")
        raise ValueError(f"“{said}” is not an amount of money. {_HOW}")
    pounds = int((found.group(1) or "0").replace(",", ""))
    pence = int((found.group(2) or found.group(3) or "0").ljust(2, "0"))
    negative = in_brackets or "-" in sign
    return Money(-(pounds * 100 + pence) if negative else pounds * 100 + pence)


def format_pounds(pence: int) -> str:
    """Write whole pence as pounds: ``123450`` as ``£1,234.50``, ``-5`` as ``-£0.05``."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{pounds:,}.{rest:02d}"


def share(total_pence: int, weights: Sequence[int | Decimal | Fraction]) -> list[Money]:
    """Share a sum in proportion to weights, in whole pence, summing back exactly.

    Largest remainder (Hamilton): everyone gets the whole pence of their exact
    share, and the pennies left over go to the largest fractions, the earlier
    partner first where two are equal. A negative sum (an underspend to hand
    back) is shared as its positive would be. No share is ever a penny or more
    away from its exact value, and a weight of nought gets nothing.

    Raises ``ValueError`` for no weights, a negative weight, or weights that are
    all nought; ``TypeError`` for a float.
    """
    if any(isinstance(weight, float) for weight in weights):
        raise TypeError("Weights are whole numbers, decimals or fractions, not floats.")
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if any(weight < 0 for weight in exact):
        raise ValueError("A share cannot have a negative weight.")
    if whole == 0:
        raise ValueError("There is nobody to share the money between.")
    amount = abs(total_pence)
    shares = [amount * weight / whole for weight in exact]
    floors = [int(each) for each in shares]
    by_remainder = sorted(range(len(shares)), key=lambda place: floors[place] - shares[place])
    for place in by_remainder[: amount - sum(floors)]:
        floors[place] += 1
    return [Money(-each if total_pence < 0 else each) for each in floors]
