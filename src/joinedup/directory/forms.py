"""The questions of whoever looks for a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from joinedup.core.forms import CheckboxesField, CheckboxField, Form, NumberField, PostcodeField, SelectField, TextField
from joinedup.directory.codes import WEEKDAYS
from joinedup.directory.features import ACCESS, DELIVERIES, LANGUAGES, LOCAL_OFFER
from joinedup.directory.fitting import TIMES
from joinedup.directory.rules import written_postcode

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def known_shape(text: str) -> str:
    """A postcode as it is written."""
    found = written_postcode(text)
    if not found:
        raise ValueError("Enter a full postcode, like ZZ1 1SA")
    return found


class FindForm(Form):
    """What somebody looks for."""

    words = TextField(
        label="What do you need help with?",
        hint="In your own words, like: baby not sleeping",
        max_length=200,
        required=False,
    )
    postcode = PostcodeField(
        label="Your postcode",
        hint="To show what is near and open to you. We do not keep it.",
        required=False,
        validator=known_shape,
    )
    miles = SelectField(
        label="How far can you go?", required=False,
        choices=[("0", "Any distance"), ("1", "1 mile"), ("3", "3 miles"), ("5", "5 miles"), ("10", "10 miles")],
    )  # fmt: skip
    age = NumberField(label="How old is the child or young person?", least=0, most=120, width=3, required=False)
    day = SelectField(
        label="On which day?", required=False, choices=[("", "Any day"), *zip(WEEKDAYS, _DAYS, strict=True)]
    )
    is_free = CheckboxField(label="Only what is free", required=False)
    when = SelectField(label="At what time?", required=False, choices=[("", "Any time"), *TIMES.items()])
    need = SelectField(label="What kind of help?", required=False, choices=[("", "Any kind")])
    delivery = SelectField(label="How is it given?", required=False, choices=[("", "Any way"), *DELIVERIES.items()])
    language = SelectField(
        label="In which language?", required=False, choices=[("", "Any language"), *LANGUAGES.items()]
    )
    access = CheckboxesField(
        label="What do you need to get in and take part?", required=False, choices=[*ACCESS.items()], small=True
    )
    is_local_offer = CheckboxField(label="Only the local offer for special needs", required=False)
    order = SelectField(
        label="What comes first?", required=False,
        choices=[("", "What is nearest or fits best"), ("near", "The nearest"), ("best", "The best match"), ("checked", "What was checked last")],
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, needs: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(data)
        self.fields["need"].set_options([("", "Any kind"), *needs])  # type: ignore[attr-defined]

    @property
    def firsts(self) -> list[Any]:
        """The questions that always show."""
        return [self[name] for name in FIRST]

    @property
    def others(self) -> list[Any]:
        """The questions that show when they are wanted."""
        return [self[name] for name in self.fields if name not in FIRST]

    @property
    def features(self) -> tuple[str, ...]:
        """What was chosen of delivery, access, language and local offer, as codes."""
        clean = self.cleaned_data
        found = [clean["delivery"], f"lang:{clean['language']}" if clean["language"] else "", *clean["access"]]
        return tuple(each for each in [*found, LOCAL_OFFER if clean["is_local_offer"] else ""] if each)

    @property
    def need_id(self) -> UUID | None:
        """The kind of help that was chosen."""
        return UUID(self.cleaned_data["need"]) if self.cleaned_data["need"] else None

    def chips(self) -> list[tuple[str, str]]:
        """What narrows the list, as (what leaves it out, words)."""
        clean, found = self.cleaned_data, []
        if clean["postcode"]:
            found.append(("postcode", f"Near {clean['postcode']}"))
        if clean["postcode"] and clean["miles"] and clean["miles"] != "0":
            found.append(("miles", f"Within {_chosen(self, 'miles')}"))
        if clean["age"] is not None:
            found.append(("age", f"Age {clean['age']}"))
        found += [
            (name, _chosen(self, name)) for name in ("day", "when", "need", "delivery", "language") if clean[name]
        ]
        found += [(f"access:{code}", ACCESS[code]) for code in clean["access"]]
        found += [("is_free", "Free")] if clean["is_free"] else []
        return found + ([("is_local_offer", "Local offer")] if clean["is_local_offer"] else [])


FIRST = ("words", "postcode", "miles", "age")
FILTERS = ("day", "when", "need", "delivery", "language", "access", "is_free", "is_local_offer")


def _chosen(form: Form, name: str) -> str:
    choices: Any = form.fields[name]
    return str(dict(choices.choices)[form.cleaned_data[name]])


def without(data: Any, what: str) -> Any:
    """What was sent, less one thing: a field, one of several choices (`access:step_free`), or all `filters`."""
    kept = data.copy()
    name, _, value = what.partition(":")
    for each in FILTERS if name == "filters" else (name,):
        if value:
            kept.setlist(each, [one for one in kept.getlist(each) if one != value])
        elif each in FindForm.base_fields:
            kept.pop(each, None)
    return kept
