"""The second factor of an account, and putting somebody's sign-in back to its start when a phone is lost."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import InvalidToken

from joinedup.access import second_factor
from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.models import Account
from joinedup.access.permissions import KEEP_SECOND_FACTOR, SHOW_SECOND_FACTOR
from joinedup.core.errors import Refused
from joinedup.core.notifications import owe_message

_NOT_YOU = "If this was not you, tell whoever looks after information governance at once."


def _lock(account: Account) -> None:
    """May come before the guard has spoken (`holding`), so it refuses nothing itself."""
    list(Account.objects.select_for_update().filter(pk=account.pk).values_list("pk"))


@service(KEEP_SECOND_FACTOR, on="account")
def set_up_second_factor(*, account: Account, secret: str, code: str, by: Actor, at: datetime) -> list[str]:
    """Keep the secret once the app has shown that it knows it; returns the recovery codes, to be shown once."""
    _lock(account)
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise Refused("You have a second factor already. End it first to set up another app.", rule="AC-13")
    counter = second_factor.counter_of_code(secret, code, at=at)
    if counter is None:
        raise Refused(
            "That is not the code your app should show now. Check that the clock of your phone is right, wait for the "
            "next code and try again.",
            rule="AC-11",
            field="code",
        )
    second_factor.keep_secret(account, secret, counter=counter)
    codes = second_factor.new_recovery_codes(account)
    _tell(account, "was set up", f"From now on signing in asks for a code of your app. {_NOT_YOU}", at=at)
    note(changed=("second_factor",))
    return codes


@service(KEEP_SECOND_FACTOR, on="account")
def make_recovery_codes(*, account: Account, by: Actor, at: datetime) -> list[str]:
    """New recovery codes, to be shown once; the old ones no longer work."""
    _lock(account)
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise Refused("Set up an app first: recovery codes stand in for it.", rule="AC-13")
    codes = second_factor.new_recovery_codes(account)
    _tell(account, "has new recovery codes", f"The old codes no longer work. {_NOT_YOU}", at=at)
    note(changed=("recovery_codes",))
    return codes


@service(KEEP_SECOND_FACTOR, on="account")
def end_second_factor(*, account: Account, by: Actor, at: datetime) -> None:
    """Sign in without a code again. Refused (AC-14) where the person's posts need one."""
    _lock(account)
    if second_factor.needs_one(by):
        raise Refused(
            "Your posts need a second factor, so it cannot be ended. If you have a new phone, ask an administrator to "
            "put your sign-in back to its start.",
            rule="AC-14",
        )
    if second_factor.forget(account):
        _tell(account, "was ended", f"Signing in no longer asks for a code. {_NOT_YOU}", at=at)
    note(changed=("second_factor",))


@service(SHOW_SECOND_FACTOR, on="account", holding=_lock)
def show_second_factor(*, account: Account, code: str, by: Actor, at: datetime) -> Authenticator:
    """Take a code of the app or a recovery code; each works once. Five wrong ones lock the codes for 15 minutes, however
    many are tried at one moment."""
    note(subject=account)
    if second_factor.wrong_lately(account, at=at) >= second_factor.MOST_WRONG:
        raise Refused("There were too many wrong codes. Wait 15 minutes and try again.", rule="AC-12", field="code")
    try:
        found = second_factor.take_code(account, code, at=at)
    except InvalidToken:
        raise Refused(
            "This installation has another secret key than when you set up your app. Tell an administrator.",
            rule="AC-20",
            field="code",
        ) from None
    if found is None:
        raise Refused(
            "That code is wrong or has been used. Wait for your app to show the next one.", rule="AC-11", field="code"
        )
    if found.type == Authenticator.Type.RECOVERY_CODES:
        left = second_factor.codes_left(account)
        _tell(account, "was replaced by a recovery code", f"{left} recovery codes are left. {_NOT_YOU}", at=at)
    return found


def _reset_sign_in(account: Account, *, at: datetime) -> None:
    """Forget app, codes and single sign-on identity; called only inside a guarded service."""
    second_factor.forget(account)
    SocialAccount.objects.filter(user=account).delete()
    _tell(
        account,
        "was put back to its start",
        "An administrator proposed it and a second person agreed. Sign in and set up your app again. "
        "If you did not ask for this, tell whoever looks after information governance at once.",
        at=at,
    )


def _tell(account: Account, what: str, body: str, *, at: datetime) -> None:
    owe_message(
        to=account.email,
        subject=f"The second factor of your Joinedup account {what}",
        body=body,
        about=("access.account", str(account.pk)),
        at=at,
    )
