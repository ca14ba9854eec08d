"""Money as the pages of programmes show it and read it: pounds without the pence where there are none. Pure."""

from __future__ import annotations

from joinedup.engines.money import format_pounds, parse_pounds


def in_pounds(pence: int) -> str:
    """`£20,000,000`; with pence only where there are some."""
    return format_pounds(pence).removesuffix(".00")


def in_whole(pence: int) -> str:
    """For what is forecast, where pence would say more than anybody knows: `£1,235`."""
    pounds = (abs(pence) + 50) // 100
    return f"{'-' if pence < 0 and pounds else ''}£{pounds:,}"


def in_short(pence: int) -> str:
    """For a headline: `£1.24m` or `£85k`, in full below a thousand pounds."""
    sign, size = ("-" if pence < 0 else ""), abs(pence)
    if size >= 100_000_000:
        return f"{sign}£{_trimmed(size, 100_000_000, 2)}m"
    if size >= 10_000_000:
        return f"{sign}£{_trimmed(size, 100_000, 0)}k"
    return in_pounds(pence)


def _trimmed(pence: int, unit: int, places: int) -> str:
    step = unit // 10**places
    whole, part = divmod((pence + step // 2) // step, 10**places)
    tail = f".{part:0{places}d}".rstrip("0").rstrip(".") if places else ""
    return f"{whole:,}{tail}"


def amount(text: str) -> int:
    """An amount as it was typed, nought or more; a sentence for the person otherwise."""
    pence = parse_pounds(text)
    if pence < 0:
        raise ValueError("Enter an amount of nought or more, such as £1,234.50.")
    return int(pence)


def any_amount(text: str) -> int:
    """An amount that may be less than nought."""
    return int(parse_pounds(text))


def marking_of(is_illustration: bool) -> str:
    """What stands on every sheet of a document, so that no sheet of invented figures is taken for real ones on its own."""
    return "OFFICIAL. Illustration: inputs invented" if is_illustration else "OFFICIAL"
