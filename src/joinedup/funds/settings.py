"""Clocks of shared money that differ between partnerships."""

from __future__ import annotations

from datetime import date
from typing import Any

from joinedup.core.partnership import between, declare_setting, value
from joinedup.funds import settling
from joinedup.funds.settling import DisputeStep, steps_of

DISPUTE_STEPS = declare_setting(
    "funds.dispute_steps",
    "The steps of a dispute about balances: a code, who tries to settle it, and how many working days they have. The steps that ship are an example from memory that nobody has checked.",
    [[each.code, each.name, each.days] for each in settling.DISPUTE_STEPS],
    source="example from memory of a model agreement, not verified: put your own agreement’s steps here",
    check=steps_of,
)  # fmt: skip
DISPUTE_ANSWER_DAYS = declare_setting(
    "funds.dispute_answer_days",
    "In how many working days the other partners answer a dispute about balances. The example was not checked.",
    5,
    source="example from memory, not verified",
    check=between(1, 60),
)


def _known_rule(said: Any) -> None:
    if said not in {"disclose", "refuse"}:
        raise ValueError("Enter disclose or refuse.")


DISPUTE_AT_CLOSE = declare_setting(
    "funds.dispute_at_close",
    "Whether a year may close while a balance is disputed: “disclose” where the annual return must name the dispute, “refuse” where it must be settled first.",
    "disclose",
    check=_known_rule,
)  # fmt: skip
RECHARGE_DAYS = declare_setting(
    "funds.recharge_days", "How many days a partner has to pay the host’s invoice for a joint budget.", 30, check=between(1, 120)
)  # fmt: skip


def dispute_steps(on: date) -> tuple[DisputeStep, ...]:
    """The steps in force on a day."""
    return steps_of(value(DISPUTE_STEPS, on=on))


def dispute_answer_days(on: date) -> int:
    """In how many working days a dispute is answered."""
    return int(value(DISPUTE_ANSWER_DAYS, on=on))


def may_close_disputed(on: date) -> bool:
    """Whether a year may close with a dispute that is disclosed."""
    return bool(value(DISPUTE_AT_CLOSE, on=on) == "disclose")


def recharge_days(on: date) -> int:
    """How many days a partner has to pay an invoice."""
    return int(value(RECHARGE_DAYS, on=on))
