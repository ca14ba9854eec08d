"""The questions about a decision: what was decided, by whom, how each voted; and what partners and scrutiny answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.governance.codes import VOTES
from joinedup.governance.effects import Question
from joinedup.governance.queries.sitting import Member


class DecisionForm(Form):
    """What a board decided. Questions of its effect and a vote for each member who may vote are added."""

    what = TextareaField(label="What is decided?", max_length=3000, error="Say what is decided")
    why = TextareaField(label="Why?", max_length=3000, error="Say why")
    options = TextareaField(
        label="What else could have been done?", hint="The options that were considered, also doing nothing", max_length=3000,
        error="Say what else could have been done",
    )  # fmt: skip
    maker = SelectField(
        label="In whose name is it decided in law?", hint="A board of partners is mostly nobody in law: choose the body that answers for it",
        error="Choose the body in whose name this is decided",
    )  # fmt: skip
    bodies = CheckboxesField(
        label="Whose powers does it use?", required=False, hint="Each of them records its own approval"
    )

    def __init__(
        self, *args: Any, makers: Sequence[Option], questions: Iterable[Question], members: Iterable[Member],
        asks_bodies: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["maker"]).set_options(list(makers))
        if asks_bodies:
            cast(ChoiceComponent, self.fields["bodies"]).set_options([Option(each.value, each.text) for each in makers])
        else:
            del self.fields["bodies"]
        for question in questions:
            asked = SelectField(label=question.label, error=f"Choose an answer to “{question.label}”")
            asked.set_options([Option(*each) for each in question.options])
            self.fields[f"chosen_{question.name}"] = asked
        self.voters = {f"vote_{each.id.hex}": each.id for each in members}
        for each in members:
            self.fields[f"vote_{each.id.hex}"] = RadiosField(
                label=f"How did {each.name} vote?",
                choices=list(VOTES.items()),
                inline=True,
                error=f"Select how {each.name} voted",
            )

    def votes(self) -> dict[UUID, str]:
        """How each voted, by appointment."""
        return {key: self.cleaned_data[name] for name, key in self.voters.items() if self.cleaned_data.get(name)}

    def chosen(self) -> dict[str, str]:
        """The answers to the questions of the effect."""
        return {
            name.removeprefix("chosen_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("chosen_")
        }


class ApprovalForm(Form):
    """A partner’s own answer."""

    agrees = YesNoField(
        label="Does this partner approve the decision?", error="Select whether this partner approves the decision"
    )
    body = TextField(
        label="Which of its bodies answered?", hint="For example, cabinet, or the board of the trust", max_length=160,
        error="Enter which of its bodies answered",
    )  # fmt: skip
    approved_on = DateField(label="On which day?", hint="For example, 1 12 2026", error="Enter the day")
    minute = TextField(label="Under which minute?", max_length=200, error="Enter the minute")


class CallInForm(Form):
    """Why a decision is called in."""

    reason = TextareaField(
        label="Why is the decision called in?", max_length=600, error="Say why the decision is called in"
    )


class CallInAnswerForm(Form):
    """What became of a call-in."""

    is_confirmed = YesNoField(
        label="Is the decision confirmed?", hint="Otherwise it is set aside", error="Select whether it is confirmed"
    )
    words = TextareaField(label="Why?", max_length=600, error="Say why")
