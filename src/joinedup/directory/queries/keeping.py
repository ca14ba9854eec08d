"""What providers see of their own records and assurers of everybody's: what waits, what is overdue, what is said to be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.core.charts import Figure, bars
from joinedup.core.errors import NotVisible
from joinedup.directory import rules
from joinedup.directory.comparing import Difference, differences, said_of
from joinedup.directory.completeness import ADVICE, LABELS, completeness_of, next_best
from joinedup.directory.correcting import RESULTS, WHAT
from joinedup.directory.lifecycle import FOUND, IN_FEED, RECORD_LABELS, VERSION_LABELS, RecordState, VersionState
from joinedup.directory.models import Entry, EntryVersion, Provider, Term
from joinedup.directory.permissions import ASSURE_RECORDS, SEE_OWN_RECORDS, WRITE_RECORDS
from joinedup.directory.settings import flag_after, hide_after, remind_after
from joinedup.directory.upkeep_models import Correction, Sample, SampleItem

MOST_LISTED = 50
ONLY: dict[str, str] = {
    "waiting": "Waiting to be decided",
    "flagged": "Not assured lately: flagged where people find it",
    "hidden": "Not assured for long: hidden from practitioners",
    "corrections": "Somebody says it is wrong",
    "closed": "Closed for now",
    "archived": "Archived",
    "all": "Every record",
}
AGES: dict[str, tuple[str, str]] = {
    "": ("Confirmed lately", "green"),
    "remind": ("Confirm soon", "amber"),
    "flag": ("Overdue: flagged where people find it", "amber"),
    "hide": ("Overdue: hidden from practitioners", "red"),
}


@dataclass(frozen=True)
class RecordLine:
    """A record in a list."""

    id: UUID
    name: str
    provider: str
    provider_id: UUID
    state: str
    age: str
    tone: str
    is_overdue: bool
    assured_on: date | None
    completeness: int
    advice: str
    waiting_id: UUID | None
    is_sent_back: bool
    corrections: int
    may_confirm: bool


@dataclass(frozen=True)
class CorrectionLine:
    """What somebody said is wrong."""

    id: UUID
    entry_id: UUID
    entry: str
    what: str
    words: str
    said_at: datetime
    due_on: date
    is_late: bool
    times: int


@dataclass(frozen=True)
class ProviderHome:
    """The services of an editor's organisation, and what there is to do."""

    providers: tuple[Provider, ...]
    rows: tuple[RecordLine, ...]
    corrections: tuple[CorrectionLine, ...]
    picture: Figure | None
    average: int | None

    @property
    def overdue(self) -> int:
        """How many are to be confirmed."""
        return sum(1 for each in self.rows if each.is_overdue)

    @property
    def waiting(self) -> int:
        """How many wait for an assurer."""
        return sum(1 for each in self.rows if each.waiting_id)


@dataclass(frozen=True)
class SampleLine:
    """A sample and what it found so far. `effective` is the per cent of those reached that were right; None before one was."""

    row: Sample
    drawn: int
    checked: int
    right: int
    wrong: int
    no_answer: int

    @property
    def effective(self) -> int | None:
        """Per cent right among those reached."""
        return rules.effectiveness(self.right, self.wrong)


@dataclass(frozen=True)
class AssurerHome:
    """What there is to do for whoever keeps the directory true."""

    counts: tuple[tuple[str, int, str], ...]
    waiting: tuple[RecordLine, ...]
    corrections: tuple[CorrectionLine, ...]
    samples: tuple[SampleLine, ...]
    average: int | None
    picture: Figure | None
    lacking: tuple[tuple[str, str], ...]
    providers: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class VersionLine:
    """A version in the history of a record."""

    row: EntryVersion
    state: str
    tone: str
    reason: str
    by: str
    decided_by: str
    decided_at: datetime | None
    changes: tuple[Difference, ...]
    is_public: bool


@dataclass(frozen=True)
class RecordPage:
    """A record as its keepers see it."""

    entry: Entry
    line: RecordLine
    said: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    versions: tuple[VersionLine, ...]
    waiting: VersionLine | None
    assurances: tuple[tuple[date, str, str], ...]
    moves: tuple[tuple[datetime, str, str, str], ...]
    corrections: tuple[CorrectionLine, ...]
    may_assure: bool
    may_decide: bool


def _stage(row: Entry, on: date) -> str:
    return rules.reminder_stage(
        row.assured_on, on, remind_after=remind_after(on), flag_after=flag_after(on), hide_after=hide_after(on)
    )


def _document(row: Entry) -> dict[str, Any]:
    version = row.waiting or row.approved
    return version.document if version else {}


def _lines(rows: Iterable[Entry], on: date) -> tuple[RecordLine, ...]:
    return tuple(_line(each, on) for each in rows)


def _line(row: Any, on: date) -> RecordLine:
    is_shown = row.state in FOUND
    stage = _stage(row, on) if is_shown else ""
    age, tone = AGES[stage]
    score, missing = completeness_of(_document(row), is_address_secret=row.is_address_secret)
    is_sent_back = (row.is_newest_approved, row.is_newest_withdrawn) == (False, False)
    return RecordLine(
        row.pk, row.name, row.provider.name, row.provider_id, RECORD_LABELS[RecordState(row.state)], age if is_shown else "",
        tone, bool(stage), row.assured_on, score, next_best(missing), row.waiting_id, is_sent_back,
        getattr(row, "open_corrections", 0), is_shown and row.waiting_id is None,
    )  # fmt: skip


def _rows() -> QuerySet[Entry]:
    is_open = Q(corrections__answered_at=None, corrections__isnull=False)
    rows = Entry.objects.select_related("provider", "approved", "waiting")
    newest = EntryVersion.objects.filter(entry=OuterRef("pk")).order_by("-number")
    return rows.annotate(
        open_corrections=Count("corrections", filter=is_open, distinct=True),
        is_newest_approved=Subquery(newest.values("decision__is_approved")[:1]),
        is_newest_withdrawn=Subquery(newest.values("decision__is_withdrawn")[:1]),
    )


def _corrections(rows: QuerySet[Correction], on: date) -> tuple[CorrectionLine, ...]:
    found = rows.filter(answered_at=None).select_related("entry").order_by("due_on", "pk")[:MOST_LISTED]
    return tuple(
        CorrectionLine(
            each.pk, each.entry_id, each.entry.name, WHAT.get(each.what, WHAT["other"]), each.words, each.said_at, each.due_on,
            each.due_on < on, each.times,
        )
        for each in found
    )  # fmt: skip


def own_providers(viewer: Actor) -> list[Provider]:
    """The providers whose records an editor keeps: those their organisation is. A manager keeps them all and has none of their own."""
    check(viewer, SEE_OWN_RECORDS)
    mine = {each.organisation_id for each in viewer.standings if each.role == Role.DIRECTORY_EDITOR}
    return list(Provider.objects.filter(organisation__in=mine).order_by("name", "pk"))


def provider_home(viewer: Actor) -> ProviderHome:
    """An editor's services. Five statements, however many there are."""
    providers, on = own_providers(viewer), timezone.localdate(viewer.at)
    rows = _rows().filter(provider__in=providers).order_by("name", "pk")[:200]
    lines = sorted(_lines(rows, on), key=lambda each: (not each.is_overdue, each.name))
    said = Correction.objects.filter(entry__provider__in=providers)
    scores = [(each.name, float(each.completeness)) for each in lines[:12]]
    return ProviderHome(
        tuple(providers), tuple(lines), _corrections(said, on),
        bars("How complete your records are", scores, unit="per cent") if scores else None,
        round(sum(each.completeness for each in lines) / len(lines)) if lines else None,
    )  # fmt: skip


def _only(only: str, on: date) -> Q:
    shown = Q(state__in=FOUND, approved__isnull=False)
    flag, hide = on - timedelta(days=flag_after(on)), on - timedelta(days=hide_after(on))
    return {
        "waiting": Q(waiting__isnull=False),
        "flagged": shown & Q(assured_on__lte=flag, assured_on__gt=hide),
        "hidden": shown & (Q(assured_on=None) | Q(assured_on__lte=hide)),
        "corrections": Q(open_corrections__gt=0),
        "closed": Q(state=RecordState.CLOSED),
        "archived": Q(state=RecordState.ARCHIVED),
    }.get(only, Q())


def record_list(viewer: Actor, only: str, page: int, missing: str = "") -> tuple[int, tuple[RecordLine, ...]]:
    """A page of records narrowed to one kind, or to those that lack something; with how many there are. Two statements."""
    check(viewer, ASSURE_RECORDS)
    on = timezone.localdate(viewer.at)
    rows = _rows().filter(_only(only, on))
    if missing in LABELS:
        rows = rows.filter(missing__contains=[missing], state__in=FOUND)
    start = (page - 1) * MOST_LISTED
    return rows.count(), _lines(rows.order_by("name", "pk")[start : start + MOST_LISTED], on)


def assurer_home(viewer: Actor) -> AssurerHome:
    """What there is to do. As many statements however many records."""
    check(viewer, ASSURE_RECORDS)
    on = timezone.localdate(viewer.at)
    kinds = [each for each in ONLY if each != "corrections"]
    found = Entry.objects.aggregate(average=Avg("completeness", filter=Q(state__in=FOUND)), **{
        each: Count("pk", filter=_only(each, on)) for each in kinds
    })  # fmt: skip
    open_ones = Correction.objects.filter(answered_at=None)
    found["corrections"] = open_ones.values("entry").distinct().count()
    waiting = _rows().filter(waiting__isnull=False).order_by("waiting__written_at", "pk")[:MOST_LISTED]
    worst = Provider.objects.filter(entries__state__in=FOUND).annotate(
        score=Avg("entries__completeness"), n=Count("entries")
    ).filter(score__isnull=False).order_by("score", "name")[:8]  # fmt: skip
    average, (lacking, picture) = found["average"], _lacking()
    return AssurerHome(
        tuple((words, found[each], each) for each, words in ONLY.items()), _lines(waiting, on), _corrections(open_ones, on),
        _samples(Sample.objects.order_by("-drawn_at")[:5]), None if average is None else round(average), picture, lacking,
        tuple((each.name, round(each.score), each.n) for each in worst),
    )  # fmt: skip


def _lacking() -> tuple[tuple[tuple[str, str], ...], Figure | None]:
    """How many public records lack what, the most first, by code and in words. One statement."""
    rows: Counter[str] = Counter()
    counted = Entry.objects.filter(state__in=FOUND).exclude(missing=[]).values_list("missing").annotate(n=Count("pk"))
    for codes, number in counted:
        rows.update(dict.fromkeys(codes, number))
    shown = [(code, number) for code, number in rows.most_common(8) if code in LABELS]
    picture = bars(
        "What public records lack", [(LABELS[code], float(number)) for code, number in shown], unit="records"
    )
    return tuple((code, LABELS[code]) for code, _ in shown), picture if shown else None


def _samples(rows: Iterable[Sample]) -> tuple[SampleLine, ...]:
    found = list(rows)
    tally: dict[UUID, Counter[str]] = {each.pk: Counter() for each in found}
    counted = SampleItem.objects.filter(sample__in=found).values_list("sample", "result").annotate(n=Count("pk"))
    for sample_id, result, number in counted:
        tally[sample_id][result] = number
    return tuple(
        SampleLine(
            each, tally[each.pk].total(), tally[each.pk].total() - tally[each.pk][""], tally[each.pk]["right"],
            tally[each.pk]["wrong"], tally[each.pk]["no_answer"],
        )
        for each in found
    )  # fmt: skip


def sample_page(viewer: Actor, sample_id: UUID) -> tuple[SampleLine, list[tuple[SampleItem, str, str]]]:
    """A sample with its records: whom to ring and what the check found."""
    check(viewer, ASSURE_RECORDS)
    row = Sample.objects.filter(pk=sample_id).first()
    if row is None:
        raise NotVisible
    items = SampleItem.objects.filter(sample=row).select_related("entry__provider", "entry__approved").order_by("place")
    listed = [
        (
            each,
            said_of(each.entry.approved.document if each.entry.approved else {}).get("Phone", ""),
            RESULTS.get(each.result, ""),
        )
        for each in items
    ]
    return _samples([row])[0], listed


def sample_item_for(viewer: Actor, item_id: UUID) -> SampleItem:
    """One record of a sample."""
    check(viewer, ASSURE_RECORDS)
    row = SampleItem.objects.select_related("entry__provider", "entry__approved", "sample").filter(pk=item_id).first()
    if row is None:
        raise NotVisible
    return row


def entry_for(viewer: Actor, entry_id: UUID) -> Entry:
    """A record its viewer may write on. NotVisible for anybody else's."""
    row = _rows().filter(pk=entry_id).first()
    if row is None or not can(viewer, WRITE_RECORDS, row):
        raise NotVisible
    return row


def version_for(viewer: Actor, version_id: UUID) -> EntryVersion:
    """A version of a record its viewer may write on."""
    row = (
        EntryVersion.objects.select_related("entry__provider", "entry__approved", "entry__waiting")
        .filter(pk=version_id)
        .first()
    )
    if row is None or not can(viewer, WRITE_RECORDS, row):
        raise NotVisible
    return row


def correction_for(viewer: Actor, correction_id: UUID) -> Correction:
    """What somebody said of a record its viewer may write on."""
    row = Correction.objects.select_related("entry__provider").filter(pk=correction_id).first()
    if row is None or not can(viewer, WRITE_RECORDS, row):
        raise NotVisible
    return row


def provider_for(viewer: Actor, provider_id: UUID) -> Provider:
    """A provider, for whoever assures."""
    check(viewer, ASSURE_RECORDS)
    row = Provider.objects.filter(pk=provider_id).first()
    if row is None:
        raise NotVisible
    return row


def categories(viewer: Actor) -> dict[str, str]:
    """The words the partnership describes services by, by id: those under another word, of lists that are our own."""
    check(viewer, SEE_OWN_RECORDS)
    rows = Term.objects.filter(parent__isnull=False).exclude(taxonomy__name="Needs").order_by("taxonomy__name", "name")
    return {str(key): name for key, name in rows.values_list("pk", "name")[:150]}


def version_changes(version: EntryVersion) -> tuple[Difference, ...]:
    """What a version would change of what is public now."""
    public = version.entry.approved.document if version.entry.approved else {}
    return differences(public, version.document)


def newest_number(entry: Entry) -> int:
    """The number of the newest version; nought where there is none."""
    return entry.versions.order_by("-number").values_list("number", flat=True).first() or 0


def record_page(viewer: Actor, entry_id: UUID) -> RecordPage:
    """A record with its history."""
    entry, on = entry_for(viewer, entry_id), timezone.localdate(viewer.at)
    rows = list(entry.versions.select_related("decision").order_by("number"))
    assured, moved = (
        list(entry.assurances.order_by("-assured_on", "-pk")[:50]),
        list(entry.moves.order_by("-moved_at")[:50]),
    )
    people = (
        {each.written_by for each in rows} | {each.written_by for each in assured} | {each.moved_by for each in moved}
    )
    people |= {each.decision.decided_by for each in rows if hasattr(each, "decision")}
    names: dict[UUID | None, str] = dict(names_of_accounts(viewer, {each for each in people if each}).items())
    versions, before = [], None
    for each in rows:
        versions.append(_version(each, before, names, entry))
        before = each if hasattr(each, "decision") and each.decision.is_approved else before
    versions.reverse()
    _, missing = completeness_of(_document(entry), is_address_secret=entry.is_address_secret)
    newest = rows[-1] if rows else None
    line = _line(entry, on)
    may_assure = can(viewer, ASSURE_RECORDS, entry)
    return RecordPage(
        entry, line, tuple(said_of(entry.approved.document).items()) if entry.approved else (),
        tuple((LABELS[each], ADVICE[each]) for each in missing), tuple(versions[:50]),
        next((each for each in versions if each.row.pk == entry.waiting_id), None),
        tuple((each.assured_on, each.how, names.get(each.written_by, "Joinedup")) for each in assured),
        tuple((each.moved_at, RECORD_LABELS[RecordState(each.after)], each.words, names.get(each.moved_by, "Joinedup")) for each in moved),
        _corrections(Correction.objects.filter(entry=entry), on), may_assure,
        may_assure and entry.waiting_id is not None and newest is not None and newest.written_by != viewer.account_id,
    )  # fmt: skip


_TONES = {
    VersionState.WAITING: "amber",
    VersionState.APPROVED: "green",
    VersionState.SENT_BACK: "red",
    VersionState.WITHDRAWN: "grey",
}


def _version(row: Any, before: Any, names: dict[Any, str], entry: Entry) -> VersionLine:
    decision = getattr(row, "decision", None)
    if decision is None:
        state = VersionState.WAITING
    elif decision.is_approved:
        state = VersionState.APPROVED
    else:
        state = VersionState.WITHDRAWN if decision.is_withdrawn else VersionState.SENT_BACK
    return VersionLine(
        row, VERSION_LABELS[state], _TONES[state], decision.reason if decision else "", names.get(row.written_by, "Joinedup"),
        names.get(decision.decided_by, "Joinedup") if decision else "", decision.decided_at if decision else None,
        differences(before.document, row.document) if before else (), row.pk == entry.approved_id,
    )  # fmt: skip


def public_entry(entry_id: UUID) -> Entry:
    """A record anybody can read."""
    row = (
        Entry.objects.select_related("provider").filter(pk=entry_id, state__in=IN_FEED, approved__isnull=False).first()
    )
    if row is None:
        raise NotVisible
    return row


def public_words(entry: Entry) -> list[tuple[str, str]]:
    """What everybody reads of a record, to read out on the phone."""
    return list(said_of(entry.approved.document).items()) if entry.approved else []


def is_record(viewer: Actor, text: str) -> bool:
    """Whether a text names a record its viewer may write on."""
    try:
        return bool(entry_for(viewer, UUID(text)))
    except (ValueError, NotVisible):
        return False
