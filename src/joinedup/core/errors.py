"""The one family of errors a person is meant to read. Anything else that is raised is a bug."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The program will not do this, and says why in a sentence for the person who asked.

    `rule` is the code of the rule that refuses (shown in docs/reference/rules.md); `field` names a form field the
    sentence belongs to; `extra` is more for a program that called the API. It becomes a form error or page (409),
    a `{message, rule, extra}` body, or a line on stderr with exit code 2.
    """

    status = 409

    def __init__(
        self, sentence: str, *, rule: str = "", field: str = "", extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.rule = rule
        self.field = field
        self.extra: dict[str, Any] = dict(extra or {})
        self.is_recorded = False  # set once the audit trail holds this refusal


class NotPermitted(Refused):
    """The person may see this but may not do that; the sentence says who may."""

    status = 403


class NotVisible(Refused):
    """The person may not see this, so for them it does not exist (404): nothing is given away."""

    status = 404

    def __init__(self) -> None:
        super().__init__("There is nothing at this address for you.", rule="AC-404")


class Stale(Refused):
    """Somebody else saved first. Nothing is lost: `extra` holds both texts for the person to choose from."""

    def __init__(self, *, theirs: Mapping[str, Any], yours: Mapping[str, Any], saved_by: str = "") -> None:
        who = saved_by or "Somebody else"
        super().__init__(
            f"{who} changed this while you were working on it. Both versions are below; nothing is lost.",
            rule="CO-1",
            extra={"theirs": dict(theirs), "yours": dict(yours)},
        )
