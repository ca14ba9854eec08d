from __future__ import annotations

from django.apps import AppConfig


class InformationSharingConfig(AppConfig):
    name = "joinedup.information_sharing"
    label = "information_sharing"

    def ready(self) -> None:
        from joinedup.access.grounds import PersonGround, register_person_ground
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.roles import FRONT_DOOR, Role
        from joinedup.information_sharing import events, settings  # noqa: F401 - declares event kinds and settings
        from joinedup.information_sharing.queries.asking import people_asked_about

        register_person_ground(
            PersonGround(
                "information_sharing.open_request",
                "You asked a partner about them and wait for the answer.",
                people_asked_about,
            )
        )
        early = FRONT_DOOR | {Role.TEAM_MANAGER, Role.INFORMATION_GOVERNANCE}
        register_entry(Entry("Noticing early", "indicators", 60, lambda viewer: viewer.has_role(*early)))
