"""No test reaches beyond this machine."""

from __future__ import annotations

import socket
from typing import Any

import pytest

_connect = socket.socket.connect


def _connect_here_only(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family != socket.AF_UNIX and not (host in ("localhost", "::1", "") or str(host).startswith("127.")):
        raise PermissionError(f"Tests must not use the network, but something connected to {host}.")
    _connect(self, address)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Any:
    """Connections are made to this machine only."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _connect_here_only)
    yield
    patch.undo()
