"""Who may do what with people, their records and families."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FRONT_DOOR, PROFESSIONALS, Role
from joinedup.person_index.models import Family, Person

_WORKERS = FRONT_DOOR | {Role.TEAM_MANAGER, Role.KEY_WORKER}


def _works_with(viewer: Actor, record: Any) -> bool:
    """The front door may for anybody; others for the people, and the families with somebody in them, whom they see."""
    if viewer.has_role(*FRONT_DOOR):
        return True
    seen = Person.objects.visible_to(viewer)
    if isinstance(record, Family):
        return seen.filter(memberships__family=record).exists()
    return seen.filter(pk=record.pk).exists()


_WITHIN = "for people they work with"

SEARCH_PEOPLE = declare("person_index.search_people", "search for people", roles=FRONT_DOOR)
SEARCH_OWN_RECORDS = declare(
    "person_index.search_own_records",
    "find a child in their own organisation’s records",
    roles=PROFESSIONALS,
)
CREATE_PERSON = declare("person_index.create_person", "add a person", roles=FRONT_DOOR)
CHANGE_PERSON = declare(
    "person_index.change_person",
    "change what is known of a person",
    roles=_WORKERS,
    within=_works_with,
    within_sentence=_WITHIN,
)
RECORD_RELATIONSHIP = declare(
    "person_index.record_relationship",
    "record how people are related",
    roles=_WORKERS,
    within=_works_with,
    within_sentence=_WITHIN,
)
RECORD_SAFE_CONTACT = declare(
    "person_index.record_safe_contact",
    "record how it is safe to reach somebody",
    roles=_WORKERS,
    within=_works_with,
    within_sentence=_WITHIN,
)
FOUND_FAMILY = declare("person_index.found_family", "record a new family", roles=FRONT_DOOR)
CHANGE_FAMILY = declare(
    "person_index.change_family",
    "change who is in a family",
    roles=_WORKERS,
    within=_works_with,
    within_sentence=_WITHIN,
)
STORE_RECORD = declare("person_index.store_record", "add an agency's record", roles={Role.FRONT_DOOR_MANAGER})
IMPORT_RECORDS = declare("person_index.import_records", "import an agency's records", roles={Role.FRONT_DOOR_MANAGER})
LINK_RECORD = declare("person_index.link_record", "decide whose record it is", roles=FRONT_DOOR)
SEPARATE_RECORD = declare("person_index.separate_record", "separate a record from a person", roles=FRONT_DOOR)
LIFT_KEEP_APART = declare(
    "person_index.lift_keep_apart",
    "let a record and a person be linked again after somebody kept them apart",
    roles={Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER},
)
