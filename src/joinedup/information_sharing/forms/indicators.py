"""Questions about indicators: what one says and rests on, ending it, and what somebody found about a listed child."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, Form, NumberField, Option, RadiosField, SelectField, TextareaField, TextField
from joinedup.information_sharing.indicators import (
    OUTCOME_LABELS,
    WEIGHT_LABELS,
    Condition,
    Outcome,
    Sign,
    Weight,
)
from joinedup.information_sharing.queries import AgreementChoice
from joinedup.information_sharing.services import IndicatorTerms
from joinedup.person_index.observing import KINDS

_SEPARATOR = "|"


class LookForm(Form):
    """What somebody found who looked."""

    outcome = RadiosField(
        label="What did you find?", error="Select what you found",
        choices=[(outcome.value, label) for outcome, label in OUTCOME_LABELS.items()],
    )  # fmt: skip
    reason = TextareaField(
        label="Why?", max_length=1000, rows=4, error="Enter why",
        hint="Write it so that the family could read it one day. It also helps to see which indicators mislead",
    )  # fmt: skip

    @property
    def found(self) -> Outcome:
        """What was chosen."""
        return Outcome(self.cleaned_data["outcome"])


class EndForm(Form):
    """Why an indicator is used no more."""

    reason = TextareaField(
        label="Why is it used no more?", max_length=500, rows=3, error="Enter why it is used no more"
    )


class IndicatorForm(Form):
    """What an indicator says, what it rests on, and who agreed to it."""

    name = TextField(label="Name", max_length=120, error="Enter a name", hint="For example, Often away from school")
    wording = TextareaField(
        label="What it says about a child", max_length=300, rows=2, error="Enter what it says about a child",
        hint="One sentence a parent could read: Has missed a lot of school this half term",
    )  # fmt: skip
    kind = SelectField(
        label="What was observed", error="Select what was observed",
        choices=[(code, kind.name + (f" ({kind.unit})" if kind.unit else "")) for code, kind in KINDS.items()],
    )  # fmt: skip
    limit_means = RadiosField(
        label="Which values count?", required=False, choices=[("below", "Below the limit"), ("reaching", "The limit or more")],
        hint="Only for attendance, suspensions and arrears",
    )  # fmt: skip
    limit = TextField(label="Limit", required=False, width=5, hint="A number of per cent, days or weeks")
    times = NumberField(label="How often", least=1, most=20, width=2, error="Enter how often")
    window_days = NumberField(
        label="In how many days up to today", least=7, most=731, width=3, error="Enter a number of days"
    )
    minimum_age = NumberField(label="Youngest age", required=False, least=0, most=17, width=2)
    maximum_age = NumberField(label="Oldest age", required=False, least=0, most=17, width=2)
    weight = RadiosField(
        label="How much does it say?", error="Select how much it says",
        choices=[(weight.value, label) for weight, label in WEIGHT_LABELS.items()],
    )  # fmt: skip
    ground = RadiosField(
        label="Which agreement and lawful basis cover it?", error="Select an agreement and lawful basis",
        hint="Only agreements in force for noticing early which children may need help",
    )  # fmt: skip
    agreed_by = TextField(label="Who agreed to it?", max_length=200, error="Enter who agreed to it",
                          hint="For example, the partnership board")  # fmt: skip
    agreed_on = DateField(label="When was it agreed?", error="Enter when it was agreed")
    review_on = DateField(label="When is it looked at again?", error="Enter when it is looked at again",
                          hint="It is off after this day")  # fmt: skip
    reason = TextareaField(label="Why does it change?", max_length=500, rows=2, error="Enter why it changes")

    def __init__(self, *args: Any, agreements: Iterable[AgreementChoice], is_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [
            Option(f"{each.reference}{_SEPARATOR}{code}", f"{each.title}: {basis}")
            for each in agreements
            for code, basis in each.bases
        ]
        cast(ChoiceComponent, self.fields["ground"]).set_options(options)
        if is_change:
            del self.fields["name"]
        else:
            del self.fields["reason"]

    def terms(self, name: str = "") -> IndicatorTerms:
        """What was declared, for the service, which judges it."""
        clean = self.cleaned_data
        agreement, _, basis = clean["ground"].partition(_SEPARATOR)
        limit = _number(clean.get("limit") or "")
        means = clean.get("limit_means")
        condition = Condition(
            clean["kind"], int(clean["times"]), below=limit if means == "below" else None,
            reaching=limit if means == "reaching" else None,
        )  # fmt: skip
        return IndicatorTerms(
            name=name or clean["name"], wording=clean["wording"], weight=Weight(clean["weight"]),
            sign=Sign((condition,), int(clean["window_days"]), clean.get("minimum_age"), clean.get("maximum_age")),
            agreement=agreement, basis=basis, agreed_by=clean["agreed_by"], agreed_on=clean["agreed_on"],
            review_on=clean["review_on"],
        )  # fmt: skip


def _number(text: str) -> Decimal | None:
    """What was typed as a number; what is none is judged as missing."""
    try:
        found = Decimal(text.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
