"""Every write of programmes and benefits, by noun."""

from joinedup.benefits.services.programmes import ProgrammeSaid, StrandSaid, add_strand, set_up_programme

__all__ = ["ProgrammeSaid", "StrandSaid", "add_strand", "set_up_programme"]
