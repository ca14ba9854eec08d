"""Pages of what a family agreed to: help and sharing are recorded apart, declined, withdrawn, and decided upon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.casework import queries, services
from joinedup.casework.forms.consents import (
    BasisForm,
    DecideForm,
    DeclineForm,
    HelpForm,
    SharingForm,
    VoiceForm,
    WithdrawForm,
)
from joinedup.casework.queries import AgreementPage
from joinedup.casework.views.shared import GET_OR_POST, attempt, case_page, done, viewer_of
from joinedup.core.desk import Desk
from joinedup.core.drafts import DraftForm, about_of, all_at_once, declare_form, ids_in
from joinedup.core.errors import NotPermitted
from joinedup.core.forms import Form
from joinedup.information_sharing import queries as sharing
from joinedup.information_sharing import services as sharing_services
from joinedup.information_sharing.permissions import DECIDE_WITHDRAWAL
from joinedup.person_index.queries import person_for_change

_TAB = "case_agreement"


def _kept(name: str, title: str, page: str) -> DraftForm:
    return declare_form(
        f"casework.{name}", title, lambda about: reverse(page, kwargs={"case_id": about}),
        shown=all_at_once(queries.cases_shown),
    )  # fmt: skip


HELP = _kept("agree_help", "Agreement to this help", "case_agree_help")
SHARING = _kept("agree_sharing", "Agreement to sharing", "case_agree_sharing")
BASIS = _kept("sharing_basis", "A lawful basis for sharing", "case_sharing_basis")
DECLINED = _kept("sharing_declined", "Sharing declined", "case_sharing_declined")
WITHDRAWN = _kept("withdraw", "Agreement withdrawn", "case_withdraw")
DECISION = declare_form(
    "casework.withdrawal_decision",
    "What follows a withdrawal",
    lambda about: reverse(
        "case_withdrawal_decide", kwargs=dict(zip(("case_id", "withdrawal_id"), ids_in(about), strict=True))
    ),
    shown=all_at_once(queries.cases_shown),
)


@login_required
@require_safe
def agreement(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the family agreed to, on what basis something is shared, what was declined, and what waits for a manager."""
    page = queries.agreement_page(viewer_of(request), case_id)
    return case_page(request, "casework/agreement.jinja", page.frame, tab=_TAB, page=page)


def _ask(
    request: HttpRequest, case_id: UUID, kept: DraftForm, make: Callable[[AgreementPage, dict[str, Any]], Form],
    send: Callable[[AgreementPage, Any, Actor], object], *, title: str, said: str, about: str = "",
    page: AgreementPage | None = None,
) -> HttpResponse:  # fmt: skip
    """One question of this group: the page, the service, and back to the list."""
    viewer = viewer_of(request)
    page = page or queries.agreement_page(viewer, case_id)
    desk = Desk(request, kept, about or str(case_id))
    form = make(page, desk.answers())
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: send(page, form, viewer)) is not None:
        desk.done()
        return done(request, _TAB, said, case_id=case_id)
    return case_page(request, "casework/agreement_form.jinja", page.frame, tab=_TAB, form=form, desk=desk, title=title)


def _person(viewer: Actor, person_id: UUID) -> Any:
    return person_for_change(viewer, person_id, purpose="recording what a family agrees to")


def _voice(kind: type[VoiceForm], **more: Any) -> Callable[[AgreementPage, dict[str, Any]], Form]:
    def make(page: AgreementPage, given: dict[str, Any]) -> Form:
        if not page.may_record:
            raise NotPermitted(
                "You may not record what this family agrees to, as the case is now.",
                rule="permission:information_sharing.record_consent",
            )
        return kind(**given, people=page.people, on=page.on, **more)

    return make


@login_required
@require_http_methods(GET_OR_POST)
def agree_help(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody agrees to this help."""

    def send(page: AgreementPage, form: HelpForm, viewer: Actor) -> object:
        return sharing_services.record_help_agreed(
            person=_person(viewer, form.person_id), subject=page.subject, said=form.said(),
            expires_on=form.cleaned_data.get("expires_on"), by=viewer, at=viewer.at,
        )  # fmt: skip

    return _ask(
        request,
        case_id,
        HELP,
        _voice(HelpForm),
        send,
        title="Agreement to this help",
        said="The agreement is recorded.",
    )


@login_required
@require_http_methods(GET_OR_POST)
def agree_sharing(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody agrees that something is shared."""
    organisations = queries.agencies_to_share_with(viewer_of(request), case_id)

    def send(page: AgreementPage, form: SharingForm, viewer: Actor) -> object:
        return sharing_services.record_sharing_agreed(
            person=_person(viewer, form.person_id), subject=page.subject, said=form.said(), scope=form.scope(),
            by=viewer, at=viewer.at,
        )  # fmt: skip

    return _ask(
        request, case_id, SHARING, _voice(SharingForm, organisations=organisations), send, title="Agreement to sharing",
        said="What may be shared is recorded.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def add_basis(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A manager records a lawful basis that needs no agreement."""
    viewer = viewer_of(request)
    organisations, bases = queries.agencies_to_share_with(viewer, case_id), queries.bases_to_choose(viewer)

    def make(page: AgreementPage, given: dict[str, Any]) -> Form:
        if not page.may_give_basis:
            raise NotPermitted(
                "Only a manager gives a lawful basis without agreement.",
                rule="permission:information_sharing.record_basis",
            )
        return BasisForm(**given, people=page.people, organisations=organisations, bases=bases)

    def send(page: AgreementPage, form: BasisForm, viewer: Actor) -> object:
        clean = form.cleaned_data
        return sharing_services.record_sharing_basis(
            person=_person(viewer, form.person_id), subject=page.subject, basis=clean["basis"], reason=clean["reason"],
            scope=form.scope(), by=viewer, at=viewer.at,
        )  # fmt: skip

    return _ask(request, case_id, BASIS, make, send, title="A lawful basis for sharing", said="The basis is recorded.")


@login_required
@require_http_methods(GET_OR_POST)
def decline(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody does not want something shared."""

    def send(page: AgreementPage, form: DeclineForm, viewer: Actor) -> object:
        return sharing_services.record_sharing_declined(
            person=_person(viewer, form.person_id), subject=page.subject, said=form.said(),
            words=form.cleaned_data["words"], by=viewer, at=viewer.at,
        )  # fmt: skip

    return _ask(
        request, case_id, DECLINED, _voice(DeclineForm), send, title="Sharing declined", said="It is written down."
    )


@login_required
@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Agreement is withdrawn; what rests on it ends at once."""

    def send(page: AgreementPage, form: WithdrawForm, viewer: Actor) -> object:
        what = form.cleaned_data["what"]
        return services.withdraw_family_agreement(
            case=page.frame.row, person_id=form.person_id, said=form.said(), words=form.cleaned_data["words"],
            from_help="help" in what, from_sharing="sharing" in what, by=viewer, at=viewer.at,
        )  # fmt: skip

    return _ask(
        request, case_id, WITHDRAWN, _voice(WithdrawForm), send, title="Agreement withdrawn",
        said="What rested on agreement has ended. The team’s manager decides within one working day what follows.",
    )  # fmt: skip


@login_required
@require_http_methods(GET_OR_POST)
def decide(request: HttpRequest, case_id: UUID, withdrawal_id: UUID) -> HttpResponse:
    """A manager decides what follows a withdrawal."""
    viewer = viewer_of(request)
    page = queries.agreement_page(viewer, case_id)
    row = sharing.withdrawal_for_change(viewer, withdrawal_id, page.subject)
    check(viewer, DECIDE_WITHDRAWAL, row)

    def send(page: AgreementPage, form: DecideForm, viewer: Actor) -> object:
        return sharing_services.decide_withdrawal(withdrawal=row, **form.cleaned_data, by=viewer, at=viewer.at)

    return _ask(
        request, case_id, DECISION, lambda page, given: DecideForm(**given), send, title="What follows the withdrawal",
        said="The decision is recorded.", about=about_of(case_id, withdrawal_id), page=page,
    )  # fmt: skip
