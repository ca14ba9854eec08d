"""The sealed register: two identities of one adopted person, never joined by anybody's rule and never shown from one
another. Only the file itself knows both, and it is encrypted."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.errors import Refused
from joinedup.person_index.models import (
    FamilyMember,
    KeepApart,
    KeptBeside,
    LinkDecision,
    LinkProposal,
    LookAlike,
    Person,
    RecordLink,
    Relationship,
    Restriction,
    SealedFile,
    SealedMark,
    SealedReader,
)
from joinedup.person_index.permissions import AGREE_SEALED, MAKE_SEALED, OPEN_SEALED
from joinedup.person_index.queries.break_glass import person_meant
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.queries.restrictions import withheld_among
from joinedup.person_index.queries.search import SearchQuery
from joinedup.person_index.rules import Rule
from joinedup.person_index.sealing import box, contents_of, mark_of_closed, mark_of_pair
from joinedup.person_index.services.facts import _lock_index
from joinedup.person_index.services.keeping_apart import _records_of

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_SOURCE = "local: adopted children keep no trace of an earlier identity (after NHS practice) [memory]"
SF_1 = Rule("SF-1", "The details have to fit exactly one person each, and two different people.", _SOURCE)
SF_2 = Rule("SF-2", "Name at least two people who may open the file, by posts they hold now.", _SOURCE)
SF_3 = Rule("SF-3", "Restrict the record from before the order first, as “Adoption, sealed”.", _SOURCE)
SF_4 = Rule(
    "SF-4", "Both stand in one family or are recorded as related here, which would show one from the other. End that first.",
    _SOURCE,
)  # fmt: skip
SF_5 = Rule("SF-5", "A second person who is named in the file has to agree before anybody opens it.", _SOURCE)
SF_6 = Rule("SF-6", "Say why you open it. It is kept with your name.", _SOURCE)
SF_7 = Rule("SF-7", "This was agreed to already.", _SOURCE)
SF_8 = Rule("SF-8", "You made this file, so somebody else has to agree to it.", _SOURCE)
RULES = (SF_1, SF_2, SF_3, SF_4, SF_5, SF_6, SF_7, SF_8)
_MARKS_AT_ONCE = 256  # every file writes a multiple of this, so that the number of marks tells nothing


@dataclass(frozen=True)
class Opened:
    """What a sealed file says, for the one page that shows it."""

    file_id: UUID
    before: str
    after: str
    before_id: UUID
    after_id: UUID
    words: str


def _refused(rule: Rule, field: str = "") -> Refused:
    return Refused(rule.sentence, rule=rule.code, field=field)


@service(MAKE_SEALED)
def make_sealed_file(
    *, before: SearchQuery, after: SearchQuery, words: str, readers: Iterable[Post], by: Actor, at: datetime
) -> SealedFile:
    """Seal two identities apart. It holds from now on; the file opens once a second person has agreed.

    The audit row names the file and nobody in it. Raises Refused where the details do not fit two people (SF-1), with
    fewer than two readers in post (SF-2), where the earlier record is not restricted as sealed (SF-3) or both stand in
    one family (SF-4).
    """
    _lock_index(patience=5)
    one, other = _meant(by, before), _meant(by, after)
    if one is None or other is None or one == other:
        raise _refused(SF_1, "before_nhs_number")
    posts = [post for post in {post.pk: post for post in readers}.values() if post.is_held_at(at)]
    if len({post.account_id for post in posts}) < 2:
        raise _refused(SF_2, "readers")
    if not Restriction.objects.filter(person_id=one, category="adoption_sealed", ended_at__isnull=True).exists():
        raise _refused(SF_3)
    _refuse_related(one, other)
    said = {"before": str(one), "after": str(other), "words": words.strip()}
    file = SealedFile.objects.create(
        contents=box().encrypt(json.dumps(said).encode()), made_at=at, made_by=by.account_id
    )
    SealedReader.objects.bulk_create(
        SealedReader(file=file, post=post, named_at=at, named_by=by.account_id) for post in posts
    )
    _write_marks(one, other)
    _remove_traces(one, other)
    note(changed=("made",), subject=file)
    return file


def _meant(by: Actor, query: SearchQuery) -> UUID | None:
    found = person_meant(by, query)
    return None if found is None or withheld_among(by, [found]) else found


def _refuse_related(one: UUID, other: UUID) -> None:
    mine, theirs = entries_of([one]), entries_of([other])
    families = FamilyMember.objects.filter(person_id__in=mine, ends_on__isnull=True).values("family_id")
    shared = FamilyMember.objects.filter(family_id__in=families, person_id__in=theirs, ends_on__isnull=True)
    related = Relationship.objects.filter(
        Q(person_id__in=mine, other_id__in=theirs) | Q(person_id__in=theirs, other_id__in=mine)
    )
    if shared.exists() or related.exists():
        raise _refused(SF_4)


def _write_marks(one: UUID, other: UUID) -> None:
    """Marks of every pair of ids of both sides, and that nothing is linked to the earlier entry by itself any more;
    filled up with decoys and written in the order of chance."""
    mine, theirs = [*entries_of([one]), *_records_of(one)], [*entries_of([other]), *_records_of(other)]
    marks = {mark_of_pair(*pair) for pair in product(mine, theirs)} | {
        mark_of_closed(each) for each in entries_of([one])
    }
    missing = -len(marks) % _MARKS_AT_ONCE
    every = sorted([*marks, *(secrets.token_bytes(32) for _ in range(missing))])
    SealedMark.objects.bulk_create([SealedMark(mark=mark) for mark in every], ignore_conflicts=True)


def _remove_traces(one: UUID, other: UUID) -> None:
    """Whatever in the ordinary tables names both: questions, decisions to keep apart, look-alikes."""
    ids = [*entries_of([one, other])]
    records = [*_records_of(one), *_records_of(other)]
    pairs = LinkProposal.objects.filter(left_id__in=ids, right_id__in=ids)
    LinkDecision.objects.filter(proposal__in=pairs).delete()
    _delete("person_index_linkproposal", pairs.values_list("pk", flat=True))
    kept = KeepApart.objects.filter(record_id__in=records, person_id__in=ids)
    KeptBeside.objects.filter(keep_apart__in=kept).delete()
    _delete("person_index_keepapart", kept.values_list("pk", flat=True))
    alike = LookAlike.objects.filter(restriction__person_id__in=ids, person_id__in=ids)
    _delete("person_index_lookalike", alike.values_list("pk", flat=True))


def _delete(table: str, ids: Iterable[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [list(ids)])  # noqa: S608 - our own tables


@service(AGREE_SEALED, on="file")
def agree_sealed_file(*, file: SealedFile, by: Actor, at: datetime) -> SealedFile:
    """The second person agrees: from now on those named may open the file."""
    row = SealedFile.objects.select_for_update().get(pk=file.pk)
    if row.agreed_at is not None:
        raise _refused(SF_7)
    if row.made_by == by.account_id:
        raise _refused(SF_8)
    row.agreed_at, row.agreed_by = at, by.account_id
    row.save(update_fields=["agreed_at", "agreed_by"])
    note(changed=("agreed_at",))
    return row


@service(OPEN_SEALED, on="file")
def open_sealed_file(*, file: SealedFile, reason: str, by: Actor, at: datetime) -> Opened:
    """Open a file, with the reason. The audit row, kept before anything is shown, names the file and nobody in it."""
    if len(reason.split()) < 3:
        raise _refused(SF_6, "reason")
    row = SealedFile.objects.get(pk=file.pk)
    if row.agreed_at is None:
        raise _refused(SF_5)
    said = contents_of(row)
    before, after = (Person.objects.filter(pk=UUID(said[side])).first() for side in ("before", "after"))
    note(changed=("opened",), words={"reason": reason})
    return Opened(
        row.pk, _named(before), _named(after), UUID(said["before"]), UUID(said["after"]), said["words"]
    )  # fmt: skip


def _named(person: Person | None) -> str:
    if person is None:
        return "No longer in the index"
    return f"{person}, born {person.birth_date:%-d %B %Y}" if person.birth_date else str(person)


def _sealed_record_pairs() -> list[tuple[UUID, UUID]]:
    """Every pair of records of both sides of every file, for the bulk run: held in memory, written nowhere."""
    pairs: list[tuple[UUID, UUID]] = []
    for row in SealedFile.objects.filter(withdrawn_at__isnull=True):
        said = contents_of(row)
        sides = [
            list(
                RecordLink.objects.filter(
                    person_id__in=entries_of([UUID(said[side])]), separated_at__isnull=True
                ).values_list("record_id", flat=True)
            )
            for side in ("before", "after")
        ]
        pairs += [(one, other) for one in sides[0] for other in sides[1]]
    return pairs
