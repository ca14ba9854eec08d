"""Addresses of capacity."""

from django.urls import path

from joinedup.capacity.views import flow, scenarios, testing

urlpatterns = [
    path("capacity/", flow.flow_map, name="flow_map"),
    path("capacity/readings/", flow.readings, name="flow_readings"),
    path("capacity/readings/new/", flow.take, name="flow_reading_new"),
    path("capacity/readings/<uuid:flow_reading_id>/", flow.reading, name="flow_reading"),
    path("capacity/what-if/", scenarios.what_if, name="what_if"),
    path("capacity/what-if/keep/", scenarios.keep, name="scenario_keep"),
    path("capacity/scenarios/", scenarios.scenarios, name="scenarios"),
    path("capacity/scenarios/beside/", scenarios.beside, name="scenarios_beside"),
    path("capacity/scenarios/<uuid:scenario_id>/", scenarios.scenario, name="scenario"),
    path("capacity/scenarios/<uuid:scenario_id>/as/<slug:file_kind>/", scenarios.file, name="scenario_file"),
    path("capacity/scenarios/<uuid:scenario_id>/full/", scenarios.full, name="scenario_full"),
    path("capacity/scenarios/<uuid:scenario_id>/again/", scenarios.again, name="scenario_again"),
    path("capacity/scenarios/<uuid:scenario_id>/board/", scenarios.offer, name="scenario_offer"),
    path("capacity/testing/", testing.phases, name="testing_phases"),
    path("capacity/testing/new/", testing.new, name="testing_phase_new"),
    path("capacity/testing/<uuid:testing_phase_id>/", testing.phase, name="testing_phase"),
    path("capacity/testing/<uuid:testing_phase_id>/begin/", testing.begin, name="testing_phase_begin"),
    path("capacity/testing/<uuid:testing_phase_id>/incident/", testing.incident, name="testing_phase_incident"),
    path("capacity/testing/<uuid:testing_phase_id>/resume/", testing.resume, name="testing_phase_resume"),
    path("capacity/testing/<uuid:testing_phase_id>/end/", testing.end, name="testing_phase_end"),
]
