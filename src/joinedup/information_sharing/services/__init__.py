"""Every write of information sharing, by noun. Others import from here."""

from joinedup.information_sharing.services.requests import (
    Asking,
    ask_for_information,
    close_request,
    close_requests_about,
    give_basis,
    withdraw_request,
)

__all__ = [
    "Asking",
    "ask_for_information",
    "close_request",
    "close_requests_about",
    "give_basis",
    "withdraw_request",
]
