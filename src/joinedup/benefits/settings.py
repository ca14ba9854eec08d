"""What a partnership sets about programmes and benefits."""

from __future__ import annotations
