"""The families of a strand as a group that outcomes are read for: numbers only, and never who they are."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.benefits.lifecycle import StrandState
from joinedup.benefits.models import CohortMember, Programme, Strand
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.outcomes.subjects import Belonging, Group, GroupKind

CODE = "benefits.strand"


def strands_offered(viewer: Actor) -> list[Group]:
    """The open strands of the viewer's programmes, each as the group of its families; one statement."""
    if not can(viewer, READ_PROGRAMMES):
        return []
    rows = Strand.objects.filter(programme__in=Programme.objects.visible_to(viewer), state=StrandState.OPEN)
    return [
        Group(
            f"{CODE}:{each.pk}", f"{each.name} ({each.programme.title})",
            f"Every family that is in the strand {each.name} on the day of what is counted.",
        )
        for each in rows.select_related("programme").order_by("programme__title", "position")
    ]  # fmt: skip


def families_of_strands(viewer: Actor, keys: Collection[str]) -> dict[str, list[Belonging]]:
    """Who was in each of these strands, and in those merged into it, from which day to which. Two statements; only the
    program itself asks this."""
    if not viewer.is_system:
        return {}
    strands = {UUID(key.partition(":")[2]): key for key in keys}
    merged = Strand.objects.filter(merged_into__in=list(strands), state=StrandState.MERGED)
    key_of = strands | {pk: strands[into] for pk, into in merged.values_list("pk", "merged_into_id")}
    found: dict[str, list[Belonging]] = {key: [] for key in keys}
    rows = CohortMember.objects.filter(strand__in=list(key_of)).order_by("pk")
    for strand_id, family_id, starts_on, ends_on in rows.values_list("strand_id", "family_id", "starts_on", "ends_on"):
        found[key_of[strand_id]].append(Belonging(family_id, starts_on, ends_on))
    return found


STRANDS = GroupKind(CODE, "Families of a strand", strands_offered, families_of_strands)
