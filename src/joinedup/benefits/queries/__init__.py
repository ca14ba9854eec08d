"""Every read of programmes and benefits, by noun."""

from joinedup.benefits.queries.awaiting import (
    RoundAwaiting,
    StrandAwaiting,
    round_awaiting,
    rounds_awaiting,
    strand_awaiting,
    strands_awaiting,
)
from joinedup.benefits.queries.programmes import ProgrammeSeen, StrandSeen, programme_for, programmes_of, strand_for

__all__ = [
    "ProgrammeSeen",
    "RoundAwaiting",
    "StrandAwaiting",
    "StrandSeen",
    "programme_for",
    "programmes_of",
    "round_awaiting",
    "rounds_awaiting",
    "strand_awaiting",
    "strand_for",
    "strands_awaiting",
]
