"""Addresses of the pages of cases."""

from django.urls import include, path

from joinedup.casework.views import (
    assessments,
    board,
    consents,
    level_steps,
    meetings,
    plan_parts,
    plans,
    reviews,
    team,
)
from joinedup.casework.views import cases as views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/this-week/", board.this_week, name="this_week"),
    path("cases/board/", board.board, name="casework_board"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/team/", team.team, name="case_team"),
    path("cases/<uuid:case_id>/lead/", team.lead, name="case_lead"),
    path("cases/<uuid:case_id>/handover/", team.handover, name="case_handover"),
    path("cases/<uuid:case_id>/handover/<uuid:offer_id>/withdraw/", team.withdraw, name="case_handover_withdraw"),
    path("cases/<uuid:case_id>/take-duty/", team.take_duty, name="case_take_duty"),
    path("cases/<uuid:case_id>/deputy/", team.deputy, name="case_deputy"),
    path("cases/offers/<uuid:offer_id>/", team.offer, name="lead_offer"),
    path("cases/<uuid:case_id>/members/add/", team.add_member, name="case_add_member"),
    path("cases/<uuid:case_id>/members/<uuid:member_id>/leave/", team.remove_member, name="case_remove_member"),
    path("cases/<uuid:case_id>/family/add/", team.add_family, name="case_add_family"),
    path("cases/<uuid:case_id>/family/<uuid:family_place_id>/leave/", team.remove_family, name="case_remove_family"),
    path("cases/<uuid:case_id>/meetings/", meetings.meetings, name="case_meetings"),
    path("cases/<uuid:case_id>/meetings/plan/", meetings.plan, name="case_plan_meeting"),
    path("cases/<uuid:case_id>/meetings/<uuid:meeting_id>/", meetings.meeting, name="case_meeting"),
    path("cases/<uuid:case_id>/meetings/<uuid:meeting_id>/move/", meetings.move, name="case_meeting_move"),
    path("cases/<uuid:case_id>/meetings/<uuid:meeting_id>/cancel/", meetings.cancel, name="case_meeting_cancel"),
    path(
        "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/told/<uuid:seat_id>/", meetings.told, name="case_meeting_told"
    ),
    path(
        "cases/<uuid:case_id>/meetings/<uuid:meeting_id>/apologies/", meetings.apologies, name="case_meeting_apologies"
    ),
    path("cases/<uuid:case_id>/meetings/<uuid:meeting_id>/calendar/", meetings.calendar, name="case_meeting_calendar"),
    path("cases/<uuid:case_id>/meetings/<uuid:meeting_id>/letters/", meetings.letters, name="case_meeting_letters"),
    path("cases/<uuid:case_id>/meetings/<uuid:meeting_id>/minutes/", meetings.minutes, name="case_minutes"),
    path("cases/<uuid:case_id>/meetings/<uuid:meeting_id>/agree/", meetings.agree, name="case_meeting_agree"),
    path("cases/<uuid:case_id>/actions/<uuid:action_id>/", meetings.action, name="case_action"),
    path("cases/<uuid:case_id>/assessments/", assessments.assessments, name="case_assessments"),
    path("cases/<uuid:case_id>/assessments/<uuid:about_id>/begin/", assessments.start, name="assessment_start"),
    path("assessments/<uuid:assessment_id>/", assessments.assessment, name="assessment"),
    path("assessments/sections/<uuid:section_id>/", assessments.section, name="assessment_section"),
    path("assessments/<uuid:assessment_id>/check/", assessments.check_answers, name="assessment_check"),
    path("assessments/<uuid:assessment_id>/print/<slug:form>/", assessments.printed, name="assessment_printed"),
    path("assessments/<uuid:assessment_id>/beside/", assessments.beside, name="assessment_beside"),
    path("assessments/<uuid:assessment_id>/beside/csv/", assessments.beside_csv, name="assessment_beside_csv"),
    path("cases/<uuid:case_id>/agreement/", consents.agreement, name="case_agreement"),
    path("cases/<uuid:case_id>/agreement/help/", consents.agree_help, name="case_agree_help"),
    path("cases/<uuid:case_id>/agreement/sharing/", consents.agree_sharing, name="case_agree_sharing"),
    path("cases/<uuid:case_id>/agreement/basis/", consents.add_basis, name="case_sharing_basis"),
    path("cases/<uuid:case_id>/agreement/declined/", consents.decline, name="case_sharing_declined"),
    path("cases/<uuid:case_id>/agreement/withdraw/", consents.withdraw, name="case_withdraw"),
    path(
        "cases/<uuid:case_id>/agreement/withdrawn/<uuid:withdrawal_id>/", consents.decide, name="case_withdrawal_decide"
    ),
    path("cases/<uuid:case_id>/plan/", plans.plan, name="case_plan"),
    path("cases/<uuid:case_id>/plan/start/", plans.start, name="case_plan_start"),
    path("cases/<uuid:case_id>/plan/words/", plans.words, name="case_plan_words"),
    path("cases/<uuid:case_id>/plan/way/", plans.way, name="case_plan_way"),
    path("cases/<uuid:case_id>/plan/print/<slug:form>/", plans.printed, name="case_plan_printed"),
    path("cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/", plans.child, name="case_plan_child"),
    path(
        "cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/lead/", plan_parts.lead_for, name="case_plan_lead_for"
    ),
    path(
        "cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/statutory/",
        plan_parts.statutory_add,
        name="case_plan_statutory_add",
    ),
    path(
        "cases/<uuid:case_id>/plan/children/<uuid:plan_child_id>/statutory/<uuid:link_id>/",
        plan_parts.statutory,
        name="case_plan_statutory",
    ),
    path("cases/<uuid:case_id>/plan/needs/add/", plans.need_add, name="case_plan_need_add"),
    path("cases/<uuid:case_id>/plan/needs/<uuid:need_id>/", plans.need, name="case_plan_need"),
    path("cases/<uuid:case_id>/plan/needs/<uuid:need_id>/end/", plans.need_end, name="case_plan_need_end"),
    path(
        "cases/<uuid:case_id>/plan/needs/<uuid:need_id>/outcomes/add/", plans.outcome_add, name="case_plan_outcome_add"
    ),
    path("cases/<uuid:case_id>/plan/outcomes/<uuid:outcome_id>/", plans.outcome, name="case_plan_outcome"),
    path(
        "cases/<uuid:case_id>/plan/outcomes/<uuid:outcome_id>/actions/add/",
        plan_parts.action_add,
        name="case_plan_action_add",
    ),
    path("cases/<uuid:case_id>/plan/actions/<uuid:plan_action_id>/", plan_parts.action, name="case_plan_action"),
    path(
        "cases/<uuid:case_id>/plan/actions/<uuid:plan_action_id>/mark/",
        plan_parts.action_mark,
        name="case_plan_action_mark",
    ),
    path("cases/<uuid:case_id>/plan/<slug:kind>/<uuid:item_id>/remove/", plan_parts.remove, name="case_plan_remove"),
    path("cases/<uuid:case_id>/plan/changes/<uuid:change_id>/undo/", plan_parts.undo, name="case_plan_undo"),
    path("cases/<uuid:case_id>/reviews/", reviews.reviews, name="case_reviews"),
    path("cases/<uuid:case_id>/reviews/begin/", reviews.begin, name="case_review_begin"),
    path("cases/<uuid:case_id>/reviews/outcomes/<uuid:outcome_id>/", reviews.progress, name="case_review_outcome"),
    path("cases/<uuid:case_id>/reviews/<uuid:review_id>/decide/", reviews.decide, name="case_review_decide"),
    path("cases/<uuid:case_id>/step/", level_steps.step_new, name="case_step"),
    path("cases/<uuid:case_id>/close/", level_steps.close, name="case_close"),
    path("cases/<uuid:case_id>/check/", level_steps.check, name="case_check"),
    path("case-duties/", level_steps.duties, name="case_duties"),
    path("steps/<uuid:step_id>/", level_steps.step, name="step"),
    path("steps/<uuid:step_id>/answer/", level_steps.step_answer, name="step_answer"),
    path("steps/<uuid:step_id>/again/", level_steps.step_again, name="step_again"),
    path("steps/<uuid:step_id>/withdraw/", level_steps.step_withdraw, name="step_withdraw"),
    path("steps/<uuid:step_id>/settle/", level_steps.step_settle, name="step_settle"),
    path("", include("joinedup.casework.panel_urls")),
]
