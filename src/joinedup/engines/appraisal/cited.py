"""A few unit costs quoted one by one, with their sources: enough for a demonstration, and for nothing else.

For a real case read the newest unit cost database with `unit_costs.read_workbook`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from joinedup.engines.appraisal.unit_costs import KINDS, Entry, Price

_FILE = "cited_unit_costs.toml"
_FROM = "GMCA Unit Cost Database v1.4, March 2015, CC BY 4.0"


def cited_unit_costs() -> Mapping[str, Entry]:
    """The figures by their code in the database."""
    return {code: _entry(code, said) for code, said in _said().items()}


def cited_shares(code: str) -> dict[str, float]:
    """Who bears the fiscal value of one of them: shares that add up to 1. Raises ``KeyError`` for an unknown code."""
    parts = _said()[code]["parts"]
    return {agency: pounds / sum(parts.values()) for agency, pounds in parts.items()}


@cache
def _said() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8"))


def _entry(code: str, said: Mapping[str, Any]) -> Entry:
    parts = said["parts"]
    return Entry(
        code=code,
        category="",
        topic="",
        detail=said["detail"],
        unit=said["unit"],
        agency=next(iter(parts)) if len(parts) == 1 else "Multiple",
        sub_agency="",
        prices={kind: Price(float(said[kind][0]), said[kind][1]) for kind in KINDS if kind in said},
        source=f"{said['source']}, as quoted in {_FROM}",
        rag=said["rag"],
        caveat=said.get("caveat", ""),
        sheet=_FILE,
        row=0,
    )
