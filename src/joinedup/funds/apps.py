from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "joinedup.funds"
    label = "funds"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.funds import answers, kept, panels, settings, station  # noqa: F401 - declare answers, kept forms and settings
        from joinedup.funds.permissions import READ_FUNDS, READ_HELD

        register_entry(Entry("Shared money", "fund_agreements", 50, held_by(READ_FUNDS)))
        register_entry(Entry("Money due", "fund_due", 52, held_by(READ_FUNDS)))
        register_entry(Entry("Budgets you hold", "held_budgets", 51, held_by(READ_HELD)))
