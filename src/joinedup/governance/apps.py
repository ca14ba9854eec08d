from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "joinedup.governance"
    label = "governance"

    def ready(self) -> None:
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import held_by
        from joinedup.benefits.queries import register_acceptances
        from joinedup.governance import answers, due, evidence_figures, kept, plan_due, plan_figures, plan_kept, station  # noqa: F401 - declare what is due, kept, answered  # noqa: F401 - the same, of the plan
        from joinedup.governance.carrying import accept_round, move_money, name_sponsor, sign_agreement
        from joinedup.governance.effects import register_effect
        from joinedup.governance.gate import open_the_gate
        from joinedup.governance.permissions import READ_BOARDS
        from joinedup.governance.plan_adopting import adopt
        from joinedup.governance.queries.decisions import rounds_accepted

        for effect in (sign_agreement, move_money, accept_round, name_sponsor, adopt, open_the_gate):
            register_effect(effect)
        register_acceptances(rounds_accepted)
        register_entry(Entry("Boards", "boards", 60, held_by(READ_BOARDS)))
