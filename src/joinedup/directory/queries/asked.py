"""What is asked of the feed, read from an address, and the services that answer to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from joinedup.directory import rules
from joinedup.directory.codes import WEEKDAYS
from joinedup.directory.lifecycle import IN_FEED
from joinedup.directory.models import Entry, EntryPlace, Opening, Postcode, Term
from joinedup.directory.profile import is_format
from joinedup.directory.shaping import clock

MOST_A_PAGE, USUAL_A_PAGE = 500, 50
_DAYS = {
    "MONDAY": "MO",
    "TUESDAY": "TU",
    "WEDNESDAY": "WE",
    "THURSDAY": "TH",
    "FRIDAY": "FR",
    "SATURDAY": "SA",
    "SUNDAY": "SU",
}
Read = TypeVar("Read")


@dataclass(frozen=True)
class Asked:
    """A question to the feed, in the words of the standard. `age_from` and `age_to` are our own: a service fits when the ages it is
    for overlap. `proximity` is in metres."""

    search: str = ""
    page: int = 1
    per_page: int = USUAL_A_PAGE
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    parent_id: UUID | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    age_from: float | None = None
    age_to: float | None = None
    start_time: time | None = None
    end_time: time | None = None
    day: str = ""
    modified_after: datetime | None = None
    postcode: str = ""
    proximity: float | None = None
    is_minimal: bool = False
    is_full: bool = False
    is_top_only: bool = False


def _one(words: Mapping[str, str], name: str, read: Callable[[str], Read | None], wanted: str) -> Read | None:
    text = words.get(name, "").strip()
    if not text:
        return None
    found = read(text) if len(text) <= 200 else None
    if found is None:
        raise rules.ASKED_WRONG.refused(name=name, value=f"“{text[:60]}”", wanted=wanted)
    return found


def _whole(least: int, most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        is_number = text.isascii() and text.isdigit() and len(text) < 11
        return int(text) if is_number and least <= int(text) <= most else None

    return read


def _number(text: str) -> float | None:
    try:
        found = float(text) if text.isascii() and "_" not in text else -1.0
    except ValueError:
        return None
    return found if 0 <= found <= 10_000_000 else None


def _truth(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        try:
            found = datetime.combine(date.fromisoformat(text), time())
        except ValueError:
            return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if 1900 < found.year < 9990 else None


def _day(text: str) -> str | None:
    said = _DAYS.get(text.upper(), text.upper())
    return said if said in WEEKDAYS else None


def asked_of(words: Mapping[str, str]) -> Asked:
    """Read the question of an address. Raises Refused (DR-303) naming what is wrong; what is empty was not asked."""

    def named(name: str) -> UUID | None:
        return _one(words, name, lambda text: UUID(text) if is_format("uuid", text) else None, "an identifier")

    def years(name: str) -> float | None:
        return _one(words, name, _number, "a number of years")

    exact = years("age")
    search = words.get("search", "").replace("\x00", " ").strip()[:300]
    return Asked(
        search=search,
        page=_one(words, "page", _whole(1, 2_147_483_648), "a whole number from 1") or 1,
        per_page=_one(words, "per_page", _whole(1, MOST_A_PAGE), f"a whole number from 1 to {MOST_A_PAGE}") or USUAL_A_PAGE,
        start_time=_one(words, "start_time", clock, "a time of day such as 09:30"),
        end_time=_one(words, "end_time", clock, "a time of day such as 17:00"),
        day=_one(words, "day", _day, "a day such as MO or Monday") or "",
        modified_after=_one(words, "modified_after", _moment, "a day and time such as 2026-11-23T09:30:00Z"),
        postcode=_one(words, "postcode", lambda text: rules.written_postcode(text) or None, "a full postcode") or "",
        proximity=_one(words, "proximity", _number, "a number of metres"),
        is_minimal=_one(words, "minimal", _truth, "true or false") or False,
        is_full=_one(words, "full", _truth, "true or false") or False,
        is_top_only=_one(words, "top_only", _truth, "true or false") or False,
        taxonomy_term_id=named("taxonomy_term_id"),
        taxonomy_id=named("taxonomy_id"),
        organization_id=named("organization_id"),
        parent_id=named("parent_id"),
        minimum_age=years("minimum_age"),
        maximum_age=years("maximum_age"),
        age_from=exact if exact is not None else years("age_from"),
        age_to=exact if exact is not None else years("age_to"),
    )  # fmt: skip


def _sql(statement: str, *values: Any) -> RawSQL:
    return RawSQL(statement, values, output_field=BooleanField())  # noqa: S611 - fixed statements, values bound


def public_entries() -> QuerySet[Entry]:
    """Every service that was approved once, is not kept for later, is not gone for good, and is no second copy of another."""
    return Entry.objects.filter(approved__isnull=False, same_as=None, state__in=IN_FEED).exclude(status="defunct")


def _with_words(search: str) -> RawSQL:
    """The keys of services with these words. A statement of its own: within that for places, Django gives the table another name."""
    statement = "SELECT id FROM directory_entry WHERE searched @@ websearch_to_tsquery('english', %s)"
    return RawSQL(statement, (search,))  # noqa: S611 - fixed statement, value bound


def entries_for(asked: Asked) -> QuerySet[Entry]:
    """The services that answer to a question, but for where they are."""
    rows = public_entries()
    if asked.search:
        rows = rows.filter(pk__in=_with_words(asked.search))
    if asked.taxonomy_term_id:
        rows = rows.filter(terms__contains=[asked.taxonomy_term_id])
    if asked.taxonomy_id:
        inside = list(Term.objects.filter(taxonomy=asked.taxonomy_id).values_list("id", flat=True))
        rows = rows.filter(terms__overlap=inside) if inside else rows.none()
    if asked.organization_id:
        rows = rows.filter(provider=asked.organization_id)
    if asked.modified_after:
        rows = rows.filter(changed_at__gte=asked.modified_after)
    return _open_then(_of_age(rows, asked), asked)


def _of_age(rows: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    if asked.minimum_age is not None:
        rows = rows.filter(minimum_age__gte=asked.minimum_age)
    if asked.maximum_age is not None:
        rows = rows.filter(maximum_age__lte=asked.maximum_age)
    if asked.age_from is not None:
        rows = rows.filter(Q(maximum_age=None) | Q(maximum_age__gte=asked.age_from))
    if asked.age_to is not None:
        rows = rows.filter(Q(minimum_age=None) | Q(minimum_age__lte=asked.age_to))
    return rows


def _open_then(rows: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    when = Opening.objects.filter(entry=OuterRef("pk"))
    if asked.day:
        when = when.filter(weekday=asked.day)
    if asked.start_time:
        when = when.filter(opens__gte=asked.start_time)
    if asked.end_time:
        when = when.filter(closes__lte=asked.end_time)
    return rows.filter(Exists(when)) if asked.day or asked.start_time or asked.end_time else rows


def places_for(asked: Asked) -> QuerySet[EntryPlace]:
    """The places that answer to a question: their service does, it covers the postcode where it says an area, and they lie within
    the distance of it. A postcode nobody knows finds nothing."""
    services = entries_for(asked)
    if not asked.postcode:
        return EntryPlace.objects.filter(entry__in=services)
    home = Postcode.objects.filter(code=asked.postcode).first()
    if home is None:
        return EntryPlace.objects.none()
    services = services.filter(covers(home))
    places = EntryPlace.objects.filter(entry__in=services)
    return places if asked.proximity is None else places.filter(near(home, asked.proximity))


def covers(home: Postcode) -> Q:
    """A service that says no area by code, or one that holds the postcode: its district, England or the whole kingdom."""
    return Q(areas=[]) | Q(areas__overlap=[each for each in (home.district, "E92000001", "K02000001") if each])


def near(home: Postcode, metres: float) -> RawSQL:
    """Places within so many metres of a postcode, in a straight line."""
    return _sql(
        "directory_entryplace.easting IS NOT NULL AND point(directory_entryplace.easting, directory_entryplace.northing)"
        " <@ circle(point(%s, %s), %s)",
        home.easting, home.northing, metres,
    )  # fmt: skip
