"""What is filled in before a record opens in an emergency, and when somebody reviews it."""

from __future__ import annotations

from joinedup.core.forms import CheckboxField, Form, RadiosField, TextareaField
from joinedup.person_index.forms.restrictions import WhoForm
from joinedup.person_index.restricting import OUTCOMES, REASONS


class EmergencyForm(WhoForm):
    """One child, one reason."""

    reason_code = RadiosField(
        label="Why can this not wait?", choices=list(REASONS.items()), error="Select why this cannot wait"
    )
    reason = TextareaField(
        label="What is happening?",
        hint="At least 20 characters. Somebody else reads this within one working day",
        max_length=1000,
        rows=3,
        error="Enter what is happening",
    )
    knows = CheckboxField(
        label="I know that the guardians of the record and information governance are told at once",
        error="Confirm that you know who is told",
    )


class EmergencyReviewForm(Form):
    """Somebody else's judgement."""

    outcome = RadiosField(
        label="Was it justified?", choices=list(OUTCOMES.items()), error="Select whether it was justified"
    )
    words = TextareaField(
        label="What did you find?", hint="The person who opened it reads this", max_length=1000, rows=4,
        error="Enter what you found",
    )  # fmt: skip
