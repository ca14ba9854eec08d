"""What is filled in to restrict a record, to answer for it, and to say who belongs to one's own family."""

from __future__ import annotations

from joinedup.core.forms import (
    DateField,
    Form,
    NHSNumberField,
    Option,
    PostcodeField,
    RadiosField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.person_index.restricting import CATEGORIES

_ADDRESSES = "E-mail addresses, one on each line"


class WhoForm(Form):
    """Details that must fit exactly one person."""

    nhs_number = NHSNumberField(label="NHS number", required=False)
    given_name = TextField(label="First name", max_length=100, required=False)
    family_name = TextField(label="Last name", max_length=100, required=False)
    birth_date = DateField(label="Date of birth", is_birth_date=True, required=False)
    postcode = PostcodeField(label="Postcode", required=False)


class RestrictForm(WhoForm):
    """A record is restricted."""

    category = RadiosField(
        label="Why is the record restricted?",
        choices=[Option(each.code, each.name, each.sentence) for each in CATEGORIES.values()],
        error="Select why the record is restricted",
    )
    reason = TextareaField(
        label="What makes it necessary?", hint="Whoever reviews it in ninety days reads this", max_length=1000, rows=4,
        error="Enter what makes it necessary",
    )  # fmt: skip
    guardians = TextareaField(
        label="Guardians", hint=f"They are told of every search that comes upon the record. {_ADDRESSES}",
        max_length=1000, rows=3, error="Enter at least one guardian",
    )  # fmt: skip
    allowed = TextareaField(
        label="Who else may see the record",
        hint=f"Whoever works with the family now loses sight of it unless they are named. {_ADDRESSES}",
        max_length=2000,
        rows=3,
        required=False,
    )
    excluded = TextareaField(
        label="Who must not see it, whatever their post", hint=_ADDRESSES, max_length=1000, rows=2, required=False
    )


class PartyForm(Form):
    """Somebody is named as guardian, as allowed, or as excluded."""

    part = RadiosField(
        label="Where do they stand?",
        choices=[
            ("allowed", "They may see the record"),
            ("guardian", "They are a guardian"),
            ("excluded", "They must not see it, whatever their post"),
        ],
        error="Select where they stand",
    )
    address = TextField(label="Their e-mail address", max_length=254, error="Enter their e-mail address")
    reason = TextField(label="Why?", max_length=300, error="Enter why")


class ReasonForm(Form):
    """A reason, and nothing else."""

    reason = TextareaField(label="Why?", max_length=1000, rows=3, error="Enter why")


class ReviewForm(Form):
    """It is still needed."""

    words = TextareaField(
        label="Why is it still needed?", max_length=1000, rows=4, error="Enter why it is still needed"
    )


class LookAlikeForm(Form):
    """Whether an entry is the restricted person."""

    is_same = YesNoField(
        label="Is this the same person?",
        yes="Yes, keep it with the restricted record",
        no="No, it is somebody else",
        error="Select whether it is the same person",
    )
    reason = TextareaField(label="How do you know?", max_length=500, rows=3, error="Enter how you know")


class DeclareForm(Form):
    """Somebody in one's own family."""

    kind = RadiosField(
        label="Who is this?",
        choices=[("self", "Me"), ("relative", "A relative"), ("other", "Somebody else close to me")],
        error="Select who this is",
    )
    given_name = TextField(label="First name", max_length=100, error="Enter their first name")
    family_name = TextField(label="Last name", max_length=100, error="Enter their last name")
    birth_date = DateField(label="Date of birth", is_birth_date=True, required=False)
    postcode = PostcodeField(label="Postcode", required=False)


class DeclareForForm(DeclareForm):
    """The same for somebody else on the staff."""

    address = TextField(
        label="E-mail address of the member of staff", max_length=254, error="Enter their e-mail address"
    )
    kind = RadiosField(
        label="Who is this to them?",
        choices=[("self", "This is them"), ("relative", "A relative"), ("other", "Somebody close to them")],
        error="Select who this is to them",
    )
