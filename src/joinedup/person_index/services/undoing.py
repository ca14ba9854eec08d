"""Undoing an import within a day: what it brought goes, what it changed is as it was before.

What somebody works with by now is kept and reported: a person in a case, a referral or a family of a case, and a record
that somebody decided about. Everybody else is, to the last key, what they were before the import.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.core.formats import date_time
from joinedup.person_index.models import (
    AgencyRecord,
    EarlierVersion,
    Entry,
    Family,
    FamilyMember,
    ImportChange,
    ImportRun,
    KeepApart,
    KeptBeside,
    LinkDecision,
    LinkProposal,
    LookAlike,
    Person,
    RecordLink,
    SearchKey,
)
from joinedup.person_index.permissions import IMPORT_RECORDS
from joinedup.person_index.queries.imports import UNDO_WITHIN, kept_shown
from joinedup.person_index.rules import PI_15, PI_16
from joinedup.person_index.services.bulk import _update_many
from joinedup.person_index.services.facts import _lock_index, _refresh_people
from joinedup.person_index.services.standing import _families_in_use, _people_in_use, _records_in_use

_DECIDED = "Somebody decided whose record this is."
_REPLACED = "Somebody put a newer copy of this record in its place."
_IN_USE = "Somebody works with this person by now: they are in a case, a referral or something else that was recorded."
_IN_FAMILY = "Somebody works with this person's family by now."
_DATES = {"birth_date", "as_of"}


@dataclass(frozen=True)
class Kept:
    """A record that an undo left as the import brought it, and why."""

    agency_reference: str
    reason: str


@dataclass(frozen=True)
class Undone:
    """What an undo did: records removed and restored, and those kept with why."""

    removed: int
    restored: int
    kept: tuple[Kept, ...] = field(default=())


@service(IMPORT_RECORDS, on="run")
def undo_import(*, run: ImportRun, reason: str = "", by: Actor, at: datetime) -> Undone:
    """Take an import back within a day of it. Records it brought go, with the people and families made of them alone;
    records it changed say what they said before, and whose they are follows.

    What stands in the way of one record (somebody put its person into a case or a referral, or decided whose record it
    is) keeps that record, and is reported, except of people withheld from whoever undoes it; the rest is undone. Raises Refused after a day or a second time (PI-15), and
    when a later import changed the same records (PI-16).
    """
    _lock_index(patience=5)
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("agency").get(pk=run.pk)
    _refuse_too_late(run, at)
    work = _Undoing(run)
    _refuse_changed_since(run, work)
    work.decide_what_stays()
    people = work.take_back()
    report = Undone(len(work.going), len(work.before) - work.kept_changes, tuple(work.kept))
    run.undone_at, run.undone_by = at, by.account_id
    run.undone = {
        "reason": reason,
        "removed": report.removed,
        "restored": report.restored,
        "kept": [vars(each) for each in report.kept],
    }
    run.save(update_fields=["undone_at", "undone_by", "undone"])
    note(changed=("undone",), words={"removed": report.removed, "restored": report.restored, "kept": len(report.kept)})
    note(people=people if len(people) <= 500 else [], subject=run)
    shown = kept_shown(by, run.agency_id, run.undone["kept"])
    return replace(report, kept=tuple(Kept(**each) for each in shown))


def _refuse_too_late(run: ImportRun, at: datetime) -> None:
    if run.undone_at is not None:
        raise Refused(f"This import was undone on {date_time(run.undone_at)}.", rule=PI_15.code)
    if at > run.started_at + UNDO_WITHIN:
        raise Refused(
            "This import is more than a day old and people have worked with it since. Correct the file and import it "
            "again instead.",
            rule=PI_15.code,
        )


def _refuse_changed_since(run: ImportRun, work: _Undoing) -> None:
    """Refuse where what an undo would give back is not what was there before somebody else's later import."""
    later = ImportChange.objects.filter(run__agency=run.agency_id, run__undone_at__isnull=True).exclude(run=run)
    touched = work.created | work.before.keys()
    found = _among(later.select_related("run").order_by("-pk"), "record_id", touched)
    first_change = min((change.pk for change in work.changes), default=0)
    for change in found:
        if change.record_id in work.created or change.pk > first_change:
            raise Refused(
                f"{PI_16.sentence} It is {change.run.file_name} of {date_time(change.run.started_at)}.",
                rule=PI_16.code,
            )


class _Undoing:
    """One import, what it did, and what of that can be taken back."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.changes = list(ImportChange.objects.filter(run=run))
        self.before: dict[UUID, dict[str, Any]] = {change.record_id: change.before for change in self.changes}
        records = AgencyRecord.objects.filter(first_run=run.pk).values_list("pk", "agency_reference", "run_id")
        self.references = {pk: reference for pk, reference, _ in records}
        self.created = set(self.references)
        self.replaced = {pk for pk, _, by_run in records if by_run != run.pk}  # by somebody at a page since
        self.kept: list[Kept] = []
        self.kept_changes = 0
        self.going: set[UUID] = set()
        links = _among(RecordLink.objects.order_by("pk"), "record_id", self.created | self.before.keys())
        self.links: dict[UUID, list[RecordLink]] = defaultdict(list)
        for link in links:
            self.links[link.record_id].append(link)

    # --- What stays ---

    def decide_what_stays(self) -> None:
        """Which records go, which are kept and why."""
        others = {RecordLink, EarlierVersion, ImportChange, KeepApart, LinkProposal}
        stays: dict[UUID, str] = dict.fromkeys(_records_in_use(self.created, others), _IN_USE)
        stays |= dict.fromkeys(self._decided_about(self.created), _DECIDED) | dict.fromkeys(self.replaced, _REPLACED)
        only = self._people_made_of({record for record in self.created if record not in stays})
        in_use = _people_in_use(only, and_not={LookAlike, Person})
        in_family = self._in_families_in_use(only)
        answered = LookAlike.objects.exclude(answer="").values_list("person_id", flat=True)
        decided = set(_among(answered, "person_id", only))  # by a guardian: that decision is not the importer's to undo
        for person_id, records in only.items():
            reason = _IN_USE if person_id in in_use else _IN_FAMILY if person_id in in_family else ""
            reason = reason or (_DECIDED if person_id in decided else "")
            if reason:
                stays |= dict.fromkeys(records, reason)
        self.going = self.created - stays.keys()
        self.kept = [Kept(self.references[record], reason) for record, reason in sorted(stays.items())]

    def _decided_about(self, records: Collection[UUID]) -> set[UUID]:
        """Records that somebody linked, separated or kept apart."""
        decided = {each for each in records if any(link.by_run != self.run.pk for link in self.links[each])}
        for model in (KeepApart, KeptBeside):
            decided |= set(_among(model._default_manager.values_list("record_id", flat=True), "record_id", records))
        return decided

    def _people_made_of(self, records: set[UUID]) -> dict[UUID, set[UUID]]:
        """The people who are nothing but these records, with them."""
        made: dict[UUID, set[UUID]] = defaultdict(set)
        for record in records:
            for link in self.links[record]:
                made[link.person_id].add(record)
        others = _among(RecordLink.objects.values_list("person_id", "record_id"), "person_id", made)
        shared = {person for person, record in others if record not in records}
        return {person: own for person, own in made.items() if person not in shared}

    def _in_families_in_use(self, people: Collection[UUID]) -> set[UUID]:
        """Those whose place in a family somebody gave or ended, or whose family is one that somebody works with."""
        places = list(_among(FamilyMember.objects.all(), "person_id", people))
        used = _families_in_use({place.family_id for place in places})
        return {
            place.person_id
            for place in places
            if place.by_run != self.run.pk or place.ends_on is not None or place.family_id in used
        }

    # --- Taking back ---

    def take_back(self) -> set[UUID]:
        """Remove and restore; returns the people who are still there and were touched."""
        touched = {link.person_id for record in self.going | self.before.keys() for link in self.links[record]}
        self._restore_records()
        self._restore_links()
        gone = set(self._people_made_of(self.going))
        self._remove_places(gone)
        _remove_questions(gone, self.going)
        _delete(RecordLink, "record_id", self.going)
        _delete(AgencyRecord, "id", self.going)
        _refresh_people(touched - gone)  # nobody is continued by somebody who goes
        for model in (Entry, SearchKey, LookAlike):
            _delete(model, "person_id", gone)
        _delete(Person, "id", gone)
        return touched - gone

    def _restore_records(self) -> None:
        """Every record that was changed or confirmed says what it said before, and has the history it had."""
        if not self.before:
            return
        records = list(_among(AgencyRecord.objects.all(), "id", self.before))
        for record in records:
            for name, value in self.before[record.pk].items():
                setattr(record, name, _as_kept(name, value))
            record.version += 1
        names = {"run" if name == "run_id" else name for said in self.before.values() for name in said}
        _update_many(records, [*sorted(names), "version"])
        EarlierVersion.objects.filter(by_run=self.run.pk).delete()
        ImportChange.objects.filter(run=self.run).delete()

    def _restore_links(self) -> None:
        """A record that the import moved to somebody goes back to whom it was linked to, unless a person decided."""
        for record in self.before:
            links = self.links[record]
            mine = [link for link in links if link.by_run == self.run.pk]
            if not mine:
                continue
            if links[-1].pk != mine[-1].pk:
                self.kept_changes += 1
                continue
            earlier = max((link for link in links if link.by_run != self.run.pk), key=lambda link: (link.linked_at, link.pk))  # fmt: skip
            RecordLink.objects.filter(pk__in=[link.pk for link in mine]).delete()
            RecordLink.objects.filter(pk=earlier.pk).update(separated_at=None, separated_by=None, separation_reason="")

    def _remove_places(self, gone: Collection[UUID]) -> None:
        """Places in families that the import gave, and the families it founded that nobody is left in."""
        staying = {link.person_id for record in self.created - self.going for link in self.links[record]}
        places = [
            (pk, family_id)
            for pk, family_id, person_id in FamilyMember.objects.filter(
                by_run=self.run.pk, ends_on__isnull=True
            ).values_list("pk", "family_id", "person_id")
            if person_id in gone or person_id not in staying
        ]
        used = _families_in_use({family_id for _, family_id in places})
        _delete(FamilyMember, "id", [pk for pk, family_id in places if family_id not in used])
        founded = set(Family.objects.filter(by_run=self.run.pk).values_list("pk", flat=True)) - used
        founded -= _families_in_use(founded)
        lived_in = _among(FamilyMember.objects.values_list("family_id", flat=True), "family_id", founded)
        _delete(Family, "id", founded - set(lived_in))


def _remove_questions(people: Collection[UUID], records: Collection[UUID]) -> None:
    """What was proposed about people and records that go is no question any more."""
    asked = set(_among(LinkProposal.objects.values_list("pk", flat=True), "record_id", records))
    for side in ("left_id", "right_id"):
        asked |= set(_among(LinkProposal.objects.values_list("pk", flat=True), side, people))
    _delete(LinkDecision, "proposal_id", asked)
    _delete(LinkProposal, "id", asked)


def _as_kept(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    if name == "supplied_at":
        return datetime.fromisoformat(value)
    return UUID(value) if name == "run_id" else value


def _among(rows: QuerySet[Any], column: str, values: Iterable[UUID]) -> QuerySet[Any]:
    """The rows whose column has one of very many values, handed over as one."""
    table = rows.model._meta.db_table
    return rows.extra(where=[f"{table}.{column} = ANY(%s)"], params=[list(values)])  # noqa: S610 - the column is ours


def _delete(model: Any, column: str, values: Collection[UUID] | Collection[int]) -> None:
    """Remove rows by one column, in one statement and without looking for what hangs on them: the caller has."""
    if values:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} = ANY(%s)", [list(values)])  # noqa: S608
