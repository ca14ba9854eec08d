"""Addresses of sessions, of universal support in figures, and of what young people do."""

from django.urls import path

from joinedup.universal.views import reach, sessions, young_people

urlpatterns = [
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/programmes/new/", sessions.programme_new, name="session_programme_new"),
    path("sessions/programmes/<uuid:session_programme_id>/", sessions.programme, name="session_programme"),
    path(
        "sessions/programmes/<uuid:session_programme_id>/change/",
        sessions.programme_change,
        name="session_programme_change",
    ),
    path("sessions/programmes/<uuid:session_programme_id>/end/", sessions.programme_end, name="session_programme_end"),
    path("sessions/programmes/<uuid:session_programme_id>/plan/", sessions.sessions_plan, name="sessions_plan"),
    path("sessions/reach/", reach.reach, name="reach"),
    path("sessions/reach/people/", reach.people, name="reach_people"),
    path("sessions/reach/programmes/", reach.programmes, name="reach_programmes"),
    path("sessions/reach/<slug:table>.csv", reach.as_csv, name="reach_csv"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/find/", sessions.register_find, name="register_find"),
    path("sessions/<uuid:session_id>/add/", sessions.register_add, name="register_add"),
    path("sessions/<uuid:session_id>/newcomer/", sessions.register_newcomer, name="register_newcomer"),
    path("sessions/<uuid:session_id>/import/", sessions.register_import, name="register_import"),
    path("sessions/<uuid:session_id>/sheet/", sessions.register_sheet, name="register_sheet"),
    path("sessions/<uuid:session_id>/changes/", sessions.register_changes, name="register_changes"),
    path("sessions/<uuid:session_id>/cancel/", sessions.session_cancel, name="session_cancel"),
    path("cases/<uuid:case_id>/sessions/", sessions.case_sessions, name="case_sessions"),
    path("young-people/", young_people.participation, name="participation"),
    path("young-people/figures.csv", young_people.as_csv, name="participation_csv"),
    path("young-people/follow-up/<slug:doing>/", young_people.follow_up, name="follow_up"),
    path("young-people/imports/", young_people.imports, name="participation_imports"),
    path("young-people/imports/new/", young_people.import_new, name="participation_import_new"),
    path("young-people/imports/<uuid:participation_import_id>/", young_people.import_seen, name="participation_import"),
    path("young-people/justice/", young_people.justice, name="justice"),
    path("young-people/justice/<uuid:justice_id>/end/", young_people.justice_end, name="justice_end"),
    path("young-people/<uuid:young_id>/", young_people.young_person, name="young_person"),
    path("young-people/<uuid:young_id>/record/", young_people.record, name="participation_record"),
    path("young-people/<uuid:young_id>/justice/", young_people.justice_new, name="justice_new"),
    path("young-people/said/<uuid:spell_id>/take-back/", young_people.take_back, name="participation_take_back"),
]
