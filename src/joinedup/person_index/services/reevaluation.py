"""The nightly look over the whole index: what the bulk run would link otherwise becomes a question, never a link."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.formats import london
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.running import JobResult, RunningJob
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.model import Model
from joinedup.person_index.entries import said_in
from joinedup.person_index.judging import APART, contradictions, judge
from joinedup.person_index.models import Entry, LinkageRun, RecordLink
from joinedup.person_index.open_work import open_work
from joinedup.person_index.permissions import RUN_LINKAGE
from joinedup.person_index.queries.lookup import read_weighing
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.services.asking import Asked, _propose
from joinedup.person_index.services.facts import _lock_index
from joinedup.person_index.services.sealed import _sealed_record_pairs

Progress = Callable[[str, float], None]
Pair = tuple[UUID, UUID]
MOST_QUESTIONS = 5000
_HOUR, _AGAIN_AFTER = 2, timedelta(hours=20)
_RECORDS = """
COPY (
  SELECT r.id AS record_id, o.code AS source, r.given_name AS forename, '' AS middle, r.family_name AS surname,
         r.birth_date AS dob, CASE r.sex WHEN 'U' THEN '' ELSE r.sex END AS sex, r.address AS address1, r.postcode,
         r.nhs_number, r.upn
  FROM person_index_agencyrecord r JOIN organisations_organisation o ON o.id = r.agency_id
  JOIN person_index_recordlink l ON l.record_id = r.id AND l.separated_at IS NULL
  ORDER BY r.id
) TO STDOUT WITH (FORMAT csv, HEADER)
"""
_MUST = """
SELECT l.record_id, (
  SELECT min(o.record_id::text)::uuid FROM person_index_recordlink o
  WHERE o.person_id = l.person_id AND o.separated_at IS NULL AND o.record_id <> l.record_id
)
FROM person_index_recordlink l WHERE l.separated_at IS NULL AND l.rule = 'person'
"""
_APART = """
WITH RECURSIVE kept (record, person) AS (
  SELECT record_id, person_id FROM person_index_keepapart WHERE lifted_at IS NULL
  UNION SELECT kept.record, p.continued_by_id FROM kept
  JOIN person_index_person p ON p.id = kept.person AND p.continued_by_id IS NOT NULL
)
SELECT kept.record, l.record_id FROM kept JOIN person_index_recordlink l
  ON l.person_id = kept.person AND l.separated_at IS NULL AND l.record_id <> kept.record
UNION
SELECT k.record_id, b.record_id FROM person_index_keepapart k
JOIN person_index_keptbeside b ON b.keep_apart_id = k.id
WHERE k.lifted_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM person_index_keepapart x
  WHERE x.record_id = b.record_id AND x.person_id = k.person_id AND x.lifted_at IS NULL)
"""


@dataclass
class Clustered:
    """What the bulk run says: which cluster each record is in, and the pairs it would have a person look at."""

    cluster_of: dict[UUID, str] = field(default_factory=dict)
    review: list[Pair] = field(default_factory=list)


Clusterer = Callable[[Path, Model, Collection[Pair], Collection[Pair], Progress], Clustered]


def _in_bulk(records: Path, model: Model, must: Collection[Pair], apart: Collection[Pair], tell: Progress) -> Clustered:
    """The bulk run in a folder of its own; the files go with the folder. Loaded here, so that no page ever loads it."""
    import duckdb

    from joinedup.engines.linkage.batch import Settings, cluster

    clusters, pairs = records.with_name("clusters.parquet"), records.with_name("pairs.parquet")
    settings = Settings(
        must_link=[(str(one), str(other)) for one, other in must],
        cannot_link=[(str(one), str(other)) for one, other in apart],
    )
    cluster(records, clusters, settings, model=model, pairs=pairs, progress=tell)
    found = Clustered()
    with duckdb.connect() as database:
        for record, number in database.execute("SELECT * FROM read_parquet(?)", [str(clusters)]).fetchall():
            found.cluster_of[UUID(str(record))] = str(number)
        rows = database.execute("SELECT record_id_l, record_id_r FROM read_parquet(?)", [str(pairs)]).fetchall()
        found.review = [(UUID(str(one)), UUID(str(other))) for one, other in rows]
    return found


@service(RUN_LINKAGE)
def reevaluate(
    *, by: Actor, at: datetime, clusterer: Clusterer = _in_bulk, progress: Progress | None = None
) -> LinkageRun:
    """Group every record of the index afresh and ask people about whatever comes out otherwise than it is linked now:
    people who may be one, and records that may be somebody else's. It links and separates nothing. What people decided
    goes in as it was decided, and comes out unchanged."""
    tell = progress or _tell_nobody
    scorer = read_weighing(model=scorer_in_use().model).scorer
    run = LinkageRun.objects.create(
        kind="nightly", model_name=scorer.model.version, started_at=at, started_by=by.account_id
    )
    must, apart = _pairs(_MUST), [*_pairs(_APART), *_sealed_record_pairs()]
    with tempfile.TemporaryDirectory(prefix="joinedup-linkage-") as folder:
        records = Path(folder) / "records.csv"
        run.total = _write_records(records)
        found = clusterer(records, scorer.model, must, apart, tell) if run.total else Clustered()
    _lock_index()
    counts = _Asking(found, run, at).ask()
    run.counts, run.done = dict(counts), run.total
    run.state, run.ended_at = "done", at
    run.save(update_fields=["counts", "done", "total", "state", "ended_at"])
    _refresh_urgency(at)
    note(changed=("proposals",), words=dict(counts), subject=run)
    return run


def _tell_nobody(_stage: str, _share: float) -> None:
    """For a run nobody watches."""


def _write_records(path: Path) -> int:
    with path.open("wb") as out, connection.cursor() as cursor, cursor.copy(_RECORDS) as copy:
        for block in copy:
            out.write(bytes(block))
    path.chmod(0o600)
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _pairs(sql: str) -> list[Pair]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [(one, other) for one, other in cursor.fetchall() if other is not None]


class _Asking:
    """Turns the difference between the bulk run and the links now into questions."""

    def __init__(self, found: Clustered, run: LinkageRun, at: datetime) -> None:
        self.found, self.run, self.at = found, run, at
        self.scorer = read_weighing(model=scorer_in_use().model).scorer
        self.counts: Counter[str] = Counter()
        links = RecordLink.objects.filter(separated_at__isnull=True).values_list("record_id", "person_id", "rule")
        self.person_of: dict[UUID, UUID] = {}
        self.decided: set[UUID] = set()
        self.records_of: dict[UUID, list[UUID]] = defaultdict(list)
        for record, person, rule in links.iterator():
            self.person_of[record] = person
            self.records_of[person].append(record)
            if rule in ("person", "separated"):
                self.decided.add(record)

    def ask(self) -> Counter[str]:
        """Ask what has changed, then what may be one, then what contradicts itself; at most so many a night."""
        for kind, pairs in (("change", self._joined()), ("possible", self._to_review())):
            for batch in _batches(pairs):
                self._ask_about(kind, batch)
        self._ask_about_parts()
        self._ask_about_contradictions()
        self.counts["people"] = len(self.records_of)
        return self.counts

    def _joined(self) -> Iterator[Pair]:
        """People whom the bulk run puts in one cluster."""
        people: dict[str, dict[UUID, None]] = defaultdict(dict)
        for record, cluster in self.found.cluster_of.items():
            if record in self.person_of:
                people[cluster][self.person_of[record]] = None
        for several in people.values():
            first, *others = sorted(several)
            yield from ((first, other) for other in others)

    def _to_review(self) -> Iterator[Pair]:
        for one, other in self.found.review:
            if one in self.person_of and other in self.person_of and self.person_of[one] != self.person_of[other]:
                left, right = sorted((self.person_of[one], self.person_of[other]))
                yield left, right

    def _ask_about(self, kind: str, pairs: Collection[Pair]) -> None:
        said = _said_of({each for pair in pairs for each in pair})
        for one, other in pairs:
            if not said[one] or not said[other] or self._is_full():
                continue
            judged = judge(said[one], said[other], self.scorer)
            if kind == "possible" and judged.outcome == APART:
                continue
            shown = "conflict" if set(judged.flags) - {"twins"} else kind
            self._propose(Asked(shown, one, other, judged))

    def _ask_about_parts(self) -> None:
        """Records of one person that the bulk run puts in several clusters, where no person decided about them."""
        for person, records in self.records_of.items():
            clusters = Counter(self.found.cluster_of[each] for each in records if each in self.found.cluster_of)
            if len(clusters) < 2:
                continue
            chief = clusters.most_common(1)[0][0]
            for record in sorted(records):
                apart = self.found.cluster_of.get(record, chief) != chief
                if apart and record not in self.decided and not self._is_full():
                    self._ask_about_record("broken", person, record)

    def _ask_about_contradictions(self) -> None:
        """People whose own records contradict each other."""
        several = [person for person, records in self.records_of.items() if len(records) > 1]
        for batch in _batches(several):
            for person, entries in _records_said(batch).items():
                if contradictions(entries.values()) and not self._is_full():
                    loose = sorted(set(entries) - self.decided)
                    if loose:
                        self._ask_about_record("conflict", person, loose[-1])

    def _ask_about_record(self, kind: str, person: UUID, record: UUID) -> None:
        said = _records_said([person]).get(person, {})
        mine, rest = said.get(record), [each for other, each in said.items() if other != record]
        if mine is not None and rest:
            judged = judge([mine], rest, self.scorer)
            self._propose(Asked(kind, person, None, judged, record=record))

    def _propose(self, asked: Asked) -> None:
        made = _propose(asked, at=self.at, run=self.run)
        if made is None:
            self.counts["settled"] += 1
        else:
            self.counts["new" if made.found_at == self.at else "known"] += 1
            self.counts[asked.kind] += 1

    def _is_full(self) -> bool:
        if self.counts["new"] < MOST_QUESTIONS:
            return False
        self.counts["left for another night"] += 1
        return True


def _said_of(people: Iterable[UUID]) -> dict[UUID, list[Said]]:
    """Every entry of some people."""
    found: dict[UUID, list[Said]] = defaultdict(list)
    for person, text in Entry.objects.filter(person_id__in=list(people)).values_list("person_id", "said"):
        found[person].append(said_in(text))
    return found


def _records_said(people: Collection[UUID]) -> dict[UUID, dict[UUID, Said]]:
    """What each record of some people says now, by itself."""
    rows = RecordLink.objects.filter(person_id__in=people, separated_at__isnull=True).select_related("record")
    found: dict[UUID, dict[UUID, Said]] = defaultdict(dict)
    for link in rows:
        each = link.record
        found[link.person_id][each.pk] = Said(
            each.given_name, "", each.family_name, each.birth_date, "" if each.sex == "U" else each.sex, each.address,
            each.postcode, each.nhs_number, each.upn,
        )  # fmt: skip
    return found


def _batches(rows: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


# --- What comes first in the queue follows the work people do.

_URGENCY = """
UPDATE person_index_linkproposal p SET urgency = now.urgency
FROM (
  SELECT q.id, CASE
    WHEN q.left_id = ANY(%(busy)s) OR q.right_id = ANY(%(busy)s) THEN 0
    WHEN l.birth_date IS NULL OR l.birth_date > %(grown)s OR r.birth_date > %(grown)s
      OR (q.right_id IS NOT NULL AND r.birth_date IS NULL) THEN 1
    ELSE 2 END AS urgency
  FROM person_index_linkproposal q JOIN person_index_person l ON l.id = q.left_id
  LEFT JOIN person_index_person r ON r.id = q.right_id WHERE q.state IN ('waiting', 'second')
) now WHERE now.id = p.id AND now.urgency <> p.urgency
"""


def _refresh_urgency(at: datetime) -> int:
    """Put every question where the work of today puts it: a referral may have come or a child may have grown up."""
    busy = {person for source in open_work() for person in source}
    on = london(at).date()
    grown = on.replace(year=on.year - 18, day=28) if (on.month, on.day) == (2, 29) else on.replace(year=on.year - 18)
    with connection.cursor() as cursor:
        cursor.execute(_URGENCY, {"busy": list(busy), "grown": grown})
        return int(cursor.rowcount)


# --- When it runs.


@service(RUN_LINKAGE)
def start_reevaluation(*, by: Actor, at: datetime) -> LinkageRun | None:
    """Have the whole index looked at in the background."""
    note(changed=("job",), words={"asked": "reevaluation"})
    start_job(REEVALUATE, by=by, at=at, in_turn="person_index.link_records")
    return None


def keep_matches_in_order(*, at: datetime) -> None:
    """Done now and then by the keeper: the order of the queue, and once a night the look over the whole index."""
    by = system(at)
    _refresh_urgency(at)
    last = (
        LinkageRun.objects.filter(kind="nightly").order_by("-started_at").values_list("started_at", flat=True).first()
    )
    is_night = _HOUR <= london(at).hour < _HOUR + 3
    if is_night and (last is None or at - last > _AGAIN_AFTER):
        start_reevaluation(by=by, at=at)


def _reevaluate(job: RunningJob) -> JobResult:
    """What the worker does."""
    run = reevaluate(
        by=job.by, at=job.at, progress=lambda stage, share: job.report(round(100 * share), 100, stage.capitalize())
    )
    new = run.counts.get("new", 0)
    return JobResult(f"{run.total:,} records looked at, {new:,} new questions.", "linkage_run", run.pk)


REEVALUATE = declare_job("person_index.reevaluate", "Look over the whole index for possible matches", _reevaluate)
