"""The questions of one section of an assessment, made from the spec: nothing is asked that the spec does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from joinedup.casework.assessing import Kind, Question, as_typed
from joinedup.casework.queries import SectionSeen
from joinedup.core.errors import Refused
from joinedup.core.formats import date_long
from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)

_STILL = "still_"
RIGHT, DIFFERENT = "yes", "changed"
_MANY = 6


class SectionForm(Form):
    """One section. A short value that is known already is asked as “is this right?” and takes one key to accept."""

    version = HiddenField(required=False)

    def __init__(self, *args: Any, section: SectionSeen, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        for question in section.spec.questions:
            self._ask(question, on)

    def _ask(self, question: Question, on: date) -> None:
        known = self.section.known.get(question.code)
        is_waiting = known is not None and question.code not in self.section.settled
        field = _field(question, _source(known) if known and not (is_waiting and question.is_fact) else "", on, self)
        if known is not None and is_waiting and question.is_fact:
            value = question.label_of(known["value"])
            still = RadiosField(
                label=question.label, hint=f"{value}. {_source(known)}", required=False, inline=True, small=True,
                choices=[(RIGHT, "This is right"), (DIFFERENT, "It is different")],
                conditional={DIFFERENT: question.code},
            )  # fmt: skip
            still.marks_optional = False  # type: ignore[misc]
            self.fields[_STILL + question.code] = still
            field.label = f"{question.label}: what is right?"
        self.fields[question.code] = field
        held = self.section.answers.get(question.code)
        if held in (None, "", []) and known is not None and is_waiting and not question.is_fact:
            held = known["value"]
        if held not in (None, "", []):
            self.initial.setdefault(question.code, _initial(question, held))

    @property
    def seen_version(self) -> int:
        """The version of the section the person was looking at."""
        sent = str(self.cleaned_data.get("version") or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0

    def answers(self) -> dict[str, Any]:
        """What was answered, as the service takes it. A known value that nobody has looked at is left out."""
        said: dict[str, Any] = {}
        for question in self.section.spec.questions:
            chosen = self.cleaned_data.get(_STILL + question.code)
            if _STILL + question.code in self.fields and chosen != DIFFERENT:
                if chosen == RIGHT:
                    said[question.code] = self.section.known[question.code]["value"]
                continue
            said[question.code] = self.cleaned_data.get(question.code)
        return said

    def refuse(self, refusal: Refused) -> None:
        """Show every fault at its own field."""
        faults = refusal.extra.get("faults")
        if not faults:
            super().refuse(refusal)
            return
        for fault in faults:
            self.add_error(fault["field"] if fault["field"] in self.fields else None, fault["sentence"])


def accepting_all(data: Any, section: SectionSeen) -> Any:
    """What was sent, with every known value that nobody answered about taken as right."""
    chosen = data.copy()
    for code in section.known:
        if code not in section.settled and not chosen.get(_STILL + code):
            chosen[_STILL + code] = RIGHT
    return chosen


def _source(known: Mapping[str, Any]) -> str:
    return f"From {known['source']}, {date_long(date.fromisoformat(known['said_on']))}."


def _initial(question: Question, held: Any) -> Any:
    if question.kind is Kind.DAY:
        return date.fromisoformat(held)
    return held if question.kind is Kind.CHOICES else as_typed(question, held)


def _field(question: Question, source: str, on: date, form: SectionForm) -> forms.Field:
    hint = ". ".join(part for part in (question.hint, source) if part)
    about: dict[str, Any] = {"label": question.label, "hint": hint, "required": False}
    made: Any
    if question.kind is Kind.LINE:
        made = TextField(max_length=300, **about)
    elif question.kind is Kind.WORDS:
        made = TextareaField(max_length=question.most, rows=4, **about)
    elif question.kind is Kind.DAY:
        made = DateField(latest=on if question.code in {"seen_on", "birth_date"} else None, **about)
    elif question.kind is Kind.SCORE:
        made = RadiosField(small=True, choices=_scores(question, form.section), **about)
    elif question.kind is Kind.CHOICES:
        made = CheckboxesField(small=True, choices=list(question.offered), **about)
    elif len(question.choices) > _MANY:
        made = SelectField(choices=[("", "Choose one"), *question.offered], **about)
    else:
        made = RadiosField(choices=list(question.offered), inline=len(question.choices) <= 3, **about)
    made.marks_optional = False
    found: forms.Field = made
    return found


def _scores(question: Question, section: SectionSeen) -> list[Option]:
    element = section.spec.element
    words = {str(score): text for score, text in element.anchors} if element else {}
    return [Option(value, text, words.get(value, "")) for value, text in question.choices]
