"""Reading business cases and the rounds they went through; what other pages of a programme take from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.benefits import case_results
from joinedup.benefits.case_results import BenefitLine
from joinedup.benefits.models import BusinessCase, Programme, Round
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.benefits.queries.programmes import programme_for
from joinedup.core.errors import NotVisible
from joinedup.engines.appraisal import Stake

NOBODY = "The program"


@dataclass(frozen=True)
class RoundSeen:
    """A round as it was kept. `model` has the keys of the appraisal model, `results` those of `case_results`."""

    id: UUID
    case_id: UUID
    case_title: str
    case_reference: str
    strand_id: UUID
    strand_name: str
    programme_id: UUID
    programme_title: str
    is_illustration: bool
    number: int
    model: dict[str, Any]
    results: dict[str, Any]
    digest: str
    changed: str
    why: str
    kept_at: datetime
    kept_by: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the digest still fits what is kept."""
        return case_results.digest_of(self.model, self.results) == self.digest


@dataclass(frozen=True)
class CaseSeen:
    """A business case in a list: where it stands, and its newest round."""

    id: UUID
    reference: str
    title: str
    strand_id: UUID
    strand_name: str
    saved_at: datetime
    is_withdrawn: bool
    rounds: int
    newest: RoundSeen | None


@dataclass(frozen=True)
class StakesAndReturns:
    """What each agency puts in and gets out over the newest rounds of a programme's strands; `without` names the strands
    that have no round yet and are not in the sums."""

    stakes: Mapping[str, Stake]
    rounds: tuple[RoundSeen, ...]
    without: tuple[str, ...]


def case_for(viewer: Actor, case_id: UUID) -> BusinessCase:
    """One case, to show or to hand to a service; its strand, sponsor and programme are read with it."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    found = BusinessCase.objects.select_related("strand__programme", "strand__sponsor").filter(
        pk=case_id, strand__programme__in=mine
    )
    case = found.first()
    if case is None:
        raise NotVisible
    return case


def cases_of(viewer: Actor, programme_id: UUID, *, withdrawn: bool = False) -> list[CaseSeen]:
    """The cases of a programme by strand, the newest first; those withdrawn only when asked for."""
    programme = programme_for(viewer, programme_id)
    rows = BusinessCase.objects.select_related("strand").filter(strand__programme=programme)
    if not withdrawn:
        rows = rows.filter(withdrawn_at=None)
    cases = list(rows.order_by("strand__position", "-begun_at", "-pk"))
    rounds: dict[UUID, list[RoundSeen]] = {}
    for each in _rounds(viewer, case__in=cases):
        rounds.setdefault(each.case_id, []).append(each)
    return [
        CaseSeen(
            row.pk, row.reference, row.title, row.strand_id, row.strand.name, row.saved_at, row.withdrawn_at is not None,
            len(rounds.get(row.pk, ())), rounds[row.pk][0] if row.pk in rounds else None,
        )
        for row in cases
    ]  # fmt: skip


def open_cases(viewer: Actor, programme_id: UUID) -> list[CaseSeen]:
    """The cases of a programme that are not withdrawn."""
    return cases_of(viewer, programme_id)


def rounds_of(viewer: Actor, case_id: UUID) -> list[RoundSeen]:
    """The rounds a case went through, the newest first."""
    return _rounds(viewer, case=case_for(viewer, case_id))


def round_seen(viewer: Actor, round_id: UUID) -> RoundSeen:
    """One round as it was kept."""
    check(viewer, READ_PROGRAMMES)
    found = _rounds(viewer, pk=round_id, case__strand__programme__in=Programme.objects.visible_to(viewer))
    if not found:
        raise NotVisible
    return found[0]


def round_for(viewer: Actor, round_id: UUID) -> Round:
    """One round, to hand to a service or to point to."""
    return Round.objects.select_related("case__strand__programme").get(pk=round_seen(viewer, round_id).id)


def newest_round(viewer: Actor, strand_id: UUID) -> RoundSeen | None:
    """The round a strand stands on: the newest kept of its cases that are not withdrawn; None where there is none."""
    check(viewer, READ_PROGRAMMES)
    mine = Programme.objects.visible_to(viewer)
    found = _rounds(viewer, case__strand_id=strand_id, case__strand__programme__in=mine, case__withdrawn_at=None)
    return found[0] if found else None


def newest_rounds(viewer: Actor, programme_id: UUID) -> dict[UUID, RoundSeen]:
    """The round each strand of a programme stands on, by the strand's id; two statements for all of them."""
    programme = programme_for(viewer, programme_id)
    found: dict[UUID, RoundSeen] = {}
    for each in _rounds(viewer, case__strand__programme=programme, case__withdrawn_at=None):
        found.setdefault(each.strand_id, each)
    return found


def benefit_lines(kept: RoundSeen | Round) -> tuple[BenefitLine, ...]:
    """The lines of benefit of a round with what each agency is to gain in each year, in pounds."""
    return case_results.benefit_lines(kept.model)


def stakes_and_returns(viewer: Actor, programme_id: UUID) -> StakesAndReturns:
    """Each agency's present values over the newest rounds of all strands that are not merged or closed."""
    programme = programme_for(viewer, programme_id)
    strands = list(programme.strands.filter(state="open").order_by("position"))
    newest = newest_rounds(viewer, programme_id)
    rounds = tuple(newest[each.pk] for each in strands if each.pk in newest)
    stakes = case_results.stakes_of([each.results for each in rounds])
    return StakesAndReturns(stakes, rounds, tuple(each.name for each in strands if each.pk not in newest))


def _rounds(viewer: Actor, **narrowed: Any) -> list[RoundSeen]:
    rows = list(
        Round.objects.select_related("case__strand__programme")
        .filter(**narrowed)
        .order_by("-kept_at", "-number", "-pk")
    )
    names = names_of_accounts(viewer, {row.kept_by for row in rows if row.kept_by})
    return [_seen(row, names) for row in rows]


def _seen(row: Round, names: Mapping[UUID, str]) -> RoundSeen:
    case, strand = row.case, row.case.strand
    return RoundSeen(
        row.pk, case.pk, case.title, case.reference, strand.pk, strand.name, strand.programme_id, strand.programme.title,
        strand.programme.is_illustration, row.number, row.model, row.results, row.digest, row.changed, row.why, row.kept_at,
        names.get(row.kept_by, NOBODY) if row.kept_by else NOBODY,
    )  # fmt: skip
