"""Boards, their meetings, and what they decide."""
