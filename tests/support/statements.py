"""How many statements something takes, so that a count does not hang on what happens to be kept for some seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_KEPT = '"core_partnershipsetting"'


def statements_of(captured: Iterable[dict[str, Any]]) -> int:
    """How many statements ran, without the reading of settings: those are read once in five seconds for every page of a
    process, so that whether one falls into a count is luck."""
    return sum(_KEPT not in each["sql"] for each in captured)
