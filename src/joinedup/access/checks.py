"""Start-up checks: what must never be left on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def demo_is_not_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Persona sign-in exists only in demo mode, and demo mode only on a loopback address with the demo's own hosts."""
    if not settings.DEMO:
        return []
    strangers = sorted(set(settings.ALLOWED_HOSTS) - {"127.0.0.1", "localhost", "[::1]", "testserver"})
    if strangers:
        return [
            Error(
                f"JOINEDUP_DEMO is on, where anybody may sign in as anybody, but JOINEDUP_HOSTS names {', '.join(strangers)}.",
                hint="Unset JOINEDUP_DEMO for a real service, or remove the other hosts for a demonstration.",
                id="joinedup.E001",
            )
        ]
    return []


@register()
def secret_key_is_not_guessed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Whoever guesses the key can sign a session or a link to set a password."""
    if settings.DEMO or (len(settings.SECRET_KEY) >= 32 and len(set(settings.SECRET_KEY)) >= 5):
        return []
    return [
        Error(
            "JOINEDUP_SECRET_KEY is too short or too plain to sign sessions with.",
            hint="Use at least 32 random characters, for example from: openssl rand -base64 48",
            id="joinedup.E002",
        )
    ]
