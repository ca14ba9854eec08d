"""Addresses of the pages on which people decide whose record it is. The person and family pages are in `web`."""

from django.urls import path

from joinedup.person_index.views import imports
from joinedup.person_index.views import records as views

urlpatterns = [
    path("people/records/<uuid:record_id>/link/", views.record_link_choices, name="record_link_choices"),
    path("people/records/<uuid:record_id>/link/<uuid:person_id>/", views.record_link, name="record_link"),
    path("people/records/<uuid:record_id>/separate/", views.record_separate, name="record_separate"),
    path("people/kept-apart/<uuid:keep_apart_id>/lift/", views.keep_apart_lift, name="keep_apart_lift"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/files/<uuid:upload_id>/columns/", imports.import_columns, name="import_columns"),
    path("imports/files/<uuid:upload_id>/sheet/", imports.import_sheet, name="import_sheet"),
    path("imports/files/<uuid:upload_id>/check/", imports.import_check, name="import_check"),
    path("imports/files/<uuid:upload_id>/remove/", imports.import_discard, name="import_discard"),
    path("imports/<uuid:run_id>/", imports.import_receipt, name="import_receipt"),
    path("imports/<uuid:run_id>/records/<str:which>/", imports.import_records_of, name="import_records_of"),
    path("imports/<uuid:run_id>/rejected/", imports.import_rejected, name="import_rejected"),
    path("imports/<uuid:run_id>/rejected.csv", imports.import_rejected_csv, name="import_rejected_csv"),
    path("imports/<uuid:run_id>/undo/", imports.import_undo, name="import_undo"),
    path("people/<uuid:person_id>/safe-contact/", views.safe_contact, name="safe_contact"),
]
