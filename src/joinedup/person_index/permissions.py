"""Who may do what with people, their records and families."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import FRONT_DOOR, PROFESSIONALS, Role
from joinedup.person_index.models import Family, LinkProposal, Person, RestrictionParty, SealedReader

_WORKERS = FRONT_DOOR | {Role.TEAM_MANAGER, Role.KEY_WORKER}


def _works_with(viewer: Actor, record: Any) -> bool:
    """The front door may for anybody; others for the people, and the families with somebody in them, whom they see."""
    if viewer.has_role(*FRONT_DOOR):
        return True
    known = getattr(record, "is_open_to_change", None)
    if known is not None:
        return bool(known)  # a record that was read for this viewer says so itself
    seen = Person.objects.visible_to(viewer, to_change=True)
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
CORRECT_FACTS = declare(
    "person_index.correct_facts",
    "record what they learnt of a person as their own agency’s record",
    roles=_WORKERS | {Role.REFERRER, Role.STATUTORY_OFFICER},
    within=_works_with,
    within_sentence=_WITHIN,
)
KEEP_OWN_RECORD = declare(
    "person_index.keep_own_record",
    "write somebody down in their own organisation’s records",
    roles={Role.REFERRER, Role.KEY_WORKER, Role.TEAM_MANAGER, Role.STATUTORY_OFFICER},
    within=lambda viewer, agency: agency.pk in viewer.organisation_ids,
    within_sentence="of an organisation they work for",
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


def agencies_led(viewer: Actor) -> set[UUID]:
    """The organisations whose records somebody answers for."""
    return {standing.organisation_id for standing in viewer.standings if standing.role is Role.DATA_LEAD}


IMPORT_OBSERVATIONS = declare(
    "person_index.import_observations",
    "import what an agency observed",
    roles={Role.FRONT_DOOR_MANAGER, Role.DATA_LEAD},
)
READ_OBSERVATIONS = declare(
    "person_index.read_observations", "see what their own organisation observed", roles={Role.DATA_LEAD}
)
WITHDRAW_OBSERVATION = declare(
    "person_index.withdraw_observation",
    "withdraw an observation",
    roles={Role.DATA_LEAD},
    within=lambda viewer, observation: observation.record.agency_id in agencies_led(viewer),
    within_sentence="that their own organisation made",
)
LINK_RECORD = declare("person_index.link_record", "decide whose record it is", roles=FRONT_DOOR)
SEPARATE_RECORD = declare("person_index.separate_record", "separate a record from a person", roles=FRONT_DOOR)
LIFT_KEEP_APART = declare(
    "person_index.lift_keep_apart",
    "let a record and a person be linked again after somebody kept them apart",
    roles={Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER},
)


def _is_guardian(viewer: Actor, restriction: Any) -> bool:
    """A guardian of this restriction, by a post they hold now."""
    return RestrictionParty.objects.filter(
        restriction_id=restriction.pk, part=RestrictionParty.Part.GUARDIAN, post_id__in=viewer.post_ids, ended_at=None
    ).exists()


def _answers_for(viewer: Actor, record: Any) -> bool:
    return _is_guardian(viewer, record.restriction)


def _is_another(viewer: Actor, emergency: Any) -> bool:
    return bool(emergency.account_id != viewer.account_id)


GUARDIANS = {
    Role.INFORMATION_GOVERNANCE,
    Role.FRONT_DOOR_MANAGER,
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    Role.STATUTORY_OFFICER,
}
_OF_IT = "for a record they are a guardian of"

# --- Restricted people.
READ_RESTRICTIONS = declare(
    "person_index.read_restrictions", "see which records are restricted", roles={Role.INFORMATION_GOVERNANCE}
)
READ_AS_GUARDIAN = declare("person_index.read_as_guardian", "see what waits for them as a guardian", roles=GUARDIANS)
IMPOSE_RESTRICTION = declare(
    "person_index.impose_restriction", "restrict a record", roles={Role.INFORMATION_GOVERNANCE}
)
AUTHORISE_RESTRICTION = declare(
    "person_index.authorise_restriction",
    "agree that a record is restricted",
    roles=GUARDIANS,
    within=_is_guardian,
    within_sentence=_OF_IT,
)
CHANGE_RESTRICTION = declare(
    "person_index.change_restriction",
    "say who may see a restricted record",
    roles=GUARDIANS,
    within=_is_guardian,
    within_sentence=_OF_IT,
)
REVIEW_RESTRICTION = declare(
    "person_index.review_restriction",
    "say that a restriction is still needed",
    roles=GUARDIANS,
    within=_is_guardian,
    within_sentence=_OF_IT,
)
END_RESTRICTION = declare(
    "person_index.end_restriction",
    "end a restriction",
    roles=GUARDIANS,
    within=_is_guardian,
    within_sentence=_OF_IT,
)
ANSWER_MATCH = declare(
    "person_index.answer_match",
    "answer for a restricted record",
    roles=GUARDIANS,
    within=_answers_for,
    within_sentence=_OF_IT,
)
ANSWER_LOOK_ALIKE = declare(
    "person_index.answer_look_alike",
    "say whether an entry is somebody restricted",
    roles=GUARDIANS,
    within=_answers_for,
    within_sentence=_OF_IT,
)
DECLARE_FAMILY = declare("person_index.declare_family", "declare their own family", roles=set(Role))
DECLARE_FOR = declare(
    "person_index.declare_for", "keep somebody from a record of their own family",
    roles={Role.INFORMATION_GOVERNANCE},
)  # fmt: skip
END_TIE = declare(
    "person_index.end_tie", "end that somebody is kept from a record", roles={Role.INFORMATION_GOVERNANCE}
)
READ_TIES = declare("person_index.read_ties", "see who is kept from whom", roles={Role.INFORMATION_GOVERNANCE})

# --- In an emergency.
BREAK_GLASS = declare(
    "person_index.break_glass",
    "open a record in an emergency",
    roles=FRONT_DOOR | {Role.TEAM_MANAGER, Role.KEY_WORKER, Role.STATUTORY_OFFICER},
)
END_BREAK_GLASS = declare(
    "person_index.end_break_glass",
    "close what they opened in an emergency",
    roles=set(Role),
    within=lambda viewer, emergency: emergency.account_id == viewer.account_id,
    within_sentence="that they opened themselves",
)
READ_BREAK_GLASS = declare(
    "person_index.read_break_glass", "see what was opened in an emergency", roles={Role.INFORMATION_GOVERNANCE}
)
REVIEW_BREAK_GLASS = declare(
    "person_index.review_break_glass",
    "say whether an emergency was one",
    roles={Role.INFORMATION_GOVERNANCE},
    within=_is_another,
    within_sentence="that somebody else opened",
)


# --- What the linkage model proposes. The front door decides; a pair with somebody restricted is for their guardians.
def _sees_pair(viewer: Actor, proposal: Any) -> bool:
    return LinkProposal.objects.visible_to(viewer).filter(pk=proposal.pk).exists()


READ_PROPOSALS = declare(
    "person_index.read_proposals", "see which people may be one and the same", roles=FRONT_DOOR | GUARDIANS
)
DECIDE_PROPOSAL = declare(
    "person_index.decide_proposal",
    "decide whether two people are one and the same",
    roles=FRONT_DOOR | GUARDIANS,
    within=_sees_pair,
    within_sentence="where neither is kept from them",
)
UNDO_DECISION = declare("person_index.undo_decision", "take back their own last decision", roles=FRONT_DOOR | GUARDIANS)
READ_LINKAGE = declare(
    "person_index.read_linkage",
    "see what the linkage model did and how well it does",
    roles={Role.FRONT_DOOR_MANAGER, Role.INFORMATION_GOVERNANCE},
)
RUN_LINKAGE = declare(
    "person_index.run_linkage", "have the linkage model look at the index", roles={Role.FRONT_DOOR_MANAGER}
)
READ_QUALITY = declare(
    "person_index.read_quality",
    "see what is wanting in an agency’s records",
    roles={Role.INFORMATION_GOVERNANCE, Role.DATA_LEAD},
)


# --- The sealed register of adoptions.
def _is_sealed_reader(viewer: Actor, file: Any) -> bool:
    return SealedReader.objects.filter(file_id=file.pk, post_id__in=viewer.post_ids, ended_at=None).exists()


_NAMED = "that they are named in"
MAKE_SEALED = declare("person_index.make_sealed", "make a sealed file", roles={Role.INFORMATION_GOVERNANCE})
READ_SEALED_LIST = declare(
    "person_index.read_sealed_list", "see that there are sealed files they are named in", roles=GUARDIANS
)
AGREE_SEALED = declare(
    "person_index.agree_sealed",
    "agree to a sealed file",
    roles=GUARDIANS,
    within=_is_sealed_reader,
    within_sentence=_NAMED,
)
WITHDRAW_SEALED = declare(
    "person_index.withdraw_sealed",
    "withdraw a sealed file",
    roles=GUARDIANS,
    within=_is_sealed_reader,
    within_sentence=_NAMED,
)
OPEN_SEALED = declare(
    "person_index.open_sealed",
    "open a sealed file",
    roles=GUARDIANS,
    within=_is_sealed_reader,
    within_sentence=_NAMED,
)
