"""The localities by the beginnings of postcodes, the area the viewer's teams serve, and whom they follow there. It asks the
parts below, and is asked by permissions and queries of this one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.casework.queries import people_seen_through_cases
from joinedup.organisations.queries import localities_by_prefix, localities_served
from joinedup.person_index.queries import Area, people_of_age
from joinedup.universal.places import beginnings, place_of
from joinedup.universal.settings import ages_followed

ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Places:
    """Where sectors lie. A locality is known by its code; "elsewhere" is outside all of them or not known."""

    names: dict[str, str]
    codes: dict[str, str]  # by beginning
    ids: dict[str, UUID]  # by beginning

    def code_of(self, sector: str) -> str:
        """The locality of a sector."""
        return place_of(sector, self.codes) or ELSEWHERE

    def name_of(self, code: str) -> str:
        """What a locality is called."""
        return self.names.get(code, "Elsewhere or not known")

    def area_of(self, code: str) -> Area | None:
        """One locality as an area; None for elsewhere."""
        ids = {self.ids[prefix] for prefix, found in self.codes.items() if found == code}
        return Area(*beginnings(ids, self.ids)) if ids else None


def places(viewer: Actor) -> Places:
    """Every locality; one statement."""
    rows = localities_by_prefix(viewer)
    named = sorted({(each.name, each.code) for each in rows.values()})
    return Places(
        names={code: name for name, code in named},
        codes={prefix: each.code for prefix, each in rows.items()},
        ids={prefix: each.pk for prefix, each in rows.items()},
    )


def own_area(viewer: Actor, where: Places) -> Area:
    """What the viewer's teams serve; nowhere for those whose teams serve no locality."""
    served = localities_served(viewer, viewer.team_ids, on=timezone.localdate(viewer.at)) if viewer.team_ids else set()
    return Area(*beginnings(served, where.ids))


def is_followed_by(viewer: Actor, person_id: UUID) -> bool:
    """Whether a young person is of the ages followed and lives in the area the viewer's team serves, or is in a case the
    viewer sees. Never for whoever is withheld from them."""
    on = timezone.localdate(viewer.at)
    youngest, _, oldest = ages_followed(on)
    if not people_of_age(viewer, on=on, youngest=youngest, oldest=oldest, only=[person_id]):
        return False
    if viewer.is_system:
        return True
    if people_of_age(
        viewer, on=on, youngest=youngest, oldest=oldest, only=[person_id], area=own_area(viewer, places(viewer))
    ):
        return True
    mine = people_seen_through_cases(viewer)
    return mine is not None and mine.filter(person_id=person_id).exists()
