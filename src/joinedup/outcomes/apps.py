from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "joinedup.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        from joinedup.outcomes import settings  # noqa: F401 - declare the settings
