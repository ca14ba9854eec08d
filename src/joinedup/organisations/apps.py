from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "joinedup.organisations"
    label = "organisations"

    def ready(self) -> None:
        from joinedup.access.grounds import register_standings
        from joinedup.organisations.queries import standings_of_account

        register_standings(standings_of_account)
