"""What somebody fills in to decide whose record it is, and how it is safe to reach a person."""

from __future__ import annotations

from typing import Any

from joinedup.core.formats import date_long
from joinedup.core.forms import CheckboxField, Form, HiddenField, RadiosField, TextareaField, TextField
from joinedup.person_index.codes import CONTACT_WAYS
from joinedup.person_index.queries import SafeContactAdvice

_REASON_HINT = "The next person will want to follow it. For example, what you were shown, or who told you."


class LinkForm(Form):
    """A person decides that a record is somebody's."""

    reason = TextareaField(
        label="Why is this the same person?",
        hint=_REASON_HINT,
        max_length=300,
        rows=3,
        error="Enter why this is the same person",
    )
    is_sure = CheckboxField(
        label="I have compared the records above and this is the same person",
        error="Confirm that you have compared the records",
    )
    version = HiddenField()


class SeparateForm(Form):
    """A person decides that a record is not somebody's."""

    reason = TextareaField(
        label="Why is this a different person?",
        hint=_REASON_HINT,
        max_length=300,
        rows=3,
        error="Enter why this is a different person",
    )
    is_sure = CheckboxField(
        label="I have compared the records above and this is a different person",
        error="Confirm that you have compared the records",
    )
    version = HiddenField()


class LiftForm(Form):
    """A person decides that a record and a person may be linked again."""

    reason = TextareaField(
        label="Why may they be linked again?",
        hint=_REASON_HINT,
        max_length=300,
        rows=3,
        error="Enter why they may be linked again",
    )


class SafeContactForm(Form):
    """How it is safe to reach somebody, as they said it."""

    how = RadiosField(
        label="How is it safe to reach them?",
        choices=list(CONTACT_WAYS.items()),
        error="Select how it is safe to reach them",
    )
    details = TextField(
        label="Number, address or person",
        hint="The telephone number, e-mail address or the person to go through",
        max_length=254,
        required=False,
    )
    when = TextField(label="When", hint="For example, school days before 3pm", max_length=200, required=False)
    not_through = TextField(
        label="Not through", hint="Anybody who must not know, or must not take a message", max_length=300,
        required=False,
    )  # fmt: skip
    source = TextField(
        label="Who told you?", hint="For example, she said so herself by telephone", max_length=60,
        error="Enter who told you",
    )  # fmt: skip
    before: SafeContactAdvice | None = None

    def remind(self, advice: SafeContactAdvice, *, is_old: bool) -> None:
        """Show what was recorded, from whom and when. What is old is asked about in one question and never taken as
        read."""
        if not advice.is_recorded or advice.recorded_at is None:
            return
        said_by = f"From {advice.source}, {date_long(advice.recorded_at)}."
        self.before = advice
        if not is_old:
            self.fields["how"].help_text = said_by
            if not self.is_bound:
                names = ("how", "details", "when", "not_through")
                self.initial = {**{name: getattr(advice, name) for name in names}, **self.initial}
            return
        self.fields["still"] = RadiosField(
            label="Is this still right?",
            hint=f"{advice.sentence} {said_by}",
            choices=(("yes", "Yes, still right"), ("changed", "It has changed"), ("not_known", "I do not know")),
            conditional={"changed": ("how", "details", "when", "not_through")},
            error="Select whether this is still right",
        )
        self.order_fields(["still"])

    def clean(self) -> dict[str, Any]:
        """What was confirmed is recorded anew, with who confirmed it."""
        told = super().clean() or {}
        if told.get("still") == "yes" and self.before is not None:
            told |= {name: getattr(self.before, name) for name in ("how", "details", "when", "not_through")}
        return told

    @property
    def is_not_known(self) -> bool:
        """They could not say: what was recorded stays as it is, old as it is."""
        return bool(self.cleaned_data.get("still") == "not_known")
