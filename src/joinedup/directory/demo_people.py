"""The people of the demo who keep its directory true. Everybody is invented, and named so."""

from __future__ import annotations

from datetime import datetime, timedelta

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.access.services import open_account
from joinedup.organisations.queries import organisation_with_code
from joinedup.organisations.services import appoint_to_post

_STARTED = timedelta(days=200)
# Name, title, role, employer, domain.
CAST: tuple[tuple[str, str, Role, str, str], ...] = (
    ("Asher Testproof", "Directory manager", Role.DIRECTORY_MANAGER, "COUNCIL", "council"),
    ("Piper Samplecare", "Office manager", Role.DIRECTORY_EDITOR, "PLACEHOLDER", "placeholder"),
    ("Haven Mockharbour", "Refuge administrator", Role.DIRECTORY_EDITOR, "TESTHARBOUR", "testharbour"),
)


def load(*, at: datetime) -> None:
    """Open their accounts and appoint them."""
    began = at - _STARTED
    by = system(began)
    for name, title, role, employer, domain in CAST:
        address = f"{name.lower().replace(' ', '.')}@{domain}.example"
        account = open_account(email=address, name=name, password=None, is_demo=True, by=by, at=began)
        appoint_to_post(
            account=account,
            title=title,
            role=role,
            employer=organisation_with_code(by, employer),
            starts_at=began,
            by=by,
            at=began,
        )
