"""Settings of the partnership: labels, clocks and thresholds that differ between places and change on a day.

A part declares a setting with its default and a sentence; the value in force is the newest dated row, or the default.
"""

from __future__ import annotations

import time
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
    """A declared setting: what it is for, its default, and a source where the default comes from guidance."""

    key: str
    sentence: str
    default: Any
    source: str = "local"


def declare_setting(key: str, sentence: str, default: Any, *, source: str = "local") -> Setting:
    """Called once at import time by the part that reads the setting."""
    if key in _declared:
        raise ValueError(f"setting {key} is declared twice")
    _declared[key] = Setting(key, sentence, default, source)
    return _declared[key]


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
    PartnershipSetting.objects.create(key=key, value=new_value, starts_on=starts_on, set_by=set_by, set_at=set_at)
    forget()
