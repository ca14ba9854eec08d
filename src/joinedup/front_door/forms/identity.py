"""Finding out who somebody named in a referral is."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from joinedup.core.forms import DateField, Form, PostcodeField, TextareaField, TextField
from joinedup.engines.linkage import identifiers
from joinedup.front_door.forms.people import number_of_child


class SearchForm(Form):
    """What is known of somebody. Every part is optional, and half-typed answers simply do not help yet."""

    given_name = TextField(label="First name", max_length=100, required=False, spellcheck=False)
    family_name = TextField(label="Last name", max_length=100, required=False, spellcheck=False)
    birth_date = DateField(label="Date of birth", required=False, earliest=date(1900, 1, 1))
    postcode = PostcodeField(required=False, autocomplete="off", validator=identifiers.postcode)
    number = TextField(
        label="NHS number or unique pupil number",
        max_length=20,
        required=False,
        width=20,
        spellcheck=False,
        validator=number_of_child,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            cast(Any, each).marks_optional = False  # all of them are, so saying it five times says nothing
        field = cast(DateField, self.fields["birth_date"])
        field.latest, field.latest_error = today, "The date of birth must be in the past"


class SamePersonForm(Form):
    """Why this known person is the one in the referral."""

    reason = TextField(label="Why is this the same person?", max_length=300, error="Enter why this is the same person")


class NewPersonForm(Form):
    """Entering somebody new; a reason is needed where somebody known looks like them."""

    despite = TextareaField(
        label="Why is this none of them?", max_length=300, rows=2, required=False,
        hint="Needed when somebody on this page looks very much like them",
    )  # fmt: skip


class UndoForm(Form):
    """Why somebody turned out to be somebody else."""

    reason = TextareaField(label="Why is this wrong?", max_length=300, rows=3, error="Enter why this is wrong")
