"""Deciding about what the linkage model proposes: the rules, the short list of reasons and the sentences people read.
Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from joinedup.core.formats import age_years
from joinedup.person_index.rules import Rule

_LOCAL = "local: the partnership's linkage rules"

LR_1 = Rule("LR-1", "Choose a reason from the list, and say it in your own words where it is another one.", _LOCAL)
LR_2 = Rule("LR-2", "You asked for a second opinion on this, so somebody else has to decide.", _LOCAL)
LR_3 = Rule("LR-3", "Somebody has decided about this already, or it is no longer a question.", _LOCAL)
LR_4 = Rule("LR-4", "Something was decided about these people since, so this cannot simply be taken back.", _LOCAL)
LR_5 = Rule("LR-5", "There is no decision of yours to take back.", _LOCAL)
LR_6 = Rule(
    "LR-6",
    "We were told two different things of them: two dates of birth, NHS numbers, pupil numbers or sexes. Put right "
    "which holds on one of the entries first, keep them apart or ask for a second opinion.",
    _LOCAL,
)
LR_7 = Rule(
    "LR-7", "That is no linkage model that this version can read, or there is one of that name already.", _LOCAL
)

RULES: tuple[Rule, ...] = (LR_1, LR_2, LR_3, LR_4, LR_5, LR_6, LR_7)

LINK, APART, SECOND = "link", "apart", "second"
OUTCOMES = {LINK: "Linked", APART: "Kept apart", SECOND: "Second opinion asked"}

# Reason code: (sentence, the outcomes it can be given for).
REASONS: dict[str, tuple[str, frozenset[str]]] = {
    "same_details": ("The details agree", frozenset({LINK})),
    "changed_name": ("The name changed: marriage, adoption, known as", frozenset({LINK})),
    "typing": ("A slip of typing in one record", frozenset({LINK})),
    "asked_agency": ("An agency was asked and confirmed it", frozenset({LINK, APART})),
    "asked_family": ("The family said so", frozenset({LINK, APART})),
    "twin": ("Twins, or brothers and sisters", frozenset({APART})),
    "parent": ("Parent and child of one name", frozenset({APART})),
    "other_person": ("Different people who look alike on paper", frozenset({APART})),
    "too_little": ("There is too little to go by", frozenset({APART, SECOND})),
    "contradiction": ("The records contradict each other", frozenset({APART, SECOND})),
    "not_sure": ("I am not sure", frozenset({SECOND})),
    "other": ("Another reason", frozenset({LINK, APART, SECOND})),
}

KINDS = {
    "possible": "Possible match",
    "conflict": "Contradiction",
    "broken": "May be two people",
    "change": "The model says otherwise now",
}
FLAGS = {
    "nhs_numbers": "Two NHS numbers",
    "upns": "Two pupil numbers",
    "birth_dates": "Dates of birth that cannot be one person’s",
    "bridge": "One record alone holds two groups of records together",
    "twins": "May be twins",
}
URGENCIES = {0: "Open referral or case", 1: "Child", 2: "Adult"}
_ADULT = 18


def reason_in_words(code: str, words: str, outcome: str) -> str | None:
    """The reason as it is kept, or None where it is none: not on the list, or another one without words."""
    known = REASONS.get(code)
    said = " ".join(words.split())
    if known is None or outcome not in known[1] or (code == "other" and not said):
        return None
    return f"{said}."[:300].replace("..", ".") if code == "other" else f"{known[0]}{f': {said}' if said else ''}."[:300]


# What somebody can only have one of. A date of birth that was a guess contradicts nothing.
_ONLY_ONE = ("birth_date", "nhs_number", "upn", "sex")


def is_told_otherwise(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether what we were told of two entries cannot be true of one person."""
    is_guess = one.get("is_birth_date_estimated") or other.get("is_birth_date_estimated")
    return any(
        one.get(name) and other.get(name) and one[name] != other[name]
        for name in _ONLY_ONE
        if not (name == "birth_date" and is_guess)
    )


def told_together(stays: Mapping[str, Any], goes: Mapping[str, Any]) -> dict[str, Any]:
    """What we were told of two entries that are one person: what stays, and what only the other said. A date of birth
    that is known comes before one that was a guess."""
    found = {**goes, **stays}
    if stays.get("is_birth_date_estimated") and goes.get("birth_date") and not goes.get("is_birth_date_estimated"):
        found["birth_date"] = goes["birth_date"]
    known = any(each.get("birth_date") and not each.get("is_birth_date_estimated") for each in (stays, goes))
    if known:
        found.pop("is_birth_date_estimated", None)
    return found


def urgency(birth_dates: list[date | None], *, is_open_work: bool, on: date) -> int:
    """0 where somebody works with either of them now, 1 where either is under eighteen or of unknown age, else 2. A
    pair comes before another because of the child, never because of the score."""
    if is_open_work:
        return 0
    return 1 if any(born is None or age_years(born, on) < _ADULT for born in birth_dates) else 2
