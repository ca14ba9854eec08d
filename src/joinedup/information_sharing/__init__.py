"""Information sharing: who agreed to share what with whom, and every question asked and answered under it.

A sharing agreement opens no record. It lets a named post ask, and a named post answer, one question about one person
for one purpose; what either may see by it ends when the request closes or the agreement ends, whichever is first.
"""
