"""The questions of capacity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    DateField,
    FileField,
    Form,
    HiddenField,
    NumberField,
    Option,
    SelectField,
    TextareaField,
    TextField,
)


class EventFileForm(Form):
    """A file of events."""

    name = TextField(label="What is the reading called?", max_length=120, error="Enter what the reading is called")
    file = FileField(
        label="The file of events", hint="CSV with the columns case_id, family_id, activity, ts, team, worker, agency, locality, tier, outcome",
        error="Choose a file",
    )  # fmt: skip


class KeepForm(Form):
    """A scenario that is kept; what was tried travels with it."""

    query = HiddenField(required=False)
    name = TextField(label="What is the scenario called?", max_length=120, error="Enter what the scenario is called")
    words = TextareaField(label="What is it to answer?", required=False, max_length=2000)


class OfferForm(Form):
    """Words for a board."""

    words = TextareaField(
        label="What is the board to take from it?", max_length=2000, error="Say what the board is to take from it"
    )


class PhaseForm(Form):
    """A testing phase, said before it begins."""

    name = TextField(label="What is the testing phase called?", max_length=120, error="Enter what the phase is called")
    team = SelectField(label="Which team tries it?", error="Choose which team tries it")
    scenario = SelectField(label="Which scenario predicts it?", required=False)
    cohort_limit = NumberField(
        label="With how many families?", least=6, most=500, hint="50 is usual", error="Enter with how many families"
    )
    starts_on = DateField(label="When does it start?", hint="For example, 1 2 2027", error="Enter when it starts")
    comparison = TextareaField(
        label="What will it be compared with?", max_length=2000, error="Say what it will be compared with",
        hint="Such as the same team’s families of the year before.",
    )  # fmt: skip
    must_hold = TextareaField(
        label="What must hold before it is scaled?", max_length=2000, error="Say what must hold before it is scaled"
    )
    continuity_percent = NumberField(
        label="Below what share who keep their lead professional does intake stop?", suffix="%", least=0, most=100,
        error="Enter a percentage",
    )  # fmt: skip

    def __init__(
        self, *args: Any, teams: Iterable[Option] = (), scenarios: Iterable[Option] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["team"]).set_options(list(teams))
        cast(ChoiceComponent, self.fields["scenario"]).set_options(list(scenarios))


class IncidentForm(Form):
    """A serious incident."""

    happened_on = DateField(label="When did it happen?", error="Enter when it happened")
    words = TextareaField(
        label="What happened, without naming anybody?", max_length=400, error="Say what happened", rows=3
    )


class ReasonForm(Form):
    """Why."""

    reason = TextareaField(label="Why?", max_length=500, error="Say why", rows=3)
