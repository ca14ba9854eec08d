"""Keyed marks of pairs that are never joined. The index holds only the marks: without the key they name nobody, and
nothing in the ordinary tables points at them. Pure but for reading the table of marks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import product
from uuid import UUID

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection

from joinedup.person_index.models import SealedFile, SealedMark


@lru_cache(maxsize=4)
def _made_from(secret: str, what: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"joinedup sealed " + what).derive(secret.encode())


def _key(what: bytes) -> bytes:
    return _made_from(settings.SEALED_KEY, what)


def box() -> Fernet:
    """What the words of a sealed file are encrypted with."""
    return Fernet(base64.urlsafe_b64encode(_key(b"words")))


def contents_of(file: SealedFile) -> dict[str, str]:
    """What a file says: `before` and `after` are ids of people, `words` what to know."""
    found = json.loads(box().decrypt(bytes(file.contents)))
    return {name: str(value) for name, value in found.items()}


def mark_of_pair(one: UUID, other: UUID) -> bytes:
    """The mark of two ids, whichever comes first."""
    first, second = sorted((one.bytes, other.bytes))
    return hmac.digest(_key(b"pairs"), first + second, hashlib.sha256)


def mark_of_closed(one: UUID) -> bytes:
    """The mark of an entry that nothing is linked to by itself."""
    return hmac.digest(_key(b"closed"), one.bytes, hashlib.sha256)


def _is_marked(marks: Collection[bytes]) -> set[bytes]:
    """Which of these marks there are; one query, also for none, so that the statements tell nothing."""
    with connection.cursor() as cursor:  # as an array: there may be very many
        cursor.execute("SELECT mark FROM person_index_sealedmark WHERE mark = ANY(%s)", [[*marks, b""]])
        return {bytes(mark) for (mark,) in cursor}


def are_sealed_apart(mine: Iterable[UUID], theirs: Iterable[UUID]) -> bool:
    """Whether any of these ids (people or records) and any of those belong to two identities that are never joined. One
    query, whether there is any sealed file or not."""
    theirs = list(theirs)
    return bool(_is_marked({mark_of_pair(one, other) for one, other in product(mine, theirs) if one != other}))


def sealed_among(ids: Collection[UUID]) -> set[frozenset[UUID]]:
    """The pairs among these people that are never joined; one query."""
    marks = {mark_of_pair(one, other): frozenset((one, other)) for one in ids for other in ids if one < other}
    return {marks[mark] for mark in _is_marked(marks)}


def sealed_pairs_among(pairs: Iterable[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of some pairs that are never joined; one query, also for none."""
    marks = {mark_of_pair(*pair): pair for pair in pairs}
    return {marks[mark] for mark in _is_marked(marks)}


def closed_among(ids: Collection[UUID]) -> set[UUID]:
    """Those of these people that nothing is linked to by itself; one query."""
    marks = {mark_of_closed(one): one for one in ids}
    return {marks[mark] for mark in _is_marked(marks)}


def is_anything_sealed() -> bool:
    """Whether there is any mark at all: a large import need not make a million digests for nothing."""
    return SealedMark.objects.exists()
