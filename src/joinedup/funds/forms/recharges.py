"""Forms of joint budgets' invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxField,
    DateField,
    Form,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.funds.pounds import any_amount
from joinedup.funds.recharging import BASES, Basis
from joinedup.funds.vat import Mode

MODES = [
    Option(Mode.POOLED.value, "Outside the scope of VAT", "A contribution to common costs; each reclaims under its own regime"),
    Option(Mode.AGENCY.value, "With VAT", "The host supplies the others and charges it on"),
]  # fmt: skip


class TermsForm(Form):
    """How a joint budget is invoiced."""

    basis = RadiosField(
        label="What does a partner pay?", choices=list(BASES.items()), error="Select what a partner pays"
    )
    mode = RadiosField(label="VAT on the invoices", choices=MODES, error="Select how VAT is treated")
    reason = TextField(
        label="What is this VAT treatment for in the service?", max_length=500, required=False,
        hint="Needed where it saves VAT: an arrangement that has no reason but tax is looked at",
    )  # fmt: skip
    clause = TextareaField(
        label="The agreement’s own words", hint="The clause on who bears what of the cost", max_length=4000,
        error="Give the agreement’s own words on who bears what",
    )  # fmt: skip
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026")

    def __init__(self, *args: Any, partners: Sequence[tuple[str, str, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = partners
        own: dict[str, Any] = {}
        for place, (_, name, is_host) in enumerate(partners):
            own[f"weight_{place}"] = NumberField(
                label=f"Share of {name}", hint="Of the cost, such as 60" if place == 0 else "", width=5, error=f"Enter the share of {name}",
            )  # fmt: skip
            if not is_host:
                own[f"fixed_{place}"] = TextField(
                    label=f"Fixed sum of {name} each time", hint="Only where it pays a fixed sum", prefix="£", width=10,
                    inputmode="decimal", required=False, validator=any_amount, empty_value=None,
                )  # fmt: skip
        first = {"basis": self.fields.pop("basis")}
        self.fields = {**first, **own, **self.fields}
        # A fixed sum is asked for only where that is what partners pay.
        cast(RadiosField, self.fields["basis"]).conditional = {
            Basis.FIXED_SUM.value: tuple(
                f"fixed_{place}" for place, (_, _, is_host) in enumerate(partners) if not is_host
            )
        }

    def weights(self) -> dict[str, int]:
        """Shares by the code of the organisation."""
        return {code: int(self.cleaned_data[f"weight_{place}"]) for place, (code, _, _) in enumerate(self.partners)}

    def fixed(self) -> dict[str, int]:
        """Fixed sums in pence by the code of the organisation."""
        said = {code: self.cleaned_data.get(f"fixed_{place}") for place, (code, _, _) in enumerate(self.partners)}
        return {code: int(pence) for code, pence in said.items() if pence}


class IssueForm(Form):
    """Up to which month partners are invoiced."""

    ends_on = SelectField(label="Up to the end of which month?", error="Choose a month that is over")
    trues_up = CheckboxField(label="Put fixed sums right by the actual cost", required=False)

    def __init__(self, *args: Any, months: Sequence[date], has_fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [Option(each.isoformat(), f"{each:%B %Y}") for each in months]
        cast(ChoiceComponent, self.fields["ends_on"]).set_options(choices)
        if not has_fixed:
            del self.fields["trues_up"]


class SentForm(Form):
    """When an invoice was sent."""

    on = DateField(label="When was it sent?", hint="For example, 3 7 2026")


class PaidForm(Form):
    """When an invoice was paid."""

    on = DateField(label="When did the money come in?", hint="For example, 3 8 2026")
    reference = TextField(label="Reference at the bank", max_length=120, error="Enter the reference at the bank")


class CreditForm(Form):
    """Why an invoice is taken back."""

    reason = TextareaField(label="Why is it taken back?", max_length=500, error="Say why it is taken back")
