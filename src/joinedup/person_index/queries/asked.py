"""What a partner may be reminded of instead of asked again: what their own organisation supplied, and nothing else.

Nothing here compares across agencies: whether anybody else knows the child changes neither the answer nor its time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.roles import Role
from joinedup.core.errors import NotVisible
from joinedup.core.partnership import between, declare_setting, value
from joinedup.engines.linkage.keys import Said
from joinedup.person_index.alerts import raise_matches
from joinedup.person_index.evidence import evidence
from joinedup.person_index.models import AgencyRecord, RecordLink, withheld_ids
from joinedup.person_index.permissions import SEARCH_OWN_RECORDS
from joinedup.person_index.queries.contact import SafeContactAdvice, safe_contact_for
from joinedup.person_index.queries.known import known_of
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.queries.restrictions import withheld_among
from joinedup.person_index.queries.search import SearchQuery
from joinedup.person_index.restriction_settings import look_alike_points

CONFIRM_AFTER = declare_setting(
    "person_index.confirm_after_days",
    "After how many days a fact of each kind is asked about (“Is this still right?”) before it is used again.",
    {"contact": 28, "safety": 28, "health": 28},
    check=lambda said: [between(0, 3650)(said[kind]) for kind in ("contact", "safety", "health")],
)
_MOST_COMPARED, _MOST_SHOWN = 200, 10
# Half a name, or a date of birth alone, is not enough to be shown somebody; a full name, or half a name with a date of
# birth, a postcode or a number is.
_ENOUGH = 41
_PURPOSE = "find a child in own records"
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class OwnRecord:
    """One record an organisation supplied, as its own staff may be reminded of it. `said_on` is the day it is of."""

    id: UUID
    organisation_id: UUID
    organisation: str
    is_school: bool
    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    nhs_number: str
    upn: str
    address: str
    postcode: str
    phone: str
    household_part: str
    said_on: date
    supplied_at: datetime
    household: tuple[OwnRecord, ...] = ()

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "Name not known"


def confirm_after(viewer: Actor) -> dict[str, int]:
    """For how many days facts of each kind are taken as read."""
    return {str(kind): int(days) for kind, days in value(CONFIRM_AFTER, on=timezone.localdate(viewer.at)).items()}


@dataclass(frozen=True)
class SafeWay:
    """How somebody is reached safely as recorded last, and whether that must be confirmed before it is used again."""

    advice: SafeContactAdvice
    is_old: bool


def safe_way(viewer: Actor, person_id: UUID) -> SafeWay:
    """For a viewer who has been let in to the person, and whose reading is audited."""
    advice = safe_contact_for(person_id)
    allowed = timedelta(days=confirm_after(viewer)["safety"])
    return SafeWay(advice, advice.recorded_at is not None and viewer.at - advice.recorded_at > allowed)


def own_organisation(viewer: Actor) -> UUID | None:
    """The organisation somebody refers for. Only referrers: a post in a team would make the whole council's records
    "one's own", and a window into them is no saving of typing."""
    standing = viewer.standing_as([Role.REFERRER])
    return standing.organisation_id if standing else None


def own_records(viewer: Actor, query: SearchQuery) -> tuple[OwnRecord, ...]:
    """Who in the viewer's own organisation's records may be meant, the likeliest first. One audited search row.

    Whoever is withheld from the viewer is not among them, and their guardians are told at once. The same statements run
    whether anybody is found, or withheld, or not, so that the time taken tells nothing.
    """
    check(viewer, SEARCH_OWN_RECORDS)
    found = _likely(viewer, query)
    people = _people_of(found)
    withheld = withheld_among(viewer, set(people.values()))
    shown, met = _enough_alike(query, found, people, without=withheld), _enough_alike(query, found, people, of=withheld)
    on = timezone.localdate(viewer.at)
    with transaction.atomic():
        audit.record_read(
            viewer,
            subject=("person_index.agencyrecord", query.digest()),
            people={people[row.pk] for row, _ in shown if row.pk in people},
            purpose=_PURPOSE,
            search=True,
        )
        raise_matches(
            viewer,
            [(people[row.pk], score) for row, score in met],
            about=("person_index.search", uuid5(_NOBODY, f"{viewer.account_id}{on}{query.digest()}")),
            purpose=_PURPOSE,
            enough=look_alike_points(on),
        )
    return tuple(_own(row) for row, _ in shown)


def _enough_alike(
    query: SearchQuery,
    rows: Iterable[AgencyRecord],
    people: Mapping[UUID, UUID],
    *,
    of: Collection[UUID] | None = None,
    without: Collection[UUID] = (),
) -> list[tuple[AgencyRecord, int]]:
    """The records near enough to be shown, the likeliest first, with their points: those of some people, or of all but
    some."""
    chosen = [
        row for row in rows if (people.get(row.pk) in of if of is not None else people.get(row.pk) not in without)
    ]
    asked, model = query.asked().said, scorer_in_use().model
    found = [(row, evidence([asked], [_said(row)], model).points) for row in chosen]
    return sorted([each for each in found if each[1] >= _ENOUGH], key=lambda each: -each[1])[:_MOST_SHOWN]


def own_record(viewer: Actor, record_id: UUID) -> OwnRecord:
    """One of them, with who lives with them in the same organisation's records."""
    check(viewer, SEARCH_OWN_RECORDS)
    row = _rows(viewer).filter(pk=record_id).first()
    if row is None:
        raise NotVisible
    mates = list(_mates(viewer, row))
    audit.record_read(
        viewer,
        subject=("person_index.agencyrecord", str(row.pk)),
        people=_people([row, *mates]),
        purpose="begin a referral from own records",
    )
    return _own(row, tuple(_own(mate) for mate in mates))


def _rows(viewer: Actor) -> QuerySet[AgencyRecord]:
    return _all_rows(viewer).exclude(pk__in=_hidden(viewer))


def _all_rows(viewer: Actor) -> QuerySet[AgencyRecord]:
    """With those of whoever is withheld from the viewer; none where they refer for nobody."""
    return AgencyRecord.objects.filter(agency_id=own_organisation(viewer) or _NOBODY).select_related("agency")


def _hidden(viewer: Actor) -> QuerySet[RecordLink, UUID]:
    """The records of whoever is withheld from the viewer."""
    live = RecordLink.objects.filter(separated_at__isnull=True, person_id__in=withheld_ids(viewer))
    return live.values_list("record_id", flat=True)


def _likely(viewer: Actor, query: SearchQuery) -> list[AgencyRecord]:
    """Those that share a number, the day of birth, or the last name; of whoever is withheld, too."""
    alike = Q(pk__in=[])
    for name in ("nhs_number", "upn", "birth_date"):
        if getattr(query, name):
            alike |= Q(**{name: getattr(query, name)})
    if query.family_name:
        alike |= Q(family_name__iexact=query.family_name.strip())
    return list(_all_rows(viewer).filter(alike).order_by("-supplied_at", "pk")[:_MOST_COMPARED])


def _mates(viewer: Actor, row: AgencyRecord) -> QuerySet[AgencyRecord]:
    if not row.household_reference:
        return AgencyRecord.objects.none()
    same = _rows(viewer).filter(household_reference=row.household_reference).exclude(pk=row.pk)
    return same.order_by("birth_date", "pk")[:12]


def _said(row: AgencyRecord) -> Said:
    return Said(
        row.given_name, "", row.family_name, row.birth_date, "" if row.sex == "U" else row.sex, row.address,
        row.postcode, row.nhs_number, row.upn,
    )  # fmt: skip


def _people_of(rows: Iterable[AgencyRecord]) -> dict[UUID, UUID]:
    """Whose record each is; one statement, also for none."""
    ids = [row.pk for row in rows] or [_NOBODY]
    live = RecordLink.objects.filter(record_id__in=ids, separated_at__isnull=True)
    return dict(live.values_list("record_id", "person_id"))


def _people(rows: Iterable[AgencyRecord]) -> set[UUID]:
    ids = [row.pk for row in rows]
    live = RecordLink.objects.filter(record_id__in=ids, separated_at__isnull=True)
    return set(live.values_list("person_id", flat=True)) if ids else set()


def _own(row: AgencyRecord, household: tuple[OwnRecord, ...] = ()) -> OwnRecord:
    same = (
        "given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", "address", "postcode", "phone",
        "household_part", "supplied_at", "organisation_id",
    )  # fmt: skip
    facts = {name: getattr(row, name) for name in same if name != "organisation_id"}
    return OwnRecord(
        id=row.pk,
        organisation_id=row.agency_id,
        organisation=row.agency.name,
        is_school=row.agency.kind == "school",
        said_on=row.as_of or timezone.localdate(row.supplied_at),
        household=household,
        **facts,
    )


# --- For counting what was asked again. The caller has been let in to the contact it counts for.


def records_known_by(
    viewer: Actor,
    *,
    organisation_id: UUID,
    before: datetime,
    person_ids: Collection[UUID] = (),
    alike: Collection[tuple[str, date | None]] = (),
) -> list[OwnRecord]:
    """What an organisation had supplied by a moment of these people, or of somebody of that last name and birthday.
    Nothing of it is shown: it is compared with what was typed, and only a digest stays."""
    wanted = Q(pk__in=[])
    if person_ids:
        live = RecordLink.objects.filter(person_id__in=person_ids, separated_at__isnull=True)
        wanted |= Q(pk__in=live.values("record_id"))
    for family_name, birth_date in alike:
        if family_name and birth_date:
            wanted |= Q(family_name__iexact=family_name, birth_date=birth_date)
    rows = AgencyRecord.objects.filter(wanted, agency_id=organisation_id, supplied_at__lte=before)
    rows = rows.exclude(pk__in=_hidden(viewer))  # nobody could be reminded of them, so nothing was asked again
    return [_own(row) for row in rows.select_related("agency")[:_MOST_COMPARED]]


@dataclass(frozen=True)
class KnownFact:
    """A fact of somebody the viewer has been let in to, with who supplied it and when."""

    field: str
    value: str
    source: str
    said_on: date | None


def facts_known(viewer: Actor, person_ids: Collection[UUID]) -> dict[UUID, tuple[KnownFact, ...]]:
    """Where people live, their numbers and phones, as every source last said, for a viewer who works with them. The
    caller has been let in to them and audits."""
    seen = known_of(person_ids) if person_ids else {}
    return {person_id: tuple(_facts_of(known)) for person_id, known in seen.items()}


def _facts_of(known: object) -> Iterable[KnownFact]:
    for home in getattr(known, "present_addresses", ()):
        yield KnownFact("address", str(home), home.source, home.as_of)
    phones: set[str] = set()
    for record in getattr(known, "records", ()):
        if record.phone and record.phone not in phones:
            phones.add(record.phone)
            yield KnownFact(
                "phone", record.phone, record.agency, record.as_of or timezone.localdate(record.supplied_at)
            )
