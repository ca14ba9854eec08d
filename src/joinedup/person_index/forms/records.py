"""What somebody fills in to decide whose record it is, and how it is safe to reach a person."""

from __future__ import annotations

from joinedup.core.forms import CheckboxField, Form, HiddenField, RadiosField, TextareaField, TextField
from joinedup.person_index.codes import CONTACT_WAYS

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
