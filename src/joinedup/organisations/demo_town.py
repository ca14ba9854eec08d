"""What a whole town adds to the demo partnership: the service for disabled children, whose work lasts for years."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.organisations import demo, services
from joinedup.organisations.models import Organisation, Post, Team

_STARTED_WITH = 300  # names before these are the demo's own people's


def load(*, at: datetime, workers: int) -> tuple[Team, list[Post]]:
    """Open the disabled children's service with a manager and key workers. Returns the team and its key workers."""
    began = at - demo._STARTED + timedelta(days=7)  # whoever supervises them was there first
    found = demo.DemoPartnership(
        organisations={each.code: each for each in Organisation.objects.all()},
        posts={post.account.name: post for post in Post.objects.select_related("account").order_by("starts_at")},
    )
    team = services.open_team(
        code="DISABLED", name="Disabled children's service", kind="specialist", host=found.organisations["COUNCIL"],
        base="Damson Exemplar Special School", by=system(began), at=began,
    )  # fmt: skip
    found.teams["DISABLED"] = team
    names = (name for _, name in islice(demo._names(), _STARTED_WITH, None))
    manager = next(names)
    parts = [demo.Part(manager, "Team manager, disabled children", Role.TEAM_MANAGER, team="DISABLED")]
    for number, name in enumerate(islice(names, workers)):
        employer = "NHS" if number % 3 == 2 else "COUNCIL"
        title = "Children's community nurse" if employer == "NHS" else "Key worker, disabled children"
        parts.append(
            demo.Part(
                name, title, Role.KEY_WORKER, employer, "DISABLED", paid=(("NHS", 50), ("COUNCIL", 50)),
                ends_in_days=90 + 31 * number if employer == "NHS" else None, supervisor=manager,
                clinical=demo._LEAD if employer == "NHS" else "",
            )
        )  # fmt: skip
    for part in parts:
        demo._appoint(found, part, began, at, is_demo=False)
    return team, [found.posts[part.name] for part in parts[1:]]
