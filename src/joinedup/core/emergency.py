"""What to do when a child is in danger now: the same words on every page, in the API and in every reply."""

from __future__ import annotations

from datetime import date

from joinedup.core import partnership
from joinedup.core.partnership import declare_setting

DUTY_PHONE = declare_setting(
    "front_door.duty_phone",
    "The telephone number of the duty team, shown wherever somebody tells us of a worry.",
    "01632 960 100",
)


def emergency(*, on: date | None) -> dict[str, str]:
    """The words and the duty number in force on a day; without a day the default, when no database can be asked."""
    phone = DUTY_PHONE.default if on is None else partnership.value(DUTY_PHONE, on=on)
    return {"text": f"If a child is in danger now, call 999. Then call the duty team on {phone}.", "phone": phone}
