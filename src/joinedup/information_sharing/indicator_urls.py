"""Addresses of the pages of indicators."""

from django.urls import path

from joinedup.information_sharing.views import indicators, proposals

_PROPOSAL = "indicators/proposals/<uuid:proposed_id>/"

urlpatterns = [
    path("indicators/", indicators.register, name="indicators"),
    path("indicators/propose/", proposals.propose, name="indicator_propose"),
    path(_PROPOSAL, proposals.proposal, name="indicator_proposal"),
    path(f"{_PROPOSAL}propose/", proposals.hand_over, name="indicator_hand_over"),
    path(f"{_PROPOSAL}withdraw/", proposals.withdraw, name="indicator_withdraw"),
    path(f"{_PROPOSAL}agree/", proposals.agree, name="indicator_agree"),
    path(f"{_PROPOSAL}decline/", proposals.decline, name="indicator_decline"),
    path(f"{_PROPOSAL}<str:step>/", proposals.step, name="indicator_step"),
    path("indicators/children/", indicators.listed, name="indicators_listed"),
    path("indicators/children/<uuid:child_id>/", indicators.child, name="indicators_child"),
    path("indicators/review/", indicators.review, name="indicator_review"),
    path("indicators/review.csv", indicators.review_csv, name="indicator_review_csv"),
    path("indicators/<uuid:indicator_id>/", indicators.indicator, name="indicator"),
    path("indicators/<uuid:indicator_id>/change/", proposals.change, name="indicator_change"),
    path("indicators/<uuid:indicator_id>/end/", indicators.end, name="indicator_end"),
]
