"""What somebody fills in to decide whether two people are one."""

from __future__ import annotations

from typing import Any

from joinedup.core.forms import Form, HiddenField, Option, RadiosField, SelectField, TextareaField
from joinedup.person_index.queries.review import AGES
from joinedup.person_index.reviewing import APART, KINDS, LINK, REASONS, SECOND

_WHY = "Why?"


def _reasons(outcome: str) -> list[tuple[str, str]]:
    return [(code, words) for code, (words, outcomes) in REASONS.items() if outcome in outcomes]


class DecideForm(Form):
    """Link, keep apart or ask for a second opinion, and why."""

    outcome = RadiosField(
        label="What do you decide?",
        choices=(
            Option(LINK, "They are the same person", "Shortcut: L"),
            Option(APART, "Keep them apart", "Shortcut: K"),
            Option(SECOND, "Ask for a second opinion", "Somebody else decides. Shortcut: S"),
        ),
        conditional={LINK: ("reason_link",), APART: ("reason_apart",), SECOND: ("reason_second",)},
        error="Select what you decide",
    )
    reason_link = RadiosField(
        label=_WHY, choices=_reasons(LINK), small=True, error="Select why they are the same person"
    )
    reason_apart = RadiosField(label=_WHY, choices=_reasons(APART), small=True, error="Select why they are kept apart")
    reason_second = RadiosField(label=_WHY, choices=_reasons(SECOND), small=True, error="Select why you are not sure")
    words = TextareaField(
        label="In your own words",
        hint="What the next person would want to know. Needed where the reason is another one.",
        max_length=240,
        rows=2,
        required=False,
    )
    version = HiddenField()
    saw = HiddenField(required=False)

    def __init__(self, *args: Any, is_between_people: bool = True, may_ask: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        options = [
            Option(LINK, "They are the same person", "Shortcut: L"),
            Option(APART, "Keep them apart", "Shortcut: K"),
        ]
        if not is_between_people:
            options = [
                Option(LINK, "The record belongs to this person", "It stays. Shortcut: L"),
                Option(APART, "Separate it and keep it apart", "Shortcut: K"),
            ]
        if may_ask:
            options.append(Option(SECOND, "Ask for a second opinion", "Somebody else decides. Shortcut: S"))
        outcome.set_options(options)  # type: ignore[attr-defined]

    @property
    def reason(self) -> str:
        """The code of the reason that goes with what was decided."""
        return str(self.cleaned_data.get(f"reason_{self.cleaned_data['outcome']}") or "")


class NarrowForm(Form):
    """What of the queue is listed."""

    kind = SelectField(label="Kind", choices=[("", "All kinds"), *KINDS.items()], required=False)
    agency = SelectField(label="Agency", choices=[("", "All agencies")], required=False)
    age = SelectField(label="Age of the younger", choices=[("", "All ages"), *AGES.items()], required=False)
    order = SelectField(
        label="Order", choices=[("", "By the child’s need"), ("oldest", "Oldest first")], required=False
    )

    def __init__(self, *args: Any, agencies: tuple[tuple[str, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].set_options([("", "All agencies"), *agencies])  # type: ignore[attr-defined]
