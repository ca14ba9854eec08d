"""The questions about money that goes from one fund to another."""

from __future__ import annotations

from joinedup.core.forms import DateField, HiddenField, RadiosField, TextField
from joinedup.funds.forms.funds import Offering
from joinedup.funds.pounds import amount


class TransferForm(Offering):
    """Money goes from one pooled fund to another of the same agreement."""

    key = HiddenField(required=False)
    to_fund = RadiosField(label="To which fund?", error="Select the fund it goes to")
    amount = TextField(
        label="How much?", prefix="£", width=20, inputmode="decimal", validator=amount, error="Enter the amount"
    )
    dated_on = DateField(
        label="On what day?", hint="A day in a month that is open in both funds", error="Enter the day"
    )
    stream = RadiosField(label="Is it ring-fenced money?", small=True, required=False)
    decision = TextField(
        label="Who agreed to it, and where is that written down?",
        hint="For example, both chief finance officers, board of 4 November 2026, minute 12",
        max_length=300,
        error="Say who agreed to it and where that is written down",
    )
