"""Addresses of programmes, business cases, activity costs, benefits and the investment agreement."""

from django.urls import URLPattern, path

from joinedup.benefits.views import programmes

urlpatterns: list[URLPattern] = [
    # Programmes, strands, cohorts, claims.
    path("benefits/", programmes.programmes, name="programmes"),
    path("benefits/programmes/<uuid:programme_id>/", programmes.programme, name="programme"),
    # Business cases.
    # What activity costs.
    # Benefits and the investment agreement.
]
