"""Addresses of the manager's half: supervision, allocation meetings, quality audit."""

from django.urls import path

from joinedup.casework.views import allocating, audits, supervision, undertaken

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
    path("allocation/", allocating.allocations, name="allocations"),
    path("allocation/begin/", allocating.begin, name="allocation_begin"),
    path("allocation/<uuid:allocation_id>/", allocating.allocation, name="allocation"),
    path("allocation/<uuid:allocation_id>/end/", allocating.end, name="allocation_end"),
    path("allocation/<uuid:allocation_id>/print/<slug:form>/", allocating.printed, name="allocation_printed"),
    path("allocation/<uuid:allocation_id>/families/<uuid:waits_id>/", allocating.decide, name="allocation_decide"),
    path("cases/<uuid:case_id>/actions/<uuid:action_id>/plan/", undertaken.put_in_plan, name="case_action_plan"),
    path("case-audits/", audits.audits, name="case_audits"),
    path("case-audits/draw/", audits.draw, name="case_audit_draw"),
    path("case-audits/results/", audits.results, name="case_audit_results"),
    path("case-audits/results/as/<slug:form>/", audits.results_file, name="case_audit_results_file"),
    path("case-audits/<uuid:audit_id>/", audits.audit, name="case_audit"),
    path("case-audits/<uuid:audit_id>/items/<slug:heading>/", audits.group, name="case_audit_group"),
    path("case-audits/<uuid:audit_id>/finish/", audits.finish, name="case_audit_finish"),
    path("case-audits/<uuid:done_id>/second/", audits.second, name="case_audit_second"),
    path("case-audits/<uuid:looked_id>/again/", audits.again, name="case_audit_again"),
    path("case-audits/<uuid:audit_id>/print/<slug:form>/", audits.printed, name="case_audit_printed"),
]
