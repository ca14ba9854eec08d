"""The quality audit, for a partner's own system: drawing cases, writing what was found heading by heading, what must be put
right, a second look, and the results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.auditing import ANSWERS, NOT_MET, PARTLY
from joinedup.casework.queries import audit_results
from joinedup.casework.queries import audits as reading
from joinedup.core.errors import NotPermitted, NotVisible, Refused

_ID = "0192f0c4-0000-7000-8000-000000000001"
Text5000 = Annotated[schemas.Text20000, Field(max_length=5000)]
Item = Annotated[str, Field(max_length=8)]


class AuditRowOut(Schema):
    """One audit in a list. `child` is empty for whoever does not see the case; `until` is how long the auditor reads it."""

    id: UUID
    case_id: UUID
    reference: str
    sample: str
    child: str
    team: str
    auditor: str
    until: datetime | None
    is_late: bool
    answered: int
    percent: int | None
    grade: str
    done_at: datetime | None


class AuditSampleOut(Schema):
    """A sample that was drawn: with the seed and the digest of what it was drawn from it can be drawn again."""

    reference: str
    team: str
    narrowed: str
    auditor: str
    drawn_at: datetime
    drawn_from: int
    cases: int
    seed: int
    digest: str
    reason: str


class AuditsOut(Schema):
    """What this account is asked to audit or to look at again, what was found in its team, and the samples drawn of it."""

    to_do: list[AuditRowOut]
    second: list[AuditRowOut]
    found: list[AuditRowOut]
    samples: list[AuditSampleOut]
    may_draw: bool


class AuditItemOut(Schema):
    """One item with what was found. `answer` is empty, met, partly, not_met or not_applicable; so is `second`."""

    code: str
    words: str
    look: str
    answer: str
    evidence: str
    second: str


class AuditHeadingOut(Schema):
    """The items under one heading."""

    code: str
    title: str
    items: list[AuditItemOut]


class AuditFindingOut(Schema):
    """What must be put right."""

    words: str
    owner: str
    due_on: date
    is_late: bool
    done_at: datetime | None


class AuditOut(Schema):
    """One audit. `percent` is its effectiveness, `first_percent` what it was before a second look; `is_verified` whether
    somebody has compared this version of the tool with its source. `may` is what this account may do with it now: write,
    ask_again, look_again."""

    id: UUID
    case_id: UUID
    reference: str
    sample: str
    team: str
    children: str
    source: str
    is_verified: bool
    auditor: str
    until: datetime
    headings: list[AuditHeadingOut]
    strengths: str
    done_at: datetime | None
    percent: int | None
    first_percent: int | None
    grade: str
    findings: list[AuditFindingOut]
    second: str
    second_words: str
    second_at: datetime | None
    sees_case: bool
    may: list[str]


class AuditFoundOut(Schema):
    """What was found of one team, heading, item or month. `audits` is how many audits it comes from, where that is counted."""

    name: str
    met: int
    partly: int
    not_met: int
    not_applicable: int
    percent: int | None
    audits: int | None


class AuditMonthOut(AuditFoundOut):
    """What the audits of one month found."""

    month: date


class AuditResultsOut(Schema):
    """The results of every audit that is done, or of one team's cases. `trend` is the last month with an audit beside the one
    before it, in points."""

    team_id: UUID | None
    overall: AuditFoundOut
    grade: str
    trend: int | None
    teams: list[AuditFoundOut]
    headings: list[AuditFoundOut]
    items: list[AuditFoundOut]
    months: list[AuditMonthOut]


class AuditMadeOut(Schema):
    """The sample that was drawn: its audits are in the list of whoever was asked."""

    reference: str
    cases: int


class OfTeamQuery(Schema):
    """Of one team, or of all."""

    team_id: UUID | None = None


class SampleIn(Schema):
    """Who audits how many cases, and what for; narrowed to a level or to those one post leads."""

    model_config = taken(auditor_id=_ID, size=3, reason="The monthly audit", level=3)

    auditor_id: UUID
    size: Annotated[StrictInt, Field(ge=1, le=20)]
    reason: schemas.Text300
    level: Annotated[StrictInt, Field(ge=2, le=4)] | None = None
    lead_id: UUID | None = None


class AuditItemIn(Schema):
    """What was found of one item, and what that rests on."""

    model_config = taken(answer="partly", evidence="The note of 3 October")

    answer: Annotated[str, schemas.OneOf(ANSWERS)]
    evidence: Annotated[schemas.Text1000, Field(max_length=500)] = ""


class HeadingIn(Schema):
    """Answers by the codes of the heading's items; what is left out stays as it is."""

    model_config = taken(answers={"1": {"answer": "met", "evidence": "The plan"}})

    answers: Annotated[dict[Item, AuditItemIn], Field(max_length=60)]


class FindingIn(Schema):
    """Something that must be put right, by whom (the lead professional or a manager of the team) and when."""

    model_config = taken(words="The genogram is missing.", owner_id=_ID, due_on="2026-12-05")

    words: Annotated[schemas.Text300, Field(min_length=1, max_length=250)]
    owner_id: UUID
    due_on: schemas.Day


class FinishAuditIn(Schema):
    """What is good about this work, and what must be put right."""

    model_config = taken(strengths="Her own words are on every page.", findings=[])

    strengths: Text5000
    findings: Annotated[list[FindingIn], Field(max_length=12)] = []


class SecondIn(Schema):
    """Who looks again."""

    model_config = taken(post_id=_ID)

    post_id: UUID


class AgainIn(Schema):
    """What is seen differently, by item, and why."""

    model_config = taken(answers={"1": "met"}, words="The plan of May says it.")

    answers: Annotated[dict[Item, Annotated[str, schemas.OneOf(ANSWERS)]], Field(max_length=60)]
    words: Text5000


def router(answers: Answers) -> Router:
    """The address under /cases of the audits of a case."""
    found = Router(tags=["Quality audit"])
    Addresses(found, answers).reads("/{uuid:case_id}/audits", list[AuditRowOut], _of_case, "Audits of a case")
    return found


def audits_router(answers: Answers) -> Router:
    """The addresses under /case-audits."""
    found = Router(tags=["Quality audit"])
    at = Addresses(found, answers)
    one = "/{uuid:audit_id}"
    at.reads("", AuditsOut, _audits, "Quality audits")
    at.reads("/results", AuditResultsOut, _results, "What quality audits found")
    at.writes("/teams/{uuid:managed_team_id}/draw", AuditMadeOut, _draw, "Draw cases of a team to be audited")
    at.reads(one, AuditOut, _audit, "One quality audit")
    at.replaces(f"{one}/headings/{{slug:heading}}", AuditOut, _write, "What was found under one heading")
    at.writes(f"{one}/finish", AuditOut, _finish, "An audit is done")
    at.writes(f"{one}/second", AuditOut, _second, "Ask for a second look")
    at.writes(f"{one}/again", AuditOut, _again, "A second look")
    return found


def _of_case(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """The audits of the case that are done, for whoever leads it or manages its team; none for anybody else who sees it."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: audits of a case")
    return [each.__dict__ for each in reading.audits_of_case(viewer, frame)]


def _audits(request: HttpRequest) -> dict[str, Any]:
    """What is to be audited, what was found, and the samples."""
    page = reading.audits(viewer_of(request))
    lists = ("to_do", "second", "found", "samples")
    return page.__dict__ | {name: [each.__dict__ for each in getattr(page, name)] for name in lists}


def _found(each: audit_results.Found) -> dict[str, Any]:
    return each.tally.__dict__ | {"name": each.name, "percent": each.percent, "audits": each.audits}


def _results(request: HttpRequest, wanted: Query[OfTeamQuery]) -> dict[str, Any]:
    """Numbers by team, month, heading and item, and nobody's name."""
    seen = audit_results.audit_results(viewer_of(request), wanted.team_id)
    several: dict[str, Sequence[audit_results.Found]] = {
        "teams": seen.teams,
        "headings": seen.groups,
        "items": seen.items,
    }
    return {
        "team_id": seen.team_id, "overall": _found(seen.overall), "grade": seen.grade, "trend": seen.trend,
        "months": [_found(each) | {"month": month} for month, each in seen.months],
        **{name: [_found(each) for each in found] for name, found in several.items()},
    }  # fmt: skip


def _draw(request: HttpRequest, managed_team_id: UUID, sent: SampleIn) -> dict[str, Any]:
    """Draw cases of one's own team at random: never one the auditor worked on. The auditor may read them from now until a
    day."""
    viewer = viewer_of(request)
    team = reading.team_to_draw_from(viewer, managed_team_id)
    auditor = reading.auditor_with_id(viewer, sent.auditor_id)
    wanted = services.SampleWanted(auditor, sent.size, sent.reason, sent.level, sent.lead_id)
    made = services.draw_audit(team=team, wanted=wanted, by=viewer, at=viewer.at)
    return {"reference": made.reference, "cases": made.audits.count()}


def _shown(viewer: Actor, audit_id: UUID) -> dict[str, Any]:
    seen = reading.case_audit(viewer, audit_id)
    return seen.__dict__ | {
        "headings": [
            {"code": each.group.code, "title": each.group.title, "items": [_item(item) for item in each.items]}
            for each in seen.groups
        ],
        "findings": [each.__dict__ for each in seen.findings], "may": sorted(seen.may),
    }  # fmt: skip


def _item(seen: reading.ItemSeen) -> dict[str, Any]:
    said = {name: getattr(seen, name) for name in ("answer", "evidence", "second")}
    return {"code": seen.item.code, "words": seen.item.words, "look": seen.item.look, **said}


def _audit(request: HttpRequest, audit_id: UUID) -> dict[str, Any]:
    """For its auditor, whoever looks again and, once it is done, whoever leads the case or manages its team."""
    return _shown(viewer_of(request), audit_id)


def _to_write(viewer: Actor, audit_id: UUID) -> reading.AuditSeen:
    """As on the page: by its auditor, while they may read the case."""
    seen = reading.case_audit(viewer, audit_id)
    if "write" not in seen.may:
        raise NotPermitted("This audit is done, or it is not yours, or its time is over.", rule="CW-543")
    return seen


def _write(request: HttpRequest, audit_id: UUID, heading: str, sent: HeadingIn) -> dict[str, Any]:
    """Write what was found of the items under one heading; it may be mended until the audit is done."""
    viewer = viewer_of(request)
    seen = _to_write(viewer, audit_id)
    if heading not in {each.group.code for each in seen.groups}:
        raise NotVisible
    bare = [
        code for code, each in sent.answers.items() if each.answer in {PARTLY, NOT_MET} and not each.evidence.strip()
    ]
    if bare:
        raise Refused(f"Say what {', '.join(sorted(bare))} rests on.", rule="CW-545", field="answers")
    said = {code: (each.answer, each.evidence) for code, each in sent.answers.items()}
    services.write_audit(audit=seen.row, group=heading, answers=said, by=viewer, at=viewer.at)
    return _shown(viewer, audit_id)


def _finish(request: HttpRequest, audit_id: UUID, sent: FinishAuditIn) -> dict[str, Any]:
    """The audit is done: every item has an answer. What must be put right becomes tasks of the case."""
    viewer = viewer_of(request)
    seen = _to_write(viewer, audit_id)
    findings = [services.FindingSaid(each.words, each.owner_id, each.due_on) for each in sent.findings]
    services.finish_audit(audit=seen.row, strengths=sent.strengths, findings=findings, by=viewer, at=viewer.at)
    return _shown(viewer, audit_id)


def _second(request: HttpRequest, audit_id: UUID, sent: SecondIn) -> dict[str, Any]:
    """Ask somebody else, who has not worked on the case either, to look again; once."""
    viewer = viewer_of(request)
    row = reading.audit_for_change(viewer, audit_id)
    post = reading.auditor_with_id(viewer, sent.post_id)
    services.ask_second_look(audit=row, post=post, by=viewer, at=viewer.at)
    return _shown(viewer, audit_id)


def _again(request: HttpRequest, audit_id: UUID, sent: AgainIn) -> dict[str, Any]:
    """What whoever was asked finds of some items counts instead of the first, which stays beside it."""
    viewer = viewer_of(request)
    seen = reading.case_audit(viewer, audit_id)
    if "look_again" not in seen.may:
        raise NotPermitted("Only whoever was asked looks again, once.", rule="CW-548")
    services.look_again(audit=seen.row, **sent.model_dump(), by=viewer, at=viewer.at)
    return _shown(viewer, audit_id)
