"""Pages of the administrator and of information governance: accounts, keys, settings, outbox, audit trail."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from joinedup.access import approvals, queries, services
from joinedup.access.forms import IssueKeyForm, OpenAccountForm, ReasonForm, SettingForm, in_words
from joinedup.access.fresh import fresh_sign_in_required
from joinedup.access.middleware import ViewerRequest
from joinedup.access.permissions import CHANGE_SETTING, ISSUE_API_KEY, OPEN_ACCOUNT, PROPOSE_RESET, can, check
from joinedup.core.desk import Desk
from joinedup.core.drafts import declare_form
from joinedup.core.errors import NotPermitted, Refused

form_methods = require_http_methods(["GET", "POST"])


# Forms that are kept while somebody types.
CLOSE_ACCOUNT = declare_form(
    "access.close", "Close an account", lambda about: reverse("account_close", kwargs={"account_id": about})
)
RESET = declare_form(
    "access.reset",
    "Put a sign-in back to its start",
    lambda about: reverse("sign_in_reset", kwargs={"account_id": about}),
)
REVOKE = declare_form(
    "access.revoke", "Revoke a key", lambda about: reverse("api_key_revoke", kwargs={"key_id": about})
)


def _uuid(request: HttpRequest, name: str) -> UUID | None:
    """An id from the address; a broken one is as good as none."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


@login_required
@require_GET
def account_list(request: ViewerRequest) -> HttpResponse:
    """Who may sign in."""
    page = queries.accounts(request.viewer, after=_uuid(request, "after"))
    return render(request, "access/accounts.jinja", {"accounts": page.accounts, "next_after": page.next_after})


@login_required
@fresh_sign_in_required
@form_methods
def account_open(request: ViewerRequest) -> HttpResponse:
    """Open an account."""
    check(request.viewer, OPEN_ACCOUNT)
    form = OpenAccountForm(request.POST or None)
    if form.is_valid():
        try:
            opened = services.open_account(**form.cleaned_data, password=None, by=request.viewer, at=request.viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"An account for {opened.name} is open. Now appoint them to a post.")
            return redirect("accounts")
    return render(
        request,
        "access/account_open.jinja",
        {"form": form, "title": "Open an account", "submit_text": "Open account", "back_href": "/accounts/"},
    )


@login_required
@fresh_sign_in_required
@form_methods
def account_close(request: ViewerRequest, account_id: UUID) -> HttpResponse:
    """Close an account at once."""
    account = queries.account(request.viewer, account_id)
    desk = Desk(request, CLOSE_ACCOUNT, str(account_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        try:
            services.close_account(account=account, **form.cleaned_data, by=request.viewer, at=request.viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, f"The account of {account.name} is closed.")
            return redirect("accounts")
    context = {"form": form, "desk": desk, "title": f"Close the account of {account.name}", "back_href": "/accounts/"}
    return render(request, "access/end.jinja", context | {"submit_text": "Close account"})


@login_required
@require_GET
def key_list(request: ViewerRequest) -> HttpResponse:
    """The keys of partners' systems."""
    viewer = request.viewer
    context = {
        "keys": queries.api_keys(viewer),
        "to_collect": approvals.keys_to_collect(viewer),
        "not_agreed": queries.keys_nobody_agreed_to(viewer),
    }
    return render(request, "access/keys.jinja", context)


@login_required
@fresh_sign_in_required
@form_methods
def key_issue(request: ViewerRequest) -> HttpResponse:
    """Propose a key; it is issued once somebody else agrees."""
    check(request.viewer, ISSUE_API_KEY)
    form = IssueKeyForm(request.POST or None)
    if form.is_valid():
        given, viewer = form.cleaned_data, request.viewer
        # The key works to the end of its last day, as people would expect.
        ends = datetime.combine(given["last_day"] + timedelta(days=1), time(), timezone.get_default_timezone())
        try:
            account = queries.account_with_address(viewer, given["email"])
            services.propose_key(account=account, label=given["label"], expires_at=ends, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The key is proposed. When somebody else has agreed, collect it here.")
            return redirect("api_keys")
    context = {"form": form, "title": "Propose a key", "submit_text": "Propose key", "back_href": "/keys/"}
    return render(request, "access/key_issue.jinja", context)


@login_required
@fresh_sign_in_required
@require_POST
def key_collect(request: ViewerRequest, approval_id: UUID) -> HttpResponse:
    """Issue a key that was agreed to, and show it once."""
    agreed, viewer = approvals.proposal(request.viewer, approval_id), request.viewer
    key, text = services.issue_api_key(
        account=agreed.account, label="", expires_at=viewer.at, approval=agreed, by=viewer, at=viewer.at
    )
    return render(request, "access/key_issued.jinja", {"key": key, "text": text, "account": key.account})


@login_required
@fresh_sign_in_required
@form_methods
def sign_in_reset(request: ViewerRequest, account_id: UUID) -> HttpResponse:
    """Propose that somebody's second factor is forgotten."""
    account, viewer = queries.account(request.viewer, account_id), request.viewer
    check(viewer, PROPOSE_RESET)
    desk = Desk(request, RESET, str(account_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_reset(account=account, **form.cleaned_data, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, "It is proposed, and happens when somebody else agrees.")
            return redirect("accounts")
    title = f"Put the sign-in of {account.name} back to its start"
    context = {"form": form, "desk": desk, "title": title, "submit_text": "Propose", "back_href": "/accounts/"}
    return render(request, "access/reset.jinja", context)


@login_required
@fresh_sign_in_required
@require_POST
def key_keep(request: ViewerRequest, key_id: UUID) -> HttpResponse:
    """Propose that a key from before approvals goes on."""
    key, viewer = queries.api_key(request.viewer, key_id), request.viewer
    try:
        services.propose_to_keep(key=key, by=viewer, at=viewer.at)
    except NotPermitted:
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"It is proposed that the key for {key.label} goes on. Somebody else has to agree.")
    return redirect("api_keys")


@login_required
@fresh_sign_in_required
@form_methods
def key_revoke(request: ViewerRequest, key_id: UUID) -> HttpResponse:
    """End a key at once."""
    key = queries.api_key(request.viewer, key_id)
    desk = Desk(request, REVOKE, str(key_id))
    form = ReasonForm(**desk.answers())
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke_api_key(key=key, **form.cleaned_data, by=request.viewer, at=request.viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            desk.done()
            messages.success(request, f"The key for {key.label} no longer works.")
            return redirect("api_keys")
    context = {"form": form, "desk": desk, "title": f"Revoke the key for {key.label}", "back_href": "/keys/"}
    return render(request, "access/end.jinja", context | {"submit_text": "Revoke key"})


@login_required
@require_GET
def setting_list(request: ViewerRequest) -> HttpResponse:
    """The settings of the partnership."""
    viewer = request.viewer
    lines = queries.settings_of_partnership(viewer, on=timezone.localdate(viewer.at))
    context = {"lines": lines, "in_words": in_words, "may_change": can(viewer, CHANGE_SETTING)}
    return render(request, "access/settings.jinja", context)


@login_required
@fresh_sign_in_required
@form_methods
def setting_change(request: ViewerRequest, key: str) -> HttpResponse:
    """Give a setting a new value from a day on."""
    viewer = request.viewer
    on = timezone.localdate(viewer.at)
    line = queries.setting_of_partnership(viewer, key, on=on)
    form = SettingForm(request.POST or None, default=line.setting.default, present=line.value, on=on)
    if form.is_valid():
        try:
            services.change_setting(key=key, **form.cleaned_data, by=viewer, at=viewer.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The setting is saved.")
            return redirect("settings")
    context = {"form": form, "line": line, "in_words": in_words, "title": line.setting.sentence}
    return render(
        request, "access/setting_change.jinja", context | {"submit_text": "Save setting", "back_href": "/settings/"}
    )


@login_required
@require_GET
def outbox(request: ViewerRequest) -> HttpResponse:
    """Messages on their way out."""
    waiting_only = request.GET.get("show") == "waiting"
    page = queries.outbox(request.viewer, waiting_only=waiting_only, before=_uuid(request, "before"))
    return render(request, "access/outbox.jinja", {"page": page, "waiting_only": waiting_only})


@login_required
@require_GET
def message(request: ViewerRequest, message_id: UUID) -> HttpResponse:
    """What one message says."""
    return render(request, "access/message.jinja", {"message": queries.message(request.viewer, message_id)})


KINDS = {
    "write": "Something was saved",
    "read": "A record was opened",
    "search": "A search or a list",
    "refusal": "Something was refused",
    "sign_in": "A sign-in or sign-out",
}


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _wanted(request: HttpRequest) -> queries.AuditFilter:
    kind = request.GET.get("kind", "")
    return queries.AuditFilter(
        kind=kind if kind in KINDS else "",
        actor_id=_uuid(request, "actor"),
        subject_id=request.GET.get("subject", "").replace("\0", "")[:60],
        person_id=_uuid(request, "person"),
    )


@login_required
@require_GET
def audit_trail(request: ViewerRequest) -> HttpResponse:
    """The audit trail, newest first."""
    wanted = _wanted(request)
    page = queries.audit_page(request.viewer, wanted=wanted, before=_before(request))
    return render(request, "access/audit.jinja", {"page": page, "wanted": wanted, "kinds": KINDS})


@login_required
@require_POST
def audit_verify(request: ViewerRequest) -> HttpResponse:
    """Walk the chain now and say what was found."""
    found = services.verify_audit_trail(by=request.viewer, at=request.viewer.at)
    return render(request, "access/verified.jinja", {"found": found})
