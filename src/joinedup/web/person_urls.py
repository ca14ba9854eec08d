"""Addresses of a person's and a family's page. An address holds an identifier that says nothing, never a name."""

from django.urls import path

from joinedup.web import person_views

urlpatterns = [
    path("people/<uuid:person_id>/", person_views.person, name="person"),
    path("people/<uuid:person_id>/family-tree/", person_views.family_tree, name="person_family_tree"),
    path("families/<uuid:family_id>/", person_views.family, name="family"),
]
