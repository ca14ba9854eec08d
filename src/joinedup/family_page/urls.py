"""Addresses of the family's page: the team's inside the case, the reader's without a name in them."""

from django.urls import path

from joinedup.family_page.views import messages, reader, releasing, team

urlpatterns = [
    path("cases/<uuid:case_id>/family-page/", team.pages, name="case_family_page"),
    path("cases/<uuid:case_id>/family-page/domestic-abuse/", team.mark, name="family_abuse_mark"),
    path("cases/<uuid:case_id>/family-page/domestic-abuse/end/", team.end_mark, name="family_abuse_mark_end"),
    path("cases/<uuid:case_id>/family-page/readers/<uuid:reader_id>/open/", team.open_, name="family_page_open"),
    path("cases/<uuid:case_id>/family-page/<uuid:family_page_id>/", team.page, name="family_page_of"),
    path("cases/<uuid:case_id>/family-page/<uuid:family_page_id>/link/", team.link, name="family_page_send_link"),
    path("cases/<uuid:case_id>/family-page/<uuid:family_page_id>/close/", team.close, name="family_page_close"),
    path(
        "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/as-reader/", team.as_reader, name="family_page_as_reader"
    ),
    path(
        "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/share/", releasing.choose, name="family_page_share"
    ),
    path(
        "cases/<uuid:case_id>/family-page/<uuid:family_page_id>/share/words/", releasing.words, name="family_page_words"
    ),
    path(
        "cases/<uuid:case_id>/family-page/shared/<uuid:release_id>/take-back/", releasing.take_back,
        name="family_page_take_back",
    ),
    path(
        "cases/<uuid:case_id>/family-page/messages/<uuid:family_message_id>/", messages.message, name="family_message"
    ),
    path("family-messages/", messages.waiting, name="family_messages"),
    path("family/", reader.start, name="family_start"),
    path("family/sent/", reader.sent, name="family_sent"),
    path("family/exit/", reader.exit_, name="family_exit"),
    path("family/page/", reader.page, name="family_page"),
    path("family/page/tell/", reader.tell, name="family_tell"),
    path("family/page/choices/", reader.choices, name="family_choices"),
    path("family/page/leave/", reader.leave, name="family_leave"),
    path("family/<str:token>/", reader.link, name="family_link"),
    path("family/<str:token>/code/", reader.code, name="family_code"),
]  # fmt: skip
