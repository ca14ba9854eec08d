"""Addresses of the partnership's outcomes."""

from __future__ import annotations

from django.urls import path

from joinedup.outcomes.views import imports, measures, outcomes, series

urlpatterns = [
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/new/", outcomes.outcome_new, name="outcome_new"),
    path("outcomes/groups/new/", outcomes.cohort_new, name="outcome_cohort_new"),
    path("outcomes/of-plans/", measures.plan_measures, name="plan_measures"),
    path("outcomes/of-plans/new/", measures.plan_measure_new, name="plan_measure_new"),
    path("outcomes/of-plans/<uuid:plan_measure_id>/end/", measures.plan_measure_end, name="plan_measure_end"),
    path("outcomes/files/", imports.imports, name="outcome_imports"),
    path("outcomes/files/<uuid:reading_import_id>/", imports.one, name="outcome_import"),
    path("outcomes/files/<uuid:reading_import_id>/rejected.csv", imports.report, name="outcome_import_report"),
    path(
        "outcomes/<uuid:partnership_outcome_id>/measures/new/", outcomes.measure_new, name="outcome_measure_new"
    ),
    path("outcomes/measures/<uuid:partnership_measure_id>/", outcomes.measure, name="outcome_measure"),
    path(
        "outcomes/measures/<uuid:partnership_measure_id>/as/<str:table_kind>/", outcomes.measure_file,
        name="outcome_measure_file",
    ),
    path("outcomes/measures/<uuid:partnership_measure_id>/areas/", outcomes.series_new, name="outcome_series_new"),
    path("outcomes/measures/<uuid:partnership_measure_id>/end/", outcomes.measure_end, name="outcome_measure_end"),
    path("outcomes/series/<uuid:series_id>/", series.series, name="outcome_series"),
    path("outcomes/series/<uuid:series_id>/as/<str:table_kind>/", series.series_file, name="outcome_series_file"),
    path("outcomes/series/<uuid:series_id>/history/", series.history, name="outcome_history"),
    path("outcomes/series/<uuid:series_id>/baseline/", series.baseline, name="outcome_baseline"),
    path("outcomes/series/<uuid:series_id>/trajectory/", series.trajectory, name="outcome_trajectory"),
    path("outcomes/series/<uuid:series_id>/comparison/", series.comparison, name="outcome_comparison"),
    path("outcomes/series/<uuid:series_id>/readings/new/", series.reading_new, name="outcome_reading_new"),
    path(
        "outcomes/series/<uuid:series_id>/readings/<str:period_end>/correct/", series.reading_correct,
        name="outcome_reading_correct",
    ),
    path(
        "outcomes/series/<uuid:series_id>/readings/<str:period_end>/take-back/", series.reading_take_back,
        name="outcome_reading_take_back",
    ),
    path(
        "outcomes/series/<uuid:series_id>/readings/<str:period_end>/counted/", series.counted, name="outcome_counted"
    ),
]  # fmt: skip
