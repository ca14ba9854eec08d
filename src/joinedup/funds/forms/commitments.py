"""The questions about what becomes of a promise, about budgets passed on or handed back, and about more than is left."""

from __future__ import annotations

from joinedup.core.forms import DateField, Form, RadiosField, SelectField, TextField
from joinedup.funds.forms.funds import Offering
from joinedup.funds.pounds import amount, any_amount
from joinedup.funds.spending_kinds import SPENDING_KINDS
from joinedup.funds.vat import VAT_CODES

_DAY = "For example, 27 10 2026"


class ReleaseForm(Form):
    """What was promised is not needed."""

    reason = TextField(label="Why is it not needed?", max_length=200, error="Say why it is not needed")


class BoughtForm(Form):
    """What was promised is bought."""

    supplier = TextField(label="Where was it bought?", max_length=160, error="Enter where it was bought")
    invoice = TextField(
        label="Number of the invoice or receipt",
        max_length=60,
        width=20,
        error="Enter the number of the invoice or receipt",
    )
    bought_on = DateField(label="Date of the invoice or receipt", hint=_DAY, error="Enter the date")
    net = TextField(
        label="Amount without VAT", hint="Where the receipt shows no VAT, the whole amount", prefix="£", width=10,
        inputmode="decimal", validator=amount, error="Enter the amount",
    )  # fmt: skip
    kind = RadiosField(
        label="Which kind of spending is it?", choices=[(each.value, words) for each, words in SPENDING_KINDS.items()],
        small=True, error="Select which kind of spending it is",
    )  # fmt: skip
    vat_code = RadiosField(label="VAT", choices=list(VAT_CODES.items()), small=True, error="Select the VAT")
    vat = TextField(
        label="VAT on it", hint="Leave empty to have it worked out", prefix="£", width=10, inputmode="decimal", required=False,
        validator=any_amount, empty_value=None,
    )  # fmt: skip


class OverForm(Form):
    """More may be spent on a line than is left of it."""

    amount = TextField(
        label="How much over the budget is allowed?", prefix="£", width=12, inputmode="decimal", validator=amount,
        error="Enter how much is allowed",
    )  # fmt: skip
    reason = TextField(label="Why?", hint="It stands on the fund’s page", max_length=500, error="Say why")
    decision = TextField(
        label="By which decision?", hint="For a committee: its date and minute", max_length=300, required=False
    )


class TakeBackForm(Form):
    """What was allowed and is not used is allowed no more."""

    reason = TextField(label="Why is it taken back?", max_length=500, error="Say why it is taken back")


class PassOnForm(Offering):
    """A budget goes to another holder."""

    holder = SelectField(label="Who holds it from now on?", error="Choose who holds it")
    limit = TextField(
        label="How much may they promise at a time?", prefix="£", width=10, inputmode="decimal", validator=amount,
        required=False,
    )  # fmt: skip


class HandBackForm(Form):
    """What is left goes back to the budget it was cut from."""

    reason = TextField(label="Why?", hint="For example, help for the family has ended", max_length=200, error="Say why")
