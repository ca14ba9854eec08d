"""Addresses of information sharing. No name, date of birth or identifier is ever part of one."""

from django.urls import path

from joinedup.information_sharing.views import answering, asking, register

_ONE = "sharing/agreements/<uuid:agreement_id>/"

urlpatterns = [
    path("privacy/sharing/", asking.privacy_notice, name="sharing_notice"),
    path("sharing/to-answer/", answering.to_answer, name="requests_to_answer"),
    path("sharing/to-answer/<uuid:request_id>/", answering.answer, name="request_to_answer"),
    path("sharing/to-answer/<uuid:request_id>/open/", answering.open_request, name="request_open"),
    path("sharing/to-answer/<uuid:request_id>/correct/", answering.correct, name="request_correct"),
    path("sharing/to-answer/<uuid:request_id>/refuse/", answering.refuse, name="request_refuse"),
    path("sharing/asked/", asking.asked, name="requests_asked"),
    path("sharing/asked/<uuid:request_id>/", asking.asked_one, name="asked_request"),
    path("sharing/asked/<uuid:request_id>/withdraw/", asking.withdraw, name="request_withdraw"),
    path("sharing/asked/<uuid:request_id>/close/", asking.close, name="request_close"),
    path("sharing/refusals/", asking.refusals, name="refusals"),
    path("sharing/agreements/", register.register, name="agreements"),
    path("sharing/agreements/draft/", register.draft, name="agreement_draft"),
    path(_ONE, register.agreement, name="agreement"),
    path(f"{_ONE}change/", register.change, name="agreement_change"),
    path(f"{_ONE}parties/add/", register.add_party, name="agreement_party_add"),
    path(f"{_ONE}parties/<uuid:sharer_id>/", register.party, name="agreement_party"),
    path(f"{_ONE}parties/<uuid:sharer_id>/remove/", register.remove_party, name="agreement_party_remove"),
    path(f"{_ONE}posts/name/", register.name_post, name="agreement_post_name"),
    path(f"{_ONE}posts/<uuid:named_id>/take-out/", register.take_out_post, name="agreement_post_take_out"),
    path(f"{_ONE}sign/", register.sign, name="agreement_sign"),
    path(f"{_ONE}review/", register.review, name="agreement_review"),
    path(f"{_ONE}end/", register.end, name="agreement_end"),
    path(f"{_ONE}next/", register.draft_next, name="agreement_next"),
    path("sharing/bases/", register.bases, name="lawful_bases"),
    path("sharing/bases/<slug:code>/verify/", register.verify_basis, name="basis_verify"),
]
