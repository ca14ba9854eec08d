"""Every write of information sharing, by noun. Others import from here."""

from joinedup.information_sharing.golive import known_titles, read_register
from joinedup.information_sharing.services.agreements import (
    ItemTerms,
    Terms,
    change_draft,
    draft_agreement,
    draft_next,
    end_agreement,
    name_post,
    record_signature,
    remove_party,
    review_agreement,
    set_party,
    take_out_post,
    verify_basis,
)
from joinedup.information_sharing.services.answers import (
    ItemRefused,
    ItemSaid,
    NewAnswer,
    answer_request,
    correct_answer,
    open_request,
    refuse_request,
)
from joinedup.information_sharing.services.golive import AgreementsBroughtOver, bring_agreements_over
from joinedup.information_sharing.services.indicators import (
    IndicatorTerms,
    declare_indicator,
    declare_next_version,
    end_indicator,
    record_look,
)
from joinedup.information_sharing.services.reminders import settle_agreement, settle_agreements
from joinedup.information_sharing.services.requests import (
    Asking,
    ask_for_information,
    close_request,
    close_requests_about,
    give_basis,
    withdraw_request,
)

__all__ = [
    "AgreementsBroughtOver",
    "Asking",
    "IndicatorTerms",
    "ItemRefused",
    "ItemSaid",
    "ItemTerms",
    "NewAnswer",
    "Terms",
    "answer_request",
    "ask_for_information",
    "bring_agreements_over",
    "change_draft",
    "close_request",
    "close_requests_about",
    "correct_answer",
    "declare_indicator",
    "declare_next_version",
    "draft_agreement",
    "draft_next",
    "end_agreement",
    "end_indicator",
    "give_basis",
    "known_titles",
    "name_post",
    "open_request",
    "read_register",
    "record_look",
    "record_signature",
    "refuse_request",
    "remove_party",
    "review_agreement",
    "set_party",
    "settle_agreement",
    "settle_agreements",
    "take_out_post",
    "verify_basis",
    "withdraw_request",
]
