"""Questions of a supervision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.formats import date_long
from joinedup.core.forms import DateField, Form, RadiosField, SelectField, TextareaField, TextField

Pairs = Iterable[tuple[str, str]]


class SupervisionForm(Form):
    """What the two of them talked about, apart from families."""

    held_on = DateField(label="When did you meet?", error="Enter the day")
    discussed = TextareaField(
        label="What did you talk about?", rows=6, max_length=10_000, error="Write what you talked about",
        hint="Workload, practice, what goes well. What you say of a family goes below, to its case.",
    )  # fmt: skip
    wellbeing = TextareaField(
        label="Wellbeing",
        rows=3,
        max_length=5000,
        required=False,
        hint="Read by you two, and whoever supervises the manager",
    )
    development = TextareaField(
        label="Training and development", rows=3, max_length=5000, required=False,
        hint="Read by you two, and whoever supervises the manager",
    )  # fmt: skip
    next_on = DateField(label="When do you meet next?", error="Enter the day of the next supervision")

    def __init__(self, *args: Any, today: date, latest: date, weeks: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = cast(DateField, self.fields["held_on"])
        day.latest, day.latest_error = today, "The day must be today or in the past"
        self.fields["next_on"].help_text = f"At most {weeks} weeks later; after a meeting today by {date_long(latest)}"


class TalkedAboutForm(Form):
    """What was said about one family."""

    case = SelectField(label="Which family?", error="Choose the family")
    reflection = TextareaField(
        label="What did you think about?", rows=4, max_length=5000, error="Write what you thought about",
        hint="What is going on for each child, what helps, what you may be missing",
    )  # fmt: skip
    decision = TextareaField(label="What was decided?", rows=3, max_length=3000, error="Write what was decided")
    action = TextField(label="What is to be done?", max_length=300, required=False)
    owner = SelectField(label="Who does it?", required=False)
    due_on = DateField(label="By when?", required=False)


def let_choose(item: Form, cases: Pairs, owners: Pairs, today: date) -> None:
    """Which cases and which of the two can be chosen in one item."""
    cast(ChoiceComponent, item.fields["case"]).set_options([("", "Choose"), *cases])
    cast(ChoiceComponent, item.fields["owner"]).set_options([("", "Nobody: nothing is to be done"), *owners])
    due = cast(DateField, item.fields["due_on"])
    due.earliest, due.earliest_error = today, "The day must be today or later"


class AgreeForm(Form):
    """Whether the worker agrees."""

    answer = RadiosField(
        label="Do you agree with what is written?",
        choices=[("agreed", "Yes, I agree"), ("differs", "I see it differently")],
        error="Choose whether you agree", conditional={"differs": "words"},
    )  # fmt: skip
    words = TextareaField(
        label="How do you see it?", rows=4, max_length=5000, error="Write how you see it", hint="In your own words"
    )


class AddToSupervisionForm(Form):
    """Something put right beside a supervision."""

    words = TextareaField(
        label="What was wrong, and what is right?", rows=4, max_length=5000, error="Write what was wrong and what is right",
        hint="What was written stays above it",
    )  # fmt: skip
