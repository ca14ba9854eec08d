"""What reading a case looks at in one value: its type, its sign, its name; and the list of what was found wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

_MOST_DIGITS = 30  # of whole pence: more money than there is
_SHOWN = 40


class Repeated(dict[str, Any]):
    """A JSON object that says something twice; the last stands in it."""

    def __init__(self, found: Mapping[str, Any], names: Sequence[str]) -> None:
        super().__init__(found)
        self.names = names


class NoNumber:
    """What stands in a file where a number should, and is none: NaN, or more digits than anybody could use."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __str__(self) -> str:
        return self.words


class Faults:
    """Everything wrong that was found, as path and sentence, in the order of the file."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def add(self, path: str, sentence: str) -> None:
        """Note one more."""
        self.found.append((path, sentence))

    @staticmethod
    def below(path: str, name: str) -> str:
        """The path of what stands under a name; a name that could be mistaken is put in brackets and quoted."""
        return f"{path}.{name}" if re.fullmatch(r"[\w-]+( [\w-]+)*", name) else f"{path}[{json.dumps(name)}]"

    def an_object(self, data: object, path: str, what: str) -> Mapping[str, Any] | None:
        """The object that should be here, or None; a fault for each key that is in it twice."""
        if not isinstance(data, dict):
            self.add(path, f"{what} must be an object, not {described(data)}")
            return None
        for name in data.names if isinstance(data, Repeated) else ():
            self.add(self.below(path, name), "this is said more than once")
        return data

    def keys(self, found: Mapping[str, Any], path: str, known: Sequence[str], needed: Sequence[str]) -> None:
        """Faults for keys that are missing or not known."""
        for name in needed:
            if name not in found:
                self.add(self.below(path, name), "this is missing")
        for name in found:
            if name not in known:
                self.add(self.below(path, name), f"there is no such key here; the keys are {', '.join(known)}")

    def pence(self, data: object, path: str) -> int | None:
        """The whole pence that should be here, or None."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.add(path, f"money is whole pence, a whole number without quotes or a point, not {described(data)}")
            return None
        if abs(data) >= 10**_MOST_DIGITS:
            self.add(path, "this is more money than there is")
            return None
        return data

    def sum_from_nought(self, data: object, path: str, what: str) -> int | None:
        """Whole pence that cannot be less than nought, or None."""
        pence = self.pence(data, path)
        if pence is not None and pence < 0:
            self.add(path, f"{what} cannot be less than nought")
            return None
        return pence

    def weight(self, data: object, path: str) -> Fraction | None:
        """The weight that should be here, a number from nought upwards read exactly as it is written, or None."""
        if isinstance(data, bool) or not isinstance(data, int | Decimal):
            self.add(path, f"a weight is a number, such as 60 or 37.5, not {described(data)}")
            return None
        if not Decimal(data).is_finite() or abs(data) >= 10**_MOST_DIGITS:
            self.add(path, "this is no weight anybody could use")
            return None
        if data < 0:
            self.add(path, "a weight cannot be less than nought")
            return None
        return Fraction(data)

    def name(self, name: str, path: str, what: str) -> None:
        """A fault where the name of a partner or scheme is empty or cannot be printed."""
        if not name.strip():
            self.add(self.below(path, name), f"one of the {what} has no name")
        elif not name.isprintable():
            self.add(self.below(path, name), "this name has characters that cannot be printed")


def described(data: object) -> str:
    """What was found instead, in words that fit on a line."""
    if data is None or isinstance(data, bool):
        return {None: "null", True: "true", False: "false"}[data]
    if isinstance(data, dict | list):
        return "an object" if isinstance(data, dict) else "a list"
    if isinstance(data, str):
        shown = json.dumps(data if len(data) <= _SHOWN else data[:_SHOWN] + "…", ensure_ascii=not data.isprintable())
        return f"the text {shown}"
    return str(data)[:_SHOWN]
