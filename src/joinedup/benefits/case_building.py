"""A business case in the order a person thinks: its parts, what each asks, and where the answer stands in the appraisal
model. Pure: pages are made of it, and so is the list of what is left to do.

`answers` says a part of a model as it would be typed, `put` takes what was typed into the model. A model that is not
finished is a model with keys missing; the engine's own reader says which.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from joinedup.benefits.case_figures import Kind, said
from joinedup.engines.appraisal import BadModel, read

Data = dict[str, Any]
MOST_LINES = 60


@dataclass(frozen=True)
class Part:
    """A part of a case. `lines` names the list whose every line has a page of its own here; empty where the part is one
    page."""

    code: str
    title: str
    says: str
    lines: str = ""


PARTS = (
    Part("frame", "Years and prices", "Over how many years, at which prices, and how later years are discounted"),
    Part("who", "Who", "The people: how many join in each year, and how sure that is"),
    Part("changes", "What changes", "Each benefit: how many need it, take it up, stay and are helped", "benefits"),
    Part("sure", "How sure", "The grade of the evidence behind each benefit, and what it takes off"),
    Part("worth", "What it is worth", "What one event or year of each benefit is worth, and where the figure is from", "benefits"),
    Part("gains", "Who gains", "How each benefit’s fiscal value falls to agencies, and how much could be cashed", "benefits"),
    Part("costs", "What it costs", "Each cost in each year, and how sure it is", "costs"),
    Part("pays", "Who pays", "Which agency bears which share of each cost", "costs"),
)  # fmt: skip
PART = {part.code: part for part in PARTS}


@dataclass(frozen=True)
class Ask:
    """One question: the form field's name, its words, what it is answered with, and where in the part's record (`path`:
    keys and places) the answer stands."""

    name: str
    label: str
    kind: Kind
    path: tuple[str | int, ...]
    hint: str = ""


_CHANGES = (
    Ask("name", "What is the benefit?", Kind.WORDS, ("name",), "For example, children who do not come into care"),
    Ask(
        "code", "Code", Kind.WORDS, ("code",),
        "The code of its unit cost, such as SS1.0, or any short code. Cases that share a code share their luck when drawn.",
    ),
    Ask(
        "prevalence", "Of 100 people in the cohort, how many have the need, or how many events are there, in a year?",
        Kind.PER_HUNDRED, ("prevalence",), "May be more than 100 where one person has several events",
    ),
    Ask("engagement", "How many of them take it up?", Kind.PER_CENT, ("engagement",)),
    Ask("retention", "How many of those stay?", Kind.PER_CENT, ("retention",)),
    Ask("impact", "How many of those does it help?", Kind.PER_CENT, ("impact",)),
    Ask(
        "deadweight", "How many of those would have been helped anyway?", Kind.PER_CENT, ("deadweight",),
        "Deadweight: what would have come about without the programme",
    ),
    Ask(
        "attribution", "How much of it is this programme’s own doing?", Kind.PER_CENT, ("attribution",),
        "Attribution. Left empty, all of it",
    ),
    Ask(
        "displacement", "How much is only moved elsewhere?", Kind.PER_CENT, ("displacement",),
        "Displacement. Left empty, none",
    ),
    Ask("lag", "After how many years does it start?", Kind.YEARS, ("lag",), "Left empty, in the year people join"),
    Ask(
        "drop_off", "How much of it wears off each year after?", Kind.PER_CENT, ("drop_off",),
        "Drop-off. Left empty, none",
    ),
)  # fmt: skip
_WORTH = (
    Ask("fiscal", "Public purses", Kind.POUNDS, ("unit_cost", "fiscal"), "Fiscal: for one event or one year"),
    Ask("economic", "Earnings and output", Kind.POUNDS, ("unit_cost", "economic"), "Economic"),
    Ask("social", "People’s lives", Kind.POUNDS, ("unit_cost", "social"), "Social"),
    Ask("price_year", "At the prices of which year?", Kind.PRICE_YEAR, ("price_year",), "For example, 2024 or 2015/16"),
    Ask("source", "Where is the figure from?", Kind.WORDS, ("source",)),
    Ask("rag", "How does its source rate it?", Kind.RATING, ("rag",)),
    Ask("caveat", "What should a reader know about it?", Kind.WORDS, ("caveat",)),
)
_FRAME = (
    Ask("years", "Over how many years?", Kind.YEARS, ("years",)),
    Ask("price_year", "At the prices of which year is everything said?", Kind.PRICE_YEAR, ("price_year",)),
    Ask("discount", "How are later years discounted?", Kind.SCHEDULE, ("discount",)),
    Ask("deflator", "Which price index brings older figures there?", Kind.DEFLATOR, ("deflator",)),
)
_COHORT_GRADE = Ask("grade", "How sure is the number of people?", Kind.GRADE, ("cohort", "grade"))
_COST = (
    Ask("name", "What is it?", Kind.WORDS, ("name",), "For example, three locality teams"),
    Ask("code", "Code", Kind.WORDS, ("code",), "Any short code. Cases that share a code share their luck when drawn."),
)
_COST_GRADE = Ask("grade", "How sure are these figures?", Kind.GRADE, ("grade",))
OTHER_NAME, OTHER_SHARE = "other_agency", "other_share"


def asks(part: str, model: Mapping[str, Any], agencies: Sequence[tuple[str, str]], place: int = 0) -> tuple[Ask, ...]:
    """What a page asks. `agencies` are the programme's partners, code and name."""
    if part == "frame":
        return _FRAME
    if part == "who":
        intakes = [
            Ask(f"intake_{year}", f"Year {year + 1}", Kind.PEOPLE, ("cohort", "size", year)) for year in _years(model)
        ]
        return (*intakes, _COHORT_GRADE)
    if part == "changes":
        return _CHANGES
    if part == "sure":
        lines = model.get("benefits", [])
        return tuple(
            Ask(f"grade_{at}", label_of(line, at), Kind.GRADE, ("benefits", at, "grade"))
            for at, line in enumerate(lines)
        )
    if part == "worth":
        return _WORTH
    if part == "costs":
        amounts = [Ask(f"amount_{year}", f"Year {year + 1}", Kind.POUNDS, ("amounts", year)) for year in _years(model)]
        return (*_COST, *amounts, _COST_GRADE)
    shares = [
        Ask(f"agency_{at}", name, Kind.PER_CENT, ("agencies", code))
        for at, (code, name) in enumerate(named_agencies(model, agencies))
    ]
    cashable = Ask(
        "cashable", "How much of it could be taken out of a budget?", Kind.PER_CENT, ("cashable",), "Left empty, none"
    )
    return (*shares, cashable) if part == "gains" else tuple(shares)


def named_agencies(model: Mapping[str, Any], agencies: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The partners, then every other body the model names, by name."""
    known = {code for code, _ in agencies}
    lines = [*model.get("costs", []), *model.get("benefits", [])]
    others = {name for line in lines for name in line.get("agencies", {})} - known
    return [*agencies, *((name, name) for name in sorted(others))]


def _years(model: Mapping[str, Any]) -> range:
    years = model.get("years")
    return range(years if isinstance(years, int) and 0 < years <= MOST_LINES else 5)


def label_of(line: Mapping[str, Any], place: int, kind: str = "benefits") -> str:
    """What to call a line: its name, its code, or its number."""
    return str(line.get("name") or line.get("code") or f"{'Benefit' if kind == 'benefits' else 'Cost'} {place + 1}")


def answers(part: str, model: Mapping[str, Any], agencies: Sequence[tuple[str, str]], place: int = 0) -> dict[str, str]:
    """What a page's questions are answered with, as it would be typed."""
    record = _record(part, model, place)
    return {ask.name: _said_at(record, ask) for ask in asks(part, model, agencies, place)}


def _record(part: str, model: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    kind = PART[part].lines
    if not kind:
        return model
    lines = model.get(kind, [])
    return lines[place] if place < len(lines) else {}


def _found(record: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        if isinstance(step, int):
            if not isinstance(record, list):
                record = [record]
            record = record[step] if step < len(record) else None
        else:
            record = record.get(step) if isinstance(record, Mapping) else None
        if record is None:
            return None
    return record


def put(
    part: str, model: Mapping[str, Any], agencies: Sequence[tuple[str, str]], values: Mapping[str, Any], place: int = 0
) -> Data:
    """The model with a page's answers in it: values as `case_figures.value_of` gives them, None for what was left empty."""
    made: Data = copy.deepcopy(dict(model))
    wanted = asks(part, model, agencies, place)
    record = _record_to_fill(part, made, place)
    lists: dict[tuple[str | int, ...], list[Any]] = {}
    for ask in wanted:
        if isinstance(ask.path[-1], int):
            lists.setdefault(ask.path[:-1], []).append(values.get(ask.name))
        else:
            _set(record, ask.path, values.get(ask.name))
    for path, said_there in lists.items():
        _set(record, path, _as_list(said_there, is_whole=part == "costs"))
    name, share = values.get(OTHER_NAME), values.get(OTHER_SHARE)
    if part in {"gains", "pays"} and name and share is not None:
        _set(record, ("agencies", str(name)), share)
    return made


def _record_to_fill(part: str, made: Data, place: int) -> Data:
    kind = PART[part].lines
    if not kind:
        return made
    lines = made.setdefault(kind, [])
    if place >= len(lines):
        lines.append({})
        place = len(lines) - 1
    line: Data = lines[place]
    return line


def _as_list(values: list[Any], *, is_whole: bool) -> list[Any] | None:
    """The values of years; nought between them and, where there must be one for each year, after them."""
    if all(each is None for each in values):
        return None
    if not is_whole:
        while values[-1] is None:
            values = values[:-1]
    return [0.0 if each is None else each for each in values]


def _set(record: Data, path: tuple[str | int, ...], value: Any) -> None:
    """Set or take away what stands at a path; tables that are empty after it go too."""
    if len(path) == 1 and isinstance(path[0], str):
        if value is None or value == "":
            record.pop(path[0], None)
        else:
            record[path[0]] = value
        return
    key = path[0]
    if isinstance(key, int) or isinstance(record.get(str(key)), list):
        _set(record[str(key)][path[1]], path[2:], value)
        return
    inside = record.get(key, {})
    inside = dict(inside) if isinstance(inside, Mapping) else {}
    _set(inside, path[1:], value)
    if inside:
        record[key] = inside
    else:
        record.pop(key, None)


def without_line(model: Mapping[str, Any], kind: str, place: int) -> Data:
    """The model without one of its lines."""
    made: Data = copy.deepcopy(dict(model))
    del made[kind][place]
    return made


def mark_of(part: str, model: Mapping[str, Any], place: int = 0) -> str:
    """What a page showed, in a few letters: whether somebody else has changed it since, or put another line in its place."""
    record = _record(part, model, place)
    shown: list[Any] = [[record.get("code"), record.get("name")]] if PART[part].lines else []
    shown += [[list(ask.path), text] for ask in asks(part, model, (), place) if (text := _said_at(record, ask))]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def values(part: str, model: Mapping[str, Any], agencies: Sequence[tuple[str, str]], place: int = 0) -> dict[str, Any]:
    """What a page's questions are answered with, as the model holds it; None where nothing is."""
    record = _record(part, model, place)
    return {ask.name: _found(record, ask.path) for ask in asks(part, model, agencies, place)}


def _said_at(record: Mapping[str, Any], ask: Ask) -> str:
    return said(ask.kind, _found(record, ask.path))


# --- What is left to do, and what is wrong -----------------------------------------------------------------------------


class State(StrEnum):
    """How far a part is."""

    EMPTY = "Not started"
    BEGUN = "In progress"
    WRONG = "To mend"
    DONE = "Completed"


@dataclass(frozen=True)
class Wrong:
    """A fault and the page that mends it: the part, the line's place (None for a part of one page or for the list), and
    a sentence."""

    part: str
    place: int | None
    sentence: str
    is_missing: bool


_KEY_PARTS = {
    "benefits": {"grade": "sure", "agencies": "gains", "cashable": "gains"}
    | dict.fromkeys(("unit_cost", "price_year", "source", "rag", "caveat"), "worth"),
    "costs": {"agencies": "pays"},
}
_KEY_WORDS = {
    "code": "the code", "name": "the name", "prevalence": "how many have the need", "engagement": "how many take it up",
    "retention": "how many stay", "impact": "how many it helps", "deadweight": "how many would have been helped anyway",
    "unit_cost": "what one is worth", "grade": "how sure it is", "agencies": "whose share it is", "amounts": "what it costs",
    "lag": "when it starts", "drop_off": "how much wears off", "cashable": "how much could be cashed",
    "attribution": "attribution", "displacement": "displacement", "price_year": "the price year", "source": "the source",
    "rag": "the rating", "caveat": "the caveat", "years": "the number of years", "discount": "the discounting",
    "deflator": "the price index", "size": "how many people join", "cohort": "how many people join",
}  # fmt: skip
_PATH = re.compile(r"\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")


def whole(model: Mapping[str, Any]) -> Data:
    """The model as the engine's reader takes it: with its two lists, even where nobody has begun them."""
    return {"costs": [], "benefits": [], **model}


def faults(model: Mapping[str, Any]) -> list[Wrong]:
    """Everything that is missing or wrong, in the order of the parts."""
    found: list[Wrong] = []
    try:
        read(whole(model))
    except BadModel as bad:
        found = [_wrong(fault.path, fault.sentence, model) for fault in bad.faults]
    if not model.get("benefits"):
        found.append(Wrong("changes", None, "No benefit is said yet.", True))
    if not model.get("costs"):
        found.append(Wrong("costs", None, "No cost is said yet.", True))
    order = [part.code for part in PARTS]
    return sorted(found, key=lambda each: (order.index(each.part), each.place or 0))


def _wrong(path: str, sentence: str, model: Mapping[str, Any]) -> Wrong:
    match = _PATH.match(path)
    top, place, key = match.groups() if match else ("", None, None)
    is_missing = sentence == "this is missing"
    if top in _KEY_PARTS and place is not None:
        at = int(place)
        part = _KEY_PARTS[top].get(key or "", "changes" if top == "benefits" else "costs")
        label = label_of(model[top][at], at, top)
        words = _KEY_WORDS.get(key or "", "")
        return Wrong(part, at, _sentence(words, sentence, is_missing, f"{label}: "), is_missing)
    part = "who" if top == "cohort" else "frame"
    return Wrong(part, None, _sentence(_KEY_WORDS.get(key or top, ""), sentence, is_missing, ""), is_missing)


def _sentence(words: str, sentence: str, is_missing: bool, before: str) -> str:
    said_so = f"{words} is not said yet" if is_missing else f"{words}: {sentence}" if words else sentence
    found = f"{before}{said_so}."
    return found[:1].upper() + found[1:]


def state_of(part: Part, model: Mapping[str, Any], wrong: Sequence[Wrong]) -> State:
    """How far a part is."""
    mine = [each for each in wrong if each.part == part.code]
    if any(not each.is_missing for each in mine):
        return State.WRONG
    kind = part.lines or ("benefits" if part.code == "sure" else "")
    if kind and not model.get(kind):
        return State.EMPTY
    if not mine:
        return State.DONE
    return State.BEGUN if _is_begun(part, model) else State.EMPTY


def _is_begun(part: Part, model: Mapping[str, Any]) -> bool:
    if part.code in {"frame", "who"}:
        return bool(model.get("cohort" if part.code == "who" else "years"))
    kind = part.lines or "benefits"
    keys = {
        "changes": ("code", "name", "impact"),
        "sure": ("grade",),
        "worth": ("unit_cost",),
        "costs": ("name", "amounts"),
    }
    wanted = keys.get(part.code, ("agencies",))
    return any(key in line for line in model.get(kind, []) for key in wanted)
