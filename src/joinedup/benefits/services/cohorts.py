"""Which families are in a strand: by rule from live case work, from a list of references, or by hand."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.cohort import Criteria, change_to, criteria_of
from joinedup.benefits.lifecycle import StrandState, StrandStepKind
from joinedup.benefits.models import CohortMember, CohortRule, Strand, StrandStep
from joinedup.benefits.permissions import NAME_FAMILIES, REFRESH_COHORTS, RUN_PROGRAMME
from joinedup.benefits.services.strands import _open, _step
from joinedup.benefits.settings import suppress_below
from joinedup.benefits.suppressing import tells_of_few
from joinedup.casework.queries import Sought, families_of_references, families_sought
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models import Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from joinedup.core.running import JobResult, RunningJob

MOST = 5_000
_NOT_BEFORE = 5  # o’clock
_ONE_DAY = timedelta(days=1, hours=2)


@service(RUN_PROGRAMME, on="strand")
def define_cohort(
    *, strand: Strand, criteria: Criteria, expected: int | None, expected_source: str, by: Actor, at: datetime
) -> CohortRule:
    """Say what the families of a strand are found by, how many are expected, or both, and find them. Refused: BN-130,
    BN-131; BN-139 where the total beside that of an earlier rule would tell of a few families."""
    _open(strand)
    if not criteria.asks_anything and expected is None:
        raise rules.COHORT_NOTHING.refused()
    if expected is not None and not expected_source.strip():
        raise rules.COHORT_SOURCE.refused()
    _require_no_small_step(criteria, at)
    rule, _ = CohortRule.objects.update_or_create(
        strand=strand,
        defaults={
            "criteria": criteria.as_data(), "expected": expected, "expected_source": expected_source.strip(),
            "set_at": at, "set_by": by.account_id,
        },
    )  # fmt: skip
    words = {"criteria": criteria.as_data(), "expected": expected}
    _step(strand, StrandStepKind.COHORT, by, at, expected_source, words)
    note(subject=rule, changed=("criteria", "expected"))
    if criteria.asks_anything:
        refresh_cohort(strand=strand, by=by, at=at)
    return rule


def _require_no_small_step(criteria: Criteria, at: datetime) -> None:
    """BN-139: two rules whose totals are shown, at one time or one after the other, differ by no family or by enough of
    them. Held against every rule that was ever used, of any strand of any programme, as each finds families today: whoever
    goes from one rule to another by way of a third learns no more."""
    day = timezone.localdate(at)
    least = suppress_below(day)
    if least <= 1 or not criteria.asks_anything:
        return
    by = system(at)
    found = families_sought(by, _sought(criteria), on=day)
    steps = StrandStep.objects.filter(kind=StrandStepKind.COHORT).order_by("-at", "-pk")
    tried = {json.dumps(criteria.as_data(), sort_keys=True)}
    for said in steps.values_list("words__criteria", flat=True):
        key = json.dumps(said, sort_keys=True)
        if key in tried or not said:
            continue
        tried.add(key)
        before = families_sought(by, _sought(criteria_of(said)), on=day)
        if tells_of_few(found, before, least):
            raise rules.COHORT_STEP.refused(least=least)


@service(RUN_PROGRAMME, on="strand")
def refresh_cohort(*, strand: Strand, by: Actor, at: datetime) -> tuple[int, int]:
    """Find a strand's families again: who came in, and who of those found by rule went. The program looks, whoever asked:
    it counts everybody and shows nobody."""
    rule = CohortRule.objects.select_for_update().filter(strand=strand).first()
    criteria = criteria_of(rule.criteria) if rule else Criteria()
    if rule is None or not criteria.asks_anything:
        raise rules.COHORT_NO_RULE.refused()
    day = timezone.localdate(at)
    found = families_sought(system(at), _sought(criteria), on=day)
    present = CohortMember.objects.filter(strand=strand, ends_on__isnull=True)
    change = change_to(found, dict(present.values_list("family_id", "source")))
    _put_in(strand, change.enter, "rule", day, by, at)
    _take_out(strand, change.leave, day, by, at)
    rule.refreshed_at = at
    rule.save(update_fields=["refreshed_at"])
    if change.enter or change.leave:
        _step(
            strand,
            StrandStepKind.FAMILIES,
            by,
            at,
            words={"in": len(change.enter), "out": len(change.leave), "by": "rule"},
        )
    note(changed=("families",), words={"in": len(change.enter), "out": len(change.leave)})
    return len(change.enter), len(change.leave)


def _sought(criteria: Criteria) -> Sought:
    return Sought(
        levels=[int(each) for each in criteria.levels], needs=criteria.needs, factors=criteria.factors,
        statutory=criteria.statutory, team_ids=[UUID(each) for each in criteria.teams],
        locality_ids=[UUID(each) for each in criteria.localities],
    )  # fmt: skip


@service(NAME_FAMILIES, on="strand")
def put_in_families(
    *, strand: Strand, references: list[str], starts_on: date, source: str, by: Actor, at: datetime
) -> int:
    """Put the families of these case references into a strand from a day on; how many were not in it yet. Only whoever
    works with a family names it, and a reference of any other case is answered as an unknown one; nothing is put in then
    (BN-135)."""
    _open(strand)
    if starts_on > timezone.localdate(at):
        raise rules.COHORT_DAY.refused()
    family_ids = _named(references, by)
    there = set(CohortMember.objects.filter(strand=strand, ends_on__isnull=True).values_list("family_id", flat=True))
    new = family_ids - there
    _put_in(strand, new, source, starts_on, by, at)
    # Whom a rule found and somebody lists as well stays when the rule finds them no more.
    CohortMember.objects.filter(
        strand=strand, ends_on__isnull=True, source="rule", family_id__in=family_ids
    ).update(source=source)  # fmt: skip
    _step(strand, StrandStepKind.FAMILIES, by, at, words={"in": len(new), "out": 0, "by": source})
    note(changed=("families",), words={"named": len(family_ids)})
    return len(new)


@service(NAME_FAMILIES, on="strand")
def take_out_families(
    *, strand: Strand, references: list[str], reason: str, by: Actor, at: datetime, last_day: date | None = None
) -> int:
    """End the time of these families in a strand: it counts them up to and including the last day (today, where none is
    given). Only whoever works with a family names it (BN-135). Whether a family was in it is not answered. From a strand
    whose families are found by rule only those are taken out that were put in by reference (BN-137): whom the rule finds
    would be back in the morning, and its coming back would tell what is recorded of it. Returns how many ended."""
    if not reason.strip():
        raise rules.STRAND_REASON.refused()
    _open(strand)
    today = timezone.localdate(at)
    ends_on = last_day or today
    if ends_on > today:
        raise rules.COHORT_LAST_DAY.refused()
    family_ids = _named(references, by)
    rule = CohortRule.objects.filter(strand=strand).first()
    if rule is not None and criteria_of(rule.criteria).asks_anything:
        listed = CohortMember.objects.filter(strand=strand, ends_on__isnull=True, family_id__in=family_ids)
        if set(listed.exclude(source="rule").values_list("family_id", flat=True)) != family_ids:
            raise rules.COHORT_BY_RULE.refused()
    number = _take_out(strand, family_ids, ends_on, by, at)
    _step(strand, StrandStepKind.FAMILIES, by, at, reason, {"in": 0, "out": number, "by": "hand"})
    note(changed=("families",), words={"named": len(family_ids), "last_day": ends_on.isoformat()})
    return number


def _named(references: list[str], by: Actor) -> set[UUID]:
    """The families of case references, for whoever works with every one of them; the audit names their people."""
    wanted = list(dict.fromkeys(each.strip().upper() for each in references if each.strip()))
    if not wanted:
        raise rules.COHORT_LIST_EMPTY.refused()
    if len(wanted) > MOST:
        raise rules.COHORT_MANY.refused(most=f"{MOST:,}")
    found = families_of_references(by, wanted)
    missing = [each for each in wanted if each not in found]
    if missing:
        shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} others" if len(missing) > 5 else "")
        raise rules.COHORT_UNKNOWN.refused(references=shown)
    note(people=[each for family in found.values() for each in family.people])
    return {each.family_id for each in found.values()}


def _put_in(strand: Strand, family_ids: Iterable[UUID], source: str, day: date, by: Actor, at: datetime) -> None:
    """Who left on the very day is in it without a break."""
    ids = set(family_ids)
    back = CohortMember.objects.filter(strand=strand, family_id__in=ids, ends_on=day)
    again = set(back.values_list("family_id", flat=True))
    back.update(ends_on=None, ended_at=None, ended_by=None, source=source)
    CohortMember.objects.bulk_create(
        [
            CohortMember(
                strand=strand, family_id=each, source=source, starts_on=day, added_at=at, added_by=by.account_id
            )
            for each in sorted(ids - again)
        ]
    )


def _take_out(strand: Strand, family_ids: Iterable[UUID], day: date, by: Actor, at: datetime) -> int:
    """Those who came in after the last day are in it for the one day they came."""
    rows = CohortMember.objects.filter(strand=strand, family_id__in=list(family_ids), ends_on__isnull=True)
    return rows.update(ends_on=Greatest(Value(day), F("starts_on")), ended_at=at, ended_by=by.account_id)


# --- Every day.


def _run(job: RunningJob) -> JobResult:
    """What the worker does: every strand whose families are found by rule."""
    from joinedup.core.running import JobResult

    came = went = 0
    strands = list(_by_rule().select_related("programme").order_by("programme_id", "position"))
    for place, strand in enumerate(strands, start=1):
        new, gone = refresh_cohort(strand=strand, by=system(job.at), at=job.at)
        came, went = came + new, went + gone
        job.report(place, len(strands), strand.name)
    return JobResult(f"{came} families came into strands of programmes, {went} left.")


REFRESH = declare_job("benefits.refresh_cohorts", "Find the families of every strand again", _run)


def _by_rule() -> Any:
    return (
        Strand.objects.exclude(state=StrandState.CLOSED)
        .filter(cohort_rule__isnull=False)
        .exclude(cohort_rule__criteria={})
    )


@service(REFRESH_COHORTS)
def start_refresh(*, by: Actor, at: datetime) -> Job | None:
    """Have every strand's families found again in the background, once a day: None where that is done or asked for."""
    day = timezone.localdate(at)
    asked = Job.objects.filter(kind=REFRESH.name, asked_at__gt=at - _ONE_DAY)
    if any(timezone.localdate(each.asked_at) == day for each in asked) or not _by_rule().exists():
        return None
    note(changed=("job",), words={"day": day.isoformat()})
    return start_job(REFRESH, by=by, at=at, in_turn=REFRESH.name)


def look_after_cohorts(*, at: datetime) -> None:
    """Done now and then by the keeper: once a day, in the morning."""
    if timezone.localtime(at).hour >= _NOT_BEFORE:
        start_refresh(by=system(at), at=at)
