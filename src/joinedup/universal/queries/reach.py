"""How many children universal support reaches: where, of which age, in which month, and of how many.

Two scopes. What the viewer's own organisation runs they see with the people behind every number. The whole partnership
is counted for those whose work it is, with small numbers hidden (UN-24): they do not see the people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.charts import Line, bars, line
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import age_years
from joinedup.person_index.queries import age_on, population, postcode_of, sector_of
from joinedup.universal.areas import Places, places
from joinedup.universal.codes import AGE_BANDS, band_of
from joinedup.universal.models import Attendance, AttendanceQuerySet, Programme, Session
from joinedup.universal.permissions import COUNT_WHOLE_REACH, READ_REACH
from joinedup.universal.rules import suppressed
from joinedup.universal.settings import smallest_shown

CHILD = 17  # the oldest age that counts as a child reached
_PERSON = "record__links__person"
_BANDS = {code: words for code, words, _, _ in AGE_BANDS} | {"unknown": "Age not known"}
_MOST = 200


@dataclass(frozen=True)
class Part:
    """One part of a whole: children reached of so many who live there. None where it is too small to be shown; `of` is
    None where nobody knows."""

    code: str
    name: str
    reached: int | None
    of: int | None

    @property
    def share(self) -> str:
        """In per cent, with one decimal."""
        return f"{100 * self.reached / self.of:.1f}%" if self.of and self.reached is not None else ""


@dataclass(frozen=True)
class Month:
    """Different people and attendances of one month. `key` is ``2026-11``."""

    key: str
    name: str
    first: date
    people: int | None
    attendances: int


@dataclass(frozen=True)
class Reach:
    """Universal support between two days. `is_whole` for the partnership, where small numbers are hidden."""

    starts: date
    ends: date
    is_whole: bool
    may_whole: bool
    smallest: int
    sessions: int
    people: int | None
    children: int | None
    attendances: int
    counted_adults: int
    counted_children: int
    all_children: int
    areas: tuple[Part, ...]
    bands: tuple[Part, ...]
    months: tuple[Month, ...]

    @property
    def share(self) -> str:
        """Of all children who live here, how many were reached, in per cent."""
        return f"{100 * self.children / self.all_children:.1f}%" if self.all_children and self.children else ""

    def figures(self) -> dict[str, Figure]:
        """The charts, by the name their CSV goes under. A hidden number is drawn as none."""
        return {
            "areas": bars("Children reached by area", [(each.name, each.reached or 0) for each in self.areas]),
            "ages": bars("People reached by age", [(each.name, each.reached or 0) for each in self.bands]),
            "months": line(
                "People reached by month",
                [Line("Different people", [(each.first, each.people or 0) for each in self.months]),
                 Line("Attendances", [(each.first, each.attendances) for each in self.months])],
            ),
        }  # fmt: skip

    def tables(self) -> dict[str, Table]:
        """The same as tables, with the words for what is hidden."""
        shown = self.in_words
        return {
            "areas": Table(("Area", "Children reached", "Children living there", "Share"),
                           tuple((p.name, shown(p.reached), shown(p.of), p.share) for p in self.areas), "Reach by area"),
            "ages": Table(("Age", "People reached", "Living here", "Share"),
                          tuple((p.name, shown(p.reached), shown(p.of), p.share) for p in self.bands), "Reach by age"),
            "months": Table(("Month", "Different people", "Attendances"),
                            tuple((m.name, shown(m.people), str(m.attendances)) for m in self.months), "Reach by month"),
        }  # fmt: skip

    def in_words(self, number: int | None) -> str:
        """A number, or that it is not shown."""
        return "Hidden (small)" if number is None else str(number)


def _came(viewer: Actor, starts: date, ends: date, *, is_whole: bool) -> AttendanceQuerySet:
    rows = Attendance.objects.came().not_withheld_from(viewer)
    rows = rows.filter(
        session__held_on__gte=starts, session__held_on__lte=ends, record__links__separated_at__isnull=True
    )
    if not is_whole:
        rows = rows.filter(session__programme__in=Programme.objects.visible_to(viewer))
    return rows.annotate(owner=Coalesce(f"{_PERSON}__continued_by_id", f"{_PERSON}_id"))


def reach(viewer: Actor, *, starts: date, ends: date, is_whole: bool = False) -> Reach:
    """The figures between two days, both counted. Six statements however many came."""
    check(viewer, COUNT_WHOLE_REACH if is_whole else READ_REACH)
    where = places(viewer)
    rows = _came(viewer, starts, ends, is_whole=is_whole)
    groups = list(
        rows.annotate(sector=sector_of(postcode_of(f"{_PERSON}__known")), age=age_on(f"{_PERSON}__birth_date", ends))
        .order_by()
        .values_list("sector", "age", "age_said")
        .annotate(people=Count("owner", distinct=True), times=Count("pk", distinct=True))
    )
    smallest = smallest_shown(timezone.localdate(viewer.at)) if is_whole else 1
    by_area, by_band, children, people = _added(groups, where)
    living = population(viewer, on=ends, youngest=0, oldest=CHILD)
    held = _sessions(viewer, starts, ends, is_whole)
    live_area, live_band = _living(living, where)
    return Reach(
        starts=starts, ends=ends, is_whole=is_whole, may_whole=can(viewer, COUNT_WHOLE_REACH), smallest=smallest,
        sessions=held["sessions"], people=_unless_small(people, smallest), children=_unless_small(children, smallest),
        attendances=sum(each[4] for each in groups), counted_adults=held["adults"], counted_children=held["children"],
        all_children=sum(each.people for each in living),
        areas=_parts(by_area, live_area, where.names | {"elsewhere": where.name_of("elsewhere")}, smallest),
        bands=_parts(by_band, live_band, _BANDS, smallest), months=_months(rows, smallest),
    )  # fmt: skip


def _added(groups: Iterable[tuple[Any, ...]], where: Places) -> tuple[dict[str, int], dict[str, int], int, int]:
    """Children by area, people by age band, all children, and all people. Nobody is in two groups: each has one home
    and one age, save whose age was only said."""
    areas: dict[str, int] = defaultdict(int)
    bands: dict[str, int] = defaultdict(int)
    children = people = 0
    for sector, born_age, said, count, _ in groups:
        age = said if born_age is None else born_age
        bands[band_of(age)] += count
        people += count
        if age is None or age <= CHILD:
            areas[where.code_of(sector or "")] += count
            children += count
    return areas, bands, children, people


def _living(living: Iterable[Any], where: Places) -> tuple[dict[str, int], dict[str, int]]:
    areas: dict[str, int] = defaultdict(int)
    bands: dict[str, int] = defaultdict(int)
    for sector, age, people in living:
        areas[where.code_of(sector)] += people
        bands[band_of(age)] += people
    return areas, bands


def _unless_small(number: int, smallest: int) -> int | None:
    return None if 0 < number < smallest else number


def _parts(
    counts: Mapping[str, int], living: Mapping[str, int], names: Mapping[str, str], smallest: int
) -> tuple[Part, ...]:
    shown = {code: counts.get(code, 0) for code in names if counts.get(code) or living.get(code)}
    hidden = suppressed(shown, below=smallest)
    return tuple(
        Part(code, names[code], None if code in hidden else count, living.get(code) or None)
        for code, count in shown.items()
    )


def _months(rows: AttendanceQuerySet, smallest: int) -> tuple[Month, ...]:
    found = (
        rows.annotate(month=TruncMonth("session__held_on"))
        .order_by("month").values_list("month").annotate(people=Count("owner", distinct=True), times=Count("pk", distinct=True))
    )  # fmt: skip
    return tuple(
        Month(f"{month:%Y-%m}", f"{month:%B %Y}", month, _unless_small(people, smallest), times)
        for month, people, times in found
    )


def _sessions(viewer: Actor, starts: date, ends: date, is_whole: bool) -> dict[str, int]:
    rows = Session.objects.filter(held_on__gte=starts, held_on__lte=ends).exclude(state="cancelled")
    if not is_whole:
        rows = rows.filter(programme__in=Programme.objects.visible_to(viewer))
    sums = rows.filter(Q(state="held") | Q(adults__gt=0) | Q(children__gt=0)).aggregate(
        sessions=Count("pk"), adult=Sum("adults"), child=Sum("children")
    )
    return {"sessions": sums["sessions"], "adults": sums["adult"] or 0, "children": sums["child"] or 0}


@dataclass(frozen=True)
class ReachedPerson:
    """Somebody who came, as the organisation's own record has them."""

    name: str
    age: int | None
    area: str
    times: int
    last_on: date


def people_reached(
    viewer: Actor, *, starts: date, ends: date, area: str = "", band: str = "", month: str = ""
) -> list[ReachedPerson]:
    """The people behind a number of the viewer's own organisation, each once; the read is audited with all of them."""
    check(viewer, READ_REACH)
    where = places(viewer)
    rows = _came(viewer, starts, ends, is_whole=False)
    if month:
        year, _, number = month.partition("-")
        rows = rows.filter(session__held_on__year=int(year), session__held_on__month=int(number))
    columns = (
        "owner", "record_id", "record__given_name", "record__family_name", f"{_PERSON}__birth_date", "age_said",
        "session__held_on",
    )  # fmt: skip
    postcode = {"postcode": postcode_of(f"{_PERSON}__known")}
    found: dict[UUID, ReachedPerson] = {}
    for owner, _, given, family, born, said, held_on, code in (
        rows.annotate(**postcode).order_by("-session__held_on", "pk").values_list(*columns, "postcode")
    ):
        age = age_years(born, ends) if born else said
        place = where.code_of(code or "")
        if (area and (place != area or (age or 0) > CHILD)) or (band and band_of(age) != band):
            continue
        there = found.get(owner)
        times = there.times + 1 if there else 1
        last = there.last_on if there else held_on
        found[owner] = ReachedPerson(
            f"{given} {family}".strip() or "Name not known", age, where.name_of(place), times, last
        )
    audit.record_read(
        viewer, subject=(Attendance._meta.label_lower, "list"), people=found.keys(), purpose="universal support: people",
        search=True,
    )  # fmt: skip
    return sorted(found.values(), key=lambda each: each.name.casefold())


def programmes_reached(viewer: Actor, *, starts: date, ends: date) -> list[tuple[str, str, int, int | None, int]]:
    """What a number of the whole partnership counts: each programme with its organisation, sessions, different people
    (None where too few to be shown) and attendances. It names nobody."""
    check(viewer, COUNT_WHOLE_REACH)
    rows = _came(viewer, starts, ends, is_whole=True)
    groups = (
        rows.order_by("session__programme__name")
        .values_list("session__programme__name", "session__programme__organisation__name")
        .annotate(held=Count("session", distinct=True), people=Count("owner", distinct=True), times=Count("pk", distinct=True))
    )  # fmt: skip
    smallest = smallest_shown(timezone.localdate(viewer.at))
    return [
        (name, organisation, held, _unless_small(people, smallest), times)
        for name, organisation, held, people, times in groups[:_MOST]
    ]
