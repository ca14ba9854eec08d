from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from joinedup.access.actor import Actor
    from joinedup.access.roles import Role


class InformationSharingConfig(AppConfig):
    name = "joinedup.information_sharing"
    label = "information_sharing"

    def ready(self) -> None:
        from joinedup.access.grounds import PersonGround, register_person_ground
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.roles import FRONT_DOOR, Role
        from joinedup.information_sharing import events, panels, settings  # noqa: F401 - event kinds, a panel, settings
        from joinedup.information_sharing.queries.asking import people_asked_about

        register_person_ground(
            PersonGround(
                "information_sharing.open_request",
                "You asked a partner about them and wait for the answer.",
                people_asked_about,
            )
        )
        for text, url_name, order, roles in (
            ("Asked of partners", "requests_asked", 18, FRONT_DOOR),
            ("Requests to answer", "requests_to_answer", 24, {Role.REFERRER}),
            ("Sharing agreements", "agreements", 58, {Role.INFORMATION_GOVERNANCE}),
        ):
            register_entry(Entry(text, url_name, order, partial(_holds, frozenset(roles))))
        early = FRONT_DOOR | {Role.TEAM_MANAGER, Role.INFORMATION_GOVERNANCE}
        register_entry(Entry("Noticing early", "indicators", 60, lambda viewer: viewer.has_role(*early)))


def _holds(roles: frozenset[Role], viewer: Actor) -> bool:
    return viewer.has_role(*roles)
