"""The questions about risks and outcomes."""

from __future__ import annotations

from joinedup.core.forms import DateField, Form, HiddenField, RadiosField, SelectField, TextareaField, TextField
from joinedup.funds.codes import LIKELIHOODS
from joinedup.funds.forms.funds import Offering


class RiskForm(Offering):
    """One risk of a fund."""

    version = HiddenField(required=False)
    event = TextField(label="What could go wrong?", max_length=200, error="Enter what could go wrong")
    cause = TextareaField(label="Why might it?", max_length=2000, error="Say why it might")
    effect = TextareaField(
        label="What would it do?", hint="To children and families, and to the fund", max_length=2000,
        error="Say what it would do",
    )  # fmt: skip
    likelihood = RadiosField(
        label="How likely is it?", choices=list(LIKELIHOODS.items()), error="Select how likely it is", small=True
    )
    owner = SelectField(label="Who answers for it?", error="Choose who answers for it")
    action = TextareaField(label="What is done about it?", max_length=2000, error="Say what is done about it")


class RiskCloseForm(Form):
    """Why a risk is closed."""

    because = TextareaField(label="Why is it closed?", max_length=1000, error="Say why it is closed")


class OutcomeForm(Form):
    """How an aim is measured."""

    measure = TextField(
        label="What is measured?", hint="Such as families seen within five working days", max_length=200,
        error="Enter what is measured",
    )  # fmt: skip
    target = TextField(
        label="Where should it be by the end of the year?", hint="Such as 90%", max_length=200,
        error="Enter where it should be",
    )  # fmt: skip
    starts_on = DateField(
        label="Measured from which day?", hint="Reports carry it from the quarter this day lies in, also one that is over",
        error="Enter the day it is measured from",
    )  # fmt: skip


class ActualForm(Form):
    """Where a measure stands."""

    actual = TextField(label="Where does it stand?", hint="Such as 84%", max_length=200, error="Enter where it stands")
    narrative = TextareaField(
        label="What is to be said about it?", hint="Why it stands there, and what comes next", max_length=4000,
        required=False,
    )  # fmt: skip
