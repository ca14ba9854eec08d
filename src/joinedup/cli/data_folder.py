"""The data folder: where it is, what may be written there, and whether it holds the demonstration."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from joinedup.core.errors import Refused

DEMO_MARK = "demonstration-only"


def default_data_folder() -> Path:
    """`.data` in the clone the program runs from; where it was installed otherwise, a folder of the user."""
    clone = Path(__file__).resolve().parents[3]
    if (clone / "run").exists() and (clone / "pyproject.toml").exists():
        return clone / ".data"
    return Path.home() / ".local" / "share" / "joinedup"


def make_folder(data: Path) -> None:
    """Make the data folder where it is missing and see that it can be written. Raises Refused with what to do.

    Made by root it may be passed through, not listed: PostgreSQL may have to run as somebody else. Secrets inside are
    closed by themselves.
    """
    try:
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            pass
    except (FileExistsError, NotADirectoryError):
        raise Refused(f"{data} is not a folder; choose another with --data.") from None
    except OSError as refusal:
        raise Refused(
            f"The data folder {data} cannot be written ({refusal.strerror}); choose another with --data, or run as the "
            "user it belongs to."
        ) from None


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, whole or not at all."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def be_a_demo(data: Path) -> None:
    """Make this a demo, now and for every later command on the same data folder."""
    os.environ["JOINEDUP_DEMO"] = "1"
    make_folder(data)
    (data / DEMO_MARK).touch()
    keep_secret_key(data)


def is_a_demo(data: Path) -> bool:
    """Whether the folder holds the demonstration, where anybody may sign in as anybody."""
    return (data / DEMO_MARK).exists()


def keep_secret_key(data: Path) -> None:
    """Make the key that signs sessions once, and keep it in the data folder, unless one is given."""
    if os.environ.get("JOINEDUP_SECRET_KEY") or os.environ.get("JOINEDUP_SECRET_KEY_FILE"):
        return
    path = data / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    os.environ["JOINEDUP_SECRET_KEY_FILE"] = str(path)
