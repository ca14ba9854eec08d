"""Questions before the words of a closed case are destroyed, and before they are held past their time."""

from __future__ import annotations

from typing import Any

from joinedup.casework.codes import HOLDS
from joinedup.core.forms import DateField, Form, HiddenField, RadiosField, TextField


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


_NOBODY = "It stays for good, so name nobody"


class HoldForm(Form):
    """Which case, what for, and until when it is looked at again."""

    reference = TextField(
        label="Reference of the case", width=20, spellcheck=False, error="Enter the reference of the case",
        hint="As it stands on the case, such as C-7K3M-9QXH",
    )  # fmt: skip
    kind = RadiosField(
        label="What are the words kept for?", choices=list(HOLDS.items()), error="Choose what they are kept for"
    )
    reason = TextField(label="Which matter is it?", max_length=300, error="Say which matter it is", hint=_NOBODY)
    review_on = DateField(label="When is it looked at again?", error="Enter the day on which it is looked at again")


class ReviewHoldForm(Form):
    """Whether a hold goes on."""

    goes_on = RadiosField(
        label="Are the words still held?", choices=[("yes", "Yes, until another day"), ("no", "No, the hold ends")],
        error="Say whether they are still held", conditional={"yes": "review_on"},
    )  # fmt: skip
    review_on = DateField(label="When is it looked at again?", required=False, error="Enter the day")
    reason = TextField(label="Why?", max_length=300, error="Say why", hint=_NOBODY)
    version = HiddenField()

    def clean(self) -> dict[str, Any]:
        """A hold that goes on needs its day."""
        given = super().clean() or {}
        if given.get("goes_on") == "yes" and not given.get("review_on"):
            self.add_error("review_on", "Enter the day on which it is looked at again")
        return given
