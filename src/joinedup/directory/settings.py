"""How long the assurance of a record holds."""

from __future__ import annotations

from datetime import date

from joinedup.core.partnership import between, declare_setting, value

FLAG_AFTER = declare_setting(
    "directory.flag_after_days", "After how many days without assurance a service carries a flag where people find it.", 90,
    check=between(1, 1000), source="Open Referral UK recommends an assured date of less than three months",
)  # fmt: skip
HIDE_AFTER = declare_setting(
    "directory.hide_after_days",
    "After how many days without assurance practitioners who are signed in find a service no more; families still do.", 120,
    check=between(1, 1000),
)  # fmt: skip


def flag_after(on: date) -> int:
    """Days until the flag."""
    return int(value(FLAG_AFTER, on=on))


def hide_after(on: date) -> int:
    """Days until practitioners find it no more."""
    return int(value(HIDE_AFTER, on=on))
