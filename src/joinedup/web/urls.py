"""Addresses of pages that show several parts."""

from django.conf import settings
from django.urls import path

from joinedup.web import approvals, loop_views, views, work_views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<uuid:approval_id>/", approvals.decide, name="approval"),
    path("loop/", loop_views.loop, name="loop"),
    path("loop/<slug:loop_station>/", loop_views.station, name="loop_station"),
    path("pages/", views.all_pages, name="all_pages"),
    path("who-can-do-what/", views.who_can_do_what, name="who_can_do_what"),
    path("work/", work_views.work, name="work"),
    path("work/<uuid:job_id>/", work_views.work_progress, name="work_progress"),
    path("work/<uuid:job_id>/state/", work_views.work_state, name="work_state"),
    path("work/<uuid:job_id>/cancel/", work_views.work_cancel, name="work_cancel"),
]
if settings.DEMO:  # outside the demonstration these addresses do not exist
    urlpatterns += [
        path("demo/people/", views.demo_people_page, name="demo_people"),
        path("demo/sign-in/", views.demo_sign_in, name="demo_sign_in"),
    ]
