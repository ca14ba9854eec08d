"""The questions about the children and young people’s plan."""

from __future__ import annotations

from typing import Any

from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    NumberField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.governance.forms.boards import Offers, limit
from joinedup.governance.plan_codes import ANSWERS, FRAMEWORKS_OF_PLANS, GROUPS
from joinedup.governance.plan_states import ACTION_LABELS

_NO_NAMES = "Never a person’s name: everybody reads it"


class PlanForm(Offers):
    """What a plan says of itself."""

    version = HiddenField(required=False)
    title = TextField(label="What is the plan called?", max_length=160, error="Enter what the plan is called")
    starts_on = DateField(label="From which day?", hint="For example, 1 4 2027", error="Enter from which day")
    ends_on = DateField(label="To which day?", hint="For example, 31 3 2030", error="Enter to which day")
    framework = RadiosField(label="Under which outcomes?", choices=list(FRAMEWORKS_OF_PLANS.items()), error="Select under which outcomes")  # fmt: skip
    vision = TextareaField(label="What do the partners want for children?", max_length=4000, required=False)
    summary = TextareaField(
        label="The plan in plain words", hint="For children and families: short sentences, no terms of ours", max_length=2000, required=False,
    )  # fmt: skip
    partners = CheckboxesField(
        label="Whose powers does it use?", hint="Each of them records its own approval before it is in force", required=False,
    )  # fmt: skip
    supersedes = SelectField(label="Does it supersede a plan that is in force?", required=False)


class BeginForm(PlanForm):
    """A plan that is begun."""

    board = SelectField(label="Which board adopts it?", error="Choose which board adopts it")
    begins_from = SelectField(
        label="Begin with the parts of an earlier plan?", hint="Its needs, priorities, outcomes and open actions are copied", required=False,
    )  # fmt: skip


class NeedForm(Offers):
    """A need with its evidence."""

    version = HiddenField(required=False)
    title = TextField(label="What do children need?", max_length=160, error="Say what children need")
    words = TextareaField(label="What is known about it?", max_length=2000, required=False)
    figure = SelectField(label="Which figure of Joinedup shows it?", hint="It is counted now, and again when the plan is adopted", required=False)  # fmt: skip
    stated = TextField(label="Or which figure was stated elsewhere?", max_length=300, required=False)
    source = TextField(label="By whom was it stated?", max_length=300, required=False)
    stated_on = DateField(label="On which day?", hint="For example, 31 3 2026", required=False)


class PriorityForm(Offers):
    """A priority."""

    version = HiddenField(required=False)
    title = TextField(label="What comes first?", max_length=160, error="Enter what the priority is called")
    words = TextareaField(label="Why?", max_length=2000, required=False)
    owner = SelectField(label="Which post answers for it?", required=False)
    needs = CheckboxesField(label="Which needs does it answer?", required=False)


class OutcomeForm(Offers):
    """An outcome with its measure."""

    version = HiddenField(required=False)
    priority = SelectField(label="Of which priority?", error="Choose the priority")
    words = TextField(label="What shall be different?", max_length=400, error="Say what shall be different")
    heading = SelectField(label="Which outcome of the framework is it?", required=False)
    own_name = TextField(label="Or under which outcome of your own?", max_length=120, required=False)
    measure = SelectField(
        label="Which measure tells?", hint="Where it stands and where it shall come to are read there", required=False
    )
    stated_measure = TextField(label="Or which other measure?", max_length=200, required=False)
    baseline = TextField(label="Where does it stand?", hint="Only for another measure", max_length=120, required=False)
    target = TextField(label="Where shall it come to?", hint="Only for another measure", max_length=120, required=False)
    target_on = DateField(label="By which day?", hint="For example, 31 3 2029", required=False)
    source = TextField(label="Where is it read?", max_length=300, required=False)


class ActionForm(Offers):
    """An action."""

    version = HiddenField(required=False)
    priority = SelectField(label="Of which priority?", error="Choose the priority")
    words = TextField(label="What will be done?", hint=_NO_NAMES, max_length=400, error="Say what will be done")
    partner = SelectField(label="Which partner does it?", error="Choose which partner does it")
    owner = SelectField(label="Which post does it?", hint="Whoever holds it reports how it stands", required=False)
    owner_title = TextField(label="Or the title of a post that is not in the list", max_length=120, required=False)
    due_on = DateField(label="By which day?", hint="For example, 31 3 2028", error="Enter by which day")


class MoneyForm(Offers):
    """Money for a priority."""

    version = HiddenField(required=False)
    priority = SelectField(label="For which priority?", error="Choose the priority")
    line = SelectField(label="Which line of a shared budget?", hint="Its amount is read there", required=False)
    pence = TextField(
        label="Or how much of a budget kept elsewhere?", prefix="£", width=10, inputmode="decimal", required=False, validator=limit, empty_value=None,
    )  # fmt: skip
    source = TextField(label="Where is that kept?", hint="For example, the schools’ own budgets", max_length=300, required=False)  # fmt: skip


class AlignmentForm(Form):
    """Another plan."""

    version = HiddenField(required=False)
    name = TextField(label="What is the other plan called?", max_length=200, error="Enter what the other plan is called")  # fmt: skip
    body = TextField(label="Whose is it?", max_length=160, error="Enter whose it is")
    link = TextField(label="Where can it be read?", hint="An address that begins with https://", max_length=300, required=False)  # fmt: skip
    words = TextareaField(label="How does this plan go with it?", max_length=2000, error="Say how this plan goes with it")  # fmt: skip


class RoundForm(Form):
    """A round in which people were asked."""

    version = HiddenField(required=False)
    title = TextField(label="What was the consultation called?", max_length=160, error="Enter what it was called")
    starts_on = DateField(label="From which day?", hint="For example, 1 9 2026", error="Enter from which day")
    ends_on = DateField(label="To which day?", hint="For example, 30 9 2026", error="Enter to which day")
    method = TextareaField(label="How were people asked?", hint=_NO_NAMES, max_length=2000, error="Say how people were asked")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, words in GROUPS.items():
            for name, asked in (("asked", "were asked"), ("answered", "answered")):
                self.fields[f"{group}_{name}"] = NumberField(
                    label=f"{words}: how many {asked}?", width=4, least=0, most=999_999, required=False
                )

    def numbers(self) -> dict[str, tuple[int, int]]:
        """Of each group how many were asked and how many answered."""
        clean = self.cleaned_data
        return {each: (clean[f"{each}_asked"] or 0, clean[f"{each}_answered"] or 0) for each in GROUPS}


class ThemeForm(Offers):
    """What people said."""

    version = HiddenField(required=False)
    consultation = SelectField(label="In which consultation was it said?", error="Choose the consultation")
    group = RadiosField(label="Who said it?", choices=list(GROUPS.items()), error="Select who said it")
    said = TextareaField(label="What did they say?", hint=_NO_NAMES, max_length=2000, error="Say what people said")
    answer = RadiosField(label="What became of it?", choices=list(ANSWERS.items()), error="Select what became of it")
    words = TextareaField(label="What did you do, or why not?", max_length=2000, required=False)
    priority = SelectField(label="Which priority did it change?", required=False)
    action = SelectField(label="Which action did it change?", required=False)


class ReportForm(Form):
    """How an action stands."""

    state = RadiosField(label="How far is it?", choices=[(each.value, words) for each, words in ACTION_LABELS.items()], error="Select how far it is")  # fmt: skip
    words = TextareaField(label="How does it stand, in a sentence?", hint=_NO_NAMES, max_length=600, error="Say how it stands")  # fmt: skip


class WhyForm(Form):
    """Why a plan goes back or is withdrawn."""

    words = TextField(label="Why?", max_length=400, error="Say why")
