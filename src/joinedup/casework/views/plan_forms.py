"""One form of a plan on a page of its own: kept while it is typed, and where somebody saved meanwhile both texts shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from joinedup.casework import queries
from joinedup.casework.views.shared import question, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.drafts import DraftForm, about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.core.forms import Form, resolve_conflict

TAKEN_OUT = {"need": "the need", "outcome": "the outcome", "action": "the action", "statutory": "the statutory plan"}
_NOT_SENT_ON = ("csrfmiddlewaretoken", "version", "_draft", "choice-", "theirs-", "save_draft")


@dataclass(frozen=True)
class Ask:
    """What a page asks and what it does with the answer. `texts` are the fields whose two versions are shown side by side
    when somebody saved meanwhile, `others` what else is compared then, each with its label; `shown` says a value in words."""

    title: str
    kept: DraftForm
    about: str
    make: Callable[[dict[str, Any]], Form]
    send: Callable[[Any], object]
    said: str
    back: str = "case_plan"
    submit: str = "Save"
    intro: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    shown: Callable[[str, Any], str] = lambda name, value: "" if value is None else str(value)
    version_now: Callable[[], int] = lambda: 0
    is_warning: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)


def answer(request: HttpRequest, frame: queries.CaseFrame, ask: Ask) -> HttpResponse:
    """Show the form, or take what was sent."""
    desk = Desk(request, ask.kept, ask.about)
    answers = desk.answers()
    if desk.is_sent:
        answers["data"] = resolve_conflict(request.POST)
    form = ask.make(answers)
    if request.method == "POST" and form.is_valid():
        try:
            ask.send(form)
        except Stale as stale:
            return _both(request, frame, ask, stale)
        except (NotVisible, NotPermitted):
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, ask.said)
            is_theirs = queries.cases_shown(viewer_of(request), {frame.id})  # danger now: another team has it from here
            return redirect(ask.back, case_id=frame.id) if is_theirs else redirect("case_duties")
    here = reverse(ask.back, kwargs={"case_id": frame.id})
    words = {"back_href": here, "back_text": "Back", "intro": ask.intro, "is_warning": ask.is_warning, "desk": desk}
    return question(request, frame, form, ask.title, submit_text=ask.submit, **words, **ask.more)


def _both(request: HttpRequest, frame: queries.CaseFrame, ask: Ask, stale: Stale) -> HttpResponse:
    """Both texts, and what else differs; nothing of either is lost."""
    theirs, yours = stale.extra["theirs"], stale.extra["yours"]
    hidden = [
        (name, value) for name in request.POST for value in request.POST.getlist(name)
        if not name.startswith(_NOT_SENT_ON) and name not in ask.texts
    ]  # fmt: skip
    fields = [
        {"name": name, "label": label, "yours": str(yours.get(name) or ""), "theirs": str(theirs.get(name) or "")}
        for name, label in ask.texts.items()
    ]
    differing = [
        (label, ask.shown(name, theirs.get(name)), ask.shown(name, yours.get(name)))
        for name, label in ask.others.items() if str(theirs.get(name)) != str(yours.get(name))
    ]  # fmt: skip
    context = {
        "frame": frame, "fields": fields, "hidden": hidden, "version": ask.version_now(),
        "saved_by": stale.sentence.partition(" changed this")[0], "differing": differing,
        "cancel_href": reverse(ask.back, kwargs={"case_id": frame.id}), "page_has_errors": True,
    }  # fmt: skip
    return render(request, "casework/plan_conflict.jinja", context, status=409)


def href(name: str, *keys: str) -> Callable[[str], str]:
    """Where a kept form is opened again: its address with the ids it is about."""

    def found(about: str) -> str:
        ids: list[UUID] = ids_in(about)
        return reverse(name, kwargs=dict(zip(keys, ids, strict=True)))

    return found


_CASES = all_at_once(queries.cases_shown)


def kept_form(name: str, title: str, page: str, *keys: str) -> DraftForm:
    """Declare a form of the plan that is kept: about the case, and what is in it."""
    return declare_form(f"casework.plan_{name}", title, href(page, "case_id", *keys), shown=_CASES)


def _writable(request: HttpRequest, case_id: UUID) -> tuple[queries.CaseFrame, queries.PlanSeen]:
    """The plan for a page that changes it; refused where this viewer may not, now."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="family plan")
    found = queries.plan_of(viewer, frame)
    if found is None:
        raise NotVisible
    if "write" not in found.may:
        raise NotPermitted("You may not write in this plan as it is now.", rule="permission:casework.write_plan")
    return frame, found


def one_of(several: Any, wanted: UUID) -> Any:
    """One of the things in a plan; another plan's does not exist here."""
    found = next((each for each in several if each.id == wanted), None)
    if found is None:
        raise NotVisible
    return found


class PlanPage:
    """What every form of a plan needs: the viewer, the head, the plan as it is, and the plan itself to change."""

    def __init__(self, request: HttpRequest, case_id: UUID) -> None:
        self.request, self.case_id, self.viewer = request, case_id, viewer_of(request)
        self.frame, self.plan = _writable(request, case_id)
        self.today = timezone.localdate(self.viewer.at)

    def change(self, service: Callable[..., object], **facts: Any) -> object:
        """Call a service about this plan."""
        row = queries.plan_for_change(self.viewer, self.case_id)
        return service(plan=row, **facts, by=self.viewer, at=self.viewer.at)

    def again(self) -> queries.PlanSeen:
        """The plan as it is by now."""
        found = queries.plan_of(self.viewer, self.frame)
        return found if found is not None else self.plan

    def about(self, *ids: UUID) -> str:
        """What a kept form is about."""
        return about_of(self.case_id, *ids)

    def take_out(self, kind: str, item_id: UUID) -> dict[str, Any]:
        """For a page that changes something in the plan: the way to take it out instead."""
        where = {"case_id": self.case_id, "kind": kind, "item_id": item_id}
        return {"take_out": {"href": reverse("case_plan_remove", kwargs=where), "what": TAKEN_OUT[kind]}}

    def ask(self, ask: Ask) -> HttpResponse:
        """The page of one form."""
        return answer(self.request, self.frame, ask)
