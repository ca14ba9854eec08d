"""Settings of the review of possible matches."""

from __future__ import annotations

from datetime import date

from joinedup.core.partnership import between, declare_setting, value

BLIND_FIRST = declare_setting(
    "person_index.review_blind_first",
    "Whether what the model makes of two people stays hidden until whoever decides asks to see it.",
    True,
    source="local: so that the eye comes before the machine",
)
ONE_BY_ONE = declare_setting(
    "person_index.linked_one_by_one",
    "Up to how many new rows of a file the linkage model is asked at once; more are looked at in the background.",
    500,
    check=between(1, 5000),
)


def is_blind_first(on: date) -> bool:
    """Whether the score is hidden until somebody asks."""
    return bool(value(BLIND_FIRST, on=on))


def most_at_once(on: date) -> int:
    """How many new records are linked by the model in the transaction that brings them."""
    return int(value(ONE_BY_ONE, on=on))
