"""What reading a flow looks at in one value: its type, its size, its name; and the list of what was found wrong."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

_SHOWN = 40
_MOST = 1e9


class Repeated(dict[str, Any]):
    """A JSON object that says something twice; the last stands in it."""

    def __init__(self, found: Mapping[str, Any], names: Sequence[str]) -> None:
        super().__init__(found)
        self.names = names


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

    def table(
        self, data: object, path: str, what: str, known: Sequence[str] = (), needed: Sequence[str] = ()
    ) -> Mapping[str, Any] | None:
        """The table that should be here, or None; a fault for each key that is missing, not known or said twice."""
        if not isinstance(data, dict):
            self.add(path, f"{what} must be a table of keys, not {described(data)}")
            return None
        for name in data.names if isinstance(data, Repeated) else ():
            self.add(self.below(path, name), "this is said more than once")
        for name in needed:
            if name not in data:
                self.add(self.below(path, name), "this is missing")
        for name in data:
            if known and name not in known:
                self.add(self.below(path, name), f"there is no such key here; the keys are {', '.join(known)}")
        return data

    def a_list(self, data: object, path: str, what: str) -> list[Any]:
        """The list that should be here; an empty one, and a fault, where there is none."""
        if isinstance(data, list):
            return data
        self.add(path, f"{what} must be a list, not {described(data)}")
        return []

    def number(self, data: object, path: str, what: str, *, over: bool = False, most: float = _MOST) -> float | None:
        """The number from nought upwards (`over`: more than nought) that should be here, or None."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.add(path, f"{what} must be a number, without quotes, not {described(data)}")
        elif isinstance(data, float) and not math.isfinite(data):
            self.add(path, f"{what} must be a number that can be counted with, not {data}")
        elif data < 0:
            self.add(path, f"{what} cannot be less than nought")
        elif over and data == 0:
            self.add(path, f"{what} must be more than nought")
        elif data > most:
            self.add(path, f"{what} must be at most {most:,.0f}")
        else:
            return float(data)
        return None

    def share(self, data: object, path: str, what: str) -> float | None:
        """The share from 0 to 1 that should be here, or None."""
        share = self.number(data, path, what)
        if share is not None and share > 1:
            self.add(path, f"{what} is a share from 0 to 1, not {described(data)}; 60 % is 0.6")
            return None
        return share

    def shares(self, data: object, path: str, what: str) -> tuple[float, ...] | None:
        """Shares that add up to 1, or None."""
        listed = self.a_list(data, path, what)
        found = [self.share(each, f"{path}[{place}]", "a share") for place, each in enumerate(listed)]
        if None in found or not isinstance(data, list):
            return None
        kept = tuple(each for each in found if each is not None)
        if abs(math.fsum(kept) - 1) > 1e-6:
            self.add(path, f"{what} must add up to 1, not {math.fsum(kept):g}")
            return None
        return kept

    def whole(self, data: object, path: str, what: str, lowest: int, highest: int) -> int | None:
        """The whole number between two bounds that should be here, or None."""
        if isinstance(data, bool) or not isinstance(data, int) or not lowest <= data <= highest:
            self.add(path, f"{what} must be a whole number from {lowest:,} to {highest:,}, not {described(data)}")
            return None
        return data

    def text(self, data: object, path: str, what: str) -> str | None:
        """The words that should be here, on one line and without surrounding spaces, or None."""
        if not isinstance(data, str):
            self.add(path, f"{what} must be text, not {described(data)}")
            return None
        words = " ".join(data.split())
        if not words.isprintable() or len(words) > 200:
            self.add(path, f"{what} has characters that cannot be printed, or more than 200")
            return None
        return words


def described(data: object) -> str:
    """What was found instead, in words that fit on a line."""
    if data is None or isinstance(data, bool):
        return {None: "null", True: "true", False: "false"}[data]
    if isinstance(data, dict | list):
        return "a table" if isinstance(data, dict) else "a list"
    if isinstance(data, str):
        shown = json.dumps(data if len(data) <= _SHOWN else data[:_SHOWN] + "…", ensure_ascii=not data.isprintable())
        return f"the text {shown}"
    if isinstance(data, int) and data.bit_length() > 200:
        return "a number of very many digits"
    return str(data)[:_SHOWN]
