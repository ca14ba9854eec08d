"""Programmes and strands, business cases and their rounds."""

from joinedup.benefits.models.cases import BusinessCase, Round
from joinedup.benefits.models.programme import Programme, ProgrammePartner, Strand

__all__ = ["BusinessCase", "Programme", "ProgrammePartner", "Round", "Strand"]
