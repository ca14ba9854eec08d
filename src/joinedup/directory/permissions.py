"""Who may read the directory, keep its records, and decide on what others wrote."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import Role

MANAGERS = frozenset({Role.COMMISSIONER, Role.DIRECTORY_MANAGER})


def _keeps(viewer: Actor, record: Any) -> bool:
    """The directory's managers; an editor what belongs to the provider their own organisation is."""
    if viewer.has_role(*MANAGERS):
        return True
    entry = getattr(record, "entry", record)
    provider = getattr(entry, "provider", entry)
    return provider.organisation_id is not None and any(
        each.role == Role.DIRECTORY_EDITOR and each.organisation_id == provider.organisation_id
        for each in viewer.standings
    )


READ_DIRECTORY = declare("directory.read", "read what the directory says of services", roles=(), public=True)
KEEP_RECORDS = declare(
    "directory.keep_records", "enter providers, lists of words and postcodes in the directory", roles=MANAGERS
)
ASSURE_RECORDS = declare(
    "directory.assure_records", "approve what was written of a service, and assure that it is so", roles=MANAGERS
)
WRITE_RECORDS = declare(
    "directory.write_records", "write what the directory says of a service", roles=MANAGERS | {Role.DIRECTORY_EDITOR},
    within=_keeps, within_sentence="of its provider, or who keeps the directory",
)  # fmt: skip
SEE_OWN_RECORDS = declare(
    "directory.see_own_records", "see the records of their own organisation’s services in the making",
    roles=MANAGERS | {Role.DIRECTORY_EDITOR},
)  # fmt: skip
SAY_WRONG = declare("directory.say_wrong", "say that something in the directory is wrong", roles=(), public=True)
READ_SEARCHES = declare(
    "directory.read_searches", "see what was looked for in the directory and not found", roles={Role.COMMISSIONER}
)
ASK_YOUNG = declare("directory.ask_young", "ask a question as a young person", roles=(), public=True)
ANSWER_YOUNG = declare(
    "directory.answer_young",
    "answer what young people ask",
    roles={Role.FRONT_DOOR_MANAGER, Role.SOCIAL_WORKER},
)
KEEP_ANSWERERS = declare(
    "directory.keep_answerers", "name the adults who answer young people", roles={Role.FRONT_DOOR_MANAGER}
)
PUBLISH_ADVICE = declare(
    "directory.publish_advice",
    "write and approve pages of advice",
    roles={Role.COMMISSIONER, Role.FRONT_DOOR_MANAGER, Role.SOCIAL_WORKER},
)
