"""Addresses of the pages of cases."""

from django.urls import path

from joinedup.casework.views import cases as views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/lead/", views.lead, name="case_lead"),
    path("cases/<uuid:case_id>/members/add/", views.add_member, name="case_add_member"),
    path("cases/<uuid:case_id>/members/<uuid:member_id>/leave/", views.remove_member, name="case_remove_member"),
    path("cases/<uuid:case_id>/close/", views.close, name="case_close"),
]
