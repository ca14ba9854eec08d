"""Pages that show several parts at once: home, a person, a family, the demo."""
