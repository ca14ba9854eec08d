"""The numbers on the first page read as a person would say them."""

from __future__ import annotations

import pytest

from joinedup.web.home import Count


@pytest.mark.parametrize(
    ("words", "one", "several"),
    [
        ("supervision[s] overdue", "supervision overdue", "supervisions overdue"),
        ("search[es] waiting for you", "search waiting for you", "searches waiting for you"),
        ("emergenc[y|ies] to review", "emergency to review", "emergencies to review"),
        ("due this week", "due this week", "due this week"),
    ],
)
def test_one_is_not_several(words: str, one: str, several: str) -> None:
    assert Count(1, words, "/").label == one
    assert Count(0, words, "/").label == several
    assert Count(2, words, "/").label == several
