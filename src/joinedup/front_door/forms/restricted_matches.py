"""A guardian's answer for a restricted record."""

from __future__ import annotations

from collections.abc import Iterable

from joinedup.core.forms import Form, RadiosField, SelectField, TextareaField
from joinedup.person_index.restricting import MATCH_ANSWERS


class MatchForm(Form):
    """Proceed, or I take it."""

    answer = RadiosField(
        label="What is your answer?",
        choices=list(MATCH_ANSWERS.items()),
        conditional={"take": "holder"},
        error="Select your answer",
    )
    holder = SelectField(
        label="Who takes the referral over?",
        hint="They may see the restricted record from now on",
        error="Choose who takes the referral over",
    )
    words = TextareaField(
        label="Why?", hint="Only guardians and information governance read this", max_length=1000, rows=3,
        error="Enter why",
    )  # fmt: skip

    def offer(self, posts: Iterable[tuple[str, str]]) -> None:
        """Who could take it."""
        chosen = list(posts)
        field = self.fields["holder"]
        if not isinstance(field, SelectField):
            raise TypeError("holder is a select")
        field.set_options(chosen)
        field.required = bool(chosen)  # a search that belongs to no referral leaves nothing to take over
