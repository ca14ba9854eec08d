from django.apps import AppConfig


class InformationSharingConfig(AppConfig):
    name = "joinedup.information_sharing"
    label = "information_sharing"

    def ready(self) -> None:
        from joinedup.information_sharing import events  # noqa: F401 - declares the event kinds
