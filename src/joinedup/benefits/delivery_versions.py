"""A delivery model as a version of it is kept, and what two versions say differently, in words. Pure; whole pence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from joinedup.benefits.delivering import GROUPS, Year
from joinedup.benefits.pounds import in_pounds

Content = Mapping[str, Any]


def year_content(year: Year) -> dict[str, Any]:
    """What a year came to, as a version keeps it."""
    return {"groups": dict(year.groups), "paid": dict(year.paid), "unfunded": year.unfunded, "total": year.total}


def digest_of(content: Content) -> str:
    """The SHA-256 of a version's content in its one spelling."""
    spelled = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(spelled.encode()).hexdigest()


def differences(before: Content, after: Content, names: Mapping[str, str] | None = None) -> list[str]:
    """Every difference as a sentence: what it is called and says, posts, other costs, who pays which part, and what the
    years come to (which pay may change alone). `names` are the partners' by code."""
    called = names or {}
    found = [
        f"{words}: from {_said(before[key])} to {_said(after[key])}"
        for key, words in (("name", "Name"), ("words", "What it says"), ("grade", "Confidence grade"))
        if before[key] != after[key]
    ]
    found += _lines("Posts", before["staff"], after["staff"], _staff_words)
    found += _lines("Cost", before["costs"], after["costs"], _cost_words)
    found += _shares(before["shares"], after["shares"], called)
    return found + _totals(before["years"], after["years"])


def _said(value: Any) -> str:
    return f"“{value}”" if value != "" else "nothing"


def _lines(what: str, before: Iterable[Content], after: Iterable[Content], words: Any) -> list[str]:
    """Lines are what they say: one that says something else is another. Those said twice are counted."""
    old, new = [words(each) for each in before], [words(each) for each in after]
    gone, come = list(old), list(new)
    for each in new:
        if each in gone:
            gone.remove(each)
            come.remove(each)
    return [f"{what} taken out: {each}" for each in gone] + [f"{what} added: {each}" for each in come]


def _staff_words(line: Content) -> str:
    years = (
        f"year {line['first'] + 1}"
        if line["first"] == line["last"]
        else f"years {line['first'] + 1} to {line['last'] + 1}"
    )
    return f"{line['people']} {line['grade']} of {line['agency']}, {line['base']}, {line['full_time_equivalent']} full-time posts, {years}"


def _cost_words(line: Content) -> str:
    years = "; ".join(f"year {at}: {in_pounds(pence)}" for at, pence in enumerate(line["amounts"], start=1) if pence)
    return f"{line['name']} ({line['kind'].lower()}), {years}{', not funded' if line['is_unfunded'] else ''}"


def _shares(
    before: Sequence[Mapping[str, int]], after: Sequence[Mapping[str, int]], called: Mapping[str, str]
) -> list[str]:
    changed: dict[tuple[str, int, int], list[int]] = {}
    for year in range(max(len(before), len(after))):
        old, new = (each[year] if year < len(each) else {} for each in (before, after))
        for code in dict.fromkeys((*old, *new)):
            if old.get(code, 0) != new.get(code, 0):
                changed.setdefault((code, old.get(code, 0), new.get(code, 0)), []).append(year + 1)
    return [
        f"{called.get(code, code)} pays {_per_cent(new)} of {_years(years)} (it was {_per_cent(old)})"
        for (code, old, new), years in changed.items()
    ]


def _per_cent(points: int) -> str:
    return f"{points / 100:g} %"


def _years(years: Sequence[int]) -> str:
    if len(years) == 1:
        return f"year {years[0]}"
    if list(years) == list(range(years[0], years[-1] + 1)):
        return f"years {years[0]} to {years[-1]}"
    return f"years {', '.join(map(str, years[:-1]))} and {years[-1]}"


def _totals(before: Sequence[Content], after: Sequence[Content]) -> list[str]:
    found = []
    for key, words in (("total", "Cost over all years"), ("unfunded", "Not yet funded")):
        old, new = sum(each[key] for each in before), sum(each[key] for each in after)
        if old != new:
            found.append(f"{words}: from {in_pounds(old)} to {in_pounds(new)}")
    return found


def rows_beside(before: Content, after: Content, names: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Two versions beside each other over all their years: what it is, then pence in the one and in the other."""
    found = [(words, _sum(before, "groups", group), _sum(after, "groups", group)) for group, words in GROUPS.items()]
    found.append(("Cost", _sum(before, "total"), _sum(after, "total")))
    found += [
        (f"Paid by {name}", _sum(before, "paid", code), _sum(after, "paid", code)) for code, name in names.items()
    ]
    return [*found, ("Not yet funded", _sum(before, "unfunded"), _sum(after, "unfunded"))]


def _sum(content: Content, key: str, inside: str = "") -> int:
    return sum((each[key].get(inside, 0) if inside else each[key]) for each in content["years"])
