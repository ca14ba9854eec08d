"""Asking for help for a child whom indicators list: the worry is written already, and can be changed."""

from __future__ import annotations

from joinedup.core.forms import Form, RadiosField, TextareaField
from joinedup.front_door.codes import ANSWER_LABELS, Answer

_ANSWERS = [(answer.value, label) for answer, label in ANSWER_LABELS.items()]


class ListedReferralForm(Form):
    """The worry as the indicators put it, what is hoped for, and what the family knows."""

    worry = TextareaField(
        label="What is the worry?", max_length=4000, rows=8, error="Enter what the worry is",
        hint="Written from what agencies observed. Add what you know, and take out what does not matter",
    )  # fmt: skip
    going_well = TextareaField(label="What is going well?", max_length=2000, rows=3, required=False)
    wanted = TextareaField(label="What help do you hope for?", max_length=2000, rows=3, required=False)
    family_knows = RadiosField(
        label="Does the family know that you ask?", error="Select whether the family knows", choices=_ANSWERS
    )
    family_agrees = RadiosField(
        label="Does the family agree?", error="Select whether the family agrees", choices=_ANSWERS
    )

    def answer(self, name: str) -> Answer:
        """What was chosen."""
        return Answer(self.cleaned_data[name])
