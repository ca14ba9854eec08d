"""Addresses of sign-in and of what the administrator and information governance use."""

from allauth.account import views as allauth
from django.urls import path, re_path
from django.views.generic import RedirectView

from joinedup.access import views
from joinedup.access.sign_on import PROVIDER
from joinedup.access.views import sign_in, single_sign_on

urlpatterns = [
    # Of django-allauth only what staff accounts need: nobody signs up or changes an address here.
    path("account/login/", allauth.login, name="account_login"),
    path("account/logout/", allauth.logout, name="account_logout"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path("account/password/change/", allauth.password_change, name="account_change_password"),
    # Somebody whose account has no password yet sets one through the same e-mail as a forgotten one.
    path(
        "account/password/set/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("account/password/reset/", allauth.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/again/", sign_in.again, name="sign_in_again"),
    path("account/code/", sign_in.factor, name="second_factor"),
    path("account/code/enter/", sign_in.code, name="mfa_authenticate"),
    path("account/code/set-up/", sign_in.factor_set_up, name="second_factor_set_up"),
    path("account/code/recovery/", sign_in.factor_codes, name="second_factor_codes"),
    path("account/code/end/", sign_in.factor_end, name="second_factor_end"),
    path("account/sso/", single_sign_on.begin, name="single_sign_on"),
    path("account/sso/back/", single_sign_on.back, name="openid_connect_callback", kwargs={"provider_id": PROVIDER}),
    path("accounts/", views.account_list, name="accounts"),
    path("accounts/open/", views.account_open, name="account_open"),
    path("accounts/<uuid:account_id>/close/", views.account_close, name="account_close"),
    path("accounts/<uuid:account_id>/reset/", views.sign_in_reset, name="sign_in_reset"),
    path("keys/", views.key_list, name="api_keys"),
    path("keys/issue/", views.key_issue, name="api_key_issue"),
    path("keys/collect/<uuid:approval_id>/", views.key_collect, name="api_key_collect"),
    path("keys/<uuid:key_id>/keep/", views.key_keep, name="api_key_keep"),
    path("keys/<uuid:key_id>/revoke/", views.key_revoke, name="api_key_revoke"),
    path("settings/", views.setting_list, name="settings"),
    path("settings/<str:key>/", views.setting_change, name="setting_change"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<uuid:message_id>/", views.message, name="outbox_message"),
    path("audit/", views.audit_trail, name="audit"),
    path("audit/verify/", views.audit_verify, name="audit_verify"),
]
