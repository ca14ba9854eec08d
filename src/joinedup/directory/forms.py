"""The questions of whoever looks for a service."""

from __future__ import annotations

from joinedup.core.forms import CheckboxField, Form, NumberField, PostcodeField, SelectField, TextField
from joinedup.directory.codes import WEEKDAYS
from joinedup.directory.rules import written_postcode

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def known_shape(text: str) -> str:
    """A postcode as it is written."""
    found = written_postcode(text)
    if not found:
        raise ValueError("Enter a full postcode, like ZZ1 1SA")
    return found


class FindForm(Form):
    """What somebody looks for."""

    words = TextField(
        label="What do you need help with?",
        hint="In your own words, like: baby not sleeping",
        max_length=200,
        required=False,
    )
    postcode = PostcodeField(
        label="Your postcode",
        hint="To show what is near and open to you. We do not keep it.",
        required=False,
        validator=known_shape,
    )
    miles = SelectField(
        label="How far can you go?", required=False,
        choices=[("0", "Any distance"), ("1", "1 mile"), ("3", "3 miles"), ("5", "5 miles"), ("10", "10 miles")],
    )  # fmt: skip
    age = NumberField(label="How old is the child or young person?", least=0, most=120, width=3, required=False)
    day = SelectField(
        label="On which day?", required=False, choices=[("", "Any day"), *zip(WEEKDAYS, _DAYS, strict=True)]
    )
    is_free = CheckboxField(label="Only what is free", required=False)
