"""Questions about a family's plan: one form for the family's words, a need, an outcome, an action, a statutory plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from joinedup.casework.codes import ABUSE, NEED_ENDS, NEEDS, STATUTORY_PLANS
from joinedup.casework.forms.suggesting import SuggestingField
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, Form, HiddenField, Option, RadiosField, SelectField, TextareaField, TextField

Choices = Iterable[tuple[str, str] | Option]
FAMILY = "family"


def number(text: str) -> Decimal:
    """A number as people type it."""
    try:
        return Decimal(text.replace(",", "").replace("%", "").strip())
    except InvalidOperation:
        raise ValueError("Enter a number, such as 7 or 92.5") from None


class PlanForm(Form):
    """A form of the plan page. `version` is that of the text the person was looking at."""

    version = HiddenField(required=False)

    @property
    def seen_version(self) -> int:
        """The version the person was looking at."""
        sent = str(self.cleaned_data.get("version") or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


class WordsForm(PlanForm):
    """What the family wants, and what happens if things go wrong."""

    family_words = TextareaField(
        label="What does the family want to be different?", max_length=4000, rows=6,
        hint="In their own words, as they said it", error="Enter what the family wants, in their words",
    )  # fmt: skip
    contingency = TextareaField(
        label="What will happen if things get worse, or somebody is away?", max_length=4000, rows=4, required=False,
    )  # fmt: skip


class ChildForm(PlanForm):
    """A child's own words."""

    words = TextareaField(
        label="What does the child say they want?", max_length=4000, rows=6,
        hint="Their own words. For a young child, what they showed", error="Enter what the child says",
    )  # fmt: skip


class NeedForm(PlanForm):
    """A need: whose, of what kind, and in words."""

    section = RadiosField(label="Whose need is it?", error="Select whose need it is")
    code = SelectField(label="What kind of need?", choices=list(NEEDS.items()), error="Select what kind of need it is")
    words = TextareaField(
        label="What is the need?", max_length=2000, rows=4, error="Enter what the need is",
        hint="Write it so that the family would say: yes, that is so",
    )  # fmt: skip

    def __init__(self, *args: Any, children: Choices, kinds: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if several := list(kinds):  # those the pathway is for come first
            cast(ChoiceComponent, self.fields["code"]).set_options(several)
        options = [Option(FAMILY, "The whole family"), *children]
        cast(ChoiceComponent, self.fields["section"]).set_options(options)


class EndForm(PlanForm):
    """What became of a need."""

    end_code = RadiosField(
        label="What became of this need?", choices=list(NEED_ENDS.items()), error="Select what became of it"
    )
    end_words = TextareaField(
        label="How do you know?", max_length=2000, rows=4, error="Enter how you know what became of it"
    )


class OutcomeForm(PlanForm):
    """An outcome: what will be different, how it is measured, from where, to where, by when."""

    words = TextareaField(
        label="What will be different?", max_length=2000, rows=3, error="Enter what will be different",
        hint="Something you could see, such as “Rowan is at school on time four days in five”",
    )  # fmt: skip
    measure = SelectField(label="What is it measured by?", error="Select what it is measured by")
    value = TextField(
        label="What is it now?", width=5, inputmode="decimal", validator=number, error="Enter what it is now"
    )
    on = DateField(label="When was that?", error="Enter when that was")
    target = TextField(
        label="What will it be?", width=5, inputmode="decimal", validator=number, error="Enter what it will be"
    )
    target_on = DateField(label="By when?", error="Enter by when")

    def __init__(self, *args: Any, measures: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["measure"]).set_options(measures)
        cast(DateField, self.fields["on"]).latest = today


class ActionForm(PlanForm):
    """An action: what, who, by when, and how it will show."""

    words = TextareaField(label="What will be done?", max_length=2000, rows=3, error="Enter what will be done")
    owner = SelectField(
        label="Who does it?", error="Select who does it", hint="Somebody in the team around the child, or in the family"
    )
    service = SuggestingField(label="Through which service?", max_length=160, required=False)
    due_on = DateField(label="By when?", error="Enter by when it is done")
    evidence = TextareaField(label="How will it show?", max_length=2000, rows=2, required=False)

    kind = RadiosField(label="What kind of action?", required=False, initial="", inline=True)
    field_order = ("version", "kind", "words", "owner", "service", "due_on", "evidence")

    def __init__(
        self, *args: Any, owners: Choices, kinds: Choices = (), services: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(SuggestingField, self.fields["service"]).suggest(services)
        cast(ChoiceComponent, self.fields["owner"]).set_options(owners)
        if several := list(kinds):
            cast(ChoiceComponent, self.fields["kind"]).set_options([("", "An action"), *several])
        else:
            del self.fields["kind"]


class MarkForm(PlanForm):
    """Where an action stands."""

    status = RadiosField(label="Where does it stand?", error="Select where it stands")
    status_words = TextareaField(label="What happened?", max_length=2000, rows=3, required=False)

    def __init__(self, *args: Any, states: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["status"]).set_options(states)


class StatutoryForm(PlanForm):
    """A statutory plan, as its holder says it stands."""

    kind = SelectField(
        label="Which plan or enquiry?", choices=list(STATUTORY_PLANS.items()), error="Select which plan it is"
    )
    holder = TextField(label="Who holds it?", max_length=160, error="Enter which service holds it")
    worker = TextField(label="Name of the worker", max_length=120, required=False)
    reference = TextField(label="Their reference", max_length=40, width=20, required=False)
    status = TextField(
        label="Where does it stand?", max_length=120, hint="Such as “in force”", error="Enter where it stands"
    )
    abuse = SelectField(
        label="Category of abuse", required=False, choices=[("", "None, or not said"), *ABUSE.items()],
        hint="Of a child protection plan or a section 47 enquiry, as its holder has it",
    )  # fmt: skip
    conference_on = DateField(label="When was the initial child protection conference?", required=False)
    starts_on = DateField(label="When did it start?", error="Enter when it started")
    ends_on = DateField(label="When did it end?", required=False)
    next_on = DateField(label="What is its next date?", required=False)
    next_means = TextField(label="What happens on that day?", max_length=120, required=False)


def as_typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """A record's values as the form shows them."""
    return {name: "" if value is None else value for name, value in values.items()}
