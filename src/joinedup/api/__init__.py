"""The HTTP API under /api/v1/: parse, one service or query call, respond."""
