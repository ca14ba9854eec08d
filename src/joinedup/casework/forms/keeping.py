"""Questions before the words of a closed case are destroyed."""

from __future__ import annotations

from typing import Any

from joinedup.core.forms import Form, HiddenField, TextField


class WhyForm(Form):
    """Why now."""

    reason = TextField(
        label="Why are they destroyed now?", max_length=300, error="Enter why they are destroyed now",
        hint="It stays with the audit trail, so name nobody",
    )  # fmt: skip


class ConfirmForm(Form):
    """The reference of the case, typed by whoever is sure."""

    reason = HiddenField()
    reference = TextField(
        label="Type the reference of the case", width=20, spellcheck=False, error="Type the reference"
    )

    def __init__(self, *args: Any, reference: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = reference

    def clean_reference(self) -> str:
        """It must be this case's."""
        typed = str(self.cleaned_data["reference"]).strip().upper()
        if typed != self.wanted:
            self.add_error("reference", f"Type {self.wanted}, as it stands above")
        return typed
