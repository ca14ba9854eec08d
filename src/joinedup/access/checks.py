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
