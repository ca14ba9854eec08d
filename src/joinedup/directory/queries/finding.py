"""Finding a service in plain words, near a postcode, for an age. Nothing is kept of who looked for what, and no postcode leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, F, FloatField, Q, QuerySet, Value, Window
from django.db.models.expressions import RawSQL
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.errors import NotVisible
from joinedup.core.figures import Figure
from joinedup.directory import rules
from joinedup.directory.fitting import DAYS, opening_words, reasons
from joinedup.directory.lifecycle import FOUND, status_in
from joinedup.directory.models import Entry, EntryPlace, Opening, Postcode
from joinedup.directory.permissions import READ_DIRECTORY
from joinedup.directory.plain_words import NO_TOPIC, OTHER_TOPIC
from joinedup.directory.plot import Spot, plotted
from joinedup.directory.queries.advising import Advised, advice_found
from joinedup.directory.queries.asked import covers, public_entries
from joinedup.directory.queries.narrowing import Words, meant_instead, of_need, open_at, words_of
from joinedup.directory.reaching import Phone, addresses_of, phones_of
from joinedup.directory.settings import flag_after, hide_after

METRES_OF_A_MILE = 1609.344
MOST_SHOWN = 20  # on a page
_MOST_NAMES = 300  # a page that offers them stays small
_OF_PLACES = frozenset({"service_at_locations", "phones", "contacts", "schedules"})  # what could tell a secret place


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. `miles` counts from the postcode; nought is any distance. `when` is morning, afternoon or evening,
    `features` are codes of directory.features, `order` is near, best or checked ("" the usual one)."""

    words: str = ""
    postcode: str = ""
    miles: int = 0
    age: int | None = None
    day: str = ""
    is_free: bool = False
    when: str = ""
    need: UUID | None = None
    features: tuple[str, ...] = ()
    order: str = ""
    page: int = 1


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
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundPage:
    """A page of results, the best or nearest first. `is_wider` where no service had all the words and some of them were taken;
    `instead` is what may have been meant; `easier` are (field to leave out, words for it, services there would be)."""

    total: int
    rows: tuple[Found, ...]
    is_wider: bool
    number: int = 1
    pages: int = 1
    instead: str = ""
    topics: tuple[str, ...] = ()
    advice: tuple[Advised, ...] = ()
    plot: Figure | None = None
    easier: tuple[tuple[str, str, int], ...] = ()

    @property
    def first(self) -> int:
        """The number of the first service shown, of all that fit."""
        return (self.number - 1) * MOST_SHOWN + 1

    @property
    def outcome(self) -> str:
        """How the search is counted: found, wider or none."""
        return "none" if not self.total else "wider" if self.is_wider else "found"


@dataclass(frozen=True)
class ServicePage:
    """One service for whoever wants to go there. `phones` is empty where the place of a service is kept secret: an area code would
    tell it."""

    found: Found
    description: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    url: str
    email: str
    alert: str
    phones: tuple[Phone, ...] = ()
    is_place_secret: bool = False


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
    rows = open_at(rows, wanted.day, wanted.when)
    if wanted.need:
        rows = of_need(rows, wanted.need)
    if wanted.features:
        rows = rows.filter(features__contains=list(wanted.features))
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
        # What has no place of its own, or keeps it secret, comes to the family and stays. Who is near is found once, by the index of
        # places; how far each lies is worked out for those alone.
        rows = rows.filter(RawSQL(
            "(directory_entry.id IN (SELECT p.entry_id FROM directory_entryplace p WHERE p.easting IS NOT NULL"
            " AND point(p.easting, p.northing) <@ circle(point(%s, %s), %s))"
            " OR NOT EXISTS (SELECT 1 FROM directory_entryplace p WHERE p.entry_id = directory_entry.id AND p.easting IS NOT NULL))",
            (home.easting, home.northing, wanted.miles * METRES_OF_A_MILE), output_field=BooleanField(),
        ))  # fmt: skip
    return rows


def services_found(viewer: Actor, wanted: Wanted) -> FoundPage:
    """Services and advice that fit, nearest first where a postcode was given, else best first. Ten statements at most, six more
    where nothing fits. Raises Refused (DR-301) for a postcode nobody knows."""
    check(viewer, READ_DIRECTORY)
    on = timezone.localdate(viewer.at)
    home = None
    if wanted.postcode:
        home = Postcode.objects.filter(code=rules.written_postcode(wanted.postcode)).first()
        if home is None:
            raise rules.PLACE_UNKNOWN.refused(postcode=wanted.postcode[:12])
    words = words_of(wanted.words)
    rows = _narrowed(_visible(viewer, on), wanted, home)
    shown, total, is_wider = _shown(rows, wanted, words, home)
    pages = max(1, -(-total // MOST_SHOWN))
    number = min(max(1, wanted.page), pages)
    start = (number - 1) * MOST_SHOWN + 1
    return FoundPage(
        total, _with_reasons(shown, wanted, on), is_wider and total > 0, number, pages,
        meant_instead(words) if words.text and (is_wider or not total) else "",
        tuple(words.topics) or ((OTHER_TOPIC,) if words.text else (NO_TOPIC,)),
        advice_found(viewer, words, wanted.age) if number == 1 else (),
        _plot(shown, home, start) if home and total else None,
        () if total else _easier(viewer, wanted, words, home, on),
    )  # fmt: skip


def _shown(rows: QuerySet[Entry], wanted: Wanted, words: Words, home: Postcode | None) -> tuple[list[Entry], int, bool]:
    """A page of services with all the words or their meaning, else with some of them; how many there are; and whether it was some.
    The rows and their number come from one statement, so that nothing is worked out twice."""
    for is_wider in (False, True) if words.text else (False,):
        found = rows
        if words.text:
            is_meant, rank = words.matched("directory_entry.searched", is_wider=is_wider)
            found = rows.filter(is_meant).annotate(rank=rank)
        ordered = _ordered(found, wanted, words, home, is_wider).select_related("provider")
        counted = ordered.annotate(number_of_all=Window(Count("*")))
        start = (max(1, wanted.page) - 1) * MOST_SHOWN
        shown: list[Any] = list(counted[start : start + MOST_SHOWN])  # rows with their number beside them
        if not shown and start and (total := found.count()):  # a page behind the last: the last
            start = (total - 1) // MOST_SHOWN * MOST_SHOWN
            shown = list(counted[start : start + MOST_SHOWN])
        if shown:
            return shown, int(shown[0].number_of_all), is_wider
    return [], 0, bool(words.text)


def _ordered(
    rows: QuerySet[Entry], wanted: Wanted, words: Words, home: Postcode | None, is_wider: bool
) -> QuerySet[Entry]:
    near = [F("metres").asc(nulls_last=True)] if home else []
    best = [F("rank").desc()] if words.text else []
    if wanted.order == "checked":
        return rows.order_by(F("assured_on").desc(nulls_last=True), *near, "name", "id")
    is_best_first = wanted.order == "best" or (is_wider and wanted.order != "near")
    return rows.order_by(*([*best, *near] if is_best_first else [*near, *best]), "name", "id")


def _with_reasons(rows: list[Entry], wanted: Wanted, on: date) -> tuple[Found, ...]:
    openings: dict[UUID, list[Any]] = {}
    if rows:
        for entry, *opening in Opening.objects.filter(entry__in=rows).values_list(
            "entry", "weekday", "opens", "closes"
        ):
            openings.setdefault(entry, []).append(tuple(opening))
    found = [_found(each, on) for each in rows]
    return tuple(
        replace(
            each,
            why=reasons(
                ages=each.ages, miles=each.miles, cost=each.cost, features=wanted.features,
                opening=opening_words(openings.get(each.id, ()), day=wanted.day, when=wanted.when, from_day=on.weekday()),
            ),
        )
        for each in found
    )  # fmt: skip


def _plot(rows: list[Entry], home: Postcode, first: int) -> Figure | None:
    """Where those shown lie around home, each at its nearest place; None where none says where it is."""
    nearest: dict[UUID, tuple[float, EntryPlace]] = {}
    for place in EntryPlace.objects.filter(entry__in=rows, easting__isnull=False, northing__isnull=False):
        east, north = (place.easting or 0) - home.easting, (place.northing or 0) - home.northing
        metres = float(east * east + north * north)
        if place.entry_id not in nearest or metres < nearest[place.entry_id][0]:
            nearest[place.entry_id] = (metres, place)
    spots = [
        Spot(number, each.name, str(nearest[each.pk][1]), (nearest[each.pk][1].easting or 0) - home.easting,
             (nearest[each.pk][1].northing or 0) - home.northing)
        for number, each in enumerate(rows, start=first) if each.pk in nearest
    ]  # fmt: skip
    return plotted(spots) if spots else None


def _easier(
    viewer: Actor, wanted: Wanted, words: Words, home: Postcode | None, on: date
) -> tuple[tuple[str, str, int], ...]:
    """What would find something, were one thing left out: only what was asked, only where it helps. One statement for each, six
    at most."""
    tries = [
        ("miles", "Look at any distance", replace(wanted, miles=0)) if wanted.miles else None,
        ("filters", "Leave out day, time and other choices", replace(wanted, day="", when="", need=None, features=(), is_free=False))
        if wanted.day or wanted.when or wanted.need or wanted.features or wanted.is_free else None,
        ("age", "Leave out the age", replace(wanted, age=None)) if wanted.age is not None else None,
        ("words", "Leave out the words and see all that is near", replace(wanted, words="")) if words.text else None,
    ]  # fmt: skip
    found = []
    for each in tries:
        if each is not None:
            rows = _narrowed(_visible(viewer, on), each[2], home)
            count = (_wider(rows, words) if each[0] != "words" else rows).count()
            found += [(each[0], each[1], count)] if count else []
    return tuple(found)


def _wider(rows: QuerySet[Entry], words: Words) -> QuerySet[Entry]:
    return rows.filter(words.matched("directory_entry.searched", is_wider=True)[0]) if words.text else rows


def service_page(viewer: Actor, entry_id: UUID) -> ServicePage:
    """One service; to practitioners, too, where assurance ran out, with its flag. NotVisible while nothing of it is approved."""
    check(viewer, READ_DIRECTORY)
    row = public_entries().select_related("provider", "approved").filter(pk=entry_id).first()
    if row is None or row.approved is None:
        raise NotVisible
    document = row.approved.document
    is_secret = row.is_address_secret or row.provider.is_address_secret
    if is_secret:  # no place was kept; should one have been, it is not told, and neither is what stands with it
        document = {name: each for name, each in document.items() if name not in _OF_PLACES}
    facts = [("Who it is for", _ages(row)), ("Cost", _price(row, document)), ("Run by", row.provider.name)]
    facts += [("When", each) for each in _times(document)] + [("Where", each) for each in addresses_of(document)]
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
        document.get("alert", ""), phones_of(document), is_secret,
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
    held = (document, *document.get("service_at_locations", ()))
    for each in (schedule for one in held for schedule in one.get("schedules", ())):
        days = [DAYS[day] for day in str(each.get("byday", "")).split(",") if day in DAYS]
        hours = " to ".join(str(each[name])[:5] for name in ("opens_at", "closes_at") if each.get(name))
        said = ", ".join([*days, *([hours] if hours else [])]) or str(each.get("description", ""))
        found += [said] if said and said not in found else []
    return found


def _accessibility(document: dict[str, Any]) -> list[str]:
    return [
        str(each.get("description") or each.get("accessibility"))
        for at in document.get("service_at_locations", ())
        for each in at.get("location", {}).get("accessibility", ())
        if each.get("description") or each.get("accessibility")
    ]
