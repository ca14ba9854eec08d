"""Forms of purchases and of how partners reclaim VAT."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import CheckboxField, DateField, Form, Option, RadiosField, SelectField, TextField
from joinedup.funds.pounds import any_amount, rate
from joinedup.funds.spending_kinds import SPENDING_KINDS, kind_words
from joinedup.funds.vat import REGIMES, VAT_CODES, Regime


class PurchaseForm(Form):
    """One line of an invoice."""

    line = SelectField(label="Which budget pays?", error="Choose the budget that pays")
    what = TextField(label="What was bought?", max_length=200, error="Enter what was bought")
    kind = RadiosField(
        label="Which kind of spending is it?", small=True, error="Select which kind of spending it is",
    )  # fmt: skip
    supplier = TextField(label="Supplier", max_length=160, error="Enter the supplier")
    invoice = TextField(label="Invoice number", max_length=60, width=20, error="Enter the invoice number")
    bought_on = DateField(label="Date of the invoice", hint="For example, 27 10 2026")
    net = TextField(
        label="Amount without VAT", hint="Below nought for a credit note", prefix="£", width=10, inputmode="decimal",
        validator=any_amount, error="Enter the amount without VAT",
    )  # fmt: skip
    vat_code = RadiosField(label="VAT", choices=list(VAT_CODES.items()), small=True, error="Select the VAT")
    vat = TextField(
        label="VAT on the invoice", hint="Leave empty to have it worked out", prefix="£", width=10, inputmode="decimal",
        required=False, validator=any_amount, empty_value=None,
    )  # fmt: skip
    delivered_by = RadiosField(label="Who delivers the service?", small=True, error="Select who delivers the service")
    cos_heading = TextField(
        label="Contracted-out service, if it is one", hint="The number of the heading on the Treasury’s list", width=10,
        max_length=40, required=False,
    )  # fmt: skip
    releases = CheckboxField(label="It was committed before: take it off the commitments of this line", required=False)

    def __init__(
        self, *args: Any, lines: Iterable[Option], partners: Iterable[Option], kinds: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["line"]).set_options(list(lines))
        cast(ChoiceComponent, self.fields["delivered_by"]).set_options(list(partners))
        cast(ChoiceComponent, self.fields["kind"]).set_options([Option(each, kind_words(each)) for each in kinds])


class KindForm(Form):
    """A kind of spending the agreement permits."""

    kind = RadiosField(
        label="Which kind of spending?", choices=[(each.value, words) for each, words in SPENDING_KINDS.items()],
        error="Select which kind of spending",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026", error="Enter the day")
    ends_on = DateField(
        label="From which day is it permitted no longer?", hint="Leave empty where it goes on", required=False
    )
    written = TextField(
        label="Where do the partners say so?", hint="The clause, or where all of them agreed", max_length=300,
        error="Say where the partners say so",
    )  # fmt: skip


class KindEndForm(Form):
    """From when a kind is permitted no longer."""

    ends_on = DateField(
        label="From which day is it permitted no longer?",
        hint="For example, 1 4 2027. Where it was written in error, its first day: then it never counted",
        error="Enter the day",
    )  # fmt: skip
    written = TextField(label="Where do the partners say so?", max_length=300, error="Say where the partners say so")


class RegimeForm(Form):
    """How a partner reclaims VAT."""

    regime = RadiosField(
        label="How does it reclaim VAT?", choices=list(REGIMES.items()), conditional={Regime.PARTIAL.value: "part"},
        error="Select how it reclaims VAT",
    )  # fmt: skip
    part = TextField(
        label="How much of it is reclaimed?", suffix="%", width=5, inputmode="decimal", validator=rate,
        error="Enter how much of it is reclaimed",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026")
