from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "joinedup.directory"
    label = "directory"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.directory import settings  # noqa: F401 - declares the settings

        # For whoever is signed in: what families and practitioners find is the same address.
        register_entry(Entry("Services", "find_services", 63, lambda viewer: viewer.is_signed_in))
