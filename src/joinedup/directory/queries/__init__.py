"""Every read of the directory, by noun."""

from joinedup.directory.queries import feed, finding
from joinedup.directory.queries.assured import services_assured

__all__ = ["feed", "finding", "services_assured"]
