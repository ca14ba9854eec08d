"""The fields of Joinedup's forms: each renders as its GOV.UK component and explains its own errors.

Import them from ``core.forms``, where their use is described; ``DateField`` is in ``core.date_field``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from markupsafe import Markup

Params = dict[str, Any]


class Option(NamedTuple):
    """One choice with an optional hint below it."""

    value: str
    text: str
    hint: str = ""


class Bound(forms.BoundField):
    """A field in a form: what a template renders."""

    field: Component

    @property
    def template_name(self) -> str:
        """One template dispatches to the GOV.UK macro of the field's component."""
        return "core/field.jinja"

    def get_context(self) -> dict[str, Any]:
        """Return the macro's name and parameters."""
        return {"component": self.field.component, "params": self.field.params(self, heading=False)}

    def as_question(self) -> SafeString:
        """Render the component with its label or legend as the heading of the page."""
        context = {"component": self.field.component, "params": self.field.params(self, heading=True)}
        return self.render(context=context)

    @property
    def is_revealed(self) -> bool:
        """Say whether the field lives under another field's choice."""
        choosers = [field for field in self.form.fields.values() if isinstance(field, ChoiceComponent)]
        return any(self.name in names for chooser in choosers for names in chooser.conditional.values())

    @property
    def error_target(self) -> str:
        """Return the id of the control that the error summary links to."""
        return self.field.error_target(self)


class Component(forms.Field):
    """What all fields share; a subclass names its GOV.UK component and adds that component's parameters."""

    component: ClassVar[str] = "input"
    verb: ClassVar[str] = "Enter"
    has_legend: ClassVar[bool] = False
    marks_optional: ClassVar[bool] = True

    def __init__(
        self, *, label: str, hint: str = "", error: str = "", subject: str = "", label_size: str = "s",
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(label=label, help_text=hint, **kwargs)
        self.subject = subject or ("" if label.endswith("?") else label)
        self.label_size = label_size
        self.error_messages["required"] = error or self._missing()

    def _missing(self) -> str:
        if self.subject:
            return f"{self.verb} {_lower_first(self.subject)}"
        return f"{self.verb} an answer to “{self.label}”"

    def sentence(self, rest: str) -> str:
        """Start an error sentence with what the field is about."""
        subject = self.subject or "Answer"
        return f"{subject[:1].upper()}{subject[1:]} {rest}"

    def params(self, bound: Bound, heading: bool) -> Params:
        """Return the parameters of the GOV.UK macro."""
        text = str(bound.label)
        if not self.required and self.marks_optional and not bound.is_revealed:
            text += " (optional)"
        kind = "fieldset__legend" if self.has_legend else "label"
        size = "l" if heading else self.label_size
        label = {"text": text, "classes": f"govuk-{kind}--{size}" if size else "", "isPageHeading": heading}
        named: Params = {"fieldset": {"legend": label}} if self.has_legend else {"label": label}
        named |= {"id": bound.auto_id, "idPrefix": bound.auto_id, "name": bound.html_name}
        if self.help_text:
            named["hint"] = {"text": self.help_text}
        if bound.errors:
            named["errorMessage"] = {"text": bound.errors[0]}
        return named | self.own_params(bound)

    def own_params(self, bound: Bound) -> Params:
        """Return the parameters that only this component has."""
        return {}

    def error_target(self, bound: Bound) -> str:
        """Return the id of the control to go to when this field is wrong."""
        return str(bound.auto_id)


def _lower_first(text: str) -> str:
    """Lower the first letter unless the word is an acronym (``NHS number``)."""
    return text if text[1:2].isupper() or text.startswith("I ") else text[:1].lower() + text[1:]


class TextField(Component, forms.CharField):
    """One line of text. ``width`` is a number of characters (2, 3, 4, 5, 10, 20) or empty for the full width."""

    def __init__(
        self, *, label: str, width: int | None = None, validator: Callable[[str], Any] | None = None,
        autocomplete: str = "off", inputmode: str = "", spellcheck: bool | None = None,
        prefix: str = "", suffix: str = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(label=label, **kwargs)
        self.width, self.validator = width, validator
        self.prefix, self.suffix = prefix, suffix
        self.input = {"autocomplete": autocomplete, "spellcheck": spellcheck, "inputmode": inputmode}
        if self.max_length is not None:
            self.validators = [check for check in self.validators if not hasattr(check, "limit_value")]

    def to_python(self, value: Any) -> Any:
        """Return the text with one kind of line ending, so that its length is what the person counted."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text

    def clean(self, value: Any) -> Any:
        """Return the clean value, after the length and the validator have been asked."""
        text = super().clean(value)
        if text in self.empty_values:
            return text
        if self.max_length is not None and len(text) > self.max_length:
            raise ValidationError(self.sentence(f"must be {self.max_length:,} characters or less"), code="max_length")
        if self.validator is None:
            return text
        try:
            return self.validator(text)
        except ValueError as wrong:
            raise ValidationError(str(wrong), code="invalid") from wrong

    def own_params(self, bound: Bound) -> Params:
        """Return what an input needs."""
        given: Params = {"value": _text(bound.value()), "type": getattr(self, "input_type", "text")}
        given |= {name: value for name, value in self.input.items() if value not in (None, "")}
        if self.width:
            given["classes"] = f"govuk-input--width-{self.width}"
        for affix in ("prefix", "suffix"):
            if text := getattr(self, affix):
                given[affix] = {"text": text}
        return given


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


class EmailField(TextField):
    """An e-mail address."""

    input_type = "email"

    def __init__(self, *, label: str = "Email address", **kwargs: Any) -> None:
        super().__init__(label=label, spellcheck=False, **{"autocomplete": "email", **kwargs})
        self.validator = self.validator or _email


def _email(text: str) -> str:
    try:
        forms.EmailField().clean(text)
    except ValidationError:
        raise ValueError("Enter an email address in the correct format, like name@example.com") from None
    return text


class TelephoneField(TextField):
    """A telephone number, kept as it was typed."""

    input_type = "tel"

    def __init__(self, *, label: str = "Phone number", **kwargs: Any) -> None:
        super().__init__(label=label, **{"width": 20, **kwargs})
        self.validator = self.validator or _telephone


def _telephone(text: str) -> str:
    number = re.sub(r"(?i)(ext\.?|extension|x)\s*\d+$", "", text.strip())
    if not re.fullmatch(r"\+?[\d\s().-]+", number) or not 10 <= len(re.sub(r"\D", "", number)) <= 15:
        raise ValueError("Enter a phone number, like 01632 960 001 or 07700 900 982")
    return " ".join(text.split())


class NHSNumberField(TextField):
    """An NHS number; the engine that knows the check digit supplies the ``validator``."""

    def __init__(self, *, label: str = "NHS number", **kwargs: Any) -> None:
        super().__init__(label=label, spellcheck=False, **{"width": 10, "inputmode": "numeric", **kwargs})


class PostcodeField(TextField):
    """A postcode; the engine that knows their shape supplies the ``validator``."""

    def __init__(self, *, label: str = "Postcode", **kwargs: Any) -> None:
        super().__init__(label=label, spellcheck=False, **{"width": 10, "autocomplete": "postal-code", **kwargs})


class NumberField(TextField):
    """A whole number between ``least`` and ``most``. Cleans to an int, or None where it is optional and empty."""

    def __init__(
        self, *, label: str, least: int | None = None, most: int | None = None, width: int = 5, **kwargs: Any
    ) -> None:
        super().__init__(label=label, inputmode="numeric", width=width, spellcheck=False, empty_value=None, **kwargs)
        self.least, self.most = least, most
        self.validator = self._whole_number

    def _whole_number(self, text: str) -> int:
        plain = text.replace(",", "").replace(" ", "")
        if not re.fullmatch(r"-?\d{1,15}", plain, re.ASCII):
            raise ValueError(self.sentence("must be a whole number"))
        number = int(plain)
        if self.least is not None and number < self.least:
            raise ValueError(self.sentence(f"must be {self.least:,} or more"))
        if self.most is not None and number > self.most:
            raise ValueError(self.sentence(f"must be {self.most:,} or fewer"))
        return number


class TextareaField(TextField):
    """Several lines of text; with ``max_length`` the person sees how many characters are left."""

    component: ClassVar[str] = "textarea"

    def __init__(self, *, label: str, rows: int = 5, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.rows = rows

    def own_params(self, bound: Bound) -> Params:
        """Return what a text area needs; its line breaks survive macros that indent their content."""
        text = _text(bound.value())
        lines = (text or "").replace("\r\n", "\n").split("\n")
        kept = Markup("&#10;").join(lines)
        given: Params = {"value": kept, "rows": self.rows, "spellcheck": True, "autocomplete": "off"}
        return given | ({"maxlength": self.max_length} if self.max_length else {})


class ChoiceComponent(Component):
    """What radios, checkboxes and selects share: options, hints and fields revealed by a choice."""

    verb: ClassVar[str] = "Select"
    choices: Any

    def __init__(
        self, *, label: str, choices: Any = (), hints: Mapping[str, str] | None = None,
        conditional: Mapping[str, str | Sequence[str]] | None = None, inline: bool = False, small: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(label=label, **kwargs)
        # Django would name what was sent, which may be an id that nobody has ever seen.
        self.error_messages["invalid_choice"] = "That is not one of the choices. Choose again"
        self.hints = dict(hints or {})
        self.conditional = {
            value: (names,) if isinstance(names, str) else tuple(names) for value, names in (conditional or {}).items()
        }
        self.inline, self.small = inline, small
        if choices:
            self.set_options(choices)

    def set_options(self, choices: Any) -> None:
        """Set the choices: pairs, :class:`Option` rows or a function that returns pairs."""
        if callable(choices):
            self.choices = choices
            return
        options = [Option(*choice) for choice in choices]
        self.choices = [(option.value, option.text) for option in options]
        self.hints |= {option.value: option.hint for option in options if option.hint}

    def selected(self, bound: Bound) -> set[str]:
        """Return the values that are chosen at the moment."""
        value = bound.value()
        values = value if isinstance(value, (list, tuple, set)) else [value]
        return {str(one) for one in values if one is not None}

    def items(self, bound: Bound, chosen: str) -> list[Params]:
        """Return one row of macro parameters for each option; ``chosen`` is the macro's word for selected."""
        selected = self.selected(bound)
        items: list[Params] = []
        for value, text in self.choices:
            item: Params = {"value": value, "text": text, chosen: str(value) in selected}
            if hint := self.hints.get(str(value)):
                item["hint"] = {"text": hint}
            if revealed := self.conditional.get(str(value)):
                item["conditional"] = {"html": Markup("").join(bound.form[name].as_field_group() for name in revealed)}
            items.append(item)
        return items

    def own_params(self, bound: Bound) -> Params:
        """Return the rows and the layout."""
        layout = [f"govuk-{self.component}--{name}" for name in ("inline", "small") if getattr(self, name)]
        return {"items": self.items(bound, "checked"), "classes": " ".join(layout)}


class RadiosField(ChoiceComponent, forms.ChoiceField):
    """Choose one. ``choices`` are pairs, :class:`Option` rows or a function that returns pairs."""

    component: ClassVar[str] = "radios"
    has_legend: ClassVar[bool] = True
    widget = forms.RadioSelect


class CheckboxesField(ChoiceComponent, forms.MultipleChoiceField):
    """Choose any number. Cleans to a list."""

    component: ClassVar[str] = "checkboxes"
    has_legend: ClassVar[bool] = True
    marks_optional: ClassVar[bool] = False
    widget = forms.CheckboxSelectMultiple


class SelectField(ChoiceComponent, forms.ChoiceField):
    """Choose one from a long list; radios are better for fewer than about ten."""

    component: ClassVar[str] = "select"
    placeholder = "Choose one"

    def own_params(self, bound: Bound) -> Params:
        """Return the rows, an empty one first."""
        items = self.items(bound, "selected")
        if not any(item["value"] == "" for item in items):
            items.insert(0, {"value": "", "text": self.placeholder, "selected": not self.selected(bound)})
        return {"items": items}


class YesNoField(ChoiceComponent, forms.TypedChoiceField):
    """Yes or no. Cleans to True, False, or None where it is optional and empty."""

    component: ClassVar[str] = "radios"
    has_legend: ClassVar[bool] = True
    widget = forms.RadioSelect

    def __init__(self, *, label: str, yes: str = "Yes", no: str = "No", **kwargs: Any) -> None:
        inline = not kwargs.get("conditional")
        options = {"inline": inline, "choices": (("yes", yes), ("no", no)), **kwargs}
        super().__init__(label=label, coerce=lambda value: value == "yes", empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show True as yes and False as no."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class CheckboxField(Component, forms.BooleanField):
    """One box to tick; the label is the statement. Cleans to True or False."""

    component: ClassVar[str] = "checkboxes"
    marks_optional: ClassVar[bool] = False

    def _missing(self) -> str:
        return f"Tick the box to say “{self.label}”"

    def own_params(self, bound: Bound) -> Params:
        """Return the one row."""
        item: Params = {"value": "yes", "text": self.label, "checked": bool(bound.value())}
        if self.help_text:
            item["hint"] = {"text": self.help_text}  # below the statement it explains
        return {"items": [item], "hint": None, "classes": "govuk-checkboxes--small"}


class FileField(Component, forms.FileField):
    """A file; ``accept`` lists the endings that the file picker offers. What arrives must still be checked."""

    component: ClassVar[str] = "file-upload"
    verb: ClassVar[str] = "Choose"

    def __init__(self, *, label: str, accept: str = "", most_megabytes: int | None = None, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.accept, self.most_megabytes = accept, most_megabytes
        self.error_messages["empty"] = "The selected file is empty"

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file unless it is too large."""
        file = super().clean(data, initial)
        if file and self.most_megabytes and file.size > self.most_megabytes * 1024 * 1024:
            raise ValidationError(f"The selected file must be smaller than {self.most_megabytes}MB", code="too_large")
        return file

    def own_params(self, bound: Bound) -> Params:
        """Return the endings that the picker offers."""
        return {"attributes": {"accept": self.accept}} if self.accept else {}


class HiddenField(Component, forms.CharField):
    """A value the person does not see, such as the version of the record they are changing."""

    component: ClassVar[str] = "hidden"
    widget = forms.HiddenInput

    def __init__(self, *, label: str = "", **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)

    def own_params(self, bound: Bound) -> Params:
        """Return the value."""
        return {"value": _text(bound.value())}
