"""Addresses of boards, their meetings, decisions and what they publish."""

from django.urls import URLPattern, path

from joinedup.governance.views import boards, decisions, meetings, published

urlpatterns: list[URLPattern] = [
    path("boards/", boards.boards, name="boards"),
    path("boards/new/", boards.new, name="board_new"),
    path("boards/forward-plan/", published.forward_plan, name="forward_plan"),
    path("boards/actions/", meetings.actions, name="board_actions"),
    path("boards/actions/<uuid:board_action_id>/done/", meetings.action_done, name="board_action_done"),
    path("boards/scrutiny/", decisions.recommendations, name="recommendations"),
    path("boards/scrutiny/<uuid:recommendation_id>/reply/", decisions.reply, name="recommendation_reply"),
    path("boards/published/", published.published, name="boards_published"),
    path("boards/published/<uuid:board_meeting_id>/", published.published_meeting, name="meeting_published"),
    path("boards/<uuid:board_id>/", boards.board, name="board"),
    path("boards/<uuid:board_id>/terms/", boards.terms, name="board_terms"),
    path("boards/<uuid:board_id>/seats/new/", boards.add_seat, name="seat_new"),
    path("boards/<uuid:board_id>/powers/new/", boards.power, name="power_new"),
    path("boards/<uuid:board_id>/meetings/new/", meetings.plan, name="board_meeting_new"),
    path("boards/seats/<uuid:board_seat_id>/appoint/", boards.appoint, name="seat_appoint"),
    path("boards/appointments/<uuid:appointment_id>/end/", boards.end, name="appointment_end"),
    path("boards/powers/<uuid:delegation_id>/end/", boards.end_power, name="power_end"),
    path("boards/meetings/<uuid:board_meeting_id>/", meetings.meeting, name="board_meeting"),
    path("boards/meetings/<uuid:board_meeting_id>/agenda/add/", meetings.add_item, name="agenda_add"),
    path("boards/meetings/<uuid:board_meeting_id>/call/", meetings.call, name="board_meeting_call"),
    path("boards/meetings/<uuid:board_meeting_id>/hold/", meetings.hold, name="board_meeting_hold"),
    path("boards/meetings/<uuid:board_meeting_id>/cancel/", meetings.cancel, name="board_meeting_cancel"),
    path("boards/meetings/<uuid:board_meeting_id>/agree/", meetings.agree, name="board_meeting_agree"),
    path("boards/items/<uuid:agenda_item_id>/off/", meetings.take_off, name="item_off"),
    path("boards/items/<uuid:agenda_item_id>/paper/", meetings.paper, name="item_paper"),
    path("boards/papers/<uuid:board_paper_id>/file/", meetings.paper_file, name="board_paper"),
    path("boards/items/<uuid:agenda_item_id>/interest/", meetings.interest, name="item_interest"),
    path("boards/items/<uuid:agenda_item_id>/minute/", meetings.minute, name="item_minute"),
    path("boards/items/<uuid:agenda_item_id>/action/", meetings.action, name="item_action"),
    path("boards/items/<uuid:agenda_item_id>/decide/", decisions.decide, name="item_decide"),
    path("boards/items/<uuid:agenda_item_id>/recommend/", decisions.recommend, name="item_recommend"),
    path("boards/decisions/<uuid:decision_id>/", decisions.decision, name="board_decision"),
    path(
        "boards/decisions/<uuid:decision_id>/approve/<uuid:approving_body_id>/",
        decisions.approve,
        name="decision_approve",
    ),
    path("boards/decisions/<uuid:decision_id>/call-in/", decisions.call_in, name="decision_call_in"),
    path("boards/decisions/<uuid:decision_id>/answer/", decisions.answer, name="decision_answer"),
    path("boards/decisions/<uuid:decision_id>/carry-out/", decisions.carry_out, name="decision_carry_out"),
]
