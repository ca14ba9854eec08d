"""Making proposals: what the model cannot decide is asked of a person. Called only inside guarded services of this part."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from joinedup.core.formats import london
from joinedup.person_index.judging import Judged
from joinedup.person_index.models import LinkageRun, LinkProposal, Person, RecordLink
from joinedup.person_index.models.linkage import LIVE
from joinedup.person_index.open_work import people_in_open_work
from joinedup.person_index.reviewing import APART, urgency
from joinedup.person_index.services.keeping_apart import _are_kept_apart


@dataclass(frozen=True)
class Asked:
    """A question for a person: two people, or one record of one person (`other` is None)."""

    kind: str
    person: UUID
    other: UUID | None
    judged: Judged
    record: UUID | None = None
    reasons: tuple[str, ...] = ()


def _propose(asked: Asked, *, at: datetime, run: LinkageRun | None = None) -> LinkProposal | None:
    """Ask people to decide. None where it was decided, is kept or sealed apart, or cannot be asked; where it is asked
    already, the newer figures are kept with it."""
    if asked.other is not None:
        if asked.person == asked.other or _are_kept_apart(asked.person, asked.other):
            return None
        if _was_kept_apart(asked.person, asked.other):
            return None
    said = {
        "kind": asked.kind,
        "probability": Decimal(f"{asked.judged.probability:.10f}"),
        "bits": Decimal(f"{asked.judged.bits:.6f}"),
        "evidence": [asdict(each) for each in asked.judged.evidence],
        "reasons": list(asked.reasons or asked.judged.reasons),
        "flags": list(asked.judged.flags),
        "model_name": asked.judged.model_name,
        "run": run,
    }
    key = _key_of(asked)
    held = LinkProposal.objects.filter(**key, state__in=LIVE).first()
    if held is not None:
        LinkProposal.objects.filter(pk=held.pk).update(**said)
        return held
    return LinkProposal.objects.create(**key, **said, **_sorting(asked, at), found_at=at)


def _key_of(asked: Asked) -> dict[str, Any]:
    if asked.other is None:
        return {"left_id": asked.person, "right": None, "record_id": asked.record}
    left, right = sorted((asked.person, asked.other))
    return {"left_id": left, "right_id": right}


def _was_kept_apart(one: UUID, other: UUID) -> bool:
    """Decided before, for two entries that no record can be kept from."""
    left, right = sorted((one, other))
    return LinkProposal.objects.filter(
        left_id=left, right_id=right, state=LinkProposal.State.DECIDED, outcome=APART
    ).exists()


def _sorting(asked: Asked, at: datetime) -> dict[str, Any]:
    """What the queue is filtered and ordered by."""
    people = [each for each in (asked.person, asked.other) if each is not None]
    births = list(Person.objects.filter(pk__in=people).values_list("birth_date", flat=True))
    agencies = RecordLink.objects.filter(person_id__in=people, separated_at__isnull=True)
    known = [born for born in births if born]
    return {
        "agencies": sorted(set(agencies.values_list("record__agency_id", flat=True))),
        "birth_date": max(known, default=None),
        "urgency": urgency(births, is_open_work=bool(people_in_open_work(people)), on=london(at).date()),
    }
