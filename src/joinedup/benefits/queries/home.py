"""What there is of a programme, on one page: strands with sponsor, families and newest figure, what overlaps, claims."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.benefits.pounds import in_short
from joinedup.benefits.queries.accepted import Accepted, accepted_rounds
from joinedup.benefits.queries.cases import cases_of
from joinedup.benefits.queries.claims import SubjectSeen, claim_subjects
from joinedup.benefits.queries.cohorts import CohortSeen, PairSeen, cohorts_of, overlap_of
from joinedup.benefits.queries.delivery import DeliverySeen, chosen_models
from joinedup.benefits.queries.programmes import ProgrammeSeen, StrandSeen


@dataclass(frozen=True)
class NewestFigure:
    """The newest round of a strand's business case and what it comes to: net public value; and the board that accepted it."""

    round_id: UUID
    words: str
    number: int
    is_loss: bool
    accepted: Accepted | None = None


@dataclass(frozen=True)
class StrandLine:
    """A strand on the programme's page."""

    strand: StrandSeen
    cohort: CohortSeen
    newest: NewestFigure | None
    delivery: DeliverySeen | None


@dataclass(frozen=True)
class Home:
    """One programme at a glance."""

    programme: ProgrammeSeen
    lines: tuple[StrandLine, ...]
    advised: tuple[PairSeen, ...]
    several: str
    least: int
    subjects: tuple[SubjectSeen, ...]

    @property
    def unfunded(self) -> int:
        """Pence of the chosen delivery models that nobody pays yet."""
        return sum(each.delivery.unfunded for each in self.lines if each.delivery)


def home(viewer: Actor, programme_id: UUID) -> Home:
    """One programme for its page; as many statements however much is in it."""
    overlap = overlap_of(viewer, programme_id)
    programme = overlap.programme
    newest = _newest(viewer, programme.id)
    cohorts = cohorts_of(viewer, programme)
    delivery = chosen_models(viewer, [each.id for each in programme.strands])
    lines = tuple(
        StrandLine(each, cohorts[each.id], newest.get(each.id), delivery.get(each.id)) for each in programme.strands
    )
    subjects = tuple(claim_subjects(viewer, programme_id=programme.id))
    return Home(programme, lines, overlap.advised, overlap.several, overlap.least, subjects)


def _newest(viewer: Actor, programme_id: UUID) -> dict[UUID, NewestFigure]:
    """By strand, the newest round of whichever case of it was kept last."""
    rounds = [each.newest for each in cases_of(viewer, programme_id) if each.newest is not None]
    found: dict[UUID, NewestFigure] = {}
    for each in sorted(rounds, key=lambda each: each.kept_at):
        net = round(float(each.results.get("npv_public") or 0) * 100)
        found[each.strand_id] = NewestFigure(each.id, in_short(net), each.number, net < 0)
    accepted = accepted_rounds(viewer, [each.round_id for each in found.values()])
    return {key: replace(each, accepted=accepted.get(each.round_id)) for key, each in found.items()}
