"""What a partnership sets about programmes and benefits."""

from __future__ import annotations

from datetime import date

from joinedup.benefits.overlap import Limits
from joinedup.core.partnership import between, declare_setting, value

# --- Families in several strands.
SUPPRESS_BELOW = declare_setting(
    "benefits.suppress_below",
    "Numbers of families below this, and not nought, are not shown on pages and in files of programmes.",
    6, source="local: usual practice of small-number suppression", check=between(0, 20),
)  # fmt: skip
MERGE_PERCENT = declare_setting(
    "benefits.merge_percent",
    "Two strands are advised to merge when more than this per cent of the smaller one’s families are in both (and enough professionals visit them).",
    25, check=between(1, 99),
)  # fmt: skip
MERGE_PROFESSIONALS = declare_setting(
    "benefits.merge_professionals",
    "How many professionals the median family in both strands must meet before a merger is advised.",
    3, check=between(1, 20),
)  # fmt: skip
PROFESSIONALS_ENOUGH = declare_setting(
    "benefits.professionals_enough",
    "How many professionals one shared plan needs at a family’s door: visits by others than those who came most are counted as duplicated.",
    2, check=between(1, 10),
)  # fmt: skip
VISIT_PENCE = declare_setting(
    "benefits.visit_pence",
    "What one visit costs, in pence. The one that ships is that of a contact, at 2009/10 prices; enter your own.",
    3_700, source="Greater Manchester unit cost database v1.4, SS6.1, 2009/10", check=between(0, 1_000_000),
)  # fmt: skip
LOOKED_BACK_MONTHS = declare_setting(
    "benefits.looked_back_months", "Over how many months visits to the families of strands are counted.", 12,
    check=between(1, 60),
)  # fmt: skip


def suppress_below(on: date) -> int:
    """The smallest number of families that is shown."""
    return int(value(SUPPRESS_BELOW, on=on))


def merge_limits(on: date) -> Limits:
    """When two strands are advised to merge, and what a duplicated visit costs."""
    return Limits(
        percent=int(value(MERGE_PERCENT, on=on)),
        professionals=int(value(MERGE_PROFESSIONALS, on=on)),
        enough=int(value(PROFESSIONALS_ENOUGH, on=on)),
        visit_pence=int(value(VISIT_PENCE, on=on)),
    )


def looked_back_months(on: date) -> int:
    """How far back visits are counted."""
    return int(value(LOOKED_BACK_MONTHS, on=on))


# --- What activity costs.
UNRECORDED_PERCENT = declare_setting(
    "benefits.unrecorded_percent",
    "When more than this per cent of what was spent directly is explained by no recorded activity, the cost of activity is flagged and is not used in a business case.",
    20, check=between(1, 100),
)  # fmt: skip


def unrecorded_percent(on: date) -> int:
    """How much of what was spent directly may be unrecorded."""
    return int(value(UNRECORDED_PERCENT, on=on))


# --- The finance directors' pack.
PACK_MONTHS = declare_setting(
    "benefits.pack_months", "How many months after a meeting the next finance directors’ pack is due.", 2,
    source="local: finance directors of several partnerships meet every two months", check=between(1, 12),
)  # fmt: skip
PACK_NOTICE = declare_setting(
    "benefits.pack_notice_days",
    "How many days before the next finance directors’ pack is due people are reminded of it.",
    14, check=between(0, 60),
)  # fmt: skip


def pack_months(on: date) -> int:
    """How many months lie between two packs."""
    return int(value(PACK_MONTHS, on=on))


def pack_notice_days(on: date) -> int:
    """How long before the day people are reminded."""
    return int(value(PACK_NOTICE, on=on))
