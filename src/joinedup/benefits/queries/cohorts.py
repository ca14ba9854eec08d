"""Reading who is in which strand: numbers, never names; how strands overlap, and what a merger would save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.benefits import cohort, overlap, suppressing
from joinedup.benefits.cohort import KINDS, Criteria, criteria_of, in_words
from joinedup.benefits.lifecycle import MEMBER_SOURCES, StrandState
from joinedup.benefits.models import CohortMember, CohortRule, Strand
from joinedup.benefits.overlap import Limits
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen
from joinedup.benefits.settings import looked_back_months, merge_limits, suppress_below
from joinedup.benefits.suppressing import Numbers, StrandPlace, numbers_of
from joinedup.benefits.upset import upset
from joinedup.casework.assessing_codes import FACTORS
from joinedup.casework.codes import LEVELS, NEEDS, STATUTORY_PLANS
from joinedup.casework.queries import cases_to_open, professionals_around
from joinedup.core.figures import Figure, Table
from joinedup.organisations.queries import all_teams, localities


@dataclass(frozen=True)
class CohortSeen:
    """The families of a strand as a page may say it: `words` counts those of strands merged into it, and is “fewer than 6”
    or “not shown” where it must be; `by_source` says how they came in; `expected` is what somebody said, for a strand
    without a live list."""

    is_empty: bool
    words: str
    expected: int | None
    expected_source: str
    asked: tuple[tuple[str, str], ...]
    by_source: tuple[tuple[str, str], ...]
    refreshed_at: datetime | None
    criteria: Criteria
    least: int = 0
    my_cases: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True)
class PairSeen:
    """Two strands beside each other, in words where a number is not shown: then nothing that is worked out from it is
    there, nor which of the two is the smaller. `loses` names the partner that would sponsor the merged strand no longer;
    empty where one partner sponsors both."""

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
    is_sized: bool  # both sizes are shown, so which is the smaller may be said


@dataclass(frozen=True)
class OverlapPage:
    """How the open strands of a programme overlap."""

    programme: ProgrammeSeen
    figure: Figure
    families: str
    several: str
    pairs: tuple[PairSeen, ...]
    spread: tuple[tuple[str, str], ...]
    is_all_shown: bool
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
                "yes" if each.is_advised else "no", each.loses if each.is_sized else "",
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


def _families(strands: Collection[Strand], day: date) -> dict[UUID, set[UUID]]:
    """The families of each of these strands itself on a day; one statement. Who reads was let in to the programme; ids are
    counted and never shown."""
    found: dict[UUID, set[UUID]] = {each.pk: set() for each in strands}
    rows = CohortMember.objects.filter(CohortMember.on(day), strand__in=list(found))
    for strand_id, family_id in rows.values_list("strand_id", "family_id"):
        found[strand_id].add(family_id)
    return found


def _of_programme(programme_id: UUID, day: date) -> tuple[list[Strand], dict[UUID, set[UUID]], Numbers]:
    """Every strand of a programme, its own families, and which numbers of them are shown: for all pages the same. Two
    statements."""
    strands = list(Strand.objects.filter(programme_id=programme_id).select_related("sponsor").order_by("position"))
    families = _families(strands, day)
    codes = {each.pk: each.code for each in strands}
    places = [
        StrandPlace(each.code, each.state == StrandState.OPEN, codes.get(each.merged_into_id or each.pk, ""))
        for each in strands
    ]
    numbers = numbers_of(places, {each.code: families[each.pk] for each in strands}, suppress_below(day))
    return strands, families, numbers


def cohorts_of(viewer: Actor, programme: ProgrammeSeen) -> dict[UUID, CohortSeen]:
    """The families of every strand of a programme the viewer was let in to, in words; as many statements however many."""
    day = timezone.localdate(viewer.at)
    strands, _, numbers = _of_programme(programme.id, day)
    return _cohorts(viewer, strands, numbers, day)


def cohort_of(viewer: Actor, strand: Strand) -> CohortSeen:
    """The families of one strand, with the cases among them that the viewer may open."""
    day = timezone.localdate(viewer.at)
    strands, families, numbers = _of_programme(strand.programme_id, day)
    within = {strand.pk} | {each.pk for each in strands if each.merged_into_id == strand.pk}
    everybody: set[UUID] = set().union(*(families[each] for each in within))
    mine = tuple(cases_to_open(viewer, everybody)) if everybody else ()
    return _cohorts(viewer, [each for each in strands if each.pk in within], numbers, day, mine)[strand.pk]


def _cohorts(
    viewer: Actor, strands: Sequence[Strand], numbers: Numbers, day: date, mine: tuple[tuple[UUID, str], ...] = ()
) -> dict[UUID, CohortSeen]:
    rules = {each.strand_id: each for each in CohortRule.objects.filter(strand__in=strands)}
    labels = choices_of_cohort(viewer) if any(each.criteria for each in rules.values()) else {}
    sources: dict[UUID, Counter[str]] = {each.pk: Counter() for each in strands}
    rows = CohortMember.objects.filter(CohortMember.on(day), strand__in=strands)
    for strand_id, source in rows.values_list("strand_id", "source"):
        sources[strand_id][source] += 1
    joined = {each.merged_into_id for each in strands if each.merged_into_id}
    found = {}
    for each in strands:
        key = suppressing.strand(each.code)
        counted = suppressing.parts_in_words(
            sources[each.pk].total(), {source: sources[each.pk][source] for source in MEMBER_SOURCES},
            is_shown=each.pk not in joined and numbers.is_shown(key), least=numbers.least,
        )  # fmt: skip
        by_source = tuple((MEMBER_SOURCES[source], words) for source, words in counted.items() if words != "0")
        found[each.pk] = _cohort(numbers, key, rules.get(each.pk), by_source, labels, mine)
    return found


def _cohort(
    numbers: Numbers,
    key: suppressing.Key,
    rule: CohortRule | None,
    by_source: tuple[tuple[str, str], ...],
    labels: Mapping[str, Mapping[str, str]],
    mine: tuple[tuple[UUID, str], ...],
) -> CohortSeen:
    criteria = criteria_of(rule.criteria) if rule else Criteria()
    return CohortSeen(
        is_empty=not numbers.counts.get(key), words=numbers.words(key), expected=rule.expected if rule else None,
        expected_source=rule.expected_source if rule else "", asked=tuple(in_words(criteria, labels)),
        by_source=by_source, refreshed_at=rule.refreshed_at if rule else None, criteria=criteria, my_cases=mine,
        least=numbers.least,
    )  # fmt: skip


def overlap_of(viewer: Actor, programme_id: UUID) -> OverlapPage:
    """How the open strands of a programme overlap today, and which had better be one; as many statements however many
    families there are."""
    programme = programme_seen(viewer, programme_id)
    day = timezone.localdate(viewer.at)
    strands, own, numbers = _of_programme(programme.id, day)
    there = {each.code: each for each in strands if each.state == StrandState.OPEN}
    sets = {each.code: set(own[each.pk]) for each in there.values()}
    by_id = {each.pk: each.code for each in there.values()}
    for each in strands:
        if each.merged_into_id in by_id:
            sets[by_id[each.merged_into_id]] |= own[each.pk]
    several = overlap.in_several(sets)
    months, limits = looked_back_months(day), merge_limits(day)
    since = _months_before(day, months)
    visits = professionals_around(viewer, several, since=since, on=day) if several else {}
    found = overlap.intersections(sets)
    keys = {each.strands: suppressing.exactly(each.strands) for each in found}
    figure = upset(
        "Families by the strands they are in",
        [(code, each.name, numbers.words(suppressing.strand(code))) for code, each in there.items()], found,
        hidden={each: numbers.words(key) for each, key in keys.items() if not numbers.is_shown(key)},
    )  # fmt: skip
    counted = {each.professionals: each.families for each in overlap.spread(several, visits)}
    spread = suppressing.parts_in_words(
        len(several), {str(each): count for each, count in counted.items()},
        is_shown=numbers.is_shown(suppressing.SEVERAL), least=numbers.least,
    )  # fmt: skip
    pairs = [_pair(each, there, numbers) for each in overlap.pairs(sets, visits, limits)]
    return OverlapPage(
        programme=programme, figure=figure, families=numbers.words(suppressing.ANY),
        several=numbers.words(suppressing.SEVERAL), pairs=tuple(_in_order(pairs, there)), spread=tuple(spread.items()),
        is_all_shown=numbers.is_whole and suppressing.NOT_SHOWN not in spread.values(), limits=limits,
        least=numbers.least, months=months, since=since, on=day,
    )  # fmt: skip


def _in_order(pairs: Sequence[PairSeen], strands: Mapping[str, Strand]) -> list[PairSeen]:
    """Those with everything shown as they came; then the others in the order of the strands, which tells nothing of them."""
    order = {each.pk: place for place, each in enumerate(strands.values())}
    told = [each for each in pairs if each.percent]
    others = [each for each in pairs if not each.percent]
    return told + sorted(others, key=lambda each: (order[each.into_id], order[each.merged_id]))


def _pair(each: overlap.Pair, strands: Mapping[str, Strand], numbers: Numbers) -> PairSeen:
    """What may be said of two strands. Of which nothing is said of the size, the earlier stands first."""
    is_sized = all(numbers.is_shown(suppressing.strand(code)) for code in (each.into, each.merged))
    codes = (each.into, each.merged)
    into, merged = (strands[code] for code in (codes if is_sized else sorted(codes, key=list(strands).index)))
    key = suppressing.both(*codes)
    is_shown = numbers.is_shown(key)
    return PairSeen(
        into.pk, into.name, merged.pk, merged.name, numbers.words(key),
        _number(each.percent) if is_shown and is_sized else "", _number(each.professionals) if is_shown else "",
        f"{each.visits:,}" if is_shown else "", f"{each.duplicated:,}" if is_shown else "",
        each.saving_pence if is_shown else None,
        "" if merged.sponsor_id == into.sponsor_id else merged.sponsor.name, into.sponsor.name,
        each.is_advised and is_shown and is_sized, is_sized,
    )  # fmt: skip


def _number(value: Fraction) -> str:
    """With one place where it is not whole."""
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.1f}"


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


__all__ = [
    "KINDS", "CohortSeen", "OverlapPage", "PairSeen", "choices_of_cohort", "cohort", "cohort_of", "cohorts_of", "overlap_of",
]  # fmt: skip
