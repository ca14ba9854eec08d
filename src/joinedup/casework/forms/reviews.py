"""Questions about reviews, steps between levels, and closing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from uuid import UUID

from joinedup.casework.codes import DECISIONS, DISAGREEMENT_ENDS, LEAD_NAMED, LEVELS, NEED_ENDS, SUSTAINED, VOICES
from joinedup.casework.forms.plans import PlanForm, number
from joinedup.casework.planning import NeedEnd
from joinedup.casework.services import Attendance, Voice
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)

Choices = Iterable[tuple[str, str] | Option]


def _options(form: Form, name: str, options: Choices) -> None:
    cast(ChoiceComponent, form.fields[name]).set_options(options)


class BeginForm(PlanForm):
    """When it was held, who came, and how each child was heard."""

    held_on = DateField(label="When was the review held?", error="Enter when it was held")
    came = CheckboxesField(label="Who came?", error="Select who came")
    named_lead = RadiosField(
        label="When you asked, could the family name who leads for them?", choices=list(LEAD_NAMED.items()), required=False,
        hint="Ask a parent or the young person: “If you need something, who do you ring?”", small=True,
    )  # fmt: skip

    def __init__(
        self, *args: Any, today: date, asked: Choices, children: Iterable[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(DateField, self.fields["held_on"]).latest = today
        self.asked = [Option(*each) for each in asked]
        _options(self, "came", self.asked)
        self.children = list(children)
        for section_id, name in self.children:
            self.fields[f"how-{section_id}"] = RadiosField(
                label=f"How was {name} heard?",
                choices=list(VOICES.items()),
                error=f"Select how {name} was heard",
                small=True,
            )
            self.fields[f"words-{section_id}"] = TextareaField(
                label=f"What did {name} say?", max_length=4000, rows=4, error=f"Enter what {name} said, or why not",
                hint="Their own words. If they were not heard, say why",
            )  # fmt: skip

    @property
    def attendance(self) -> Attendance:
        """Everybody asked, and whether they came."""
        came = set(self.cleaned_data["came"])
        found: dict[str, dict[UUID, bool]] = {"post": {}, "person": {}}
        for each in self.asked:
            kind, _, key = each.value.partition(":")
            found[kind][UUID(key)] = each.value in came
        return Attendance(found["post"], found["person"])

    @property
    def voices(self) -> list[Voice]:
        """How each child was heard."""
        clean = self.cleaned_data
        return [Voice(key, clean[f"how-{key}"], clean[f"words-{key}"]) for key, _ in self.children]


class ProgressForm(PlanForm):
    """How far one outcome has come."""

    value = TextField(
        label="What is it now?", width=5, inputmode="decimal", validator=number, error="Enter what it is now"
    )
    words = TextareaField(label="What has changed, and why?", max_length=2000, rows=4, required=False)


class DecideForm(PlanForm):
    """What happens next, and when the next review is."""

    decision = RadiosField(
        label="What happens next?", choices=list(DECISIONS.items()), error="Select what happens next",
        conditional={"step_up": ("up_level", "up_team"), "step_down": ("down_level", "down_team")},
    )  # fmt: skip
    up_level = SelectField(label="To which level?", error="Select the level it steps up to")
    up_team = SelectField(label="To which team?", error="Select the team it steps up to")
    down_level = SelectField(label="To which level?", error="Select the level it steps down to")
    down_team = SelectField(label="To which team?", error="Select the team it steps down to")
    reason = TextareaField(label="Why?", max_length=4000, rows=4, error="Enter why")
    next_review_on = DateField(
        label="When is the next review?", required=False, hint="Left empty, it is as late as it may be"
    )

    def __init__(self, *args: Any, level: int, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = list(teams)
        up = [(str(each), text) for each, text in LEVELS.items() if each > level]
        down = [(str(each), text) for each, text in LEVELS.items() if each < level]
        _options(self, "up_team", every)
        _options(self, "down_team", every)
        _options(self, "up_level", up or [("", "There is none")])
        _options(self, "down_level", down or [("", "There is none")])

    @property
    def step(self) -> tuple[int, UUID | None]:
        """The level and team of a step; (0, None) where none is decided."""
        which = {"step_up": "up", "step_down": "down"}.get(self.cleaned_data["decision"])
        if which is None or not self.cleaned_data[f"{which}_level"]:
            return 0, None
        return int(self.cleaned_data[f"{which}_level"]), UUID(self.cleaned_data[f"{which}_team"])


class StepForm(PlanForm):
    """A step up or down: to which level and team, and why. Everything else is filled in."""

    level = RadiosField(label="To which level of need?", error="Select the level")
    team = SelectField(label="Which team is asked?", error="Select the team")
    reason = TextareaField(
        label="Why?",
        max_length=4000,
        rows=4,
        error="Enter why",
        hint="The receiving team reads this before they see the record",
    )
    is_immediate = CheckboxField(
        label="Somebody is in danger now: it takes effect at once", required=False,
        hint="The receiving team has the family from this moment. Ring them too",
    )  # fmt: skip

    def __init__(self, *args: Any, level: int, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _options(self, "level", [(str(each), text) for each, text in LEVELS.items() if each != level])
        _options(self, "team", teams)
        if level == max(LEVELS):  # only a step up takes effect at once
            del self.fields["is_immediate"]


class AnswerForm(PlanForm):
    """Accept with a lead professional, or refuse with a reason."""

    answer = RadiosField(
        label="Does your team take this family?", error="Select whether your team takes the family",
        choices=[Option("accept", "Yes, we take them"), Option("refuse", "No")],
        conditional={"accept": "lead", "refuse": "reason"},
    )  # fmt: skip
    lead = SelectField(label="Who will lead?", error="Select who will lead")
    reason = TextareaField(label="Why not?", max_length=4000, rows=4, error="Enter why your team refuses")

    def __init__(self, *args: Any, leads: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _options(self, "lead", leads)


class WhyForm(PlanForm):
    """A reason."""

    reason = TextareaField(label="Why?", max_length=4000, rows=4, error="Enter why")


class SettleForm(PlanForm):
    """What a step of a disagreement came to."""

    outcome = RadiosField(
        label="What came of it?", choices=list(DISAGREEMENT_ENDS.items()), error="Select what came of it",
        conditional={"moves": "lead", "onwards": "holder"},
    )  # fmt: skip
    lead = SelectField(label="Who will lead?", error="Select who will lead")
    holder = SelectField(label="Who settles the next step?", error="Select who settles the next step")
    words = TextareaField(
        label="What was said and decided, and by whom?", max_length=4000, rows=4, error="Enter what was decided"
    )

    def __init__(self, *args: Any, leads: Choices, holders: Choices, is_last: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _options(self, "lead", leads)
        found = list(holders)
        _options(self, "holder", found or [("", "Nobody is in post whom it is for")])
        self.fields["holder"].required = bool(found)
        if is_last:
            _options(self, "outcome", [each for each in DISAGREEMENT_ENDS.items() if each[0] != "onwards"])


class HolderForm(PlanForm):
    """Who settles the open step of a disagreement."""

    holder = SelectField(
        label="Who settles it?", error="Select who settles it", hint="Only those whom this step is for"
    )
    reason = TextareaField(label="Why them?", max_length=4000, rows=3, error="Enter why")

    def __init__(self, *args: Any, holders: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _options(self, "holder", list(holders) or [("", "Nobody is in post whom it is for")])


class ClosingForm(PlanForm):
    """Why the case closes, and what became of every need that is still open."""

    code = SelectField(label="Reason for closing", error="Select the reason for closing")
    reason = TextareaField(
        label="Why does the case close?", max_length=500, rows=4, error="Enter why the case closes",
        hint="Write it so that the family could read it one day",
    )  # fmt: skip

    def __init__(
        self, *args: Any, needs: Iterable[tuple[UUID, str]], reasons: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.needs = list(needs)
        _options(self, "code", reasons)
        for need_id, words in self.needs:
            said = words if len(words) < 90 else f"{words[:88]}…"
            self.fields[f"end-{need_id}"] = RadiosField(
                label=f"What became of this need: {said}", choices=list(NEED_ENDS.items()), small=True,
                error="Select what became of this need",
            )  # fmt: skip

    @property
    def ends(self) -> dict[UUID, NeedEnd]:
        """What became of each need."""
        return {key: NeedEnd(self.cleaned_data[f"end-{key}"]) for key, _ in self.needs}

    def look_again(self, version: int) -> None:
        """After a refusal: what was typed stays, and sending it again is about the case as it is now."""
        if self.is_bound:
            data = cast(Any, self.data).copy()
            data["version"] = str(version)
            self.data = data


class CheckForm(PlanForm):
    """Whether the change has lasted."""

    result = RadiosField(
        label="Has the change lasted?", choices=list(SUSTAINED.items()), error="Select whether it has lasted"
    )
    words = TextareaField(label="What did you find?", max_length=4000, rows=4, error="Enter what you found")
