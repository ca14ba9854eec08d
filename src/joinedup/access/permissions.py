"""Permissions are declared once, with a sentence and the roles that hold them, and checked by the same function
whether a page asks to show a button or a service is about to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted

Within = Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class Permission:
    """`within` narrows a role to some records; `within_sentence` says so in words for the page and the refusal."""

    name: str
    sentence: str
    roles: frozenset[Role]
    within: Within | None = None
    within_sentence: str = ""
    public: bool = False

    @property
    def who(self) -> str:
        """The roles in words, for refusals."""
        if self.public:
            return "anybody"
        names = sorted(role.value.replace("_", " ") for role in self.roles)
        return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


_declared: dict[str, Permission] = {}


def declare(
    name: str,
    sentence: str,
    *,
    roles: Iterable[Role],
    within: Within | None = None,
    within_sentence: str = "",
    public: bool = False,
) -> Permission:
    """Declare a permission. `name` is `part.verb_noun`; `sentence` completes "may …"; `public` needs no sign-in."""
    if name in _declared:
        raise ValueError(f"permission {name} is declared twice")
    if (within is None) != (not within_sentence):
        raise ValueError(f"permission {name}: `within` and its sentence go together")
    _declared[name] = Permission(name, sentence, frozenset(roles), within, within_sentence, public)
    return _declared[name]


def declared_permissions() -> list[Permission]:
    """Every permission, in name order."""
    return [_declared[name] for name in sorted(_declared)]


def can(viewer: Actor, permission: Permission, record: Any = None) -> bool:
    """May this viewer do this (to this record)? Pages ask it to decide whether to show a button."""
    if permission.public or viewer.is_system:
        return True
    if permission.roles.isdisjoint(viewer.roles):
        return False
    if permission.within is None:
        return True
    return record is not None and permission.within(viewer, record)


def held_by(permission: Permission) -> Callable[[Actor], bool]:
    """Whether a viewer holds a permission that is narrowed to no record; for navigation entries."""
    return lambda viewer: can(viewer, permission)


def check(viewer: Actor, permission: Permission, record: Any = None) -> None:
    """As `can`, but refuses with the sentence that says who may."""
    if can(viewer, permission, record):
        return
    where = f" {permission.within_sentence}" if permission.within_sentence else ""
    raise NotPermitted(
        f"You may not {permission.sentence}. Only a {permission.who} may{where}.", rule=f"permission:{permission.name}"
    )


READ_AUDIT = declare(
    "access.read_audit",
    "read the audit trail",
    roles={Role.INFORMATION_GOVERNANCE},
)
VERIFY_AUDIT = declare("access.verify_audit", "verify the audit trail", roles={Role.INFORMATION_GOVERNANCE})
REDACT_AUDIT = declare(
    "access.redact_audit_words", "redact words kept with the audit trail", roles={Role.INFORMATION_GOVERNANCE}
)
OPEN_ACCOUNT = declare("access.open_account", "open an account", roles={Role.SYSTEM_ADMINISTRATOR})
CLOSE_ACCOUNT = declare("access.close_account", "close an account", roles={Role.SYSTEM_ADMINISTRATOR})
ISSUE_API_KEY = declare("access.issue_api_key", "issue a key for a partner's system", roles={Role.SYSTEM_ADMINISTRATOR})
REVOKE_API_KEY = declare(
    "access.revoke_api_key", "revoke a key of a partner's system", roles={Role.SYSTEM_ADMINISTRATOR}
)
CHANGE_SETTING = declare(
    "access.change_setting",
    "change a setting of the partnership",
    roles={Role.SYSTEM_ADMINISTRATOR, Role.FRONT_DOOR_MANAGER},
)
READ_OWN_ACCOUNT = declare("access.read_own_account", "see their own account and posts", roles=set(Role))
READ_OUTBOX = declare(
    "access.read_outbox",
    "see the messages on their way out",
    roles={Role.FRONT_DOOR_MANAGER, Role.SYSTEM_ADMINISTRATOR, Role.FRONT_DOOR_WORKER, Role.SOCIAL_WORKER},
)
READ_SETTINGS = declare("access.read_settings", "see the settings of the partnership", roles=set(Role))
READ_MESSAGE = declare(
    "access.read_message",
    "read what a message on its way out says",
    roles={Role.FRONT_DOOR_MANAGER, Role.FRONT_DOOR_WORKER, Role.SOCIAL_WORKER},
)
READ_ACCOUNTS = declare(
    "access.read_accounts", "see the accounts and the keys of partners' systems", roles={Role.SYSTEM_ADMINISTRATOR}
)
SIGN_IN_DEMO_PERSON = declare(
    "access.sign_in_demo_person", "sign in as an invented person of the demonstration", roles=(), public=True
)


def _own(viewer: Actor, account: Any) -> bool:
    return bool(account.pk == viewer.account_id)


KEEP_SECOND_FACTOR = declare(
    "access.keep_second_factor",
    "set up or end a second factor",
    roles=set(Role),
    within=_own,
    within_sentence="for their own account",
)
SHOW_SECOND_FACTOR = declare(
    "access.show_second_factor", "sign in with the code of their app or a recovery code", roles=(), public=True
)
PROPOSE_RESET = declare(
    "access.propose_reset",
    "propose that somebody's sign-in is put back to its start",
    roles={Role.SYSTEM_ADMINISTRATOR},
)
PROPOSE = declare("access.propose", "propose what a second person must agree to", roles={Role.SYSTEM_ADMINISTRATOR})
APPROVE = declare(
    "access.approve",
    "agree to what another person proposed",
    roles={Role.SYSTEM_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE},
)
WITHDRAW_PROPOSAL = declare(
    "access.withdraw_proposal",
    "take back a proposal",
    roles={Role.SYSTEM_ADMINISTRATOR},
    within=lambda viewer, approval: approval.proposed_by_id == viewer.account_id,
    within_sentence="that they made themselves",
)
READ_APPROVALS = declare(
    "access.read_approvals",
    "see what waits for a second person",
    roles={Role.SYSTEM_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE},
)
SEE_OWN_WORK = declare(
    "access.see_own_work", "see the background work they asked for and what became of it", roles=set(Role)
)
CANCEL_OWN_WORK = declare(
    "access.cancel_own_work",
    "cancel background work",
    roles=set(Role),
    within=lambda viewer, job: job.started_by is not None and job.started_by == viewer.account_id,
    within_sentence="that they asked for themselves",
)
