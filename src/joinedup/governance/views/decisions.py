"""Pages of decisions: taken, approved by partners, called in, carried out; and what scrutiny recommends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.errors import NotVisible
from joinedup.core.forms import Option
from joinedup.governance import services
from joinedup.governance.effects import Body, Matter, effect_of
from joinedup.governance.forms.decisions import ApprovalForm, CallInAnswerForm, CallInForm, DecisionForm
from joinedup.governance.forms.meetings import RecommendForm, ReplyForm
from joinedup.governance.kept import CALL_IN, CALL_IN_ANSWER, DECISION, RECOMMENDATION, REPLY
from joinedup.governance.permissions import (
    APPROVE_FOR_PARTNER,
    CALL_IN_DECISION,
    CARRY_OUT_DECISION,
    REPLY_TO_SCRUTINY,
    RUN_MEETINGS,
)
from joinedup.governance.queries import decisions as queries
from joinedup.governance.queries import meetings
from joinedup.governance.queries.risks import implications_of
from joinedup.governance.queries.sitting import table_for
from joinedup.governance.services import DecisionSaid
from joinedup.governance.views.shared import GET_OR_POST, asked, chosen, options, posted, pressed, show, viewer_of
from joinedup.organisations.queries import open_organisations, organisation_with_id


def _page(decision_id: object) -> str:
    return reverse("board_decision", args=[decision_id])


@login_required
@require_safe
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """One decision: what, why, on which evidence, and what became of it."""
    viewer = viewer_of(request)
    page = queries.decision_page(viewer, decision_id)
    meaning = implications_of(viewer, [page.item.pk]).get(page.item.pk)
    return show(request, "governance/decision.jinja", page=page, meaning=meaning)


@login_required
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """Record what the board decides on an item."""
    viewer = viewer_of(request)
    row = meetings.item_for(viewer, agenda_item_id)
    check(viewer, RUN_MEETINGS, row)
    matter = _matter(viewer, row)
    members, table = table_for(viewer, row.meeting, row.pk)
    voters = [each for each, place in zip(members, table, strict=True) if place.counts]
    bodies = {each.organisation_id: each.organisation for each in members if each.organisation_id}
    bodies |= {each.id: each.name for each in matter.bodies} if matter else {}
    bodies[row.meeting.board.host_id] = row.meeting.board.host.name
    desk = Desk(request, DECISION, str(agenda_item_id))
    first = {"what": row.title, "maker": str(row.meeting.board.host_id)}
    form = DecisionForm(
        **desk.answers(), initial=first, makers=[Option(str(key), name) for key, name in sorted(bodies.items(), key=lambda each: each[1])],
        questions=matter.questions if matter else (), members=voters, asks_bodies=matter is None,
    )  # fmt: skip
    made: list[UUID] = []

    def save() -> None:
        clean = form.cleaned_data
        used = tuple(Body(UUID(each), bodies[UUID(each)]) for each in clean.get("bodies", ()))
        said = DecisionSaid(
            clean["what"], clean["why"], clean["options"], organisation_with_id(viewer, UUID(clean["maker"])), form.votes(),
            form.chosen(), used,
        )  # fmt: skip
        made.append(services.record_decision(item=row, said=said, by=viewer, at=viewer.at).pk)

    return asked(
        request, form, save, desk=desk, done="The decision is recorded.", then=lambda: _page(made[0]),
        template="governance/decide.jinja", title="Record a decision", caption=row.title, submit_text="Record the decision",
        matter=matter, cancel_href=reverse("board_meeting", args=[row.meeting_id]),
    )  # fmt: skip


def _matter(viewer: Any, row: Any) -> Matter | None:
    effect = effect_of(row.matter_kind)
    if effect is None or row.matter_id is None:
        return None
    try:
        return effect.look(viewer, row.matter_id)
    except NotVisible:
        return None  # settled since: recording it is refused with the reason


@login_required
@require_http_methods(GET_OR_POST)
def approve(request: HttpRequest, decision_id: UUID, approving_body_id: UUID) -> HttpResponse:
    """A partner’s own answer."""
    viewer = viewer_of(request)
    row = queries.decision_for(viewer, decision_id)
    organisation = organisation_with_id(viewer, approving_body_id)
    check(viewer, APPROVE_FOR_PARTNER, organisation)
    form = ApprovalForm(posted(request), initial={"approved_on": timezone.localdate(viewer.at)})

    def save() -> None:
        services.record_approval(organisation=organisation, decision=row, **form.cleaned_data, by=viewer, at=viewer.at)

    return _of_decision(
        request,
        form,
        save,
        row,
        f"The answer of {organisation.name} is recorded.",
        f"The answer of {organisation.name}",
        None,
    )


@login_required
@require_http_methods(GET_OR_POST)
def call_in(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Scrutiny calls a decision in."""
    viewer = viewer_of(request)
    row = queries.decision_for(viewer, decision_id)
    check(viewer, CALL_IN_DECISION, row)
    desk = Desk(request, CALL_IN, str(decision_id))
    form = CallInForm(**desk.answers())

    def save() -> None:
        services.call_in_decision(decision=row, reason=form.cleaned_data["reason"], by=viewer, at=viewer.at)

    done = "The decision is called in. It has no effect until that is answered."
    return _of_decision(request, form, save, row, done, "Call the decision in", desk)


@login_required
@require_http_methods(GET_OR_POST)
def answer(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Whoever decided answers a call-in."""
    viewer = viewer_of(request)
    row = queries.decision_for(viewer, decision_id)
    check(viewer, RUN_MEETINGS, row)
    desk = Desk(request, CALL_IN_ANSWER, str(decision_id))
    form = CallInAnswerForm(**desk.answers())

    def save() -> None:
        services.answer_call_in(decision=row, **form.cleaned_data, by=viewer, at=viewer.at)

    return _of_decision(request, form, save, row, "The call-in is answered.", "Answer the call-in", desk)


@login_required
@require_POST
def carry_out(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Have a decision take effect that is ready to."""
    viewer = viewer_of(request)
    row = queries.decision_for(viewer, decision_id)
    check(viewer, CARRY_OUT_DECISION, row)
    return pressed(
        request, lambda: services.carry_out_decision(decision=row, by=viewer, at=viewer.at), "It was tried. See below what became of it.",
        _page(row.pk),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def recommend(request: HttpRequest, agenda_item_id: UUID) -> HttpResponse:
    """Scrutiny recommends something to a body."""
    viewer = viewer_of(request)
    row = meetings.item_for(viewer, agenda_item_id)
    check(viewer, RUN_MEETINGS, row)
    bodies = list(open_organisations(viewer).exclude(kind="school"))
    desk = Desk(request, RECOMMENDATION, str(agenda_item_id))
    form = RecommendForm(**desk.answers(), offers={"organisation": options((each.pk, each.name) for each in bodies)})

    def save() -> None:
        clean = form.cleaned_data
        services.recommend(
            item=row, organisation=chosen(bodies, clean["organisation"]), words=clean["words"],
            reply_due_on=clean["reply_due_on"], by=viewer, at=viewer.at,
        )  # fmt: skip

    then = reverse("board_meeting", args=[row.meeting_id])
    return asked(
        request, form, save, desk=desk, done="The recommendation is recorded. A reply is due.", then=then,
        title="Recommend something", caption=row.title, submit_text="Record", cancel_href=then,
        is_illustration=bool(meetings.stamp_of(viewer, row)),
    )  # fmt: skip


@login_required
@require_safe
def recommendations(request: HttpRequest) -> HttpResponse:
    """What scrutiny recommended, and who owes a reply."""
    rows = queries.recommendations(viewer_of(request))
    return show(request, "governance/recommendations.jinja", here="recommendations", rows=rows)


@login_required
@require_http_methods(GET_OR_POST)
def reply(request: HttpRequest, recommendation_id: UUID) -> HttpResponse:
    """A body replies."""
    viewer = viewer_of(request)
    row = queries.recommendation_for(viewer, recommendation_id)
    check(viewer, REPLY_TO_SCRUTINY, row.organisation)
    desk = Desk(request, REPLY, str(recommendation_id))
    form = ReplyForm(**desk.answers())

    def save() -> None:
        services.reply_to_scrutiny(
            organisation=row.organisation, recommendation=row, **form.cleaned_data, by=viewer, at=viewer.at
        )

    return asked(
        request, form, save, desk=desk, done="The reply is given.", then=reverse("recommendations"), title="Reply to scrutiny",
        caption=row.organisation.name, submit_text="Reply", inset=row.words, cancel_href=reverse("recommendations"),
    )  # fmt: skip


def _of_decision(
    request: HttpRequest, form: Any, save: Any, row: Any, done: str, title: str, desk: Desk | None
) -> HttpResponse:
    return asked(
        request, form, save, done=done, then=_page(row.pk), desk=desk, title=title, caption=f"{row.reference}: {row.item.title}",
        submit_text="Save", cancel_href=_page(row.pk), is_illustration=bool(meetings.stamp_of(viewer_of(request), row.item)),
    )  # fmt: skip
