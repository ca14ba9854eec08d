"""How long the assurance of a record holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from joinedup.core.partnership import between, declare_setting, value

REMIND_AFTER = declare_setting(
    "directory.remind_after_days", "After how many days without assurance a provider is reminded to confirm a record.", 60,
    check=between(1, 1000),
)  # fmt: skip
CORRECTION_DAYS = declare_setting(
    "directory.correction_days", "Working days in which what somebody says is wrong is answered.", 2, check=between(1, 60),
    source="the directory’s plan: errors are corrected within 48 hours (docs/directory.md)",
)  # fmt: skip
FLAG_AFTER = declare_setting(
    "directory.flag_after_days", "After how many days without assurance a service carries a flag where people find it.", 90,
    check=between(1, 1000), source="Open Referral UK recommends an assured date of less than three months",
)  # fmt: skip
HIDE_AFTER = declare_setting(
    "directory.hide_after_days",
    "After how many days without assurance practitioners who are signed in find a service no more; families still do.", 120,
    check=between(1, 1000),
)  # fmt: skip

HELP_PHONE = declare_setting(
    "directory.help_phone",
    "The telephone number families may ring when they find nothing in the directory.",
    "01632 960 200",
)
YOUNG_DAYS = declare_setting(
    "directory.young_answer_days",
    "Within how many working days a young person’s question is answered.",
    2,
    check=between(1, 20),
)
YOUNG_DANGER_MINUTES = declare_setting(
    "directory.young_danger_minutes",
    "After how many minutes a young person’s question that hints at danger goes to everybody who answers, unless one of them has opened it.",
    30, check=between(1, 1440),
)  # fmt: skip
YOUNG_KEEP_DAYS = declare_setting(
    "directory.young_keep_days",
    "After how many days the words of a young person’s question and of its answer are destroyed.", 90,
    check=between(7, 1000),
)  # fmt: skip
YOUNG_HELP_LINES = declare_setting(
    "directory.young_help_lines",
    "Who helps a young person at once, day and night: one line each, shown on every page of their site.",
    "Call 999 if you are in danger now.\nChildline: call 0800 1111. It is free and no one else will know.\nNHS 111: call 111 and press 2 if your mind feels unsafe.",
    source="[memory] numbers of 2026; check each before the site opens",
)  # fmt: skip


def flag_after(on: date) -> int:
    """Days until the flag."""
    return int(value(FLAG_AFTER, on=on))


def hide_after(on: date) -> int:
    """Days until practitioners find it no more."""
    return int(value(HIDE_AFTER, on=on))


def remind_after(on: date) -> int:
    """Days until the provider is reminded."""
    return int(value(REMIND_AFTER, on=on))


def correction_days(on: date) -> int:
    """Working days in which a correction is answered."""
    return int(value(CORRECTION_DAYS, on=on))


LICENCE = declare_setting(
    "directory.licence", "Under which licence the directory’s own records are open to everybody; those taken in keep their own.",
    "Open Government Licence v3.0", source="the usual licence of public bodies in the United Kingdom",
)  # fmt: skip


def own_licence(on: date) -> str:
    """The licence of the directory's own records."""
    return str(value(LICENCE, on=on))


@dataclass(frozen=True)
class YoungClock:
    """The clocks of young people's questions."""

    days: int  # working days for an answer
    danger_minutes: int
    keep_days: int


def young_clock(on: date) -> YoungClock:
    """The clocks in force on a day."""
    return YoungClock(
        int(value(YOUNG_DAYS, on=on)), int(value(YOUNG_DANGER_MINUTES, on=on)), int(value(YOUNG_KEEP_DAYS, on=on))
    )


def young_help_lines(on: date) -> list[str]:
    """Who helps a young person at once, a line each."""
    return [line.strip() for line in str(value(YOUNG_HELP_LINES, on=on)).splitlines() if line.strip()]
