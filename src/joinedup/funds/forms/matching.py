"""Forms of matching an extract by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import CheckboxesField, Form, Option, TextField


class MatchForm(Form):
    """Rows on the left, lines on the right, and why they are the same."""

    rows = CheckboxesField(label="Their rows", error="Choose at least one row on the left", small=True)
    lines = CheckboxesField(label="Lines here", error="Choose at least one line on the right", small=True)
    reason = TextField(label="Why are they the same?", max_length=300, error="Say why they are the same")

    def __init__(self, *args: Any, rows: Sequence[Option], lines: Sequence[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["rows"]).set_options(list(rows))
        cast(ChoiceComponent, self.fields["lines"]).set_options(list(lines))

    def chosen_rows(self) -> list[UUID]:
        """The rows."""
        return [UUID(each) for each in self.cleaned_data["rows"]]

    def chosen_lines(self) -> list[int]:
        """The lines."""
        return [int(each) for each in self.cleaned_data["lines"]]


class UnmatchForm(Form):
    """Why they are not the same."""

    reason = TextField(label="Why are they not the same?", max_length=300, error="Say why they are not the same")
