"""The form that freezes a report."""

from __future__ import annotations

from joinedup.core.forms import Form, TextareaField


class FreezeForm(Form):
    """What stands in a report beside its figures."""

    words = TextareaField(
        label="What should the partners know?", hint="Risks, outcomes, and what is done about what is over", max_length=8000,
        required=False,
    )  # fmt: skip
