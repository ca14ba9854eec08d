"""Terms of a risk share: made from the answers on a page, kept as text, and said in words. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from joinedup.engines.riskshare import (
    Capped,
    Commissioned,
    Contingency,
    Fixed,
    Method,
    Proportional,
    Responsible,
    Tiered,
)
from joinedup.funds.pounds import in_pounds

METHODS: dict[str, str] = {
    "proportional": "By opening contributions",
    "fixed": "By fixed shares",
    "responsible": "Whoever leads a scheme bears its variance",
    "commissioned": "Each scheme as it was commissioned",
    "capped": "By opening contributions, each partner only up to a cap",
    "tiered": "In steps",
}
METHOD_HINTS: dict[str, str] = {
    "proportional": "What each partner put in when the year opened, as Salford does",
    "fixed": "Half and half, or 60 to 40",
    "responsible": "Child mental health falls on the NHS, short breaks on the council",
    "commissioned": "A joint scheme is shared as the partners commission it, as in Rotherham",
    "capped": "What is over every cap is nobody’s until the board decides",
    "tiered": "First a contingency, then half and half, then the rest, as in Tameside",
}
CONTINGENCY, EQUAL, PROPORTIONAL, BY_LEAD = "contingency", "equal", "proportional", "lead"
STEPS: dict[str, str] = {
    CONTINGENCY: "From the contingency",
    EQUAL: "In equal parts",
    PROPORTIONAL: "By opening contributions",
    BY_LEAD: "By whoever leads the scheme",
}
MOST_TIERS = 4
_ALONE = "only:"


def weight(text: str) -> Decimal:
    """A weight as somebody writes it: 60, 37.5 or 60%. Raises ``ValueError`` with a sentence."""
    plain = text.strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", plain, re.ASCII):
        raise ValueError("Enter a number from nought upwards, such as 60 or 37.5")
    return Decimal(plain)


def alone(partner: str) -> str:
    """The choice of a step that one partner bears alone."""
    return f"{_ALONE}{partner}"


def step_terms(choice: str, partners: Sequence[str], leads: Mapping[str, str]) -> dict[str, Any]:
    """The method of one step from the choice on a page."""
    if choice == CONTINGENCY:
        return {"name": "contingency"}
    if choice == EQUAL:
        return {"name": "fixed", "shares": dict.fromkeys(partners, 1)}
    if choice == BY_LEAD:
        return {"name": "responsible", "lead": dict(leads)}
    if choice.startswith(_ALONE):
        return {"name": "fixed", "shares": {choice.removeprefix(_ALONE): 1}}
    return {"name": "proportional"}


def written(data: object) -> str:
    """JSON with every number as it was written down, and keys in the order given: the order of partners settles ties."""
    if isinstance(data, Decimal):
        return f"{data:f}"
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {written(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(written(each) for each in data) + "]"
    return json.dumps(data)


def case_text(variance: int, by_scheme: Mapping[str, int], partners: Mapping[str, int], terms: str) -> str:
    """A whole case as the command reads it, with the terms in their own words."""
    known = written({"variance_pence": variance, "by_scheme": by_scheme, "partners": partners})
    return f'{known[:-1]}, "method": {terms}}}'


def in_words(method: Method | Contingency, names: Mapping[str, str]) -> list[str]:
    """A method in sentences, one for each thing it settles; `names` are those of partners and schemes by code."""

    def called(code: str) -> str:
        return names.get(code, code)

    if isinstance(method, Proportional):
        return ["In proportion to what each partner contributed when the year opened."]
    if isinstance(method, Contingency):
        return ["From the contingency."]
    if isinstance(method, Fixed):
        return [_fixed_in_words({called(code): share for code, share in method.shares.items() if share})]
    if isinstance(method, Responsible):
        return [f"{called(scheme)}: {called(partner)} bears it." for scheme, partner in method.lead.items()]
    if isinstance(method, Commissioned):
        return [
            f"{called(scheme)}: {', '.join(f'{called(code)} {_plain(share)}' for code, share in shares.items())}."
            for scheme, shares in method.shares.items()
        ]
    if isinstance(method, Capped):
        caps = [f"{called(code)} at most {in_pounds(cap)}" for code, cap in method.caps.items()]
        said = "; ".join(caps) or "nobody has a cap"
        return [
            f"In proportion to opening contributions; {said}. What is over every cap is nobody’s until the board decides."
        ]
    return [_step_in_words(method, place, names) for place in range(len(method.tiers))]


def _fixed_in_words(shares: Mapping[str, Fraction]) -> str:
    if len(shares) == 1:
        return f"{next(iter(shares))} alone."
    if len(set(shares.values())) == 1:
        return f"In equal parts: {', '.join(shares)}."
    return f"By fixed shares: {', '.join(f'{name} {_plain(share)}' for name, share in shares.items())}."


def _step_in_words(method: Tiered, place: int, names: Mapping[str, str]) -> str:
    tier = method.tiers[place]
    start = "The first" if place == 0 else "The next"
    what = "What is left" if tier.width is None else f"{start} {in_pounds(tier.width)}"
    how = " ".join(in_words(tier.method, names)).rstrip(".")
    return f"{what}: {how}."


def _plain(share: Fraction) -> str:
    return f"{Decimal(share.numerator) / Decimal(share.denominator):f}"
