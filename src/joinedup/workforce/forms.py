"""The questions about training."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, Form, HiddenField, Option, RadiosField, SelectField, TextareaField, TextField
from joinedup.workforce.codes import COURSE_LABELS


class TrainingForm(Form):
    """Who completed which course, when, and with whom."""

    account = SelectField(label="Who was trained?", error="Select who was trained")
    course = RadiosField(
        label="Which course?", choices=[(code.value, label) for code, label in COURSE_LABELS.items()],
        error="Select the course",
    )  # fmt: skip
    trainer = TextField(label="Who trained them?", max_length=160, error="Enter who trained them")
    completed_on = DateField(label="When did they complete it?", hint="For example, 27 3 2026")
    valid_until = DateField(
        label="Last day it counts", required=False, hint="Leave empty for the usual time"
    )  # fmt: skip

    def __init__(self, *args: Any, people: Iterable[Option], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["account"]).set_options(list(people))
        completed = cast(DateField, self.fields["completed_on"])
        completed.latest, completed.latest_error = on, "The day must be today or in the past"


class TakeBackForm(Form):
    """Why a record of training is taken back."""

    version = HiddenField(required=False)
    reason = TextareaField(label="Why is it taken back?", max_length=300, rows=3, error="Enter why it is taken back")
