"""Clocks, ages and addresses of the family's page that differ between partnerships."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from joinedup.core.partnership import between, declare_setting, value


def _web_address(said: str) -> None:
    if urlsplit(said).scheme != "https" or not urlsplit(said).netloc or " " in said:
        raise ValueError("Enter an address that begins with https://.")


def _gateway(said: str) -> None:
    if said and ("{number}" not in said or "@" not in said or said.replace("{number}", "").count("{")):
        raise ValueError("Enter an address such as {number}@texts.example, or nothing.")


LINK_DAYS = declare_setting(
    "family_page.link_days", "For how many days the link to a family’s page works before it is renewed.", 90,
    check=between(1, 365),
)  # fmt: skip
CODE_MINUTES = declare_setting(
    "family_page.code_minutes", "For how many minutes a code to open a family’s page works.", 15, check=between(5, 60)
)
CODES_AN_HOUR = declare_setting(
    "family_page.codes_an_hour", "How many codes one link may ask for in an hour.", 5, check=between(1, 20)
)
VISIT_MINUTES = declare_setting(
    "family_page.visit_minutes", "After how many minutes without a click a family’s page asks for a code again.", 20,
    check=between(5, 120),
)  # fmt: skip
EXIT_ADDRESS = declare_setting(
    "family_page.exit_address", "The neutral site that “Exit this page” leads to.", "https://www.bbc.co.uk/weather",
    source="GOV.UK Design System: exit this page", check=_web_address,
)  # fmt: skip
YOUNG_PERSON_AGE = declare_setting(
    "family_page.young_person_age",
    "From what age a child may have a page of their own without reasons why they understand what it means.",
    13,
    source="mem: no age is fixed in law, understanding decides. Not verified",
    check=between(8, 18),
)
READ_WITHIN_DAYS = declare_setting(
    "family_page.read_within_days", "Within how many working days what a family writes is read; then the manager is told.",
    1, check=between(1, 5),
)  # fmt: skip
TEXT_GATEWAY = declare_setting(
    "family_page.text_gateway",
    "The e-mail address that turns a message into a text, with {number} for the number; empty where there is none.",
    "",
    check=_gateway,
)


def link_days(on: date) -> int:
    """For how many days a link works."""
    return int(value(LINK_DAYS, on=on))


def code_minutes(on: date) -> int:
    """For how many minutes a code works."""
    return int(value(CODE_MINUTES, on=on))


def codes_an_hour(on: date) -> int:
    """How many codes one link may ask for in an hour."""
    return int(value(CODES_AN_HOUR, on=on))


def visit_minutes(on: date) -> int:
    """After how long without a click a visit is over."""
    return int(value(VISIT_MINUTES, on=on))


def exit_address(on: date) -> str:
    """Where "Exit this page" leads."""
    return str(value(EXIT_ADDRESS, on=on))


def young_person_age(on: date) -> int:
    """From what age no reasons are needed."""
    return int(value(YOUNG_PERSON_AGE, on=on))


def read_within_days(on: date) -> int:
    """Within how many working days a message is read."""
    return int(value(READ_WITHIN_DAYS, on=on))


def text_gateway(on: date) -> str:
    """The address that turns a message into a text; empty where there is none."""
    return str(value(TEXT_GATEWAY, on=on))
