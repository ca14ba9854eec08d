"""Questions about a case: its lead professional, who is in the team around the child, and closing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.http import QueryDict

from joinedup.core.errors import Refused
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import Form, HiddenField, Option, RadiosField, SelectField, TextareaField

Choices = Iterable[tuple[str, str] | Option]


class LeadForm(Form):
    """Who leads. A change of lead professional needs its reason; the first one does not."""

    post = RadiosField(label="Who is the lead professional?", error="Select the lead professional")
    reason = TextareaField(
        label="Why does it change?", max_length=300, rows=3, error="Enter why the lead professional changes"
    )

    def __init__(self, *args: Any, posts: Choices, is_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["post"]).set_options(posts)
        if not is_change:
            del self.fields["reason"]


class MemberForm(Form):
    """Who joins the team around the child."""

    post = SelectField(
        label="Who joins the team around the child?", error="Select who joins",
        hint="From this moment they can see the family’s record",
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["post"]).set_options(posts)


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
