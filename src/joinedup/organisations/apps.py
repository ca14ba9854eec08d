from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "joinedup.organisations"
    label = "organisations"

    def ready(self) -> None:
        from joinedup.access.grounds import register_standings
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import can
        from joinedup.organisations.permissions import SEE_PARTNERSHIP
        from joinedup.organisations.queries import standings_of_account

        register_standings(standings_of_account)
        register_entry(Entry("Partnership", "partnership", 80, lambda viewer: can(viewer, SEE_PARTNERSHIP)))
