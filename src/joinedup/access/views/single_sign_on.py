"""Single sign-on: to the organisation's own sign-in, and back."""

from __future__ import annotations

import secrets
from typing import Any

import requests
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from joinedup.access import sign_on
from joinedup.access.fresh import FRESH_FOR
from joinedup.access.middleware import ViewerRequest
from joinedup.access.views.sign_in import onwards


@login_not_required
@never_cache
@require_POST
def begin(request: ViewerRequest) -> HttpResponse:
    """Send the person to the provider. By a page and not by a redirect: browsers hold the redirect of a form to the
    addresses that forms may go to, and a provider may pass the person on to others."""
    if not sign_on.button():
        return redirect("account_login")
    provider: Any = sign_on.Provider(request, sign_on.PROVIDER).get_provider()
    provider.oauth2_adapter_class = sign_on.Provider
    asked = {"nonce": secrets.token_urlsafe(24)}
    if request.viewer.is_signed_in:  # somebody who shows again who they are
        asked |= {"prompt": "login", "max_age": str(int(FRESH_FOR.total_seconds()))}
    try:
        sent = provider.redirect(
            request, "login", next_url=onwards(request), auth_params=asked, nonce=asked["nonce"], scope=None
        )
    except (requests.RequestException, OAuth2Error) as fault:
        response: HttpResponse = render_authentication_error(request, provider, exception=fault)
        return response
    if sent.status_code != 302:
        return HttpResponse(sent)
    page = render(request, "access/sign_on_going.jinja", {"sso": sign_on.button(), "there": sent["Location"]})
    page["Refresh"] = f"0; url={sent['Location']}"
    return page


@login_not_required
@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider with a code: fetch the identity token and sign the person in."""
    if not sign_on.button():
        return redirect("account_login")
    response: HttpResponse = sign_on.Callback.adapter_view(sign_on.Provider(request, provider_id))(request)
    return response
