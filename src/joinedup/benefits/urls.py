"""Addresses of programmes, business cases, activity costs, benefits and the investment agreement."""

from django.urls import URLPattern, path

from joinedup.benefits.views import case_results, cases, claims, delivery, programmes, strands

urlpatterns: list[URLPattern] = [
    # Programmes, strands, cohorts, claims.
    path("benefits/", programmes.programmes, name="programmes"),
    path("benefits/programmes/new/", programmes.set_up, name="programme_new"),
    path("benefits/programmes/<uuid:programme_id>/", programmes.programme, name="programme"),
    path("benefits/programmes/<uuid:programme_id>/change/", programmes.change, name="programme_change"),
    path("benefits/programmes/<uuid:programme_id>/strands/new/", strands.add, name="strand_new"),
    path("benefits/programmes/<uuid:programme_id>/overlap/", strands.overlap, name="programme_overlap"),
    path(
        "benefits/programmes/<uuid:programme_id>/overlap/<slug:overlap_table>.csv",
        strands.overlap_csv,
        name="programme_overlap_csv",
    ),
    path("benefits/programmes/<uuid:programme_id>/delivery/", delivery.delivery, name="programme_delivery"),
    path("benefits/programmes/<uuid:programme_id>/pay/new/", delivery.pay, name="pay_new"),
    path(
        "benefits/programmes/<uuid:programme_id>/pay/<uuid:pay_rate_id>/remove/", delivery.remove_pay, name="pay_remove"
    ),
    path("benefits/strands/<uuid:strand_id>/", strands.strand, name="strand"),
    path("benefits/strands/<uuid:strand_id>/sponsor/", strands.sponsor, name="strand_sponsor"),
    path("benefits/strands/<uuid:strand_id>/rename/", strands.rename, name="strand_rename"),
    path("benefits/strands/<uuid:strand_id>/close/", strands.close, name="strand_close"),
    path("benefits/strands/<uuid:strand_id>/reopen/", strands.reopen, name="strand_reopen"),
    path("benefits/strands/<uuid:strand_id>/merge/", strands.merge, name="strand_merge"),
    path("benefits/strands/<uuid:strand_id>/who/", strands.define_cohort, name="strand_cohort"),
    path("benefits/strands/<uuid:strand_id>/families/", strands.families, name="strand_families"),
    path("benefits/strands/<uuid:strand_id>/families/out/", strands.take_out, name="strand_take_out"),
    path("benefits/strands/<uuid:strand_id>/families/find/", strands.refresh, name="strand_refresh"),
    path("benefits/strands/<uuid:strand_id>/delivery/new/", delivery.draw_up, name="delivery_new"),
    path("benefits/delivery/<uuid:delivery_model_id>/", delivery.model, name="delivery_model"),
    path("benefits/delivery/<uuid:delivery_model_id>/costs.csv", delivery.model_csv, name="delivery_csv"),
    path("benefits/delivery/<uuid:delivery_model_id>/change/", delivery.change, name="delivery_change"),
    path("benefits/delivery/<uuid:delivery_model_id>/staff/", delivery.staff, name="delivery_staff"),
    path("benefits/delivery/<uuid:delivery_model_id>/costs/", delivery.cost, name="delivery_cost"),
    path("benefits/delivery/<uuid:delivery_model_id>/funding/", delivery.funding, name="delivery_funding"),
    path("benefits/delivery/<uuid:delivery_model_id>/move/<slug:delivery_state>/", delivery.move, name="delivery_move"),
    path(
        "benefits/delivery/<uuid:delivery_model_id>/remove/<slug:delivery_part>/<uuid:delivery_line_id>/",
        delivery.remove,
        name="delivery_remove",
    ),
    path("benefits/claims/", claims.claims, name="claims"),
    path("benefits/claims/published-figures.csv", claims.claims_csv, name="claims_csv"),
    path("benefits/claims/new/", claims.add, name="claim_new"),
    path("benefits/claims/<uuid:claim_subject_id>/", claims.subject, name="claim_subject"),
    path("benefits/claims/<uuid:claim_subject_id>/explain/", claims.explain, name="claim_explain"),
    path("benefits/claims/figures/<uuid:published_figure_id>/correct/", claims.correct, name="claim_correct"),
    path("benefits/claims/figures/<uuid:published_figure_id>/withdraw/", claims.withdraw, name="claim_withdraw"),
    # Business cases.
    path("benefits/programmes/<uuid:programme_id>/cases/", cases.cases, name="business_cases"),
    path("benefits/programmes/<uuid:programme_id>/cases/side-by-side/", case_results.options, name="case_options"),
    path("benefits/strands/<uuid:strand_id>/cases/begin/", cases.begin, name="case_begin"),
    path("benefits/cases/<uuid:business_case_id>/", cases.case, name="business_case"),
    path("benefits/cases/<uuid:business_case_id>/said/", cases.answers, name="case_answers"),
    path("benefits/cases/<uuid:business_case_id>/results/", case_results.results, name="case_results"),
    path("benefits/cases/<uuid:business_case_id>/rounds/", case_results.rounds, name="case_rounds"),
    path("benefits/cases/<uuid:business_case_id>/keep/", cases.keep, name="case_keep"),
    path("benefits/cases/<uuid:business_case_id>/upload/", case_results.upload, name="case_upload"),
    path("benefits/cases/<uuid:business_case_id>/delivery/", case_results.delivery, name="case_delivery"),
    path("benefits/cases/<uuid:business_case_id>/withdraw/", cases.withdraw, name="business_case_withdraw"),
    path("benefits/cases/<uuid:business_case_id>/bring-back/", cases.bring_back, name="case_bring_back"),
    path(
        "benefits/cases/<uuid:business_case_id>/files/<slug:case_file_kind>/", case_results.case_file, name="case_file"
    ),
    path(
        "benefits/cases/<uuid:business_case_id>/lines/<slug:line_kind>/<int:case_line>/remove/",
        cases.remove,
        name="case_line_remove",
    ),
    path("benefits/cases/<uuid:business_case_id>/<slug:case_part>/edit/", cases.part, name="case_part"),
    path("benefits/cases/<uuid:business_case_id>/<slug:case_part>/<int:case_line>/edit/", cases.line, name="case_line"),
    path("benefits/rounds/<uuid:case_round_id>/", case_results.case_round, name="case_round"),
    path("benefits/rounds/<uuid:case_round_id>/begin-again/", case_results.start_from, name="case_start_from"),
    path(
        "benefits/rounds/<uuid:case_round_id>/files/<slug:case_file_kind>/",
        case_results.round_file,
        name="case_round_file",
    ),
    # What activity costs.
    # Benefits and the investment agreement.
]
