"""How far a change can be put down to the work, and the comparison behind that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.engines.appraisal import Effect
from joinedup.outcomes.codes import EVIDENCE
from joinedup.outcomes.comparing import Period, effect_of_shares, in_words, plain_difference
from joinedup.outcomes.models import Comparison, Series
from joinedup.outcomes.queries.series import PointSeen, SeriesSeen, book, series_seen


@dataclass(frozen=True)
class EffectSeen:
    """The newest word on a series. `difference` is in the measure's unit (percentage points of a share), None where no
    group is compared or a reading is lacking or hidden, which `missing` says; `low` and `high` hold the truth nineteen
    times in twenty, None where the numbers behind the readings were not kept."""

    level: int
    level_words: str
    words: str
    other: SeriesSeen | None
    before_on: date | None
    after_on: date | None
    difference: Decimal | None
    low: Decimal | None
    high: Decimal | None
    is_clear: bool
    sentences: tuple[str, ...]
    missing: str
    readings: tuple[PointSeen, ...]  # before and after here, before and after there
    recorded_at: datetime
    recorded_by: UUID | None


def effect_of(viewer: Actor, series_id: UUID) -> EffectSeen | None:
    """What was last said of how far the change of this series is the work's doing; None where nobody said."""
    return effect_seen(viewer, series_seen(viewer, series_id))


def effect_seen(viewer: Actor, seen: SeriesSeen) -> EffectSeen | None:
    """As `effect_of`, of a series that was read already."""
    said = Comparison.objects.filter(series_id=seen.id).order_by("-recorded_at", "-id").first()
    if said is None:
        return None
    other = None
    if said.other_id is not None:
        measure_id = Series.objects.filter(pk=said.other_id).values("measure_id")
        other = next(each for each in book(viewer, Q(measure_id__in=measure_id)) if each.id == said.other_id)
    points, missing = _four(said, seen, other) if other else ((), "")
    found: Effect | None = None
    difference: Decimal | None = None
    sentences: tuple[str, ...] = ()
    if other is not None and not missing:
        found, difference = _worked_out(seen.form, points)
        sentences = in_words(found, difference, direction=seen.direction, unit=_points(seen), there=_there(seen, other))
    return EffectSeen(
        level=said.level, level_words=EVIDENCE[said.level].words, words=said.words, other=other,
        before_on=said.before_on, after_on=points[1].ends_on if points else said.after_on, difference=difference,
        low=_decimal(found.low) if found else None, high=_decimal(found.high) if found else None,
        is_clear=found.is_clear if found else False, sentences=sentences, missing=missing, readings=points,
        recorded_at=said.recorded_at, recorded_by=said.recorded_by,
    )  # fmt: skip


def _four(said: Comparison, here: SeriesSeen, there: SeriesSeen) -> tuple[tuple[PointSeen, ...], str]:
    """Before and after of both series; else what is lacking, as a sentence."""
    mine = {each.ends_on: each for each in here.readings}
    theirs = {each.ends_on: each for each in there.readings}
    before = said.before_on
    later = [day for day in mine if day in theirs and before is not None and day > before]
    after = said.after_on or max(later, default=None)
    if before is None or before not in mine or before not in theirs:
        return (), "One of the two has no reading of the period before."
    if after is None or after not in mine or after not in theirs:
        return (), "One of the two has no reading of the period after yet."
    points = (mine[before], mine[after], theirs[before], theirs[after])
    if any(each.value is None for each in points):
        return (), "A reading is not shown, because of small numbers of people, so nothing is worked out from it."
    return points, ""


def _worked_out(form: str, points: tuple[PointSeen, ...]) -> tuple[Effect | None, Decimal]:
    one, two, three, four = (
        Period(each.ends_on, each.value or Decimal(0), each.numerator, each.denominator) for each in points
    )
    found = effect_of_shares(form, before=one, after=two, other_before=three, other_after=four)
    return found, _decimal(found.difference) if found else plain_difference(one, two, three, four)


def _decimal(said: float) -> Decimal:
    return Decimal(str(round(said, 6)))


def _points(seen: SeriesSeen) -> str:
    return "percentage points" if seen.form == "share" else seen.unit


def _there(here: SeriesSeen, other: SeriesSeen) -> str:
    if other.cohort_id == here.cohort_id:
        return other.area
    return f"“{other.cohort}”" if other.area == here.area else f"“{other.cohort}”, {other.area}"
