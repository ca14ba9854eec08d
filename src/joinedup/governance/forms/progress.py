"""The questions about the framework and the reports on it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    FileField,
    Form,
    HiddenField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.governance.forms.boards import Offers
from joinedup.governance.framework_colours import COLOURS


def bound(text: str) -> Decimal:
    """A bound of a band: a plain number with at most two digits after the point."""
    try:
        found = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation as fault:
        raise ValueError("Enter a number, such as 80 or 2.5") from fault
    if not found.is_finite() or found != round(found, 2) or abs(found) >= Decimal(10) ** 13:
        raise ValueError("Enter a number with at most two digits after the point")
    return found


class ElementForm(Offers):
    """An element."""

    version = HiddenField(required=False)
    layer = SelectField(label="Which layer is it in?", error="Choose which layer it is in")
    letter = TextField(label="Under which letter?", max_length=3, width=3, error="Enter its letter")
    name = TextField(label="What is it called?", max_length=160, error="Enter what it is called")
    words = TextareaField(label="What is asked for?", max_length=2000, required=False)
    figures = CheckboxesField(label="Which figures speak for it?", required=False)
    judged = TextareaField(label="What does somebody judge besides?", max_length=1000, required=False)
    owner = SelectField(label="Who answers for it?", required=False)


class BandForm(Offers):
    """A band."""

    board = SelectField(label="Which board set it?", error="Choose which board set it")
    figure = RadiosField(label="Which figure?", error="Select which figure")
    green_from = TextField(label="From which value is it green?", hint="Pounds in whole pence", width=10, inputmode="decimal", validator=bound, error="Enter from which value it is green")  # fmt: skip
    amber_from = TextField(label="From which value is it amber?", width=10, inputmode="decimal", validator=bound, error="Enter from which value it is amber")  # fmt: skip
    source = TextField(label="Where did the board set it?", hint="The meeting and the minute", max_length=300, error="Say where the board set it")  # fmt: skip
    starts_on = DateField(label="For periods from which day?", hint="Today or later", error="Enter from which day")


class ReportForm(Offers):
    """A report that is begun."""

    board = SelectField(label="To which board is it owed?", error="Choose to which board it is owed")
    title = TextField(label="What is it called?", max_length=160, error="Enter what it is called")
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026", error="Enter from which day")
    ends_on = DateField(label="To which day?", hint="For example, 30 9 2026", error="Enter to which day")


class TextsForm(Form):
    """What a report says besides its table."""

    version = HiddenField(required=False)
    purpose = TextareaField(label="Purpose of the report", max_length=6000, required=False)
    background = TextareaField(label="Background", max_length=6000, required=False)
    environmental = TextareaField(label="Environmental impact of the proposal", max_length=6000, required=False)
    risks = TextareaField(
        label="Risk assessment", hint="The risk register is added beneath", max_length=6000, required=False
    )
    financial = TextareaField(label="Financial implications", max_length=6000, required=False)
    options = TextareaField(label="Options considered", max_length=6000, required=False)
    proposal = TextareaField(label="Proposal", max_length=6000, required=False)


class EntryForm(Form):
    """What a report says of an element."""

    version = HiddenField(required=False)
    done = TextareaField(label="What have we done?", max_length=4000, required=False)
    remains = TextareaField(label="What remains to be done?", max_length=4000, required=False)
    compared = TextareaField(label="How do we compare with others?", max_length=3000, required=False)
    colour = RadiosField(label="How near to completion are we?", choices=list(COLOURS.items()), required=False)
    reason = TextareaField(
        label="Why that colour?", hint="Of two colours, why the first", max_length=2000, required=False
    )
    second_reason = TextareaField(label="Of two colours, why the second?", max_length=2000, required=False)


class SignForm(Form):
    """Why a colour stands outside its bands."""

    words = TextareaField(label="Why does the colour stand?", max_length=2000, error="Say why the colour stands")


class ImportForm(Form):
    """A file with what others published."""

    file = FileField(label="The file", hint="CSV, a workbook, or JSON as this program writes it")
    source = TextField(label="Where does it come from?", hint="For example, the page it is published on", max_length=300, required=False)  # fmt: skip
