"""Reading settings from the environment: typed, and stopping with a sentence that names the variable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str = "") -> str:
    """The variable, or the content of the file named by NAME_FILE (how secrets arrive from a vault)."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read: {error.strerror}.") from error
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool) -> bool:
    """Only 0, 1, true and false are accepted: a typing slip must not switch a protection off."""
    value = env_text(name)
    if not value:
        return default
    if value.lower() in {"1", "true"}:
        return True
    if value.lower() in {"0", "false"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def env_int(name: str, default: int) -> int:
    """A whole number."""
    value = env_text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def env_list(name: str, default: str = "") -> list[str]:
    """Values parted by commas."""
    return [item.strip() for item in env_text(name, default).split(",") if item.strip()]


def database_from_url(name: str, url: str, *, pool: bool) -> dict[str, Any]:
    """A Django database entry from a libpq URL; the host may be a socket folder given as ?host=."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql:// (Joinedup runs on PostgreSQL only).")
    query: Mapping[str, list[str]] = parse_qs(parts.query)
    options: dict[str, Any] = {key: values[-1] for key, values in query.items() if key not in {"host", "port"}}
    # Our queries join many small tables in the order they are written in, by key. Searching for a better order took the
    # planner 12 ms for the referral page, which runs in half a millisecond.
    options.setdefault("options", "-c join_collapse_limit=4")
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 6, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "joinedup",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query["host"][-1] if "host" in query else unquote(parts.hostname or ""),
        "PORT": query["port"][-1] if "port" in query else str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        # A connection is tried before it is handed out: after the database restarts no page need fail for it.
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
