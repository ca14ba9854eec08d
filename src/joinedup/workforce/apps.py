from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "joinedup.workforce"
    label = "workforce"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.workforce import settings  # noqa: F401 - declares the setting
        from joinedup.workforce.permissions import READ_TRAINING

        register_entry(Entry("Training", "training", 44, held_by(READ_TRAINING)))
