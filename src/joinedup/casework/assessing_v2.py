"""The second version of the common assessment: as the first, and why there is no unique pupil number, and every factor that
the census takes. Pure data; once in use it is never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from joinedup.casework.assessing import Kind, Question, Section, Spec, register_spec
from joinedup.casework.assessing_codes import FACTORS, FACTORS_UNCONFIRMED, NO_FACTOR, UPN_UNKNOWN
from joinedup.casework.assessing_v1 import VERSION_1

_UPN_UNKNOWN = Question(
    "upn_unknown", "Why there is no unique pupil number", Kind.CHOICE, "Only where it is not known",
    choices=tuple(UPN_UNKNOWN.items()), instead_of="upn",
)  # fmt: skip
# “Another factor” and “None of these” stay last.
_FACTORS = tuple(sorted({**FACTORS, **FACTORS_UNCONFIRMED}.items(), key=lambda each: each[0] in {"20", NO_FACTOR}))


def _asked(section: Section) -> Section:
    """A section of the first version as the second asks it."""
    if section.code == "child":
        place = 1 + [each.code for each in section.questions].index("upn")
        return replace(section, questions=(*section.questions[:place], _UPN_UNKNOWN, *section.questions[place:]))
    if section.code == "conclusions":
        return replace(section, questions=tuple(_with_every_factor(each) for each in section.questions))
    return section


def _with_every_factor(question: Question) -> Question:
    if question.code != "factors":
        return question
    return replace(question, choices=_FACTORS, unconfirmed=tuple(FACTORS_UNCONFIRMED))


VERSION_2 = register_spec(Spec(2, date(2026, 11, 23), tuple(_asked(each) for each in VERSION_1.sections)))
