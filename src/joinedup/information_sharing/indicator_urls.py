"""Addresses of the pages of indicators."""

from django.urls import path

from joinedup.information_sharing.views import indicators

urlpatterns = [
    path("indicators/", indicators.register, name="indicators"),
    path("indicators/declare/", indicators.declare, name="indicator_declare"),
    path("indicators/children/", indicators.listed, name="indicators_listed"),
    path("indicators/children/<uuid:child_id>/", indicators.child, name="indicators_child"),
    path("indicators/review/", indicators.review, name="indicator_review"),
    path("indicators/review.csv", indicators.review_csv, name="indicator_review_csv"),
    path("indicators/<uuid:indicator_id>/", indicators.indicator, name="indicator"),
    path("indicators/<uuid:indicator_id>/change/", indicators.change, name="indicator_change"),
    path("indicators/<uuid:indicator_id>/end/", indicators.end, name="indicator_end"),
]
