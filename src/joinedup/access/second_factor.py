"""The second factor: which roles must have one, and whether a code is right. Codes come from an authenticator app
(RFC 6238, six digits every half minute) or from a sheet of recovery codes of which each works once.

django-allauth keeps the secrets (encrypted, see `adapter`) and makes the codes; who may do what, that no code works
twice, and how often one may guess are ours, because they must hold across all processes of the site.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import takewhile

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role

PERIOD = 30
TOLERANCE = 1  # half minutes a clock may be wrong, either way
MOST_WRONG, WRONG_WITHIN = 5, timedelta(minutes=15)


def roles_that_need_one() -> frozenset[Role]:
    """The roles that must have a second factor, as this installation is set up."""
    return _roles(tuple(settings.SECOND_FACTOR_ROLES))


@lru_cache(maxsize=8)
def _roles(names: tuple[str, ...]) -> frozenset[Role]:
    return frozenset(Role) if "all" in names else frozenset(Role(name) for name in names if name != "none")


def needs_one(viewer: Actor) -> bool:
    """Whether this person must have a second factor for the posts they hold at the moment."""
    return not viewer.roles.isdisjoint(roles_that_need_one())


def new_secret() -> str:
    """A secret for an app, not yet anybody's."""
    return str(generate_totp_secret())


def link_for_app(account: Account, secret: str) -> str:
    """What the QR code says to the app."""
    return str(get_adapter().build_totp_url(account, secret))


def counter_at(at: datetime) -> int:
    """The number of the half minute."""
    return int(at.timestamp()) // PERIOD


def counter_of_code(secret: str, code: str, *, at: datetime, after: int = -1) -> int | None:
    """The half minute whose code this is, near `at` and later than `after`; none for a wrong or a used code."""
    now = counter_at(at)
    right = None
    for counter in range(now - TOLERANCE, now + TOLERANCE + 1):
        same = hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)), code)
        if same and counter > after:
            right = counter
    return right


def code_at(secret: str, at: datetime) -> str:
    """The code an app shows at a moment; for tests and for whoever doubts a clock."""
    return str(format_hotp_value(hotp_value(secret, counter_at(at))))


def take_code(account: Account, code: str, *, at: datetime) -> Authenticator | None:
    """The authenticator whose code this is, which is used up by asking; none where it is wrong. The caller holds a
    lock on the account."""
    for authenticator in Authenticator.objects.filter(user=account).order_by("-type"):  # the app first
        if authenticator.type == Authenticator.Type.TOTP:
            secret, last = decrypt(authenticator.data["secret"]), authenticator.data.get("last_counter", -1)
            counter = counter_of_code(secret, code, at=at, after=last)
            if counter is None:
                continue
            authenticator.data["last_counter"] = counter
        elif authenticator.type != Authenticator.Type.RECOVERY_CODES or not RecoveryCodes(authenticator).validate_code(
            code
        ):
            continue
        else:
            authenticator.refresh_from_db()
        authenticator.last_used_at = at
        authenticator.save(update_fields=["data", "last_used_at"])
        return authenticator
    return None


def wrong_lately(account: Account, *, at: datetime) -> int:
    """How many wrong codes there have been in the last quarter of an hour; a right one begins anew."""
    rows = AuditEvent.objects.filter(actor_id=account.pk, action="access.show_second_factor", at__gt=at - WRONG_WITHIN)
    # What was refused because of the lock is left out: else knocking on a locked door would push the wrong codes out.
    told = rows.filter(Q(kind="write") | Q(rule="AC-11")).order_by("-id").values_list("kind", flat=True)
    return len(list(takewhile(lambda kind: kind != "write", told[:MOST_WRONG])))


def keep_secret(account: Account, secret: str, *, counter: int) -> None:
    """Keep the secret of an app; the code that proved it is used up."""
    kept = TOTP.activate(account, secret).instance
    kept.data["last_counter"] = counter
    kept.save(update_fields=["data"])


def new_recovery_codes(account: Account) -> list[str]:
    """A new sheet of codes; the old one no longer works."""
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    return codes


def forget(account: Account) -> bool:
    """Remove app and codes. True where there were any."""
    return bool(Authenticator.objects.filter(user=account).delete()[0])


def codes_left(account: Account) -> int:
    """How many recovery codes have not been used."""
    found = Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(found).get_unused_codes()) if found else 0
