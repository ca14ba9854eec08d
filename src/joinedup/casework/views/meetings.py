"""Pages of the meetings of a case: planning, inviting, the calendar file, minutes, and what was undertaken."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from joinedup.casework import permissions as may
from joinedup.casework import queries, services
from joinedup.casework.calendar_file import CalendarEntry, calendar_file
from joinedup.casework.forms.cases import ReasonForm
from joinedup.casework.forms.meetings import (
    ActionForm,
    ApologiesForm,
    EndActionForm,
    InviteForm,
    MinutesForm,
    PlanForm,
    ToldForm,
    WhenForm,
)
from joinedup.casework.meeting import Purpose
from joinedup.casework.queries.pathways import weeks_to_review
from joinedup.casework.views.shared import GET_OR_POST, attempt, case_page, done, frame_to, posted, question, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.documents import attachment
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import date_with_weekday, london
from joinedup.core.forms import Form, FormGroup, Option
from joinedup.organisations.queries import post_with_id

MINUTES = declare_form(
    "casework.minutes",
    "Minutes of a meeting",
    lambda about: reverse("case_minutes", kwargs=dict(zip(("case_id", "meeting_id"), ids_in(about), strict=True))),
    shown=all_at_once(queries.cases_shown),
)
CANCELLING = declare_form(
    "casework.cancel_meeting",
    "Cancel a meeting",
    lambda about: reverse(
        "case_meeting_cancel", kwargs=dict(zip(("case_id", "meeting_id"), ids_in(about), strict=True))
    ),
    shown=all_at_once(queries.cases_shown),
)
PLAN = declare_form(
    "casework.plan_meeting",
    "Plan a meeting",
    lambda about: reverse("case_plan_meeting", kwargs={"case_id": about}),
    shown=all_at_once(queries.cases_shown),
)


@login_required
@require_safe
def meetings(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The meetings of a case, and what is still to be done of what was undertaken at them."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="meetings")
    return case_page(
        request, "casework/meetings.jinja", frame, tab="case_meetings",
        meetings=queries.meetings_of(viewer, frame),
        actions=queries.actions_due(viewer, frame),
        continuity=queries.continuity_of_case(viewer, frame),
        may=queries.may_do(viewer, frame.row),
    )  # fmt: skip


def _when(clean: dict[str, object]) -> services.WhenAndWhere:
    return services.WhenAndWhere(
        starts_at=timezone.make_aware(datetime.combine(clean["on"], clean["time"])),  # type: ignore[arg-type]
        minutes_long=int(str(clean["lasts"])),
        place=str(clean["place"]),
        link=str(clean["link"]),
        note=str(clean["note"]),
    )


@login_required
@require_http_methods(GET_OR_POST)
def plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Plan a meeting and ask people to it: everybody in the team around the child is ticked already."""
    viewer = viewer_of(request)
    frame = frame_to(request, case_id, may.PLAN_MEETING)
    team = queries.team_around(viewer, frame)
    there = {each.person_id: each.words for each in team.family}
    posts = [Option(str(each.post_id), f"{each.name}, {each.title}", each.organisation) for each in team.members]
    people = [Option(str(each.person_id), each.name, there.get(each.person_id, "")) for each in frame.people]
    is_first = not queries.meetings_of(viewer, frame)
    desk = Desk(request, PLAN, str(case_id))
    form = PlanForm(
        **desk.answers(), posts=posts, people=people, earliest=london(viewer.at).date(),
        initial={
            "purpose": Purpose.FIRST if is_first else Purpose.REVIEW,
            "posts": [str(each.post_id) for each in team.members],
            "people": [str(person_id) for person_id in there],
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        meeting = attempt(
            form,
            lambda: services.plan_meeting(
                case=frame.row,
                purpose=Purpose(clean["purpose"]),
                when=_when(clean),
                posts=[post_with_id(viewer, UUID(each)) for each in clean.get("posts", [])],
                people=[UUID(each) for each in clean.get("people", [])],
                by=viewer,
                at=viewer.at,
            ),
        )
        if meeting is not None:
            desk.done()
            return done(request, "case_meeting", "The meeting is planned.", case_id=case_id, meeting_id=meeting.pk)
    return question(
        request, frame, form, "Plan a meeting", submit_text="Plan the meeting and ask them", desk=desk,
        intro=f"The next review is due by {date_with_weekday(frame.review_due_on)}.",
        back_href=reverse("case_meetings", args=[case_id]), back_text="Back to the meetings",
    )  # fmt: skip


@login_required
@require_safe
def meeting(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """One meeting: when, where, who is asked and came, minutes, decisions and actions."""
    frame, seen = queries.meeting(viewer_of(request), case_id, meeting_id, purpose="meeting")
    return case_page(request, "casework/meeting.jinja", frame, tab="case_meetings", meeting=seen)


def _changing(
    request: HttpRequest, case_id: UUID, meeting_id: UUID, what: str
) -> tuple[queries.CaseFrame, queries.MeetingSeen]:
    frame, seen = queries.meeting(viewer_of(request), case_id, meeting_id, purpose="meeting")
    if what not in seen.may:
        raise NotPermitted("You may not do that with this meeting as it is now.", rule=f"permission:casework.{what}")
    return frame, seen


def _asked(
    request: HttpRequest, frame: queries.CaseFrame, seen: queries.MeetingSeen, form: Form, title: str, **more: object
) -> HttpResponse:
    back = reverse("case_meeting", args=[frame.id, seen.id])
    return question(request, frame, form, title, back_href=back, back_text="Back to the meeting", **more)


@login_required
@require_http_methods(GET_OR_POST)
def move(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Another time or place; everybody is told again."""
    viewer = viewer_of(request)
    frame, seen = _changing(request, case_id, meeting_id, "change")
    local = london(seen.starts_at)
    form = WhenForm(
        posted(request), earliest=london(viewer.at).date(),
        initial={
            "on": local.date(), "time": f"{local:%H:%M}", "lasts": str(seen.row.minutes_long), "place": seen.place,
            "link": seen.link, "note": seen.note,
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        when = _when(form.cleaned_data)
        call = lambda: services.move_meeting(  # noqa: E731
            meeting=seen.row, when=when, version=seen.version, by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            return done(
                request,
                "case_meeting",
                "The meeting is moved, and everybody who was told is told again.",
                case_id=case_id,
                meeting_id=meeting_id,
            )
    return _asked(request, frame, seen, form, "Move the meeting", submit_text="Move the meeting")


@login_required
@require_http_methods(GET_OR_POST)
def invite(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """More people of the team around the child and of the family are asked; who is asked already is not asked again."""
    viewer = viewer_of(request)
    frame, seen = _changing(request, case_id, meeting_id, "change")
    team = queries.team_around(viewer, frame)
    there = {who for seat in seen.seats for who in (seat.post_id, seat.person_id) if who}
    posts = [each for each in team.members if each.post_id not in there]
    people = [each for each in frame.people if each.person_id not in there]
    form = InviteForm(
        posted(request),
        posts=[Option(str(each.post_id), f"{each.name}, {each.title}", each.organisation) for each in posts],
        people=[(str(each.person_id), each.name) for each in people],
    )
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        asked = attempt(
            form,
            lambda: services.invite_to_meeting(
                meeting=seen.row, posts=[post_with_id(viewer, UUID(each)) for each in clean.get("posts", [])],
                people=[UUID(each) for each in clean.get("people", [])], by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if asked is not None:
            said = "They are asked to the meeting, and told where that is safe."
            return done(request, "case_meeting", said, case_id=case_id, meeting_id=meeting_id)
    everybody = "" if posts or people else "Everybody in the team around the child and of the family is asked already."
    return _asked(
        request, frame, seen, form, "Ask more people", submit_text="Ask them", intro=everybody,
        way_instead=None if posts or people else ("Add to the team around the child", reverse("case_add_member", args=[case_id])),
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def cancel(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """The meeting is not held."""
    viewer = viewer_of(request)
    frame, seen = _changing(request, case_id, meeting_id, "change")
    desk = Desk(request, CANCELLING, about_of(case_id, meeting_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.cancel_meeting(meeting=seen.row, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            return done(
                request,
                "case_meetings",
                "The meeting is cancelled, and everybody who was told is told.",
                case_id=case_id,
            )
    return _asked(
        request, frame, seen, form, "Cancel the meeting", submit_text="Cancel the meeting", is_warning=True, desk=desk
    )


@login_required
@require_http_methods(GET_OR_POST)
def told(request: HttpRequest, case_id: UUID, meeting_id: UUID, seat_id: UUID) -> HttpResponse:
    """A member of the family was told in the way that is safe."""
    viewer = viewer_of(request)
    frame, seen = _changing(request, case_id, meeting_id, "change")
    seat = next((each for each in seen.seats if each.id == seat_id and each.person_id), None)
    if seat is None:
        raise Http404
    form = ToldForm(posted(request))
    if request.method == "POST" and form.is_valid():
        place = queries.place_for_change(viewer, case_id, meeting_id, seat_id)
        how = form.cleaned_data["told_by"]
        call = lambda: services.tell_family(meeting=seen.row, place=place, told_by=how, by=viewer, at=viewer.at)  # noqa: E731
        if attempt(form, call) is not None:
            return done(request, "case_meeting", f"{seat.name} has been told.", case_id=case_id, meeting_id=meeting_id)
    intro = next(
        (said for name, said in queries.letter_readers(viewer, seen)[1] if name == seat.name),
        "A letter is safe for them.",
    )
    return _asked(request, frame, seen, form, f"Tell {seat.name}", submit_text="Save", intro=intro)


@login_required
@require_http_methods(GET_OR_POST)
def apologies(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """The viewer cannot come."""
    viewer = viewer_of(request)
    frame, seen = _changing(request, case_id, meeting_id, "apologise")
    form = ApologiesForm(posted(request))
    if request.method == "POST" and form.is_valid() and seen.own_place_id is not None:
        place = queries.place_for_change(viewer, case_id, meeting_id, seen.own_place_id)
        words = form.cleaned_data["words"]
        if attempt(form, lambda: services.send_apologies(place=place, words=words, by=viewer, at=viewer.at)):
            return done(request, "case_meeting", "Your apologies are sent.", case_id=case_id, meeting_id=meeting_id)
    return _asked(request, frame, seen, form, "Send your apologies", submit_text="Send apologies")


@login_required
@require_safe
def calendar(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """The meeting as a calendar file: when, and its reference."""
    viewer = viewer_of(request)
    _, seen = queries.meeting(viewer, case_id, meeting_id, purpose="calendar file")
    entry = CalendarEntry(
        uid=f"{seen.id}@joinedup",
        reference=seen.reference,
        starts_at=seen.starts_at,
        minutes_long=seen.row.minutes_long,
        written_at=viewer.at,
        sequence=seen.row.times_changed,
        is_cancelled=seen.state == "cancelled",
        url=request.build_absolute_uri(reverse("case_meeting", args=[case_id, meeting_id])),
    )
    return attachment(calendar_file(entry), "text/calendar; charset=utf-8", f"{seen.reference}.ics")


@login_required
@require_http_methods(GET_OR_POST)
def minutes(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Who came, what was said, decided and undertaken: one page, kept while it is typed."""
    viewer = viewer_of(request)
    frame, seen = _changing(request, case_id, meeting_id, "minute")
    desk = Desk(request, MINUTES, about_of(case_id, meeting_id))
    answers = desk.answers()
    group = _actions(desk, answers.get("data"), frame, seen, viewer)
    answers["is_being_changed"] = answers.get("is_being_changed", False) or group.is_changing
    form = _minutes_form(answers, frame, seen, viewer)
    if request.method == "POST" and not group.is_changing and form.is_valid() & group.is_valid():
        call = lambda: services.write_minutes(  # noqa: E731
            meeting=seen.row, minutes=_written(form, group), version=form.seen_version, by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            desk.done()
            return done(request, "case_meeting", "The minutes are saved.", case_id=case_id, meeting_id=meeting_id)
        frame, seen = queries.meeting(viewer, case_id, meeting_id, purpose="meeting")
        form.look_again(seen.version)
    return case_page(
        request, "casework/minutes.jinja", frame, tab="case_meetings", meeting=seen, form=form, group=group, desk=desk
    )


def _seats(frame: queries.CaseFrame, seen: queries.MeetingSeen, viewer: object) -> list[Option]:
    """Everybody asked, then whoever else is in the team or the family: people come whom nobody asked."""
    asked = {each.post_id or each.person_id for each in seen.seats}
    others = [
        Option(str(each.post_id), f"{each.name}, {each.title}", "Not asked")
        for each in queries.team_around(viewer, frame).members  # type: ignore[arg-type]
        if each.post_id not in asked
    ] + [Option(str(each.person_id), each.name, "Not asked") for each in frame.people if each.person_id not in asked]
    return [
        Option(str(each.post_id or each.person_id), f"{each.name}, {each.what}", each.presence_words if each.presence == "apologies" else "")
        for each in seen.seats
    ] + others  # fmt: skip


def _minutes_form(
    answers: dict[str, object], frame: queries.CaseFrame, seen: queries.MeetingSeen, viewer: object
) -> MinutesForm:
    weeks = weeks_to_review(frame.pathway.code, london(seen.starts_at).date())
    initial = {
        "version": seen.version,
        "text": seen.minutes,
        "present": [str(each.post_id or each.person_id) for each in seen.seats if each.presence == "present"],
        "is_different": {True: "yes", False: "no"}.get(seen.has_changed_the_work) if seen.has_changed_the_work is not None else None,
    }  # fmt: skip
    return MinutesForm(
        **answers, present=_seats(frame, seen, viewer), sets_clock=seen.purpose.sets_clock, weeks=weeks, initial=initial
    )


def _actions(
    desk: Desk, data: object, frame: queries.CaseFrame, seen: queries.MeetingSeen, viewer: object
) -> FormGroup:
    group = ActionForm.stack("actions", data, least=0, most=20, noun="action")  # type: ignore[arg-type]
    owners = [(option.value, option.text) for option in _seats(frame, seen, viewer)]
    for item in group:
        item.fields["owner"].set_options(owners)  # type: ignore[attr-defined]
    return group


def _written(form: MinutesForm, group: FormGroup) -> services.Minutes:
    clean = form.cleaned_data
    return services.Minutes(
        present=frozenset(UUID(each) for each in clean["present"]),
        text=clean["text"],
        decided=[line.strip() for line in clean["decisions"].splitlines() if line.strip()],
        actions=[services.Undertaking(each["words"], each["due_on"], UUID(each["owner"])) for each in group.cleaned],
        has_changed_the_work=bool(clean["is_different"]),
        next_review_on=clean.get("next_review_on"),
    )


@login_required
@require_POST
def agree(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> HttpResponse:
    """The minutes are agreed and change no more."""
    viewer = viewer_of(request)
    _, seen = _changing(request, case_id, meeting_id, "minute")
    services.agree_minutes(meeting=seen.row, version=seen.version, by=viewer, at=viewer.at)
    return done(request, "case_meeting", "The minutes are agreed.", case_id=case_id, meeting_id=meeting_id)


@login_required
@require_http_methods(GET_OR_POST)
def action(request: HttpRequest, case_id: UUID, action_id: UUID) -> HttpResponse:
    """What became of something undertaken."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="action of a meeting")
    target = queries.action_for_change(viewer, case_id, action_id)
    if target.state != "open":
        return redirect("case_meetings", case_id=case_id)
    form = EndActionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        call = lambda: services.end_action(  # noqa: E731
            action=target, is_done=clean["how"] == "done", words=clean["why_not"], by=viewer, at=viewer.at
        )
        if attempt(form, call) is not None:
            return done(request, "case", "Saved.", case_id=case_id)
    return question(request, frame, form, target.words, submit_text="Save")
