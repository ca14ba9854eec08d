from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "joinedup.access"
    label = "access"

    def ready(self) -> None:
        from joinedup.access import checks  # noqa: F401 - registers the start-up checks
        from joinedup.access import permissions as may
        from joinedup.access.navigation import Entry, register_entry

        for text, url_name, order, permission in (
            ("Audit trail", "audit", 70, may.READ_AUDIT),
            ("Accounts", "accounts", 80, may.READ_ACCOUNTS),
            ("Approvals", "approvals", 75, may.READ_APPROVALS),
            ("Settings", "settings", 90, may.CHANGE_SETTING),
        ):
            register_entry(Entry(text, url_name, order, may.held_by(permission)))
