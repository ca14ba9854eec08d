"""Pages of cases: the list, the case, its lead professional, the team around the child, and closing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.forms.cases import LeadForm, LeaveForm, MemberForm
from joinedup.casework.lifecycle import LABELS
from joinedup.casework.views.shared import GET_OR_POST, attempt, posted, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted
from joinedup.core.formats import count_noun
from joinedup.core.forms import Form, Option
from joinedup.organisations.queries import post_with_id, posts_with_role

# Forms that are kept while somebody types.
_CASES = all_at_once(queries.cases_shown)
LEAD = declare_form(
    "casework.lead", "Lead professional", lambda about: reverse("case_lead", kwargs={"case_id": about}), shown=_CASES
)
LEAVING = declare_form(
    "casework.leave",
    "Somebody leaves a team around the child",
    lambda about: reverse("case_remove_member", kwargs=dict(zip(("case_id", "member_id"), ids_in(about), strict=True))),
    shown=_CASES,
)
# Whose posts can join a team around the child: everybody who works with children, in any partner.
_MAY_JOIN = (Role.KEY_WORKER, Role.REFERRER, Role.TEAM_MANAGER)


def _done(request: HttpRequest, case_id: UUID, sentence: str) -> HttpResponseRedirect:
    messages.success(request, sentence)
    return redirect("case", case_id=case_id)


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The viewer's cases, newest first, by state."""
    state = request.GET.get("state", "")
    state = state if state in {str(known) for known in LABELS} else ""
    page = queries.cases(viewer_of(request), request.GET.get("after"), state=state)
    here = reverse("cases")
    tabs = [{"text": "All", "href": here, "active": not state}] + [
        {"text": label, "href": f"{here}?state={code}", "active": state == code, "count": page.counts.get(code, 0)}
        for code, label in LABELS.items()
    ]
    more = f"{here}?state={state}&after={page.next_cursor}" if page.next_cursor else ""
    return render(request, "casework/cases.jinja", {"page": page, "tabs": tabs, "next_href": more, "state": state})


@login_required
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: the family, the team around the child, and what has happened."""
    record = queries.case(viewer_of(request), case_id, purpose="casework")
    return render(request, "casework/case.jinja", {"record": record})


def _record(request: HttpRequest, case_id: UUID, service: str) -> queries.CaseRecord:
    """The case, for a page that changes it; refused where this viewer may not, now."""
    record = queries.case(viewer_of(request), case_id, purpose="casework")
    if service not in record.may:
        raise NotPermitted("You may not do that with this case as it is now.", rule=f"permission:casework.{service}")
    return record


def _question(request: HttpRequest, record: queries.CaseRecord, form: Form, title: str, **more: Any) -> HttpResponse:
    return render(request, "casework/question.jinja", {"record": record, "form": form, "title": title, **more})


@login_required
@require_http_methods(GET_OR_POST)
def lead(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The team manager names the lead professional."""
    viewer = viewer_of(request)
    record = _record(request, case_id, "name_lead_professional")
    posts = [
        Option(str(post.post_id), f"{post.name}, {post.title}", f"Leads {count_noun(post.leads, 'open case')}")
        for post in record.key_workers
    ]
    desk = Desk(request, LEAD, str(case_id))
    form = LeadForm(**desk.answers(), posts=posts, is_change=bool(record.lead_professional))
    if request.method == "POST" and form.is_valid():
        target = queries.case_for_change(viewer, case_id)
        clean = form.cleaned_data
        named = attempt(
            form,
            lambda: services.name_lead_professional(
                case=target,
                post=post_with_id(viewer, UUID(clean["post"])),
                reason=clean.get("reason") or "",
                by=viewer,
                at=viewer.at,
            ),
        )
        if named is not None:
            desk.done()
            return _done(request, case_id, "The lead professional is named.")
    title = "Change the lead professional" if record.lead_professional else "Name the lead professional"
    return _question(request, record, form, title, submit_text="Save", desk=desk)


@login_required
@require_http_methods(GET_OR_POST)
def add_member(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody of any partner joins the team around the child."""
    viewer = viewer_of(request)
    record = _record(request, case_id, "add_member")
    there = {member.post_id for member in record.members}
    posts = [
        (str(post.pk), f"{post.account.name}, {post.title}, {post.host.name}")
        for role in _MAY_JOIN
        for post in posts_with_role(viewer, role)
        if post.pk not in there
    ]
    form = MemberForm(posted(request), posts=sorted(posts, key=lambda choice: choice[1]))
    if request.method == "POST" and form.is_valid():
        target = queries.case_for_change(viewer, case_id)
        post = post_with_id(viewer, UUID(form.cleaned_data["post"]))
        if attempt(form, lambda: services.add_member(case=target, post=post, by=viewer, at=viewer.at)):
            return _done(request, case_id, "They are in the team around the child, and can see the record now.")
    return _question(request, record, form, "Add to the team around the child", submit_text="Add")


@login_required
@require_http_methods(GET_OR_POST)
def remove_member(request: HttpRequest, case_id: UUID, member_id: UUID) -> HttpResponse:
    """Somebody leaves the team around the child, and sees the record no more."""
    viewer = viewer_of(request)
    record = _record(request, case_id, "remove_member")
    seen = next((member for member in record.members if member.id == member_id), None)
    if seen is None:
        raise Http404
    desk = Desk(request, LEAVING, about_of(case_id, member_id))
    form = LeaveForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        target = queries.member_for_change(viewer, case_id, member_id)
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.remove_member(member=target, reason=reason, by=viewer, at=viewer.at)):
            desk.done()
            return _done(request, case_id, f"{seen.name} is no longer in the team around the child.")
    title = f"{seen.name} leaves the team around the child"
    return _question(request, record, form, title, submit_text="Save", desk=desk)
