"""Money: what people write is read to the penny, and shares sum back."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.money import format_pounds, parse_pounds, share


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,234.50", 123450),
        ("1234.5", 123450),
        ("1234", 123400),
        (" £ 1 234.50 ", 123450),
        ("£1,234,567.89", 123456789),
        (".5", 50),
        ("0", 0),
        ("-12", -1200),
        ("-£12.01", -1201),
        ("£-12.01", -1201),
        ("\N{MINUS SIGN}£12.01", -1201),
        ("(12.00)", -1200),
        ("(£12)", -1200),
    ],
)
def test_amounts_are_read(text: str, pence: int) -> None:
    assert parse_pounds(text) == pence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "£",
        "-",
        "twelve",
        "1,23",
        "1234,567",
        "12.",
        "1.234",
        "£5m",
        "12p",
        "--1",
        "(-5)",
        "££5",
        "£-£5",
        "1e3",
        "٣",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"£1,234\.50"):
        parse_pounds(text)


def test_parts_of_a_penny_are_named_as_the_fault() -> None:
    with pytest.raises(ValueError, match="parts of a penny"):
        parse_pounds("12.345")


@given(st.integers(-(10**14), 10**14))
def test_writing_and_reading_are_inverse(pence: int) -> None:
    assert parse_pounds(format_pounds(pence)) == pence


def test_pounds_are_written() -> None:
    assert [format_pounds(each) for each in (0, 5, -5, 123450, -123456789)] == [
        "£0.00",
        "£0.05",
        "-£0.05",
        "£1,234.50",
        "-£1,234,567.89",
    ]


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (1000, [Decimal("0.55"), Decimal("0.45")], [550, 450]),
        (10, [Fraction(1, 3), Fraction(2, 3)], [3, 7]),
        (1, [0, 1], [0, 1]),
        (0, [3, 4], [0, 0]),
    ],
)
def test_shares(total: int, weights: list[int], shares: list[int]) -> None:
    assert share(total, weights) == shares


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_shares_sum_back_and_stay_within_a_penny(total: int, weights: list[int]) -> None:
    if not sum(weights):
        with pytest.raises(ValueError, match="nobody"):
            share(total, weights)
        return
    shares = share(total, weights)
    assert sum(shares) == total
    for got, weight in zip(shares, weights, strict=True):
        assert abs(got - Fraction(total * weight, sum(weights))) < 1
        assert weight or not got


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        share(100, [])
    with pytest.raises(ValueError, match="negative"):
        share(100, [2, -1])
    with pytest.raises(TypeError, match="floats"):
        share(100, [0.5, 0.5])  # type: ignore[list-item]
