"""Steps up and down, and closing, for a partner's own system: asked, accepted, refused, asked again, settled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.codes import CLOSURES, DISAGREEMENT_ENDS, NEED_ENDS, SUSTAINED
from joinedup.casework.planning import NeedEnd
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import post_with_id, team_with_id

_ID = "0192f0c4-0000-7000-8000-000000000001"


class AnswerOut(Schema):
    """What was said to a step."""

    label: str
    words: str
    at: datetime
    by: str


class StageOut(Schema):
    """A step of a disagreement between two teams, and its clock."""

    number: int
    who: str
    due_at: datetime
    is_late: bool
    is_open: bool
    is_last: bool
    outcome: str
    words: str
    holder: str
    holder_id: UUID | None


class StepPersonOut(Schema):
    """Somebody the case is about."""

    person_id: UUID
    name: str
    birth_date: date | None
    part: str


class StepOut(Schema):
    """A step up or down. For the receiving team it is all they see of the family until they accept. `may` is what this
    account may do with it now: answer, ask_again, withdraw, settle."""

    id: UUID
    case_id: UUID
    reference: str
    people: list[StepPersonOut]
    lead: str
    lead_phone: str
    state: str
    whose_move: str
    from_level: int
    to_level: int
    from_team: str
    to_team: str
    is_immediate: bool
    reason: str
    asked_at: datetime
    answer_by: datetime
    is_late: bool
    answers: list[AnswerOut]
    stages: list[StageOut]
    may: list[str]


class AnsweredOut(Schema):
    """Where a step stands after an answer."""

    id: UUID
    state: str


class ClosureOut(Schema):
    """Why a case closed, and whether the change has lasted."""

    code: str
    words: str
    closed_at: datetime
    check_due_on: date | None
    check_result: str
    check_words: str


class StepIn(Schema):
    """To which level and team, and why. `is_immediate` where somebody is in danger now: it takes effect at once."""

    model_config = taken(to_level=4, to_team_id=_ID, reason="It got worse.", is_immediate=False)

    to_level: Annotated[StrictInt, Field(ge=2, le=4)]
    to_team_id: UUID
    reason: schemas.Text4000
    is_immediate: StrictBool = False


class AcceptIn(Schema):
    """Who of the receiving team leads from now on."""

    model_config = taken(lead_post_id=_ID, words="")

    lead_post_id: UUID
    words: schemas.Text2000 = ""


class ReasonIn(Schema):
    """Why."""

    model_config = taken(reason="We have not seen the assessment yet.")

    reason: schemas.Text4000


class SettleIn(Schema):
    """What one step of a disagreement came to. Where the family moves, who leads; where it goes onwards, who settles it next."""

    model_config = taken(number=1, outcome="moves", words="Both managers agree.", lead_post_id=_ID, holder_post_id=None)

    number: Annotated[StrictInt, Field(ge=1, le=20)]
    outcome: Annotated[str, schemas.OneOf(DISAGREEMENT_ENDS)]
    words: schemas.Text4000
    lead_post_id: UUID | None = None
    holder_post_id: UUID | None = None


class HolderIn(Schema):
    """Who settles the open step of a disagreement, and why they."""

    model_config = taken(number=1, holder_post_id=_ID, reason="The manager is away this week.")

    number: Annotated[StrictInt, Field(ge=1, le=20)]
    holder_post_id: UUID
    reason: schemas.Text4000


class EndedIn(Schema):
    """What became of a need."""

    model_config = taken(need_id=_ID, code="met", words="")

    need_id: UUID
    code: Annotated[str, schemas.OneOf(NEED_ENDS)]
    words: schemas.Text2000 = ""


class CloseIn(Schema):
    """Why the case closes (its standard code, and in words) and what became of every need. `version` is the case's."""

    model_config = taken(
        version=3, code="RC7", reason="They do well.", needs=[{"need_id": _ID, "code": "met", "words": ""}]
    )

    version: Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
    code: Annotated[str, schemas.OneOf(CLOSURES)]
    reason: schemas.Text1000
    needs: Annotated[list[EndedIn], Field(max_length=100)] = []


class CheckIn(Schema):
    """Whether the change has lasted."""

    model_config = taken(result="lasted", words="She is at school every day.")

    result: Annotated[str, schemas.OneOf(SUSTAINED)]
    words: schemas.Text4000


def router(answers: Answers) -> Router:
    """The addresses under /cases of steps and closing."""
    found = Router(tags=["Steps and closing"])
    at = Addresses(found, answers)
    case = "/{uuid:case_id}"
    at.reads(f"{case}/steps", list[StepOut], _steps, "Steps of a case")
    at.writes(f"{case}/steps", AnsweredOut, _ask, "Step a family up or down")
    at.writes(f"{case}/close", ClosureOut, _close, "Close a case")
    at.reads(f"{case}/closure", ClosureOut, _closure, "How a case closed")
    at.writes(f"{case}/check", ClosureOut, _check, "Whether the change has lasted")
    return found


def steps_router(answers: Answers) -> Router:
    """The addresses under /steps, for either team."""
    found = Router(tags=["Steps and closing"])
    at = Addresses(found, answers)
    one = "/{uuid:step_id}"
    at.reads("", list[StepOut], _waiting, "Steps that wait")
    at.reads(one, StepOut, _step, "One step")
    at.writes(f"{one}/accept", AnsweredOut, _accept, "Take the family")
    at.writes(f"{one}/refuse", AnsweredOut, _refuse, "Refuse, with the reason")
    at.writes(f"{one}/again", AnsweredOut, _again, "Answer a refusal and ask again")
    at.writes(f"{one}/withdraw", AnsweredOut, _withdraw, "Take a step back")
    at.writes(f"{one}/settle", AnsweredOut, _settle, "What a step of a disagreement came to")
    at.writes(f"{one}/holder", AnsweredOut, _hold, "Name who settles a disagreement")
    return found


def _out(seen: queries.StepSeen) -> dict[str, Any]:
    lists = {name: [each.__dict__ for each in getattr(seen, name)] for name in ("people", "answers", "stages")}
    return seen.__dict__ | lists | {"may": sorted(seen.may)}


def _steps(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Every step of a case, the newest first."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: steps")
    return [_out(each) for each in queries.steps_of(viewer, frame)]


def _waiting(request: HttpRequest) -> list[dict[str, Any]]:
    """The steps this account sees of which something has still to happen, what is due first on top."""
    return [_out(each) for each in queries.duties(viewer_of(request)).steps]


def _step(request: HttpRequest, step_id: UUID) -> dict[str, Any]:
    """One step, for either team."""
    return _out(queries.step_seen(viewer_of(request), step_id, purpose="API: step up or down"))


def _ask(request: HttpRequest, case_id: UUID, sent: StepIn) -> dict[str, Any]:
    """Ask a team to take the family at another level. Until it accepts, the duty stays where it is."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    step = services.ask_step(
        case=case, to_level=sent.to_level, to_team=team_with_id(viewer, sent.to_team_id), reason=sent.reason,
        is_immediate=sent.is_immediate, by=viewer, at=viewer.at,
    )  # fmt: skip
    return {"id": step.pk, "state": step.state}


def _accept(request: HttpRequest, step_id: UUID, sent: AcceptIn) -> dict[str, Any]:
    """The receiving team takes the family and names its lead professional."""
    viewer = viewer_of(request)
    row = queries.step_for_change(viewer, step_id)
    lead = post_with_id(viewer, sent.lead_post_id)
    services.accept_step(step=row, lead=lead, words=sent.words, by=viewer, at=viewer.at)
    return {"id": step_id, "state": row.state}


def _refuse(request: HttpRequest, step_id: UUID, sent: ReasonIn) -> dict[str, Any]:
    """The receiving team refuses. A second refusal opens the steps of a disagreement."""
    viewer = viewer_of(request)
    row = queries.step_for_change(viewer, step_id)
    services.refuse_step(step=row, reason=sent.reason, by=viewer, at=viewer.at)
    return {"id": step_id, "state": row.state}


def _again(request: HttpRequest, step_id: UUID, sent: ReasonIn) -> dict[str, Any]:
    """Answer a refusal and ask again."""
    viewer = viewer_of(request)
    row = queries.step_for_change(viewer, step_id)
    services.ask_step_again(step=row, reason=sent.reason, by=viewer, at=viewer.at)
    return {"id": step_id, "state": row.state}


def _withdraw(request: HttpRequest, step_id: UUID, sent: ReasonIn) -> dict[str, Any]:
    """Take a step back; the family stays where it is."""
    viewer = viewer_of(request)
    row = queries.step_for_change(viewer, step_id)
    services.withdraw_step(step=row, reason=sent.reason, by=viewer, at=viewer.at)
    return {"id": step_id, "state": row.state}


def _settle(request: HttpRequest, step_id: UUID, sent: SettleIn) -> dict[str, Any]:
    """What the open step of a disagreement came to: the family moves, stays, or it goes to the next step."""
    viewer = viewer_of(request)
    row = queries.step_for_change(viewer, step_id)
    lead = post_with_id(viewer, sent.lead_post_id) if sent.lead_post_id else None
    said = sent.model_dump(exclude={"lead_post_id", "holder_post_id"})
    holder = post_with_id(viewer, sent.holder_post_id) if sent.holder_post_id else None
    services.settle_disagreement(step=row, **said, lead=lead, holder=holder, by=viewer, at=viewer.at)
    return {"id": step_id, "state": row.state}


def _hold(request: HttpRequest, step_id: UUID, sent: HolderIn) -> dict[str, Any]:
    """Name somebody to settle the open step of a disagreement, of those it is for; its clock runs on."""
    viewer = viewer_of(request)
    row = queries.step_for_change(viewer, step_id)
    holder = post_with_id(viewer, sent.holder_post_id)
    services.name_holder(step=row, number=sent.number, holder=holder, reason=sent.reason, by=viewer, at=viewer.at)
    return {"id": step_id, "state": row.state}


# --- Closing.


def _closed(viewer: Actor, case_id: UUID) -> dict[str, Any]:
    frame = queries.case_frame(viewer, case_id, purpose="API: closing")
    found = queries.closure_of(viewer, frame)
    if found is None:
        raise NotVisible
    return found.__dict__


def _close(request: HttpRequest, case_id: UUID, sent: CloseIn) -> dict[str, Any]:
    """Close the case and its plan. A step or a review under way comes first."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    ends = {each.need_id: NeedEnd(each.code, each.words) for each in sent.needs}
    said = sent.model_dump(exclude={"needs"})
    services.close_case(case=case, **said, needs=ends, by=viewer, at=viewer.at)
    return _closed(viewer, case_id)


def _closure(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """How a case closed; nothing while it is open."""
    return _closed(viewer_of(request), case_id)


def _check(request: HttpRequest, case_id: UUID, sent: CheckIn) -> dict[str, Any]:
    """Some months on: whether what the plan changed has lasted."""
    viewer = viewer_of(request)
    row = queries.closure_for_change(viewer, case_id)
    services.check_change(closure=row, **sent.model_dump(), by=viewer, at=viewer.at)
    return _closed(viewer, case_id)
