"""Money as a page shows it: pounds without the pence where there are none. Pure."""

from __future__ import annotations

from joinedup.engines.money import format_pounds, parse_pounds

MOST_PENCE = 10**13
"""More than any of these funds will ever hold, and far below what a column of the database holds."""


def in_pounds(pence: int) -> str:
    """`£20,000,000`; with pence only where there are some."""
    return format_pounds(pence).removesuffix(".00")


def amount(text: str) -> int:
    """An amount as it was typed, above nought; a sentence for the person otherwise."""
    pence = any_amount(text)
    if pence <= 0:
        raise ValueError("Enter an amount above nought, such as £1,234.50.")
    return pence


def any_amount(text: str) -> int:
    """An amount that may be nought or less, up to a hundred thousand million pounds either way."""
    pence = int(parse_pounds(text))
    if abs(pence) > MOST_PENCE:
        raise ValueError(f"Enter an amount up to {in_pounds(MOST_PENCE)}.")
    return pence


def rate(text: str) -> int:
    """A per cent with up to two places, in hundredths: `2.35` or `2.35%` is 235."""
    bare = text.strip().removesuffix("%").strip()
    sign, digits = (-1, bare[1:]) if bare.startswith("-") else (1, bare)
    whole, _, part = digits.partition(".")
    if not whole.isascii() or not whole.isdigit() or len(whole) > 3 or (part and not part.isdigit()) or len(part) > 2:
        raise ValueError("Enter a per cent such as 2.35.")
    return sign * (int(whole) * 100 + int(part.ljust(2, "0") or "0"))


def pounds_number(pence: int) -> str:
    """Pounds as a plain number for a spreadsheet: `1234.50`."""
    return format_pounds(pence).replace("£", "").replace(",", "")
