"""What is asked of whoever opens a page and shares on it, and of its reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import CheckboxesField, Form, HiddenField, Option, TextareaField, TextField
from joinedup.family_page.queries import Decisions, Suggestion
from joinedup.family_page.services import MOST_CHARACTERS, Chosen

Choices = Iterable[tuple[str, str] | Option]


# --- For the team.


class OpenForm(Form):
    """Whom the page may be about, and the reasons that are asked for."""

    cleared = CheckboxesField(
        label="Who may this page be about, beside them?", required=False,
        hint="Words that name anybody else in or around the family are refused and hidden",
    )  # fmt: skip
    abuse_reason = TextareaField(
        label="Why is it safe for them to have a page?", max_length=2000, rows=4,
        hint="Domestic abuse is a factor in this case. Who else sees their telephone and e-mail?",
        error="Say why it is safe for them to have a page",
    )  # fmt: skip
    understanding = TextareaField(
        label="Why do you think they understand what a page of their own means?", max_length=2000, rows=3,
        error="Say why you think they understand what a page of their own means",
    )  # fmt: skip
    keep_reason = TextareaField(
        label="Why should parents go on seeing what they see about them?", required=False, max_length=1000, rows=3,
        hint="Leave empty, and what parents see about them now is taken back: from now on they decide. They read your reason",
    )  # fmt: skip

    def __init__(
        self, *args: Any, others: Choices, asks_abuse: bool, asks_understanding: bool, asks_to_keep: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        options = list(others)
        cast(ChoiceComponent, self.fields["cleared"]).set_options(options)
        asked = {
            "cleared": bool(options), "abuse_reason": asks_abuse, "understanding": asks_understanding,
            "keep_reason": asks_to_keep,
        }  # fmt: skip
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]

    def opening(self) -> dict[str, Any]:
        """The answers, as the service takes them."""
        clean = self.cleaned_data
        said = {name: clean.get(name) or "" for name in ("abuse_reason", "understanding", "keep_reason")}
        return {"cleared": [UUID(each) for each in clean.get("cleared") or []], **said}


class ReasonForm(Form):
    """Why something is closed, taken back or recorded."""

    reason = TextareaField(label="Why?", max_length=2000, rows=4, error="Say why")

    def __init__(self, *args: Any, label: str = "", hint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label or self.fields["reason"].label
        self.fields["reason"].help_text = hint


class AnswerForm(Form):
    """An answer on the page itself."""

    words = TextareaField(
        label="Your answer",
        max_length=4000,
        rows=6,
        error="Write your answer",
        hint="They read it on their page, as you write it",
    )


class WordsForm(Form):
    """The words of what is shared, each thing with a heading; a reason where a young person has not said yes."""

    shown = HiddenField(required=False)
    reason = TextareaField(
        label="Why do you show it although they have not said yes?", max_length=1000, rows=3,
        error="Say why you show it although they have not said yes", hint="The young person reads this on their own page",
    )  # fmt: skip

    def __init__(self, *args: Any, things: Sequence[Suggestion | None], asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things = list(things)
        if not asks_reason:
            del self.fields["reason"]
        for number, thing in enumerate(self.things):
            what = thing.what if thing else "Your own words"
            title, words = (
                TextField(label=f"Heading: {what}", max_length=160, error="Write a heading"),
                TextareaField(label="What they will read", max_length=4000, rows=5, error="Write what they will read"),
            )
            title.initial, words.initial = (thing.title, thing.words) if thing else ("", "")
            self.fields[f"title-{number}"], self.fields[f"words-{number}"] = title, words

    @property
    def pairs(self) -> list[tuple[Any, Any, Suggestion | None]]:
        """Heading and words of each thing, for the template."""
        return [(self[f"title-{n}"], self[f"words-{n}"], thing) for n, thing in enumerate(self.things)]

    def chosen(self, own_key: str) -> list[Chosen]:
        """What would be shared, as the service takes it."""
        clean = self.cleaned_data
        return [
            Chosen(thing.key if thing else own_key, clean[f"title-{n}"], clean[f"words-{n}"])
            for n, thing in enumerate(self.things)
        ]


# --- For the reader.


class CodeForm(Form):
    """The code that was sent."""

    code = TextField(
        label="Your code", width=10, max_length=20, spellcheck=False, autocomplete="one-time-code", inputmode="numeric",
        hint="6 numbers", error="Enter your code",
    )  # fmt: skip


class LostLinkForm(Form):
    """Where a new link goes."""

    contact = TextField(
        label="Your email address or phone number", max_length=254, spellcheck=False,
        hint="The one you told us is safe", error="Enter your email address or phone number",
    )  # fmt: skip


class TellForm(Form):
    """Something the reader wants to say."""

    words = TextareaField(
        label="What do you want to tell us?", max_length=MOST_CHARACTERS, rows=7, error="Write what you want to tell us"
    )


class ChoicesForm(Form):
    """Which parents may see what."""

    def __init__(self, *args: Any, decisions: Decisions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decisions = decisions
        parents = [(str(person_id), f"{name} may see this") for person_id, name in decisions.parents]
        for number, thing in enumerate(decisions.things):
            field = CheckboxesField(label="Who may see this?", required=False, choices=parents)
            field.initial = [str(each) for each in thing.chosen]
            self.fields[f"thing-{number}"] = field

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Each thing with its question."""
        return [(thing, self[f"thing-{n}"]) for n, thing in enumerate(self.decisions.things)]

    def chosen(self) -> Mapping[str, list[UUID]]:
        """For each thing, the parents who may see it."""
        return {
            thing.key: [UUID(each) for each in self.cleaned_data[f"thing-{n}"]]
            for n, thing in enumerate(self.decisions.things)
        }
