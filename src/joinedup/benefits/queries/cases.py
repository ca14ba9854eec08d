"""Reading business cases and the rounds they went through; what other pages of a programme take from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.benefits import case_results, rules
from joinedup.benefits.case_building import PARTS, Part, State, Wrong, faults, state_of, whole
from joinedup.benefits.case_changes import differences
from joinedup.benefits.case_results import BenefitLine
from joinedup.benefits.models import BusinessCase, Programme, Round
from joinedup.benefits.permissions import READ_PROGRAMMES, WRITE_CASE
from joinedup.benefits.queries.delivery import cost_lines
from joinedup.benefits.queries.programmes import programme_for
from joinedup.core.errors import NotVisible
from joinedup.engines.appraisal import Model, Spread, Stake, compare, read

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


@dataclass(frozen=True)
class PartSeen:
    """A part of a case in its list: how far it is."""

    part: Part
    state: State


@dataclass(frozen=True)
class CasePage:
    """A case with everything its pages show: what is left, who the agencies are, and what the viewer may do."""

    row: BusinessCase
    agencies: tuple[tuple[str, str], ...]
    parts: tuple[PartSeen, ...]
    left: tuple[Wrong, ...]
    rounds: int
    saved_by: str
    may_write: bool

    @property
    def is_finished(self) -> bool:
        """Nothing is missing or wrong."""
        return not self.left

    @property
    def is_illustration(self) -> bool:
        """Its inputs are invented, and every page says so."""
        return self.row.strand.programme.is_illustration

    @property
    def names(self) -> dict[str, str]:
        """What the partners are called, by code."""
        return dict(self.agencies)


def case_page(viewer: Actor, case_id: UUID) -> CasePage:
    """One case with what is left to do."""
    case = case_for(viewer, case_id)
    partners = case.strand.programme.partners.select_related("organisation").order_by("position")
    agencies = tuple((each.organisation.code, each.organisation.name) for each in partners)
    left = tuple(faults(case.model))
    names = names_of_accounts(viewer, {case.saved_by}) if case.saved_by else {}
    return CasePage(
        case, agencies, tuple(PartSeen(part, state_of(part, case.model, left)) for part in PARTS), left,
        case.rounds.count(), names.get(case.saved_by, NOBODY) if case.saved_by else NOBODY,
        case.withdrawn_at is None and can(viewer, WRITE_CASE, case),
    )  # fmt: skip


def changed_since(page: CasePage, kept: RoundSeen) -> list[str]:
    """What is otherwise in a case than in a round of it."""
    return differences(kept.model, page.row.model, page.names)


def cases_shown(viewer: Actor, case_ids: set[UUID]) -> set[UUID]:
    """Which of these cases somebody may see."""
    if not can(viewer, READ_PROGRAMMES):
        return set()
    mine = Programme.objects.visible_to(viewer)
    found = BusinessCase.objects.filter(pk__in=case_ids, strand__programme__in=mine)
    return set(found.values_list("pk", flat=True))


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


# --- Results, options side by side, and what a file or a delivery model would change ------------------------------------


@dataclass(frozen=True)
class Option:
    """One of several cases side by side: its results, how often it is the best when all are drawn with the same luck, and
    how it differs from the first (None for the first)."""

    case_id: UUID
    title: str
    strand_name: str
    results: Mapping[str, Any]
    best: float
    against_first: Spread | None


MOST_OPTIONS = 6


def model_of(page: CasePage) -> Model:
    """The model of a case that is finished. Refuses one that is not (BN-205)."""
    if page.left:
        raise rules.CASE_UNFINISHED.refused(left=" ".join(each.sentence for each in page.left[:3]))
    return read(whole(page.row.model))


def options_of(viewer: Actor, programme_id: UUID, case_ids: Sequence[UUID]) -> list[Option]:
    """Finished cases of a programme beside each other, in the order asked for, drawn with common random numbers; what is
    not finished, or not of this programme, is left out."""
    programme = programme_for(viewer, programme_id)
    rows = BusinessCase.objects.select_related("strand").filter(
        pk__in=case_ids, strand__programme=programme, withdrawn_at=None
    )
    known = {row.pk: row for row in rows if not faults(row.model)}
    chosen = [known[each] for each in dict.fromkeys(case_ids) if each in known][:MOST_OPTIONS]
    if not chosen:
        return []
    models = {str(row.pk): read(whole(row.model)) for row in chosen}
    drawn = compare(models, draws=case_results.DRAWS, seed=case_results.SEED)
    return [
        Option(
            row.pk, row.title, row.strand.name, case_results.results_of(models[str(row.pk)]), drawn.best[str(row.pk)],
            drawn.against_first.get(str(row.pk)),
        )
        for row in chosen
    ]  # fmt: skip


def with_delivery_costs(viewer: Actor, page: CasePage, delivery_model_id: UUID) -> dict[str, Any]:
    """The case's model with a delivery model's lines of cost: they take the place of lines with the same code."""
    taken = cost_lines(viewer, delivery_model_id)
    codes = {each.get("code") for each in taken}
    kept = [each for each in page.row.model.get("costs", []) if each.get("code") not in codes]
    return {**page.row.model, "costs": [*kept, *taken]}
