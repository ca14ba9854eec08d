"""The nightly look over the whole index: what the bulk run would link otherwise becomes a question, never a link."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.formats import london
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.running import JobResult, RunningJob
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Scorer
from joinedup.person_index.judging import APART, contradictions, judge
from joinedup.person_index.models import LinkageRun, RecordLink
from joinedup.person_index.open_work import open_work
from joinedup.person_index.permissions import RUN_LINKAGE
from joinedup.person_index.queries.evidence import said_of_people
from joinedup.person_index.queries.lookup import read_weighing
from joinedup.person_index.queries.models import scorer_in_use
from joinedup.person_index.services.asking import Asked, _propose_all
from joinedup.person_index.services.attaching import _asks_about_told
from joinedup.person_index.services.differences import (
    Clustered,
    Pair,
    _take_in,
    differences,
    people_of_several_records,
    people_told_of,
)
from joinedup.person_index.services.facts import _lock_index
from joinedup.person_index.services.sealed import _sealed_record_pairs

Progress = Callable[[str, float], None]
MOST_QUESTIONS = 5000
_HOUR, _AGAIN_AFTER, _AT_ONCE = 2, timedelta(hours=20), 5000
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


Clusterer = Callable[[Path, Model, Collection[Pair], Collection[Pair], Progress], Clustered]


def _in_bulk(records: Path, model: Model, must: Collection[Pair], apart: Collection[Pair], tell: Progress) -> Clustered:
    """The bulk run in a folder of its own; the files go with the folder. Loaded here, so that no page ever loads it."""
    from joinedup.engines.linkage.batch import Settings, cluster

    clusters, pairs = records.with_name("clusters.parquet"), records.with_name("pairs.parquet")
    settings = Settings(
        must_link=[(str(one), str(other)) for one, other in must],
        cannot_link=[(str(one), str(other)) for one, other in apart],
    )
    cluster(records, clusters, settings, model=model, pairs=pairs, progress=tell)
    return Clustered(
        ((UUID(str(record)), str(number)) for record, number in _rows(clusters, "record_id, cluster_id")),
        ((UUID(str(one)), UUID(str(other))) for one, other in _rows(pairs, "record_id_l, record_id_r")),
    )


def _rows(path: Path, columns: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a file, a few thousand at a time."""
    import duckdb

    with duckdb.connect() as database:
        database.execute(f"SELECT {columns} FROM read_parquet(?)", [str(path)])  # noqa: S608 - our own columns
        while rows := database.fetchmany(_AT_ONCE):
            yield from rows


@service(RUN_LINKAGE)
def reevaluate(
    *,
    linkage_run_id: UUID | None = None,
    by: Actor,
    at: datetime,
    clusterer: Clusterer = _in_bulk,
    progress: Progress | None = None,
) -> LinkageRun:
    """Group every record of the index afresh and ask people about whatever comes out otherwise than it is linked now:
    people who may be one, and records that may be somebody else's. It links and separates nothing. What people decided
    goes in as it was decided, and comes out unchanged. A run that has ended is not begun again."""
    scorer = read_weighing(model=scorer_in_use().model).scorer
    if linkage_run_id is None:
        run = LinkageRun.objects.create(
            kind="nightly", model_name=scorer.model.version, started_at=at, started_by=by.account_id
        )
    else:
        run = LinkageRun.objects.select_for_update().get(pk=linkage_run_id)
        if run.state != "running":
            return run
        run.model_name = scorer.model.version
    must, apart = _pairs(_MUST), [*_pairs(_APART), *_sealed_record_pairs()]
    with tempfile.TemporaryDirectory(prefix="joinedup-linkage-") as folder:
        records = Path(folder) / "records.csv"
        run.total = _write_records(records)
        tell = progress or _tell_nobody
        _take_in(clusterer(records, scorer.model, must, apart, tell) if run.total else Clustered())
    _lock_index()
    counts = _Asking(scorer, run, at).ask()
    run.counts, run.done = dict(counts), run.total
    run.state, run.ended_at = "done", at
    run.save(update_fields=["counts", "done", "total", "state", "ended_at", "model_name"])
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
    """Turns the difference between the bulk run and the links now into questions, a page at a time."""

    def __init__(self, scorer: Scorer, run: LinkageRun, at: datetime) -> None:
        self.scorer, self.run, self.at = scorer, run, at
        self.counts: Counter[str] = Counter()

    def ask(self) -> Counter[str]:
        """Ask what has changed, then what may be one, then what contradicts itself; at most so many a night. The bulk run
        knows records alone, so whoever we were only told of is compared with their neighbours here."""
        for kind in ("change", "possible"):
            for pairs in differences(kind):
                self._ask_about(kind, pairs)
        for told in people_told_of():
            if self._is_full():
                break
            self._propose(_asks_about_told(told, scorer=self.scorer, by=system(self.at), at=self.at))
        for parts in differences("broken"):
            self._ask_about_records("broken", parts)
        for people in people_of_several_records():
            self._ask_about_records("conflict", self._contradicting(people))
        live = RecordLink.objects.filter(separated_at__isnull=True)
        self.counts["people"] = live.values("person_id").distinct().count()
        return self.counts

    def _ask_about(self, kind: str, pairs: Collection[Pair]) -> None:
        said = said_of_people({each for pair in pairs for each in pair}) if not self._is_full() else {}
        asked = []
        for one, other in pairs:
            if self._is_full():
                self.counts["left for another night"] += 1
                continue
            if one not in said or other not in said:
                continue
            judged = judge(said[one], said[other], self.scorer, on=timezone.localdate(self.at))
            if kind == "possible" and judged.outcome == APART:
                continue
            asked.append(Asked("conflict" if set(judged.flags) - {"twins"} else kind, one, other, judged))
        self._propose(asked)

    def _contradicting(self, people: Collection[UUID]) -> list[Pair]:
        """People whose own records contradict each other, with the newest that nobody decided about."""
        records = _records_said(people)
        decided = set(
            RecordLink.objects.filter(
                person_id__in=people, separated_at__isnull=True, rule__in=("person", "separated")
            ).values_list("record_id", flat=True)
        )
        found = []
        for person in people:
            loose = sorted(records[person].keys() - decided)
            if loose and contradictions(records[person].values()):
                found.append((person, loose[-1]))
        return found

    def _ask_about_records(self, kind: str, parts: Collection[Pair]) -> None:
        """Whether a record is the person's it is linked to, for (person, record)."""
        said = _records_said({person for person, _ in parts}) if parts and not self._is_full() else {}
        asked = []
        for person, record in parts:
            if self._is_full():
                self.counts["left for another night"] += 1
                continue
            mine = said[person].get(record)
            rest = [each for other, each in said[person].items() if other != record]
            if mine is not None and rest:
                asked.append(Asked(kind, person, None, judge([mine], rest, self.scorer), record=record))
        self._propose(asked)

    def _propose(self, several: Sequence[Asked]) -> None:
        room = MOST_QUESTIONS - self.counts["new"]
        asked, left = several[:room], several[room:]
        self.counts["left for another night"] += len(left)
        for each, made in zip(asked, _propose_all(asked, at=self.at, run=self.run), strict=True):
            if made is None:
                self.counts["settled"] += 1
            else:
                self.counts["new" if made.found_at == self.at else "known"] += 1
                self.counts[each.kind] += 1

    def _is_full(self) -> bool:
        return self.counts["new"] >= MOST_QUESTIONS


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
def start_reevaluation(*, night: date | None = None, by: Actor, at: datetime) -> LinkageRun | None:
    """Have the whole index looked at in the background. For one `night` it is begun once, whoever asks for it."""
    row = LinkageRun(
        kind="nightly", night=night, model_name=scorer_in_use().model.version, started_at=at, started_by=by.account_id
    )
    LinkageRun.objects.bulk_create([row], ignore_conflicts=True)
    begun = LinkageRun.objects.filter(pk=row.pk).first()
    note(changed=("job",) if begun else (), words={"asked": "reevaluation"})
    if begun is None:
        return None  # another keeper was first
    job = start_job(
        REEVALUATE,
        by=by,
        at=at,
        about=(LinkageRun._meta.label_lower, str(row.pk)),
        in_turn="person_index.link_records",
        linkage_run_id=row.pk,
    )
    LinkageRun.objects.filter(pk=row.pk).update(job_id=job.pk)
    return begun


def keep_matches_in_order(*, at: datetime) -> None:
    """Done now and then by the keeper: the order of the queue, and once a night the look over the whole index."""
    by = system(at)
    _refresh_urgency(at)
    here = london(at)
    if not _HOUR <= here.hour < _HOUR + 3:
        return
    runs = LinkageRun.objects.filter(kind="nightly")
    runs.filter(state="running", started_at__lt=at - _AGAIN_AFTER).update(state="failed", ended_at=at)
    if not runs.filter(night=here.date()).exists() and not runs.filter(started_at__gt=at - _AGAIN_AFTER).exists():
        start_reevaluation(night=here.date(), by=by, at=at)


def _reevaluate(job: RunningJob, *, linkage_run_id: UUID | None = None) -> JobResult:
    """What the worker does."""
    run = reevaluate(
        linkage_run_id=linkage_run_id,
        by=job.by,
        at=job.at,
        progress=lambda stage, share: job.report(round(100 * share), 100, stage.capitalize()),
    )
    new = run.counts.get("new", 0)
    return JobResult(f"{run.total:,} records looked at, {new:,} new questions.", "linkage_run", run.pk)


REEVALUATE = declare_job("person_index.reevaluate", "Look over the whole index for possible matches", _reevaluate)
