"""The family's own page: what a lead professional has released to one named reader, read without an account.

The reader's view is built from rows of `Release` alone, each with the words somebody confirmed for this very reader.
"""
