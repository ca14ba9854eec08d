"""The words of what people say is wrong, and of what came of it. Pure."""

from __future__ import annotations

WHAT: dict[str, str] = {
    "closed": "It is closed, or there is no such service",
    "contact": "The phone number, e-mail address or web page is wrong",
    "place": "The place is wrong",
    "times": "The days or times are wrong",
    "cost": "What it costs is wrong",
    "who": "Who it is for is wrong",
    "other": "Something else",
}
OUTCOMES: dict[str, str] = {
    "mended": "It was wrong, and is being mended",
    "right": "We checked: what it says is right",
    "closed": "We could not find out, or it is not about this service",
}
RESULTS: dict[str, str] = {
    "right": "All of it is right",
    "wrong": "Something is wrong",
    "no_answer": "Nobody answered",
}
METHODS: dict[str, str] = {
    "phone": "I rang the service",
    "visit": "I went there",
    "papers": "I saw papers or a web page of the service",
    "other": "Another way",
}
