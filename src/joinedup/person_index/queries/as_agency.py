"""Somebody as one agency may need them: enough to find them in its own system, and what its own record said already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.core.errors import NotVisible
from joinedup.person_index.models import AgencyRecord, Person
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.queries.known import known_of


@dataclass(frozen=True)
class RecordOfAgency:
    """A record the agency itself supplied, as it supplied it."""

    agency: str
    reference: str
    address: str
    as_of: date
    as_supplied: dict[str, str]


@dataclass(frozen=True)
class IdentityForAgency:
    """No more than it takes to find somebody: no address but the agency's own, no number but those of its kind."""

    name: str
    other_names: tuple[str, ...]
    birth_date: date | None
    is_birth_date_estimated: bool
    sex: str
    number_label: str
    number: str
    records: tuple[RecordOfAgency, ...]


def identity_for_agency(viewer: Actor, person_id: UUID, agency_ids: list[UUID], *, kind: str) -> IdentityForAgency:
    """Who somebody is, for an agency of a kind (school, nhs …) that a guarded caller lets look them up in its own
    system. The caller has let the viewer in by a request, and audits the read."""
    row = Person.objects.filter(pk=person_id).first()
    if row is None:
        raise NotVisible
    known = known_of([person_id], with_history=True)[person_id]
    names = dict.fromkeys(str(name) for name in known.names)
    if row.known_as:
        names[row.known_as] = None
    label, number = _number(row, kind)
    return IdentityForAgency(
        name=str(row),
        other_names=tuple(name for name in names if name and name != str(row)),
        birth_date=row.birth_date,
        is_birth_date_estimated=row.is_birth_date_estimated,
        sex=row.get_sex_display(),
        number_label=label,
        number=number,
        records=tuple(_own_records(person_id, agency_ids)),
    )


def _number(row: Person, kind: str) -> tuple[str, str]:
    """The number that this kind of agency itself uses."""
    if kind == "nhs":
        return "NHS number", row.nhs_number
    if kind == "school":
        return "Unique pupil number", row.upn
    return "", ""


def _own_records(person_id: UUID, agency_ids: list[UUID]) -> list[RecordOfAgency]:
    linked = AgencyRecord.objects.filter(
        agency_id__in=agency_ids, links__person_id__in=entries_of([person_id]), links__separated_at__isnull=True
    )
    return [
        RecordOfAgency(
            each.agency.name,
            each.agency_reference,
            ", ".join(part for part in (each.address, each.postcode) if part),
            each.as_of or each.supplied_at.date(),
            dict(each.as_supplied),
        )
        for each in linked.select_related("agency").order_by("-supplied_at", "pk")
    ]
