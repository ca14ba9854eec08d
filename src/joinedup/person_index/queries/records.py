"""Deciding whose record it is: what the pages that link, separate and lift show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import Permission, can, check
from joinedup.core.errors import NotVisible
from joinedup.person_index.evidence import evidence, in_words
from joinedup.person_index.judging import judge
from joinedup.person_index.models import AgencyRecord, KeepApart, Person, RecordLink
from joinedup.person_index.permissions import LIFT_KEEP_APART, LINK_RECORD
from joinedup.person_index.queries.evidence import said_of_people
from joinedup.person_index.queries.known import KnownRecord, known_of
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.queries.people import Difference, PersonName, differences_between
from joinedup.person_index.queries.restrictions import withheld_among
from joinedup.person_index.queries.search import Candidate, SearchQuery, search_people


@dataclass(frozen=True)
class RecordInQuestion:
    """A record, whose it is now, and how it compares with the other records of that person. `record` and `person` are
    what the services take."""

    record: AgencyRecord
    person: Person
    agency: str
    columns: tuple[KnownRecord, ...]
    differences: tuple[Difference, ...]
    is_all_that_is_known: bool

    @property
    def name(self) -> str:
        """The name in the record."""
        return f"{self.record.given_name} {self.record.family_name}".strip()


@dataclass(frozen=True)
class LinkChoice:
    """A record and somebody it may be linked to: what agrees, what does not, and whether they were kept apart."""

    question: RecordInQuestion
    target: Person
    columns: tuple[KnownRecord, ...]
    differences: tuple[Difference, ...]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    is_possible_twin: bool
    is_kept_apart: bool


@dataclass(frozen=True)
class KeepApartInQuestion:
    """A decision that a record is not a person's, before it is lifted."""

    keep_apart: KeepApart
    person: PersonName
    agency: str
    agency_reference: str


def _let_in(viewer: Actor, permission: Permission, person_id: UUID) -> None:
    """Who may decide about records may open any of them, but those of whoever is withheld from them; for others 403
    where they see the person, else 404."""
    if can(viewer, permission):
        if withheld_among(viewer, [person_id]):
            raise NotVisible
        return
    if not Person.objects.visible_to(viewer).filter(pk=person_id).exists():
        raise NotVisible
    check(viewer, permission)


def record_in_question(viewer: Actor, record_id: UUID, *, purpose: str) -> RecordInQuestion:
    """A record beside the others of its person. The read is audited."""
    links = RecordLink.objects.select_related("record__agency", "person")
    link = links.filter(record_id=record_id, separated_at__isnull=True).first()
    if link is None:
        raise NotVisible
    _let_in(viewer, LINK_RECORD, link.person_id)
    known = known_of([link.person_id])[link.person_id]
    columns = sorted(known.records, key=lambda each: each.id != record_id)
    audit.record_read(
        viewer,
        subject=(AgencyRecord._meta.label_lower, str(record_id)),
        people=[link.person_id],
        purpose=purpose,
    )
    stated = bool(link.person.stated) or link.person.names.exists() or link.person.addresses.exists()
    return RecordInQuestion(
        record=link.record,
        person=link.person,
        agency=link.record.agency.name,
        columns=tuple(columns),
        differences=differences_between(columns),
        is_all_that_is_known=len(columns) == 1 and not stated,
    )


def link_choices(
    viewer: Actor, record_id: UUID, *, purpose: str, limit: int = 10
) -> tuple[RecordInQuestion, tuple[Candidate, ...]]:
    """A record, and the people it might be, found by its own facts: nothing has to be typed."""
    question = record_in_question(viewer, record_id, purpose=purpose)
    record = question.record
    asked = SearchQuery(
        given_name=record.given_name,
        family_name=record.family_name,
        birth_date=record.birth_date,
        postcode=record.postcode,
        nhs_number=record.nhs_number,
        upn=record.upn,
    )
    about = (AgencyRecord._meta.label_lower, record_id)
    found = search_people(viewer, asked, purpose=purpose, limit=limit + 1, about=about)
    others = [each for each in found.candidates if each.person_id != question.person.pk]
    return question, tuple(others[:limit])


def link_in_question(viewer: Actor, record_id: UUID, person_id: UUID, *, purpose: str) -> LinkChoice:
    """A record beside everything known of one other person, before somebody decides."""
    question = record_in_question(viewer, record_id, purpose=purpose)
    target = Person.objects.filter(pk=person_id).not_withheld_from(viewer).first()
    if target is None or target.pk == question.person.pk:
        raise NotVisible
    held = known_of([person_id])[person_id].records
    mine = [each for each in question.columns if each.id == record_id]
    mine_said, theirs_said = [question.record.facts().said()], said_of_people([person_id])[person_id]
    scorer = scorer_in_use()
    agrees: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    if theirs_said:
        weighed = judge(mine_said, theirs_said, scorer).evidence
        agrees, against = in_words([(each.field, each.level, each.bits, each.sentence) for each in weighed])
    audit.record_read(viewer, subject=(Person._meta.label_lower, str(person_id)), people=[person_id], purpose=purpose)
    columns = (*mine, *held)
    return LinkChoice(
        question=question,
        target=target,
        columns=columns,
        differences=differences_between(list(columns)),
        reasons=agrees,
        against=against,
        is_possible_twin=evidence(mine_said, theirs_said, scorer.model).is_possible_twin,
        is_kept_apart=KeepApart.objects.filter(
            record_id=record_id, person_id=person_id, lifted_at__isnull=True
        ).exists(),
    )


def keep_apart_in_question(viewer: Actor, keep_apart_id: UUID, *, purpose: str) -> KeepApartInQuestion:
    """A decision to keep a record and a person apart, while it is in force."""
    rows = KeepApart.objects.select_related("record__agency", "person")
    row = rows.filter(pk=keep_apart_id, lifted_at__isnull=True).first()
    if row is None:
        raise NotVisible
    _let_in(viewer, LIFT_KEEP_APART, row.person_id)
    audit.record_read(
        viewer, subject=(KeepApart._meta.label_lower, str(row.pk)), people=[row.person_id], purpose=purpose
    )
    person = PersonName(row.person_id, str(row.person), row.person.birth_date)
    return KeepApartInQuestion(row, person, row.record.agency.name, row.record.agency_reference)
