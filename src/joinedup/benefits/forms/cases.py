"""Forms of business cases. A page of a case asks what `case_building.asks` says; its answers are the model's own values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from joinedup.benefits.case_building import OTHER_NAME, OTHER_SHARE, Ask
from joinedup.benefits.case_figures import RATINGS, Kind, value_of
from joinedup.core.forms import (
    CheckboxesField,
    FileField,
    Form,
    HiddenField,
    Option,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from joinedup.engines.appraisal import DEFLATORS, GRADES, SCHEDULES
from joinedup.engines.appraisal.cited import cited_unit_costs

if TYPE_CHECKING:
    from joinedup.benefits.queries.cases import CaseSeen, RoundSeen

_FLAT, FLAT_RATE, TAKE = "flat", "flat_rate", "take"
_AFFIXES: Mapping[Kind, Mapping[str, Any]] = {
    Kind.PER_CENT: {"suffix": "%", "width": 5, "inputmode": "decimal"},
    Kind.PER_HUNDRED: {"suffix": "in 100", "width": 5, "inputmode": "decimal"},
    Kind.POUNDS: {"prefix": "£", "width": 10, "inputmode": "decimal"},
    Kind.PEOPLE: {"width": 10, "inputmode": "decimal"},
    Kind.YEARS: {"suffix": "years", "width": 3, "inputmode": "numeric"},
    Kind.PRICE_YEAR: {"width": 10},
    Kind.WORDS: {"max_length": 500},
}


class _OpenText(TextField):
    """A question that may be left open for now; it is no less wanted for that."""

    marks_optional: ClassVar[bool] = False


class _OpenRadios(RadiosField):
    """The same with a few choices."""

    marks_optional: ClassVar[bool] = False


class _OpenSelect(SelectField):
    """The same with many choices."""

    marks_optional: ClassVar[bool] = False


class PartForm(Form):
    """One page of a business case. Nothing on it must be answered: what is missing is listed on the case's page."""

    seen = HiddenField(required=False)

    def __init__(self, *args: Any, part: str, asks: Sequence[Ask], kept: Mapping[str, str], **kwargs: Any) -> None:
        initial = dict(kept)
        if part == "frame" and kept.get("discount", "") not in SCHEDULES:
            initial |= {"discount": _FLAT if kept.get("discount") else "", FLAT_RATE: kept.get("discount", "")}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.asks, self.part = asks, part
        if part == "worth":
            self.fields[TAKE] = _cited()
        for ask in asks:
            self.fields[ask.name] = _field(ask, part, kept.get(ask.name, ""))
            if ask.kind is Kind.SCHEDULE:
                self.fields[FLAT_RATE] = _text(Ask(FLAT_RATE, "Rate a year", Kind.PER_CENT, ()), error="Enter the rate")
        if part in {"gains", "pays"}:
            name = Ask(OTHER_NAME, "Another body", Kind.WORDS, (), "One outside the programme, such as the courts")
            self.fields[OTHER_NAME] = _text(name)
            self.fields[OTHER_SHARE] = _text(Ask(OTHER_SHARE, "Its share", Kind.PER_CENT, ()))

    def values(self) -> dict[str, Any]:
        """What was answered, as the model holds it; None where nothing was."""
        clean = self.cleaned_data
        found = {ask.name: _value(ask, clean.get(ask.name)) for ask in self.asks}
        if self.part == "frame" and clean.get("discount") == _FLAT:
            found["discount"] = clean.get(FLAT_RATE) if clean.get(FLAT_RATE) != "" else None
        if OTHER_NAME in self.fields:
            share = clean.get(OTHER_SHARE)
            found |= {OTHER_NAME: clean.get(OTHER_NAME) or None, OTHER_SHARE: None if share == "" else share}
        if self.part == "worth" and (entry := cited_unit_costs().get(clean.get(TAKE) or "")):
            found |= dict.fromkeys(("fiscal", "economic", "social"))
            found |= {kind: price.value for kind, price in entry.prices.items()}
            year = next(iter(entry.prices.values())).year
            rating = {"R": "red", "A": "amber", "G": "green"}.get(entry.rag, entry.rag)
            found |= {"price_year": year, "source": entry.source, "rag": rating, "caveat": entry.caveat or None}
        return found

    def clean(self) -> dict[str, Any]:
        """A share of another body needs its name, and a name a share."""
        clean = super().clean() or self.cleaned_data
        if OTHER_NAME in self.fields and OTHER_NAME not in self.errors and OTHER_SHARE not in self.errors:
            name, share = clean.get(OTHER_NAME), clean.get(OTHER_SHARE)
            if share not in (None, "") and not name:
                self.add_error(OTHER_NAME, "Enter whose share this is")
            if name and share in (None, ""):
                self.add_error(OTHER_SHARE, "Enter its share")
        return clean


def _value(ask: Ask, answer: Any) -> Any:
    """A field's clean answer as the model's value: choices come as text, figures as what their reader made of them."""
    if answer is None or answer == "" or answer == _FLAT:
        return None
    return value_of(ask.kind, answer) if isinstance(answer, str) else answer


def _field(ask: Ask, part: str, kept: str) -> Any:
    if ask.kind is Kind.GRADE:
        options = [Option(str(number), words) for number, words in grade_words(part).items()]
        kind = _OpenSelect if part == "sure" else _OpenRadios
        return kind(label=ask.label, choices=options, required=False, hint=ask.hint)
    if ask.kind is Kind.SCHEDULE:
        options = [
            Option(each.origin.name, each.origin.title, "" if each.origin.in_force else "Proposed, not in force")
            for each in SCHEDULES.values()
        ]
        options.append(Option(_FLAT, "At a flat rate"))
        return _OpenRadios(label=ask.label, choices=options, conditional={_FLAT: FLAT_RATE}, required=False)
    if ask.kind is Kind.DEFLATOR:
        options = [
            Option(name, each.origin.title, "" if each.origin.verified else "Not verified against its source")
            for name, each in DEFLATORS.items()
        ]
        return _OpenRadios(label=ask.label, choices=options, required=False, hint="Left as it is, that of 2025")
    if ask.kind is Kind.RATING:
        known = {**RATINGS, **({} if kept in RATINGS or not kept else {kept: kept})}
        options = [Option(value, words) for value, words in known.items()]
        return _OpenSelect(label=ask.label, choices=options, required=False)
    return _text(ask)


def _text(ask: Ask, **more: Any) -> TextField:
    affixes = dict(_AFFIXES.get(ask.kind, {}))
    return _OpenText(label=ask.label, hint=ask.hint, required=False, validator=_reader(ask), **affixes, **more)


def _reader(ask: Ask) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return value_of(ask.kind, text)
        except ValueError as wrong:
            raise ValueError(f"“{ask.label}” {wrong}") from None

    return read


def grade_words(part: str) -> dict[int, str]:
    """What each grade says on a page of this part, with what it takes off or adds."""
    found = {}
    for number, grade in GRADES.items():
        words = grade.population if part == "who" else grade.evidence
        bias = f"{grade.optimism_bias * 100:.0f} %"
        effect = "" if part == "who" else f" ({bias} added)" if part == "costs" else f" ({bias} taken off)"
        spread = f", ± {grade.data_error * 100:.0f} %" if part == "who" else ""
        found[number] = f"{number}: {words}{spread}{effect}"
    return found


def _cited() -> SelectField:
    options = []
    for code, entry in cited_unit_costs().items():
        price = next(iter(entry.prices.values()))
        options.append(Option(code, f"{code} {entry.detail}: £{price.value:,.0f} ({price.year})"))
    return SelectField(
        label="Take a quoted figure", choices=options, required=False,
        hint="Its value, price year, source, rating and caveat are put in below. Or enter a figure of your own there.",
    )  # fmt: skip


class BeginForm(Form):
    """What the case is called."""

    title = TextField(
        label="What is the case called?", hint="For example, as agreed in June, or the cheaper option", max_length=200,
        error="Enter what the case is called",
    )  # fmt: skip


class KeepForm(Form):
    """Why it changed since the round before."""

    why = TextareaField(label="Why did it change since the round before?", max_length=2000, rows=4, error="Say why it changed since the round before")  # fmt: skip
    version = HiddenField(required=False)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            self.fields["why"].required = False
            self.fields["why"].label = "Anything to say about this round?"


class WithdrawForm(Form):
    """Why a case is withdrawn."""

    reason = TextField(label="Why is it withdrawn?", max_length=500, error="Say why the case is withdrawn")


class TakeOverForm(Form):
    """Nothing to answer: pressing the button takes over what is shown."""

    version = HiddenField()

    def clean_version(self) -> str:
        """The version of the case that was looked at."""
        sent = str(self.cleaned_data["version"])
        return sent if sent.isascii() and sent.isdigit() and len(sent) < 8 else "0"


class DeliveryForm(Form):
    """Whose costs are taken in."""

    delivery = RadiosField(label="Which delivery model?", error="Select a delivery model")

    def __init__(self, *args: Any, known: Sequence[tuple[UUID, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [Option(str(key), name, state) for key, name, state in known]
        cast(RadiosField, self.fields["delivery"]).set_options(options)


class CompareForm(Form):
    """Two rounds of a case."""

    first = SelectField(label="Compare", error="Select a round")
    second = SelectField(label="With", error="Select a round to compare it with")

    def __init__(self, *args: Any, rounds: Sequence[RoundSeen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            options = [Option(str(each.id), f"Round {each.number}") for each in rounds]
            cast(SelectField, self.fields[name]).set_options(options)


class OptionsForm(Form):
    """Cases to put side by side."""

    case = CheckboxesField(label="Which cases?", hint="At most six; the first is what the others are held against", error="Select at least one case", small=True)  # fmt: skip

    def __init__(self, *args: Any, cases: Sequence[CaseSeen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [Option(str(each.id), each.title, each.strand_name) for each in cases]
        cast(CheckboxesField, self.fields["case"]).set_options(options)


class UploadForm(Form):
    """A file with a whole case in it."""

    file = FileField(
        label="File", accept=".xlsx,.toml,.json", most_megabytes=2, error="Choose a file",
        hint="A workbook downloaded from here and edited, or a TOML or JSON file as joinedup appraise takes",
    )  # fmt: skip


class WhatIfForm(Form):
    """Some inputs changed for a moment; nothing of it is kept."""

    people = TextField(label="People who join", suffix="% of now", width=4, required=False, inputmode="decimal")
    impact = TextField(label="How many it helps", suffix="% of now", width=4, required=False, inputmode="decimal")
    costs = TextField(label="Costs", suffix="% of now", width=4, required=False, inputmode="decimal")
    worth = TextField(
        label="What each benefit is worth", suffix="% of now", width=4, required=False, inputmode="decimal"
    )
    later = SelectField(
        label="Benefits start later", required=False, choices=[("1", "By one year"), ("2", "By two years"), ("3", "By three years")],
    )  # fmt: skip
    evidence = SelectField(
        label="Evidence", required=False,
        choices=[("worse", "Each grade one worse"), ("best", "No optimism bias at all")],
    )  # fmt: skip
    discount = SelectField(
        label="Discounting", required=False, choices=[(name, each.origin.title) for name, each in SCHEDULES.items()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "impact", "costs", "worth"):
            field = cast(TextField, self.fields[name])
            field.validator = _times(str(field.label))


def _times(label: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = value_of(Kind.PER_HUNDRED, text)
        except ValueError as wrong:
            raise ValueError(f"“{label}” {wrong}") from None
        if value > 10:
            raise ValueError(f"“{label}” must be at most 1,000 per cent")
        return float(value)

    return read
