"""One entry per person, links to every agency's record of them, relationships and families.

Each agency's record is kept as it came; linking is reversible, separating is remembered.
"""
