"""Addresses of the front door's pages. No name, date of birth or identifier is ever part of one."""

from django.urls import path

from joinedup.front_door.views import ask, refer

urlpatterns = [
    path("help/", ask.start, name="ask_for_help"),
    path("help/ask/", ask.ask, name="ask_for_help_form"),
    path("help/check/", ask.check, name="ask_for_help_check"),
    path("help/sent/", ask.sent, name="ask_for_help_sent"),
    path("referrals/new/", refer.refer, name="refer"),
    path("referrals/new/check/", refer.check, name="refer_check"),
    path("sent/", refer.sent_list, name="sent_contacts"),
    path("sent/<uuid:contact_id>/", refer.sent, name="sent_contact"),
]
