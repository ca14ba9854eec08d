from django.apps import AppConfig


class UniversalConfig(AppConfig):
    name = "joinedup.universal"
    label = "universal"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.universal import events, panels, settings  # noqa: F401 - declare event kinds, panels and settings
        from joinedup.universal.permissions import READ_PARTICIPATION, READ_PARTICIPATION_IMPORTS, READ_SESSIONS

        register_entry(Entry("Sessions", "sessions", 46, held_by(READ_SESSIONS)))
        register_entry(Entry("Young people", "participation", 47, held_by(READ_PARTICIPATION)))
        register_entry(Entry("Young people", "participation_imports", 48, held_by(READ_PARTICIPATION_IMPORTS)))
