"""Asking partners, deciding on a basis, recording a judgement, an answer that came late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

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
)
from joinedup.front_door.codes import ASKING_OUTCOMES, LEVELS_OF_NEED

_LEVELS = tuple((str(level), label) for level, label in LEVELS_OF_NEED.items())


def _offer(form: Form, name: str, choices: Iterable[tuple[str, str] | Option]) -> None:
    cast(ChoiceComponent, form.fields[name]).set_options(list(choices))


class AskPartnersForm(Form):
    """One press asks every organisation chosen about everybody chosen."""

    organisations = CheckboxesField(label="Who do you ask?", label_size="m", error="Select at least one organisation")
    people = CheckboxesField(label="About whom?", label_size="m", error="Select at least one person")
    level = RadiosField(
        label="Which level of need does this look like now?", label_size="m", choices=_LEVELS,
        error="Select a level of need",
        hint="A first view. Each agreement says what may be shared at which level.",
    )  # fmt: skip
    purpose = RadiosField(label="What for?", label_size="m", error="Select what it is for")
    question = TextareaField(
        label="What do you need to know, and why?", label_size="m", max_length=1000, rows=4,
        error="Enter what you need to know and why",
        hint="Every agency you ask reads this",
    )  # fmt: skip
    why = TextareaField(
        label="Why are they asked without the family’s agreement?", label_size="m", max_length=1000, rows=3,
        error="Enter why they are asked without the family’s agreement",
    )  # fmt: skip
    news = TextareaField(
        label="What is new since you last asked?", label_size="m", max_length=1000, rows=3, required=False,
        hint="Needed to ask somebody again who has answered",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[Option],
        people: Iterable[Option],
        purposes: Iterable[tuple[str, str]],
        family_agrees: bool,
        has_answers: bool,
        why_hint: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "organisations", organisations)
        _offer(self, "people", people)
        _offer(self, "purpose", purposes)
        self.fields["why"].help_text = why_hint
        if family_agrees:
            del self.fields["why"]
        if not has_answers:
            del self.fields["news"]


class BasisForm(Form):
    """A manager names the basis on which partners are asked without the family's agreement."""

    basis = RadiosField(label="On which lawful basis?", label_size="m", error="Select a lawful basis")
    reason = TextareaField(
        label="Why is it right to ask now, without the family’s agreement?", label_size="m", max_length=1000, rows=4,
        error="Enter why it is right to ask",
        hint="Write it so that the family could read it one day",
    )  # fmt: skip

    def __init__(self, *args: Any, bases: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "basis", bases)


class NotAgreedForm(Form):
    """A manager does not agree."""

    reason = TextareaField(
        label="Why are they not to be asked?", max_length=1000, rows=3, error="Enter why they are not to be asked"
    )


class AskingReviewForm(Form):
    """What a manager makes of partners having been asked without waiting."""

    outcome = RadiosField(
        label="Was it right?",
        label_size="m",
        choices=tuple(ASKING_OUTCOMES.items()),
        error="Select whether it was right",
    )
    words = TextareaField(
        label="What did you find?", label_size="m", max_length=2000, rows=4, error="Enter what you found",
        hint="What was known when they asked, and whom you spoke to",
    )  # fmt: skip


class JudgementForm(Form):
    """How a professional judges the level of need."""

    OWN = "front_door"

    whose = RadiosField(
        label="Whose judgement is it?", label_size="m", error="Select whose judgement it is",
        choices=((OWN, "The front door’s own"), ("agency", "An agency’s, as it told us")),
        conditional={"agency": ("organisation", "said_by")},
    )  # fmt: skip
    organisation = SelectField(label="Which agency?", error="Select the agency")
    said_by = TextField(label="Who said so?", max_length=160, error="Enter who said so", hint="Name and role")
    level = RadiosField(label="Level of need", label_size="m", choices=_LEVELS, error="Select a level of need")
    words = TextareaField(
        label="What does the judgement rest on?", label_size="m", max_length=2000, rows=4,
        error="Enter what the judgement rests on",
        hint="What is seen and known, and what is thought of it",
    )  # fmt: skip
    differs_because = TextareaField(
        label="Why does yours differ from theirs?", label_size="m", max_length=2000, rows=3, required=False
    )

    def __init__(
        self, *args: Any, organisations: Iterable[tuple[str, str]], others: Iterable[tuple[str, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "organisation", organisations)
        said = ", ".join(f"{who} (level {level})" for who, level in others)
        if said:
            self.fields[
                "differs_because"
            ].help_text = f"Needed for the front door’s own where it differs. So far: {said}."
        else:
            del self.fields["differs_because"]


class WithdrawForm(Form):
    """Why a question is taken back."""

    reason = TextareaField(
        label="Why is the question withdrawn?", max_length=500, rows=3, error="Enter why the question is withdrawn",
        hint="The agency stops seeing it at once",
    )  # fmt: skip


class LateAnswerForm(Form):
    """What a partner told the front door after the decision."""

    said_by = TextField(label="Who told you?", max_length=160, error="Enter who told you", hint="Name and role")
    as_of = DateField(
        label="On which day do their records say this?", hint="For example, 27 3 2026",
        error="Enter the day their records say this",
    )  # fmt: skip
    words = TextareaField(
        label="What did they tell you?", max_length=4000, rows=6, error="Enter what they told you",
        hint="Whoever leads the work with the family is told of it",
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_of = cast(DateField, self.fields["as_of"])
        as_of.latest, as_of.latest_error = on, "The day must be today or in the past"
