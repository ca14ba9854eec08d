"""What a series says at a moment of a benefit that is measured by it: its newest reading, the step of its evidence, and what
its readings come to in pounds."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.benefits.models import Benefit
from joinedup.benefits.pounds import in_pounds
from joinedup.benefits.realising import Count, worth_of_readings
from joinedup.core.formats import date_long
from joinedup.outcomes.queries import EffectSeen, PointSeen, SeriesSeen, effect_of, series_seen

LEAST_STEP = 1  # of a series on which nobody recorded how far the change is the work's doing


@dataclass(frozen=True)
class EffectNow:
    """What is frozen with a move (`said`), the highest step the evidence may be said to stand at, and what the readings since
    the programme began come to in pence for this partner (None where that does not follow), with how."""

    said: dict[str, object]
    step: int
    worth: int | None
    words: str


def effect_now(viewer: Actor, series_id: UUID, benefit: Benefit) -> EffectNow | None:
    """What a series says at this moment of a benefit. None where it was never read."""
    seen = series_seen(viewer, series_id)
    if seen.latest is None:
        return None
    effect = effect_of(viewer, series_id)
    starts_on = benefit.case.strand.programme.starts_on
    readings = [each for each in seen.readings if each.starts_on >= starts_on]
    baseline = _count(seen.baseline) if seen.baseline else None
    worth = worth_of_readings(
        seen.form, seen.direction, baseline, [_count(each) for each in readings], benefit.unit_pence
    )
    words = _worked(seen, readings, benefit, worth)
    said = _said(seen, effect) | {"worked_out": worth, "worked_words": words, "unit_pence": benefit.unit_pence}
    return EffectNow(said, effect.level if effect else LEAST_STEP, worth, words)


def _count(point: PointSeen) -> Count:
    return Count(point.value, point.denominator)


def _worked(seen: SeriesSeen, readings: list[PointSeen], benefit: Benefit, worth: int | None) -> str:
    """How readings become pounds, or why they do not, as a sentence."""
    if worth is not None:
        many = f"{len(readings)} reading{'s' if len(readings) != 1 else ''}"
        return (
            f"{many} since the programme began, against {seen.say_point(seen.baseline)} before it, at "
            f"{in_pounds(benefit.unit_pence)} each come to {in_pounds(worth)}."
        )
    if benefit.unit_pence <= 0:
        return "The case puts no value on one of them, so the readings do not come to pounds by themselves."
    if seen.baseline is None:
        return "The series has no baseline, so its readings do not come to pounds by themselves."
    if not readings:
        return "Nothing was read since the programme began, so the readings do not come to pounds by themselves."
    if any(each.is_hidden for each in (seen.baseline, *readings)):
        return "A reading tells of too few people to be shown, so the readings do not come to pounds by themselves."
    return "It is not known of how many people each reading tells, so they do not come to pounds by themselves."


def _said(seen: SeriesSeen, effect: EffectSeen | None) -> dict[str, object]:
    latest = seen.latest
    if latest is None:
        raise ValueError("the series was never read")
    found: dict[str, object] = {
        "series": seen.words, "measure": seen.code, "reading": seen.say_point(latest), "until": latest.ends_on.isoformat(), "until_words": date_long(latest.ends_on),
        "baseline": seen.say_point(seen.baseline) if seen.baseline else "", "stamp": seen.stamp,
    }  # fmt: skip
    if effect is not None:
        found |= {
            "level": effect.level, "level_words": effect.level_words, "words": effect.words,
            "sentences": list(effect.sentences), "missing": effect.missing,
            "difference": _text(effect.difference), "low": _text(effect.low), "high": _text(effect.high),
        }  # fmt: skip
    return found


def _text(said: object) -> str:
    return "" if said is None else str(said)
