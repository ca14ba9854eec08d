"""Versions of a delivery model: as they were kept, and two of them beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.benefits import delivering, delivery_versions
from joinedup.benefits.lifecycle import COST_KINDS, CostKind
from joinedup.benefits.models import DeliveryModel, DeliveryVersion, Programme
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.benefits.queries.delivery import _live, delivery_for, plan_of
from joinedup.core.errors import NotVisible

NOBODY = "The program"


@dataclass(frozen=True)
class VersionSeen:
    """A version as it was kept: what it came to, what changed and why, and whether its hash still holds."""

    number: int
    content: Mapping[str, Any]
    changed: tuple[str, ...]
    why: str
    kept_at: datetime
    kept_by: str
    digest: str
    is_unchanged: bool

    @property
    def total(self) -> int:
        """Pence over all years."""
        return sum(each["total"] for each in self.content["years"])

    @property
    def unfunded(self) -> int:
        """What nobody paid, over all years."""
        return sum(each["unfunded"] for each in self.content["years"])


@dataclass(frozen=True)
class Compared:
    """Two versions beside each other (0 is the model as it stands now): every difference in words, and their sums."""

    one: int
    other: int
    changes: tuple[str, ...]
    rows: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class VersionsPage:
    """The versions of a delivery model, the newest first, and what has changed since the newest."""

    row: DeliveryModel
    versions: tuple[VersionSeen, ...]
    since: tuple[str, ...]
    names: Mapping[str, str]
    now: Mapping[str, Any]

    def content(self, number: int) -> Mapping[str, Any]:
        """Of a version, or of the model as it stands now for 0. Raises NotVisible for an unknown one."""
        if number == 0:
            return self.now
        found = next((each.content for each in self.versions if each.number == number), None)
        if found is None:
            raise NotVisible
        return found

    def compared(self, one: int, other: int) -> Compared:
        """Two of them, the earlier first."""
        before, after = self.content(one), self.content(other)
        return Compared(
            one, other, tuple(delivery_versions.differences(before, after, self.names)),
            tuple(delivery_versions.rows_beside(before, after, self.names)),
        )  # fmt: skip


def versions_of(viewer: Actor, delivery_model_id: UUID) -> VersionsPage:
    """The versions of a delivery model of a programme the viewer may see."""
    row = delivery_for(viewer, delivery_model_id)
    kept = list(row.versions.order_by("-number"))
    people = names_of_accounts(viewer, {each.kept_by for each in kept if each.kept_by})
    now, names = content_of(row), _names(row)
    return VersionsPage(
        row, tuple(_seen(each, people) for each in kept),
        tuple(delivery_versions.differences(kept[0].content, now, names)) if kept else (), names, now,
    )  # fmt: skip


def content_of(row: DeliveryModel) -> dict[str, Any]:
    """A delivery model as a version keeps it; `row` as `delivery_for` reads it."""
    plan = plan_of(row)
    return {
        "name": row.name, "words": row.words, "grade": row.grade,
        "staff": sorted(
            (
                {
                    "agency": each.agency.name, "grade": each.grade, "base": each.base, "people": each.people,
                    "full_time_equivalent": f"{each.full_time_equivalent:f}".rstrip("0").rstrip("."),
                    "first": each.first_year, "last": each.last_year,
                }
                for each in _live(row.staff.all())
            ),
            key=lambda line: (line["agency"], line["grade"], line["base"], line["first"]),
        ),
        "costs": [
            {
                "kind": COST_KINDS[CostKind(each.kind)], "name": each.name, "amounts": list(each.amounts),
                "is_unfunded": each.is_unfunded,
            }
            for each in _live(row.costs.all())
        ],
        "shares": [dict((plan.shares or {}).get(year, {})) for year in range(plan.years)],
        "years": [delivery_versions.year_content(each) for each in delivering.years_of(plan)],
    }  # fmt: skip


def _names(row: DeliveryModel) -> dict[str, str]:
    places = sorted(row.strand.programme.partners.all(), key=lambda each: each.position)
    return {each.organisation.code: each.organisation.name for each in places}


def _seen(each: DeliveryVersion, people: Mapping[UUID, str]) -> VersionSeen:
    return VersionSeen(
        each.number, each.content, tuple(each.changed.split("\n")) if each.changed else (), each.why, each.kept_at,
        people.get(each.kept_by, NOBODY) if each.kept_by else NOBODY, each.digest,
        delivery_versions.digest_of(each.content) == each.digest,
    )  # fmt: skip


def models_shown(viewer: Actor, model_ids: set[UUID]) -> set[UUID]:
    """Which of these delivery models somebody may see."""
    if not can(viewer, READ_PROGRAMMES):
        return set()
    mine = Programme.objects.visible_to(viewer)
    found = DeliveryModel.objects.filter(pk__in=model_ids, strand__programme__in=mine)
    return set(found.values_list("pk", flat=True))
