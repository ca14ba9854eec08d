"""What a decision stood on, frozen with its hash; and what has changed since. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def digest_of(evidence: Mapping[str, Any], effect: str, matter_id: object, chosen: Mapping[str, str]) -> str:
    """SHA-256 over the evidence, what it is about and what was chosen, written in one way only."""
    said = {"evidence": dict(evidence), "effect": effect, "matter": str(matter_id or ""), "chosen": dict(chosen)}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What was otherwise when it was decided, in words: `pence was 100, is 200`."""
    plain_then, plain_now = (json.loads(json.dumps(dict(each))) for each in (then, now))
    keys = sorted(set(plain_then) | set(plain_now))
    return [
        f"{key.replace('_', ' ')} was {plain_then.get(key)}, is {plain_now.get(key)}"
        for key in keys
        if plain_then.get(key) != plain_now.get(key)
    ]
