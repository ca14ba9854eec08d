"""The questions about next year's budget lines."""

from __future__ import annotations

from joinedup.core.forms import Form, HiddenField, TextField
from joinedup.funds.pounds import any_amount, rate


def _rate(text: str) -> int:
    found = rate(text)
    if abs(found) > 10_000:
        raise ValueError("Enter a per cent of no more than 100.")
    return found


def _asked_of(text: str) -> int:
    found = _rate(text)
    if found < 0:
        raise ValueError("Enter how much is saved as a per cent that is not below nought.")
    return found


class RatesForm(Form):
    """Uplift and efficiency."""

    uplift = TextField(
        label="Uplift", hint="For prices and pay, such as 2.5", suffix="%", width=5, inputmode="decimal", validator=_rate,
        required=False, empty_value=None,
    )  # fmt: skip
    efficiency = TextField(
        label="Efficiency asked for", hint="What is to be saved, such as 1.5", suffix="%", width=5, inputmode="decimal",
        validator=_asked_of, required=False, empty_value=None,
    )  # fmt: skip


class NextLineForm(RatesForm):
    """How one line goes on."""

    version = HiddenField(required=False)
    planned = TextField(
        label="Planned change", hint="More, or below nought less, in pounds. Leave empty for none", prefix="£", width=10,
        inputmode="decimal", validator=any_amount, required=False, empty_value=None,
    )  # fmt: skip
    why = TextField(
        label="Why is it changed?", hint="With the decision it rests on", max_length=300, required=False
    )  # fmt: skip


class MakeForm(Form):
    """What was read, and which year it is for."""

    digest = HiddenField(required=False)
    year = HiddenField(required=False)
