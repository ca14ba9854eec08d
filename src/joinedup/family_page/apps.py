from django.apps import AppConfig


class FamilyPageConfig(AppConfig):
    name = "joinedup.family_page"
    label = "family_page"

    def ready(self) -> None:
        from django.conf import settings

        from joinedup.access.navigation import Entry, register_entry
        from joinedup.casework.tabs import register_case_tab
        from joinedup.core.keeping import register_holdings, register_stop
        from joinedup.core.notifications import keep_apart, people_are_found_by
        from joinedup.family_page import events  # noqa: F401 - declares the event kinds
        from joinedup.family_page.holding import HOLDINGS, UNREAD
        from joinedup.family_page.queries import is_covering
        from joinedup.family_page.queries.messages import messages_concern, readers_concerned

        register_holdings(*HOLDINGS)
        register_stop(UNREAD)
        register_case_tab("Family page", "case_family_page")
        register_entry(Entry("Messages from families", "family_messages", 44, is_covering))
        people_are_found_by("family_page.pagelink", readers_concerned)
        people_are_found_by("family_page.familymessage", messages_concern)
        if (
            not settings.DEMO
        ):  # nobody who reads the outbox opens a family's page; in the demonstration it is read there
            keep_apart("family_page.pagelink")
