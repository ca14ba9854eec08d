from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "joinedup.directory"
    label = "directory"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.directory import answers, kept, settings  # noqa: F401 - declare answers, kept forms and settings
        from joinedup.directory.permissions import SEE_OWN_RECORDS

        # For whoever is signed in: what families and practitioners find is the same address.
        register_entry(Entry("Services", "find_services", 63, lambda viewer: viewer.is_signed_in))
        register_entry(Entry("My services", "my_services", 62, held_by(SEE_OWN_RECORDS)))
