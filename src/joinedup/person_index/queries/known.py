"""What is known of people, from what was stated and from every agency's record, with its source and its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.person_index.codes import NAME_KINDS
from joinedup.person_index.models import AgencyRecord, EarlierVersion, PersonAddress, PersonName, RecordLink


@dataclass(frozen=True)
class KnownName:
    """A name over time. `source` is an agency or where it was stated; `as_of` when it was last said."""

    given_name: str
    family_name: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    source: str
    as_of: date | None = None

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class KnownAddress:
    """Where somebody lives or lived, over time. Two present ones are two homes, or two agencies that disagree."""

    lines: str
    postcode: str
    is_no_fixed_address: bool
    is_present: bool
    starts_on: date | None
    ends_on: date | None
    source: str
    as_of: date | None = None

    def __str__(self) -> str:
        if self.is_no_fixed_address:
            return "No fixed address"
        tail = "" if self.postcode and self.postcode in self.lines else self.postcode
        return ", ".join(part for part in (self.lines, tail) if part)


@dataclass(frozen=True)
class KnownRecord:
    """One agency's record as it was supplied, and why it is linked here."""

    id: UUID
    version: int
    agency: str
    agency_reference: str
    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    nhs_number: str
    upn: str
    address: str
    postcode: str
    phone: str
    as_of: date | None
    supplied_at: datetime
    as_supplied: dict[str, str]
    rule: str
    reason: str
    linked_at: datetime


@dataclass
class Known:
    """Everything known of one person."""

    names: list[KnownName] = field(default_factory=list)
    addresses: list[KnownAddress] = field(default_factory=list)
    records: list[KnownRecord] = field(default_factory=list)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Which agencies know them."""
        return tuple(sorted({record.agency for record in self.records}))

    @property
    def present_addresses(self) -> list[KnownAddress]:
        """Where they live now, each home once, what was stated first."""
        homes: dict[str, KnownAddress] = {}
        for address in self.addresses:
            if address.is_present:
                homes.setdefault(address.postcode or str(address), address)
        return list(homes.values())

    @property
    def address_summary(self) -> str:
        """In one line: the first home, and how many more."""
        homes = self.present_addresses
        if not homes:
            return ""
        more = len(homes) - 1
        return f"{homes[0]}{f' and {more} more' if more else ''}"


Said = TypeVar("Said", KnownName, KnownAddress)


def said_once(rows: Iterable[Said]) -> tuple[Said, ...]:
    """What several sources say alike, once, naming them all; the newest day of them."""
    groups: dict[tuple[str, object, object], list[Said]] = defaultdict(list)
    for row in rows:
        groups[(str(row).casefold(), row.starts_on, row.ends_on)].append(row)
    return tuple(
        replace(
            same[0],
            source=", ".join(dict.fromkeys(row.source for row in same)),
            as_of=max((row.as_of for row in same if row.as_of), default=None),
        )
        for same in groups.values()
    )


def known_of(ids: Collection[UUID], *, with_history: bool = False) -> dict[UUID, Known]:
    """What is known of people the caller has been let in to: two queries, four with names and history."""
    found: dict[UUID, Known] = defaultdict(Known)
    stated = PersonAddress.objects.filter(person_id__in=ids).order_by("-pk")
    for address in stated:
        found[address.person_id].addresses.append(_stated_address(address))
    if with_history:
        for name in PersonName.objects.filter(person_id__in=ids).order_by("-pk"):
            found[name.person_id].names.append(_stated_name(name))
    owners: dict[UUID, UUID] = {}
    links = RecordLink.objects.filter(person_id__in=ids, separated_at__isnull=True).select_related("record__agency")
    for link in sorted(links, key=lambda link: newest_first(link.record), reverse=True):
        known = found[link.person_id]
        owners[link.record_id] = link.person_id
        known.records.append(record_known(link))
        known.names.append(_supplied_name(link.record, link.record.agency.name, None))
        _add_address(known, link.record, link.record.agency.name, None)
    if with_history:
        _add_earlier(found, owners)
    return found


def present_homes(viewer: Actor, person_ids: Collection[UUID]) -> dict[UUID, list[KnownAddress]]:
    """Where people live now, each home once; for a viewer who has been let in to them. The caller audits."""
    known = known_of(person_ids)
    return {person_id: known[person_id].present_addresses for person_id in person_ids}


def newest_first(record: AgencyRecord) -> tuple[date, datetime, str]:
    """The order of records, to be sorted in reverse."""
    return (record.as_of or record.supplied_at.date(), record.supplied_at, str(record.pk))


def _add_earlier(found: dict[UUID, Known], owners: dict[UUID, UUID]) -> None:
    earlier = EarlierVersion.objects.filter(record_id__in=list(owners)).select_related("record__agency")
    for version in earlier.order_by("-pk"):
        known = found[owners[version.record_id]]
        agency, ends_on = version.record.agency.name, version.replaced_at.date()
        now = version.record
        if (version.given_name, version.family_name) != (now.given_name, now.family_name):
            known.names.append(_supplied_name(version, agency, ends_on))
        if (version.address, version.postcode) != (now.address, now.postcode):
            _add_address(known, version, agency, ends_on)


def _stated_name(name: PersonName) -> KnownName:
    return KnownName(
        name.given_name,
        name.family_name,
        NAME_KINDS.get(name.kind, name.kind),
        name.starts_on,
        name.ends_on,
        name.source,
    )


def _supplied_name(said: AgencyRecord | EarlierVersion, agency: str, ends_on: date | None) -> KnownName:
    kind = NAME_KINDS["former" if ends_on else "usual"]
    as_of = said.as_of or said.supplied_at.date()
    return KnownName(said.given_name, said.family_name, kind, None, ends_on, agency, as_of)


def _stated_address(address: PersonAddress) -> KnownAddress:
    return KnownAddress(
        address.lines,
        address.postcode,
        address.is_no_fixed_address,
        address.ends_on is None,
        address.starts_on,
        address.ends_on,
        address.source,
    )


def _add_address(known: Known, said: AgencyRecord | EarlierVersion, agency: str, ends_on: date | None) -> None:
    if said.address or said.postcode:
        as_of = said.as_of or said.supplied_at.date()
        present = ends_on is None
        known.addresses.append(KnownAddress(said.address, said.postcode, False, present, None, ends_on, agency, as_of))


def record_known(link: RecordLink) -> KnownRecord:
    """A linked record as it is shown. The link comes with its record and the record's agency."""
    record = link.record
    return KnownRecord(
        id=record.pk,
        version=record.version,
        agency=record.agency.name,
        agency_reference=record.agency_reference,
        given_name=record.given_name,
        family_name=record.family_name,
        birth_date=record.birth_date,
        sex=record.sex,
        nhs_number=record.nhs_number,
        upn=record.upn,
        address=record.address,
        postcode=record.postcode,
        phone=record.phone,
        as_of=record.as_of,
        supplied_at=record.supplied_at,
        as_supplied=record.as_supplied,
        rule=link.rule,
        reason=link.reason,
        linked_at=link.linked_at,
    )
