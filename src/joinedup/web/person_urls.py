"""Addresses of a person's and a family's page. An address holds an identifier that says nothing, never a name."""

from django.urls import path

from joinedup.web import person_views

urlpatterns = [
    path("people/<uuid:person_id>/", person_views.person, name="person"),
    path("families/<uuid:family_id>/", person_views.family, name="family"),
]
