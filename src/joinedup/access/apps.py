from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "joinedup.access"
    label = "access"

    def ready(self) -> None:
        from joinedup.access import checks  # noqa: F401 - registers the start-up checks
