"""A sharing as it is kept: which function, which version of it, what went in, what came out, and a hash over all of it.

Anybody who has the record can run the same function again and see the same pence (rule R-7).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.engines.riskshare.methods import Case, Result
from joinedup.engines.riskshare.reading import read_text
from joinedup.engines.riskshare.sharing import share_out

FUNCTION = "joinedup.engines.riskshare.share_out"
VERSION = "1"
"""Goes up when the same case would give other pence."""


@dataclass(frozen=True, slots=True)
class Record:
    """One sharing, kept. `inputs` is the case's JSON text as it was read; `output` is each partner's pence."""

    function: str
    version: str
    inputs: str
    output: Mapping[str, int]
    hash: str


def recorded(inputs: str) -> tuple[Case, Result, Record]:
    """Read a case, share it out and make the record of it. Raises ``BadCase``."""
    case = read_text(inputs)
    result = share_out(case)
    output = result.as_data()
    return case, result, Record(FUNCTION, VERSION, inputs, output, digest(FUNCTION, VERSION, inputs, output))


def digest(function: str, version: str, inputs: str, output: Mapping[str, int]) -> str:
    """The SHA-256 of a record, in hexadecimal; any partner can work it out."""
    whole = {"function": function, "version": version, "inputs": inputs, "output": output}
    return hashlib.sha256(canonical(whole).encode()).hexdigest()


def canonical(data: Any) -> str:
    """JSON in one spelling: keys sorted, no spaces, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
