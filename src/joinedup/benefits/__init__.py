"""Benefits: programmes and their strands, business cases in rounds, what was measured, and who gets out what they put in."""
