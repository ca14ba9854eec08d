"""Every write of boards, meetings and decisions, by noun."""

from joinedup.governance.services.boards import (
    SeatSaid,
    TermsSaid,
    add_seat,
    appoint_member,
    change_terms,
    end_appointment,
    end_power,
    give_power,
    set_up_board,
)
from joinedup.governance.services.deciding import (
    DecisionSaid,
    answer_call_in,
    call_in_decision,
    carry_out_decision,
    put_decisions_into_effect,
    record_approval,
    record_decision,
)
from joinedup.governance.services.meetings import (
    ItemSaid,
    add_item,
    agree_minutes,
    attach_paper,
    call_meeting,
    cancel_meeting,
    hold_meeting,
    plan_meeting,
    take_off_item,
)
from joinedup.governance.services.minutes import declare_interest, finish_action, set_action, write_minute
from joinedup.governance.services.scrutiny import recommend, reply_to_scrutiny

__all__ = [
    "DecisionSaid",
    "ItemSaid",
    "SeatSaid",
    "TermsSaid",
    "add_item",
    "add_seat",
    "agree_minutes",
    "answer_call_in",
    "appoint_member",
    "attach_paper",
    "call_in_decision",
    "call_meeting",
    "cancel_meeting",
    "carry_out_decision",
    "change_terms",
    "declare_interest",
    "end_appointment",
    "end_power",
    "finish_action",
    "give_power",
    "hold_meeting",
    "plan_meeting",
    "put_decisions_into_effect",
    "recommend",
    "record_approval",
    "record_decision",
    "reply_to_scrutiny",
    "set_action",
    "set_up_board",
    "take_off_item",
    "write_minute",
]
