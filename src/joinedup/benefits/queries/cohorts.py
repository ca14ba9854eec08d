"""Reading who is in which strand: numbers, never names; how strands overlap, and what a merger would save."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.benefits import cohort, overlap
from joinedup.benefits.cohort import KINDS, Criteria, criteria_of, in_words, shown
from joinedup.benefits.lifecycle import MEMBER_SOURCES, StrandState
from joinedup.benefits.models import CohortMember, CohortRule, Strand
from joinedup.benefits.overlap import Limits, Spread
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen
from joinedup.benefits.settings import looked_back_months, merge_limits, suppress_below
from joinedup.benefits.upset import upset
from joinedup.casework.assessing_codes import FACTORS
from joinedup.casework.codes import LEVELS, NEEDS, STATUTORY_PLANS
from joinedup.casework.queries import cases_to_open, professionals_around
from joinedup.core.figures import Figure, Table
from joinedup.organisations.queries import all_teams, localities


@dataclass(frozen=True)
class CohortSeen:
    """The families of a strand as a page may say it. `number` counts those of strands merged into it; `by_source` says
    how they came in; `expected` is what somebody said, for a strand without a live list."""

    number: int
    words: str
    expected: int | None
    expected_source: str
    asked: tuple[tuple[str, str], ...]
    by_source: tuple[tuple[str, str], ...]
    refreshed_at: datetime | None
    criteria: Criteria
    my_cases: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True)
class PairSeen:
    """Two strands beside each other, in words where the numbers are small. `loses` names the partner that would sponsor
    the merged strand no longer; empty where one partner sponsors both."""

    into_id: UUID
    into: str
    merged_id: UUID
    merged: str
    both: str
    percent: str
    professionals: str
    visits: str
    duplicated: str
    saving_pence: int | None
    loses: str
    keeps: str
    is_advised: bool


@dataclass(frozen=True)
class OverlapPage:
    """How the open strands of a programme overlap."""

    programme: ProgrammeSeen
    figure: Figure
    families: str
    several: str
    pairs: tuple[PairSeen, ...]
    spread: tuple[tuple[str, str], ...]
    limits: Limits
    least: int
    months: int
    since: date
    on: date

    @property
    def advised(self) -> tuple[PairSeen, ...]:
        """Those to merge."""
        return tuple(each for each in self.pairs if each.is_advised)

    @property
    def table(self) -> Table:
        """Every pair, for a spreadsheet."""
        rows = tuple(
            (
                each.merged, each.into, each.both, each.percent, each.professionals, each.visits, each.duplicated,
                "" if each.saving_pence is None else f"{each.saving_pence / 100:.2f}",
                "yes" if each.is_advised else "no", each.loses,
            )
            for each in self.pairs
        )  # fmt: skip
        columns = (
            "Smaller strand", "Other strand", "Families in both", "Per cent of the smaller", "Professionals of the median family",
            "Visits to them", "Duplicated visits", "Saving in pounds", "Merging advised", "Would lose sponsorship",
        )  # fmt: skip
        return Table(columns, rows, "Strands that share families")


def choices_of_cohort(viewer: Actor) -> dict[str, dict[str, str]]:
    """What families can be found by: the codes of each kind with their words."""
    return {
        "levels": {str(level): words for level, words in LEVELS.items()},
        "needs": {code: words for code, words in NEEDS.items() if code != "N0"},
        "factors": {code: words for code, words in FACTORS.items() if code != "21"},
        "statutory": dict(STATUTORY_PLANS),
        "teams": {str(each.pk): each.name for each in all_teams(viewer)},
        "localities": {str(each.pk): each.name for each in localities(viewer)},
    }


def families_on(strands: Collection[Strand], day: date) -> dict[UUID, set[UUID]]:
    """The families of each of these strands on a day, with those of strands that were merged into it; one statement. Who
    reads was let in to the programme; ids are counted and never shown."""
    into = {each.pk: each.merged_into_id or each.pk for each in strands}
    found: dict[UUID, set[UUID]] = {each.pk: set() for each in strands}
    rows = CohortMember.objects.filter(CohortMember.on(day), strand_id__in=list(into))
    for strand_id, family_id in rows.values_list("strand_id", "family_id"):
        found[strand_id].add(family_id)
        found.setdefault(into[strand_id], set()).add(family_id)
    return found


def cohorts_of(viewer: Actor, programme: ProgrammeSeen) -> dict[UUID, CohortSeen]:
    """The families of every strand of a programme the viewer was let in to, in words; five statements."""
    strands = list(Strand.objects.filter(programme_id=programme.id))
    return _cohorts(viewer, strands)


def cohort_of(viewer: Actor, strand: Strand) -> CohortSeen:
    """The families of one strand, with the cases among them that the viewer may open."""
    merged = list(strand.merged_from.all())
    families = families_on([strand, *merged], timezone.localdate(viewer.at))
    mine = tuple(cases_to_open(viewer, families[strand.pk])) if families[strand.pk] else ()
    return _cohorts(viewer, [strand, *merged], mine)[strand.pk]


def _cohorts(viewer: Actor, strands: list[Strand], mine: tuple[tuple[UUID, str], ...] = ()) -> dict[UUID, CohortSeen]:
    day = timezone.localdate(viewer.at)
    least, families = suppress_below(day), families_on(strands, day)
    rules = {each.strand_id: each for each in CohortRule.objects.filter(strand__in=strands)}
    labels = choices_of_cohort(viewer) if any(each.criteria for each in rules.values()) else {}
    sources: dict[UUID, dict[str, int]] = {}
    rows = CohortMember.objects.filter(CohortMember.on(day), strand__in=strands)
    for strand_id, source in rows.values_list("strand_id", "source"):
        kept = sources.setdefault(strand_id, dict.fromkeys(MEMBER_SOURCES, 0))
        kept[source] += 1
    return {
        each.pk: _cohort(len(families[each.pk]), rules.get(each.pk), sources.get(each.pk, {}), labels, least, mine)
        for each in strands
    }


def _cohort(
    number: int,
    rule: CohortRule | None,
    sources: Mapping[str, int],
    labels: Mapping[str, Mapping[str, str]],
    least: int,
    mine: tuple[tuple[UUID, str], ...],
) -> CohortSeen:
    criteria = criteria_of(rule.criteria) if rule else Criteria()
    return CohortSeen(
        number=number, words=shown(number, least), expected=rule.expected if rule else None,
        expected_source=rule.expected_source if rule else "", asked=tuple(in_words(criteria, labels)),
        by_source=tuple((MEMBER_SOURCES[each], shown(count, least)) for each, count in sources.items() if count),
        refreshed_at=rule.refreshed_at if rule else None, criteria=criteria, my_cases=mine,
    )  # fmt: skip


def overlap_of(viewer: Actor, programme_id: UUID) -> OverlapPage:
    """How the open strands of a programme overlap today, and which had better be one; as many statements however many
    families there are."""
    programme = programme_seen(viewer, programme_id)
    day = timezone.localdate(viewer.at)
    strands = list(Strand.objects.filter(programme_id=programme.id).select_related("sponsor").order_by("position"))
    families = families_on(strands, day)
    there = [each for each in strands if each.state == StrandState.OPEN]
    sets = {each.code: families[each.pk] for each in there}
    several = overlap.in_several(sets)
    months, least, limits = looked_back_months(day), suppress_below(day), merge_limits(day)
    since = _months_before(day, months)
    visits = professionals_around(viewer, several, since=since, on=day) if several else {}
    by_code = {each.code: each for each in there}
    everybody: set[UUID] = set().union(*sets.values()) if sets else set()
    figure = upset(
        "Families by the strands they are in",
        [(each.code, each.name, len(sets[each.code])) for each in there], overlap.intersections(sets), least=least,
    )  # fmt: skip
    pairs = overlap.pairs(sets, visits, limits)
    return OverlapPage(
        programme=programme, figure=figure, families=shown(len(everybody), least), several=shown(len(several), least),
        pairs=tuple(_pair(each, by_code, least) for each in pairs), spread=_spread(overlap.spread(several, visits), least),
        limits=limits, least=least, months=months, since=since, on=day,
    )  # fmt: skip


def _spread(found: list[Spread], least: int) -> tuple[tuple[str, str], ...]:
    return tuple((str(each.professionals), shown(each.families, least)) for each in found)


def _pair(each: overlap.Pair, strands: Mapping[str, Strand], least: int) -> PairSeen:
    into, merged = strands[each.into], strands[each.merged]
    is_small = each.both < least
    return PairSeen(
        into.pk, into.name, merged.pk, merged.name, shown(each.both, least),
        "" if is_small else _number(each.percent), "" if is_small else _number(each.professionals),
        "" if is_small else f"{each.visits:,}", "" if is_small else f"{each.duplicated:,}",
        None if is_small else each.saving_pence,
        "" if merged.sponsor_id == into.sponsor_id else merged.sponsor.name, into.sponsor.name,
        each.is_advised and not is_small,
    )  # fmt: skip


def _number(value: Fraction) -> str:
    """With one place where it is not whole."""
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.1f}"


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


__all__ = [
    "KINDS", "CohortSeen", "OverlapPage", "PairSeen", "choices_of_cohort", "cohort", "cohort_of", "cohorts_of",
    "families_on", "overlap_of",
]  # fmt: skip
