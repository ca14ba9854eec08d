"""Which indicators were agreed and what they say, and how often they listed children without need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import indicators as rules
from joinedup.information_sharing.indicators import WEIGHT_LABELS, Outcome, Rate, Weight
from joinedup.information_sharing.models import (
    Agreement,
    Indicator,
    IndicatorLook,
    IndicatorLookReason,
    IndicatorProposal,
    IndicatorVersion,
)
from joinedup.information_sharing.permissions import PROPOSE_INDICATOR, READ_INDICATOR_REVIEW, READ_INDICATORS
from joinedup.information_sharing.queries.listed import why_off
from joinedup.person_index.queries import ethnicity_of, observers_of, sex_of, withheld_people

_FIND_EARLY = "find_early"
_LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class VersionSeen:
    """One version of an indicator, as anybody may read it."""

    number: int
    wording: str
    weight: str
    rests_on: str
    basis: str
    basis_words: str
    is_basis_verified: bool
    agreement: str
    agreement_title: str
    agreed_by: str
    agreed_on: date
    review_on: date
    declared_at: datetime
    ended_at: datetime | None
    end_reason: str
    off: str
    two_people: str = ""


@dataclass(frozen=True)
class IndicatorSeen:
    """An indicator with its versions, the newest first. `is_ended` when none is in force."""

    id: UUID
    name: str
    versions: tuple[VersionSeen, ...]

    @property
    def now(self) -> VersionSeen:
        """What it says, or said last."""
        return self.versions[0]

    @property
    def is_ended(self) -> bool:
        """No version is in force."""
        return self.now.ended_at is not None


@dataclass(frozen=True)
class Register:
    """Every indicator and whether this viewer may propose one."""

    indicators: tuple[IndicatorSeen, ...]
    may_propose: bool


@dataclass(frozen=True)
class AgreementChoice:
    """An agreement in force for noticing early, and the lawful bases it names."""

    reference: str
    title: str
    bases: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReviewTable:
    """One table of the review: rows of rates, and what they say in a sentence."""

    title: str
    groups: str
    rates: tuple[Rate, ...]
    sentence: str


@dataclass(frozen=True)
class IndicatorReview:
    """How often somebody was listed without need: by indicator and by group."""

    since: date
    looked: int
    outcomes: tuple[tuple[str, str], ...]
    tables: tuple[ReviewTable, ...]


def indicator_register(viewer: Actor) -> Register:
    """Every indicator with its present version, those in force first."""
    check(viewer, READ_INDICATORS)
    rows = Indicator.objects.prefetch_related("versions__agreement", "versions__basis").order_by("name")
    found = [_indicator(viewer, row) for row in rows]
    ordered = sorted(found, key=lambda each: (each.is_ended, each.name))
    return Register(tuple(ordered), can(viewer, PROPOSE_INDICATOR))


def indicator_seen(viewer: Actor, indicator_id: UUID) -> IndicatorSeen:
    """One indicator with all its versions, and who proposed and who agreed to each."""
    row = indicator_for_change(viewer, indicator_id)
    seen = _indicator(viewer, row)
    made = {each.made.number: each for each in row.proposals.all() if each.made is not None}
    people = {each for one in made.values() for each in (one.proposed_by, one.decided_by) if each}
    names = names_of_accounts(viewer, people) if people else {}
    versions = tuple(
        replace(version, two_people=_two_people(made[version.number], names)) if version.number in made else version
        for version in seen.versions
    )
    return replace(seen, versions=versions)


def _two_people(proposal: IndicatorProposal, names: Mapping[UUID, str]) -> str:
    proposed = names.get(proposal.proposed_by, "") if proposal.proposed_by else ""
    agreed = names.get(proposal.decided_by, "") if proposal.decided_by else ""
    return f"Proposed by {proposed or 'Joinedup'}, agreed to here by {agreed or 'Joinedup'}"


def indicator_for_change(viewer: Actor, indicator_id: UUID) -> Indicator:
    """The indicator itself, to hand to a service."""
    check(viewer, READ_INDICATORS)
    rows = Indicator.objects.prefetch_related("versions__agreement", "versions__basis", "proposals__made")
    row = rows.filter(pk=indicator_id).first()
    if row is None:
        raise NotVisible
    return row


def _indicator(viewer: Actor, row: Indicator) -> IndicatorSeen:
    day = timezone.localdate(viewer.at)
    versions = sorted(row.versions.all(), key=lambda version: -version.number)
    return IndicatorSeen(row.pk, row.name, tuple(_version(version, day) for version in versions))


def _version(version: IndicatorVersion, day: date) -> VersionSeen:
    return VersionSeen(
        number=version.number,
        wording=version.wording,
        weight=WEIGHT_LABELS[Weight(version.weight)],
        rests_on=version.sign.words,
        basis=version.basis.name,
        basis_words=version.basis.words,
        is_basis_verified=version.basis.is_verified,
        agreement=version.agreement.reference,
        agreement_title=version.agreement.title,
        agreed_by=version.agreed_by,
        agreed_on=version.agreed_on,
        review_on=version.review_on,
        declared_at=version.declared_at,
        ended_at=version.ended_at,
        end_reason=version.end_reason,
        off="" if version.ended_at else why_off(version, day),
    )


def agreements_for_indicators(viewer: Actor) -> list[AgreementChoice]:
    """The agreements an indicator may rest on today."""
    check(viewer, PROPOSE_INDICATOR)
    day = timezone.localdate(viewer.at)
    rows = Agreement.objects.in_force_on(day).filter(purposes__contains=[_FIND_EARLY])
    return [
        AgreementChoice(
            row.reference, row.title, tuple(sorted((each.basis.code, each.basis.name) for each in row.bases.all()))
        )
        for row in rows.prefetch_related("bases__basis").order_by("title")
    ]


# --- The review.


def indicator_review(viewer: Actor) -> IndicatorReview:
    """What came of looking in the last year: per indicator, and by sex, age and ethnic group as the agencies have it.
    Numbers too small to be safe are not given. Whoever is withheld from the viewer is not counted."""
    check(viewer, READ_INDICATOR_REVIEW)
    since = viewer.at - _LOOKED_BACK
    looks = IndicatorLook.objects.filter(looked_at__gte=since)
    if not viewer.is_system:
        looks = looks.exclude(person_id__in=withheld_people(viewer))
    rows = list(looks.values_list("pk", "person_id", "outcome", "looked_at", "person__birth_date"))
    people = {row[1] for row in rows}
    sexes, groups = sex_of(viewer, people), ethnicity_of(viewer, people)
    false = {row[0] for row in rows if row[2] == Outcome.FALSE_POSITIVE}
    by_sex = _rates((sexes.get(row[1], "Not known"), row[0] in false) for row in rows)
    by_age = _rates((rules.age_band(row[4], timezone.localdate(row[3])), row[0] in false) for row in rows)
    by_group = _rates((groups.get(row[1], "Not known"), row[0] in false) for row in rows)
    audit.record_read(
        viewer, subject=("information_sharing.indicator", "review"), people=(), purpose="review of false positives"
    )
    return IndicatorReview(
        since=timezone.localdate(since),
        looked=len(rows),
        outcomes=_outcomes(row[2] for row in rows),
        tables=(
            _table("By indicator", "Indicator", _rates(_by_indicator({row[0] for row in rows}, false))),
            _table("By sex", "Sex", by_sex),
            _table("By age", "Age when looked at", by_age),
            _table("By ethnic group", "Ethnic group, as an agency has it", by_group),
        ),
    )


def _outcomes(said: Iterable[str]) -> tuple[tuple[str, str], ...]:
    counted = Counter(said)
    return tuple(
        (label, Rate(label, counted[outcome], 0).looked_words) for outcome, label in rules.OUTCOME_LABELS.items()
    )


def _by_indicator(looks: set[UUID], false: set[UUID]) -> Iterable[tuple[str, bool]]:
    rows = IndicatorLookReason.objects.filter(look_id__in=looks)
    names = rows.values_list("indicator_version__indicator__name", "look_id")
    return [(name, look_id in false) for name, look_id in names]


def _rates(said: Iterable[tuple[str, bool]]) -> tuple[Rate, ...]:
    looked: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for name, is_false in said:
        looked[name] += 1
        false[name] += is_false
    return tuple(
        Rate(name, looked[name], false[name]) for name in sorted(looked, key=lambda name: (-looked[name], name))
    )


def _table(title: str, groups: str, rates: tuple[Rate, ...]) -> ReviewTable:
    return ReviewTable(title, groups, rates, rules.finding(rates))


def observing_agencies(viewer: Actor) -> list[str]:
    """Which agencies have sent observations, and until when, for the page of the indicators."""
    check(viewer, READ_INDICATORS)
    return [f"{name}, until {day:%-d %B %Y}" for name, day in observers_of(viewer)]
