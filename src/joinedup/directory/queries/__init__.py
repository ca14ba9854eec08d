"""Every read of the directory, by noun."""

from joinedup.directory.queries import feed, finding
from joinedup.directory.queries.assured import services_assured
from joinedup.directory.queries.files import file_of_everything
from joinedup.directory.queries.finding import service_names

__all__ = ["feed", "file_of_everything", "finding", "service_names", "services_assured"]
