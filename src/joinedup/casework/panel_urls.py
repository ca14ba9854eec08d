"""Addresses of pathways and panels, and of going live with the work of an old system."""

from django.urls import path

from joinedup.casework.views import golive, panels

_ONE = "panels/requests/<uuid:panel_request_id>/"

urlpatterns = [
    path("cases/<uuid:case_id>/pathway/", panels.pathway, name="case_pathway"),
    path("cases/<uuid:case_id>/panel/ask/", panels.ask, name="panel_ask"),
    path("panels/", panels.panels, name="panels"),
    path("panels/new/", panels.panel_new, name="panel_new"),
    path("panels/<uuid:panel_id>/", panels.panel, name="panel"),
    path("panels/<uuid:panel_id>/list/<uuid:panel_request_id>/", panels.panel_list, name="panel_list"),
    path("panels/<uuid:panel_id>/cancel/", panels.panel_cancel, name="panel_cancel"),
    path(_ONE, panels.panel_request, name="panel_request"),
    path(f"{_ONE}papers/", panels.panel_papers, name="panel_papers"),
    path(f"{_ONE}write/", panels.panel_write, name="panel_write"),
    path(f"{_ONE}decide/", panels.panel_decide, name="panel_decide"),
    path(f"{_ONE}disagree/", panels.panel_disagree, name="panel_disagree"),
    path(f"{_ONE}withdraw/", panels.panel_withdraw, name="panel_withdraw"),
    path(f"{_ONE}told/", panels.panel_told, name="panel_told"),
    path("golive/", golive.golive, name="golive"),
    path("golive/new/", golive.golive_new, name="golive_new"),
    path("golive/<uuid:golive_run_id>/", golive.golive_one, name="golive_run"),
    path("golive/<uuid:golive_run_id>/rows.csv", golive.golive_csv, name="golive_csv"),
    path(f"{_ONE}letter/<slug:form>/", panels.panel_letter, name="panel_letter"),
]
