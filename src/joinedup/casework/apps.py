from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "joinedup.casework"
    label = "casework"

    def ready(self) -> None:
        from joinedup.access.grounds import PersonGround, register_leaving, register_person_ground
        from joinedup.casework import answers, events, panels  # noqa: F401 - declares answers, event kinds, panels
        from joinedup.casework.models import Case, CasePerson
        from joinedup.casework.queries import messages_hidden_from, people_seen_through_cases
        from joinedup.casework.queries.cases import people_seen_in_audits
        from joinedup.casework.queries.flow import children_helped_on, open_cases_on
        from joinedup.casework.queries.overview import leads_for_head
        from joinedup.casework.queries.subjects import families_of_outcomes
        from joinedup.casework.services.duty import _end_places
        from joinedup.core.notifications import hide_messages_about
        from joinedup.funds.case_flow import register_measure
        from joinedup.outcomes.subjects import register_families
        from joinedup.person_index.leading import register_leads
        from joinedup.person_index.open_work import register_open_work

        register_person_ground(
            PersonGround(
                "casework.team_around_child",
                "You are in the team around the child, or you manage that team.",
                people_seen_through_cases,
            )
        )
        register_person_ground(
            PersonGround(
                "casework.quality_audit",
                "You audit the quality of the work with them, to read until a day that is recorded.",
                people_seen_in_audits,
                is_read_only=True,
            )
        )
        register_leaving(_end_places)
        register_families("casework.planoutcome", families_of_outcomes)
        register_leads(leads_for_head)
        register_open_work(
            lambda: CasePerson.objects.filter(case__in=Case.objects.open()).values_list("person_id", flat=True)
        )
        hide_messages_about("casework.case", messages_hidden_from)
        register_measure("casework.open_cases", "Open cases", open_cases_on)
        register_measure("casework.children_helped", "Children in open cases", children_helped_on)
        self._list_words()
        self._enter_navigation()

    @staticmethod
    def _list_words() -> None:
        """Say which tables hold words of a case, and when they may not go yet."""
        from joinedup.casework.holding import HOLDINGS, REACHES
        from joinedup.casework.queries.keeping import STOPS
        from joinedup.core import keeping

        keeping.register_holdings(*HOLDINGS)
        for reach in REACHES:
            keeping.register_reach(reach)
        for stop in STOPS:
            keeping.register_stop(stop)

    def _enter_navigation(self) -> None:
        """Say which pages stand in the navigation, and for whom."""
        from joinedup.access.navigation import Entry, register_entry
        from joinedup.access.permissions import can
        from joinedup.access.roles import Role
        from joinedup.casework.permissions import (
            BRING_WORK_OVER,
            DESTROY_WORDS,
            READ_CASES,
            READ_PANELS,
            READ_STEPS,
            READ_SUPERVISIONS,
        )
        from joinedup.casework.queries.level_steps import settles_something
        from joinedup.outcomes.permissions import ADD_MEASURE

        register_entry(Entry("Cases", "cases", 40, lambda viewer: can(viewer, READ_CASES)))
        leading = (
            Role.KEY_WORKER,
            Role.TEAM_MANAGER,
            Role.STATUTORY_OFFICER,
        )  # referrers who lead find theirs in the case
        register_entry(
            Entry(
                "Reviews and steps",
                "case_duties",
                45,
                lambda who: can(who, READ_STEPS) and (who.has_role(*leading) or settles_something(who)),
            )
        )
        register_entry(
            Entry("Supervision", "supervisions", 46, lambda who: can(who, READ_SUPERVISIONS) and who.has_role(*leading))
        )
        sitting = (Role.TEAM_MANAGER, Role.STATUTORY_OFFICER, Role.REFERRER)
        register_entry(Entry("Panels", "panels", 47, lambda who: can(who, READ_PANELS) and who.has_role(*sitting)))
        register_entry(Entry("Measures of plans", "plan_measures", 95, lambda who: can(who, ADD_MEASURE)))
        register_entry(Entry("Going live", "golive", 97, lambda who: can(who, BRING_WORK_OVER)))
        register_entry(Entry("Words to destroy", "kept_words", 96, lambda viewer: can(viewer, DESTROY_WORDS)))
        register_entry(
            Entry(
                "Quality audit", "case_audits", 48, lambda who: who.has_role(Role.TEAM_MANAGER, Role.STATUTORY_OFFICER)
            )
        )
