"""Addresses of the pages on which people decide whose record it is. The person and family pages are in `web`."""

from django.urls import path

from joinedup.person_index.views import break_glass, imports, restrictions, review
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
    path("restricted/", restrictions.restrictions, name="restrictions"),
    path("restricted/new/", restrictions.restriction_new, name="restriction_new"),
    path("restricted/staff/", restrictions.staff_ties, name="staff_ties"),
    path("restricted/staff/new/", restrictions.staff_tie_new, name="staff_tie_new"),
    path("restricted/staff/<uuid:tie_id>/end/", restrictions.staff_tie_end, name="staff_tie_end"),
    path("restricted/entries/<uuid:look_alike_id>/", restrictions.look_alike, name="look_alike"),
    path("restricted/<uuid:restriction_id>/", restrictions.restriction, name="restriction"),
    path("restricted/<uuid:restriction_id>/agree/", restrictions.restriction_agree, name="restriction_agree"),
    path("restricted/<uuid:restriction_id>/review/", restrictions.restriction_review, name="restriction_review"),
    path("restricted/<uuid:restriction_id>/people/", restrictions.restriction_party, name="restriction_party"),
    path(
        "restricted/<uuid:restriction_id>/people/<uuid:party_id>/remove/",
        restrictions.restriction_party_remove,
        name="restriction_party_remove",
    ),
    path("restricted/<uuid:restriction_id>/end/", restrictions.restriction_end, name="restriction_end"),
    path("my-family/", restrictions.my_family, name="my_family"),
    path("emergency/", break_glass.break_glass, name="break_glass"),
    path("emergency/<uuid:emergency_id>/end/", break_glass.break_glass_end, name="break_glass_end"),
    path("matches/", review.review_queue, name="review_queue"),
    path("matches/undo/", review.review_undo, name="review_undo"),
    path("matches/<uuid:proposal_id>/", review.review_pair, name="review_pair"),
    path("emergencies/", break_glass.emergencies, name="emergencies"),
    path("emergencies/<uuid:emergency_id>/", break_glass.emergency, name="emergency"),
]
