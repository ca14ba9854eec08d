"""Search keys as the database holds them. Pure."""

from __future__ import annotations

import hashlib

from joinedup.engines.linkage.keys import Key


def key_number(key: Key) -> int:
    """64 bits of the key's hash, signed as the database stores it: the table holds no name and no date of birth."""
    digest = hashlib.blake2b(f"{key.kind}\0{key.value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
