"""Who bears what a pooled fund spent over its budget, and who gets back what it spent under: to the penny.

Positive pence are an overspend to bear, negative an underspend to get back. Shares, what is unallocated and what a
contingency meets always add up to the variance. Nothing here knows of a database, a clock or another engine.

    result = share_out(read_text('{"variance_pence": 140000000, "partners": {...}, "method": {"name": "proportional"}}'))
    result.as_data()  # {"Council": 100000000, "NHS": 40000000, "unallocated": 0}

The methods: ``proportional``, ``fixed``, ``responsible``, ``commissioned``, ``capped`` and ``tiered`` (see `methods`).
"""

from joinedup.engines.riskshare.methods import (
    CONTINGENCY,
    RESERVED,
    UNALLOCATED,
    Capped,
    Case,
    Commissioned,
    Contingency,
    Fixed,
    Method,
    Proportional,
    Responsible,
    Result,
    Simple,
    Step,
    Tier,
    Tiered,
)
from joinedup.engines.riskshare.reading import BadCase, Fault, method_of, read, read_text
from joinedup.engines.riskshare.recording import FUNCTION, VERSION, Record, canonical, digest, recorded
from joinedup.engines.riskshare.sharing import in_whole_pence, share_out

__all__ = [
    "CONTINGENCY",
    "FUNCTION",
    "RESERVED",
    "UNALLOCATED",
    "VERSION",
    "BadCase",
    "Capped",
    "Case",
    "Commissioned",
    "Contingency",
    "Fault",
    "Fixed",
    "Method",
    "Proportional",
    "Record",
    "Responsible",
    "Result",
    "Simple",
    "Step",
    "Tier",
    "Tiered",
    "canonical",
    "digest",
    "in_whole_pence",
    "method_of",
    "read",
    "read_text",
    "recorded",
    "share_out",
]
