"""Addresses of the manager's half: supervision, allocation meetings, quality audit."""

from django.urls import path

from joinedup.casework.views import supervision

urlpatterns = [
    path("supervision/", supervision.supervisions, name="supervisions"),
    path("supervision/with/<uuid:worker_id>/", supervision.new, name="supervision_new"),
    path("supervision/<uuid:supervision_id>/", supervision.supervision, name="supervision"),
    path("supervision/<uuid:supervision_id>/answer/", supervision.answer, name="supervision_answer"),
    path("supervision/<uuid:supervision_id>/add/", supervision.add, name="supervision_add"),
    path("supervision/<uuid:supervision_id>/print/<slug:form>/", supervision.printed, name="supervision_printed"),
    path(
        "supervision/<uuid:supervision_id>/families/<uuid:part_id>/task/",
        supervision.make_task,
        name="supervision_task",
    ),
]
