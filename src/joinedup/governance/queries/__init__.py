"""Every read of boards, their meetings and decisions, by noun."""

from joinedup.governance.queries import boards, decisions, meetings, published

__all__ = ["boards", "decisions", "meetings", "published"]
