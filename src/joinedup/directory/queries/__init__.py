"""Every read of the directory, by noun."""

from joinedup.directory.queries import feed, finding

__all__ = ["feed", "finding"]
