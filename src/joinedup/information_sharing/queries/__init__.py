"""Every read of information sharing, by noun. Others import from here."""

from joinedup.information_sharing.queries.asking import (
    asked_request,
    basis_given_for,
    lawful_bases,
    request_for_change,
    requests_about,
    requests_about_many,
    requests_asked,
    who_may_be_asked,
)
from joinedup.information_sharing.queries.records import (
    AnswerSeen,
    Askable,
    BasisChoice,
    BasisSeen,
    ItemShared,
    RefusalSeen,
    RequestSeen,
)

__all__ = [
    "AnswerSeen",
    "Askable",
    "BasisChoice",
    "BasisSeen",
    "ItemShared",
    "RefusalSeen",
    "RequestSeen",
    "asked_request",
    "basis_given_for",
    "lawful_bases",
    "request_for_change",
    "requests_about",
    "requests_about_many",
    "requests_asked",
    "who_may_be_asked",
]
