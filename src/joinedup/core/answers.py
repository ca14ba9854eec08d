"""The registry of answers: each part says what it can tell whoever signs in, and the first page asks it. Which questions a
role has, and which answers stand under each, is a setting; no part imports another for it.

    register_answer("funds.owed", "what a partner owes to shared funds and is owed", owed)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

_ENDING = re.compile(r"\[(?:(\w*)\|)?(\w+)\]")


@dataclass(frozen=True)
class Fact:
    """A number, or an amount in words (`value`), that leads to what it counts. In `words` an ending for more than one stands
    in brackets: “review[s]”, “emergenc[y|ies]”. `note` says what else must be known with it."""

    words: str
    href: str
    n: int = 1
    value: str = ""
    note: str = ""
    urgent: bool = False

    @property
    def shown(self) -> str:
        """The number or the amount as a page says it."""
        return self.value or f"{self.n:,}"

    @property
    def label(self) -> str:
        """The words for this number."""
        return with_ending(self.words, self.n)


Give = Callable[[Any], Iterable[Fact]]


@dataclass(frozen=True)
class Answer:
    """What a part can tell: `sentence` completes “tells …”. `give` returns nothing to whom it is not for, and takes as many
    statements however much there is."""

    key: str
    sentence: str
    give: Give


_answers: dict[str, Answer] = {}


def register_answer(key: str, sentence: str, give: Give) -> None:
    """Called from a part’s `apps.py`; the key is `part.what`."""
    _answers[key] = Answer(key, sentence, give)


def declared_answers() -> list[Answer]:
    """Every answer, in key order."""
    return [_answers[key] for key in sorted(_answers)]


def facts_for(viewer: Any, keys: Collection[str]) -> dict[str, tuple[Fact, ...]]:
    """What these answers say to a viewer, each asked once."""
    return {key: tuple(_answers[key].give(viewer)) for key in dict.fromkeys(keys) if key in _answers}


def with_ending(words: str, n: int) -> str:
    """Words with the ending for a number."""
    return _ENDING.sub(lambda found: (found[1] or "") if n == 1 else found[2], words)
