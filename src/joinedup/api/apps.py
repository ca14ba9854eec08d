from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "joinedup.api"
    label = "joinedup_api"
