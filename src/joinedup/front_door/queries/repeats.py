"""How often families are asked what somebody entitled to know knew already. The target is none."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.front_door import asking
from joinedup.front_door.models import Confirmation, Contact, Referral, Repeat, withheld_referrals
from joinedup.front_door.permissions import READ_REPEATS
from joinedup.person_index.queries import safe_contacts_confirmed

_MONTHS = 12
_MOST_LISTED = 200
_SOURCES = {
    "record": "Their own organisation’s record",
    "contact": "What they had told us before",
    "index": "What the front door knew",
}


@dataclass(frozen=True)
class Month:
    """One month: referrals made on the form or by phone, fields asked again, and confirmations."""

    starts_on: date
    referrals: int
    repeats: int
    confirmations: int

    @property
    def code(self) -> str:
        """As in an address: 2026-11."""
        return f"{self.starts_on:%Y-%m}"


@dataclass(frozen=True)
class Tally:
    """A number with what it counts: `code` is an organisation's id or a field's name."""

    code: str
    label: str
    n: int
    confirmations: int = 0


@dataclass(frozen=True)
class RepeatsPage:
    """The measure: this month first, then the year by month, organisation and field."""

    this_month: Month
    months: tuple[Month, ...]
    organisations: tuple[Tally, ...]
    fields: tuple[Tally, ...]

    @property
    def most(self) -> int:
        """The highest month, for the picture."""
        return max((month.repeats for month in self.months), default=0)


def _starts(at: datetime) -> list[date]:
    """The first days of the last twelve months, the oldest first."""
    today = timezone.localdate(at)
    numbers = [today.year * 12 + today.month - 1 - back for back in range(_MONTHS)]
    return [date(number // 12, number % 12 + 1, 1) for number in reversed(numbers)]


def _since(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


def repeats(viewer: Actor) -> RepeatsPage:
    """The measure for managers; six queries, whatever the numbers. What was confirmed of how somebody is reached safely
    is in the months."""
    check(viewer, READ_REPEATS)
    starts = _starts(viewer.at)
    since = _since(starts[0])
    typed = Contact.objects.filter(received_at__gte=since, channel__in=("form", "phone"), is_about_staff_member=False)
    typed = typed.exclude(referral__in=withheld_referrals(viewer))
    repeated = _repeats_of(viewer).filter(at__gte=since)
    confirmed = Confirmation.objects.filter(at__gte=since, answer="yes").exclude(_withheld(viewer))
    safe = safe_contacts_confirmed(viewer).filter(recorded_at__gte=since)
    counts = [
        _by_month(typed, "received_at"),
        _by_month(repeated, "at"),
        _by_month(confirmed, "at") + _by_month(safe, "recorded_at"),
    ]
    months = tuple(Month(start, *(count[start] for count in counts)) for start in starts)
    audit.record_read(viewer, subject=("front_door.repeat", "measure"), people=(), purpose="asked again", search=True)
    return RepeatsPage(
        this_month=months[-1],
        months=months,
        organisations=_by_organisation(repeated, confirmed),
        fields=_by_field(repeated),
    )


def _withheld(viewer: Actor) -> Q:
    """Whatever belongs to a referral that names somebody withheld from the viewer: it is in no list and no number, so
    that the two agree and neither says that it is there."""
    return Q(contact__referral__in=withheld_referrals(viewer))


def _repeats_of(viewer: Actor) -> QuerySet[Repeat]:
    return Repeat.objects.exclude(_withheld(viewer))


def _by_month(rows: QuerySet[Any], moment: str) -> Counter[date]:
    found = rows.annotate(month=TruncMonth(moment)).values("month").annotate(n=Count("pk"))
    return Counter({timezone.localtime(row["month"]).date(): row["n"] for row in found})


def _by_organisation(repeated: QuerySet[Repeat], confirmed: QuerySet[Confirmation]) -> tuple[Tally, ...]:
    rows = repeated.values("organisation_id", "organisation__name").annotate(n=Count("pk"))
    also = confirmed.values("organisation_id", "organisation__name").annotate(n=Count("pk"))
    names: dict[UUID | None, str] = {}
    counts: Counter[UUID | None] = Counter()
    yes: Counter[UUID | None] = Counter()
    for found, into in ((rows, counts), (also, yes)):
        for row in found:
            names[row["organisation_id"]] = row["organisation__name"] or "No organisation"
            into[row["organisation_id"]] += row["n"]
    order = sorted(names, key=lambda key: (-counts[key], names[key]))
    return tuple(Tally(str(key or "none"), names[key], counts[key], yes[key]) for key in order)


def _by_field(repeated: QuerySet[Repeat]) -> tuple[Tally, ...]:
    rows = repeated.values("field").annotate(n=Count("pk")).order_by("-n", "field")
    return tuple(Tally(row["field"], asking.label_of(row["field"]), row["n"]) for row in rows)


@dataclass(frozen=True)
class RepeatRow:
    """One field that was asked again: where, by whom, and who knew it."""

    at: datetime
    reference: str
    referral_id: UUID | None
    field: str
    typed_for: str
    source: str
    source_said_on: date | None
    family: str


def repeats_counted(viewer: Actor, *, month: str = "", organisation: str = "", field: str = "") -> list[RepeatRow]:
    """What a number counts, the newest first. Nothing that was typed is shown, only that it was."""
    check(viewer, READ_REPEATS)
    rows = _narrowed(_repeats_of(viewer).filter(at__gte=_since(_starts(viewer.at)[0])), month, organisation, field)
    found = list(rows.select_related(*_RELATED).order_by("-at", "-pk")[:_MOST_LISTED])
    seen = set(
        Referral.objects.visible_to(viewer)
        .filter(contact__in=[row.contact_id for row in found])
        .values_list("pk", flat=True)
    )
    audit.record_read(viewer, subject=("front_door.repeat", "list"), people=(), purpose="asked again", search=True)
    return [_row(row, seen) for row in found]


_RELATED = ("contact__referral__family", "organisation", "source_organisation")


def _narrowed(rows: QuerySet[Repeat], month: str, organisation: str, field: str) -> QuerySet[Repeat]:
    start = _month_of(month)
    if start is not None:
        after = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        rows = rows.filter(at__gte=_since(start), at__lt=_since(after))
    if organisation == "none":
        rows = rows.filter(organisation=None)
    elif organisation:
        try:
            rows = rows.filter(organisation_id=UUID(organisation))
        except ValueError:
            rows = rows.none()
    return rows.filter(field=field) if field in asking.FIELDS else rows


def _month_of(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None


def _row(row: Repeat, seen: set[UUID]) -> RepeatRow:
    referral = getattr(row.contact, "referral", None)
    family = referral.family.name if referral and referral.family and referral.pk in seen else ""
    return RepeatRow(
        at=row.at,
        reference=row.contact.reference,
        referral_id=referral.pk if referral and referral.pk in seen else None,
        field=asking.label_of(row.field),
        typed_for=row.organisation.name if row.organisation else "",
        source=_SOURCES.get(row.source_kind, row.source_kind),
        source_said_on=row.source_said_on,
        family=family,
    )


def repeats_file(viewer: Actor) -> str:
    """The measure as a table for a spreadsheet: month, organisation, field, how often. No names, no words."""
    check(viewer, READ_REPEATS)
    since = _since(_starts(viewer.at)[0])
    rows = (
        _repeats_of(viewer)
        .filter(at__gte=since)
        .annotate(month=TruncMonth("at"))
        .values("month", "organisation__name", "field")
        .annotate(n=Count("pk"))
        .order_by("month", "organisation__name", "field")
    )
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["Month", "Organisation", "Field", "Asked again"])
    for row in rows:
        month = f"{timezone.localtime(row['month']):%Y-%m}"
        writer.writerow([month, _plain(row["organisation__name"] or ""), asking.label_of(row["field"]), row["n"]])
    audit.record_read(viewer, subject=("front_door.repeat", "file"), people=(), purpose="asked again", search=True)
    return out.getvalue()


def _plain(text: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@dataclass(frozen=True)
class AskedAgain:
    """One family's line: how many times they were asked again, what, and how often a fact was confirmed instead."""

    times: int
    confirmations: int
    fields: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """For the family's page."""
        times = "once" if self.times == 1 else f"{self.times} times"
        return f"Asked again: {times}" + (f" ({', '.join(self.fields).lower()})" if self.fields else "")


def asked_again(viewer: Actor, *, family_id: UUID) -> AskedAgain:
    """How often this family was asked what was known, for a viewer who has been let in to the family. The caller
    audits."""
    about = Q(contact__referral__family_id=family_id)
    rows = _repeats_of(viewer).filter(about).values_list("field", flat=True).order_by("pk")
    found = list(rows)
    confirmed = Confirmation.objects.filter(about, answer="yes").exclude(_withheld(viewer)).count()
    members = safe_contacts_confirmed(viewer).filter(person__memberships__family_id=family_id)
    confirmed += members.values("pk").distinct().count()
    return AskedAgain(len(found), confirmed, tuple(dict.fromkeys(asking.label_of(name) for name in found)))
