"""Reading the forms of a page as a browser would send them back: every field with what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class FormOnPage:
    """A form: where it goes, what each field would send as it stands, and the choices of those that have any."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, bool] = field(default_factory=dict)  # a field somebody answers, and whether it stands empty
    choices: dict[str, list[str]] = field(default_factory=dict)

    def answers(self, **more: str | list[str]) -> dict[str, str | list[str]]:
        """What is sent, with these answers in place of what stands there."""
        return {**self.values, **more}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[FormOnPage] = []
        self._form: FormOnPage | None = None
        self._select = self._area = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = FormOnPage(said.get("action", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        name = said.get("name", "")
        if tag == "input" and name:
            self._input(self._form, name, said)
        elif tag == "select":
            self._select = name
            self._form.asked[name] = True
        elif tag == "option" and self._select:
            self._form.choices.setdefault(self._select, []).append(said.get("value", ""))
            if "selected" in said:
                self._form.values[self._select] = [said.get("value", "")]
                self._form.asked[self._select] = not said.get("value")
        elif tag == "textarea":
            self._area, self._text = name, []

    def _input(self, form: FormOnPage, name: str, said: dict[str, str]) -> None:
        kind, value = said.get("type", "text"), said.get("value", "")
        if kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(value)
            form.asked.setdefault(name, True)
            if "checked" in said:
                form.values.setdefault(name, []).append(value)
                form.asked[name] = False
        elif kind not in {"submit", "button", "file"}:
            form.values[name] = [value]
            if kind != "hidden":
                form.asked[name] = not value

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._form is not None:
            text = "".join(self._text).strip()
            self._form.values[self._area], self._form.asked[self._area] = [text], not text
            self._area = ""


def forms_of(page: str) -> list[FormOnPage]:
    """The forms in the main part of a page, in their order."""
    reader = _Reader()
    reader.feed(page[page.find("<main") :])
    return reader.forms


def form_with(page: str, name: str) -> FormOnPage:
    """The form that has a field of this name."""
    found = [each for each in forms_of(page) if name in each.asked or name in each.values]
    assert found, f"the page has no form with {name}: {page[page.find('<main') :][:1500]}"
    return found[0]
