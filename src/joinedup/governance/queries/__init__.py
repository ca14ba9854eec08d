"""Every read of boards, their meetings and decisions, by noun."""

from joinedup.governance.queries import boards, decisions, meetings, published
from joinedup.governance.queries.progress import content_of, latest_report, published_digest

__all__ = [
    "boards",
    "content_of",
    "decisions",
    "latest_report",
    "meetings",
    "published",
    "published_digest",
]
