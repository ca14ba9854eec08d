from django.apps import AppConfig


class CapacityConfig(AppConfig):
    name = "joinedup.capacity"
    label = "capacity"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.capacity import kept  # noqa: F401 - declares the forms that are kept
        from joinedup.capacity.permissions import KEEP_SCENARIO

        register_entry(Entry("Capacity", "flow_map", 58, held_by(KEEP_SCENARIO)))
