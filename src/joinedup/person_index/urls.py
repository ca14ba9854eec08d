"""Addresses of the pages on which people decide whose record it is. The person and family pages are in `web`."""

from django.urls import path

from joinedup.person_index.views import records as views

urlpatterns = [
    path("people/records/<uuid:record_id>/link/", views.record_link_choices, name="record_link_choices"),
    path("people/records/<uuid:record_id>/link/<uuid:person_id>/", views.record_link, name="record_link"),
    path("people/records/<uuid:record_id>/separate/", views.record_separate, name="record_separate"),
    path("people/kept-apart/<uuid:keep_apart_id>/lift/", views.keep_apart_lift, name="keep_apart_lift"),
    path("people/<uuid:person_id>/safe-contact/", views.safe_contact, name="safe_contact"),
]
