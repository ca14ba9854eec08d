"""Addresses of notes and visits, tasks, help given, and the chronology of a case."""

from django.urls import path

from joinedup.casework.views import chronology, notes

urlpatterns = [
    path("visits/new/", notes.visit_choose, name="visit_choose"),
    path("tasks/", notes.my_tasks, name="my_tasks"),
    path("cases/<uuid:case_id>/notes/", notes.notes, name="case_notes"),
    path("cases/<uuid:case_id>/notes/new/", notes.note_new, name="case_note_new"),
    path("cases/<uuid:case_id>/notes/<uuid:note_id>/", notes.note, name="case_note"),
    path("cases/<uuid:case_id>/notes/<uuid:note_id>/correct/", notes.note_correct, name="case_note_correct"),
    path("cases/<uuid:case_id>/notes/<uuid:note_id>/files/add/", notes.note_file_add, name="case_note_file_add"),
    path("cases/<uuid:case_id>/notes/<uuid:note_id>/files/<uuid:file_id>/", notes.note_file, name="case_note_file"),
    path("cases/<uuid:case_id>/notes/<uuid:note_id>/as/<slug:form>/", notes.note_export, name="case_note_export"),
    path("cases/<uuid:case_id>/tasks/new/", notes.task_new, name="case_task_new"),
    path("cases/<uuid:case_id>/tasks/<uuid:task_id>/done/", notes.task_done, name="case_task_done"),
    path("cases/<uuid:case_id>/help/new/", notes.intervention_new, name="case_intervention_new"),
    path(
        "cases/<uuid:case_id>/help/<uuid:intervention_id>/ended/", notes.intervention_end, name="case_intervention_end"
    ),
    path("cases/<uuid:case_id>/chronology/", chronology.chronology, name="case_chronology"),
    path("cases/<uuid:case_id>/chronology/as/<slug:form>/", chronology.chronology_file, name="case_chronology_file"),
    path(
        "cases/<uuid:case_id>/chronology/<int:event_id>/significant/",
        chronology.entry_significant,
        name="case_entry_significant",
    ),
    path(
        "cases/<uuid:case_id>/chronology/<int:event_id>/ordinary/",
        chronology.entry_ordinary,
        name="case_entry_ordinary",
    ),
    path("cases/<uuid:case_id>/chronology/<int:event_id>/out/", chronology.entry_out, name="case_entry_out"),
    path("cases/<uuid:case_id>/chronology/<int:event_id>/back/", chronology.entry_back, name="case_entry_back"),
    path("cases/<uuid:case_id>/family-tree/", chronology.family_tree, name="case_family_tree"),
    path("cases/<uuid:case_id>/family-tree/csv/", chronology.family_tree_csv, name="case_family_tree_csv"),
]
