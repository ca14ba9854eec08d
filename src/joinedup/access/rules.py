"""Rules of access that no sentence in the code refuses with. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A code, what it means, and where it comes from."""

    code: str
    sentence: str
    source: str = "local: who may see and do what"


SIGN_IN_FAILED = Rule(
    "AC-1", "A sign-in fails without saying whether the address or the password was wrong; five failures lock it."
)
STANDING_NOW = Rule(
    "AC-9", "Rights come from the posts held at the moment of the click: when a post ends, so does what it opened."
)
NEEDS_A_GROUND = Rule("AC-10", "Nobody sees a person because of a role alone: a ground has to hold at that moment.")
