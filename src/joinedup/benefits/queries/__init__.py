"""Every read of programmes and benefits, by noun."""

from joinedup.benefits.queries.programmes import ProgrammeSeen, StrandSeen, programme_for, programmes_of, strand_for

__all__ = ["ProgrammeSeen", "StrandSeen", "programme_for", "programmes_of", "strand_for"]
