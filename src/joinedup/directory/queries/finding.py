"""Finding a service in plain words, near a postcode, for an age. Nothing is kept of who looked for what, and no postcode leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.directory import rules
from joinedup.directory.codes import WEEKDAYS
from joinedup.directory.lifecycle import FOUND, status_in
from joinedup.directory.models import Entry, Opening, Postcode
from joinedup.directory.permissions import READ_DIRECTORY
from joinedup.directory.queries.asked import covers, public_entries
from joinedup.directory.settings import flag_after, hide_after

METRES_OF_A_MILE = 1609.344
MOST_SHOWN = 50
_MOST_NAMES = 300  # a page that offers them stays small
_DAYS = dict(zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. `miles` counts from the postcode; nought is any distance."""

    words: str = ""
    postcode: str = ""
    miles: int = 0
    age: int | None = None
    day: str = ""
    is_free: bool = False


@dataclass(frozen=True)
class Found:
    """A service as a result. `miles` is None where it or the home has no known place."""

    id: UUID
    name: str
    provider: str
    summary: str
    ages: str
    cost: str
    miles: float | None
    is_closed: bool
    is_due: bool
    assured_on: date | None


@dataclass(frozen=True)
class FoundPage:
    """Results, the best or nearest first. `is_wider` where no service had all the words and some of them were taken."""

    total: int
    rows: tuple[Found, ...]
    is_wider: bool


@dataclass(frozen=True)
class ServicePage:
    """One service for whoever wants to go there."""

    found: Found
    description: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    url: str
    email: str
    alert: str


def _ages(row: Entry) -> str:
    least, most = (None if each is None else float(each) for each in (row.minimum_age, row.maximum_age))
    if least is None and most is None:
        return "All ages"
    if most is None:
        return f"{least:g} and over"
    return f"Up to {most:g}" if not least else f"{least:g} to {most:g}"


def _cost(row: Entry) -> str:
    return {True: "Free", False: "There is a cost", None: "Ask about cost"}[row.is_free]


def _found(row: Any, on: date) -> Found:
    metres = getattr(row, "metres", None)
    state = rules.freshness(row.assured_on, on, flag_after=flag_after(on), hide_after=hide_after(on))
    return Found(
        row.pk, row.name, row.provider.name, _first(row.summary), _ages(row), _cost(row),
        None if metres is None else round(metres / METRES_OF_A_MILE, 1), status_in(row.state, row.status) == "temporarily closed", state != "fresh",
        row.assured_on,
    )  # fmt: skip


def _first(text: str) -> str:
    return text if len(text) <= 220 else text[:220].rsplit(" ", 1)[0] + " …"


def _visible(viewer: Actor, on: date) -> QuerySet[Entry]:
    """Whoever is signed in and would send a family there finds only what was assured lately enough."""
    rows = public_entries().filter(state__in=FOUND, status__in=("active", "temporarily closed"))
    return rows.filter(assured_on__gt=on - timedelta(days=hide_after(on))) if viewer.is_signed_in else rows


def service_names(viewer: Actor) -> list[str]:
    """Names of services to offer while somebody types one: what they may send a family to, the latest assured, 300 at most. One
    statement."""
    check(viewer, READ_DIRECTORY)
    rows = _visible(viewer, timezone.localdate(viewer.at)).order_by(F("assured_on").desc(nulls_last=True), "name", "pk")
    return list(rows.values_list("name", flat=True)[:_MOST_NAMES])


def _narrowed(rows: QuerySet[Entry], wanted: Wanted, home: Postcode | None) -> QuerySet[Entry]:
    if wanted.age is not None:
        rows = rows.filter(Q(minimum_age=None) | Q(minimum_age__lte=wanted.age))
        rows = rows.filter(Q(maximum_age=None) | Q(maximum_age__gte=wanted.age))
    if wanted.day:
        rows = rows.filter(Exists(Opening.objects.filter(entry=OuterRef("pk"), weekday=wanted.day)))
    if wanted.is_free:
        rows = rows.filter(is_free=True)
    if home is None:
        return rows.annotate(metres=Value(None, output_field=FloatField()))
    nearest = RawSQL(
        "(SELECT min(point(p.easting, p.northing) <-> point(%s, %s)) FROM directory_entryplace p"
        " WHERE p.entry_id = directory_entry.id AND p.easting IS NOT NULL)",
        (home.easting, home.northing), output_field=FloatField(),
    )  # fmt: skip
    rows = rows.filter(covers(home)).annotate(metres=nearest)
    if wanted.miles:
        # What has no place of its own, or keeps it secret, comes to the family and stays.
        rows = rows.filter(Q(metres=None) | Q(metres__lte=wanted.miles * METRES_OF_A_MILE))
    return rows


_ALL = "websearch_to_tsquery('english', %s)"
_SOME = "replace(plainto_tsquery('english', %s)::text, '&', '|')::tsquery"


def _worded(rows: QuerySet[Entry], words: str, query: str) -> QuerySet[Entry]:
    is_meant = RawSQL(f"directory_entry.searched @@ {query}", (words,), output_field=BooleanField())  # noqa: S611 - fixed
    rank = RawSQL(f"ts_rank(directory_entry.searched, {query})", (words,), output_field=FloatField())  # noqa: S611 - fixed
    return rows.filter(is_meant).annotate(rank=rank)


def services_found(viewer: Actor, wanted: Wanted) -> FoundPage:
    """Services that fit, nearest first where a postcode was given, else best first. Five statements at most. Raises Refused
    (DR-301) for a postcode nobody knows."""
    check(viewer, READ_DIRECTORY)
    on = timezone.localdate(viewer.at)
    home = None
    if wanted.postcode:
        home = Postcode.objects.filter(code=rules.written_postcode(wanted.postcode)).first()
        if home is None:
            raise rules.PLACE_UNKNOWN.refused(postcode=wanted.postcode[:12])
    rows = _narrowed(_visible(viewer, on), wanted, home)
    words, is_wider = wanted.words.replace("\x00", " ").strip()[:300], False
    near = [F("metres").asc(nulls_last=True)] if home else []
    if not words:
        return _page(rows.order_by(*near, "name", "id"), on, is_wider=False)
    found = _worded(rows, words, _ALL)
    if not found.exists():
        found, is_wider = _worded(rows, words, _SOME), True
    best = F("rank").desc()
    order = [best] if is_wider else []
    return _page(found.order_by(*order, *near, best, "name", "id"), on, is_wider=is_wider)


def _page(rows: QuerySet[Entry], on: date, *, is_wider: bool) -> FoundPage:
    shown = list(rows.select_related("provider")[: MOST_SHOWN + 1])
    total = len(shown) if len(shown) <= MOST_SHOWN else rows.count()
    return FoundPage(total, tuple(_found(each, on) for each in shown[:MOST_SHOWN]), is_wider and total > 0)


def service_page(viewer: Actor, entry_id: UUID) -> ServicePage:
    """One service; to practitioners, too, where assurance ran out, with its flag. NotVisible while nothing of it is approved."""
    check(viewer, READ_DIRECTORY)
    row = public_entries().select_related("provider", "approved").filter(pk=entry_id).first()
    if row is None or row.approved is None:
        raise NotVisible
    document = row.approved.document
    facts = [("Who it is for", _ages(row)), ("Cost", _price(row, document)), ("Run by", row.provider.name)]
    facts += [("When", each) for each in _times(document)] + [("Where", each) for each in _addresses(document)]
    facts += [
        ("For people who live in", str(each["name"])) for each in document.get("service_areas", ()) if each.get("name")
    ]
    facts += [("Getting in", each) for each in _accessibility(document)]
    languages = [str(each["name"]) for each in document.get("languages", ()) if each.get("name")]
    facts += [("Languages", ", ".join(languages))] if languages else []
    url = document.get("url") or row.provider.website
    return ServicePage(
        _found(row, timezone.localdate(viewer.at)), tuple(str(document.get("description", "")).split("\n")), tuple(facts),
        url if str(url).startswith(("https://", "http://")) else "", document.get("email") or row.provider.email,
        document.get("alert", ""),
    )  # fmt: skip


def _price(row: Entry, document: dict[str, Any]) -> str:
    prices = [
        f"{each.get('option', 'Price')}: £{each['amount']:,.2f}"
        for each in document.get("cost_options", ())
        if each.get("amount")
    ]
    return "; ".join(prices) or str(document.get("fees") or _cost(row))


def _times(document: dict[str, Any]) -> list[str]:
    found = []
    for each in document.get("schedules", ()):
        days = [_DAYS[day] for day in str(each.get("byday", "")).split(",") if day in _DAYS]
        hours = " to ".join(str(each[name])[:5] for name in ("opens_at", "closes_at") if each.get(name))
        said = ", ".join([*days, *([hours] if hours else [])]) or str(each.get("description", ""))
        found += [said] if said else []
    return found


def _addresses(document: dict[str, Any]) -> list[str]:
    names = ("address_1", "city", "postal_code")
    found = []
    for at in document.get("service_at_locations", ()):
        for each in at.get("location", {}).get("addresses", ()):
            found.append(", ".join(str(each[name]) for name in names if each.get(name)))
    return found


def _accessibility(document: dict[str, Any]) -> list[str]:
    return [
        str(each.get("description") or each.get("accessibility"))
        for at in document.get("service_at_locations", ())
        for each in at.get("location", {}).get("accessibility", ())
        if each.get("description") or each.get("accessibility")
    ]
