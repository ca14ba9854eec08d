"""Identifiers: published vectors, what people type, and sentences they can act on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.linkage.identifiers import (
    birth_date,
    has_nhs_check_digit,
    is_default_birth_date,
    is_placeholder_postcode,
    is_temporary_upn,
    nhs_number,
    outward_code,
    postcode,
    read_postcode,
    show_nhs_number,
    upn,
    upn_check_letter,
)

TODAY = date(2026, 11, 22)

# --- NHS number -----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["9434765870", "943 476 5919", "943-476-5919", "9000000009", "9000000025", "9000000033", "9876543210"],
)
def test_test_numbers_need_leave(text: str) -> None:
    digits = text.replace(" ", "").replace("-", "")
    assert nhs_number(text, allow_synthetic=True) == digits
    with pytest.raises(ValueError, match="belongs to no patient"):
        nhs_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "4505577104",
        "450 557 7104",
        " 450-557-7104 ",
        "450\N{NO-BREAK SPACE}557\N{EN DASH}7104",
        "4505577104.0",
        "\N{ZERO WIDTH SPACE}4505577104",
        "45 05 57 71 04",
    ],
)
def test_numbers_in_use_are_read_however_spaced(text: str) -> None:
    assert nhs_number(text) == "4505577104"


def test_another_number_in_use() -> None:
    assert nhs_number("4010232137") == "4010232137"
    assert show_nhs_number("4010232137") == "401 023 2137"


@pytest.mark.parametrize("digit", "0123456789")
def test_ten_equal_digits_are_refused_although_the_check_digit_is_right(digit: str) -> None:
    assert has_nhs_check_digit(digit * 10)
    with pytest.raises(ValueError, match="one digit repeated"):
        nhs_number(digit * 10, allow_synthetic=True)


@pytest.mark.parametrize("prefix", ["999000000", "999000014"])
def test_some_beginnings_have_no_valid_end(prefix: str) -> None:
    for last in range(10):
        with pytest.raises(ValueError, match="not a valid NHS number"):
            nhs_number(f"{prefix}{last}", allow_synthetic=True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Enter an NHS number"),
        ("  ", "Enter an NHS number"),
        ("943476591", "this one has 9. A spreadsheet may have dropped a nought"),
        ("94347659190", "this one has 11"),
        ("943476591O", "letters"),
        ("９４３４７６５８７１", "one of its digits is wrong"),
        ("9434765871", "one of its digits is wrong"),
        ("1234567880", "one of its digits is wrong"),
        ("1234567881", "Scottish number starts with a date of birth"),
    ],
)
def test_why_a_number_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        nhs_number(text, allow_synthetic=True)


def test_arithmetic_alone_passes_a_scottish_number_without_a_date() -> None:
    assert has_nhs_check_digit("1234567881")


@given(st.integers(4_000_000_00, 4_999_999_99), st.integers(0, 9), st.integers(1, 9))
def test_any_one_wrong_digit_is_found(first_nine: int, place: int, by: int) -> None:
    valid = [f"{first_nine}{last}" for last in range(10) if has_nhs_check_digit(f"{first_nine}{last}")]
    assert len(valid) <= 1
    for number in valid:
        wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"
        assert not has_nhs_check_digit(wrong)


# --- Unique pupil number --------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "B801200005001",
        "H801200001001",
        "P207000016049",
        "G80120000101A",
        "X866200109012",
        "E86620010901Z",
        "Z839400021123",
        "H943200023007",
        "K94320002300T",
    ],
)
def test_pupil_numbers(value: str) -> None:
    assert upn(value) == value
    assert upn(f" {value[:4].lower()} {value[4:].lower()} ") == value
    assert is_temporary_upn(value) is value[-1].isalpha()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Enter a unique pupil number"),
        ("A801200005001", "a character is wrong"),
        ("B80120000500", "this one has 12"),
        ("B8O1200005001", "letter O typed as a nought"),
        ("1801200005001", "a letter and then 12 digits"),
        ("B80120000500O", "a letter and then 12 digits"),
    ],
)
def test_why_a_pupil_number_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        upn(text)


@given(st.from_regex(r"\A[0-9]{12}\Z"))
def test_every_twelve_digits_have_one_letter(rest: str) -> None:
    letter = upn_check_letter(rest)
    assert upn(letter + rest) == letter + rest


# --- Postcode -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SW1A 1AA", "SW1A 1AA"),
        ("sw1a1aa", "SW1A 1AA"),
        (" Sw1 A1aa", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("B338TH", "B33 8TH"),
        ("CR2 6XH", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("W1A 0AX", "W1A 0AX"),
        ("SO1 4AA", "SO1 4AA"),
        ("M1 1AE.", "M1 1AE"),
    ],
)
def test_postcodes(text: str, expected: str) -> None:
    assert read_postcode(text) == (expected, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SWIA lAA", "SW1A 1AA"),
        ("OX1 OAA", "OX1 0AA"),
        ("E1O 5AA", "E10 5AA"),
        ("LSI 4AA", "LS1 4AA"),
        ("MI3 4AA", "M13 4AA"),
        ("EII 1AA", "E11 1AA"),
        ("YOIO 5AA", "YO10 5AA"),
    ],
)
def test_a_slip_in_a_postcode_is_put_right_with_a_note(text: str, expected: str) -> None:
    reading = read_postcode(text)
    assert reading.value == expected
    assert text in reading.note
    assert expected in reading.note


@pytest.mark.parametrize("text", ["", "SW1A", "SW1A 1A", "12345", "1SW 1AA", "SW1A 1A1", "None", "SWAA 1AA", "é"])
def test_why_a_postcode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SW1A 1AA"):
        postcode(text)


@given(st.from_regex(r"\A[A-Z]{1,2}[0-9][A-HJKMNP-Z0-9]? [0-9][A-Z]{2}\Z"))
def test_reading_a_postcode_twice_changes_nothing(value: str) -> None:
    assert postcode(postcode(value)) == postcode(value)


def test_districts_and_no_fixed_abode() -> None:
    assert outward_code("SW1A 1AA") == "SW1A"
    assert outward_code("M11AE") == "M1"
    assert is_placeholder_postcode(postcode("zz99 3vz"))
    assert not is_placeholder_postcode("SW1A 1AA")


# --- Date of birth --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2019-11-22",
        "2019/11/22",
        "2019-11-22 00:00:00",
        "2019-11-22T00:00:00Z",
        "22/11/2019",
        "22/11/2019 00:00",
        "22-11-2019",
        "22.11.2019",
        "22 11 2019",
        "22.11.19",
        "22/11/19",
        "22 Nov 2019",
        "22-Nov-19",
        "22nd November 2019",
        "22 november, 2019",
        "22 of November 2019",
        "20191122",
        "22112019",
        "43791",
        "43791.0",
        " 22/11/2019 ",
        "22\N{EN DASH}11\N{EN DASH}2019",
    ],
)
def test_dates_of_birth(text: str) -> None:
    assert birth_date(text, today=TODAY) == date(2019, 11, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2/08", date(2008, 2, 1)),
        ("1/2/27", date(2027, 2, 1)),  # expected in ten weeks
        ("1/12/27", date(1927, 12, 1)),  # too far ahead to be expected
        ("29/02/00", date(2000, 2, 29)),
        ("3 Sept 2010", date(2010, 9, 3)),
        ("20112019", date(2019, 11, 20)),  # 2011 has no month 20
        ("22/11/1906", date(1906, 11, 22)),
        ("29/08/2027", date(2027, 8, 29)),  # 280 days ahead
    ],
)
def test_years_are_settled(text: str, expected: date) -> None:
    assert birth_date(text, today=TODAY) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a date we can read"),
        ("yesterday", "not a date we can read"),
        ("2019", "not a date we can read"),
        ("31/02/2019", "not a date we can read"),
        ("11/22/2019", "not a date we can read"),  # month first is never guessed
        ("29/02/2019", "not a date we can read"),
        ("22 Ma 2019", "not a date we can read"),
        ("00/00/0000", "not a date we can read"),
        ("30/08/2027", "30 August 2027 is too far ahead"),
        ("99999", "too far ahead"),
        ("21/11/1906", "over 120 years ago"),
        ("0019-11-22", "over 120 years ago"),
    ],
)
def test_why_a_date_of_birth_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        birth_date(text, today=TODAY)


def test_a_leap_day_today_has_a_hundred_and_twenty_years_behind_it() -> None:
    assert birth_date("01/03/1900", today=date(2020, 2, 29)) == date(1900, 3, 1)


@given(st.dates(TODAY - timedelta(days=120 * 365), TODAY))
def test_every_way_of_writing_a_day_is_that_day(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    for text in (f"{day}", f"{day:%d/%m/%Y}", f"{day:%d %B %Y}", f"{day:%Y%m%d}", f"{day:%d%m%Y}", serial):
        assert birth_date(text, today=TODAY) == day


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    for read in (nhs_number, upn, postcode, lambda each: birth_date(each, today=TODAY)):
        try:
            read(text)
        except ValueError as fault:
            assert str(fault).endswith(".")  # noqa: PT017


def test_the_first_of_january_is_a_guess() -> None:
    assert is_default_birth_date(date(2010, 1, 1))
    assert not is_default_birth_date(date(2010, 1, 2))
