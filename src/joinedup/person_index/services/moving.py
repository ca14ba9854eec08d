"""Moving records between people because somebody decided it. Called only inside guarded services of this part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.core.errors import Refused
from joinedup.person_index.models import AgencyRecord, KeepApart, Person, RecordLink
from joinedup.person_index.rules import PI_7, PI_13
from joinedup.person_index.services.facts import _refresh_people
from joinedup.person_index.services.keeping_apart import _barred_from, _keep_apart, _refuse_kept_apart
from joinedup.person_index.services.linking import _make_person_of
from joinedup.person_index.services.look_alikes import _shield_look_alikes


def _link_to(current: RecordLink, person_id: UUID, *, reason: str, by: Actor, at: datetime) -> RecordLink:
    """Move a record to somebody because a person decided it. Raises Refused across a keep-apart (PI-5), or when it is so
    already (PI-13)."""
    before = current.person_id
    if before == person_id:
        raise Refused("This record is linked to this person already.", rule=PI_13.code)
    others = RecordLink.objects.filter(person_id=before, separated_at__isnull=True).exclude(pk=current.pk)
    empties = not others.exists() and not _has_stated_facts(before)
    _refuse_kept_apart(current.record_id, before, person_id, empties=empties)
    link = _move(current, person_id, rule="person", reason=reason, by=by, at=at)
    _refresh_people([before, person_id])
    _shield_look_alikes([before, person_id], at=at)
    if empties:
        Person.objects.filter(pk=before).update(continued_by=person_id)
    return link


def _separate(current: RecordLink, *, reason: str, by: Actor, at: datetime) -> tuple[RecordLink, KeepApart | None]:
    """Take a record from its person because somebody decided it. Raises Refused when nothing else is known of them
    (PI-7)."""
    left, record = current.person_id, current.record
    others = RecordLink.objects.filter(person_id=left, separated_at__isnull=True).exclude(pk=current.pk)
    if not others.exists() and not _has_stated_facts(left):
        raise Refused(PI_7.sentence, rule=PI_7.code)
    kept = _keep_apart(record.pk, left, reason=reason, by=by, at=at)
    own = _person_before(record, left) or _make_person_of(record, at).pk
    link = _move(current, own, rule="separated", reason=reason, by=by, at=at)
    _refresh_people([left, own])
    _shield_look_alikes([left, own], at=at)
    return link, kept


def _move(current: RecordLink, person_id: UUID, *, rule: str, reason: str, by: Actor, at: datetime) -> RecordLink:
    current.separated_at, current.separated_by, current.separation_reason = at, by.account_id, reason
    current.save(update_fields=["separated_at", "separated_by", "separation_reason"])
    return RecordLink.objects.create(
        record_id=current.record_id,
        person_id=person_id,
        rule=rule,
        reason=reason,
        linked_at=at,
        linked_by=by.account_id,
    )


def _person_before(record: AgencyRecord, left: UUID) -> UUID | None:
    """The last person the record was linked to that nobody has kept it apart from."""
    apart = _barred_from([record.pk])[record.pk]
    earlier = RecordLink.objects.filter(record=record, separated_at__isnull=False).exclude(person_id=left)
    link = earlier.exclude(person_id__in=apart).order_by("-pk").first()
    return link.person_id if link else None


def _has_stated_facts(person_id: UUID) -> bool:
    person = Person.objects.get(pk=person_id)
    return bool(person.stated) or person.names.exists() or person.addresses.exists()
