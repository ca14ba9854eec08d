"""Questions about who joins a case that is open, and who is in it no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from joinedup.casework.codes import LEAVINGS, NEED_ENDS
from joinedup.casework.forms.plans import PlanForm
from joinedup.casework.planning import NeedEnd
from joinedup.casework.services import Baby, Leaving
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import DateField, Form, Option, RadiosField, TextareaField, TextField
from joinedup.person_index.codes import FAMILY_PARTS


class WhoForm(Form):
    """Who of the family joins, or a baby whom no record names yet."""

    person = RadiosField(label="Who joins this case?", error="Select who joins")

    def __init__(self, *args: Any, people: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["person"]).set_options(people)


class JoinForm(PlanForm):
    """Their part, and why they join."""

    part = RadiosField(
        label="What is their part in the family?", choices=list(FAMILY_PARTS.items()), error="Select their part"
    )
    reason = TextareaField(
        label="Why do they join?", max_length=300, rows=3, error="Enter why they join",
        hint="For example, moved in with the family. It stands in the chronology",
    )  # fmt: skip


class BabyForm(PlanForm):
    """A newborn child."""

    given_name = TextField(
        label="First name",
        max_length=100,
        spellcheck=False,
        error="Enter the baby’s first name, or “Baby” until there is one",
    )
    family_name = TextField(label="Last name", max_length=100, spellcheck=False, error="Enter the baby’s last name")
    birth_date = DateField(label="Date of birth", error="Enter the baby’s date of birth")
    reason = TextareaField(
        label="What should the team know?", max_length=300, rows=3, error="Enter what the team should know",
        hint="For example, born on 3 November, both are well. It stands in the chronology",
    )  # fmt: skip

    @property
    def baby(self) -> Baby:
        """What was said of the baby."""
        clean = self.cleaned_data
        return Baby(clean["given_name"].strip(), clean["family_name"].strip(), clean["birth_date"])


class LeavingForm(PlanForm):
    """Why somebody is in the case no more, since when, and what became of each of their needs."""

    why = RadiosField(label="Why do they leave?", choices=list(LEAVINGS.items()), error="Select why they leave")
    left_on = DateField(label="On which day?", error="Enter the day")
    words = TextareaField(
        label="Say it in a sentence", max_length=300, rows=3, error="Enter why they leave",
        hint="Write it so that the family could read it one day",
    )  # fmt: skip

    def __init__(self, *args: Any, needs: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs = list(needs)
        for need_id, words in self.needs:
            said = words if len(words) < 90 else f"{words[:88]}…"
            self.fields[f"end-{need_id}"] = RadiosField(
                label=f"What became of this need: {said}", choices=list(NEED_ENDS.items()), small=True,
                error="Select what became of this need",
            )  # fmt: skip

    @property
    def said(self) -> Leaving:
        """What was said, for the service."""
        clean = self.cleaned_data
        ends = {key: NeedEnd(clean[f"end-{key}"]) for key, _ in self.needs}
        return Leaving(clean["why"], clean["words"], clean["left_on"], ends)
