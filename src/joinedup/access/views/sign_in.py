"""Showing who one is: the code after the password, a fresh sign-in, and the second factor's own pages."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from joinedup.access import second_factor, services, sign_on
from joinedup.access.actor import Actor
from joinedup.access.forms.sign_in import AgainByCodeForm, AgainByPasswordForm, CodeForm, DemoAgainForm, SetUpForm
from joinedup.access.fresh import fresh_sign_in_required, has_second_factor, record_sign_in
from joinedup.access.middleware import ViewerRequest
from joinedup.access.qr import qr_as_svg
from joinedup.core.errors import Refused

form_methods = require_http_methods(["GET", "POST"])
SECRET = "second_factor_secret"  # noqa: S105 # where the session keeps the secret of an app being set up


@login_stage_required(  # type: ignore[untyped-decorator]
    stage=AuthenticateStage.key, redirect_urlname="account_login"
)
@form_methods
def code(request: ViewerRequest) -> HttpResponse:
    """The code after the password."""
    stage: Any = request._login_stage  # type: ignore[attr-defined]
    account = stage.login.user
    form = CodeForm(request.POST or None)
    if form.is_valid():
        who = Actor(account.pk, account.name, request.viewer.at)
        try:
            used = services.show_second_factor(account=account, **form.cleaned_data, by=who, at=who.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            post_authentication(request, used)
            response: HttpResponse = stage.exit()
            return response
    context = {"form": form, "title": "Enter the code from your app", "submit_text": "Sign in"}
    return render(request, "access/code.jinja", context)


@login_required
@form_methods
def again(request: ViewerRequest) -> HttpResponse:
    """Show again who you are: with the second factor where there is one, else the password."""
    account: Any = request.user
    there = onwards(request)
    if has_second_factor(account):
        form: Any = AgainByCodeForm(request.POST or None, initial={"next": there})
    elif settings.DEMO and account.is_demo:
        form = DemoAgainForm(request.POST or None, initial={"next": there})
    elif account.has_usable_password() and sign_on.may_use_password(account.email):
        form = AgainByPasswordForm(request.POST or None, initial={"next": there})
    else:
        return render(request, "access/again_elsewhere.jinja", {"onwards": there, "sso": sign_on.button()})
    if form.is_valid():
        try:
            _show(request, account, form)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(there)
    context = {"form": form, "title": "Show that it is you", "submit_text": "Continue", "sso": sign_on.button()}
    return render(request, "access/again.jinja", context | {"onwards": there})


def onwards(request: HttpRequest) -> str:
    """Where to go afterwards: a page of this site, or the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith("/") else resolve_url(settings.LOGIN_REDIRECT_URL)


def _show(request: ViewerRequest, account: Any, form: Any) -> None:
    at = request.viewer.at
    if isinstance(form, AgainByCodeForm):
        services.show_second_factor(account=account, code=form.cleaned_data["code"], by=request.viewer, at=at)
        record_sign_in(request, account, "mfa", reauthenticated=True)
    elif isinstance(form, AgainByPasswordForm):
        # Through every backend, so that wrong passwords count towards the lock here as well.
        found = authenticate(request, email=account.email, password=form.cleaned_data["password"])
        if found is None or found.pk != account.pk:
            raise Refused("That password is wrong.", rule="AC-1", field="password")
        record_sign_in(request, account, "password", reauthenticated=True)
    else:
        record_sign_in(request, account, "demo")


@login_required
@require_GET
def factor(request: ViewerRequest) -> HttpResponse:
    """What the person's second factor is, and what can be done about it."""
    account: Any = request.user
    context = {
        "is_set_up": has_second_factor(account),
        "codes_left": second_factor.codes_left(account),
        "is_needed": second_factor.needs_one(request.viewer),
    }
    return render(request, "access/second_factor.jinja", context)


@login_required
@fresh_sign_in_required
@form_methods
def factor_set_up(request: ViewerRequest) -> HttpResponse:
    """Give the secret to an app and prove it with a code. The same secret stays while the person tries."""
    account: Any = request.user
    if has_second_factor(account):
        return redirect("second_factor")
    secret = request.session.get(SECRET) or second_factor.new_secret()
    request.session[SECRET] = secret
    form = SetUpForm(request.POST or None)
    if form.is_valid():
        viewer = request.viewer
        try:
            codes = services.set_up_second_factor(
                account=account, secret=secret, **form.cleaned_data, by=viewer, at=viewer.at
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            del request.session[SECRET]
            record_sign_in(request, account, "mfa", type="totp")
            return _codes(request, codes)
    link = second_factor.link_for_app(account, secret)
    context = {"form": form, "title": "Set up a second factor", "submit_text": "Set up", "back_href": "/account/code/"}
    spoken = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return render(request, "access/set_up.jinja", context | {"qr": qr_as_svg(link), "secret": spoken})


@login_required
@fresh_sign_in_required
@require_POST
def factor_codes(request: ViewerRequest) -> HttpResponse:
    """Make new recovery codes and show them once."""
    account: Any = request.user
    codes = services.make_recovery_codes(account=account, by=request.viewer, at=request.viewer.at)
    return _codes(request, codes)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "access/recovery_codes.jinja", {"codes": codes})


@login_required
@fresh_sign_in_required
@require_POST
def factor_end(request: ViewerRequest) -> HttpResponse:
    """Sign in without a code again, where the posts allow it."""
    account: Any = request.user
    services.end_second_factor(account=account, by=request.viewer, at=request.viewer.at)
    messages.success(request, "Your second factor has ended. Signing in no longer asks for a code.")
    return redirect("second_factor")
