"""The questions about benefits: how far one has come, what is banked, and which event was avoided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from joinedup.benefits import pounds
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    DateField,
    Form,
    HiddenField,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    YesNoField,
)
from joinedup.outcomes.codes import EVIDENCE


class Offers(Form):
    """A form whose questions choose among records: `offers` gives each its options."""

    def __init__(self, *args: Any, offers: Mapping[str, Iterable[Option]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in offers.items():
            cast(ChoiceComponent, self.fields[name]).set_options(list(options))


class BenefitMoveForm(Offers):
    """Where a benefit stands now. What was measured is asked for once the state needs it."""

    end = RadiosField(label="Where does it stand now?", error="Select where it stands now")
    series = SelectField(
        label="By which series is it measured?", required=False,
        hint="For a benefit that is emerging or realised. What the series says today is kept with your answer.",
    )  # fmt: skip
    worth = TextField(
        label="What has it been worth to this partner so far?", prefix="£", width=10, inputmode="decimal", validator=pounds.amount,
        required=False, hint="Since the programme began, in pounds: what the readings come to at the value of one",
    )  # fmt: skip
    differs = TextareaField(
        label="Why is it not what the readings come to?", max_length=2000, required=False,
        hint="Only where it is not. Your reason is kept with your name",
    )  # fmt: skip
    level = RadiosField(
        label="How strong is the evidence?", required=False, hint="No higher than the step recorded on the series",
        choices=[Option(str(step), each.name, each.words) for step, each in EVIDENCE.items()],
    )  # fmt: skip
    evidence = TextareaField(
        label="What is the evidence?", hint="What was compared with what, and where that is written", max_length=4000, required=False,
    )  # fmt: skip
    reason = TextField(label="Why does it move?", max_length=500, error="Say why")


class BankForm(Offers):
    """What is taken out of a budget because of a benefit."""

    key = HiddenField(required=False)
    confirmed = HiddenField(required=False)
    posting = RadiosField(
        label="Which posting reduced the budget line?", error="Choose the posting that reduced the budget line",
        hint="Without it nothing was taken out of a budget, and nothing can be banked.",
    )  # fmt: skip
    amount = TextField(
        label="How much of it is this benefit?", prefix="£", width=10, inputmode="decimal", validator=pounds.amount,
        error="Enter an amount above nought",
    )  # fmt: skip
    from_provider = YesNoField(
        label="Is the cash taken from a provider?", error="Select whether the cash is taken from a provider",
        conditional={"yes": ("provider", "fixed_cost", "notice_months", "service_at_risk")},
    )  # fmt: skip
    provider = TextField(label="Which provider?", max_length=200, error="Enter the provider")
    fixed_cost = TextField(
        label="What fixed cost stays behind with the provider each year?", hint="Buildings, managers, contracts that do not end with it",
        prefix="£", width=10, inputmode="decimal", validator=pounds.amount, error="Enter the fixed cost that stays behind, or 0",
    )  # fmt: skip
    notice_months = NumberField(
        label="How many months’ notice does the contract need?",
        width=3,
        least=0,
        most=120,
        error="Enter the months of notice, or 0",
    )
    service_at_risk = TextField(
        label="Which service is put at risk?",
        max_length=500,
        error="Say which service is put at risk, or “None” and why",
    )
    reason = TextField(
        label="Why may this be banked?", hint="For example, two placements fewer are bought this year", max_length=500,
        error="Say why this may be banked",
    )  # fmt: skip


class WhyForm(Form):
    """Why something is taken back."""

    reason = TextField(label="Why is it taken back?", max_length=500, error="Say why it is taken back")


class ClaimForm(Offers):
    """An event that was avoided."""

    benefit = SelectField(label="Which strand and benefit claims it?", error="Choose the strand and benefit")
    person = RadiosField(label="Whose event was avoided?", error="Select whose event was avoided")
    kind = SelectField(label="What was avoided?", error="Choose what was avoided")
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2026", error="Enter the first day")
    ends_on = DateField(
        label="To which day?", hint="The same day for something that happens once", error="Enter the last day"
    )
    why = TextField(label="Why may one say so?", max_length=500, error="Say why one may say so")
