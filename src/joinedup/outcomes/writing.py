"""How values and periods are written. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from joinedup.core.formats import date_long

PER_CENT = "per cent"


def number(value: Decimal | float | None, places: int, unit: str = "") -> str:
    """`6.5%`, `1,204 families`, `–` for nothing."""
    if value is None:
        return "–"
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    said = f"{exact:,}".replace("-", "−")
    return f"{said}%" if unit == PER_CENT else f"{said} {unit}".strip()


def period(starts_on: date, ends_on: date) -> str:
    """`April to June 2026`, `2025 to 2026` for a school or financial year, or both days."""
    if starts_on == ends_on:
        return date_long(ends_on)
    is_whole = starts_on.day == 1 and (ends_on + timedelta(days=1)).day == 1
    if not is_whole:
        return f"{date_long(starts_on)} to {date_long(ends_on)}"
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return f"{ends_on:%B %Y}"
    first = f"{starts_on:%B}" if starts_on.year == ends_on.year else f"{starts_on:%B %Y}"
    return f"{first} to {ends_on:%B %Y}"
