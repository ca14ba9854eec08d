"""Who somebody may be, for a partner's own screen at the front door: the search of the page, by the name and manner of
FHIR's `$match`. The same question, the same audit, the same people withheld, and the same time taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from joinedup.access.actor import Actor
from joinedup.api import schemas
from joinedup.core.steady import steadily
from joinedup.person_index.queries import Candidate, SearchQuery, search_people

Answers = Callable[..., dict[Any, Any]]
Why = Annotated[str, StringConstraints(strict=True, min_length=3, max_length=60, pattern=r"^[^\x00]*\S[^\x00]*$")]
_GRADES: dict[str, Literal["certain", "probable", "possible"]] = {
    "certain": "certain", "likely": "probable", "possible": "possible",
}  # fmt: skip


class MatchIn(Schema):
    """Whom you ask about: any mixture. Two things are better than one; a number that fails its check counts as not given."""

    model_config = ConfigDict(extra="forbid")

    purpose: Why = Field(description="Why you ask. It is kept with the search.")
    given_name: schemas.Text100 = ""
    family_name: schemas.Text100 = ""
    birth_date: schemas.Day | None = None
    age: Annotated[StrictInt, Field(ge=0, le=120)] | None = Field(
        None, description="In years, without a date of birth."
    )
    sex: Literal["F", "M", ""] = ""
    address: schemas.Text120 = Field("", description="House and street, now or before.")
    postcode: schemas.Text8 = Field("", description="Or its first half.")
    nhs_number: schemas.Text12 = ""
    upn: schemas.Text13 = ""
    only_certain: StrictBool = Field(False, description="Leave out whoever is not certain.")
    count: Annotated[StrictInt, Field(ge=1, le=10)] = Field(10, description="At most so many.")


class MateOut(Schema):
    """Somebody who lives or lived with them. `until` is empty for those who still do, as far as is known."""

    person_id: UUID
    name: str
    birth_date: date | None
    until: date | None


class MatchOut(Schema):
    """Somebody who may be meant. No case and nothing of what agencies know: only which of them do."""

    person_id: UUID
    match_grade: Literal["certain", "probable", "possible"] = Field(description="As in FHIR's match-grade.")
    probability: float = Field(description="How likely, beside everybody else who fits; from 0.95 it may be certain.")
    reasons: list[str] = Field(description="What agrees.")
    differences: list[str] = Field(description="What does not.")
    doubts: list[str] = Field(description="What keeps it from being certain.")
    name: str
    known_as: str
    birth_date: date | None
    address: str
    has_died: bool
    may_be_twin: bool
    agencies: list[str]
    household: list[MateOut]


class MatchesOut(Schema):
    """The best first. `sentence` says what to do where there is nobody."""

    matches: list[MatchOut]
    is_too_little: bool
    sentence: str


def router(answers: Answers) -> Router:
    """The addresses under /people. `answers` says which refusals each may give."""
    found = Router(tags=["People"])
    found.post("/match", response=answers(200, MatchesOut), summary="Who somebody may be")(_match)
    return found


def _match(request: HttpRequest, asked: MatchIn) -> dict[str, Any]:
    """People who may be meant, graded, with why. Restricted people are not among them, and their guardians are told, as
    when the page is searched. Each question is audited with its purpose and everybody it showed."""
    viewer: Actor = request.viewer  # type: ignore[attr-defined]
    said = asked.model_dump(exclude={"purpose", "only_certain", "count"})
    with steadily():
        purpose = f"API: {asked.purpose.strip()}"
        found = search_people(viewer, SearchQuery(**said), purpose=purpose, limit=asked.count)
    shown = [each for each in found.candidates if not asked.only_certain or each.grade == "certain"]
    return {"matches": [_out(each) for each in shown], "is_too_little": found.is_too_little, "sentence": found.sentence}


def _out(found: Candidate) -> dict[str, Any]:
    mates = [{"person_id": mate.person_id, "name": mate.name, "birth_date": mate.birth_date, "until": None}
             for mate in found.household]  # fmt: skip
    mates += [{"person_id": mate.person_id, "name": mate.name, "birth_date": mate.birth_date, "until": mate.until}
              for mate in found.lived_there]  # fmt: skip
    same = ("person_id", "probability", "name", "known_as", "birth_date", "address", "has_died")
    return {name: getattr(found, name) for name in same} | {
        "match_grade": _GRADES[found.grade],
        "reasons": list(found.reasons),
        "differences": list(found.differences),
        "doubts": list(found.doubts),
        "may_be_twin": found.is_possible_twin,
        "agencies": list(found.agencies),
        "household": mates,
    }
