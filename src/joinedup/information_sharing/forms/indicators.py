"""Questions about indicators, one thing a page: what one says and rests on, agreeing to it, ending it, and what somebody
found about a listed child."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, Form, NumberField, Option, RadiosField, SelectField, TextareaField, TextField
from joinedup.information_sharing.indicators import (
    JOINED_LABELS,
    OUTCOME_LABELS,
    WEIGHT_LABELS,
    Condition,
    Joined,
    Outcome,
    Weight,
)
from joinedup.information_sharing.queries import AgreementChoice
from joinedup.information_sharing.services import ProposalChanges
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


class WordsForm(Form):
    """What an indicator is called and says about a child."""

    name = TextField(label="Name", max_length=120, error="Enter a name", hint="For example, Often away from school")
    wording = TextareaField(
        label="What it says about a child", max_length=300, rows=2, error="Enter what it says about a child",
        hint="One sentence a parent could read: Has missed a lot of school this half term",
    )  # fmt: skip

    def __init__(self, *args: Any, is_change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_change:
            del self.fields["name"]

    def changes(self) -> ProposalChanges:
        """What this page says."""
        return ProposalChanges(name=self.cleaned_data.get("name"), wording=self.cleaned_data["wording"])


class ChangeForm(Form):
    """Why an indicator changes."""

    reason = TextareaField(label="Why does it change?", max_length=500, rows=3, error="Enter why it changes")


class ConditionForm(Form):
    """One thing that has to have been observed."""

    kind = SelectField(
        label="What was observed", error="Select what was observed",
        choices=[(code, kind.name + (f" ({kind.unit})" if kind.unit else "")) for code, kind in KINDS.items()],
    )  # fmt: skip
    limit_means = RadiosField(
        label="Which values count?", required=False, inline=True,
        choices=[("below", "Below a limit"), ("reaching", "A limit or more")],
        hint="Only for attendance, suspensions and arrears",
    )  # fmt: skip
    limit = TextField(label="The limit", required=False, width=5, hint="A number of per cent, days or weeks")
    times = NumberField(label="How often", least=1, most=20, width=2, error="Enter how often")

    def clean(self) -> dict[str, Any]:
        """What is observed with a value needs a limit."""
        told = super().clean() or {}
        kind = KINDS.get(told.get("kind") or "")
        if kind is not None and kind.unit:
            if not told.get("limit_means"):
                self.add_error("limit_means", "Select which values count")
            limit = _number(told.get("limit") or "")
            if "limit" not in self.errors and (limit is None or not kind.least <= limit <= kind.most):
                self.add_error("limit", f"The limit must be between {kind.least} and {kind.most} {kind.unit}")
        return told


class JoinedForm(Form):
    """How several conditions go together."""

    joined = RadiosField(
        label="Where there are several, which are needed?", error="Select which are needed", initial=Joined.ALL.value,
        choices=[(joined.value, label) for joined, label in JOINED_LABELS.items()],
    )  # fmt: skip


def first_conditions(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """Conditions as the form shows them; a new indicator starts with one."""
    found = []
    for condition in conditions:
        limit = condition.below if condition.below is not None else condition.reaching
        means = "below" if condition.below is not None else "reaching" if limit is not None else ""
        shown = "" if limit is None else f"{limit.normalize():f}"
        found.append({"kind": condition.kind, "times": condition.times, "limit_means": means, "limit": shown})
    return found or [{"times": 1}]


def conditions_from(cleaned: Iterable[dict[str, Any]]) -> tuple[Condition, ...]:
    """What the service takes. A limit beside something that has no value is left out."""
    found = []
    for told in cleaned:
        limit = _number(told.get("limit") or "") if KINDS[told["kind"]].unit else None
        means = told.get("limit_means")
        found.append(
            Condition(
                told["kind"], int(told["times"]), below=limit if means == "below" else None,
                reaching=limit if means == "reaching" else None,
            )
        )  # fmt: skip
    return tuple(found)


class WhenForm(Form):
    """How far an indicator looks back, and at children of which ages."""

    window_days = NumberField(
        label="In how many days up to today?", least=7, most=731, width=3, error="Enter a number of days"
    )
    minimum_age = NumberField(label="Youngest age", required=False, least=0, most=17, width=2)
    maximum_age = NumberField(label="Oldest age", required=False, least=0, most=17, width=2)

    def changes(self) -> ProposalChanges:
        """What this page says."""
        told = self.cleaned_data
        ages = (told.get("minimum_age"), told.get("maximum_age"))
        return ProposalChanges(window_days=int(told["window_days"]), ages=ages)


class WeightForm(Form):
    """How much an indicator says, in words."""

    weight = RadiosField(
        label="How much does it say?", error="Select how much it says",
        choices=[(weight.value, label) for weight, label in WEIGHT_LABELS.items()],
        hint="A child is listed for one strong reason, or for two of which one is more than slight",
    )  # fmt: skip

    def changes(self) -> ProposalChanges:
        """What this page says."""
        return ProposalChanges(weight=Weight(self.cleaned_data["weight"]))


class GroundForm(Form):
    """Under which agreement and on which lawful basis."""

    ground = RadiosField(
        label="Which agreement and lawful basis cover it?", error="Select an agreement and lawful basis",
        hint="Only agreements in force for noticing early which children may need help",
    )  # fmt: skip

    def offer(self, agreements: Iterable[AgreementChoice]) -> None:
        """Set what can be chosen."""
        options = [
            Option(f"{each.reference}{_SEPARATOR}{code}", f"{each.title}: {basis}")
            for each in agreements
            for code, basis in each.bases
        ]
        cast(ChoiceComponent, self.fields["ground"]).set_options(options)

    def changes(self) -> ProposalChanges:
        """What this page says."""
        reference, _, code = self.cleaned_data["ground"].partition(_SEPARATOR)
        return ProposalChanges(ground=(reference, code))


class ReviewForm(Form):
    """By when an indicator is looked at again."""

    review_on = DateField(
        label="When is it looked at again?", error="Enter when it is looked at again", subject="That day",
        hint="Within two years. It is off after this day",
    )  # fmt: skip

    def changes(self) -> ProposalChanges:
        """What this page says."""
        return ProposalChanges(review_on=self.cleaned_data["review_on"])


class AgreeForm(Form):
    """Which people agreed to an indicator, and when."""

    agreed_by = TextField(
        label="Which people agreed to it?", max_length=200, error="Enter who agreed to it",
        hint="For example, the partnership board",
    )  # fmt: skip
    agreed_on = DateField(label="When did they agree?", error="Enter when they agreed", subject="That day")


class DeclineForm(Form):
    """Why a proposal is declined."""

    reason = TextareaField(label="Why do you decline it?", max_length=500, rows=3, error="Enter why you decline it")


def _number(text: str) -> Decimal | None:
    """What was typed as a number; what is none is judged as missing."""
    try:
        found = Decimal(text.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
