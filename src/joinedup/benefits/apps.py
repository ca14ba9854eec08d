from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "joinedup.benefits"
    label = "benefits"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.benefits import answers, kept, settings, station  # noqa: F401 - declare answers, kept forms and settings
        from joinedup.benefits.permissions import READ_COSTING, READ_PROGRAMMES
        from joinedup.benefits.queries.groups import STRANDS
        from joinedup.core.keeping import Holding, register_holdings
        from joinedup.outcomes.subjects import register_groups

        register_groups(STRANDS)
        code = "a code of the programme’s own"
        register_holdings(
            Holding(
                "benefits.avoidedevent", "benefits that were claimed", "case", ("why", "released_why"),
                {"kind": code, "episode": code},
            )
        )  # fmt: skip
        register_entry(Entry("Programmes", "programmes", 55, held_by(READ_PROGRAMMES)))
        register_entry(Entry("Published figures", "claims", 56, held_by(READ_PROGRAMMES)))
        register_entry(Entry("What activity costs", "activity_funds", 57, held_by(READ_COSTING)))
