"""Questions about a pathway and its panel: which pathway, what the panel is asked, its date and people, what it decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from joinedup.casework.meeting import read_time
from joinedup.casework.panelling import Verdict
from joinedup.casework.pathways import Outcome, PanelTerms
from joinedup.core.fields import ChoiceComponent
from joinedup.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    Option,
    RadiosField,
    TextareaField,
    TextField,
)

Choices = Iterable[tuple[str, str] | Option]


class Versioned(Form):
    """Knows which version of its record the person was looking at."""

    version = HiddenField(required=False)

    @property
    def seen_version(self) -> int:
        """0 where it was not sent."""
        sent = str(self.cleaned_data.get("version") or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 8 else 0


class PathwayForm(Versioned):
    """Which pathway a case goes onto, and why."""

    pathway = RadiosField(label="Which pathway?", error="Select the pathway")
    reason = TextareaField(label="Why does it change?", max_length=500, rows=3, error="Enter why the pathway changes")

    def __init__(self, *args: Any, pathways: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["pathway"]).set_options(pathways)


class AskForm(Form):
    """What the panel is asked for a child."""

    child = RadiosField(label="About which child?", error="Select the child")
    services = CheckboxesField(label="Which services is it asked for?", required=False)
    other = TextField(label="Another service", max_length=80, required=False)
    words = TextareaField(
        label="What is it like for the child, and what should change?", max_length=4000, rows=8, error="Enter what it is like, and what should change",
        hint="The panel’s partners read this. Write what they need to know to decide, in words the family would agree with.",
    )  # fmt: skip

    def __init__(self, *args: Any, children: Choices, services: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["child"]).set_options(children)
        if services:
            cast(ChoiceComponent, self.fields["services"]).set_options([(name, name) for name in services])
        else:
            del self.fields["services"]

    @property
    def asked_for(self) -> list[str]:
        """Every service named."""
        other = self.cleaned_data.get("other") or ""
        return [*self.cleaned_data.get("services", []), *([other] if other else [])]


class WordsForm(Form):
    """What a partner knows of the child or can give."""

    words = TextareaField(
        label="What does your agency know, and what can it give?", max_length=4000, rows=8, error="Enter what your agency knows or can give",
        hint="The panel and the team around the child read this. It is not changed later; more can be added.",
    )  # fmt: skip


class DisagreeForm(Form):
    """Who does not agree, and why."""

    words = TextareaField(
        label="Who does not agree, and why?", max_length=2000, rows=5, error="Enter who does not agree, and why",
        hint="In their own words where you can",
    )  # fmt: skip


PARTNERSHIP = "partnership"


class ConveneForm(Form):
    """A panel's date and its people."""

    team = RadiosField(label="Whose panel?", error="Select whose panel it is", conditional={PARTNERSHIP: "chair"})
    chair = TextField(
        label="E-mail address of whoever chairs it", max_length=200, error="Enter who chairs it",
        hint="Of any partner. They hold the panel and write down what it decides; each team puts its own requests on the list.",
    )  # fmt: skip
    on = DateField(label="Date", hint="For example, 27 3 2027")
    time = TextField(
        label="Time", width=10, hint="For example, 2:30pm or 14:30", validator=read_time, error="Enter the time"
    )
    place = TextField(label="Place", max_length=160, error="Enter where it meets")
    people = TextareaField(
        label="E-mail addresses of the panel’s people", rows=6, max_length=2000, error="Enter who is on the panel",
        hint="One a line: a named person of each partner. They read what is on the list, and nothing of the cases behind it.",
    )  # fmt: skip

    def __init__(self, *args: Any, teams: Choices, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = list(teams)
        cast(ChoiceComponent, self.fields["team"]).set_options(options)
        on = cast(DateField, self.fields["on"])
        on.earliest, on.latest = earliest, earliest + timedelta(days=730)

    @property
    def addresses(self) -> list[str]:
        """Each address once."""
        return list(dict.fromkeys(self.cleaned_data["people"].lower().replace(",", " ").replace(";", " ").split()))


class DecideForm(Versioned):
    """What the panel decided: who was there, about each service, and what the family is told."""

    came = CheckboxesField(label="Who of the panel was there?", error="Select who was there")

    def __init__(
        self, *args: Any, seats: Choices, services: Mapping[UUID, str], terms: PanelTerms, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(ChoiceComponent, self.fields["came"]).set_options(seats)
        self.services = services
        for number, name in enumerate(services.values()):
            self._ask(number, name, terms)
        self.fields["words_for_family"] = TextareaField(
            label="What are the child and the parents told?", max_length=3000, rows=6,
            error="Enter what the child and the parents are told",
            hint="In plain words: what was decided, why, what happens now and when. It is sent to them where that is safe.",
        )  # fmt: skip

    def _ask(self, number: int, name: str, terms: PanelTerms) -> None:
        self.fields[f"decision_{number}"] = RadiosField(
            label=f"{name}: what was decided?", choices=[(each.code, each.words) for each in terms.verdicts],
            conditional={Outcome.OTHER_SERVICE: f"instead_{number}"}, error=f"Select what was decided about {name}",
        )  # fmt: skip
        self.fields[f"instead_{number}"] = TextField(
            label="Which service fits better?", max_length=80, error="Enter which service fits better"
        )
        self.fields[f"reason_{number}"] = TextareaField(
            label=f"{name}: why?", max_length=2000, rows=3, error=f"Enter why this was decided about {name}"
        )

    @property
    def verdicts(self) -> dict[UUID, Verdict]:
        """By service."""
        said = self.cleaned_data
        return {
            pk: Verdict(said[f"decision_{number}"], said[f"reason_{number}"], said.get(f"instead_{number}") or "")
            for number, pk in enumerate(self.services)
        }
