"""Saying what the partnership's outcomes are and how they are measured: outcomes, measures, cohorts and series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import claim_version
from joinedup.outcomes import rules
from joinedup.outcomes.codes import CLUSTER, LOCALITY, WHOLE
from joinedup.outcomes.counting import COUNTERS
from joinedup.outcomes.models import Cohort, FrameworkEntry, PartnershipMeasure, PartnershipOutcome, Series
from joinedup.outcomes.permissions import KEEP_SERIES
from joinedup.outcomes.subjects import groups_offered

if TYPE_CHECKING:
    from joinedup.organisations.models import Cluster, Locality

Area: TypeAlias = "Locality | Cluster | None"  # None: the whole partnership


@dataclass(frozen=True)
class NewPartnershipMeasure:
    """What is said of a measure. With a `counter` its form, unit and direction are those of what is counted."""

    code: str
    name: str
    definition: str
    form: str
    unit: str
    direction: str
    source: str
    frequency: str
    places: int = 1
    counter: str = ""
    stamp: str = ""


@service(KEEP_SERIES)
def add_outcome(*, code: str, name: str, words: str, entry: str, by: Actor, at: datetime) -> PartnershipOutcome:
    """Add an outcome of the partnership; `entry` is the code of a framework's outcome it belongs to, or empty. Refuses a
    code that is taken (OC-5)."""
    if PartnershipOutcome.objects.filter(code=code).exists():
        raise rules.CODE_ONCE.refused()
    made = PartnershipOutcome.objects.create(
        code=code, name=name.strip(), words=words.strip(), entry=FrameworkEntry.objects.filter(code=entry).first()
    )
    note(changed=("code",), words={"code": code})
    return made


@service(KEEP_SERIES)
def add_partnership_measure(
    *, outcome: PartnershipOutcome, measure: NewPartnershipMeasure, by: Actor, at: datetime
) -> PartnershipMeasure:
    """Add a measure of an outcome. What it means never changes afterwards. Refuses a code that is taken (OC-5) and what
    another measure counts already (OC-25)."""
    if PartnershipMeasure.objects.filter(code=measure.code).exists():
        raise rules.CODE_ONCE.refused()
    counter = COUNTERS.get(measure.counter)
    if counter is not None and PartnershipMeasure.objects.filter(counter=counter.code).exists():
        raise rules.COUNTED_ONCE.refused()
    made = PartnershipMeasure.objects.create(
        outcome=outcome, code=measure.code, name=measure.name.strip(), definition=measure.definition.strip(),
        form=counter.form if counter else measure.form, unit=(counter.unit if counter else measure.unit).strip(),
        direction=counter.direction if counter else measure.direction, places=measure.places,
        source=measure.source.strip(), frequency=measure.frequency, counter=counter.code if counter else "",
        stamp=measure.stamp,
    )  # fmt: skip
    note(changed=("code",), words={"code": measure.code})
    return made


@service(KEEP_SERIES, on="measure")
def end_partnership_measure(*, measure: PartnershipMeasure, by: Actor, at: datetime) -> PartnershipMeasure:
    """Read a measure no more from today; what was read stays."""
    if measure.ends_on is not None:
        raise rules.ENDED_ALREADY.refused()
    claim_version(measure, measure.version)
    measure.ends_on = timezone.localdate(at)
    measure.save(update_fields=["ends_on"])
    note(changed=("ends_on",))
    return measure


@service(KEEP_SERIES)
def add_cohort(
    *,
    code: str,
    name: str,
    definition: str,
    youngest: int | None,
    oldest: int | None,
    group: str = "",
    by: Actor,
    at: datetime,
) -> Cohort:
    """Add a group of people a measure may be read for. Where it has ages, Joinedup counts by them; where it is a group of
    families another part knows, by whoever was in it on the day of each thing counted. Refuses a group that is not offered
    (OC-35) and one that is a cohort already (OC-36)."""
    if Cohort.objects.filter(code=code).exists():
        raise rules.CODE_ONCE.refused()
    if youngest is not None and oldest is not None and youngest > oldest:
        raise rules.COHORT_AGES.refused()
    if group and group not in {each.key for each in groups_offered(by)}:
        raise rules.GROUP_KNOWN.refused()
    there = Cohort.objects.filter(group=group).first() if group else None
    if there is not None:
        raise rules.GROUP_ONCE.refused(name=there.name)
    made = Cohort.objects.create(
        code=code, name=name.strip(), definition=definition.strip(), youngest=youngest, oldest=oldest, group=group
    )
    note(changed=("code",), words={"code": code})
    return made


@service(KEEP_SERIES, on="measure")
def add_series(
    *,
    measure: PartnershipMeasure,
    cohort: Cohort,
    areas: Iterable[Area],
    starts_on: date | None,
    by: Actor,
    at: datetime,
) -> list[Series]:
    """Read a measure for a cohort in some areas. Refuses an area it is read for already (OC-23), a cluster where Joinedup
    counts (OC-26), and a group of families where another part counts, which knows no families (OC-37)."""
    wanted = list(areas)
    if not wanted:
        raise rules.AREA_KNOWN.refused()
    if measure.ends_on is not None:
        raise rules.MEASURE_IN_USE.refused()
    if measure.counter and any(_kind_of(each) == CLUSTER for each in wanted):
        raise rules.COUNTED_PLACES.refused()
    if cohort.group and measure.counter and COUNTERS[measure.counter].page:
        raise rules.GROUP_COUNTED_HERE.refused()
    made = []
    for area in wanted:
        if _series_of(measure, cohort, area) is not None:
            raise rules.SERIES_ONCE.refused()
        made.append(_make_series(measure, cohort, area, starts_on))
    note(changed=("series",), words={"areas": len(made)})
    return made


def _series_of(measure: PartnershipMeasure, cohort: Cohort, area: Area) -> Series | None:
    """The series there is of a measure, a cohort and an area."""
    kind = _kind_of(area)
    kept = Series.objects.filter(measure=measure, cohort=cohort, area_kind=kind)
    return (kept if area is None else kept.filter(**{kind: area})).first()


def _kind_of(area: Area) -> str:
    """What kind of area it is: a cluster lies in a locality."""
    if area is None:
        return WHOLE
    return CLUSTER if hasattr(area, "locality_id") else LOCALITY


def _make_series(measure: PartnershipMeasure, cohort: Cohort, area: Area, starts_on: date | None = None) -> Series:
    """Called inside guarded services."""
    kind = _kind_of(area)
    place = {} if area is None else {kind: area}
    return Series.objects.create(measure=measure, cohort=cohort, area_kind=kind, starts_on=starts_on, **place)
