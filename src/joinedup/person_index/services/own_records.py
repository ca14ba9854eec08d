"""Somebody who came to a session and is in none of the organisation's records yet, written down by its own worker."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.person_index.agency_file import RecordRow
from joinedup.person_index.models import AgencyRecord
from joinedup.person_index.permissions import KEEP_OWN_RECORD
from joinedup.person_index.rules import PI_11
from joinedup.person_index.services.facts import _lock_index
from joinedup.person_index.services.look_alikes import _shield_look_alikes
from joinedup.person_index.services.records import _store_rows

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_PATIENCE = 5.0  # seconds


@dataclass(frozen=True)
class OwnFacts:
    """What a worker was told of somebody. `reference` is what the organisation calls them from now on."""

    reference: str
    given_name: str
    family_name: str = ""
    birth_date: date | None = None
    postcode: str = ""


@service(KEEP_OWN_RECORD, on="agency")
def keep_own_record(*, agency: Organisation, facts: OwnFacts, source: str, by: Actor, at: datetime) -> AgencyRecord:
    """Keep it as `agency`'s own record, linked to the person it is of by the same rules as any that arrives, or to a new
    one; whoever writes it is told of neither. The same reference again changes nothing that is the same. Raises Refused
    (PI-11) without a name, (PI-17) while an import holds the index."""
    if not (facts.given_name.strip() or facts.family_name.strip()):
        raise Refused("Give a name.", rule=PI_11.code, field="given_name")
    _lock_index(patience=_PATIENCE)
    given, family = facts.given_name.strip()[:100], facts.family_name.strip()[:100]
    postcode, born = facts.postcode.strip().upper()[:8], facts.birth_date.isoformat() if facts.birth_date else ""
    supplied = {
        "given_name": given, "family_name": family, "postcode": postcode, "birth_date": born, "source": source[:160]
    }  # fmt: skip
    row = RecordRow(
        agency_reference=facts.reference[:60], as_supplied=supplied, birth_date=facts.birth_date,
        digest=hashlib.sha256(json.dumps(supplied, sort_keys=True).encode()).hexdigest(),
        as_of=timezone.localdate(at), given_name=given, family_name=family, postcode=postcode,
    )  # fmt: skip
    stored = _store_rows(agency, [row], run=None, by=by, at=at)
    record = AgencyRecord.objects.get(agency=agency, agency_reference=row.agency_reference)
    _shield_look_alikes(stored.people, at=at, made_by=by.account_id)
    note(people=stored.people, changed=("record",), words={"agency": agency.code, "source": source}, subject=record)
    return record
