"""Pages of the team around the child: who leads and who is asked to, the deputy, professionals and the family."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.casework import permissions as may
from joinedup.casework import queries, services
from joinedup.casework.forms.cases import (
    AnswerForm,
    DeputyForm,
    FamilyForm,
    FindPostForm,
    HandoverForm,
    LeadForm,
    LeaveForm,
    MemberForm,
    ReasonForm,
)
from joinedup.casework.rules import HAND_OVER_INSTEAD
from joinedup.casework.views.shared import GET_OR_POST, attempt, case_page, done, frame_to, posted, question, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import count_noun
from joinedup.core.forms import Option
from joinedup.organisations.queries import post_with_id

_CASES = all_at_once(queries.cases_shown)
HANDOVER = declare_form(
    "casework.handover",
    "Hand a case over",
    lambda about: reverse("case_handover", kwargs={"case_id": about}),
    shown=_CASES,
)
TAKING = declare_form(
    "casework.take_duty",
    "Take the duty of whoever leads",
    lambda about: reverse("case_take_duty", kwargs={"case_id": about}),
    shown=_CASES,
)
LEAVING = declare_form(
    "casework.leave",
    "Somebody leaves a team around the child",
    lambda about: reverse("case_remove_member", kwargs=dict(zip(("case_id", "member_id"), ids_in(about), strict=True))),
    shown=_CASES,
)
FAMILY_LEAVING = declare_form(
    "casework.family_leaves",
    "Somebody of the family leaves a team around the child",
    lambda about: reverse(
        "case_remove_family", kwargs=dict(zip(("case_id", "family_place_id"), ids_in(about), strict=True))
    ),
    shown=_CASES,
)
OFFER = declare_form(
    "casework.offer",
    "Answer an offer to lead",
    lambda about: reverse("lead_offer", kwargs={"offer_id": about}),
    shown=all_at_once(queries.offers_shown),
)


@login_required
@require_safe
def team(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who is in the team around the child, who was, and who has held the duty."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="team around the child")
    return case_page(
        request, "casework/team.jinja", frame, tab="case_team",
        team=queries.team_around(viewer, frame),
        continuity=queries.continuity_of_case(viewer, frame),
        may=queries.may_do(viewer, frame.row),
    )  # fmt: skip


def _leaders(request: HttpRequest, frame: queries.CaseFrame) -> list[Option]:
    """Who may lead, each with their load."""
    return [
        Option(
            str(each.post_id),
            f"{each.name}, {each.title}" + ("" if each.is_own_team else f", {each.organisation}"),
            f"Leads {count_noun(each.leads, 'open case')}"
            + (": as many as one person should, or more" if each.is_over_cap else ""),
        )
        for each in queries.choices_to_lead(viewer_of(request), frame)
    ]


@login_required
@require_http_methods(GET_OR_POST)
def lead(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The team manager names the lead professional of a case that nobody leads; one that is led is handed over."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.NAME_LEAD_PROFESSIONAL)
    if frame.lead_professional:
        if request.method == "POST":  # somebody was named since this page was opened
            raise NotPermitted(HAND_OVER_INSTEAD.sentence, rule=HAND_OVER_INSTEAD.code)
        return redirect("case_handover", case_id=case_id)
    form = LeadForm(posted(request), posts=_leaders(request, frame))
    if request.method == "POST" and form.is_valid():
        post = post_with_id(viewer, UUID(form.cleaned_data["post"]))
        call = lambda: services.name_lead_professional(case=frame.row, post=post, reason="", by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            return done(request, "case", f"The {frame.pathway.words.lead_inside} is named.", case_id=case_id)
    return question(
        request, frame, form, f"Name the {frame.pathway.words.lead_inside}", submit_text="Save",
        intro="Key workers of the team, and whoever in the team around the child is trained to lead. "
        "To choose somebody else, add them to the team around the child first.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def handover(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Offer the duty to somebody: it stays where it is until they accept."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.PROPOSE_HANDOVER)
    desk = Desk(request, HANDOVER, str(case_id))
    form = HandoverForm(**desk.answers(), posts=_leaders(request, frame))
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        post = post_with_id(viewer, UUID(clean["post"]))
        call = lambda: services.propose_handover(  # noqa: E731
            case=frame.row, post=post, reason=clean["reason"], by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            desk.done()
            return done(
                request,
                "case_team",
                f"{post.account.name} has been asked. The duty stays where it is until they accept.",
                case_id=case_id,
            )
    return question(
        request, frame, form, "Hand the case over", submit_text="Ask them", desk=desk,
        intro=f"{frame.duty.name} holds the duty until they accept.",
    )  # fmt: skip


@login_required
@require_POST
def withdraw(request: HttpRequest, case_id: UUID, offer_id: UUID) -> HttpResponse:
    """Take an offer back."""
    viewer = viewer_of(request)
    offered = queries.handover_for_change(viewer, case_id, offer_id)
    services.withdraw_handover(handover=offered, by=viewer, at=viewer.at)
    return done(request, "case_team", "The offer is withdrawn.", case_id=case_id)


@login_required
@require_http_methods(GET_OR_POST)
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Somebody is asked to lead: accept or decline."""
    viewer = viewer_of(request)
    seen = queries.offer(viewer, offer_id)
    desk = Desk(request, OFFER, str(offer_id))
    form = AnswerForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        if clean["answer"] == "accept":
            case = attempt(form, lambda: services.accept_handover(handover=seen.row, by=viewer, at=viewer.at))
            if case is not None:
                desk.done()
                return done(request, "case", f"You are the {seen.lead_inside}.", case_id=case.pk)
        else:
            call = lambda: services.decline_handover(  # noqa: E731
                handover=seen.row, answer=clean["why_not"], by=viewer, at=viewer.at
            )
            if attempt(form, call) is not None:
                desk.done()
                return done(request, "cases", "You have declined. The duty stays where it was.")
    return render(request, "casework/offer.jinja", {"offer": seen, "form": form, "desk": desk})


@login_required
@require_http_methods(GET_OR_POST)
def take_duty(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The team manager takes the duty at once."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.TAKE_DUTY)
    desk = Desk(request, TAKING, str(case_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.take_duty(case=frame.row, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            return done(
                request, "case", f"The duty is yours. Name the next {frame.pathway.words.lead_inside}.", case_id=case_id
            )
    return question(
        request, frame, form, "Take the duty yourself", submit_text="Take the duty", desk=desk, is_warning=True,
        intro=f"From this moment {frame.lead_professional or 'nobody'} no longer leads and no longer sees the record.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def deputy(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Who is rung when the lead professional cannot be reached."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.NAME_DEPUTY)
    members = queries.team_around(viewer, frame).members
    posts = [
        Option(str(each.post_id), f"{each.name}, {each.title}", each.organisation)
        for each in members
        if each.part != "lead"
    ]
    form = DeputyForm(posted(request), posts=[*posts, Option("nobody", "Nobody")])
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["post"]
        post = None if chosen == "nobody" else post_with_id(viewer, UUID(chosen))
        if attempt(form, lambda: services.name_deputy(case=frame.row, post=post, by=viewer, at=viewer.at)):
            return done(
                request, "case_team", "The deputy is named." if post else "There is no deputy now.", case_id=case_id
            )
    return question(
        request, frame, form, "Name a deputy", submit_text="Save",
        intro="Somebody in the team around the child, who is rung when the "
        f"{frame.pathway.words.lead_inside} cannot be reached.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def add_member(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Look for whoever joins, of any partner, by name, post, team or organisation: while one types, or by the button."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.ADD_MEMBER)
    form = FindPostForm(posted(request))
    is_asked = request.method == "POST" and form.is_valid()
    found = queries.posts_to_join(viewer, form.cleaned_data["text"], frame) if is_asked else None
    is_typing = request.method == "POST" and request.headers.get("X-Requested-With") == "XMLHttpRequest"
    template = "casework/posts_found.jinja" if is_typing else "casework/post_find.jinja"
    return render(request, template, {"frame": frame, "form": form, "found": found})


@login_required
@require_http_methods(GET_OR_POST)
def add_post(request: HttpRequest, case_id: UUID, post_id: UUID) -> HttpResponse:
    """Whoever was found joins the team around the child."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.ADD_MEMBER)
    post = post_with_id(viewer, post_id)
    form = MemberForm(posted(request))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        call = lambda: services.add_member(case=frame.row, post=post, words=words, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            return done(
                request, "case", "They are in the team around the child, and can see the record now.", case_id=case_id
            )
    return question(
        request, frame, form, f"Add {post.account.name} to the team around the child", submit_text="Add",
        intro=f"{post.title}, {post.host.name}. From this moment they can see the family’s record.",
        back_href=reverse("case_add_member", args=[case_id]), back_text="Look for somebody else",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def remove_member(request: HttpRequest, case_id: UUID, member_id: UUID) -> HttpResponse:
    """Somebody leaves the team around the child, and sees the record no more."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.ADD_MEMBER)
    members = queries.team_around(viewer, frame).members
    seen = next((member for member in members if member.id == member_id), None)
    if seen is None:
        raise Http404
    desk = Desk(request, LEAVING, about_of(case_id, member_id))
    form = LeaveForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        target = queries.member_for_change(viewer, case_id, member_id)
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.remove_member(member=target, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            return done(request, "case", f"{seen.name} is no longer in the team around the child.", case_id=case_id)
    return question(
        request, frame, form, f"{seen.name} leaves the team around the child", submit_text="Save", desk=desk
    )


@login_required
@require_http_methods(GET_OR_POST)
def add_family(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody of the family takes part in the team around the child."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.ADD_FAMILY)
    people = queries.team_around(viewer, frame).family_not_in
    form = FamilyForm(posted(request), people=[(str(each.person_id), each.name) for each in people])
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        call = lambda: services.add_family(  # noqa: E731
            case=frame.row, person_id=UUID(clean["person"]), words=clean["words"], by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            return done(request, "case_team", "They take part in the team around the child.", case_id=case_id)
    return question(
        request, frame, form, "Bring in somebody of the family", submit_text="Save",
        intro="They are asked to meetings in the way that is safe for them. It opens no record to them.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def remove_family(request: HttpRequest, case_id: UUID, family_place_id: UUID) -> HttpResponse:
    """Somebody of the family no longer takes part."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.ADD_FAMILY)
    family = queries.team_around(viewer, frame).family
    seen = next((place for place in family if place.id == family_place_id), None)
    if seen is None:
        raise Http404
    desk = Desk(request, FAMILY_LEAVING, about_of(case_id, family_place_id))
    form = LeaveForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        target = queries.family_place_for_change(viewer, case_id, family_place_id)
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.remove_family(place=target, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            return done(request, "case_team", f"{seen.name} no longer takes part.", case_id=case_id)
    return question(
        request, frame, form, f"{seen.name} leaves the team around the child", submit_text="Save", desk=desk
    )
