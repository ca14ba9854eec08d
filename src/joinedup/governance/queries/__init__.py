"""Every read of boards, their meetings and decisions, by noun."""

from joinedup.governance.queries import boards, decisions, framework, meetings, plan_reading, progress, published, risks
from joinedup.governance.queries.progress import content_of, latest_report, published_digest

__all__ = [
    "boards",
    "content_of",
    "decisions",
    "framework",
    "latest_report",
    "meetings",
    "plan_reading",
    "progress",
    "published",
    "published_digest",
    "risks",
]
