"""Questions about a meeting: when, where and who; who came and what was said; what somebody undertook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict

from joinedup.casework.meeting import Purpose, read_time
from joinedup.core.errors import Refused
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    YesNoField,
)

Choices = Iterable[tuple[str, str] | Option]
_SAFE = "We write only where that is marked safe for them. You are told whom to ring or see instead."
_LENGTHS = [
    ("30", "Half an hour"),
    ("45", "45 minutes"),
    ("60", "An hour"),
    ("90", "An hour and a half"),
    ("120", "Two hours"),
]


def _link(text: str) -> str:
    """An address of a page, or ValueError with the sentence to show."""
    if not text:
        return ""
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        raise ValueError("Enter the whole link, beginning with https://") from None
    return text


class WhenForm(Form):
    """When and where a meeting is."""

    on = DateField(label="Date", hint="For example, 27 3 2027")
    time = TextField(
        label="Time", width=10, hint="For example, 2:30pm or 14:30", validator=read_time, error="Enter the time"
    )
    lasts = SelectField(label="How long", choices=_LENGTHS, initial="60", error="Select how long it lasts")
    place = TextField(
        label="Place", max_length=160, required=False, hint="A place the family can get to and is safe in"
    )
    link = TextField(label="Link, if people can join by video", max_length=300, required=False, validator=_link)
    note = TextField(
        label="What those asked should know",
        max_length=300,
        required=False,
        hint="For example, bring the school report",
    )

    def __init__(self, *args: Any, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = cast(DateField, self.fields["on"])
        on.earliest, on.latest = earliest, earliest + timedelta(days=730)


def _offer(form: Form, posts: Choices, people: Choices) -> None:
    """What there is to tick; a question without an answer is not asked."""
    for name, choices in (("posts", list(posts)), ("people", list(people))):
        if choices:
            cast(ChoiceComponent, form.fields[name]).set_options(choices)
        else:
            del form.fields[name]


class InviteForm(Form):
    """Who else is asked to a meeting that is planned."""

    posts = CheckboxesField(label="Professionals", required=False)
    people = CheckboxesField(label="Family", required=False, hint=_SAFE)

    def __init__(self, *args: Any, posts: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, posts, people)


class PlanForm(WhenForm):
    """A meeting, and who is asked to it."""

    purpose = RadiosField(
        label="What is the meeting?", error="Select what the meeting is",
        choices=[
            Option(Purpose.FIRST, "First meeting", "The team and the family agree what is to change"),
            Option(Purpose.REVIEW, "Review", "What has changed, and what happens next"),
            Option(Purpose.OTHER, "Another meeting", "Does not move the date of the next review"),
        ],
    )  # fmt: skip
    posts = CheckboxesField(label="Professionals asked", required=False)
    people = CheckboxesField(
        label="Family asked", required=False,
        hint=_SAFE,
    )  # fmt: skip
    field_order = ("purpose", "on", "time", "lasts", "place", "link", "posts", "people", "note")

    def __init__(self, *args: Any, posts: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, posts, people)


class LetterForm(Form):
    """What the letter to the family says."""

    version = HiddenField(required=False)
    words = TextareaField(
        label="What does the letter say?", rows=10, max_length=4000, error="Enter what the letter says",
        hint="Plain words and short sentences. An empty line begins a new paragraph. Name nobody’s address or number.",
    )  # fmt: skip

    @property
    def seen_version(self) -> int:
        """The version of the words the person was looking at; 0 where nobody had changed them."""
        sent = str(self.cleaned_data.get("version") or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


class MinutesForm(Form):
    """Who came, what was said, and what was decided."""

    version = HiddenField(required=False)
    present = CheckboxesField(label="Who came?", error="Select everybody who came")
    text = TextareaField(
        label="Minutes", rows=10, max_length=20_000, error="Enter the minutes",
        hint="Write so that everybody at the table could read it. Put the child’s and the parents’ own words in quotation marks.",
    )  # fmt: skip
    decisions = TextareaField(
        label="Decisions", rows=3, max_length=2000, required=False, hint="Each on a line of its own"
    )
    is_different = YesNoField(
        label="Was anything decided to be different from now on?", error="Select whether anything is to be different"
    )
    next_review_on = DateField(label="Next review by", required=False)
    conflict: Mapping[str, Any] = {}

    def __init__(self, *args: Any, present: Choices, sets_clock: bool, weeks: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["present"]).set_options(present)
        if sets_clock:
            self.fields[
                "next_review_on"
            ].help_text = f"Leave empty for {weeks} weeks after this meeting, the latest there may be"
        else:
            del self.fields["next_review_on"]

    @property
    def seen_version(self) -> int:
        """The version of the meeting the person was looking at."""
        sent = str(self.cleaned_data.get("version") or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0

    def refuse(self, refusal: Refused) -> None:
        """Show the sentence, and keep what was written meanwhile."""
        self.conflict = refusal.extra if "theirs" in refusal.extra else {}
        super().refuse(refusal)

    def look_again(self, version: int) -> None:
        """After a refusal: what was typed stays, and sending it again is about the meeting as it is now."""
        if self.is_bound:
            data = cast(QueryDict, self.data).copy()
            data["version"] = str(version)
            self.data = data


class ActionForm(Form):
    """One thing somebody undertook."""

    words = TextField(label="What is to be done?", max_length=300, error="Enter what is to be done")
    owner = SelectField(label="Who does it?", error="Select who does it")
    due_on = DateField(label="By when?", hint="For example, 27 3 2027", error="Enter by when")


class ApologiesForm(Form):
    """Somebody cannot come."""

    words = TextField(
        label="What should be said for you?",
        max_length=200,
        required=False,
        hint="For example, attendance is up to 92 per cent",
    )


class EndActionForm(Form):
    """An action has ended."""

    how = RadiosField(
        label="What became of it?", choices=[("done", "Done"), ("dropped", "It is not to be done any more")],
        error="Select what became of it", conditional={"dropped": "why_not"},
    )  # fmt: skip
    why_not = TextField(label="Why not?", max_length=300, error="Enter why it is not to be done")


class ToldForm(Form):
    """How a member of the family was told."""

    told_by = RadiosField(
        label="How were they told?", choices=[("in_person", "I told them myself"), ("letter", "By letter")],
        error="Select how they were told",
    )  # fmt: skip
