from __future__ import annotations

from django.apps import AppConfig


class InformationSharingConfig(AppConfig):
    name = "joinedup.information_sharing"
    label = "information_sharing"

    def ready(self) -> None:
        from joinedup.access.grounds import PersonGround, register_person_ground
        from joinedup.information_sharing import events, settings  # noqa: F401 - declares event kinds and settings
        from joinedup.information_sharing.queries.asking import people_asked_about

        register_person_ground(
            PersonGround(
                "information_sharing.open_request",
                "You asked a partner about them and wait for the answer.",
                people_asked_about,
            )
        )
