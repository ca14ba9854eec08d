"""Addresses of the pages of cases."""

from django.urls import path

from joinedup.casework.views import assessments, consents
from joinedup.casework.views import cases as views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/lead/", views.lead, name="case_lead"),
    path("cases/<uuid:case_id>/members/add/", views.add_member, name="case_add_member"),
    path("cases/<uuid:case_id>/members/<uuid:member_id>/leave/", views.remove_member, name="case_remove_member"),
    path("cases/<uuid:case_id>/close/", views.close, name="case_close"),
    path("cases/<uuid:case_id>/assessments/", assessments.assessments, name="case_assessments"),
    path("cases/<uuid:case_id>/assessments/<uuid:child_id>/begin/", assessments.start, name="assessment_start"),
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
]
