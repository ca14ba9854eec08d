"""Questions of an allocation meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from joinedup.casework.allocating import DECISIONS
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, Form, RadiosField, SelectField, TextareaField, TextField


class DecideForm(Form):
    """What is decided about one family."""

    decision = RadiosField(
        label="What is decided?", choices=list(DECISIONS.items()), error="Choose what is decided",
        conditional={"offer": "post", "hold": "hold_until"},
    )  # fmt: skip
    post = SelectField(
        label="Who is asked to lead?", required=False, error="Choose who is asked to lead",
        hint="Who leads fewest beside what they should comes first",
    )  # fmt: skip
    hold_until = DateField(label="Until which day?", required=False, error="Enter the day")
    reason = TextareaField(
        label="Why?", rows=3, max_length=2000, error="Give the reason",
        hint="Whoever is asked to lead, or to look again, reads it. Name nobody of the family.",
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Iterable[tuple[str, str]], back: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(posts)
        cast(ChoiceComponent, self.fields["post"]).set_options([("", "Choose"), *choices])
        known = {**DECISIONS, "back": back}
        names = [name for name in known if known[name] and (name != "offer" or choices)]
        cast(ChoiceComponent, self.fields["decision"]).set_options([(name, known[name]) for name in names])
        day = cast(DateField, self.fields["hold_until"])
        day.earliest, day.earliest_error = today, "The day must be after today"


class EndForm(Form):
    """Who was there, and what else was said."""

    present = TextField(label="Who was there?", max_length=500, error="Enter who was there")
    words = TextareaField(label="What else was said?", rows=5, max_length=5000, required=False)
