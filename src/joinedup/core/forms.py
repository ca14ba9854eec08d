"""Forms whose fields render themselves as GOV.UK components and explain their own errors.

    class ReferralForm(Form):
        family_name = TextField(label="Family name", error="Enter the child's family name")
        born_on = DateField(label="Date of birth", hint="For example, 27 3 2019")
        family_knows = YesNoField(label="Does the family know?", conditional={"no": "why_not"},
                                  error="Select whether the family knows")
        why_not = TextareaField(label="Why does the family not know?", max_length=500)

In a template ``{{ form.error_summary() }}``, then ``{{ form.family_name.as_field_group() }}`` for one
component with its label, hint and error, ``{{ form }}`` for all of them in order, or
``{{ form.born_on.as_question() }}`` where the page asks one thing and the label is its heading.

* Every field takes ``label``, ``hint``, ``required`` (True), ``error`` (the sentence when it is empty),
  ``subject`` (how longer error sentences name it; the label by default) and ``label_size``.
* ``conditional={value: field name}`` (or several names) on radios and checkboxes puts fields under that choice.
  A field that was not revealed is never required and cleans to its empty value, with or without JavaScript.
* ``validator`` is a function from the text to its clean value; its ``ValueError`` is shown to the person.
* Nothing here reads a clock: a form that knows today sets ``self.fields["born_on"].latest = on``.
* ``ChildForm.stack("children", data, noun="child")`` repeats a form with "Add another" buttons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.template import loader
from django.utils.safestring import SafeString, mark_safe

from joinedup.core.date_field import DateField
from joinedup.core.errors import Refused
from joinedup.core.fields import (
    Bound,
    CheckboxesField,
    CheckboxField,
    ChoiceComponent,
    EmailField,
    FileField,
    HiddenField,
    NHSNumberField,
    NumberField,
    Option,
    PostcodeField,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
    YesNoField,
)

__all__ = [
    "CheckboxField", "CheckboxesField", "DateField", "EmailField", "FileField", "Form", "FormGroup", "HiddenField",
    "NHSNumberField", "NumberField", "Option", "PostcodeField", "RadiosField", "SelectField", "TelephoneField",
    "TextField", "TextareaField", "YesNoField", "error_summary", "resolve_conflict",
]  # fmt: skip


class Renderer(BaseRenderer):
    """Finds our templates in the project's engines, and Django's own widgets where Django keeps them."""

    form_template_name = "core/form.jinja"
    field_template_name = "core/field.jinja"
    _django = DjangoTemplates()

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """Render one of our templates, which escape by default."""
        return mark_safe(super().render(template_name, context, request))  # noqa: S308

    def get_template(self, template_name: str) -> Any:
        """Return the compiled template."""
        if template_name.startswith("django/"):
            return self._django.get_template(template_name)
        return loader.get_template(template_name)


RENDERER = Renderer()


class Form(forms.Form):
    """The base of every form; see the module's text."""

    default_renderer = RENDERER
    bound_field_class = Bound
    use_required_attribute = False

    def __init__(self, *args: Any, is_being_changed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_being_changed = is_being_changed

    def full_clean(self) -> None:
        """Judge the answers, unless an item is only being added to or removed from the group."""
        if not self.is_being_changed:
            super().full_clean()
            return
        self._errors = ErrorDict()
        self.cleaned_data = {}

    @property
    def template_name(self) -> str:
        """The template of ``{{ form }}``."""
        return "core/form.jinja"

    def _choosers(self) -> Iterator[tuple[str, str, str]]:
        """Yield (chooser, value, revealed field) for every conditional reveal."""
        for name, field in self.fields.items():
            if isinstance(field, ChoiceComponent):
                for value, below in field.conditional.items():
                    yield from ((name, value, revealed) for revealed in below)

    def groups(self) -> list[forms.BoundField]:
        """Return the fields to render in order, without those that render under another field's choice."""
        revealed = {name for _, _, name in self._choosers()}
        return [self[name] for name in self.fields if name not in revealed]

    def get_context(self) -> dict[str, Any]:
        """Return what ``{{ form }}`` renders."""
        return {"form": self, "groups": self.groups()}

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # the only step between the fields and clean()
        shown = {revealed for chooser, value, revealed in self._choosers() if value in self._chosen(chooser)}
        for _, _, revealed in self._choosers():
            if revealed not in shown:
                self._forget(revealed)

    def _chosen(self, name: str) -> list[str]:
        sent = self[name].data
        return [str(one) for one in (sent if isinstance(sent, (list, tuple)) else [sent])]

    def _forget(self, name: str) -> None:
        """Drop the answer to a question that was not asked, and those below it."""
        if name not in self.fields:
            return
        self.errors.pop(name, None)
        field = self.fields[name]
        self.cleaned_data[name] = _empty(field)
        if isinstance(field, ChoiceComponent):
            for names in field.conditional.values():
                for below in names:
                    self._forget(below)

    def refuse(self, refusal: Refused) -> None:
        """Show the sentence of a refusal as this form's error, at its field when it names one of ours."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)

    def error_summary(self) -> SafeString | str:
        """Render the summary of errors with links to the fields; nothing when there are none."""
        return error_summary(self)

    @classmethod
    def stack(cls, prefix: str, data: Mapping[str, Any] | None = None, **options: Any) -> FormGroup:
        """Return this form repeated, for "add another"; the options are those of :class:`FormGroup`."""
        return FormGroup(cls, prefix, data, **options)


def _empty(field: forms.Field) -> Any:
    """Return what the field cleans to when nothing was sent."""
    if isinstance(field, forms.MultipleChoiceField):
        return []
    if isinstance(field, forms.BooleanField):
        return False
    return getattr(field, "empty_value", "" if isinstance(field, forms.ChoiceField) else None)


class FormGroup:
    """The same few questions for several things, such as each child in a referral.

    "Add another" and "Remove" are ordinary submit buttons, so they work without JavaScript::

        children = ChildForm.stack("children", request.POST, noun="child")
        if children.is_changing:           # a button was pressed: show the page again, no errors yet
            ...
        elif form.is_valid() and children.is_valid():
            refer(children=children.cleaned)

    Items beyond ``least`` that were left entirely empty are skipped. ``{{ children }}`` renders it all.
    """

    def __init__(
        self, form_class: type[Form], prefix: str, data: Mapping[str, Any] | None = None, *,
        initial: Sequence[Mapping[str, Any]] = (), least: int = 1, most: int = 12, noun: str = "item",
    ) -> None:  # fmt: skip
        self.form_class, self.prefix, self.noun = form_class, prefix, noun
        self.least, self.most, self.initial = least, most, initial
        self.is_bound = data is not None
        given = data if data is not None else {}
        self.is_changing = f"{prefix}-add" in given or f"{prefix}-remove" in given
        kept = self._kept(given) if self.is_bound else list(range(max(least, len(initial))))
        self.items = [self._item(place, old, given) for place, old in enumerate(kept)]

    def _kept(self, data: Mapping[str, Any]) -> list[int]:
        """Return the old numbers of the items to show, after the button that was pressed."""
        sent = str(data.get(f"{self.prefix}-count", ""))
        count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else self.least
        numbers = list(range(max(self.least, min(count, self.most))))
        if f"{self.prefix}-remove" in data and len(numbers) > self.least:
            numbers = [number for number in numbers if str(number) != data[f"{self.prefix}-remove"]]
        if f"{self.prefix}-add" in data and len(numbers) < self.most:
            numbers.append(len(numbers))
        return numbers

    def _item(self, place: int, old: int, data: Mapping[str, Any]) -> Form:
        prefix = f"{self.prefix}-{place}"
        if not self.is_bound:
            initial = dict(self.initial[place]) if place < len(self.initial) else None
            return self.form_class(prefix=prefix, initial=initial)
        own = _renumbered(data, f"{self.prefix}-{old}-", f"{prefix}-")
        return self.form_class(
            own, prefix=prefix, empty_permitted=place >= self.least, is_being_changed=self.is_changing
        )

    def __iter__(self) -> Iterator[Form]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def can_add(self) -> bool:
        """Say whether another one fits."""
        return len(self.items) < self.most

    @property
    def can_remove(self) -> bool:
        """Say whether one may go."""
        return len(self.items) > self.least

    @property
    def errors(self) -> list[Any]:
        """Return the errors of each item; an empty list when there are none."""
        found = [item.errors for item in self.items]
        return found if any(found) else []

    def is_valid(self) -> bool:
        """Say whether everything was answered and no button to add or remove was pressed."""
        # Every item is asked, so that every item shows its errors.
        judged = [item.is_valid() for item in self.items]
        return self.is_bound and not self.is_changing and all(judged)

    @property
    def cleaned(self) -> list[dict[str, Any]]:
        """Return the clean answers of each item that was filled in."""
        return [item.cleaned_data for item in self.items if item.has_changed() or not item.empty_permitted]

    def error_summary(self) -> SafeString | str:
        """Render the summary of errors of all items."""
        return error_summary(self)

    def render(self) -> SafeString:
        """Render every item with its buttons."""
        return RENDERER.render("core/formset.jinja", {"group": self})

    def __str__(self) -> str:
        return self.render()

    def __html__(self) -> str:
        return self.render()


def _renumbered(data: Mapping[str, Any], old: str, new: str) -> Any:
    """Return the part of the data whose names start with ``old``, named ``new``; lists stay lists."""
    own = QueryDict(mutable=True)
    for name in data:
        if name.startswith(old):
            values = data.getlist(name) if hasattr(data, "getlist") else data[name]
            own.setlist(new + name[len(old) :], values if isinstance(values, list) else [values])
    return own


def _rows(form: Any) -> Iterator[dict[str, str]]:
    """Yield one row of the error summary for every error of a form."""
    for name, errors in form.errors.items():
        if name == "__all__" or name not in form.fields:
            yield from ({"text": str(error)} for error in errors)
        else:
            bound = form[name]
            target = getattr(bound, "error_target", bound.auto_id)
            row = {"text": str(errors[0])}
            yield row if bound.is_hidden else row | {"href": f"#{target}"}


def _rows_of(part: Any) -> Iterator[dict[str, str]]:
    return _group_rows(part) if isinstance(part, FormGroup) else _rows(part)


def _group_rows(group: FormGroup) -> Iterator[dict[str, str]]:
    """Yield the rows of every item, each saying which item it is about."""
    for number, item in enumerate(group, start=1):
        which = f"{group.noun[:1].upper()}{group.noun[1:]} {number}"
        yield from (row | {"text": f"{which}: {row['text']}"} for row in _rows(item))


def error_summary(*parts: Any) -> SafeString | str:
    """Render one summary for a page's forms and groups; Django's own forms may be among them."""
    rows = [row for part in parts if part.is_bound for row in _rows_of(part)]
    if not rows:
        return ""
    return RENDERER.render("core/error_summary.jinja", {"rows": rows})


def resolve_conflict(data: QueryDict) -> QueryDict:
    """Turn what ``core/conflict.jinja`` sends into an ordinary form: the other text wins where it was chosen."""
    chosen = data.copy()
    for name in data:
        if name.startswith("choice-") and data[name] == "theirs":
            chosen[name.removeprefix("choice-")] = data.get(f"theirs-{name.removeprefix('choice-')}", "")
    return chosen
