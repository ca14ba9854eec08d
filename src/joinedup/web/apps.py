from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "joinedup.web"
    label = "web"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.web import answers  # noqa: F401 - declares what the loop answers
        from joinedup.web.permissions import READ_LOOP

        register_entry(Entry("The whole loop", "loop", 59, held_by(READ_LOOP)))
