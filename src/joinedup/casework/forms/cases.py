"""Questions about a case: who leads, who is in the team around the child, and closing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.http import QueryDict

from joinedup.core.errors import Refused
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import Form, HiddenField, Option, RadiosField, TextareaField, TextField

Choices = Iterable[tuple[str, str] | Option]


class LeadForm(Form):
    """Who leads a case that nobody leads."""

    post = RadiosField(label="Who will lead?", error="Select who will lead")

    def __init__(self, *args: Any, posts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["post"]).set_options(posts)


class HandoverForm(Form):
    """Who is asked to take the case over, and why."""

    post = RadiosField(label="Who is asked to lead?", error="Select who is asked to lead")
    reason = TextareaField(
        label="Why does it change?", max_length=300, rows=3, error="Enter why somebody else is to lead",
        hint="They read this before they see the record, so name nobody of the family",
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["post"]).set_options(posts)


class AnswerForm(Form):
    """Accept or decline."""

    answer = RadiosField(
        label="Will you lead?", error="Select whether you accept",
        choices=[Option("accept", "Yes, I accept the duty", "You see the record from that moment"), Option("decline", "No")],
        conditional={"decline": "why_not"},
    )  # fmt: skip
    why_not = TextareaField(label="Why not?", max_length=300, rows=3, error="Enter why you decline")


class ReasonForm(Form):
    """Why something is done."""

    reason = TextareaField(label="Why?", max_length=300, rows=3, error="Enter the reason")


class DeputyForm(Form):
    """Who is rung when the lead professional cannot be reached."""

    post = RadiosField(label="Who is the deputy?", error="Select the deputy, or nobody")

    def __init__(self, *args: Any, posts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["post"]).set_options(posts)


class FamilyForm(Form):
    """Who of the family takes part."""

    person = RadiosField(label="Who takes part?", error="Select who takes part")
    words = TextField(
        label="Their part, in their words",
        max_length=120,
        required=False,
        hint="For example, mum, or speaks for the children",
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["person"]).set_options(people)


class FindPostForm(Form):
    """Who somebody is looking for among the staff of all partners."""

    text = TextField(
        label="Who joins the team around the child?", max_length=100, spellcheck=False, error="Enter who joins",
        hint="Their name, post, team or organisation, or a part of it. For example, nurse testerfield",
    )  # fmt: skip


class MemberForm(Form):
    """What somebody does in the team around the child."""

    words = TextField(
        label="What they do in this team", max_length=120, required=False, hint="Where their post does not say it"
    )


class LeaveForm(Form):
    """Why somebody leaves the team around the child."""

    reason = TextareaField(label="Why do they leave?", max_length=300, rows=3, error="Enter why they leave")


class CloseForm(Form):
    """Why the case closes."""

    version = HiddenField(required=False)
    reason = TextareaField(
        label="Why does the case close?", max_length=500, rows=4, error="Enter why the case closes",
        hint="Write it so that the family could read it one day",
    )  # fmt: skip
    conflict: Mapping[str, Any] = {}

    @property
    def seen_version(self) -> int:
        """The version of the case the person was looking at."""
        sent = str(self.cleaned_data.get("version") or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0

    def refuse(self, refusal: Refused) -> None:
        """Show the sentence, and keep what was changed meanwhile."""
        self.conflict = refusal.extra if "theirs" in refusal.extra else {}
        super().refuse(refusal)

    def look_again(self, version: int) -> None:
        """After a refusal: what was typed stays, and sending it again is about the case as it is now."""
        if self.is_bound:
            data = cast(QueryDict, self.data).copy()
            data["version"] = str(version)
            self.data = data
