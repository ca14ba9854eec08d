"""The file a backup is: a tar of a manifest and its members, and on wish the same tar encrypted under a passphrase.

Unencrypted it opens with any tar. Encrypted it is a header and frames of AES-256-GCM: each frame knows its place and
whether it is the last, so a changed, missing, swapped or cut frame is found (the STREAM construction). The key is made
from the passphrase by scrypt. The manifest is the first member and holds the SHA-256 of every other one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import struct
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from joinedup.core.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
MAGIC = b"JOINEDUP-ENCRYPTED-BACKUP-1\n"
FRAME = 1 << 20
_SALT, _PREFIX, _TAG = 16, 7, 16
_LARGEST_MANIFEST = 5_000_000
_BROKEN = "is damaged or was changed: {why}. Use another backup."


def broken(path: Path, why: str) -> Refused:
    """What to say of an archive that is not what was written."""
    return Refused(f"{path} {_BROKEN.format(why=why)}", rule="CL-3")


def read_passphrase(path: Path | None) -> bytes | None:
    """The passphrase in a file, without the line's end. Short ones are refused: everybody's records depend on it."""
    if path is None:
        return None
    phrase = path.read_bytes().strip()
    if len(phrase) < 16:
        raise Refused(f"The passphrase in {path} is too short: use at least 16 characters.", rule="CL-2")
    return phrase


# --- Writing -----------------------------------------------------------------------------------------------------------


def write_archive(path: Path, manifest: Mapping[str, Any], members: Mapping[str, Path], phrase: bytes | None) -> str:
    """Write the archive, whole or not at all, readable by its owner alone; returns the SHA-256 of the file."""
    described = {name: {"sha256": sha256_of(file), "bytes": file.stat().st_size} for name, file in members.items()}
    text = json.dumps({**manifest, "format": FORMAT, "members": described}, indent=1).encode()
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with _sealing(raw, phrase) as out, tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                tar.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
                for name, file in members.items():
                    with file.open("rb") as content:
                        tar.addfile(_entry(name, file.stat().st_size), content)
            raw.flush()
            os.fsync(raw.fileno())
        found = sha256_of(draft)
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return found


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _sealing(raw: IO[bytes], phrase: bytes | None) -> Iterator[BinaryIO]:
    if phrase is None:
        yield cast(BinaryIO, raw)
        return
    header = MAGIC + secrets.token_bytes(_SALT) + secrets.token_bytes(_PREFIX)
    raw.write(header)
    frames = _FrameWriter(raw, _cipher(header, phrase), header)
    yield cast(BinaryIO, frames)
    frames.finish()


def _cipher(header: bytes, phrase: bytes) -> AESGCM:
    salt = header[len(MAGIC) : len(MAGIC) + _SALT]
    return AESGCM(Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(phrase))


def _nonce(header: bytes, place: int, *, is_last: bool) -> bytes:
    return header[-_PREFIX:] + struct.pack(">IB", place, is_last)


class _FrameWriter:
    """Takes any bytes, writes whole frames; a frame is held back until it is known whether it is the last."""

    def __init__(self, raw: IO[bytes], cipher: AESGCM, header: bytes) -> None:
        self._raw, self._cipher, self._header = raw, cipher, header
        self._held = bytearray()
        self._place = 0

    def write(self, data: bytes) -> int:
        """As a file's."""
        self._held += data
        while len(self._held) > FRAME:
            self._frame(bytes(self._held[:FRAME]), is_last=False)
            del self._held[:FRAME]
        return len(data)

    def finish(self) -> None:
        """Write what is held, marked as the last."""
        self._frame(bytes(self._held), is_last=True)
        self._held.clear()

    def _frame(self, plain: bytes, *, is_last: bool) -> None:
        self._raw.write(self._cipher.encrypt(_nonce(self._header, self._place, is_last=is_last), plain, self._header))
        self._place += 1


# --- Reading -----------------------------------------------------------------------------------------------------------


class _FrameReader(io.RawIOBase):
    """The plain bytes of an encrypted archive; every frame is proved before a byte of it is handed out."""

    def __init__(self, raw: IO[bytes], path: Path, phrase: bytes) -> None:
        header = raw.read(len(MAGIC) + _SALT + _PREFIX)
        if len(header) < len(MAGIC) + _SALT + _PREFIX:
            raise broken(path, "it is too short")
        self._raw, self._path, self._header = raw, path, header
        self._cipher = _cipher(header, phrase)
        self._place, self._ahead, self._plain, self._at_end = 0, raw.read(FRAME + _TAG), b"", False

    def readable(self) -> bool:
        """As a file's."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As a file's."""
        while not self._plain and not self._at_end:
            self._next()
        count = min(len(buffer), len(self._plain))
        buffer[:count], self._plain = self._plain[:count], self._plain[count:]
        return count

    def _next(self) -> None:
        frame, self._ahead = self._ahead, self._raw.read(FRAME + _TAG)
        self._at_end = not self._ahead
        try:
            nonce = _nonce(self._header, self._place, is_last=self._at_end)
            self._plain = self._cipher.decrypt(nonce, frame, self._header)
        except InvalidTag:
            if self._place == 0:
                raise Refused(
                    f"{self._path} does not open with this passphrase, or was changed.", rule="CL-3"
                ) from None
            raise broken(self._path, "its encryption does not hold") from None
        self._place += 1


def is_encrypted(path: Path) -> bool:
    """Whether the archive wants a passphrase."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def _opened(path: Path, phrase: bytes | None) -> Iterator[tarfile.TarFile]:
    encrypted = is_encrypted(path)
    if encrypted and phrase is None:
        raise Refused(f"{path} is encrypted: give --passphrase-file.", rule="CL-3")
    if not encrypted and path.stat().st_size % tarfile.RECORDSIZE:
        raise broken(path, "it was cut short")
    with path.open("rb") as raw:
        source: Any = io.BufferedReader(_FrameReader(raw, path, phrase), FRAME) if encrypted and phrase else raw
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                yield tar
            while source.read(FRAME):  # to the very end: a cut tail shows there
                pass
        except (tarfile.TarError, EOFError) as fault:
            raise broken(path, "it is no archive of Joinedup, or was cut short") from fault


def _manifest_of(path: Path, tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LARGEST_MANIFEST:
        raise broken(path, "it does not begin with a manifest")
    content = tar.extractfile(first)
    try:
        manifest = json.loads(content.read()) if content else None
    except ValueError as fault:
        raise broken(path, "its manifest cannot be read") from fault
    if not isinstance(manifest, dict) or not isinstance(manifest.get("members"), dict):
        raise broken(path, "its manifest cannot be read")
    if manifest.get("format") != FORMAT:
        raise Refused(
            f"{path} was written by a newer Joinedup (format {manifest.get('format')}): restore it with that one.",
            rule="CL-4",
        )
    return manifest


def read_manifest(path: Path, phrase: bytes | None) -> dict[str, Any]:
    """What the archive says of itself, without unpacking it; nothing is proved yet."""
    encrypted = is_encrypted(path)
    if encrypted and phrase is None:
        raise Refused(f"{path} is encrypted: give --passphrase-file.", rule="CL-3")
    with path.open("rb") as raw:
        source: Any = io.BufferedReader(_FrameReader(raw, path, phrase), FRAME) if encrypted and phrase else raw
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                return _manifest_of(path, tar)
        except (tarfile.TarError, EOFError) as fault:
            raise broken(path, "it is no archive of Joinedup, or was cut short") from fault


def unpack(path: Path, into: Path, phrase: bytes | None) -> dict[str, Any]:
    """Unpack every member and prove it; returns the manifest. Only what the manifest names is written, and nowhere
    else than in `into`."""
    with _opened(path, phrase) as tar:
        manifest = _manifest_of(path, tar)
        wanted: dict[str, Any] = dict(manifest["members"])
        while (entry := tar.next()) is not None:
            told = wanted.pop(entry.name, None)
            content = tar.extractfile(entry) if told and entry.isreg() and "/" not in entry.name else None
            if content is None or told is None or entry.size != told.get("bytes"):
                raise broken(path, "it holds something its manifest does not name")
            target = into / entry.name
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                shutil.copyfileobj(content, out, FRAME)
            if sha256_of(target) != told.get("sha256"):
                raise broken(path, f"{entry.name} is not what was written")
        if wanted:
            raise broken(path, f"{', '.join(sorted(wanted))} is missing")
    return manifest
