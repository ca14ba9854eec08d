"""Is this the same person? Identifiers, names, search keys and matching.

Agencies know the same child under different spellings, numbers and addresses.
This engine reads what they wrote (``identifiers``, ``names``), turns it into
keys that two records of one person are likely to share (``keys``), and says how
well two records agree, in words (``matching``). It suggests; people decide. Only
two rules link without a person, both of them exact.
"""
