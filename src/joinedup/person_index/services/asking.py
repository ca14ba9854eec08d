"""Making proposals: what the model cannot decide is asked of a person. Called only inside guarded services of this part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

from django.db.models import Q

from joinedup.core.formats import london
from joinedup.person_index.judging import Judged
from joinedup.person_index.models import LinkageRun, LinkProposal, Person, RecordLink
from joinedup.person_index.models.linkage import LIVE
from joinedup.person_index.open_work import people_in_open_work
from joinedup.person_index.reviewing import APART, urgency
from joinedup.person_index.sealing import sealed_pairs_among
from joinedup.person_index.services.keeping_apart import _barred_from

Key = tuple[UUID, UUID | None, UUID | None]  # left, right, record
Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Asked:
    """A question for a person: two people, or one record of one person (`other` is None)."""

    kind: str
    person: UUID
    other: UUID | None
    judged: Judged
    record: UUID | None = None
    reasons: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What it is asked about; the same from either side."""
        if self.other is None:
            return self.person, None, self.record
        left, right = sorted((self.person, self.other))
        return left, right, None


def _propose(asked: Asked, *, at: datetime, run: LinkageRun | None = None) -> LinkProposal | None:
    """Ask people to decide one thing; as `_propose_all`."""
    return _propose_all([asked], at=at, run=run)[0]


def _propose_all(asked: Sequence[Asked], *, at: datetime, run: LinkageRun | None = None) -> list[LinkProposal | None]:
    """Ask people to decide, in a few statements however many questions. None where it was decided, is kept or sealed
    apart, or cannot be asked; where it is asked already, the newer figures are kept with it."""
    if not asked:
        return []
    barred = _kept_apart_among({(one, other) for one, other, _ in (each.key for each in asked) if other is not None})
    newest = {
        each.key: each for each in asked if (each.key[0], each.key[1]) not in barred and each.person != each.other
    }
    found = _asked_already(newest)
    for key, row in found.items():
        LinkProposal.objects.filter(pk=row.pk).update(**_said(newest[key], run))
    new = [each for key, each in newest.items() if key not in found]
    sorting = _sorting(new, at)
    rows = [_row(each, sorting[each.key], at, run) for each in new]
    LinkProposal.objects.bulk_create(rows)
    found |= {each.key: row for each, row in zip(new, rows, strict=True)}
    return [found.get(each.key) for each in asked]


def _row(asked: Asked, sorting: dict[str, Any], at: datetime, run: LinkageRun | None) -> LinkProposal:
    left, right, record = asked.key
    return LinkProposal(
        left_id=left, right_id=right, record_id=record, found_at=at, **_said(asked, run), **sorting
    )  # fmt: skip


def _said(asked: Asked, run: LinkageRun | None) -> dict[str, Any]:
    return {
        "kind": asked.kind,
        "probability": Decimal(f"{asked.judged.probability:.10f}"),
        "bits": Decimal(f"{asked.judged.bits:.6f}"),
        "evidence": [asdict(each) for each in asked.judged.evidence],
        "reasons": list(asked.reasons or asked.judged.reasons),
        "flags": list(asked.judged.flags),
        "model_name": asked.judged.model_name,
        "run": run,
    }


def _asked_already(keys: Collection[Key]) -> dict[Key, LinkProposal]:
    lefts = {left for left, right, _ in keys if right is not None}
    rights = {right for _, right, _ in keys if right is not None}
    records = {record for _, _, record in keys if record is not None}
    rows = LinkProposal.objects.filter(
        Q(left_id__in=lefts, right_id__in=rights) | Q(record_id__in=records, right__isnull=True), state__in=LIVE
    )
    wanted = set(keys)
    found = {(row.left_id, row.right_id, row.record_id if row.right_id is None else None): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def _kept_apart_among(pairs: Collection[Pair]) -> set[tuple[UUID, UUID | None]]:
    """Those pairs between whom anything decided stands: a record of either is kept from the other, it was decided of
    the two themselves, or both are sealed apart. Four statements, however many pairs."""
    records = records_of_people({person for pair in pairs for person in pair})
    barred = _barred_from({record for several in records.values() for record in several})
    found: set[tuple[UUID, UUID | None]] = set()
    ids: dict[Pair, Pair] = {}
    for one, other in pairs:
        mine, theirs = records[one], records[other]
        if any(other in barred.get(each, ()) for each in mine) or any(one in barred.get(each, ()) for each in theirs):
            found.add((one, other))
        ids |= dict.fromkeys(product((one, *mine), (other, *theirs)), (one, other))
    found |= {ids[pair] for pair in sealed_pairs_among(ids)}
    decided = LinkProposal.objects.filter(
        left_id__in={one for one, _ in pairs}, right_id__in={other for _, other in pairs},
        state=LinkProposal.State.DECIDED, outcome=APART,
    )  # fmt: skip
    return found | {pair for pair in decided.values_list("left_id", "right_id") if pair in pairs}


def records_of_people(people: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The records linked to each of some people now; one statement."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = RecordLink.objects.filter(person_id__in=people, separated_at__isnull=True).order_by("record_id")
    for person, record in rows.values_list("person_id", "record_id"):
        found[person].append(record)
    return found


def records_ever_of(people: Collection[UUID]) -> list[UUID]:
    """The records that were ever linked to any of some people; one statement."""
    return list(RecordLink.objects.filter(person_id__in=people).values_list("record_id", flat=True).distinct())


def _sorting(asked: Iterable[Asked], at: datetime) -> dict[Key, dict[str, Any]]:
    """What the queue is filtered and ordered by."""
    keys = {each.key: [person for person in each.key[:2] if person is not None] for each in asked}
    people = {person for several in keys.values() for person in several}
    births: dict[UUID, date | None] = dict(Person.objects.filter(pk__in=people).values_list("pk", "birth_date"))
    agencies: dict[UUID, set[UUID]] = defaultdict(set)
    rows = RecordLink.objects.filter(person_id__in=people, separated_at__isnull=True)
    for person, agency in rows.values_list("person_id", "record__agency_id"):
        agencies[person].add(agency)
    busy, on = people_in_open_work(people) if people else set(), london(at).date()
    found = {}
    for key, several in keys.items():
        born = [births.get(person) for person in several]
        found[key] = {
            "agencies": sorted(set().union(*(agencies[person] for person in several))),
            "birth_date": max((each for each in born if each), default=None),
            "urgency": urgency(born, is_open_work=not busy.isdisjoint(several), on=on),
        }
    return found
