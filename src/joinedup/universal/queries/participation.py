"""What young people do: the share neither learning nor working and the share not known, each with what it is of (UN-37)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.casework.queries import people_with_statutory_plan
from joinedup.core.charts import bars
from joinedup.core.errors import NotVisible
from joinedup.core.figures import Figure, Table
from joinedup.organisations.queries import open_organisations, organisation_with_id
from joinedup.person_index.permissions import agencies_led
from joinedup.person_index.queries import age_on, people_of_age, population, postcode_of, sector_of, withheld_people
from joinedup.universal.areas import Places, own_area, places
from joinedup.universal.codes import REASONS, STATUSES, Status
from joinedup.universal.models import Participation, ParticipationImport
from joinedup.universal.permissions import (
    FOLLOW_PARTICIPATION,
    READ_PARTICIPATION,
    READ_PARTICIPATION_IMPORTS,
    TAKE_BACK_PARTICIPATION,
)
from joinedup.universal.rules import Share, suppressed
from joinedup.universal.settings import ages_followed, smallest_shown

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation

_KNOWN = (Status.EDUCATION, Status.EMPLOYMENT, Status.TRAINING, Status.NEITHER)


@dataclass(frozen=True)
class ParticipationSpell:
    """What somebody did from a day to a day. `ends_on` is the last day; `is_now` stands on the viewer's day."""

    id: UUID
    version: int
    status: str
    label: str
    reason: str
    provider: str
    starts_on: date
    ends_on: date | None
    confirmed_on: date
    expires_on: date
    source: str
    by: str
    is_now: bool
    has_expired: bool
    taken_back_reason: str
    may_take_back: bool


@dataclass(frozen=True)
class GroupRow:
    """One group of young people. `share` is None where it is too small to be shown; `opens` names the list behind it."""

    code: str
    name: str
    share: Share | None
    counts: dict[str, int] = field(default_factory=dict)
    opens: bool = False


@dataclass(frozen=True)
class ParticipationFigures:
    """The figures of one day. Every share is of all young people of the ages who live here."""

    on: date
    youngest: int
    oldest: int
    oldest_with_plan: int
    whole: Share
    counts: dict[str, int]
    areas: tuple[GroupRow, ...]
    ages: tuple[GroupRow, ...]
    groups: tuple[GroupRow, ...]
    sources: tuple[tuple[str, int | None, int | None], ...]
    smallest: int
    may_follow: bool

    @property
    def shown(self) -> dict[str, int | None]:
        """How many do what, without numbers too small to be shown: nobody sees all of these people."""
        return {code: None if 0 < count < self.smallest else count for code, count in self.counts.items()}

    @property
    def is_small(self) -> bool:
        """So few that the share would tell of single people."""
        return any(0 < each < self.smallest for each in (self.whole.count, self.whole.unknown))

    def chart(self) -> Figure:
        """The share neither learning nor working, by area."""
        rows = [(each.name, round(each.share.share, 1)) for each in self.areas if each.share and each.share.share]
        return bars("Neither learning nor working, by area (%)", rows, unit="Per cent of all young people")

    def table(self) -> Table:
        """Everything in one table, for a spreadsheet."""
        rows = [("All", *_cells(None if self.is_small else self.whole))]
        rows += [(each.name, *_cells(each.share)) for each in (*self.areas, *self.ages, *self.groups)]
        columns = ("Group", "Neither", "Not known", "Young people", "Share neither", "At most", "Known")
        return Table(columns, tuple(rows), f"Participation on {self.on.isoformat()}")


def _cells(share: Share | None) -> tuple[str, ...]:
    if share is None:
        return ("Hidden (small)",) * 6
    return (
        str(share.count),
        str(share.unknown),
        str(share.of),
        *(per_cent(n) for n in (share.share, share.at_most, share.known)),
    )


def per_cent(number: float | None) -> str:
    """`7.4%`; empty of nobody."""
    return "" if number is None else f"{number:.1f}%"


def participation_figures(viewer: Actor, *, on: date | None = None) -> ParticipationFigures:
    """The figures of a day, the viewer's today unless given. Ten statements however many young people there are."""
    check(viewer, READ_PARTICIPATION)
    day = on or timezone.localdate(viewer.at)
    youngest, oldest, with_plan = ages_followed(day)
    where = places(viewer)
    living = population(viewer, on=day, youngest=youngest, oldest=oldest)
    rows = _now(viewer, day, youngest, oldest)
    groups = rows.annotate(sector=sector_of(postcode_of("person__known")), age=age_on("person__birth_date", day))
    said = list(
        groups.order_by().values_list("sector", "age", "counts_as").annotate(people=Count("owner", distinct=True))
    )
    smallest = smallest_shown(day)
    counts: dict[str, int] = defaultdict(int)
    for _, _, status, people in said:
        counts[status] += people
    everybody = sum(each.people for each in living)
    whole = _share(counts, everybody)
    areas = _grouped(
        [(where.code_of(s or ""), st, n) for s, _, st, n in said], [(where.code_of(p.sector), p.people) for p in living]
    )
    ages = _grouped([(str(a), st, n) for _, a, st, n in said], [(str(p.age), p.people) for p in living])
    mine = _mine(viewer, where)
    return ParticipationFigures(
        on=day, youngest=youngest, oldest=oldest, oldest_with_plan=with_plan, whole=whole,
        counts={each.value: counts[each] for each in _KNOWN} | {Status.UNKNOWN.value: whole.unknown},
        areas=_shown(areas, where.names | {"elsewhere": where.name_of("elsewhere")}, smallest, mine),
        ages=_shown(ages, {str(age): f"Aged {age}" for age in range(youngest, oldest + 1)}, smallest, frozenset()),
        groups=tuple(_special(viewer, day, youngest, with_plan, smallest)),
        sources=_sources(rows, smallest), smallest=smallest, may_follow=can(viewer, FOLLOW_PARTICIPATION),
    )  # fmt: skip


def _now(viewer: Actor, on: date, youngest: int, oldest: int) -> QuerySet[Participation]:
    """What stands on a day of everybody of these ages; what has run out counts as not known (UN-36)."""
    ended = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    rows = Participation.objects.filter(
        ended, starts_on__lte=on, taken_back_at__isnull=True, person__died_on__isnull=True,
        person__birth_date__gt=_before(on, oldest + 1), person__birth_date__lte=_before(on, youngest),
    )  # fmt: skip
    if not viewer.is_system:
        rows = rows.exclude(person_id__in=withheld_people(viewer))
    expired = When(expires_on__lte=on, then=Value(Status.UNKNOWN.value))
    return rows.annotate(
        owner=Coalesce("person__continued_by_id", "person_id"),
        counts_as=Case(expired, default=F("status"), output_field=CharField()),
    )


def _before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _share(counts: dict[str, int], of: int) -> Share:
    known = sum(counts.get(each, 0) for each in _KNOWN)
    return Share(counts.get(Status.NEITHER, 0), of, max(0, of - known))


def _grouped(
    said: Iterable[tuple[str, str, int]], living: Iterable[tuple[str, int]]
) -> dict[str, tuple[dict[str, int], int]]:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for code, status, people in said:
        counts[code][status] += people
    of: dict[str, int] = defaultdict(int)
    for code, people in living:
        of[code] += people
    return {code: (dict(counts.get(code, {})), number) for code, number in of.items()}


def _shown(
    groups: dict[str, tuple[dict[str, int], int]], names: dict[str, str], smallest: int, mine: Collection[str]
) -> tuple[GroupRow, ...]:
    """In the order of the names; what is small is hidden where the viewer does not see the people."""
    shares = {code: _share(*groups[code]) for code in names if code in groups}
    others = {code: share for code, share in shares.items() if code not in mine}
    hidden = suppressed({code: each.count for code, each in others.items()}, below=smallest)
    hidden |= suppressed({code: each.unknown for code, each in others.items()}, below=smallest)
    return tuple(
        GroupRow(
            code,
            names[code],
            None if code in hidden else share,
            groups[code][0] if code not in hidden else {},
            code in mine,
        )
        for code, share in shares.items()
    )


def _mine(viewer: Actor, where: Places) -> frozenset[str]:
    """The localities whose young people the viewer may see by name."""
    if not can(viewer, FOLLOW_PARTICIPATION):
        return frozenset()
    area = own_area(viewer, where)
    return frozenset(where.code_of(prefix.strip()) for prefix in area.prefixes)


_SPECIAL = (
    ("care", "Looked after", ("care",)),
    ("pathway", "Care leavers", ("pathway",)),
    ("education_health_care", "With an education, health and care plan", ("education_health_care",)),
)


def _special(viewer: Actor, on: date, youngest: int, oldest: int, smallest: int) -> Iterable[GroupRow]:
    plans = people_with_statutory_plan(viewer, [kind for _, _, kinds in _SPECIAL for kind in kinds], on=on)
    everybody = {person for several in plans.values() for person in several}
    there = (
        {
            each.person_id
            for each in people_of_age(viewer, on=on, youngest=youngest, oldest=oldest, only=everybody, size=5000)
        }
        if everybody
        else set()
    )
    rows = _now(viewer, on, youngest, oldest).filter(
        Q(person_id__in=there, person__continued_by__isnull=True) | Q(person__continued_by_id__in=there)
    )
    statuses = dict(rows.values_list(Coalesce("person__continued_by_id", "person_id"), F("counts_as")))
    for code, name, kinds in _SPECIAL:
        people = {person for kind in kinds for person in plans.get(kind, set())} & there
        counts: dict[str, int] = defaultdict(int)
        for person in people:
            counts[statuses.get(person, Status.UNKNOWN)] += 1
        share = _share(counts, len(people))
        is_small = any(0 < each < smallest for each in (share.count, share.unknown, share.of))
        yield GroupRow(code, name, None if is_small else share)


def _sources(rows: QuerySet[Participation], smallest: int) -> tuple[tuple[str, int | None, int | None], ...]:
    """Who said it: of how many, and how many of them neither learn nor work."""
    neither = Count("owner", distinct=True, filter=Q(counts_as=Status.NEITHER))
    found = (
        rows.order_by("source__name")
        .values_list("source__name")
        .annotate(people=Count("owner", distinct=True), neither=neither)
    )
    return tuple(
        (name, None if 0 < people < smallest else people, None if 0 < count < smallest else count)
        for name, people, count in found
    )


# --- One person's, and what was brought in.


def spells_of(viewer: Actor, person_id: UUID) -> list[ParticipationSpell]:
    """Everything said of what somebody does, the newest first, what was taken back too. The caller has let the viewer in
    and audits."""
    on = timezone.localdate(viewer.at)
    rows = Participation.objects.filter(Q(person_id=person_id) | Q(person__continued_by_id=person_id))
    found = list(rows.select_related("source").order_by("-starts_on", "-recorded_at", "-pk")[:100])
    names = names_of_accounts(viewer, {row.recorded_by for row in found if row.recorded_by})
    may = bool(found) and can(viewer, TAKE_BACK_PARTICIPATION, found[0])
    return [_spell(row, names, on, may) for row in found]


def _spell(row: Participation, names: dict[UUID, str], on: date, may: bool) -> ParticipationSpell:
    is_out = row.taken_back_at is not None
    stands = not is_out and row.starts_on <= on and (row.ends_on is None or row.ends_on > on)
    return ParticipationSpell(
        id=row.pk, version=row.version, status=row.status, label=STATUSES[Status(row.status)],
        reason=REASONS.get(row.reason, ""), provider=row.provider, starts_on=row.starts_on, ends_on=row.ends_on,
        confirmed_on=row.confirmed_on, expires_on=row.expires_on, source=row.source.name,
        by=names.get(row.recorded_by, "") if row.recorded_by else "Joinedup", is_now=stands,
        has_expired=stands and row.expires_on <= on, taken_back_reason=row.taken_back_reason,
        may_take_back=may and not is_out,
    )  # fmt: skip


def participation_for_change(viewer: Actor, row_id: UUID) -> Participation:
    """One row, to hand to a service; NotVisible for whoever does not follow the young person."""
    row = Participation.objects.select_related("person").filter(pk=row_id).first()
    if row is None or not can(viewer, TAKE_BACK_PARTICIPATION, row):
        raise NotVisible
    return row


@dataclass(frozen=True)
class ImportSeen:
    """One file that was brought in, with what was not used of it."""

    id: UUID
    organisation: str
    file_name: str
    at: datetime
    read: int
    recorded: int
    confirmed: int
    rejected: tuple[dict[str, str], ...]


def participation_imports(viewer: Actor) -> list[ImportSeen]:
    """The files of the organisations whose records the viewer answers for, the newest first."""
    check(viewer, READ_PARTICIPATION_IMPORTS)
    rows = ParticipationImport.objects.filter(organisation_id__in=agencies_led(viewer)).select_related("organisation")
    return [_import(row) for row in rows.order_by("-imported_at", "-pk")[:50]]


def participation_import(viewer: Actor, import_id: UUID) -> ImportSeen:
    """One of them."""
    found = next((each for each in participation_imports(viewer) if each.id == import_id), None)
    if found is None:
        raise NotVisible
    return found


def _import(row: ParticipationImport) -> ImportSeen:
    counts = row.counts
    return ImportSeen(
        row.pk, row.organisation.name, row.file_name, row.imported_at, counts.get("read", 0), counts.get("recorded", 0),
        counts.get("confirmed", 0), tuple(row.rejected),
    )  # fmt: skip


def own_source(viewer: Actor) -> Organisation:
    """In whose name the viewer records what a young person does."""
    standing = viewer.standing_as([Role.KEY_WORKER, Role.TEAM_MANAGER])
    if standing is None:
        raise NotVisible
    return organisation_with_id(viewer, standing.organisation_id)


def organisations_to_import_for(viewer: Actor) -> list[Organisation]:
    """The organisations whose records the viewer answers for."""
    check(viewer, READ_PARTICIPATION_IMPORTS)
    return list(open_organisations(viewer).filter(pk__in=agencies_led(viewer)))
