"""The panel, for a partner's own system: asking it, its dates and lists, each partner's contribution, what it decides, and
telling the family."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.letters import PAPER, PaperQuery
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.panel_document import decision_letters
from joinedup.casework.panelling import Verdict
from joinedup.core.documents import PDF, WORD, attachment
from joinedup.core.errors import NotPermitted, NotVisible, Refused

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_ID = "0192f0c4-0000-7000-8000-000000000001"
Version = Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
Mail = Annotated[schemas.Text254, Field(min_length=3)]


class PanelRequestRowOut(Schema):
    """A request in a list: whose, what for, and how many working days it has waited."""

    id: UUID
    reference: str
    case_reference: str
    child: str
    age: int | None
    services: list[str]
    state: str
    asked_at: datetime
    due_at: datetime
    waited: int
    is_late: bool


class PanelRowOut(Schema):
    """A date of a panel. `whose` is the team it belongs to, or the partnership; `requests` how many are on its list."""

    id: UUID
    reference: str
    whose: str
    starts_at: datetime
    place: str
    requests: int
    is_past: bool
    is_cancelled: bool


class WaitsOut(Schema):
    """How long families had waited that were decided about in the last twelve months, in working days: how many, the
    median, how many within the clock, and their share in per cent."""

    count: int
    median: float | None
    within: int
    percent: int | None


class PanelsOut(Schema):
    """The dates this account holds or sits on; what waits for one, for whoever answers for a team."""

    coming: list[PanelRowOut]
    past: list[PanelRowOut]
    waiting: list[PanelRequestRowOut]
    waits: WaitsOut
    may_convene: bool


class PanelSeatOut(Schema):
    """Somebody named for a panel. `came` is null until it is written down."""

    id: UUID
    name: str
    title: str
    organisation: str
    came: bool | None


class PanelOut(Schema):
    """A date with its people and its list. `to_list` can be put on it; `others` are on it and not this account's to read."""

    id: UUID
    version: int
    reference: str
    whose: str
    chair: str
    starts_at: datetime
    place: str
    cancelled_reason: str
    is_cancelled: bool
    is_past: bool
    seats: list[PanelSeatOut]
    requests: list[PanelRequestRowOut]
    to_list: list[PanelRequestRowOut]
    others: int
    may_hold: bool
    may_list: bool


class PanelSaidOut(Schema):
    """What a panel decided about a service, and why."""

    code: str
    label: str
    reason: str
    instead: str
    at: datetime
    panel: str


class PanelServiceOut(Schema):
    """A service a request is for. `is_open` where it is still to be decided; the newest decision comes first."""

    id: UUID
    name: str
    is_open: bool
    said: list[PanelSaidOut]


class PaperOut(Schema):
    """A paper the panel wants, and whether it is there."""

    code: str
    words: str
    is_there: bool


class ContributionOut(Schema):
    """What a partner knows or can give."""

    organisation: str
    name: str
    words: str
    at: datetime


class PanelRequestOut(Schema):
    """A request as the panel and the team around the child read it; nothing of the case behind it. `case_id` is null for
    whoever may not see the case. `verdicts` are what may be decided, `may` is what this account may do with it now."""

    id: UUID
    version: int
    line: PanelRequestRowOut
    case_id: UUID | None
    words: str
    asked_by: str
    asked_by_title: str
    papers: list[PaperOut]
    services: list[PanelServiceOut]
    verdicts: dict[str, str]
    contributions: list[ContributionOut]
    panel: PanelRowOut | None
    decided_at: datetime | None
    words_for_family: str
    family_told_by: str
    family_told_at: datetime | None
    disagreed_words: str
    disagree_until: datetime | None
    ended_reason: str
    may: list[str]


class PanelLineOut(Schema):
    """A request of a case: for which child, where it stands, and by when it is decided."""

    id: UUID
    reference: str
    child: str
    state: str
    due_at: datetime
    is_late: bool


class PanelMadeOut(Schema):
    """What was made: read it at its own address."""

    id: UUID
    reference: str


class AskPanelIn(Schema):
    """About which child of the case, for which services, and what is to change for them."""

    model_config = taken(child_id=_ID, services=["Counselling"], words="She does not sleep.")

    child_id: UUID
    services: Annotated[
        list[Annotated[schemas.Text100, Field(min_length=1, max_length=80)]], Field(min_length=1, max_length=20)
    ]
    words: Annotated[schemas.Text4000, Field(min_length=1)]


class ConveneIn(Schema):
    """When and where, and the e-mail addresses of the panel's people. A team's panel names the `team_id`; the partnership's
    the address of its `chair`."""

    model_config = taken(
        team_id=_ID, starts_at="2026-12-03T10:00:00Z", place="Mock Lane Centre", people=["cara@example.org"]
    )

    team_id: UUID | None = None
    chair: schemas.Text254 = ""
    starts_at: AwareDatetime
    place: Annotated[schemas.Text160, Field(min_length=1)]
    people: Annotated[list[Mail], Field(max_length=40)]


class PanelReasonIn(Schema):
    """Why."""

    model_config = taken(reason="Two partners cannot come.")

    reason: schemas.Text300


class ListIn(Schema):
    """Which request is put on the list."""

    model_config = taken(request_id=_ID)

    request_id: UUID


class PapersIn(Schema):
    """The codes of the papers that are there; those left out are not."""

    model_config = taken(version=1, papers=["agreement", "views"])

    version: Version
    papers: Annotated[list[schemas.Code], Field(max_length=40)]


class ContributionIn(Schema):
    """What this account's agency knows or can give."""

    model_config = taken(words="She has been well liked in our youth club since May.")

    words: Annotated[schemas.Text4000, Field(min_length=1)]


class VerdictIn(Schema):
    """What is decided about a service, and why; `instead` is the service that fits better, where one does."""

    model_config = taken(service_id=_ID, code="agreed", reason="It helps.", instead="")

    service_id: UUID
    code: schemas.Code
    reason: schemas.Text2000
    instead: Annotated[schemas.Text100, Field(max_length=80)] = ""


class PanelDecisionIn(Schema):
    """Who was there (ids of seats), what was decided about every open service, and what the family is told."""

    model_config = taken(
        version=3, came=[_ID], verdicts=[{"service_id": _ID, "code": "agreed", "reason": "It helps.", "instead": ""}],
        words_for_family="You get counselling from December.",
    )  # fmt: skip

    version: Version
    came: Annotated[list[UUID], Field(max_length=60)]
    verdicts: Annotated[list[VerdictIn], Field(max_length=20)]
    words_for_family: Annotated[schemas.Text4000, Field(max_length=3000)]


class DisagreeIn(Schema):
    """Who does not agree, and why."""

    model_config = taken(words="Alex finds the course too far away.")

    words: schemas.Text2000


class FamilyToldIn(Schema):
    """How the family was told what the panel decided."""

    model_config = taken(told_by="in_person")

    told_by: Literal["in_person", "letter"]


def router(answers: Answers) -> Router:
    """The addresses under /cases of the panel."""
    found = Router(tags=["Panel"])
    at = Addresses(found, answers)
    every = "/{uuid:case_id}/panel-requests"
    at.reads(every, list[PanelLineOut], _of_case, "Requests to the panel of a case")
    at.writes(every, PanelMadeOut, _ask, "Ask the panel about a child")
    return found


def panels_router(answers: Answers) -> Router:
    """The addresses under /panels, for whoever holds one or sits on it, and for the team around the child."""
    found = Router(tags=["Panel"])
    at = Addresses(found, answers)
    one, request = "/{uuid:panel_id}", "/requests/{uuid:panel_request_id}"
    at.reads("", PanelsOut, _panels, "Panels this account holds or sits on")
    at.writes("", PanelMadeOut, _convene, "Name a panel’s date and people")
    at.reads(one, PanelOut, _panel, "One date of a panel with its list")
    at.writes(f"{one}/list", PanelOut, _list, "Put a request on a panel’s list")
    at.writes(f"{one}/cancel", PanelOut, _cancel, "A panel does not meet")
    at.reads(request, PanelRequestOut, _request, "One request to the panel")
    at.replaces(f"{request}/papers", PanelRequestOut, _papers, "Which papers are there")
    at.writes(f"{request}/contributions", PanelRequestOut, _contribute, "What an agency knows or can give")
    at.writes(f"{request}/decision", PanelRequestOut, _decide, "What the panel decided")
    at.writes(f"{request}/told", PanelRequestOut, _told, "The family was told")
    at.writes(f"{request}/disagree", PanelRequestOut, _disagree, "Somebody does not agree")
    at.writes(f"{request}/withdraw", PanelRequestOut, _withdraw, "Withdraw a request")
    at.reads(f"{request}/letter", None, _letter, "The decision as a letter to the family", openapi_extra=PAPER)
    return found


def _of_case(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """What the panel was asked about the children of the case, the newest first; each is read at its own address."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: panel")
    return [each.__dict__ for each in queries.pathway_shown(viewer, frame).requests]


def _ask(request: HttpRequest, case_id: UUID, sent: AskPanelIn) -> dict[str, Any]:
    """Ask the panel: one referral for every service. Its clock starts now."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    made = services.ask_panel(case=case, **sent.model_dump(), by=viewer, at=viewer.at)
    return {"id": made.pk, "reference": made.reference}


def _panels(request: HttpRequest) -> dict[str, Any]:
    """The dates to come and past, and what waits for one."""
    seen = queries.panels(viewer_of(request))
    rows = {name: [each.__dict__ for each in getattr(seen, name)] for name in ("coming", "past", "waiting")}
    return seen.__dict__ | rows | {"waits": seen.waits.__dict__ | {"percent": seen.waits.percent}}


def _convene(request: HttpRequest, sent: ConveneIn) -> dict[str, Any]:
    """Name the date and the people of a panel: of a team that this account answers for, or of the partnership."""
    viewer = viewer_of(request)
    teams = queries.teams_to_convene(viewer)
    if not teams:
        raise NotVisible
    when: dict[str, Any] = {
        "starts_at": sent.starts_at, "place": sent.place, "posts": _people(viewer, sent.people, "people"), "by": viewer,
        "at": viewer.at,
    }  # fmt: skip
    if (sent.team_id is None) == (not sent.chair):
        raise Refused(
            "Say either which team’s panel it is, or who chairs the partnership’s.", rule="API-422", field="team_id"
        )
    if sent.team_id is None:
        made = services.convene_partnership_panel(chair=_people(viewer, [sent.chair], "chair")[0], **when)
    else:
        team = next((each for each in teams if each.pk == sent.team_id), None)
        if team is None:
            raise NotVisible
        made = services.convene_panel(team=team, **when)
    return {"id": made.pk, "reference": made.reference}


def _people(viewer: Actor, addresses: list[str], field: str) -> list[Post]:
    posts, unknown = queries.people_of_addresses(viewer, addresses)
    if unknown:
        raise Refused(
            f"Nobody who could sit on a panel has this address now: {', '.join(unknown)}.", rule="API-422", field=field
        )
    return posts


def _shown(viewer: Actor, panel_id: UUID) -> dict[str, Any]:
    seen = queries.panel(viewer, panel_id)
    return seen.__dict__ | {
        name: [each.__dict__ for each in getattr(seen, name)] for name in ("seats", "requests", "to_list")
    }


def _panel(request: HttpRequest, panel_id: UUID) -> dict[str, Any]:
    """One date: its people, its list, and what could be put on it."""
    return _shown(viewer_of(request), panel_id)


def _list(request: HttpRequest, panel_id: UUID, sent: ListIn) -> dict[str, Any]:
    """Put a request on the list: from now on the panel's people read it."""
    viewer = viewer_of(request)
    held = queries.panel_for_change(viewer, panel_id)
    asked = queries.request_for_change(viewer, sent.request_id)
    services.list_request(panel=held, request=asked, by=viewer, at=viewer.at)
    return _shown(viewer, panel_id)


def _cancel(request: HttpRequest, panel_id: UUID, sent: PanelReasonIn) -> dict[str, Any]:
    """The panel does not meet; what was on its list waits for another."""
    viewer = viewer_of(request)
    held = queries.panel_for_change(viewer, panel_id)
    services.cancel_panel(panel=held, reason=sent.reason, by=viewer, at=viewer.at)
    return _shown(viewer, panel_id)


def _out(viewer: Actor, panel_request_id: UUID) -> dict[str, Any]:
    seen = queries.panel_request(viewer, panel_request_id, purpose="API: request to the panel")
    return seen.__dict__ | {
        "id": seen.id, "line": seen.line.__dict__,
        "papers": [dict(zip(("code", "words", "is_there"), each, strict=True)) for each in seen.papers],
        "services": [each.__dict__ | {"said": [one.__dict__ for one in each.said]} for each in seen.services],
        "verdicts": {each.code: each.words for each in seen.terms.verdicts},
        "contributions": [each.__dict__ for each in seen.contributions],
        "panel": seen.panel.__dict__ if seen.panel else None, "may": sorted(seen.may),
    }  # fmt: skip


def _request(request: HttpRequest, panel_request_id: UUID) -> dict[str, Any]:
    """What was asked, the papers, what partners wrote, and what was decided."""
    return _out(viewer_of(request), panel_request_id)


def _papers(request: HttpRequest, panel_request_id: UUID, sent: PapersIn) -> dict[str, Any]:
    """With the last of the papers the request can be put on a list."""
    viewer = viewer_of(request)
    row = queries.request_for_change(viewer, panel_request_id)
    services.say_papers(request=row, papers=sent.papers, version=sent.version, by=viewer, at=viewer.at)
    return _out(viewer, panel_request_id)


def _contribute(request: HttpRequest, panel_request_id: UUID, sent: ContributionIn) -> dict[str, Any]:
    """Write for the panel. Nothing written is changed: more is added."""
    viewer = viewer_of(request)
    row = queries.request_for_change(viewer, panel_request_id)
    services.contribute(request=row, words=sent.words, by=viewer, at=viewer.at)
    return _out(viewer, panel_request_id)


def _decide(request: HttpRequest, panel_request_id: UUID, sent: PanelDecisionIn) -> dict[str, Any]:
    """Write down what the panel decided. The family is written to where that is marked safe."""
    viewer = viewer_of(request)
    seen = queries.panel_request(viewer, panel_request_id, purpose="API: request to the panel")
    if "decide" not in seen.may or seen.row.panel is None:
        raise _not_now()
    said = services.PanelSaid(
        came=frozenset(sent.came),
        verdicts={each.service_id: Verdict(each.code, each.reason, each.instead) for each in sent.verdicts},
        words_for_family=sent.words_for_family,
    )
    services.decide_request(
        panel=seen.row.panel, request=seen.row, said=said, version=sent.version, by=viewer, at=viewer.at
    )
    return _out(viewer, panel_request_id)


def _not_now() -> NotPermitted:
    return NotPermitted("You may not do that with this request as it is now.", rule="permission:casework.panel")


def _told(request: HttpRequest, panel_request_id: UUID, sent: FamilyToldIn) -> dict[str, Any]:
    """Write down that the family was told: in person, or by a letter where that is safe."""
    viewer = viewer_of(request)
    row = queries.request_for_change(viewer, panel_request_id)
    services.tell_family_of_decision(request=row, told_by=sent.told_by, by=viewer, at=viewer.at)
    return _out(viewer, panel_request_id)


def _disagree(request: HttpRequest, panel_request_id: UUID, sent: DisagreeIn) -> dict[str, Any]:
    """The panel looks at it once more, with a clock of its own."""
    viewer = viewer_of(request)
    row = queries.request_for_change(viewer, panel_request_id)
    services.disagree_with_panel(request=row, words=sent.words, by=viewer, at=viewer.at)
    return _out(viewer, panel_request_id)


def _withdraw(request: HttpRequest, panel_request_id: UUID, sent: PanelReasonIn) -> dict[str, Any]:
    """The panel is asked no more; what it decided before stays."""
    viewer = viewer_of(request)
    row = queries.request_for_change(viewer, panel_request_id)
    services.withdraw_panel_request(request=row, reason=sent.reason, by=viewer, at=viewer.at)
    return _out(viewer, panel_request_id)


def _letter(request: HttpRequest, panel_request_id: UUID, wanted: Query[PaperQuery]) -> HttpResponse:
    """What the panel decided, in plain words, for whoever may tell the family."""
    viewer = viewer_of(request)
    seen = queries.panel_request(viewer, panel_request_id, purpose="API: letter of the panel")
    if "letter" not in seen.may:
        raise _not_now()
    frame = queries.case_frame(viewer, seen.row.case_id, purpose="API: letter of the panel")
    letters = decision_letters(seen, frame, viewer)
    content, kind = (letters.as_pdf(), PDF) if wanted.form == "pdf" else (letters.as_docx(), WORD)
    return attachment(content, kind, f"panel-{seen.line.reference}.{wanted.form}")
