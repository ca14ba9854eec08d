"""The inboxes beside the worklists: duty, hand-overs, allegations and notices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, cast

from joinedup.core.fields import ChoiceComponent
from joinedup.core.formats import LONDON
from joinedup.core.forms import DateField, Form, RadiosField, SelectField, TextareaField, TextField
from joinedup.front_door.codes import HANDOVER_LABELS, HandoverStatus


def _time_of_day(text: str) -> time:
    """Read 9, 9am, 9:30, 17.00 or 5pm."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", text.strip().lower())
    if found:
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3]:
            hour = hour % 12 + (12 if found[3] == "pm" else 0) if 1 <= hour <= 12 else 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ValueError("Enter a time, like 9am or 17:30")


class TurnForm(Form):
    """One turn on duty."""

    post = SelectField(label="Who is on duty", error="Select who is on duty")
    starts_on = DateField(label="Starts on", error="Enter the day the turn starts", subject="The start")
    starts_at = TextField(
        label="At", width=5, error="Enter the time the turn starts", validator=_time_of_day, hint="For example, 9am"
    )
    ends_on = DateField(label="Ends on", error="Enter the day the turn ends", subject="The end")
    ends_at = TextField(
        label="At", width=5, error="Enter the time the turn ends", validator=_time_of_day, hint="For example, 5pm"
    )

    def offer(self, posts: Iterable[tuple[str, str]]) -> None:
        """Set who can be chosen."""
        cast(ChoiceComponent, self.fields["post"]).set_options(posts)

    @property
    def starts(self) -> datetime:
        """The moment the turn starts."""
        return _moment(self.cleaned_data["starts_on"], self.cleaned_data["starts_at"])

    @property
    def ends(self) -> datetime:
        """The moment the turn ends."""
        return _moment(self.cleaned_data["ends_on"], self.cleaned_data["ends_at"])

    def clean(self) -> dict[str, Any]:
        """A turn ends after it starts."""
        told = super().clean() or {}
        whole = all(told.get(name) is not None for name in ("starts_on", "starts_at", "ends_on", "ends_at"))
        if whole and not self.errors and self.ends <= self.starts:
            self.add_error("ends_on", "The turn must end after it starts")
        return told


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON)


class HandoverForm(Form):
    """What the statutory service says of a hand-over."""

    status = RadiosField(
        label="Status", error="Select the status",
        choices=tuple((status.value, label) for status, label in HANDOVER_LABELS.items() if status != HandoverStatus.SENT),
    )  # fmt: skip
    worker = TextField(label="Social worker", max_length=120, required=False, spellcheck=False)
    statutory_reference = TextField(
        label="Reference in the statutory system", max_length=40, required=False, width=20, spellcheck=False
    )
    next_date = DateField(label="Next date", required=False)
    next_date_means = TextField(
        label="What happens on that date", max_length=80, required=False, hint="For example, assessment due"
    )


class NoticeForm(Form):
    """What the lead professional or manager does about a contact on their case."""

    what = RadiosField(
        label="What will you do?", error="Select what you will do",
        choices=(
            ("acknowledge", "Take it on in this case"),
            ("return", "Send it back to the front door", "Because it is not about this family, or needs a new decision"),
        ),
        conditional={"acknowledge": ("response", "joins"), "return": "reason"},
    )  # fmt: skip
    response = TextareaField(
        label="What you will do, and when", max_length=2000, rows=4, error="Enter what you will do"
    )
    joins = RadiosField(
        label="Do they join the team around the child?", error="Select whether they join the team around the child",
        choices=(("yes", "Yes"), ("no", "No", "They are told who leads, and that they do not join")), small=True,
    )  # fmt: skip
    reason = TextareaField(label="Why it goes back", max_length=1000, rows=4, error="Enter why it goes back")

    def __init__(self, *args: Any, registered: str, has_lead: bool, **kwargs: Any) -> None:
        """`registered` names who registered an assessment with the contact, where somebody did."""
        super().__init__(*args, **kwargs)
        if not registered:
            del self.fields["joins"]
            what = cast(RadiosField, self.fields["what"])
            what.conditional = {**what.conditional, "acknowledge": ("response",)}
            return
        will = "join the team around the child" if has_lead else "lead"
        self.fields["joins"].label = f"{registered} registered an assessment of their own. Do they {will}?"


class SentBackForm(Form):
    """What the front door answers to a team that sent a family back."""

    end = RadiosField(
        label="What becomes of it?", error="Choose what becomes of it",
        choices=(
            ("stays", "It stays with them", "They find somebody who leads"),
            ("moved", "Another team has it", "From this moment; their manager holds the duty until somebody leads"),
            ("taken_back", "We look at it anew", "The case ends, and the referral is in triage again, in your hands"),
        ),
        conditional={"moved": "team"},
    )  # fmt: skip
    team = SelectField(label="Which team?", error="Choose the team")
    words = TextareaField(
        label="Why?", max_length=2000, rows=4, error="Say why", hint="The team reads it. Name nobody of the family."
    )

    def __init__(self, *args: Any, teams: Iterable[tuple[str, str]], may_take_back: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["team"]).set_options([("", "Choose"), *teams])
        if not may_take_back:
            end = cast(ChoiceComponent, self.fields["end"])
            end.choices = [each for each in end.choices if each[0] != "taken_back"]


class CloseAllegationForm(Form):
    """How the allegation ended."""

    reason = TextareaField(label="How did this end?", max_length=2000, rows=5, error="Enter how this ended")
