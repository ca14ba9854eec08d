"""What the administrator fills in to appoint somebody, and to end or extend a post."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from joinedup.access.roles import Role
from joinedup.core.forms import (
    CheckboxField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)


def start_of(day: date) -> datetime:
    """The first moment of a day in England."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def end_of(day: date) -> datetime:
    """The moment a day is over, as people mean it when they say "last day"."""
    return start_of(day + timedelta(days=1))


def part_of_full_time(text: str) -> Decimal:
    """A number such as 0.5; whether it is a possible one is a rule's to say."""
    if not re.fullmatch(r"[0-9](\.[0-9]{1,2})?", text, re.ASCII):
        raise ValueError("Hours must be a number such as 1 or 0.5")
    return Decimal(text)


class AppointForm(Form):
    """Give somebody with an account a post. The view sets what teams and employers there are."""

    email = EmailField(label="E-mail address of their account", error="Enter the e-mail address of their account")
    title = TextField(label="Title of the post", error="Enter the title of the post", max_length=120)
    role = RadiosField(
        label="What may they do here?",
        error="Select what they may do here",
        choices=[Option(role.value, role.value.replace("_", " ").capitalize(), role.sentence) for role in Role],
    )
    is_registered_social_worker = CheckboxField(
        label="Their registration as a social worker has been checked", required=False
    )
    team = SelectField(label="Team", required=False)
    employer = SelectField(label="Employer", error="Select who employs them")
    full_time_equivalent = TextField(
        label="Hours as a part of full time",
        hint="1 is full time, 0.5 is half",
        error="Enter the hours as a part of full time",
        width=5,
        initial="1",
        validator=part_of_full_time,
    )
    starts_on = DateField(label="First day", hint="For example, 1 4 2027", error="Enter the first day")
    last_day = DateField(
        label="Last day", hint="A secondment needs one: access ends with it", required=False, subject="Last day"
    )

    def offer(self, *, teams: list[tuple[str, str]], employers: list[tuple[str, str]]) -> None:
        """Set what can be chosen."""
        for name, options in (("team", teams), ("employer", employers)):
            field = self.fields[name]
            if isinstance(field, SelectField):
                field.set_options(options)


class EndPostForm(Form):
    """End a post now, or at the end of a day."""

    when = RadiosField(
        label="When does the post end?",
        error="Select when the post ends",
        choices=[
            Option("now", "Now", "Open sessions lose their access with the next click"),
            Option("day", "At the end of a day"),
        ],
        conditional={"day": "last_day"},
    )
    last_day = DateField(label="Last day", hint="For example, 31 3 2027", error="Enter the last day")
    reason = TextareaField(label="Why does it end?", max_length=300, error="Enter why the post ends")
    version = HiddenField()


class ExtendPostForm(Form):
    """Move the end of a post to a later day."""

    last_day = DateField(label="New last day", hint="For example, 31 3 2027", error="Enter the new last day")
    reason = TextareaField(label="Why is it extended?", max_length=300, error="Enter why the post is extended")
    version = HiddenField()
