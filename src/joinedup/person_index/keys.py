"""Search keys as the database holds them. Pure."""

from __future__ import annotations

from hashlib import blake2b

from joinedup.engines.linkage.keys import Key


def key_number(key: Key) -> int:
    """64 bits of the key's hash, signed as the database stores it: the table holds no name and no date of birth."""
    return int.from_bytes(blake2b(f"{key[0]}\0{key[1]}".encode(), digest_size=8).digest(), "big", signed=True)


def cut_number(cut: str) -> int:
    """The same of a name with a letter left out."""
    return int.from_bytes(blake2b(f"cut\0{cut}".encode(), digest_size=8).digest(), "big", signed=True)
