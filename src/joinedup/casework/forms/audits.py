"""Questions of a quality audit: drawing, what was found of each item, what must be put right, a second look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from joinedup.casework.auditing import ANSWERS, NOT_MET, PARTLY
from joinedup.casework.queries.audits import GroupSeen
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, Form, NumberField, RadiosField, SelectField, TextareaField, TextField

Pairs = Iterable[tuple[str, str]]
_EVIDENCE = "evidence_"


class DrawForm(Form):
    """Which cases are drawn, how many, and who audits them."""

    auditor = SelectField(label="Who audits them?", error="Choose who audits them", hint="Never a case they worked on")
    size = NumberField(label="How many cases?", least=1, most=20, error="Enter how many cases")
    level = SelectField(
        label="Of which level of need?", required=False,
        choices=[("", "Any"), ("2", "Level 2"), ("3", "Level 3"), ("4", "Level 4")],
    )  # fmt: skip
    lead = SelectField(label="Led by whom?", required=False)
    reason = TextareaField(
        label="What is the sample for?", rows=2, max_length=300, error="Say what the sample is for",
        hint="For example, the monthly audit",
    )  # fmt: skip

    def __init__(self, *args: Any, auditors: Pairs, leads: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["auditor"]).set_options([("", "Choose"), *auditors])
        cast(ChoiceComponent, self.fields["lead"]).set_options([("", "Anybody"), *leads])


class GroupForm(Form):
    """What was found of the items under one heading."""

    def __init__(self, *args: Any, group: GroupSeen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        for each in group.items:
            self._ask(each.item.code, f"{each.item.code}. {each.item.words}", each.item.look)
            self.initial.setdefault(each.item.code, each.answer or None)
            self.initial.setdefault(_EVIDENCE + each.item.code, each.evidence)

    def _ask(self, code: str, words: str, look: str) -> None:
        answer = RadiosField(
            label=words, hint=f"Look in: {look}" if look else "", choices=list(ANSWERS.items()), inline=True, small=True,
            required=False,
        )  # fmt: skip
        evidence = TextField(label=f"What {code} rests on", max_length=500, required=False)
        answer.marks_optional = evidence.marks_optional = False  # type: ignore[misc]
        self.fields[code], self.fields[_EVIDENCE + code] = answer, evidence

    def clean(self) -> dict[str, Any]:
        """What is partly met or not met says what it rests on."""
        said = super().clean() or {}
        for each in self.group.items:
            code = each.item.code
            if said.get(code) in {PARTLY, NOT_MET} and not said.get(_EVIDENCE + code):
                self.add_error(_EVIDENCE + code, f"Say what {code} rests on")
        return said

    def answers(self) -> dict[str, tuple[str, str]]:
        """The answers that were given, each with what it rests on."""
        return {
            each.item.code: (self.cleaned_data[each.item.code], self.cleaned_data.get(_EVIDENCE + each.item.code) or "")
            for each in self.group.items
            if self.cleaned_data.get(each.item.code)
        }


class FinishForm(Form):
    """What was good."""

    strengths = TextareaField(
        label="What is good about this work?", rows=4, max_length=5000, error="Write what is good about it"
    )


class FindingForm(Form):
    """Something that must be put right."""

    words = TextField(label="What must be put right?", max_length=250, error="Write what must be put right")
    owner = SelectField(label="Who does it?", error="Choose who does it")
    due_on = DateField(label="By when?", error="Enter the day")


class SecondForm(Form):
    """Who looks again."""

    post = SelectField(label="Who looks again?", error="Choose who looks again")

    def __init__(self, *args: Any, posts: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["post"]).set_options([("", "Choose"), *posts])


class AgainForm(Form):
    """A second look: what is seen otherwise, and why."""

    words = TextareaField(
        label="What did you look at, and why do you see it so?", rows=4, max_length=5000,
        error="Write what you looked at and why you see it so",
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Iterable[GroupSeen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in (item for group in groups for item in group.items):
            field = SelectField(
                label=f"{each.item.code}. {each.item.words}", hint=f"First: {each.label}. {each.evidence}".strip(), required=False,
                choices=[("", "As the first time"), *ANSWERS.items()],
            )  # fmt: skip
            field.marks_optional = False  # type: ignore[misc]
            self.fields[each.item.code] = field
        self.order_fields([*(name for name in self.fields if name != "words"), "words"])

    def answers(self) -> dict[str, str]:
        """What is seen otherwise."""
        return {name: answer for name, answer in self.cleaned_data.items() if name != "words" and answer}


def let_choose(item: Form, owners: Pairs, today: date) -> None:
    """Who can put something right, from which day on."""
    cast(ChoiceComponent, item.fields["owner"]).set_options([("", "Choose"), *owners])
    due = cast(DateField, item.fields["due_on"])
    due.earliest, due.earliest_error = today, "The day must be today or later"
