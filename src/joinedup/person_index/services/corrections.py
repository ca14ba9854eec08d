"""What a professional learns of somebody they work with, kept as their own agency's record beside everybody else's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.person_index.models import AgencyRecord, EarlierVersion, Person, RecordLink
from joinedup.person_index.permissions import CORRECT_FACTS
from joinedup.person_index.rules import PI_14
from joinedup.person_index.services.facts import _lock_index, _refresh_people
from joinedup.person_index.services.look_alikes import _shield_look_alikes

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

CORRECTABLE = (
    "given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "address", "postcode", "phone",
)  # fmt: skip
_PATIENCE = 5.0  # seconds


@service(CORRECT_FACTS, on="person")
def correct_facts(
    *, person: Person, agency: Organisation, facts: Mapping[str, str], source: str, by: Actor, at: datetime
) -> AgencyRecord:
    """Keep facts of a person as `agency`'s own record of them: no other agency's record is touched, nor one that this
    agency's systems sent. What it said before stays as an earlier version. `source` says where it was learnt. Raises
    Refused (PI-14) for a fact that is no record's, (PI-17) while an import holds the index."""
    if not facts or set(facts) - set(CORRECTABLE):
        raise Refused("Say what is right.", rule=PI_14.code)
    _lock_index(patience=_PATIENCE)
    reference = _reference_of(person.pk)
    there = AgencyRecord.objects.filter(agency=agency, agency_reference=reference).first()
    said = {**(there.as_supplied if there else {}), **facts, "source": source}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    if there is not None and there.digest == digest:
        return there
    read: dict[str, object] = {name: _read(name, said.get(name, "")) for name in CORRECTABLE}
    read |= {"as_supplied": said, "digest": digest, "supplied_at": at, "as_of": timezone.localdate(at)}
    record = there or AgencyRecord(agency=agency, agency_reference=reference)
    if there is not None:
        _keep_earlier(there, at)
        record.version += 1
    for name, value in read.items():
        setattr(record, name, value)
    record.save()
    if there is None:
        RecordLink.objects.create(
            record=record, person=person, rule="person", reason=source[:300], linked_at=at, linked_by=by.account_id
        )
    _refresh_people([person.pk])
    _shield_look_alikes([person.pk], at=at, made_by=by.account_id)
    note(people=[person.pk], changed=tuple(sorted(facts)), words={"agency": agency.code, "source": source})
    return record


def _reference_of(person_id: UUID) -> str:
    return f"CORRECTED-{person_id.hex}"


def _read(name: str, text: str) -> object:
    if name == "birth_date":
        return date.fromisoformat(text) if text else None
    return text or ("U" if name == "sex" else "")


def _keep_earlier(record: AgencyRecord, at: datetime) -> None:
    EarlierVersion.objects.create(
        record=record, as_supplied=record.as_supplied, digest=record.digest, given_name=record.given_name,
        family_name=record.family_name, address=record.address, postcode=record.postcode, as_of=record.as_of,
        supplied_at=record.supplied_at, replaced_at=at,
    )  # fmt: skip
