"""Asking partners, one question at a time: whom, on what basis, how professionals judge, what came late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from joinedup.access.permissions import check
from joinedup.core.desk import Desk
from joinedup.core.drafts import about_of
from joinedup.core.formats import count_noun
from joinedup.core.forms import Form, Option
from joinedup.front_door import services
from joinedup.front_door.codes import Answer
from joinedup.front_door.comparing import Footing
from joinedup.front_door.forms.notes import (
    AskPartnersForm,
    BasisForm,
    JudgementForm,
    LateAnswerForm,
    NotAgreedForm,
    WithdrawForm,
)
from joinedup.front_door.kept import ASK_PARTNERS as ASKING
from joinedup.front_door.kept import BASIS, JUDGEMENT, LATE_ANSWER, NOT_AGREED, WITHDRAW
from joinedup.front_door.permissions import (
    AGREE_TO_ASK,
    ASK_PARTNERS,
    RECORD_JUDGEMENT,
    RECORD_LATE_ANSWER,
    WITHDRAW_QUESTION,
)
from joinedup.front_door.queries import leads_of_referral, referral_for_change
from joinedup.front_door.queries.whom_to_ask import (
    Head,
    WhomToAsk,
    asking_for_change,
    basis_question,
    judgement_question,
    request_question,
    whom_to_ask,
)
from joinedup.front_door.views.shared import attempt, viewer_of
from joinedup.organisations.queries import organisation_with_id

_GET_OR_POST = ["GET", "HEAD", "POST"]
_QUESTION = (
    "We want to know whether you work or worked with them, since when, whom to ring, and whether anything you know "
    "bears on the help they need."
)
_WHY_HINTS = {
    Footing.SERIOUS: "At level 4 or red nobody waits. This is recorded and partners read it.",
    Footing.BASIS: "At levels 1 to 3 a manager decides first, and names the basis. At level 4 nobody waits.",
    Footing.AGREED: "",
}


def _page(request: HttpRequest, head: Head, form: Form, title: str, template: str, **more: Any) -> HttpResponse:
    leads = leads_of_referral(viewer_of(request), head.referral_id)
    context = {"head": head, "form": form, "title": title, "tab": "partners", "leads": leads, **more}
    return render(request, f"front_door/{template}.jinja", context)


def _done(request: HttpRequest, referral_id: UUID, sentence: str) -> HttpResponseRedirect:
    messages.success(request, sentence)
    return redirect("referral_partners", referral_id=referral_id)


# --- Asking.


@login_required
@require_http_methods(_GET_OR_POST)
def ask(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Which partners are asked, about whom, what for."""
    viewer = viewer_of(request)
    asked = whom_to_ask(viewer, referral_id, level=_level(request.POST))
    check(viewer, ASK_PARTNERS)
    desk = Desk(request, ASKING, str(referral_id))
    form = _ask_form(asked, **desk.answers())
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        done = attempt(
            form,
            lambda: services.ask_partners(
                referral=referral_for_change(viewer, referral_id),
                organisations=[UUID(each) for each in clean["organisations"]],
                people=[UUID(each) for each in clean["people"]],
                purpose=clean["purpose"], level=int(clean["level"]), question=clean["question"],
                why=clean.get("why") or "", news=clean.get("news") or "", by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if done is not None:
            desk.done()
            return _done(request, referral_id, _what_was_done(done))
    return _page(request, asked.head, form, "Ask partners what they know", "partners_ask", asked=asked, desk=desk)


def _level(sent: QueryDict) -> int | None:
    text = sent.get("level", "")
    return int(text) if text in {"1", "2", "3", "4"} else None


def _ask_form(asked: WhomToAsk, data: QueryDict | None, *, is_being_changed: bool = False) -> AskPartnersForm:
    agrees = asked.family_agrees == Answer.YES
    choices = [each for each in asked.choices if each.can_be_asked]
    return AskPartnersForm(
        data,
        is_being_changed=is_being_changed,
        organisations=[
            Option(str(each.organisation_id), each.name, "; ".join(f"{who}: {what}" for who, what in each.about))
            for each in choices
        ],
        people=[Option(str(each.person_id), each.name) for each in asked.people],
        purposes=asked.purposes,
        family_agrees=agrees,
        has_answers=asked.has_answers,
        why_hint=_WHY_HINTS[asked.footing],
        initial={
            "level": str(asked.level or ""),
            "people": [str(each.person_id) for each in asked.people if each.part == "child"],
            "purpose": "protect" if asked.footing == Footing.SERIOUS else "decide_help",
            "question": _QUESTION,
        },
    )


def _what_was_done(done: services.Asked) -> str:
    if done.waits:
        return "Nobody has been asked yet: a front door manager decides first. The time to decide the referral runs on."
    sent = f"{count_noun(done.sent, 'question')} sent."
    return f"{sent} Not sent: {' '.join(done.not_sent)}" if done.not_sent else sent


@login_required
@require_http_methods(_GET_OR_POST)
def agree(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """A manager decides whether partners are asked without the family's agreement."""
    viewer = viewer_of(request)
    question = basis_question(viewer, asking_id)
    check(viewer, AGREE_TO_ASK)
    referral_id = question.head.referral_id
    if not question.is_waiting:
        messages.info(request, "That was decided already.")
        return redirect("referral_partners", referral_id=referral_id)
    says_no = request.POST.get("how") == "no"
    bases = [Option(each.code, each.name, each.words) for each in question.bases]
    is_sent = request.method == "POST"
    desk = Desk(request, BASIS, str(asking_id), is_sent=is_sent and not says_no)
    form = BasisForm(**desk.answers(), bases=bases, prefix="yes")
    refusing_desk = Desk(request, NOT_AGREED, str(asking_id), is_sent=is_sent and says_no)
    refusing = NotAgreedForm(**refusing_desk.answers(), prefix="no")
    if request.method == "POST":
        asking = asking_for_change(viewer, asking_id)
        if says_no and refusing.is_valid():
            reason = refusing.cleaned_data["reason"]
            if attempt(refusing, lambda: services.refuse_to_ask(asking=asking, reason=reason, by=viewer, at=viewer.at)):
                refusing_desk.done()
                desk.done()
                return _done(request, referral_id, "Partners are not asked. Your reason is on the page.")
        elif not says_no and form.is_valid():
            clean = form.cleaned_data
            done = attempt(
                form,
                lambda: services.agree_to_ask(
                    asking=asking, basis=clean["basis"], reason=clean["reason"], by=viewer, at=viewer.at
                ),
            )
            if done is not None:
                desk.done()
                refusing_desk.done()
                return _done(request, referral_id, _what_was_done(done))
    has_errors = bool(refusing.is_bound and refusing.errors)
    return _page(
        request, question.head, form, "May partners be asked?", "partners_agree", question=question, refusing=refusing,
        page_has_errors=has_errors, desk=desk, refusing_desk=refusing_desk,
    )  # fmt: skip


@login_required
@require_http_methods(_GET_OR_POST)
def withdraw(request: HttpRequest, referral_id: UUID, question_id: UUID) -> HttpResponse:
    """Take a question back."""
    viewer = viewer_of(request)
    asked = request_question(viewer, referral_id, question_id, purpose="withdraw a question")
    check(viewer, WITHDRAW_QUESTION)
    desk = Desk(request, WITHDRAW, about_of(referral_id, question_id))
    form = WithdrawForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        referral = referral_for_change(viewer, referral_id)
        if attempt(
            form,
            lambda: services.withdraw_question(
                referral=referral, request_id=question_id, reason=reason, by=viewer, at=viewer.at
            ),
        ):
            desk.done()
            return _done(request, referral_id, f"The question to {asked.request.organisation} is withdrawn.")
    title = f"Withdraw the question to {asked.request.organisation}"
    return _page(
        request,
        asked.head,
        form,
        title,
        "partners_question",
        asked=asked,
        submit_text="Withdraw the question",
        desk=desk,
    )


# --- What professionals judge.


@login_required
@require_http_methods(_GET_OR_POST)
def judgement(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """An agency's judgement of the level of need, or the front door's own."""
    viewer = viewer_of(request)
    asked = judgement_question(viewer, referral_id)
    check(viewer, RECORD_JUDGEMENT)
    desk = Desk(request, JUDGEMENT, str(referral_id))
    form = JudgementForm(**desk.answers(), organisations=asked.organisations, others=asked.others)
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        is_own = clean["whose"] == JudgementForm.OWN
        done = attempt(
            form,
            lambda: services.record_judgement(
                referral=referral_for_change(viewer, referral_id),
                organisation=None if is_own else organisation_with_id(viewer, UUID(clean["organisation"])),
                said_by="" if is_own else clean["said_by"], level=int(clean["level"]), words=clean["words"],
                differs_because=clean.get("differs_because") or "" if is_own else "", by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if done is not None:
            desk.done()
            return _done(request, referral_id, "The judgement is recorded.")
    return _page(
        request,
        asked.head,
        form,
        "Record a judgement",
        "partners_question",
        submit_text="Record the judgement",
        desk=desk,
    )


# --- After the decision.


@login_required
@require_http_methods(_GET_OR_POST)
def late(request: HttpRequest, referral_id: UUID, question_id: UUID) -> HttpResponse:
    """What a partner told the front door after the decision."""
    viewer = viewer_of(request)
    asked = request_question(viewer, referral_id, question_id, purpose="write down a late answer")
    check(viewer, RECORD_LATE_ANSWER)
    desk = Desk(request, LATE_ANSWER, about_of(referral_id, question_id))
    form = LateAnswerForm(**desk.answers(), on=timezone.localdate(viewer.at))
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        done = attempt(
            form,
            lambda: services.record_late_answer(
                referral=referral_for_change(viewer, referral_id), request_id=question_id, said_by=clean["said_by"],
                words=clean["words"], as_of=clean["as_of"], by=viewer, at=viewer.at,
            ),
        )  # fmt: skip
        if done is not None:
            desk.done()
            told = f" {done.told} has been told." if done.told else ""
            return _done(request, referral_id, f"The late answer is recorded.{told}")
    title = f"What {asked.request.organisation} told us late"
    return _page(
        request, asked.head, form, title, "partners_question", asked=asked, submit_text="Record the answer", desk=desk
    )
