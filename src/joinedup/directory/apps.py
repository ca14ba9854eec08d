from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "joinedup.directory"
    label = "directory"

    def ready(self) -> None:
        from joinedup.directory import permissions  # noqa: F401 - declares who may do what
