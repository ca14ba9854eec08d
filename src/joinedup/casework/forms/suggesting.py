"""One line of text with names to choose from while typing: anything else may be typed too, and no script is needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join

from joinedup.core.forms import TextField


class SuggestingField(TextField):
    """A name, with those that were used before as the browser's own suggestions."""

    suggested: tuple[str, ...] = ()

    def suggest(self, names: Iterable[str]) -> None:
        """Offer these, but for what would be too long an answer."""
        self.suggested = tuple(name for name in names if self.max_length is None or len(name) <= self.max_length)

    def own_params(self, bound: Any) -> dict[str, Any]:
        """The input, and the list it takes its suggestions from."""
        given = super().own_params(bound)
        if not self.suggested:
            return given
        place = f"{bound.auto_id}-used"
        options = format_html_join("", '<option value="{}"></option>', ((name,) for name in self.suggested))
        names = format_html('<datalist id="{}">{}</datalist>', place, options)
        return {**given, "attributes": {"list": place}, "formGroup": {"afterInput": {"html": names}}}
