"""Questions about a file of an old system, and who signs that it was compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from joinedup.casework.golive_work import Work
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import FileField, Form, Option, RadiosField, SelectField, TextareaField, TextField

KIND_WORDS = {
    Work.PLANS: "Plans", Work.NEEDS: "Needs in plans", Work.OUTCOMES: "Outcomes", Work.ACTIONS: "Actions",
    Work.REVIEWS: "Reviews", Work.CONSENTS: "What families agreed to", Work.ASSESSMENTS: "Assessments with their scores",
}  # fmt: skip


class GoLiveForm(Form):
    """Which file, of what, and what to do with it."""

    agency = SelectField(label="Whose old system is it from?", error="Select whose system it is from")
    kind = RadiosField(
        label="What is in the file?", choices=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        error="Select what is in the file",
    )  # fmt: skip
    what = RadiosField(
        label="What is to be done?", error="Select what is to be done",
        choices=[
            Option("try", "A dry run", "Says what would happen and leaves nothing"),
            Option("bring", "Bring it over", "Good rows land together; the others are listed"),
            Option("compare", "Compare it with what is here", "Counts, control totals and every difference, to be signed"),
        ],
    )  # fmt: skip
    file = FileField(label="The file", hint="CSV or .xlsx", error="Choose the file")

    def __init__(self, *args: Any, agencies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["agency"]).set_options([("", "Choose one"), *agencies])


class SignForm(Form):
    """Who signs."""

    name = TextField(label="Your name", max_length=120, error="Enter your name")
    signed_as = TextField(label="What do you answer for?", max_length=160, error="Enter what you answer for")
    words = TextareaField(
        label="Why may the differences stand?", max_length=4000, rows=4, required=False,
        hint="Needed where something differs",
    )  # fmt: skip
