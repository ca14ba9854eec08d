"""Forms of the administrator, of information governance and of who may change settings."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from joinedup.core.forms import (
    DateField,
    EmailField,
    Form,
    NumberField,
    TextareaField,
    TextField,
    YesNoField,
)


class OpenAccountForm(Form):
    """A new account. The password is chosen by the person, through the e-mail for a forgotten one."""

    name = TextField(label="Full name", max_length=120, error="Enter the person's full name")
    email = EmailField(label="Work email address", max_length=254, error="Enter the person's work email address")


class ReasonForm(Form):
    """Why something is ended."""

    reason = TextareaField(label="Why?", max_length=300, rows=3, error="Enter a reason")


class IssueKeyForm(Form):
    """A key for a partner's system."""

    email = EmailField(
        label="Email address of the account it acts for",
        hint="What arrives with the key counts as sent by this account, with the rights of its posts.",
        error="Enter the email address of the account",
    )
    label = TextField(
        label="Which system will use it?", hint="For example, School records at Testerfield Primary", max_length=120
    )
    last_day = DateField(label="Last day it works", hint="At most one year from today. For example, 27 3 2027")


class SettingForm(Form):
    """A new value for a setting, from a day on. The field for the value follows the kind of value the setting takes."""

    value = TextField(label="New value")
    starts_on = DateField(label="From which day?", hint="Today or later. For example, 27 3 2027")
    reason = TextareaField(label="Why?", max_length=300, rows=3, error="Enter a reason")

    def __init__(self, *args: Any, default: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _field_for(default)
        starts_on = self.fields["starts_on"]
        if isinstance(starts_on, DateField):
            starts_on.earliest = on


def _field_for(default: Any) -> Any:
    if isinstance(default, bool):
        return YesNoField(label="New value")
    if isinstance(default, int):
        return NumberField(label="New value", subject="The new value")
    if isinstance(default, str):
        return TextField(label="New value", max_length=300)
    return TextareaField(
        label="New value",
        hint="A list or table, written as JSON.",
        validator=_of_kind(type(default)),
        max_length=20_000,
    )


def _of_kind(kind: type) -> Any:
    def parse(text: str) -> Any:
        try:
            found = json.loads(text)
        except ValueError as error:
            raise ValueError(
                "That is not valid JSON. Change only the values, and keep every quotation mark."
            ) from error
        if type(found) is not kind:
            raise ValueError("Keep the shape of the present value: a list stays a list, a table a table.")
        return found

    return parse


def as_typed(value: Any) -> str:
    """A value as the form shows it for changing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
