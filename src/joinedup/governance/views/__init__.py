"""Pages of boards, their meetings and decisions."""
