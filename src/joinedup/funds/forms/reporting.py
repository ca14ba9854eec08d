"""The form that freezes a report."""

from __future__ import annotations

from joinedup.core.forms import Form, TextareaField


class FreezeForm(Form):
    """What stands in a report beside its figures."""

    words = TextareaField(
        label="What should the partners know?", hint="And what is done about what is over. Risks and outcomes have a page of their own",
        max_length=8000, required=False,
    )  # fmt: skip
    no_risks = TextareaField(
        label="If no risk is written down: why is there none?", max_length=1000, required=False, rows=2
    )
