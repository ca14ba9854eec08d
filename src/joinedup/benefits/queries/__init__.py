"""Every read of programmes and benefits, by noun."""

from joinedup.benefits.queries.accepted import Accepted, accepted_rounds, register_acceptances
from joinedup.benefits.queries.awaiting import (
    RoundAwaiting,
    StrandAwaiting,
    invented_rounds,
    invented_strands,
    round_awaiting,
    rounds_awaiting,
    strand_awaiting,
    strands_awaiting,
)
from joinedup.benefits.queries.lost import LostBenefit, lost_benefits
from joinedup.benefits.queries.programmes import ProgrammeSeen, StrandSeen, programme_for, programmes_of, strand_for

__all__ = [
    "Accepted",
    "LostBenefit",
    "ProgrammeSeen",
    "RoundAwaiting",
    "StrandAwaiting",
    "StrandSeen",
    "accepted_rounds",
    "invented_rounds",
    "invented_strands",
    "lost_benefits",
    "programme_for",
    "programmes_of",
    "register_acceptances",
    "round_awaiting",
    "rounds_awaiting",
    "strand_awaiting",
    "strand_for",
    "strands_awaiting",
]
