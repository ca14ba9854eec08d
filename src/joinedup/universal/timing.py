"""A time of day as people write it. Pure."""

from __future__ import annotations

import re
from datetime import time

_WRONG = "Enter the time, such as 15:30 or 3:30pm"


def read_time(text: str) -> time:
    """15:30, 1530, 3.30pm, 3pm. Raises ValueError with a sentence."""
    plain = text.strip().lower().replace(" ", "").replace(".", ":")
    found = re.fullmatch(r"(\d{1,2})(?::?(\d{2}))?(am|pm)?", plain, re.ASCII)
    if found is None:
        raise ValueError(_WRONG)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if (half and not 1 <= hour <= 12) or hour > 23 or minute > 59 or (not half and found[2] is None):
        raise ValueError(_WRONG)
    return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)
