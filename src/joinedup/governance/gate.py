"""What capacity puts before boards: the effect “open the gate” of a testing phase whose cohort is full, and scenarios that were
put forward."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.capacity import queries as capacity
from joinedup.capacity import services as capacity_services
from joinedup.core.formats import date_long
from joinedup.governance.agenda import Asking, Due, register_agenda_source
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.effects import Body, Matter, Order
from joinedup.governance.lifecycle import MeetingState
from joinedup.governance.models import AgendaItem

SCENARIO = "scenario"


class OpenGate:
    """What a testing phase tried is offered to all."""

    kind = "open_gate"
    words = "Open the gate of a testing phase"
    approvers = frozenset({Role.DIRECTOR, Role.CHIEF_FINANCE_OFFICER, Role.FINANCE_DIRECTOR})

    def waiting(self, viewer: Actor) -> list[Matter]:
        """The phases whose cohort is full."""
        own = system(viewer.at)
        return [self.look(own, each.pk) for each in capacity.phases_awaiting(own)]

    def look(self, viewer: Actor, matter_id: UUID) -> Matter:
        """One phase as it stands; NotVisible when its cohort is not full any more, or it was halted. Counts move from day to
        day and stand in the words; what the decision rests on is what was said before the phase began."""
        row, seen = capacity.phase_awaiting(system(viewer.at), matter_id)
        evidence = {
            "phase": row.reference, "name": row.name, "team": row.team.name, "families": row.cohort_limit,
            "compared_with": row.comparison, "must_hold": row.must_hold,
        }  # fmt: skip
        # A cohort has six families at least, so that its share names nobody.
        is_told = seen.continuity is not None and seen.counted >= 6
        kept = f"; {seen.continuity:.0%} kept their lead professional" if is_told else ""
        words = f"{row.reference}: {seen.taken_on} of {row.cohort_limit} families taken on{kept}. What must hold: {row.must_hold}"
        bodies = (Body(row.team.host_id, row.team.host.name),)
        is_invented = row.pk in capacity.invented_phases(system(viewer.at), {row.pk})
        return Matter(row.pk, f"Open the gate of {row.name}", words, bodies, evidence, is_illustration=is_invented)

    def invented(self, viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
        """Phases whose scenario is an illustration."""
        return capacity.invented_phases(system(viewer.at), ids)

    def bodies_of(self, matter: Matter, chosen: Mapping[str, str]) -> tuple[Body, ...]:
        """The body that hosts the team."""
        return matter.bodies

    def carry_out(self, order: Order, *, by: Actor, at: datetime) -> str:
        """Open it under the decision’s reference."""
        row, _ = capacity.phase_awaiting(system(at), order.matter_id)
        minute = f"{order.board}, decision {order.reference}"
        capacity_services.open_gate(phase=row, decision=minute, by=system(at), at=at)
        return f"The gate of {row.name} is open: what was tested is offered to all."


def _scenarios(viewer: Actor, asking: Asking) -> Iterator[Due]:
    """Those put forward, until a meeting of this board has had them."""
    rows = capacity.offered_scenarios(system(viewer.at))
    had = set(
        AgendaItem.objects.filter(
            meeting__board_id=asking.board_id, matter_kind=SCENARIO, matter_id__in=[each.pk for each in rows],
            taken_off_at=None, meeting__state__in=[MeetingState.HELD, MeetingState.MINUTES_AGREED],
        ).values_list("matter_id", flat=True)
    )  # fmt: skip
    for each in rows:
        if each.pk not in had and each.offered_at is not None:
            mark = f" {ILLUSTRATION}." if each.is_illustration else ""
            why = f"{each.reference}, put forward on {date_long(each.offered_at)}: {each.offered_words}{mark}"
            yield Due(
                "report", f"Scenario: {each.name}"[:200], why, SCENARIO, each.pk, is_illustration=each.is_illustration
            )  # fmt: skip


open_the_gate = OpenGate()
register_agenda_source("capacity", _scenarios)
