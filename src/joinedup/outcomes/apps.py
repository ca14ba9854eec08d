from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "joinedup.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.outcomes import answers, settings, station  # noqa: F401 - declare answers and settings
        from joinedup.outcomes.permissions import READ_SERIES

        register_entry(Entry("Outcomes", "outcomes", 56, held_by(READ_SERIES)))
