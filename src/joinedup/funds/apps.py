from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "joinedup.funds"
    label = "funds"
