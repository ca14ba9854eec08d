"""What boards answer for, for a partner's own system: risks, the framework and its progress reports, how others stand, decisions,
and the plan for children that is in force. Rules, permissions and what is withheld are those of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from joinedup.access.middleware import viewer_of
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.core.errors import NotVisible
from joinedup.governance import services
from joinedup.governance.queries import boards, decisions, framework, plan_reading, progress, risks


class ScoreOut(Schema):
    """A score on the grid: each side from 1 to 5, and the two multiplied."""

    likelihood: int
    impact: int
    value: int


class BoardRiskOut(Schema):
    """A risk on the register. `appetite` is the highest score its board accepts, null where it has not said; `movement` is
    against the review before."""

    id: UUID
    reference: str
    title: str
    kind: str
    board_id: UUID
    board: str
    owner: str
    inherent: ScoreOut
    current: ScoreOut
    target: ScoreOut
    level: str
    movement: str
    appetite: int | None
    is_over: bool
    next_review_on: date
    is_due: bool
    open_actions: int
    late_actions: int


class RiskReviewOut(Schema):
    """One review with its scores and why they are so."""

    number: int
    reviewed_on: date
    inherent: ScoreOut
    current: ScoreOut
    target: ScoreOut
    why: str


class RiskControlOut(Schema):
    """Something that keeps a risk down."""

    id: UUID
    words: str
    works: str
    starts_on: date
    ends_on: date | None


class RiskActionOut(Schema):
    """Something somebody is to do about a risk."""

    id: UUID
    words: str
    owner: str
    due_on: date
    is_late: bool
    done_on: date | None


class BoardRiskWholeOut(BoardRiskOut):
    """One risk with its causes, reviews (the oldest first), controls and actions."""

    cause: str
    event: str
    effect: str
    reviews: list[RiskReviewOut]
    controls: list[RiskControlOut]
    actions: list[RiskActionOut]


class FrameworkFigureOut(Schema):
    """A figure that speaks for an element, and the band in force for it; empty where none is set."""

    figure: str
    words: str
    unit: str
    band: str
    band_source: str


class FrameworkElementOut(Schema):
    """An element of the framework; `basis` says whether anything but judgement speaks for it."""

    id: UUID
    letter: str
    name: str
    owner: str
    basis: str
    figures: list[FrameworkFigureOut]


class FrameworkLayerOut(Schema):
    """A layer of the framework with its elements."""

    code: str
    name: str
    elements: list[FrameworkElementOut]


class ProgressLineOut(Schema):
    """A progress report in the list; `digest` is empty for a draft."""

    id: UUID
    reference: str
    title: str
    board: str
    state: str
    starts_on: date
    ends_on: date
    published_at: datetime | None
    digest: str


class ProgressFigureOut(Schema):
    """A figure with its value over the period; null where nothing could be counted."""

    figure: str
    words: str
    unit: str
    value: Decimal | None
    said: str
    band: str
    colour: str


class ProgressElementOut(Schema):
    """What a report says of one element. `signed_words` is the signed reason of a colour outside its band."""

    letter: str
    name: str
    owner: str
    colour: str
    reason: str
    second_reason: str
    done: str
    remains: str
    compared: str
    basis: str
    evidence: list[ProgressFigureOut]
    signed_words: str


class ProgressLayerOut(Schema):
    """A layer with what the report says of its elements."""

    code: str
    name: str
    elements: list[ProgressElementOut]


class ProgressReportOut(ProgressLineOut):
    """One report: frozen where it was published (`is_intact` says that it still has its hash), a draft as it stands with its
    figures as they were counted last."""

    is_illustration: bool
    is_intact: bool
    texts: dict[str, str]
    layers: list[ProgressLayerOut]


class ProgressPublishIn(Schema):
    """The report that is published, by its reference, too: no identifier alone publishes anything."""

    model_config = taken(reference="PR-7K2M4Q")

    reference: Annotated[str, Field(min_length=1, max_length=40)]


class ComparedElementOut(Schema):
    """The colours of one element, in the order of the partnerships; empty where it is not reported."""

    letter: str
    name: str
    colours: list[str]


class ProgressComparedOut(Schema):
    """The newest published report beside the newest of each other partnership. Colours are green, green_amber,
    amber, amber_red and red."""

    partnerships: list[str]
    elements: list[ComparedElementOut]


class BoardDecisionOut(Schema):
    """A decision of a board. An exempt one says only that it is there to whoever may not read it."""

    id: UUID
    reference: str
    title: str
    board_id: UUID
    board: str
    decided_at: datetime
    state: str
    is_illustration: bool


class PlanAimOut(Schema):
    """What should get better, by which measure; `now` is empty where nothing was measured or the number is too small."""

    words: str
    measure: str
    baseline: str
    target: str
    target_on: date | None
    now: str


class PlanDeedOut(Schema):
    """Something the partners do, and how far it is."""

    words: str
    owner: str
    partner: str
    due_on: date
    standing: str


class PlanPriorityOut(Schema):
    """A priority of the plan: who answers (a post), outcomes with measure, target and where it stands, actions, whole pence."""

    title: str
    words: str
    owner: str
    outcomes: list[PlanAimOut]
    actions: list[PlanDeedOut]
    pence: int


class ChildrenPlanOut(Schema):
    """The plan for children and young people that is in force, as everybody may read it; its hash is that of what was adopted."""

    title: str
    partnership: str
    period: str
    partners: list[str]
    adopted_on: date
    decision: str
    is_over: bool
    starts_later: bool
    is_illustration: bool
    digest: str
    priorities: list[PlanPriorityOut]


def router(answers: Answers) -> Router:
    """The addresses under /governance."""
    found = Router(tags=["Boards, risks and reports"])
    at = Addresses(found, answers)
    at.reads("/risks", list[BoardRiskOut], _risks, "Open risks of every board, the highest score first")
    at.reads("/risks/{uuid:risk_id}", BoardRiskWholeOut, _risk, "One risk with its movement")
    at.reads("/framework", list[FrameworkLayerOut], _framework, "The framework and what speaks for each element")
    at.reads("/progress", list[ProgressLineOut], _reports, "Progress reports, the newest period first")
    at.reads("/progress/compared", ProgressComparedOut, _compared, "How other partnerships stand")
    report = "/progress/{uuid:progress_report_id}"
    at.reads(report, ProgressReportOut, _report, "One progress report with its evidence")
    at.writes(f"{report}/published", ProgressReportOut, _publish, "Publish a progress report with its evidence")
    at.reads("/boards/{uuid:board_id}/decisions", list[BoardDecisionOut], _decisions, "What a board decided last")
    at.reads("/plan", ChildrenPlanOut, _plan, "The plan for children that is in force")
    return found


def _score(each: Any) -> dict[str, int]:
    return {"likelihood": each.likelihood, "impact": each.impact, "value": each.value}


def _scores(each: Any) -> dict[str, Any]:
    return {name: _score(getattr(each, name)) for name in ("inherent", "current", "target")}


def _line(each: risks.RiskLine) -> dict[str, Any]:
    names = (
        "id", "reference", "title", "board_id", "board", "owner", "level", "appetite", "is_over", "next_review_on", "is_due",
        "open_actions", "late_actions",
    )  # fmt: skip
    return {name: getattr(each, name) for name in names} | _scores(each) | {
        "kind": each.kind_words, "movement": each.movement_words,
    }  # fmt: skip


def _risks(request: HttpRequest) -> list[dict[str, Any]]:
    """Every open risk."""
    return [_line(each) for each in risks.risk_lines(viewer_of(request))]


def _risk(request: HttpRequest, risk_id: UUID) -> dict[str, Any]:
    """One risk with everything that was said of it."""
    page = risks.risk_page(viewer_of(request), risk_id)
    return _line(page.line) | {
        "cause": page.row.cause, "event": page.row.event, "effect": page.row.effect,
        "reviews": [
            {"number": each.number, "reviewed_on": each.reviewed_on, "why": each.why} | _scores(each) for each in page.reviews
        ],
        "controls": list(page.controls), "actions": list(page.actions),
    }  # fmt: skip


def _framework(request: HttpRequest) -> list[dict[str, Any]]:
    """The elements that are in force, by layer."""
    page = framework.framework_page(viewer_of(request))
    return [
        {"code": layer.code, "name": layer.name, "elements": [_element(each) for each in elements]}
        for layer, elements in page.layers
    ]


def _element(each: framework.ElementSeen) -> dict[str, Any]:
    return {
        "id": each.row.pk, "letter": each.row.letter, "name": each.row.name, "owner": each.owner, "basis": each.basis,
        "figures": [
            {
                "figure": one.figure.name, "words": one.figure.words, "unit": one.figure.unit, "band": one.band,
                "band_source": one.source,
            }
            for one in each.figures
        ],
    }  # fmt: skip


def _head(row: Any, board: str, published: Any) -> dict[str, Any]:
    names = ("reference", "title", "state", "starts_on", "ends_on")
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "board": board, "published_at": published.published_at if published else None,
        "digest": published.digest if published else "",
    }  # fmt: skip


def _reports(request: HttpRequest) -> list[dict[str, Any]]:
    """Drafts and published ones; those given up left out."""
    return [_head(each.row, each.board, each.published) for each in progress.reports(viewer_of(request))]


def _report(request: HttpRequest, progress_report_id: UUID) -> dict[str, Any]:
    """What the report says of each element, with the figures that speak for it."""
    page = progress.report_page(viewer_of(request), progress_report_id)
    content = page.content
    return _head(page.row, content["board"], page.published) | {
        "is_illustration": content["is_illustration"], "is_intact": page.is_intact, "texts": content["texts"],
        "layers": [
            {"code": layer["code"], "name": layer["name"], "elements": _said(layer["elements"])} for layer in content["layers"]
        ],
    }  # fmt: skip


def _said(elements: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each | {"signed_words": each["signed"]["words"] if each["signed"] else ""} for each in elements]


def _publish(request: HttpRequest, progress_report_id: UUID, sent: ProgressPublishIn) -> dict[str, Any]:
    """It is published once, its evidence counted at this moment and frozen. Refused while anything is missing or a colour
    outside its bands is unsigned (GV-524)."""
    viewer = viewer_of(request)
    row = progress.report_for(viewer, progress_report_id)
    if sent.reference.strip().upper() != row.reference:
        raise NotVisible
    services.publish_report(report=row, by=viewer, at=viewer.at)
    return _report(request, progress_report_id)


def _compared(request: HttpRequest) -> dict[str, Any]:
    """By letter, under the partnership's own names."""
    found = progress.comparison(viewer_of(request))
    return {
        "partnerships": found.columns,
        "elements": [{"letter": letter, "name": name, "colours": colours} for letter, name, colours in found.rows],
    }  # fmt: skip


def _decisions(request: HttpRequest, board_id: UUID) -> list[Any]:
    """The twenty latest."""
    viewer = viewer_of(request)
    return list(decisions.decisions_of_board(viewer, boards.board_for(viewer, board_id).pk))


def _plan(request: HttpRequest) -> dict[str, Any]:
    """What was adopted, with how its actions and measures stand today; small numbers of people are held back."""
    found = plan_reading.adopted_for_api(viewer_of(request))
    names = ("title", "partnership", "period", "partners", "is_illustration")
    return {name: found.content[name] for name in names} | {
        "adopted_on": found.adopted_on, "decision": found.decision, "is_over": found.is_over,
        "starts_later": found.starts_later, "digest": found.digest,
        "priorities": [_priority(each, found) for each in found.content["priorities"]],
    }  # fmt: skip


def _priority(each: dict[str, Any], plan: plan_reading.PublicPlan) -> dict[str, Any]:
    aims = ("words", "measure", "baseline", "target")
    deeds = ("words", "owner", "partner", "due_on")
    return {
        "title": each["title"], "words": each["words"], "owner": each["owner"],
        "pence": sum(one["pence"] for one in each["money"]),
        "outcomes": [
            {name: one[name] for name in aims}
            | {"target_on": one["target_on"] or None, "now": plan.live.get(one["id"], {}).get("said", "")}
            for one in each["outcomes"]
        ],
        "actions": [
            {name: one[name] for name in deeds} | {"standing": plan.actions.get(one["id"], ("", ""))[0]}
            for one in each["actions"]
        ],
    }  # fmt: skip
