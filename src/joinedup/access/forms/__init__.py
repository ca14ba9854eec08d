"""Forms of the administrator, of information governance and of who may change settings."""

from __future__ import annotations

import json
from calendar import day_name
from datetime import date
from typing import Any

from joinedup.core.errors import Refused
from joinedup.core.formats import count_noun
from joinedup.core.forms import (
    DateField,
    EmailField,
    Form,
    NumberField,
    SelectField,
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
    """A new value for a setting, from a day on. What is asked follows the kind of value the setting takes: a clock is
    asked as a number and what it counts, a table of clocks or of words line by line."""

    value = TextField(label="New value")
    starts_on = DateField(label="From which day?", hint="Today or later. For example, 27 3 2027")
    reason = TextareaField(label="Why?", max_length=300, rows=3, error="Enter a reason")

    def __init__(self, *args: Any, default: Any, present: Any, on: date, **kwargs: Any) -> None:
        initial = {"value": as_typed(present), "starts_on": on} | _parts_of(present)
        super().__init__(*args, initial=initial, **kwargs)
        self.default = default
        if parts := _fields_of(default):
            del self.fields["value"]
            self.fields = parts | self.fields
        else:
            self.fields["value"] = _field_for(default)
        starts_on = self.fields["starts_on"]
        if isinstance(starts_on, DateField):
            starts_on.earliest = on

    def clean(self) -> dict[str, Any]:
        """One value again, of the parts it was asked in."""
        told = super().clean() or {}
        parts = {name: told.pop(name, None) for name in _fields_of(self.default)}
        if parts and not self.errors:
            told["value"] = _put_together(self.default, parts)
        return told

    def refuse(self, refusal: Refused) -> None:
        """A refusal of the whole value is shown at its first part."""
        first = next(iter(_fields_of(self.default)), "value")
        self.add_error(first if refusal.field == "value" else None, refusal.sentence)


_COUNTED = {
    "WORKING_DAYS": "working day",
    "WORKING_HOURS": "working hour",
    "CLOCK_HOURS": "hour",
}
_CLOCK = {"kind", "amount"}
_KINDS = (
    ("WORKING_DAYS", "Working days"),
    ("WORKING_HOURS", "Working hours"),
    ("CLOCK_HOURS", "Hours, day and night"),
    ("NONE", "No limit"),
)


def _is_clock(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == _CLOCK


def _is_table(value: Any) -> bool:
    """True for a table of which each line is a clock, or each line is words."""
    if not isinstance(value, dict) or _is_clock(value):
        return False
    return all(_is_clock(line) for line in value.values()) or all(isinstance(line, str) for line in value.values())


def _clock_fields(name: str, label: str) -> dict[str, Any]:
    subject = label or "The time allowed"
    amount = NumberField(label=f"{label}: how long" if label else "How long", least=0, most=1000, subject=subject)
    kind = SelectField(
        label=f"{label}: counted in" if label else "Counted in", choices=_KINDS, error="Select what is counted"
    )
    return {f"{name}amount": amount, f"{name}kind": kind}


def _fields_of(default: Any) -> dict[str, Any]:
    """The fields a value is asked in when it has parts; none when it is asked as a whole."""
    if _is_clock(default):
        return _clock_fields("", "")
    fields: dict[str, Any] = {}
    for key, line in default.items() if _is_table(default) else ():
        if _is_clock(line):
            fields |= _clock_fields(f"{key}_", key.capitalize())
        else:
            fields[f"{key}_words"] = TextField(label=key.capitalize(), max_length=60)
    return fields


def _parts_of(value: Any) -> dict[str, Any]:
    if _is_clock(value):
        return {"amount": str(value["amount"]), "kind": value["kind"]}
    parts: dict[str, Any] = {}
    for key, line in value.items() if _is_table(value) else ():
        if _is_clock(line):
            parts |= {f"{key}_amount": str(line["amount"]), f"{key}_kind": line["kind"]}
        else:
            parts[f"{key}_words"] = line
    return parts


def _put_together(default: Any, parts: dict[str, Any]) -> Any:
    if _is_clock(default):
        return {"kind": parts["kind"], "amount": parts["amount"]}
    return {
        key: {"kind": parts[f"{key}_kind"], "amount": parts[f"{key}_amount"]}
        if _is_clock(line)
        else parts[f"{key}_words"]
        for key, line in default.items()
    }


def in_words(value: Any) -> str:
    """A value as people say it, on the settings page."""
    if _is_clock(value):
        unit = _COUNTED.get(value["kind"])
        return count_noun(value["amount"], unit) if unit else "No limit"
    if isinstance(value, dict):
        return "\n".join(f"{key.replace('_', ' ').capitalize()}: {_line(key, line)}" for key, line in value.items())
    return as_typed(value) or "Not set"


def _line(key: str, line: Any) -> str:
    if not isinstance(line, list):
        return in_words(line)
    said = [day_name[day] if key == "weekdays" and day in range(7) else str(day) for day in line]
    return ", ".join(said) or "none"


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
