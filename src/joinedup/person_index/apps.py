from django.apps import AppConfig


class PersonIndexConfig(AppConfig):
    name = "joinedup.person_index"
    label = "person_index"
