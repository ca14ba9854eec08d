"""What somebody fills in to seal two identities apart, and to open the file."""

from __future__ import annotations

from joinedup.core.forms import CheckboxField, DateField, Form, NHSNumberField, TextareaField, TextField

_ADDRESSES = "E-mail addresses, one on each line; at least two people"


class SealForm(Form):
    """Two identities, and who may open the file."""

    before_nhs_number = NHSNumberField(label="NHS number before the order", required=False)
    before_given_name = TextField(label="First name before the order", max_length=100, required=False)
    before_family_name = TextField(label="Last name before the order", max_length=100, required=False)
    before_birth_date = DateField(label="Date of birth before the order", is_birth_date=True, required=False)
    after_nhs_number = NHSNumberField(label="NHS number after the order", required=False)
    after_given_name = TextField(label="First name after the order", max_length=100, required=False)
    after_family_name = TextField(label="Last name after the order", max_length=100, required=False)
    after_birth_date = DateField(label="Date of birth after the order", is_birth_date=True, required=False)
    words = TextareaField(
        label="What whoever opens it has to know", hint="For example, the court, the order and whom to ring",
        max_length=2000, rows=4, error="Enter what whoever opens it has to know",
    )  # fmt: skip
    readers = TextareaField(label="Who may open the file", hint=_ADDRESSES, max_length=1000, rows=3,
                            error="Enter who may open the file")  # fmt: skip


class AgreeForm(Form):
    """The second person agrees."""

    is_sure = CheckboxField(
        label="I have seen the order, and these two identities must never be joined",
        error="Confirm that you have seen the order",
    )


class WithdrawForm(Form):
    """A named person asks for a file to be withdrawn, or agrees to it."""

    reason = TextareaField(
        label="Why should this file never have been made?",
        hint="Another person named in the file has to agree. From then on the two may be linked like any others.",
        max_length=500, rows=3, error="Enter why this file should never have been made",
    )  # fmt: skip


class OpenForm(Form):
    """A named person opens the file."""

    reason = TextareaField(
        label="Why do you open it?", hint="It is kept with your name before anything is shown.", max_length=500, rows=3,
        error="Enter why you open it",
    )  # fmt: skip
