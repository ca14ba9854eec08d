"""New records find their person by the model as they arrive: the same keys and the same scorer as the search and the
bulk run. Called only inside guarded services of this part.

Many records are asked about in a few statements. Each is judged by what stood before; where an earlier one has changed
that, it waits for the next round and is judged by what stands then. So the outcome is the same as one after another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, product
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.scoring import Scorer
from joinedup.engines.linkage.standard import Standard
from joinedup.person_index.judging import APART, LINKED, Judged, is_twin_of, is_worth_judging, judge, standard_for
from joinedup.person_index.models import AgencyRecord, LinkageRun, LinkProposal, RecordLink, Restriction
from joinedup.person_index.queries.lookup import read_weighing
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.queries.near import Near, near_each
from joinedup.person_index.sealing import closed_among, sealed_pairs_among
from joinedup.person_index.services.asking import Asked, _propose_all, records_of_people
from joinedup.person_index.services.bulk import _insert_many, _update_many
from joinedup.person_index.services.facts import _refresh_people
from joinedup.person_index.services.keeping_apart import _barred_from
from joinedup.person_index.services.linking import _loose_links, in_batches
from joinedup.person_index.services.settling import _settle_proposals

_RUNNER_UP = 6.0  # bits by which the best has to lead where somebody else would fit, too
_AT_ONCE = 500
LINKED_BY_MODEL = "LK"


@dataclass
class Attached:
    """What became of records the model was asked about."""

    linked: int = 0
    proposed: int = 0
    apart: int = 0

    def add(self, other: Attached) -> None:
        """Count another part with this one."""
        self.linked += other.linked
        self.proposed += other.proposed
        self.apart += other.apart


@dataclass(frozen=True)
class _Found:
    person_id: UUID
    judged: Judged


@dataclass
class _Round:
    """What is to be done about some records, all judged by what stood when the round began."""

    moves: list[tuple[AgencyRecord, UUID, _Found]] = field(default_factory=list)
    asks: list[list[Asked]] = field(default_factory=list)  # of each record that stays alone
    later: list[AgencyRecord] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)  # who is another now than when the round began
    named: set[UUID] = field(default_factory=set)  # who stands in a question


@dataclass(frozen=True)
class _Job:
    """What the whole of it is done with."""

    scorer: Scorer
    import_run: UUID | None
    fresh: Collection[UUID]
    by: Actor
    at: datetime
    run: LinkageRun | None


def _attach_by_model(
    record_ids: Collection[UUID],
    *,
    import_run: UUID | None,
    fresh: Collection[UUID] = (),
    by: Actor,
    at: datetime,
    run: LinkageRun | None = None,
) -> tuple[Attached, set[UUID]]:
    """Ask the model about records that no exact rule placed: each stays alone, is linked to the one person it is by the
    model and every rule of evidence, or becomes a question. `fresh` were stored in this transaction. Never where a person
    decided, never one whose entry somebody works with. Returns the counts and everybody touched."""
    counts, touched = Attached(), set[UUID]()
    if not record_ids:
        return counts, touched
    scorer = read_weighing(model=scorer_in_use().model).scorer
    job = _Job(scorer, import_run, set(fresh), by, at, run)
    for ids in in_batches(sorted(record_ids), _AT_ONCE):
        waiting = list(AgencyRecord.objects.filter(pk__in=ids).order_by("pk"))
        while waiting:
            step = _judge_all(waiting, job)
            _move_all(step.moves, job)
            asked = _propose_all([each for several in step.asks for each in several], at=at, run=run)
            made = iter(asked)
            for several in step.asks:
                number = sum(next(made) is not None for _ in several)
                counts.proposed += number
                counts.apart += not number
            counts.linked += len(step.moves)
            touched |= step.touched
            waiting = step.later
    return counts, touched


def _judge_all(records: Sequence[AgencyRecord], job: _Job) -> _Round:
    """Say of each record what is to become of it, or that it has to wait for what becomes of another."""
    ids = [record.pk for record in records]
    loose = _loose_links(ids)
    live = RecordLink.objects.filter(record_id__in=ids, separated_at__isnull=True)
    owners = dict(live.values_list("record_id", "person_id"))
    records = [record for record in records if record.pk in owners]
    found = _judged_near(records, owners, job)
    standing = _kept_from_best(records, owners, found)
    step = _Round()
    for record in records:
        own, fits = owners[record.pk], found[record.pk]
        people = {own, *(each.person_id for each in fits)}
        may_link = loose.get(record.pk) == own and _leads(fits) and record.pk not in standing
        if not people.isdisjoint(step.touched) or (may_link and own in step.named):
            step.later.append(record)
        elif may_link:
            step.moves.append((record, own, fits[0]))
            step.touched |= {own, fits[0].person_id}
        else:
            asks = [_ask(own, each) for each in fits[:3]]
            step.asks.append(asks)
            step.named |= people if asks else set()
    return step


def _said(record: AgencyRecord) -> Said:
    return Said(
        record.given_name, "", record.family_name, record.birth_date, "" if record.sex == "U" else record.sex,
        record.address, record.postcode, record.nhs_number, record.upn,
    )  # fmt: skip


def _judged_near(records: Sequence[AgencyRecord], owners: dict[UUID, UUID], job: _Job) -> dict[UUID, list[_Found]]:
    """For each record everybody who is worth a look, the best first."""
    said = {record.pk: _said(record) for record in records}
    return _judged_near_said(said, owners, _barred_from(said), job)


def _judged_near_said(
    said: Mapping[UUID, Said], owners: Mapping[UUID, UUID], barred: Mapping[UUID, set[UUID]], job: _Job
) -> dict[UUID, list[_Found]]:
    """For each thing said, of a record or of somebody we were told of, everybody who is worth a look, the best first."""
    near = near_each([(each, owners[key]) for key, each in said.items()])
    everybody = set(chain.from_iterable(near))
    # Whose record is restricted takes nothing by the model: what looks like them is shielded, and their guardian asked.
    kept = Restriction.objects.filter(ended_at__isnull=True).values_list("person_id", flat=True)
    hidden = everybody.intersection(kept)
    closed = closed_among(everybody)
    sealed = sealed_pairs_among(
        (one, other) for people in near for one in closed.intersection(people) for other in people if other != one
    )
    found = {}
    for key, people in zip(said, near, strict=True):
        # Two identities that are never joined stand in each other's way: where both are near, neither is here, and
        # nothing is ever near an entry that is closed.
        gone = hidden | closed | barred.get(key, set())
        gone |= {each for pair in sealed if people.keys() >= {*pair} for each in pair}
        found[key] = _worth_a_look(said[key], people, gone, job)
    return found


def _worth_a_look(said: Said, near: Near, gone: set[UUID], job: _Job) -> list[_Found]:
    scorer, on = job.scorer, timezone.localdate(job.at)
    mine = standard_for(said, scorer)
    entries = {person: [standard_for(each, scorer) for each in several] for person, several in near.items()}
    born = _by_birth(entries)
    found = []
    for person, theirs in entries.items():
        if person in gone or not is_worth_judging(mine, theirs, scorer, on=on):
            continue
        twins = _has_twin([mine, *theirs], person, born)
        judged = judge([said], near[person], scorer, twins=twins, on=on)
        if judged.outcome != APART:
            found.append(_Found(person, judged))
    return sorted(found, key=lambda each: (-each.judged.bits, each.person_id))


Born = dict[date, list[tuple[UUID, Standard]]]


def _by_birth(entries: dict[UUID, list[Standard]]) -> Born:
    found: Born = defaultdict(list)
    for person, several in entries.items():
        for each in several:
            if each.birth.born is not None:
                found[each.birth.born].append((person, each))
    return found


def _has_twin(sides: Iterable[Standard], person_id: UUID, born: Born) -> bool:
    """Whether somebody else near is of one birth with the record or with this person."""
    return any(
        is_twin_of(one, other)
        for one in sides
        if one.birth.born is not None
        for person, other in born.get(one.birth.born, ())
        if person != person_id
    )


def _leads(found: list[_Found]) -> bool:
    """Only the one person who fits by every rule, well before anybody else who might."""
    if not found or found[0].judged.outcome != LINKED:
        return False
    return all(found[0].judged.bits - each.judged.bits >= _RUNNER_UP for each in found[1:])


def _kept_from_best(
    records: Sequence[AgencyRecord], owners: dict[UUID, UUID], found: dict[UUID, list[_Found]]
) -> set[UUID]:
    """The records that may not be linked to whom they fit best, because one of that person's records is kept from the
    entry they would leave, or both are sealed apart. Three statements."""
    best = {record.pk: found[record.pk][0].person_id for record in records if _leads(found[record.pk])}
    theirs = records_of_people(set(best.values()))
    barred = _barred_from({each for several in theirs.values() for each in several})
    kept = {
        record
        for record, person in best.items()
        if any(owners[record] in barred.get(each, ()) for each in theirs[person])
    }
    pairs = {
        pair: record
        for record, person in best.items()
        for pair in product((owners[record], record), (person, *theirs[person]))
    }
    return kept | {pairs[pair] for pair in sealed_pairs_among(pairs)}


def _move_all(moves: Sequence[tuple[AgencyRecord, UUID, _Found]], job: _Job) -> None:
    """Link records to whom the model found. An entry made a moment ago, which nobody has seen and nothing names, goes."""
    if not moves:
        return
    owns = [own for _, own, _ in moves]
    rows = LinkProposal.objects.filter(Q(left_id__in=owns) | Q(right_id__in=owns))
    named = set(chain.from_iterable(rows.values_list("left_id", "right_id")))
    records = [record.pk for record, _, _ in moves]
    live = {row.record_id: row for row in RecordLink.objects.filter(record_id__in=records, separated_at__isnull=True)}
    unseen, before, after = [], [], []
    for record, own, best in moves:
        link, now = live[record.pk], _link(record, best, job)
        if record.pk in job.fresh and own not in named:
            link.person_id, link.rule, link.reason, link.match_weight = (
                now.person_id,
                now.rule,
                now.reason,
                now.match_weight,
            )
            unseen.append(link)
        else:
            link.separated_at, link.separated_by = job.at, job.by.account_id
            link.separation_reason = "The model found who this is."
            before.append(link)
            after.append(now)
    _update_many(unseen, ["person", "rule", "reason", "match_weight"])
    _update_many(before, ["separated_at", "separated_by", "separation_reason"])
    _insert_many(after)
    seen = {link.record_id for link in before}
    moved = {own: best.person_id for record, own, best in moves if record.pk in seen}
    _refresh_people({*owns, *(best.person_id for _, _, best in moves)})
    _forget([own for own in owns if own not in moved])
    _continue(moved)
    _settle_proposals(moved, at=job.at)


def _link(record: AgencyRecord, best: _Found, job: _Job) -> RecordLink:
    sentences = [each.sentence for each in best.judged.evidence if each.bits >= 1]
    return RecordLink(
        record_id=record.pk,
        person_id=best.person_id,
        rule=LINKED_BY_MODEL,
        reason=f"{'. '.join(sentences) or 'The details agree'}."[:300],
        match_weight=round(best.judged.bits),
        linked_at=job.at,
        linked_by=job.by.account_id,
        by_run=job.import_run,
    )


def _forget(people: Collection[UUID]) -> None:
    """Entries that were made for records in this same transaction and are nobody's now; nothing points at them yet."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_index_person WHERE id = ANY(%s)", [list(people)])


def _continue(moved: dict[UUID, UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE person_index_person p SET continued_by_id = now.after"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS now (before, after) WHERE p.id = now.before",
            [list(moved), list(moved.values())],
        )


def _asks_about_told(told: Mapping[UUID, Said], *, scorer: Scorer, by: Actor, at: datetime) -> list[Asked]:
    """Questions about people of whom we were told and whom no agency's record is about: who else each may be. Nobody who is
    restricted or sealed is asked about, nor anybody beside them."""
    job = _Job(scorer, None, (), by, at, None)
    kept = set(
        Restriction.objects.filter(ended_at__isnull=True, person_id__in=told).values_list("person_id", flat=True)
    )
    kept |= closed_among(told)
    open_to_all = {person: said for person, said in told.items() if person not in kept}
    found = _judged_near_said(open_to_all, {person: person for person in open_to_all}, {}, job)
    return [_ask(person, each) for person, fits in found.items() for each in fits[:3]]


def _ask(own: UUID, found: _Found) -> Asked:
    kind = "conflict" if set(found.judged.flags) - {"twins"} else "possible"
    reasons = found.judged.reasons or ("Somebody else fits nearly as well, or the records contradict each other",)
    return Asked(kind, own, found.person_id, found.judged, reasons=reasons)


def _records_waiting(record_ids: Iterable[UUID]) -> list[UUID]:
    """Those of some records that stand alone by no decision: what the model is worth being asked about."""
    rows = RecordLink.objects.filter(record_id__in=list(record_ids), separated_at__isnull=True, rule="new")
    return list(rows.order_by("record_id").values_list("record_id", flat=True))
