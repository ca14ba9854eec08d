"""Settings of the partnership: labels, clocks and thresholds that differ between places and change on a day.

A part declares a setting with its default and a sentence; the value in force is the newest dated row, or the default.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from joinedup.core.errors import Refused
from joinedup.core.models import PartnershipSetting

_KEEP_SECONDS = 5.0
_declared: dict[str, Setting] = {}
_kept: tuple[float, list[tuple[str, date, Any]]] | None = None


@dataclass(frozen=True)
class Setting:
    """A declared setting: what it is for, its default, and a source where the default comes from guidance. `check`
    raises where a value of the right kind still could not be used."""

    key: str
    sentence: str
    default: Any
    source: str = "local"
    check: Callable[[Any], object] | None = None


def declare_setting(
    key: str, sentence: str, default: Any, *, source: str = "local", check: Callable[[Any], object] | None = None
) -> Setting:
    """Called once at import time by the part that reads the setting."""
    if key in _declared:
        raise ValueError(f"setting {key} is declared twice")
    _declared[key] = Setting(key, sentence, default, source, check)
    return _declared[key]


def between(least: int, most: int) -> Callable[[Any], object]:
    """A check: a whole number within limits."""

    def check(number: Any) -> None:
        if not least <= number <= most:
            raise ValueError(f"Enter a number from {least:,} to {most:,}.")

    return check


def declared_settings() -> list[Setting]:
    """Every setting, for the settings page and the reference."""
    return [_declared[key] for key in sorted(_declared)]


def value(setting: Setting, *, on: date) -> Any:
    """The value in force on a day. All rows are read at once and kept for five seconds: settings change rarely and
    every page reads several."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > _KEEP_SECONDS:
        rows = PartnershipSetting.objects.order_by("starts_on", "id").values_list("key", "starts_on", "value")
        _kept = (time.monotonic(), list(rows))
    found = setting.default
    for key, starts_on, stored in _kept[1]:
        if key == setting.key and starts_on <= on:
            found = stored
    return found


PARTNERSHIP_NAME = declare_setting(
    "partnership.name", "What the partnership is called on every page.", "Exampleshire Children's Partnership"
)


def partnership_name(on: date) -> str:
    """What the partnership is called on a day, on pages and in documents."""
    return str(value(PARTNERSHIP_NAME, on=on))


def forget() -> None:
    """Read the settings afresh next time (after a change, and between tests)."""
    global _kept
    _kept = None


def store(key: str, new_value: Any, *, starts_on: date, set_by: UUID | None, set_at: datetime) -> None:
    """Write a dated value; the permission is checked by the service that calls this."""
    if key not in _declared:
        raise Refused(f"There is no setting called {key}.", rule="CO-2", field="key")
    if type(new_value) is not type(_declared[key].default):
        raise Refused("That is not the kind of value this setting takes.", rule="CO-3", field="value")
    _refuse_unusable(_declared[key], new_value)
    PartnershipSetting.objects.create(key=key, value=new_value, starts_on=starts_on, set_by=set_by, set_at=set_at)
    forget()


def _refuse_unusable(setting: Setting, new_value: Any) -> None:
    """A value no page could work with is refused here: later it would stop referrals from coming in."""
    sentence = "That value cannot be used. Keep the shape of the present one and change only what it says."
    try:
        if "\\u0000" in json.dumps(new_value, allow_nan=False):
            raise ValueError("That text holds a character that cannot be kept.")
        if setting.check is not None:
            setting.check(new_value)
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as fault:
        own = str(fault) if type(fault) is ValueError and str(fault).endswith(".") else sentence
        raise Refused(own, rule="CO-3", field="value") from fault
