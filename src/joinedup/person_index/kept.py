"""The person index's forms that are kept while somebody types. Nothing of what they say is in a list: they are about
whose record it is, and who may see it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.drafts import DraftForm, Shown, all_at_once, declare_form, ids_in, one_by_one, unsaid
from joinedup.person_index.permissions import IMPOSE_RESTRICTION, READ_AS_GUARDIAN
from joinedup.person_index.queries import emergency_for_change, observation_for_change, restricted_records
from joinedup.person_index.queries.kept import (
    kept_apart_shown,
    pairs_shown,
    people_not_withheld,
    people_shown,
    records_shown,
)


def _of(page: str, *records: str) -> Callable[[str], str]:
    """The page of what a form is about: one record, or one inside another."""
    return lambda about: reverse(page, kwargs=dict(zip(records, ids_in(about), strict=True)))


def _form(name: str, title: str, href: Callable[[str], str], shown: Shown) -> DraftForm:
    return declare_form(f"person_index.{name}", title, href, says=unsaid, shown=shown)


def _both_shown(viewer: Actor, abouts: Collection[str]) -> list[str]:
    """A record and the person it may belong to: neither is withheld."""
    pairs = {about: ids_in(about) for about in abouts}
    records = records_shown(viewer, {pair[0] for pair in pairs.values()})
    people = people_not_withheld(viewer, {pair[1] for pair in pairs.values()})
    return [about for about, (record, person) in pairs.items() if record in records and person in people]


SAFE_CONTACT = declare_form(
    "person_index.safe_contact", "Safe to contact", _of("safe_contact", "person_id"), shown=all_at_once(people_shown)
)
LINK = _form("link", "Is this the same person?", _of("record_link", "record_id", "person_id"), _both_shown)
SEPARATE = _form(
    "separate", "Is this a different person?", _of("record_separate", "record_id"), all_at_once(records_shown)
)
LIFT = _form(
    "lift", "May they be linked again?", _of("keep_apart_lift", "keep_apart_id"), all_at_once(kept_apart_shown)
)

UNDO_OBSERVATIONS = declare_form(
    "person_index.undo_observations", "Undo an import of observations", _of("observation_undo", "brought_id")
)
WITHDRAW_OBSERVATION = _form(
    "withdraw_observation",
    "Withdraw an observation",
    _of("observation_withdraw", "observation_id"),
    one_by_one(observation_for_change),
)
MATCH = _form("match", "Is this the same person?", _of("review_pair", "proposal_id"), all_at_once(pairs_shown))

UNDO_IMPORT = declare_form("person_index.undo_import", "Undo an import", _of("import_undo", "run_id"))


# --- Restricted records: for their guardians, and for no longer than they are that.


def _may_restrict(viewer: Actor, abouts: Collection[str]) -> list[str]:
    return list(abouts) if can(viewer, IMPOSE_RESTRICTION) else []


def _guarded(look: Callable[[Actor, UUID], object]) -> Shown:
    def guarded(viewer: Actor, record_id: UUID) -> object:
        check(viewer, READ_AS_GUARDIAN)
        return look(viewer, record_id)

    return one_by_one(guarded)


_RESTRICTIONS = _guarded(restricted_records.restriction_for_change)
RESTRICT = _form("restrict", "Restrict a record", lambda about: reverse("restriction_new"), _may_restrict)
REVIEW = _form("review", "Review a restriction", _of("restriction_review", "restriction_id"), _RESTRICTIONS)
PARTY = _form("party", "Who may see a restricted record", _of("restriction_party", "restriction_id"), _RESTRICTIONS)
PARTY_OUT = _form(
    "party_out",
    "Remove somebody from a restriction",
    _of("restriction_party_remove", "restriction_id", "party_id"),
    _RESTRICTIONS,
)
END = _form("end", "End a restriction", _of("restriction_end", "restriction_id"), _RESTRICTIONS)
LOOK_ALIKE = _form(
    "look_alike",
    "Is an entry the restricted person?",
    _of("look_alike", "look_alike_id"),
    _guarded(restricted_records.look_alike_for_change),
)
TIE_END = _form(
    "tie_end",
    "Is somebody not who was declared?",
    _of("staff_tie_end", "tie_id"),
    one_by_one(restricted_records.tie_for_change),
)
EMERGENCY_REVIEW = _form(
    "emergency_review", "Was this an emergency?", _of("emergency", "emergency_id"), one_by_one(emergency_for_change)
)
