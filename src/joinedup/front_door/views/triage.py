"""Triage, one question at a time: rating, agreement, decision, and the second person's answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from joinedup.access import permissions
from joinedup.access.actor import Actor
from joinedup.core.desk import Desk, as_sent
from joinedup.core.formats import date_time
from joinedup.core.forms import Option
from joinedup.front_door import queries, rules, services
from joinedup.front_door.codes import LEVELS_OF_NEED, OUTCOME_LABELS, Outcome, Rating
from joinedup.front_door.forms.triage import AgreementForm, DecisionForm, RatingForm, SendBackForm, VersionedForm
from joinedup.front_door.kept import AGREEMENT, DECISION, RATING, SEND_BACK
from joinedup.front_door.permissions import CONFIRM_DECISION, DECIDE, PROPOSE_DECISION, RATE_REFERRAL, RECORD_AGREEMENT
from joinedup.front_door.queries import ReferralRecord
from joinedup.front_door.queries.judgements import compared_in_short
from joinedup.front_door.settings import decide_by, rating_label
from joinedup.front_door.views.referral import referral_page
from joinedup.front_door.views.shared import attempt, checking, posted, viewer_of
from joinedup.organisations.queries import open_organisations

_GET_OR_POST = ["GET", "HEAD", "POST"]


def _seen(request: HttpRequest, referral_id: UUID, permission: permissions.Permission) -> ReferralRecord:
    """The referral, for whoever may see it and may do this."""
    viewer = viewer_of(request)
    record = queries.referral(viewer, referral_id, purpose="triage")
    permissions.check(viewer, permission, record)
    return record


def _back(referral_id: UUID) -> str:
    return reverse("referral_triage", kwargs={"referral_id": referral_id})


def _done(request: HttpRequest, referral_id: UUID, sentence: str) -> HttpResponseRedirect:
    messages.success(request, sentence)
    return redirect(_back(referral_id))


def question(
    request: HttpRequest,
    record: ReferralRecord,
    form: Any,
    title: str,
    template: str = "referral_question",
    **more: Any,
) -> HttpResponse:
    """A page of one question about a referral. After a refusal the version on it is the newest."""
    if isinstance(form, VersionedForm) and not form.is_being_changed:
        form.look_again(record.version)
    context = {"form": form, "title": title, "back_href": _back(record.id), "tab": "triage", **more}
    return referral_page(request, template, record, **context)


@login_required
@require_http_methods(_GET_OR_POST)
def rating(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """How soon it must be decided."""
    viewer = viewer_of(request)
    record = _seen(request, referral_id, RATE_REFERRAL)
    desk = Desk(request, RATING, str(referral_id))
    form = RatingForm(
        **desk.answers(),
        ratings=_ratings(record),
        is_rated=bool(record.rating),
        initial={"version": record.version},
    )
    if request.method == "POST" and form.is_valid():
        referral = queries.referral_for_change(viewer, referral_id)
        clean = form.cleaned_data
        rated = attempt(
            form,
            lambda: services.rate_referral(
                referral=referral,
                rating=Rating(clean["rating"]),
                reason=clean["reason"],
                version=form.seen_version,
                by=viewer,
                at=viewer.at,
            ),
        )
        if rated is not None:
            desk.done()
            return _done(request, referral_id, "The rating is saved.")
        record = queries.referral(viewer, referral_id, purpose="triage")
    return question(request, record, form, "Rate this referral", submit_text="Save rating", desk=desk)


def _ratings(record: ReferralRecord) -> list[Option]:
    """The ratings by their local names, each with the moment it would set. The clock runs from receipt."""
    received_on = timezone.localdate(record.received_at)
    return [
        Option(code, rating_label(code, received_on), f"Decide by {date_time(decide_by(record.received_at, code))}")
        for code in (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.BLUE)
    ]


@login_required
@require_http_methods(_GET_OR_POST)
def agreement(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Whether the family knows and agrees, or why not."""
    viewer = viewer_of(request)
    record = _seen(request, referral_id, RECORD_AGREEMENT)
    reason = record.agreement_reason
    initial = {
        "knows": record.family_knows, "agrees": record.family_agrees, "why_not_told": reason, "why_not_agreed": reason
    }  # fmt: skip
    desk = Desk(request, AGREEMENT, str(referral_id))
    form = AgreementForm(**desk.answers(), initial=initial)
    if request.method == "POST" and form.is_valid():
        referral = queries.referral_for_change(viewer, referral_id)
        saved = attempt(
            form,
            lambda: services.record_agreement(referral=referral, **form.told(), by=viewer, at=viewer.at),
        )
        if saved is not None:
            desk.done()
            return _done(request, referral_id, "What the family knows and agrees to is saved.")
    return question(request, record, form, "What the family knows and agrees to", submit_text="Save", desk=desk)


# --- Deciding: the question, its check page, and the second person.


def _checking(referral_id: UUID) -> str:
    return f"decision_{referral_id}"


def _decision_form(
    viewer: Actor, record: ReferralRecord, data: QueryDict | None, *, is_being_changed: bool = False
) -> DecisionForm:
    initial: dict[str, Any] = {"version": record.version}
    sent_back = next((row for row in record.decisions if row.status == "sent_back"), None)
    if sent_back:
        names = ("level", "outcome", "advice_given", "look_back", "reason")
        initial |= {name: getattr(sent_back, name) for name in names}
    return DecisionForm(
        data,
        agencies={str(each.pk): each for each in open_organisations(viewer)},
        look_back=record.look_back.sentence,
        must_look_back=record.look_back.is_forced,
        is_being_changed=is_being_changed,
        initial=initial,
    )


@login_required
@require_http_methods(_GET_OR_POST)
def decision(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Level of need and what is to happen."""
    record = _seen(request, referral_id, PROPOSE_DECISION)
    desk = Desk(request, DECISION, str(referral_id))
    form = _decision_form(viewer_of(request), record, **desk.answers())
    if request.method == "POST" and form.is_valid():
        desk.keep()
        request.session[_checking(referral_id)] = str(desk.id)
        return redirect("referral_decision_check", referral_id=referral_id)
    return _ask_decision(request, record, form, desk)


def _ask_decision(request: HttpRequest, record: ReferralRecord, form: DecisionForm, desk: Desk) -> HttpResponse:
    return question(
        request, record, form, "Decide this referral", template="referral_decision", submit_text="Check the decision",
        desk=desk, compared=compared_in_short(viewer_of(request), record),
    )  # fmt: skip


@login_required
@require_http_methods(_GET_OR_POST)
def decision_check(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The decision said back, then decided alone or put to a second person."""
    viewer = viewer_of(request)
    record = _seen(request, referral_id, PROPOSE_DECISION)
    kept = checking(request, _checking(referral_id))
    form = _decision_form(viewer, record, as_sent(kept.typed) if kept else None)
    if kept is None or not form.is_valid():
        return redirect("referral_decision", referral_id=referral_id)
    told = _told(form)
    needs_two = rules.needs_two_people(
        told["outcome"], told["level"], is_safeguarding_concern=record.is_safeguarding_concern
    )
    if request.method != "POST":
        may_decide = not needs_two and permissions.can(viewer, DECIDE, record)
        context = {"sections": _said(record, form, told), "needs_two": needs_two, "may_decide": may_decide}
        return question(request, record, form, "Check the decision", template="referral_decision_check", **context)
    referral = queries.referral_for_change(viewer, referral_id)
    desk = Desk(request, DECISION, str(referral_id), reopen=False)
    act = services.decide if request.POST.get("how") == "decide" else services.propose_decision
    if attempt(form, lambda: act(referral=referral, **told, version=form.seen_version, by=viewer, at=viewer.at)):
        request.session.pop(_checking(referral_id), None)
        desk.done(kept.pk)
        is_decided = act is services.decide
        return _done(
            request, referral_id, "Decided." if is_decided else "Sent to a social worker or manager to decide."
        )
    return _ask_decision(request, queries.referral(viewer, referral_id, purpose="triage"), form, desk)


def _told(form: DecisionForm) -> dict[str, Any]:
    """What the services are told of a decision."""
    clean = form.cleaned_data
    return {
        "outcome": Outcome(clean["outcome"]),
        "level": int(clean["level"]),
        "reason": clean["reason"],
        "look_back": clean["look_back"] or "",
        "advice_given": clean["advice_given"] or "",
        "agency": form.agencies.get(clean["agency"] or ""),
    }


def _said(record: ReferralRecord, form: DecisionForm, told: dict[str, Any]) -> list[dict[str, Any]]:
    back = reverse("referral_decision", kwargs={"referral_id": record.id})
    rows = [
        ("Level of need", LEVELS_OF_NEED[told["level"]], "level"),
        ("What is to happen", OUTCOME_LABELS[told["outcome"]], "outcome"),
        ("Advice given", told["advice_given"], "advice_given"),
        ("Agency that will help", told["agency"].name if told["agency"] else "", "agency"),
        ("What the look back found", told["look_back"], "look_back"),
        ("Reason", told["reason"], "reason"),
    ]
    shown = [
        {"label": label, "value": value, "href": f"{back}#{form[name].auto_id}"} for label, value, name in rows if value
    ]
    return [{"title": "The decision", "rows": shown}]


@login_required
@require_http_methods(_GET_OR_POST)
def confirm(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """A registered social worker or manager decides what a colleague proposed, or sends it back."""
    viewer = viewer_of(request)
    record = _seen(request, referral_id, CONFIRM_DECISION)
    if record.waiting_decision is None:
        return redirect(_back(referral_id))
    sends_back = request.POST.get("how") == "send_back"
    desk = Desk(request, SEND_BACK, str(referral_id))
    form = SendBackForm(**desk.answers()) if sends_back or request.method != "POST" else SendBackForm()
    page_form = VersionedForm(None if sends_back else posted(request), initial={"version": record.version})
    if request.method == "POST":
        waiting = queries.decision_for_change(viewer, referral_id)
        if sends_back and form.is_valid():
            reason = form.cleaned_data["reason"]
            if attempt(
                form, lambda: services.send_back_decision(decision=waiting, reason=reason, by=viewer, at=viewer.at)
            ):
                desk.done()
                return _done(request, referral_id, "Sent back to triage.")
        elif not sends_back and page_form.is_valid():
            version = page_form.seen_version
            if attempt(
                page_form,
                lambda: services.confirm_decision(decision=waiting, version=version, by=viewer, at=viewer.at),
            ):
                return _done(request, referral_id, "Decided.")
        record = queries.referral(viewer, referral_id, purpose="triage")
    return question(
        request, record, page_form, "Decide what was proposed", template="referral_confirm", send_back=form, desk=desk,
        page_has_errors=bool(form.is_bound and form.errors),
    )  # fmt: skip
