"""Terms of a risk share: from answers to text that the command reads, and in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from joinedup.engines.riskshare import method_of, read_text, share_out
from joinedup.funds.sharing_terms import alone, case_text, in_words, step_terms, weight, written

NAMES = {"COUNCIL": "Council", "NHS": "NHS Board", "CAMHS": "Child mental health"}
PARTNERS = {"COUNCIL": 5, "NHS": 2}


@pytest.mark.parametrize(("text", "value"), [("60", "60"), (" 37.5% ", "37.5"), ("0", "0")])
def test_weights_are_read(text: str, value: str) -> None:
    assert weight(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-1", "1e3", "1.23456", "half", "٣"])
def test_other_weights_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="such as 60"):
        weight(text)


def test_numbers_are_written_as_they_were_and_partners_keep_their_order() -> None:
    terms = written({"name": "fixed", "shares": {"NHS": Decimal("37.50"), "COUNCIL": 1}})
    assert terms == '{"name": "fixed", "shares": {"NHS": 37.50, "COUNCIL": 1}}'
    text = case_text(1, {}, {"NHS": 1, "COUNCIL": 1}, '{"name": "proportional"}')
    assert share_out(read_text(text)).as_data() == {"NHS": 1, "COUNCIL": 0, "unallocated": 0}


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ({"name": "proportional"}, ["In proportion to what each partner contributed when the year opened."]),
        ({"name": "fixed", "shares": {"COUNCIL": 60, "NHS": 40}}, ["By fixed shares: Council 60, NHS Board 40."]),
        ({"name": "fixed", "shares": {"COUNCIL": 1, "NHS": 1}}, ["In equal parts: Council, NHS Board."]),
        ({"name": "fixed", "shares": {"COUNCIL": 1, "NHS": 0}}, ["Council alone."]),
        ({"name": "responsible", "lead": {"CAMHS": "NHS"}}, ["Child mental health: NHS Board bears it."]),
        (
            {"name": "commissioned", "shares": {"CAMHS": {"COUNCIL": 20, "NHS": 80}}},
            ["Child mental health: Council 20, NHS Board 80."],
        ),
        (
            {"name": "capped", "caps": {"NHS": 25_000_000}},
            [
                "In proportion to opening contributions; NHS Board at most £250,000. What is over every cap is nobody’s until"
                " the board decides."
            ],
        ),
        (
            {
                "name": "tiered",
                "tiers": [
                    {"width": 100_00, "method": step_terms("contingency", [], {})},
                    {"width": 50_00, "method": step_terms("equal", ["COUNCIL", "NHS"], {})},
                    {"width": 50_00, "method": step_terms("proportional", [], {})},
                    {"width": 50_00, "method": step_terms("lead", [], {"CAMHS": "NHS"})},
                    {"width": None, "method": step_terms(alone("NHS"), [], {})},
                ],
            },
            [
                "The first £100: From the contingency.",
                "The next £50: In equal parts: Council, NHS Board.",
                "The next £50: In proportion to what each partner contributed when the year opened.",
                "The next £50: Child mental health: NHS Board bears it.",
                "What is left: NHS Board alone.",
            ],
        ),
    ],
)
def test_every_method_in_words(method: dict[str, object], words: list[str]) -> None:
    assert in_words(method_of(method, PARTNERS, {"CAMHS": 0}), NAMES) == words
