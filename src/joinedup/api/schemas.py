"""What the API takes and gives. Strict: a value of the wrong kind is refused, never guessed at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise ValueError("Give the date as year-month-day, for example 2019-03-27.")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("There is no such day.") from error


class OneOf:
    """In `Annotated[str, OneOf(CODES)]`: one of these codes and nothing else. To a reader of the API it is what a `Literal` of the
    same words is; that one cannot be written where the words stand in a table."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = [str(code) for code in codes]

    def __get_pydantic_core_schema__(self, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(self.codes)


# Nothing may hold the one character the database cannot.
_PLAIN = r"^[^\x00]*$"
Text8 = Annotated[str, StringConstraints(strict=True, max_length=8, pattern=_PLAIN)]
Text12 = Annotated[str, StringConstraints(strict=True, max_length=12, pattern=_PLAIN)]
Text13 = Annotated[str, StringConstraints(strict=True, max_length=13, pattern=_PLAIN)]
Text30 = Annotated[str, StringConstraints(strict=True, max_length=30, pattern=_PLAIN)]
Text60 = Annotated[str, StringConstraints(strict=True, max_length=60, pattern=_PLAIN)]
Text100 = Annotated[str, StringConstraints(strict=True, max_length=100, pattern=_PLAIN)]
Text120 = Annotated[str, StringConstraints(strict=True, max_length=120, pattern=_PLAIN)]
Text160 = Annotated[str, StringConstraints(strict=True, max_length=160, pattern=_PLAIN)]
Text200 = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=_PLAIN)]
Text254 = Annotated[str, StringConstraints(strict=True, max_length=254, pattern=_PLAIN)]
Text300 = Annotated[str, StringConstraints(strict=True, max_length=300, pattern=_PLAIN)]
Text1000 = Annotated[str, StringConstraints(strict=True, max_length=1000, pattern=_PLAIN)]
Text2000 = Annotated[str, StringConstraints(strict=True, max_length=2000, pattern=_PLAIN)]
Text4000 = Annotated[str, StringConstraints(strict=True, max_length=4000, pattern=_PLAIN)]
Text20000 = Annotated[str, StringConstraints(strict=True, max_length=20_000, pattern=_PLAIN)]
Code = Annotated[str, StringConstraints(max_length=30, pattern=r"^[A-Za-z0-9_-]*$")]
OnceKey = Annotated[str, StringConstraints(max_length=80, pattern=r"^[A-Za-z0-9._:-]*$")]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Knows = Literal["yes", "no", "not_asked"]


class PersonIn(Schema):
    """Somebody named in the referral, as far as it is known. Leave out what is not."""

    model_config = ConfigDict(extra="forbid")

    part: Literal["child", "parent", "other"] = "child"
    given_name: Text100 = ""
    family_name: Text100 = ""
    birth_date: Day | None = None
    expected_on: Day | None = Field(None, description="For an unborn child: when it is expected.")
    sex: Literal["F", "M", "U", "I"] = Field("U", description="F, M, U (unknown) or I (indeterminate).")
    address: Text300 = ""
    postcode: Text8 = ""
    is_no_fixed_address: StrictBool = False
    nhs_number: Text12 = Field("", description="Ten digits; spaces are allowed.")
    upn: Text13 = Field("", description="Unique pupil number.")
    school: Text160 = ""
    relationship: Text60 = Field("", description="To the child, for anybody who is not one.")
    phone: Text30 = ""


class ReferralIn(Schema):
    """A request for help for a child, young person or family."""

    model_config = ConfigDict(extra="forbid")

    worry: Text4000 = Field(description="What you are worried about, in plain words.")
    people: Annotated[list[PersonIn], Field(max_length=30)] = Field(description="At least one child, if known at all.")
    referrer_name: Text120 = ""
    referrer_role: Text120 = ""
    referrer_phone: Text30 = ""
    referrer_email: Text254 = ""
    relationship_to_child: Text120 = ""
    going_well: Text2000 = ""
    tried_already: Text2000 = ""
    wanted: Text2000 = Field("", description="What would help.")
    childs_words: Text2000 = Field("", description="What the child says, in their own words.")
    need_code: Literal["", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N0"] = Field(
        "", description="Primary need, children in need census."
    )
    is_immediate_danger: StrictBool = Field(
        False, description="A child is in danger now. Call 999 first, then the duty number: do not rely on this alone."
    )
    is_safeguarding_concern: StrictBool = False
    is_about_staff_member: StrictBool = Field(
        False, description="The worry is about somebody who works with children. Only the designated officer reads it."
    )
    family_knows: Knows = "not_asked"
    family_agrees: Knows = "not_asked"
    agreement_reason: Text1000 = Field("", description="Why the family does not know or agree.")
    safe_contact_how: Text60 = ""
    safe_contact_details: Text254 = ""
    safe_contact_when: Text200 = ""
    safe_contact_not_through: Text300 = Field("", description="Who must not be asked to pass on a message.")
    interpreter_language: Text60 = ""
    communication_needs: Text300 = ""


class Once(Schema):
    """Sent again with the same key, a referral gives its first receipt and is not made twice."""

    idempotency_key: OnceKey = Field("", alias="Idempotency-Key")


class PageQuery(Schema):
    """Which page of a list."""

    after: Text200 = ""


class WorkQuery(PageQuery):
    """Which worklist, narrowed by codes."""

    list: Code = "front_door"
    rating: Code = ""
    state: Code = ""


class ReferralTaken(Schema):
    """The receipt. It is the same whether or not anybody in the referral is known to anyone."""

    id: UUID
    reference: str
    received_at: datetime
    what_happens_next: str
    decided_by: datetime = Field(description="The latest moment of the decision; sooner when a child is at risk.")
    in_danger_now: str


class SentRow(Schema):
    """One referral in the list of what was sent."""

    id: UUID
    reference: str
    received_at: datetime
    first_child: str
    sent_by: str
    standing: str


class SentPage(Schema):
    """Newest first. `next` is the `after` of the following page, empty at the end."""

    referrals: list[SentRow]
    next: str


class SaidPerson(Schema):
    """Somebody in the referral, as it was sent."""

    part_label: str
    name: str
    birth_date: date | None
    expected_on: date | None
    address: str
    postcode: str
    school: str
    relationship: str


class Said(Schema):
    """A question and the answer that was sent."""

    question: str
    answer: str


class SentReferral(Schema):
    """Exactly what was sent, and what the sender may be told of it. Nothing else."""

    id: UUID
    reference: str
    received_at: datetime
    sent_by: str
    people: list[SaidPerson]
    answers: list[Said]
    standing: str
    told: str
    told_at: datetime | None


class WorkRow(Schema):
    """One referral in a worklist of the front door."""

    id: UUID
    reference: str
    child: str
    other_children: int
    rating: str
    state: str
    received_at: datetime
    decide_by: datetime
    is_overdue: bool
    held_by: str
    team: str
    locality: str


class WorkPage(Schema):
    """Soonest clock first, with the count of every list. `next` is the `after` of the following page."""

    counts: dict[str, int]
    referrals: list[WorkRow]
    next: str


class StandingOut(Schema):
    """A post and what it stands for."""

    role: str
    title: str
    organisation: str
    ends_at: datetime | None


class Me(Schema):
    """The account a key or a session acts for."""

    name: str
    via: str
    posts: list[StandingOut]


class OrganisationOut(Schema):
    """A partner that is open today."""

    code: str
    name: str
    kind: str


class Problem(Schema):
    """Why something was not done. `message` is for people, `rule` the code of the rule, `extra` more for programs:
    `extra.faults` lists every field that is wrong, each with `field`, `message` and `rule`."""

    message: str
    rule: str
    extra: dict[str, Any]
