"""The rules of the directory, each with its code, the sentence a person reads, and its source. Pure.

DR-1xx are about what a record must say, DR-2xx about who decides on it and when, DR-3xx about finding, DR-4xx about records that
come from elsewhere, DR-5xx about reading somebody else's feed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from joinedup.core.ruling import RuleRow


@dataclass(frozen=True)
class Rule(RuleRow):
    """A rule of this part."""

    source: str = "local: the directory’s own minimum, stricter than the open standard"


_ORUK = "Open Referral UK 3.0, compliance rules"

# --- DR-1xx: what a record must say.
NAME = Rule("DR-101", "Enter what the service is called.", "name")
AGES = Rule("DR-105", "The oldest age is the youngest age or more.", "maximum_age")
PROTECTED_WORDS = Rule(
    "DR-107", "This service keeps its address secret, and its {field} looks like part of an address. Take that out.",
    source=f"{_ORUK}: sensitive locations such as refuges are kept out of the open feed",
)  # fmt: skip
NOT_CONFORMANT = Rule("DR-108", "The record does not conform to the standard: {path} {words}.", source=_ORUK)
TOO_LONG = Rule("DR-111", "The record is larger than {most:,} characters and is not taken.")
PROVIDER = Rule("DR-112", "Say who provides the service.", "provider")

# --- DR-2xx: who decides, and when.
NOTHING_CHANGED = Rule("DR-201", "Nothing was changed.")
WAITING_ALREADY = Rule("DR-202", "A change of this record waits to be decided already.")
DECIDED_ALREADY = Rule("DR-203", "This change was decided already.")
NOBODYS_OWN = Rule("DR-204", "Nobody approves what they wrote themselves. Ask another assurer.")
WHY_NOT = Rule("DR-205", "Say what is to be mended, so that the provider can.", "reason")
NOT_YOURS = Rule("DR-206", "Only whoever wrote a change, or another editor of the provider, takes it back.")
NOT_ANOTHER = Rule("DR-207", "This is not an earlier version of the same record.")
NEVER_APPROVED = Rule("DR-209", "Nothing of this record was approved yet, so there is nothing to assure.")
HOW_ASSURED = Rule("DR-210", "Say how you checked it: whom you asked, or what you saw.", "how")
WAITS_FIRST = Rule("DR-211", "A change of yours waits to be decided. Withdraw it first, or wait until it is approved.")
NOT_FROM_HERE = Rule(
    "DR-212", "A record stands as {now} and cannot become {then}.", source="docs/directory.md: where a record stands"
)
DATES_IN_ORDER = Rule("DR-213", "The last day is the first day or later.", "until")
CLOSED_INSTEAD = Rule("DR-214", "Say what people can do instead while it is closed.", "instead")
CLOSED_FROM = Rule("DR-215", "Enter the first day on which it is closed.", "from")
MOVE_WHY = Rule("DR-216", "Say why the record is archived or brought back.", "why")
SAMPLE_SIZE = Rule("DR-217", "Draw between 1 and {most} records.", "size")
NONE_TO_DRAW = Rule("DR-218", "There is no such record to draw from yet.")
CHECKED_ALREADY = Rule("DR-219", "This record of the sample was checked already.")
CHECK_RESULT = Rule("DR-220", "Say what the check found: all right, something wrong, or nobody answered.", "result")
CHECK_WORDS = Rule("DR-221", "Say what is wrong, so that the provider can mend it.", "words")
CORRECTION_WORDS = Rule("DR-222", "Say what is wrong, in a few words.", "words")
CORRECTION_LONG = Rule("DR-223", "Say it in {most} characters or fewer.", "words")
TOO_MANY_SAID = Rule("DR-224", "You have told us a lot in a short time. Try again in a minute, or ring the council.")
ANSWERED_ALREADY = Rule("DR-225", "This was answered already.")
ANSWER_WORDS = Rule("DR-226", "Say what you did or found: whoever told us reads it.", "answer")
ANSWER_KIND = Rule("DR-227", "Choose what came of it.", "outcome")

# --- DR-3xx: finding.
PLACE_UNKNOWN = Rule("DR-301", "We do not know the postcode {postcode}. Check it, or leave it out.", "postcode")
ASKED_WRONG = Rule("DR-303", "{name} is {value}, which is not {wanted}.", source=_ORUK)

# --- DR-4xx: what comes from elsewhere.
SOURCE_LICENCE = Rule("DR-401", "Say under which licence the records of this source may be used.", "licence")
NO_IDENTIFIER = Rule("DR-402", "has no id, so it cannot be known again")
TWICE = Rule("DR-403", "stands in the file more than once; the first is taken")
PAGES_REPEAT = Rule("DR-404", "Page {page} of the feed holds what an earlier page held: its paging does not work.")
KIND_UNKNOWN = Rule(
    "DR-405", "This is none of: an Open Referral UK feed or file, HSDS, or a table with a column “name”."
)
TOO_MANY = Rule("DR-407", "The source holds more than {most:,} records.")
NOTHING_READ = Rule("DR-408", "Nothing could be read from {name}: {why}")
MAYBE_REFUGE = Rule(
    "DR-409", "It says “{words}” and gives a place. Nothing of the place was kept. Say whether the place may be known.",
    source=f"{_ORUK}: sensitive locations such as refuges are kept out of the open feed",
)  # fmt: skip

MEND_FIELD = Rule("DR-410", "Choose the field that is put right.", "field")
NOT_HELD = Rule("DR-411", "This record is not held any more.")
LEAVE_WHY = Rule("DR-412", "Say why the record is left out.", "reason")
NOTHING_WAITS = Rule("DR-413", "Nothing of this source waits.")
SECRET_FIRST = Rule("DR-414", "Say first whether its place may be known.")

# --- DR-5xx: reading somebody else's feed.
NO_ADDRESS = Rule("DR-501", "Give an address that begins with https:// or http://, a file or a folder.")
INSIDE = Rule("DR-502", "The feed leads to {host}, which lies inside this network, and is not followed there.")
NOT_JSON = Rule("DR-503", "The answer is no JSON: {why}")
TOO_LARGE = Rule("DR-504", "The answer is larger than {most} MB and was not read.")
TOO_SLOW = Rule("DR-505", "The feed took longer than it was given, and was left.")
REDIRECTS = Rule("DR-506", "The feed sends on more than {most} times.")
NOT_FOUND = Rule("DR-507", "There is no host {host}.")

# --- DR-6xx: two records of one service.
PEOPLE_DECIDE = Rule("DR-601", "Two records become one only when somebody has looked at both.")
PAIR_DECIDED = Rule("DR-602", "Somebody decided on this pair, or on one of the two, already.")
NOT_OF_PAIR = Rule("DR-603", "Choose which of the two is kept.", "kept")
KEPT_NOT_PUBLIC = Rule(
    "DR-605", "Keep the one that is public, or approve the other first: families would find neither.", "kept"
)
NOTHING_DECIDED = Rule("DR-604", "Nothing was decided on this pair yet.")

# --- DR-7xx: how much room a service has.
ROOM_UNIT = Rule("DR-701", "Say what is counted: places, beds, hours.", "unit")
ROOM_WITHIN = Rule(
    "DR-702", "What is free is no more than there is in all.", "maximum", source="HSDS 3.1, service_capacity"
)

# --- DR-24x: young people's questions, and advice.
NOBODY_ANSWERS = Rule("DR-240", "Nobody can answer here just now. Please call one of the numbers on this page instead.")
YOUNG_WORDS = Rule("DR-241", "Write what you want to ask.", "words")
CODE_UNKNOWN = Rule("DR-242", "We do not know this code. Check each letter and number.", "code")
HELD_ALREADY = Rule("DR-243", "{name} has this question already.")
ANSWERED_ALREADY = Rule("DR-244", "This question was answered already. What you wrote was not sent.")
ANSWER_WORDS = Rule("DR-245", "Write the answer.", "answer")
IDENTIFIES = Rule("DR-246", "“{words}” could say who somebody is. Take it out before this is published.", "words")
ANSWER_FIRST = Rule("DR-247", "Only a question that was answered can be published.")
ADVICE_WORDS = Rule("DR-248", "Give the page a title and say something on it.", "title")
ADVICE_DECIDED = Rule("DR-249", "Nothing of this page waits to be approved.")
REVIEW_DAY = Rule("DR-250", "The day for the next review lies in the future, two years ahead at most.", "review_on")
WHO_ANSWERS = Rule("DR-251", "{name} answers young people already.", "post")
MAY_NOT_ANSWER = Rule("DR-252", "Choose somebody who is a social worker or a manager at the front door.", "post")
LAST_ANSWERER = Rule("DR-253", "Somebody must answer young people while a question waits. Name another person first.")
AWAY_DAYS = Rule("DR-254", "Give both days, the first before the last.", "away_from")

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))

POSTCODE_PATTERN = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b", re.IGNORECASE)


def written_postcode(text: str) -> str:
    """A postcode as it is written, ZZ1 1SA; "" where the text is none."""
    found = POSTCODE_PATTERN.fullmatch(text.strip())
    return f"{found[1]} {found[2]}".upper() if found else ""


def freshness(assured_on: date | None, on: date, *, flag_after: int, hide_after: int) -> str:
    """How far the assurance of a record has aged: fresh, due (to be flagged) or old (hidden from practitioners). What was
    never assured is old."""
    if assured_on is None:
        return "old"
    days = (on - assured_on).days
    return "old" if days >= hide_after else "due" if days >= flag_after else "fresh"


def reminder_stage(assured_on: date | None, on: date, *, remind_after: int, flag_after: int, hide_after: int) -> str:
    """What a provider is told of a record's age on a day: "", remind, flag, or hide. What was never assured is hidden."""
    if assured_on is None:
        return "hide"
    days = (on - assured_on).days
    return "hide" if days >= hide_after else "flag" if days >= flag_after else "remind" if days >= remind_after else ""


def effectiveness(right: int, wrong: int) -> int | None:
    """Per cent of the records reached in a sample that were right; None while nobody was reached."""
    return round(100 * right / (right + wrong)) if right + wrong else None
