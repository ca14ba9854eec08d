"""The questions about a measure of plans."""

from __future__ import annotations

import re

from joinedup.core.forms import Form, NumberField, RadiosField, TextField
from joinedup.outcomes.codes import DIRECTION_LABELS
from joinedup.outcomes.forms import amount


def _code(text: str) -> str:
    plain = text.strip().upper()
    if not re.fullmatch(r"[A-Z0-9_-]{2,20}", plain):
        raise ValueError("Use 2 to 20 letters, digits or hyphens")
    return plain


class PlanMeasureForm(Form):
    """A measure by which outcomes in plans are measured. Its scale never changes afterwards."""

    name = TextField(label="What is measured?", max_length=120, error="Enter what is measured")
    question = TextField(
        label="What is asked?",
        max_length=200,
        hint="Such as: How often do you eat together?",
        error="Enter what is asked",
    )
    code = TextField(label="Short code", hint="Such as SLEEP", width=10, validator=_code, error="Enter a short code")
    unit = TextField(
        label="In which unit?", hint="Such as days a week", max_length=60, width=20, error="Enter the unit"
    )
    direction = RadiosField(
        label="Which way is better?", choices=[(each.value, words) for each, words in DIRECTION_LABELS.items()],
        error="Select which way is better",
    )  # fmt: skip
    least = TextField(
        label="Lowest value", required=False, validator=amount, width=10, inputmode="decimal", empty_value=None,
        hint="Leave it empty where there is none",
    )  # fmt: skip
    most = TextField(
        label="Highest value", required=False, validator=amount, width=10, inputmode="decimal", empty_value=None,
        hint="Leave it empty where there is none",
    )  # fmt: skip
    places = NumberField(label="How many digits after the point?", least=0, most=2, initial=0, error="Enter 0, 1 or 2")
