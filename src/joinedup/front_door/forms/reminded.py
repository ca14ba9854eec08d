"""Questions that arrive answered: each says who supplied the answer and when, and what is old is asked in one short
question instead of being taken as read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from joinedup.core.forms import Form, RadiosField
from joinedup.front_door.asking import STILL_LABELS, Still

if TYPE_CHECKING:
    from joinedup.front_door.queries.known_before import KnownField


def still_field(said: str, source: str, *, reveals: Iterable[str], label: str = "Is this still right?") -> RadiosField:
    """Ask whether an old fact still stands; "it has changed" reveals the question itself."""
    return RadiosField(
        label=label,
        hint=f"{said}. {source}",
        choices=tuple((each.value, text) for each, text in STILL_LABELS.items()),
        conditional={Still.CHANGED.value: tuple(reveals)},
        error="Select whether this is still right",
        subject="Whether this is still right",
    )


class Reminded(Form):
    """A form that may arrive with what its author's own organisation supplied or told before."""

    known: Mapping[str, KnownField] = {}
    is_urgent = False

    def show(self, known: Mapping[str, KnownField], *, leave: Iterable[str] = ()) -> None:
        """Fill in what is known, each with its source and day. `leave` are questions that are asked instead."""
        self.known = {**self.known, **known}
        for name, fact in known.items():
            if name not in self.fields:
                continue
            question = self.fields[name]
            if name not in leave:
                question.help_text = " ".join(part for part in (str(question.help_text), fact.sentence) if part)
                self.fill({name: fact.value})

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Answers to start from. What somebody has sent stands by itself."""
        if not self.is_bound:
            self.initial = {**answers, **self.initial}

    def ask_again(self, group: str, question: RadiosField) -> None:
        """Add the short question about an old group of facts."""
        question.required = not self.is_urgent
        self.fields[f"still_{group}"] = question

    def asked(self) -> dict[str, str]:
        """The answers to the short questions, by group."""
        told: dict[str, Any] = getattr(self, "cleaned_data", {})
        return {
            name.removeprefix("still_"): told[name]
            for name in self.fields
            if name.startswith("still_") and told.get(name)
        }
