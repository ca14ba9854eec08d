"""Every read of the directory, by noun."""

from joinedup.directory.queries import feed

__all__ = ["feed"]
