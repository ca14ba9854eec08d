"""A case's chronology: what happened to the family, narrowed, as a table, a document and a timeline; and its family
tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.permissions import MARK_ENTRY, PUT_BACK_ENTRY, RECTIFY_ENTRY
from joinedup.casework.queries.frame import CaseFrame
from joinedup.chronology.kinds import title_of
from joinedup.chronology.queries import Entry, entries, entry_for_change, places_of
from joinedup.core.charts import Mark, timeline
from joinedup.core.documents import Document, Facts, Paragraph
from joinedup.core.figures import Figure, Table
from joinedup.core.formats import date_long, day_or_moment
from joinedup.core.keyset import cursor, read_cursor
from joinedup.organisations.queries import names_of_organisations
from joinedup.person_index.queries import family_tree_of

MOST = 500  # read at a time, and drawn on a line of time: more of them would lie on each other


@dataclass(frozen=True)
class Narrowed:
    """What a chronology is narrowed to; nothing in it says who anybody is, so it may stand in an address."""

    kind: str = ""
    organisation_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    is_significant: bool = False


@dataclass(frozen=True)
class EntryShown:
    """One entry with its people and agency in words."""

    entry: Entry
    people: str
    organisation: str

    @property
    def said(self) -> str:
        """Its words as sentences."""
        return self.entry.said

    @property
    def what(self) -> str:
        """Title and words, or that it was taken out and by whom."""
        gone = self.entry.taken_out
        if gone is not None:
            return f"Taken out by {gone.by or 'Joinedup'} on {date_long(gone.at)}. {gone.because}: {gone.words}"
        return f"{self.entry.title}. {self.said}" if self.said else self.entry.title


@dataclass(frozen=True)
class Chronology:
    """A case's chronology, the newest first."""

    rows: tuple[EntryShown, ...]
    kinds: tuple[tuple[str, str], ...]
    organisations: tuple[tuple[UUID, str], ...]
    narrowed: Narrowed
    is_cut: bool
    may_mark: bool
    may_rectify: bool
    may_put_back: bool
    named: dict[UUID, str] = field(default_factory=dict)

    @property
    def next_cursor(self) -> str:
        """Where the next page begins; empty at the end."""
        last = self.rows[-1].entry if self.rows and self.is_cut else None
        return cursor(last.at, last.id) if last else ""

    def table(self) -> Table:
        """The same entries in the order in which they happened."""
        rows = tuple(
            (
                day_or_moment(each.entry.at),
                each.people,
                each.what,
                each.entry.impact if each.entry.is_significant else "",
                ", ".join(part for part in (each.entry.by, each.organisation) if part),
            )
            for each in reversed(self.rows)
        )
        return Table(("When", "Who", "What happened", "What it meant for the child", "Recorded by"), rows, "Chronology")

    def figure(self, today: date) -> Figure | None:
        """The same entries on a line of time, of more than 500 the newest, which it then says; None where there are
        none."""
        standing = [each for each in self.rows if each.entry.taken_out is None]
        if not standing:
            return None
        shown = standing[:MOST]
        marks = [
            Mark(
                timezone.localdate(each.entry.at), each.entry.impact or each.what, each.organisation or "The family, or no agency",
                each.entry.is_significant,
            )
            for each in shown
        ]  # fmt: skip
        starts = min(mark.on for mark in marks)
        ends = max([*(mark.on for mark in marks), today])
        note = _drawn_only(len(shown), len(standing))
        return timeline("What happened when", marks, starts=starts, ends=ends, note=note)


def chronology_of(
    viewer: Actor, frame: CaseFrame, narrowed: Narrowed = Narrowed(), *, after: str = "", most: int = MOST
) -> Chronology:
    """What happened to a case's family, newest first, at most 500 entries, or a page of them after a cursor. The frame has
    let the viewer in and audited it."""
    found = _read(viewer, frame, narrowed, after, most + 1)
    kinds, organisations = places_of(viewer, family_id=frame.row.family_id)
    names = names_of_organisations(viewer, organisations)
    people = {each.person_id: each.name for each in frame.people}
    return Chronology(
        rows=tuple(_shown(each, people, names, len(frame.people)) for each in found[:most]),
        kinds=tuple(sorted(((kind, title_of(kind)) for kind in kinds), key=lambda pair: pair[1])),
        organisations=tuple(sorted(names.items(), key=lambda pair: pair[1])),
        narrowed=narrowed,
        is_cut=len(found) > most,
        may_mark=can(viewer, MARK_ENTRY, frame.row),
        may_rectify=can(viewer, RECTIFY_ENTRY, frame.row),
        may_put_back=can(viewer, PUT_BACK_ENTRY, frame.row),
        named=people,
    )


def whole_chronology(viewer: Actor, frame: CaseFrame, narrowed: Narrowed = Narrowed()) -> Chronology:
    """As `chronology_of`, to its first entry, for whoever prints or keeps it: what goes to a court or to the next team
    leaves nothing out. Read 500 at a time, so that no statement grows with the case."""
    first = chronology_of(viewer, frame, narrowed)
    rows, after = list(first.rows), first.next_cursor
    people, names = first.named, dict(first.organisations)
    while after:
        found = _read(viewer, frame, narrowed, after, MOST)
        rows.extend(_shown(each, people, names, len(frame.people)) for each in found)
        after = cursor(found[-1].at, found[-1].id) if len(found) == MOST else ""
    return replace(first, rows=tuple(rows), is_cut=False)


def _read(viewer: Actor, frame: CaseFrame, narrowed: Narrowed, after: str, limit: int) -> list[Entry]:
    return entries(
        viewer,
        family_id=frame.row.family_id,
        kinds=[narrowed.kind] if narrowed.kind else (),
        organisation_id=narrowed.organisation_id,
        since=_start(narrowed.since),
        until=_start(narrowed.until + timedelta(days=1)) if narrowed.until else None,
        is_significant=narrowed.is_significant,
        after=read_cursor(after, int),
        limit=limit,
    )


def entry_of(viewer: Actor, frame: CaseFrame, event_id: int) -> EntryShown:
    """One entry of a case's chronology."""
    _, entry = entry_for_change(viewer, event_id, family_id=frame.row.family_id)
    ids = [entry.organisation_id] if entry.organisation_id else []
    people = {each.person_id: each.name for each in frame.people}
    return _shown(entry, people, names_of_organisations(viewer, ids), len(frame.people))


def _shown(entry: Entry, people: dict[UUID, str], organisations: dict[UUID, str], everybody: int) -> EntryShown:
    named = [people[each] for each in entry.people if each in people]
    who = "The whole family" if len(named) > 1 and len(named) == everybody else ", ".join(named) or "The family"
    organisation = organisations.get(entry.organisation_id, "") if entry.organisation_id else ""
    return EntryShown(entry, who, organisation)


def _start(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def chronology_document(viewer: Actor, frame: CaseFrame, chronology: Chronology) -> Document:
    """The chronology to print, keep or send, with every entry that it was given."""
    facts = [
        ("Case", frame.reference),
        ("Children", ", ".join(each.name for each in frame.children)),
        (frame.pathway.words.lead, frame.lead_professional or "Not named yet"),
        ("Shown", _in_words(chronology)),
    ]
    blocks: list[Facts | Figure | Paragraph | Table] = [Facts(facts)]
    figure = chronology.figure(timezone.localdate(viewer.at))
    if figure is not None:
        blocks.append(
            Figure(figure.svg, figure.title, figure.description, _NO_TABLE, figure.csv, figure.width, figure.height)
        )
        standing = sum(each.entry.taken_out is None for each in chronology.rows)
        if standing > MOST:
            blocks.append(Paragraph(f"{_drawn_only(MOST, standing)} The table has all of them.", is_quiet=True))
    blocks.append(chronology.table() if chronology.rows else Paragraph("Nothing is recorded."))
    return Document(
        title="Chronology", subtitle=frame.family, printed_by=viewer.name, printed_at=viewer.at, blocks=tuple(blocks)
    )


def _drawn_only(drawn: int, standing: int) -> str:
    return f"Only the newest {drawn:,} of {standing:,} are drawn." if standing > drawn else ""


_NO_TABLE = Table(("",), ())


def _in_words(chronology: Chronology) -> str:
    narrowed = chronology.narrowed
    parts = [
        f"only {title_of(narrowed.kind).lower()}" if narrowed.kind else "",
        f"from {dict(chronology.organisations).get(narrowed.organisation_id, 'one agency')}"
        if narrowed.organisation_id
        else "",
        f"since {date_long(narrowed.since)}" if narrowed.since else "",
        f"until {date_long(narrowed.until)}" if narrowed.until else "",
        "only what is significant" if narrowed.is_significant else "",
    ]
    said = ", ".join(part for part in parts if part)
    return said[:1].upper() + said[1:] if said else "Everything"


def case_family_tree(viewer: Actor, frame: CaseFrame) -> Figure:
    """The family of a case as a tree, of those whom the viewer may see."""
    children: Sequence[UUID] = [each.person_id for each in frame.children]
    return family_tree_of(
        viewer, [each.person_id for each in frame.people], about=children, household_family_id=frame.row.family_id
    )
