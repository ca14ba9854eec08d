"""What changed between two models, in words: `Impact of “Children who do not come into care”: from 36 % to 30 %`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joinedup.benefits.case_building import label_of, whole
from joinedup.benefits.case_figures import Kind, shown
from joinedup.engines.appraisal import BadModel, model_data, read

Names = Mapping[str, str]  # what agencies are called, by their code

_KINDS = {
    "years": ("Years", Kind.YEARS), "price_year": ("Price year", Kind.PRICE_YEAR), "discount": ("Discounting", Kind.SCHEDULE),
    "deflator": ("Price index", Kind.DEFLATOR), "prevalence": ("How many have the need", Kind.PER_HUNDRED),
    "engagement": ("Engagement", Kind.PER_CENT), "retention": ("Retention", Kind.PER_CENT),
    "impact": ("Impact", Kind.PER_CENT), "deadweight": ("Deadweight", Kind.PER_CENT),
    "attribution": ("Attribution", Kind.PER_CENT), "displacement": ("Displacement", Kind.PER_CENT),
    "lag": ("Lag", Kind.YEARS), "drop_off": ("Drop-off", Kind.PER_CENT), "grade": ("Evidence", Kind.GRADE),
    "cashable": ("Cashable share", Kind.PER_CENT), "name": ("Name", Kind.WORDS), "code": ("Code", Kind.WORDS),
    "source": ("Source", Kind.WORDS), "rag": ("Rating", Kind.RATING), "caveat": ("Caveat", Kind.WORDS),
    "fiscal": ("Worth to public purses", Kind.POUNDS), "economic": ("Worth in earnings and output", Kind.POUNDS),
    "social": ("Worth in people’s lives", Kind.POUNDS),
}  # fmt: skip
_NONE = "nothing"


def differences(before: Mapping[str, Any], after: Mapping[str, Any], names: Names | None = None) -> list[str]:
    """Every difference between two models, finished or not, as a sentence; none for the same model said otherwise."""
    old, new = _settled(before), _settled(after)
    called = names or {}
    found = [line for key in ("years", "price_year", "discount", "deflator") if (line := _line(key, old, new))]
    found += _cohort(old.get("cohort", {}), new.get("cohort", {}))
    for kind in ("benefits", "costs"):
        found += _lines(kind, old.get(kind, []), new.get(kind, []), called)
    return found


def _settled(model: Mapping[str, Any]) -> dict[str, Any]:
    """The model with only what is not as usual, where it can be read; as it stands otherwise."""
    try:
        return model_data(read(whole(model)))
    except BadModel:
        return dict(whole(model))


def _line(key: str, old: Mapping[str, Any], new: Mapping[str, Any], of: str = "") -> str:
    words, kind = _KINDS[key]
    return _changed(words + (f" of “{of}”" if of else ""), kind, old.get(key), new.get(key))


def _changed(what: str, kind: Kind, old: Any, new: Any) -> str:
    if old == new:
        return ""
    one, other = shown(kind, old) or _NONE, shown(kind, new) or _NONE
    return f"{what}: from {one} to {other}"


def _cohort(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    found = _years_changed("People who join", Kind.PEOPLE, _listed(old.get("size")), _listed(new.get("size")))
    grade = _changed("Evidence of the number of people", Kind.GRADE, old.get("grade"), new.get("grade"))
    return [*found, grade] if grade else found


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _years_changed(what: str, kind: Kind, old: Sequence[Any], new: Sequence[Any]) -> list[str]:
    """The years that differ, as one sentence."""
    said = []
    for year in range(max(len(old), len(new))):
        one, other = (each[year] if year < len(each) else 0.0 for each in (old, new))
        if one != other:
            said.append(f"year {year + 1} from {shown(kind, one) or _NONE} to {shown(kind, other) or _NONE}")
    return [f"{what}: {', '.join(said)}"] if said else []


def _keyed(kind: str, lines: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], tuple[int, Mapping[str, Any]]]:
    """Lines by their code, or name, and how many of that have come before."""
    found: dict[tuple[str, int], tuple[int, Mapping[str, Any]]] = {}
    for place, line in enumerate(lines):
        words = str(line.get("code") or line.get("name") or "")
        number = 0
        while (words, number) in found:
            number += 1
        found[words, number] = (place, line)
    return found


def _lines(kind: str, old: Sequence[Any], new: Sequence[Any], names: Names) -> list[str]:
    before, after = _keyed(kind, old), _keyed(kind, new)
    noun = "Benefit" if kind == "benefits" else "Cost"
    found = [f"{noun} “{label_of(line, at, kind)}” is gone" for key, (at, line) in before.items() if key not in after]
    for key, (place, line) in after.items():
        label = label_of(line, place, kind)
        if key not in before:
            found.append(f"{noun} “{label}” is new")
            continue
        was = before[key][1]
        found += [words for name in _KINDS if name not in _TOP and (words := _line(name, was, line, label))]
        was_worth, worth = was.get("unit_cost", {}), line.get("unit_cost", {})
        found += [w for name in ("fiscal", "economic", "social") if (w := _line(name, was_worth, worth, label))]
        found += _years_changed(f"Amounts of “{label}”", Kind.POUNDS, was.get("amounts", []), line.get("amounts", []))
        found += _shares(label, was.get("agencies", {}), line.get("agencies", {}), names)
    return found


_TOP = {"years", "discount", "deflator", "fiscal", "economic", "social"}


def _shares(label: str, old: Mapping[str, Any], new: Mapping[str, Any], names: Names) -> list[str]:
    every = sorted({*old, *new})
    said = (
        _changed(f"Share of {names.get(code, code)} in “{label}”", Kind.PER_CENT, old.get(code), new.get(code))
        for code in every
    )
    return [words for words in said if words]
