"""The questions about funds, schemes, lines, contributions and virements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    NumberField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.funds.codes import MODEL_SENTENCES, MODELS, TIER_SENTENCES, TIERS, Place
from joinedup.funds.pounds import amount, any_amount, rate

_DAY = "For example, 1 4 2027"


def _pounds(label: str, *, required: bool = True, hint: str = "", any_sign: bool = False) -> TextField:
    return TextField(
        label=label, prefix="£", width=20, required=required, hint=hint, validator=any_amount if any_sign else amount,
        error="Enter the amount", inputmode="decimal",
    )  # fmt: skip


class Offering(Form):
    """A form whose questions choose among records: `offers` gives each its options."""

    def __init__(self, *args: Any, offers: Mapping[str, Iterable[Option]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in offers.items():
            cast(ChoiceComponent, self.fields[name]).set_options(list(options))


class FundForm(Offering):
    """A fund under an agreement."""

    name = TextField(label="What is the fund called?", max_length=160, error="Enter what it is called")
    code = TextField(label="Short code", hint="Such as COMM", max_length=20, width=10, error="Enter a short code")
    model = RadiosField(
        label="How is the money held?",
        choices=[Option(each.value, words, MODEL_SENTENCES[each]) for each, words in MODELS.items()],
        error="Select how the money is held",
    )  # fmt: skip
    host = RadiosField(label="Who hosts it?", error="Select the host")
    year = NumberField(
        label="First financial year",
        hint="The year it begins in: 2026 for 2026/27",
        least=2000,
        most=2100,
        error="Enter the year",
    )


class SchemeForm(Offering):
    """A service the fund pays for."""

    name = TextField(label="Which service?", max_length=160, error="Enter which service")
    code = TextField(label="Short code", max_length=20, width=10, error="Enter a short code")
    lead = RadiosField(label="Which partner leads it?", error="Select the partner that leads it")
    outputs = TextField(label="What is it to deliver?", max_length=500, required=False)


class LineForm(Offering):
    """One partner's money in a scheme."""

    version = HiddenField(required=False)
    name = TextField(label="What is the line called?", max_length=160, error="Enter what it is called")
    code = TextField(label="Code", max_length=20, width=10, error="Enter a code")
    partner = RadiosField(label="Whose money is it?", error="Select whose money it is")
    amount = _pounds("Budget for the year")
    tier = RadiosField(
        label="How far is it inside the fund?",
        choices=[Option(each.value, words, TIER_SENTENCES[each]) for each, words in TIERS.items()],
        error="Select how far it is inside the fund",
    )  # fmt: skip
    stream = SelectField(label="Does it come from ring-fenced money?", required=False)
    planned_kind = SelectField(
        label="What kind of spending is it planned for?", hint="So that what is spent by kind can be set beside it",
        required=False,
    )  # fmt: skip
    holder = SelectField(label="Who holds it?", required=False)
    is_capital = CheckboxField(label="It is capital", required=False)
    is_once = CheckboxField(label="It is for this year only", required=False)


class ConsentForm(Offering):
    """Whose consent there is to use ring-fenced money, and for what."""

    stream = RadiosField(label="Which money?", error="Select which money")
    schemes = CheckboxesField(label="On which services may it be spent?", error="Select at least one service")
    why = TextField(label="Which of its conditions allows that?", max_length=300, error="Say which condition allows it")
    consented_by = TextField(label="Who consented?", max_length=160, error="Enter who consented")
    consented_on = DateField(label="When?", hint=_DAY, error="Enter the day")
    written = TextField(label="Where is it written down?", max_length=300, error="Say where it is written down")


class ContributionForm(Offering):
    """What a partner puts in for the year, rolled forward from the year before."""

    partner = RadiosField(label="Which partner?", error="Select the partner")
    stream = SelectField(label="From which money?", error="Select the money")
    kind = RadiosField(
        label="How is it given?", choices=[("cash", "In cash, in four instalments"), ("in_kind", "In kind")],
        conditional={"in_kind": "what"}, error="Select how it is given",
    )  # fmt: skip
    what = TextField(label="What is given?", hint="The staff, rooms or goods", max_length=200, required=False)
    base = _pounds("First agreed for last year", hint="For a new contribution, what is agreed now")
    recurrent = _pounds("Changed for good during the year", required=False, any_sign=True)
    uplift = TextField(label="Uplift", suffix="%", width=5, required=False, validator=rate)
    planned = _pounds("Planned changes", required=False, any_sign=True)
    efficiency = TextField(label="Efficiency", suffix="%", width=5, required=False, validator=rate)
    charges = _pounds("Client charges the partner keeps", required=False, any_sign=True)
    detriment = TextField(
        label="Where is it agreed that the partner pays more?", hint="Only where planned changes raise it", max_length=300,
        required=False,
    )  # fmt: skip


class ReceiptForm(Form):
    """Money that came in."""

    amount = _pounds("How much came in?")
    received_on = DateField(label="On which day?", hint=_DAY, error="Enter the day")
    reference = TextField(label="Reference on the statement", max_length=120, error="Enter the reference")


class ApproveForm(Form):
    """By which decision the budget of the year is approved."""

    decision = TextField(
        label="By which decision?", hint="Such as the board’s minute", max_length=300, error="Name the decision"
    )


class PlaceForm(Offering):
    """A budget cut from a wider one."""

    place = RadiosField(
        label="For whom?",
        choices=[Option(Place.LOCALITY.value, "A locality"), Option(Place.CLUSTER.value, "A cluster of schools")],
        conditional={Place.LOCALITY.value: "locality", Place.CLUSTER.value: "cluster"}, error="Select for whom",
    )  # fmt: skip
    locality = SelectField(label="Which locality?", required=False)
    cluster = SelectField(label="Which cluster?", required=False)
    name = TextField(label="What is it called?", max_length=160, error="Enter what it is called")
    code = TextField(label="Code", max_length=20, width=10, error="Enter a code")
    amount = _pounds("How much?")
    holder = SelectField(label="Who holds it?", required=False)
    limit = _pounds("How much may they commit at a time?", required=False)


class CommitForm(Form):
    """Money promised from a budget."""

    key = HiddenField(required=False)
    amount = _pounds("How much?")
    what = TextField(
        label="For what?", hint="Without a name: the case holds that", max_length=200, error="Say for what"
    )


class VirementForm(Offering):
    """Money to be moved from one line to another."""

    from_line = SelectField(label="From which line?", error="Select the line it comes from")
    to_line = SelectField(label="To which line?", error="Select the line it goes to")
    amount = _pounds("How much?")
    is_recurrent = CheckboxField(label="For good: to be carried into next year’s budget", required=False)
    reason = TextField(label="Why?", max_length=500, error="Say why")


class DecisionForm(Form):
    """What was decided."""

    answer = RadiosField(
        label="What do you decide?",
        choices=[("approve", "Approve"), ("decline", "Decline")],
        error="Select what you decide",
    )
    decision = TextField(
        label="Minute or reason", hint="The committee’s minute; why, where you decline", max_length=300, required=False
    )


class PoolingForm(Form):
    """The proposal to pool what was aligned."""

    words = TextareaField(label="Why pool it?", rows=5, max_length=4000, error="Say why")
    effective_on = DateField(label="From which day?", hint=_DAY, error="Enter the day")
